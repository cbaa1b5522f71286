"""An organisation and the people in it."""

from django.shortcuts import render
from django.views.decorators.http import require_safe

from assessments.access import fetch
from assessments.models import Organisation


@require_safe
def people(request, pk):
    organisation = fetch(Organisation.objects, request.user, pk=pk)
    memberships = organisation.memberships.select_related("user").order_by("user__name", "user__email")
    context = {"organisation": organisation, "tab": "people", "memberships": memberships}
    return render(request, "assessments/organisation.html", context)
