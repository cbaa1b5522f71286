"""What an organisation asks of its members at sign-in."""

from django.conf import settings
from django.contrib import messages
from django.db import transaction
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from assessments.access import OWN, fetch
from assessments.models import Activity, Organisation, User
from assessments.models.activity import Verb
from assessments.second_factors import has_one


@require_http_methods(["GET", "HEAD", "POST"])
def policy(request, pk):
    """Whether a password is enough to see anything of it."""
    organisation = fetch(Organisation.objects, request.user, OWN, pk=pk)
    refusal = ""
    if request.method == "POST":
        required = request.POST.get("required") == "yes"
        if not required or has_one(request.user):
            require_second_factor(organisation, required, by=request.user)
            messages.success(request, _("Saved."))
            return redirect("organisation-sign-in", organisation.pk)
        refusal = _(
            "Nothing was changed. You have no second factor yourself: you would see nothing of the organisation any more."
        )
    people = list(
        User.objects.filter(memberships__organisation=organisation)
        .with_second_factor()
        .order_by("name", "email")
    )
    without = [person for person in people if not person.secured]
    context = {
        "organisation": organisation,
        "tab": "sign-in",
        "refusal": refusal,
        "asked_of_all": settings.SECOND_FACTOR == "required",
        "people": people,
        "without": without,
        "secured": len(people) - len(without),
    }
    return render(request, "assessments/organisation_sign_in.html", context, status=422 if refusal else 200)


@transaction.atomic
def require_second_factor(organisation, required, *, by):
    """Noted where it changes something."""
    rows = Organisation.objects.filter(pk=organisation.pk, second_factor_required=not required)
    if rows.update(second_factor_required=required):
        verb = Verb.SECOND_FACTOR_REQUIRED if required else Verb.SECOND_FACTOR_OPTIONAL
        Activity.objects.record(organisation, verb, organisation, by=by)
