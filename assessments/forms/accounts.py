"""One's own account."""

import struct
from contextlib import contextmanager

from allauth.account import forms as stock
from allauth.mfa.webauthn.forms import (
    AddWebAuthnForm,
    AuthenticateWebAuthnForm,
    EditWebAuthnForm,
    LoginWebAuthnForm,
    ReauthenticateWebAuthnForm,
)
from cryptography.exceptions import InvalidSignature
from django import forms
from django.contrib.auth.password_validation import MinimumLengthValidator, get_default_password_validators
from django.core.exceptions import ValidationError
from django.utils.functional import lazy
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from assessments.access import check_signs_in_here
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


def _password_help():
    least = next(
        validator.min_length
        for validator in get_default_password_validators()
        if isinstance(validator, MinimumLengthValidator)
    )
    return gettext(
        "At least %(least)s characters, not only digits, and nothing like your name or address. Three or four words that do "
        "not belong together are easy to remember."
    ) % {"least": least}


PASSWORD_HELP = lazy(_password_help, str)()


class InOurWords:
    """A form of allauth with the labels that these fields have on every page, and one sentence about passwords."""

    LABELS = {
        "login": _("E-mail address"),
        "email": _("E-mail address"),
        "password": _("Password"),
        "oldpassword": _("Current password"),
        "password1": _("New password"),
        "password2": _("New password, again"),
    }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name in self.LABELS.keys() & self.fields.keys():
            self.fields[name].label = self.LABELS[name]
            # It would only say the label again.
            self.fields[name].widget.attrs.pop("placeholder", None)
        if "password1" in self.fields:
            self.fields["password1"].help_text = PASSWORD_HELP


class SignInForm(InOurWords, stock.LoginForm):
    pass


class SignUpForm(InOurWords, stock.SignupForm):
    LABELS = InOurWords.LABELS | {"password1": _("Password"), "password2": _("Password, again")}


class ChangePasswordForm(InOurWords, stock.ChangePasswordForm):
    pass


class SetPasswordForm(InOurWords, stock.SetPasswordForm):
    pass


class ForgottenPasswordForm(InOurWords, stock.ResetPasswordForm):
    pass


class ResetPasswordForm(InOurWords, stock.ResetPasswordKeyForm):
    pass


class ConfirmByPasswordForm(InOurWords, stock.ReauthenticateForm):
    pass


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
            passkey = super().clean_credential()
        check_signs_in_here(passkey.user.email)
        return passkey


class ConfirmByPasskeyForm(ReauthenticateWebAuthnForm):
    def clean_credential(self):
        with refusing():
            return super().clean_credential()


class RenamePasskeyForm(EditWebAuthnForm):
    name = CleanCharField(label=_("Name"), max_length=60)
