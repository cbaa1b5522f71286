"""Deleting one's own account."""

from allauth.core import ratelimit
from django.contrib import messages
from django.contrib.auth import logout
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from assessments.forms.leaving import DeleteAccountForm
from assessments.models import Organisation, leaving


@require_http_methods(["GET", "HEAD", "POST"])
def delete_account(request):
    """Refused, with the organisations in the way, while they would be left without an owner."""
    user = request.user
    if request.method == "POST":  # whoever guesses at the password is counted with those who do so elsewhere
        refusal = ratelimit.consume_or_429(request, action="reauthenticate", user=user)
        if refusal:
            return refusal
    form = DeleteAccountForm(request.POST if request.method == "POST" else None, user=user)
    alone = list(leaving.owned_alone(user))
    if request.method == "POST" and form.is_valid() and not alone:
        try:
            leaving.delete_account(user)
        except leaving.LastOwner as last:
            alone = last.organisations
        else:
            logout(request)
            messages.success(request, _("Your account is deleted, and you are signed out everywhere."))
            return redirect("account_login")
    refused = bool(form.errors) or (request.method == "POST" and bool(alone))
    joined = Organisation.objects.filter(memberships__user=user, binned_at=None)
    context = {"form": form, "alone": alone, "joined": joined, "lost": _out_of_reach(user)}
    return render(request, "account/delete.html", context, status=422 if refused else 200)


def _out_of_reach(user):
    """Organisations in the bin that nobody else can put back once this account is gone."""
    return leaving.owned_alone(user, binned=True).filter(
        pk__in=Organisation.objects.restorable_by(user).values("pk")
    )
