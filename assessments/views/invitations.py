"""Inviting people, and the page that an invitation leads to."""

from contextlib import contextmanager

from allauth.account.utils import perform_login
from allauth.core.internal import ratelimit
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import ValidationError
from django.core.mail import send_mail
from django.db import IntegrityError, transaction
from django.http import Http404
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from assessments.access import MANAGE, check_signs_in_here, fetch
from assessments.forms.people import InviteForm, JoinForm
from assessments.models import Invitation, Organisation, User, memberships
from assessments.models.memberships import Refused
from assessments.views.guesses import wait_after_guess
from assessments.views.organisations import own_membership

# E-mails a day, so that nobody uses the server to fill the mailboxes of strangers.
MAILS = {
    "invitations": "100/d/key",
    "invitations-to-one": "5/d/key",
    "invitations-by-one": "200/d/key",
    "invitations-to-one-from-all": "10/d/key",
}
TOO_MANY = {
    "invitations": gettext_lazy(
        "This organisation sent 100 invitations within a day, which is the most. Go on tomorrow."
    ),
    "invitations-to-one": gettext_lazy(
        "Five invitations went there within a day, which is the most. Ask whether they came, and go on tomorrow."
    ),
    "invitations-by-one": gettext_lazy(
        "You sent 200 invitations within a day, which is the most. Go on tomorrow."
    ),
    # Says nothing of who else invites them.
    "invitations-to-one-from-all": gettext_lazy(
        "No more invitations go there today. Ask whether they came, and go on tomorrow."
    ),
}

# ---- sending ----------------------------------------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
def invite(request, pk):
    organisation = fetch(Organisation.objects, request.user, MANAGE, pk=pk)
    mine = own_membership(organisation, request.user)
    sent = request.POST if request.method == "POST" else None
    form = InviteForm(organisation, memberships.may_give(mine), sent)
    if request.method == "POST" and form.is_valid():
        email = form.cleaned_data["email"]
        try:
            with _counted(request, organisation, email):
                made = Invitation.objects.issue(organisation, email=email, by=request.user, **form.given())
        except Refused as reason:
            form.add_error("email", str(reason))
        else:
            _send(request, *made)
            return redirect("organisation", pk)
    context = {"organisation": organisation, "tab": "people", "form": form}
    return render(request, "assessments/invite.html", context, status=422 if form.errors else 200)


@contextmanager
def _counted(request, organisation, email):
    """Count one e-mail more to that address, unless the block ends in an exception. Raises Refused where it is one too many."""
    keys = {
        "invitations": str(organisation.pk),
        "invitations-to-one": f"{organisation.pk}-{email}",
        "invitations-by-one": str(request.user.pk),
        "invitations-to-one-from-all": email,
    }
    used = []
    try:
        for action, key in keys.items():
            usage = ratelimit.consume(request, app="copcready", action=action, config=MAILS, key=key)
            if usage is None:
                raise Refused(TOO_MANY[action])
            used.append(usage)
        yield
    except Refused:
        for usage in used:
            usage.rollback()
        raise


def _send(request, invitation, text):
    """Mail the link. The next page says whether it went out; the link itself is shown to nobody."""
    context = {
        "invitation": invitation,
        "by": request.user,
        "address": settings.SITE_URL + reverse("invitation", args=[text]),
    }
    subject = _("Invitation to work on an assessment in copcready")
    try:
        send_mail(
            subject,
            render_to_string("assessments/invitation.txt", context),
            settings.DEFAULT_FROM_EMAIL,
            [invitation.email],
        )
    except OSError:
        messages.error(
            request,
            _(
                "%s is invited, but the e-mail could not be sent. Send it again in a minute, or tell whoever runs this server."
            )
            % invitation,
        )
        return
    Invitation.objects.filter(pk=invitation.pk).update(sent_at=timezone.now())
    messages.success(request, _("An invitation is on its way to %s.") % invitation)


def _of_organisation(request, pk, number):
    organisation = fetch(Organisation.objects, request.user, MANAGE, pk=pk)
    found = organisation.invitations.filter(pk=number).first()
    if found is None:
        raise Http404
    return found


@require_POST
def again(request, pk, number):
    found = _of_organisation(request, pk, number)
    try:
        with _counted(request, found.organisation, found.email):
            made = found.again(by=request.user)
    except Refused as reason:
        messages.error(request, str(reason))
    else:
        _send(request, *made)
    return redirect("organisation", pk)


@require_POST
def revoke(request, pk, number):
    found = _of_organisation(request, pk, number)
    try:
        found.revoke(by=request.user)
        messages.success(
            request, _("The invitation of %s is taken back. Its link opens nothing any more.") % found
        )
    except Refused as reason:
        messages.error(request, str(reason))
    return redirect("organisation", pk)


# ---- accepting --------------------------------------------------------------------------------------------------------


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def invitation(request, token):
    """Where the link in the e-mail leads. Whatever is wrong with a link, the page says the same."""
    found = Invitation.objects.opened_by(token)
    if found is None:
        return _gone(request)
    account = User.objects.filter(email=found.email).first()
    if request.user.is_authenticated:
        return _by_member(request, found)
    if account is not None:
        context = {"invitation": found, "state": "sign-in"}
        return render(request, "assessments/invitation.html", context)
    return _by_newcomer(request, found)


def _gone(request):
    """Not found, whatever is wrong with the link."""
    wait = wait_after_guess("invitation")
    response = render(request, "assessments/invitation_gone.html", status=429 if wait else 404)
    if wait:
        response["Retry-After"] = wait
    return response


def _by_member(request, found):
    if request.user.email != found.email:
        return render(
            request,
            "assessments/invitation.html",
            {"invitation": found, "state": "somebody-else"},
            status=403 if request.method == "POST" else 200,
        )
    if request.method != "POST":
        return render(request, "assessments/invitation.html", {"invitation": found, "state": "accept"})
    return _joined(request, found, request.user)


def _joined(request, found, user):
    try:
        found.accept(user)
    except Refused as reason:
        messages.error(request, str(reason))
        return redirect("home")
    messages.success(request, _("Welcome to %s.") % found.organisation)
    return redirect("home")


def _by_newcomer(request, found):
    try:
        check_signs_in_here(found.email)
    except ValidationError as elsewhere:
        context = {"invitation": found, "state": "sign-in", "because": elsewhere.message}
        return render(request, "assessments/invitation.html", context)
    form = JoinForm(found.email, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        user = _new_account(found, form)
        if user is None:
            return _gone(request)
        messages.success(request, _("Welcome to %s.") % found.organisation)
        # As at any sign-in, so that the session stands among the others of the account; the link proved the address.
        return perform_login(request, user, email_verification="none")
    context = {"invitation": found, "state": "new", "form": form}
    return render(request, "assessments/invitation.html", context, status=422 if form.errors else 200)


def _new_account(found, form):
    """The person, made a member; None where somebody was quicker with the same link, and then no account is left behind."""
    try:
        with transaction.atomic():
            user = User.objects.create_user(
                found.email, form.cleaned_data["password"], name=form.cleaned_data["name"]
            )
            found.accept(user)
    except (IntegrityError, Refused):
        return None
    return user
