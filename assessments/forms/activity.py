"""What of the activity of an organisation is to be told."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from assessments.forms.sites import CleanCharField
from assessments.models.origin import Way
from assessments.models.stream import KINDS, Asked

ALL = [("", _("All"))]


def _day(label):
    widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date", "class": "form-control"})
    return forms.DateField(
        label=label,
        required=False,
        widget=widget,
        error_messages={"invalid": _("Write the day as 2026-03-31.")},
    )


def _choice(label, choices):
    return forms.ChoiceField(
        label=label,
        required=False,
        choices=ALL + choices,
        widget=forms.Select(attrs={"class": "form-select"}),
        error_messages={"invalid_choice": _("Choose one of the list.")},
    )


class ActivityForm(forms.Form):
    """Bound to the address. Days are those at the chosen site, or at the organisation's first one."""

    person = CleanCharField(
        label=_("Person or tool"),
        max_length=254,
        required=False,
        widget=forms.TextInput(attrs={"class": "form-control", "list": "people", "autocomplete": "off"}),
    )
    kind = _choice(_("What"), [(key, label) for key, (label, _starts) in KINDS.items()])
    site = _choice(_("Site"), [])
    since = _day(_("From"))
    until = _day(_("Until, that day included"))
    way = _choice(_("Way in"), Way.choices)

    def __init__(self, data, organisation):
        super().__init__(data)
        self.sites = {str(site.pk): site for site in organisation.sites.order_by("name")}
        self.fields["site"].choices = ALL + [(key, site.name) for key, site in self.sites.items()]

    def clean(self):
        cleaned = super().clean()
        since, until = cleaned.get("since"), cleaned.get("until")
        if since and until and since > until:
            self.add_error("until", _("This day is before the one it begins with."))
        return cleaned

    @property
    def place(self):
        """The site whose clock counts, or None where the organisation has none."""
        chosen = getattr(self, "cleaned_data", {}).get("site")
        return self.sites.get(chosen) or next(iter(self.sites.values()), None)

    @property
    def zone(self):
        return ZoneInfo(self.place.time_zone if self.place else settings.TIME_ZONE)

    def asked(self):
        """The `Asked` of a valid form."""
        chosen = self.cleaned_data
        return Asked(
            person=chosen["person"],
            kind=chosen["kind"],
            way=chosen["way"],
            site=self.sites.get(chosen["site"]),
            since=chosen["since"] and self._midnight(chosen["since"]),
            until=chosen["until"] and self._midnight(chosen["until"], 1),
        )

    def _midnight(self, day, later=0):
        """When `day` begins there, or the day that many days later."""
        day = min(day, datetime.max.date() - timedelta(days=2))
        return datetime.combine(day + timedelta(days=later), time(), self.zone)
