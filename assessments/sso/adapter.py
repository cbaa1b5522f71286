"""Where allauth asks what becomes of somebody whom the provider has sent back."""

import logging

from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.internal.flows.email_authentication import wipe_password
from allauth.socialaccount.providers.base.constants import AuthError
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assessments.models import User
from assessments.sso import rules
from standards.text import one_line

log = logging.getLogger("copcready.access")
STATUS = {"refused": 403, "cancelled": 200, "failed": 400, "unreachable": 502}


def stopped(request, why, reason=""):
    """The page of somebody who did not get in. `why` is one of STATUS; `reason`, a sentence."""
    context = {"why": why, "reason": reason, "provider": settings.SINGLE_SIGN_ON}
    return render(request, "account/sso_stopped.html", context, status=STATUS[why])


def address_of(sociallogin):
    """The address that the provider vouches for; what is not verified never came this far."""
    return next((found.email for found in sociallogin.email_addresses), "")


class Adapter(DefaultSocialAccountAdapter):
    error_messages = {
        **DefaultSocialAccountAdapter.error_messages,
        "no_password": gettext_lazy(
            "Your account has no password. Set one first: without it you could not come back."
        ),
    }

    def list_apps(self, request, provider=None, client_id=None):
        """The provider of the settings; a row in the database is not one."""
        found = super().list_apps(request, provider=provider, client_id=client_id)
        return [app for app in found if app.pk is None]

    def get_requests_session(self):
        """It asks at the addresses of the settings and at those the provider names, and is sent on to no other."""
        session = super().get_requests_session()
        session.max_redirects = 0
        return session

    def authenticate_by_email(self, sociallogin):
        address = address_of(sociallogin)
        account = rules.account_of(address)
        return (account, address) if account else None

    def pre_social_login(self, request, sociallogin):
        account = sociallogin.user if sociallogin.is_existing else None
        reason = rules.refusal(address_of(sociallogin), account, uid=sociallogin.account.uid)
        if reason:
            log.warning("single sign-on refused identity %s", sociallogin.account.uid)
            raise ImmediateHttpResponse(stopped(request, "refused", reason))
        if account is None:
            self.save_user(request, sociallogin)
        elif sociallogin.account.pk is None:
            self.connect(request, account)

    @transaction.atomic
    def connect(self, request, account):
        """From now on the provider vouches for the address: what a stranger may have set before ends first."""
        name = settings.SINGLE_SIGN_ON.name
        log.info("single sign-on connects user %s", account.pk)
        said = _("Your account is now connected with %(name)s.") % {"name": name}
        if not rules.keeps_password(account):
            if account.has_usable_password():
                said += " " + _("The password it had before does not count any more; you can set another.")
            wipe_password(request, account, account.email)
            account.confirm_address()
        messages.success(request, said)

    def populate_user(self, request, sociallogin, data):
        user = sociallogin.user
        user.email = data.get("email") or ""
        name = data.get("name")
        user.name = one_line(name)[: User._meta.get_field("name").max_length] if isinstance(name, str) else ""
        return user

    def save_user(self, request, sociallogin, form=None):
        """Made here and not in allauth's sign-up, which has a form for whoever came second to an address: the database
        decides, with an IntegrityError."""
        with transaction.atomic():
            user = super().save_user(request, sociallogin, form)
        log.info("single sign-on made user %s", user.pk)
        return user

    def validate_disconnect(self, account, accounts):
        provider = settings.SINGLE_SIGN_ON
        if provider.only and provider.covers(account.user.email):
            raise ValidationError(
                _("Passwords do not count for your address, so this connection is the only way in.")
            )

    def on_authentication_error(self, request, provider, error=None, exception=None, extra_context=None):
        if error == AuthError.CANCELLED:
            raise ImmediateHttpResponse(stopped(request, "cancelled"))
        log.warning(
            "single sign-on failed: %s", exception or "no sign-in was under way, or the provider refused"
        )
        raise ImmediateHttpResponse(stopped(request, "unreachable" if exception else "failed"))
