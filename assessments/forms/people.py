"""Inviting somebody, what they may do and where, and joining."""

from django import forms
from django.contrib.auth import password_validation
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assessments.access import check_signs_in_here
from assessments.forms.accounts import PASSWORD_HELP
from assessments.forms.sites import CleanCharField, RowsField, helper
from assessments.models import Role, Site, User

EVERYWHERE, SOME = "every", "some"
MEANS = {
    Role.OWNER: gettext_lazy(
        "Everything a manager may, and people, sign-in, export and deletion of the organisation"
    ),
    Role.MANAGER: gettext_lazy("Sites, assessments, metrics, milestones, and inviting people"),
    Role.CONTRIBUTOR: gettext_lazy("Answers, evidence, actions and monthly figures"),
    Role.REVIEWER: gettext_lazy("Reads everything, and decides on what others answered"),
    Role.VIEWER: gettext_lazy("Reads everything, changes nothing"),
}


def _explained(role):
    return format_html("<strong>{}</strong> {}", str(role.label).capitalize(), MEANS[role])


class PlaceForm(forms.Form):
    """A role among those that may be given, and the sites it is good for."""

    role = forms.ChoiceField(
        label=gettext_lazy("What may they do?"),
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose what they may do.")},
    )
    where = forms.ChoiceField(
        label=gettext_lazy("In which sites?"),
        choices=[
            (EVERYWHERE, gettext_lazy("Every site, those added later too")),
            (SOME, gettext_lazy("Only the sites ticked below")),
        ],
        initial=EVERYWHERE,
        widget=forms.RadioSelect,
    )
    sites = RowsField(
        Site.objects.none(), label=gettext_lazy("Sites"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, organisation, roles, data=None, **kwargs):
        super().__init__(data, **kwargs)
        self.organisation = organisation
        self.fields["role"].choices = [(role, _explained(role)) for role in roles]
        self.fields["sites"].queryset = organisation.sites.all()
        if not organisation.sites.exists():
            del self.fields["where"], self.fields["sites"]

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("where") == SOME and not cleaned.get("sites"):
            self.add_error("sites", _("Tick at least one site, or choose every site."))
        if cleaned.get("where") == SOME and cleaned.get("role") == Role.OWNER:
            self.add_error("where", _("An owner works in every site. Choose every site, or another role."))
        return cleaned

    def given(self):
        """The role, and the sites: None for every site."""
        sites = self.cleaned_data["sites"] if self.cleaned_data.get("where") == SOME else None
        return {"role": self.cleaned_data["role"], "sites": sites}

    @property
    def helper(self):
        return helper(*self.fields, submit=self.submit)

    submit = gettext_lazy("Save")


class InviteForm(PlaceForm):
    submit = gettext_lazy("Send the invitation")
    email = forms.EmailField(
        label=gettext_lazy("E-mail address"),
        max_length=254,
        help_text=gettext_lazy(
            "The invitation goes there, and only whoever reads it there can use it. It is good for 7 days."
        ),
    )
    field_order = ["email", "role", "where", "sites"]

    def clean_email(self):
        return self.cleaned_data["email"].lower()


class LeavingForm(forms.Form):
    """Who takes over what somebody leaves behind."""

    heir = forms.ModelChoiceField(
        User.objects.none(),
        label=gettext_lazy("Who takes over the open work?"),
        required=False,
        empty_label=gettext_lazy("Nobody yet"),
    )

    def __init__(self, heirs, data=None):
        super().__init__(data)
        self.fields["heir"].queryset = User.objects.filter(pk__in=heirs.values("user")).order_by(
            "name", "email"
        )


class JoinForm(forms.Form):
    """An account for the address that was invited."""

    name = CleanCharField(
        label=gettext_lazy("Your name"),
        max_length=80,
        help_text=gettext_lazy("As colleagues know you."),
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    password = forms.CharField(
        label=gettext_lazy("Password"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=PASSWORD_HELP,
    )

    def __init__(self, email, data=None):
        super().__init__(data)
        self.email = email

    def clean_password(self):
        password = self.cleaned_data["password"]
        check_signs_in_here(self.email)
        user = User(email=self.email, name=self.cleaned_data.get("name", ""))
        password_validation.validate_password(password, user)
        return password
