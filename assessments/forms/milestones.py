"""A milestone to take, and two to compare."""

from django import forms
from django.utils.translation import gettext_lazy as _

from assessments.forms.sites import CleanCharField, helper

NOW = "now"


class MilestoneForm(forms.Form):
    name = CleanCharField(
        label=_("Name of the milestone"),
        max_length=80,
        required=False,
        help_text=_(
            "What it marks: baseline, before the sponsor meeting. Without a name it is called by its day."
        ),
    )

    @property
    def helper(self):
        return helper("name", submit=_("Freeze it as it stands"))


class CompareForm(forms.Form):
    """Its fields are `from` and `to`, as the addresses say. `choices` are (key, words) of everything that can be compared,
    NOW among them."""

    def __init__(self, data, choices):
        super().__init__(data)
        for name, label in (("from", _("Before")), ("to", _("After"))):
            self.fields[name] = forms.ChoiceField(label=label, choices=choices)
            self.fields[name].error_messages["invalid_choice"] = _(
                "There is no such milestone here. Choose one of the list."
            )
