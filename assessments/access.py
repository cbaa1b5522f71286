"""Who sees and does what. The only place that decides.

A row is reached through `fetch`, which starts from what the person's organisations own: for everybody else it does not
exist (404). Inside an organisation a role decides, and the sites that the person works in (403 with a sentence).
"""

import logging

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core.exceptions import ImmediateHttpResponse
from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.core.exceptions import ImproperlyConfigured, PermissionDenied, ValidationError
from django.http import Http404
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.crypto import get_random_string
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assessments.models import Invitation, Role, User
from assessments.models.origin import plain_address, tenant

logger = logging.getLogger("copcready.access")

SEE, COMMENT, ANSWER, REVIEW, MANAGE, OWN = "see", "comment", "answer", "review", "manage", "own"
ABILITIES = {
    Role.OWNER: {SEE, COMMENT, ANSWER, REVIEW, MANAGE, OWN},
    Role.MANAGER: {SEE, COMMENT, ANSWER, REVIEW, MANAGE},
    Role.CONTRIBUTOR: {SEE, COMMENT, ANSWER},
    Role.REVIEWER: {SEE, COMMENT, REVIEW},
    Role.VIEWER: {SEE},
}


ASK = gettext_lazy(
    "You are a %(role)s of this organisation. Ask an owner or a manager to do this or to change your role."
)
ASK_AN_OWNER = gettext_lazy("You are a %(role)s of this organisation. Only an owner can do this.")


def can(role, ability):
    """May somebody with this role do it? Unknown roles may nothing."""
    return ability in ABILITIES.get(role, ())


def roles_that(ability):
    """Every role that may do it, to narrow a list of rows by."""
    return [role for role in ABILITIES if can(role, ability)]


def fetch(rows, user, ability=SEE, **lookup):
    """The one row of the queryset `rows` that `user` may see, with their `role` in it.

    Raises Http404 where it belongs to somebody else or does not exist, SecondFactorNeeded where the organisation asks for
    one that the person does not have, and PermissionDenied where the role does not allow `ability`, or where somebody whose
    work is limited to some sites wants to change what belongs to the organisation as a whole.
    """
    theirs = rows.of_member(user)
    # There is one at most, so its place among others need not be found.
    row = next(iter(theirs.filter(**lookup).order_by()[:1]), None)
    if row is None:
        raise Http404
    # Where neither holds, a member sees all of it, and asking costs more than the row.
    if row.limited or row.asks_factor:
        _look_closer(rows.filter(pk=row.pk), user)
    tenant.set(row.tenant_id)
    if row.limited and ability != SEE and theirs.to_site is None:
        raise PermissionDenied(
            _("You work in some sites of this organisation. Somebody who works in all of them can do this.")
        )
    if not can(row.role, ability):
        sentence = ASK_AN_OWNER if ability == OWN else ASK
        raise PermissionDenied(sentence % {"role": Role(row.role).label})
    return row


def _look_closer(rows, user):
    """Raises Http404 or SecondFactorNeeded where somebody from the organisation of the one row does not see it."""
    if rows.for_user(user).exists():
        return
    if rows.for_user(user, any_factor=True).exists():
        raise SecondFactorNeeded(
            _("This organisation asks for a second factor at sign-in. Set one up, then come back.")
        )
    raise Http404


class SecondFactorNeeded(PermissionDenied):
    """A second factor is asked for, and the person has set none up. The message is a sentence that says by whom."""


def is_awaited(email):
    """Is there an invitation in force for this address?"""
    return Invitation.objects.awaits(email)


def may_join(email):
    """May somebody without an account, whose address is beyond doubt, have one?"""
    return settings.SIGNUP == "open" or is_awaited(email)


def check_signs_in_here(email):
    """Raise ValidationError where people with such an address sign in elsewhere, and with nothing else."""
    elsewhere = settings.SINGLE_SIGN_ON
    if elsewhere and elsewhere.only and elsewhere.covers(email):
        raise ValidationError(
            _("Addresses at %(domain)s sign in with %(name)s and with nothing else.")
            % {"domain": email.rpartition("@")[2], "name": elsewhere.name}
        )


class AccountAdapter(DefaultAccountAdapter):
    """What allauth asks us: who may sign up, whether a password counts, where links in its e-mails lead, and what has to happen only once."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "email_password_mismatch": gettext_lazy("This e-mail address and password are not correct together."),
        "enter_current_password": gettext_lazy("That is not your current password. Nothing was changed."),
    }

    def get_client_ip(self, request):
        """The address of whoever asks, as the proxies say that we are to believe. Raises PermissionDenied where there is none."""
        try:
            found = plain_address(super().get_client_ip(request))
        except PermissionDenied:
            found = None
        except ImproperlyConfigured:  # it came past a proxy: it names fewer of them than there are
            found = plain_address(request.META.get("REMOTE_ADDR", ""))
        if found is None:
            raise PermissionDenied(
                _(
                    "This server does not learn from which address you ask, and does nothing here without. Tell the person "
                    "who looks after it: the proxy has to add the address to X-Forwarded-For, and COPCREADY_PROXIES to count the proxy."
                )
            )
        return found

    def is_open_for_signup(self, request):
        return settings.SIGNUP == "open"

    def get_password_change_redirect_url(self, request):
        """Not to the form again, which would ask for another one."""
        return reverse("account")

    def send_mail(self, template_prefix, email, context):
        """Links lead to the address that is set, never to the host that a request names; a mail server that is down is
        noted in the log and fails nothing that has been done already."""
        here = self.request.build_absolute_uri("/").rstrip("/")
        links = {
            name: settings.SITE_URL + value.removeprefix(here)
            for name, value in context.items()
            if name.endswith("_url") and value.startswith(here)
        }
        try:
            super().send_mail(template_prefix, email, context | links | {"site_url": settings.SITE_URL})
        except OSError:
            logger.exception("An e-mail could not be sent: %s", template_prefix)

    def set_password(self, user, password):
        """One password takes the place of one: of several requests with the same reset link, the first wins."""
        replaced = user.password
        user.set_password(password)
        if not User.objects.filter(pk=user.pk, password=replaced).update(password=user.password):
            raise ImmediateHttpResponse(redirect(self.request.path))

    def confirm_email(self, request, email_address):
        """An address that somebody signs in with is nobody else's to confirm."""
        taken = User.objects.filter(email=email_address.email).exclude(pk=email_address.user_id)
        return not taken.exists() and super().confirm_email(request, email_address)

    def respond_email_verification_sent(self, request, user):
        if user is None:  # the address has an account: take as long as making one would
            make_password(get_random_string(12))
        return super().respond_email_verification_sent(request, user)

    def _get_login_attempts_cache_key(self, request, **credentials):
        """Tries count against an account, whatever host name they are made through."""
        return credentials.get("email", "").lower()

    def clean_password(self, password, user=None):
        """A password that somebody chooses, for a new account or for their own."""
        check_signs_in_here(user.email if user else "")
        return super().clean_password(password, user)

    def pre_authenticate(self, request, **credentials):
        if not request.user.is_authenticated:  # who is in confirms with a password that it is still them
            check_signs_in_here(credentials.get("email", ""))
        super().pre_authenticate(request, **credentials)
