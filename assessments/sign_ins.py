"""Sign-ins and what protects them, noted in the activity of every organisation that the person belongs to; and sessions that
end because more is asked for at sign-in now.

Django and allauth tell of these by signals, whichever of their pages somebody came by. What happens outside a request,
as in a command, is no sign-in.
"""

from allauth.account.signals import password_changed, password_reset, password_set
from allauth.mfa.signals import authenticator_added, authenticator_removed
from allauth.usersessions.models import UserSession
from django.contrib import messages
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.dispatch import receiver
from django.utils.translation import gettext as _

from assessments.models import Activity, User, Verb
from assessments.models.origin import NO_REQUEST, origin
from assessments.models.people import SECOND_FACTORS
from assessments.second_factors import is_last


def _note(person, verb, what=""):
    if person is not None and origin.get() != NO_REQUEST:
        Activity.objects.record_for_person(person, verb, what)


@receiver(user_logged_in)
def signed_in(user, **_kwargs):
    _note(user, Verb.SIGNED_IN)


@receiver(user_logged_out)
def signed_out(user, **_kwargs):
    _note(user, Verb.SIGNED_OUT)


@receiver(user_login_failed)
def could_not_sign_in(credentials, **_kwargs):
    """Whoever tried is not known; whose account it was is. Addresses without an account are noted nowhere."""
    email = str(credentials.get("email") or credentials.get("username") or "").lower()
    person = User.objects.filter(email=email).first() if "\x00" not in email else None
    if person is not None and origin.get() != NO_REQUEST:
        organisations = person.memberships.order_by().values_list("organisation", flat=True)
        Activity.objects.record_in(organisations, Verb.SIGN_IN_FAILED, who=str(person))


@receiver([password_changed, password_set])
def changed_password(user, **_kwargs):
    _note(user, Verb.PASSWORD_CHANGED)


@receiver(password_reset)
def reset_password(user, **_kwargs):
    _note(user, Verb.PASSWORD_RESET)


@receiver(authenticator_added)
def added_factor(request, user, authenticator, **_kwargs):
    _note(user, Verb.FACTOR_ADDED, authenticator.get_type_display())
    if authenticator.type in SECOND_FACTORS and is_last(authenticator):
        _end_other_sessions(request, user)


def _end_other_sessions(request, user):
    """Those began with less than is asked for from now on; whoever began one may have known the password alone."""
    others = UserSession.objects.filter(user=user).exclude(session_key=request.session.session_key)
    for session in others:
        session.end()
    messages.info(request, _("Wherever else you were signed in, you are signed out now."))


@receiver(authenticator_removed)
def removed_factor(user, authenticator, **_kwargs):
    _note(user, Verb.FACTOR_REMOVED, authenticator.get_type_display())
