"""One's own account."""

import struct
from contextlib import contextmanager

from allauth.mfa.webauthn.forms import (
    AddWebAuthnForm,
    AuthenticateWebAuthnForm,
    EditWebAuthnForm,
    LoginWebAuthnForm,
    ReauthenticateWebAuthnForm,
)
from cryptography.exceptions import InvalidSignature
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from assessments.forms.sites import CleanCharField
from assessments.models import User


class NameForm(forms.ModelForm):
    name = CleanCharField(
        label=_("Your name"),
        max_length=80,
        help_text=_("As colleagues know you. It stands beside what you answer, comment and decide."),
    )

    class Meta:
        model = User
        fields = ["name"]


# What reading a credential raises that no browser would send, or that another key has signed.
NO_CREDENTIAL = (LookupError, TypeError, ValueError, AttributeError, struct.error, InvalidSignature)


@contextmanager
def refusing():
    """A sentence in place of what a credential that makes no sense raises."""
    try:
        yield
    except NO_CREDENTIAL:
        raise ValidationError(_("The passkey could not be read. Try again.")) from None


class PasskeyForm(AddWebAuthnForm):
    name = CleanCharField(
        label=_("Name"), max_length=60, required=False, help_text=_("To tell it from others: work laptop.")
    )
    passwordless = forms.BooleanField(
        label=_("Sign in with it alone, without the password"),
        required=False,
        initial=True,
        help_text=_(
            "Then the device asks for your finger, face or PIN each time. Some older keys cannot do that."
        ),
    )

    def clean(self):
        with refusing():
            return super().clean()


class UsePasskeyForm(AuthenticateWebAuthnForm):
    def clean_credential(self):
        with refusing():
            return super().clean_credential()


class SignInByPasskeyForm(LoginWebAuthnForm):
    def clean_credential(self):
        with refusing():
            return super().clean_credential()


class ConfirmByPasskeyForm(ReauthenticateWebAuthnForm):
    def clean_credential(self):
        with refusing():
            return super().clean_credential()


class RenamePasskeyForm(EditWebAuthnForm):
    name = CleanCharField(label=_("Name"), max_length=60)
