"""Deleting an organisation, and putting it back."""

import logging

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.mail import send_mail
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from assessments.access import OWN, fetch
from assessments.exports import size
from assessments.forms.leaving import DeleteOrganisationForm
from assessments.models import Organisation, Role, User, bins
from standards.text import whole_number

log = logging.getLogger("copcready.organisations")


@require_http_methods(["GET", "HEAD", "POST"])
def delete(request, pk):
    organisation = fetch(Organisation.objects, request.user, OWN, pk=pk)
    form = DeleteOrganisationForm(request.POST or None, organisation=organisation)
    if request.method == "POST" and form.is_valid():
        if bins.put_in(organisation, by=request.user):
            _tell_owners(organisation, request.user)
        messages.success(request, _("%s is deleted. For 30 days an owner can put it back.") % organisation)
        return redirect("organisation-bin")
    context = {
        "organisation": organisation,
        "form": form,
        "tab": "export",
        "counts": size.counts(organisation),
    }
    return render(
        request, "assessments/organisation_delete.html", context, status=422 if form.errors else 200
    )


@require_http_methods(["GET", "HEAD", "POST"])
def bin_page(request):
    """What one can still put back, and doing so. What is nobody's here or of others is refused alike."""
    restorable = (
        Organisation.objects.restorable_by(request.user).select_related("binned_by").order_by("name", "pk")
    )
    if request.method == "POST":
        found = restorable.filter(pk=whole_number(request.POST.get("organisation", ""))).first()
        if found is None or not bins.take_out(found, by=request.user):
            raise PermissionDenied(
                _("You have no such organisation to put back. Only an owner can, for 30 days.")
            )
        messages.success(request, _("%s is back, with everything it held.") % found)
        return redirect("organisation", found.pk)
    return render(request, "assessments/organisation_bin.html", {"organisations": restorable})


def _tell_owners(organisation, by):
    """One e-mail each, so that nobody reads the addresses of others. A mail server that refuses stops nothing."""
    context = {
        "organisation": organisation,
        "by": by,
        "until": organisation.restorable_until,
        "address": settings.SITE_URL + reverse("organisation-bin"),
    }
    text = render_to_string("assessments/organisation_binned.txt", context)
    owners = User.objects.filter(
        is_active=True, memberships__organisation=organisation, memberships__role=Role.OWNER
    )
    for owner in owners:
        try:
            # The subject names no organisation: subjects show on locked screens.
            send_mail(
                _("copcready: an organisation was deleted"), text, settings.DEFAULT_FROM_EMAIL, [owner.email]
            )
        except OSError as error:
            log.warning(
                "user %s was not told that organisation %s was deleted: %s", owner.pk, organisation.pk, error
            )
