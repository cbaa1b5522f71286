"""One thing a site can show."""

import re

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from assessments.forms.assessments import MonthField
from assessments.forms.sites import CleanCharField
from assessments.models import Evidence

ADDRESS = re.compile(
    r"\s*[a-z][a-z0-9+.-]*:(?=\S)", re.IGNORECASE
)  # a word, a colon and no space: an address of some kind
LINK = re.compile(r"https?://[^\s/]+(/\S*)?$", re.IGNORECASE)  # a host of the intranet has no dot


class EvidenceForm(forms.ModelForm):
    title = CleanCharField(
        label=_("What is it?"), max_length=160, help_text=_("As people call it: Forecast pack, October 2026.")
    )
    place = CleanCharField(
        label=_("Where is it?"),
        max_length=500,
        help_text=_(
            "A link that begins with https://, or words by which a colleague finds it: Quality drive, folder 2026."
        ),
    )
    covers_from = MonthField(label=_("Covers from"), required=False)
    covers_to = MonthField(
        label=_("Covers to"),
        required=False,
        help_text=_(
            "The months its figures or records are of. Leave both empty where it has no period, as a policy has none."
        ),
    )

    class Meta:
        model = Evidence
        fields = ["title", "place", "covers_from", "covers_to"]

    def clean_place(self):
        place = self.cleaned_data["place"].strip()
        if ADDRESS.match(place) and not LINK.match(place):
            raise ValidationError(
                _(
                    "This is not a link that can be kept. Write one that begins with https://, or say in words where it is."
                )
            )
        return place

    def clean(self):
        found = super().clean()
        first, last = found.get("covers_from"), found.get("covers_to")
        if bool(first) != bool(last) and not self.errors:
            found["covers_from"] = found["covers_to"] = first or last  # one month is a period of one month
        elif first and last and first > last:
            self.add_error("covers_to", _("This month is before the one it covers from."))
        today = self.instance.answer.assessment.site.today()
        if last and last > today.replace(day=1):
            self.add_error(
                "covers_to", _("This month has not come yet. Evidence is about work that was done.")
            )
        return found
