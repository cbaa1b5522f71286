"""A new token for a tool."""

from django import forms
from django.utils.translation import gettext_lazy as _

from assessments.forms.sites import CleanCharField, helper
from assessments.models import ApiToken


class ApiTokenForm(forms.ModelForm):
    name = CleanCharField(
        label=_("Name of the tool"),
        max_length=80,
        help_text=_(
            "As people say it: Power BI, nightly export. It stands as the source beside each figure it sends."
        ),
    )
    scope = forms.ChoiceField(
        label=_("What it may do"),
        choices=ApiToken.Scope.choices,
        initial=ApiToken.Scope.READINGS,
        widget=forms.RadioSelect,
        help_text=_(
            "Nothing else at this site, and nothing at any other. What it reads is never changed by it."
        ),
    )
    days = forms.TypedChoiceField(
        label=_("Valid for"),
        choices=ApiToken.Lifetime.choices,
        coerce=int,
        initial=ApiToken.Lifetime.QUARTER,
        help_text=_("After that it opens nothing, and a new one is needed."),
    )

    class Meta:
        model = ApiToken
        fields = ["name", "scope"]

    @property
    def helper(self):
        return helper("name", "scope", "days", submit=_("Create token"))

    def clean_name(self):
        name = self.cleaned_data["name"]
        if self.instance.site.api_tokens.in_force().filter(name__iexact=name).exists():
            raise self.taken(name)
        return name

    @staticmethod
    def taken(name):
        """The sentence about a name that a token in force has."""
        sentence = _("There is a token called “%(name)s” already. Revoke it, or choose another name.")
        return forms.ValidationError(sentence % {"name": name})
