"""Confirming that an organisation, or one's own account, is to be deleted."""

from crispy_forms.helper import FormHelper
from django import forms
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from assessments.forms.sites import CleanCharField


class DeleteOrganisationForm(forms.Form):
    name = CleanCharField(
        label=_("Type the name of the organisation"),
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )

    def __init__(self, *args, organisation, **kwargs):
        super().__init__(*args, **kwargs)
        self.organisation = organisation
        self.fields["name"].help_text = format_html(_("It is “{}”."), organisation)  # printed as it is
        self.helper = _only_fields()

    def clean_name(self):
        name = self.cleaned_data["name"]
        if " ".join(name.split()).casefold() != " ".join(self.organisation.name.split()).casefold():
            raise forms.ValidationError(
                _("That is not the name. Type “%(name)s” to delete the organisation; nothing was deleted."),
                params={"name": self.organisation.name},
            )
        return name


class DeleteAccountForm(forms.Form):
    """Asks for the password where there is one, and for a tick where there is none."""

    password = forms.CharField(
        label=_("Your password"),
        strip=False,
        max_length=4096,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
    sure = forms.BooleanField(label=_("Yes, delete my account"))

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.user = user
        del self.fields["sure" if user.has_usable_password() else "password"]
        self.helper = _only_fields()

    def clean_password(self):
        password = self.cleaned_data["password"]
        if not self.user.check_password(password):
            raise forms.ValidationError(_("That is not your password. Nothing was deleted."))
        return password


def _only_fields():
    helper = FormHelper()
    helper.form_tag = False
    helper.disable_csrf = True
    return helper
