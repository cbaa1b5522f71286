"""One's own account."""

from allauth.mfa.webauthn.forms import AddWebAuthnForm
from django import forms
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
