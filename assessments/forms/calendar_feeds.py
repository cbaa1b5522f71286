"""What the calendar of a person is told."""

from django import forms
from django.utils.translation import gettext_lazy as _

from assessments.models import CalendarFeed


class CalendarForm(forms.Form):
    covers = forms.ChoiceField(
        label=_("What should stand in your calendar?"),
        choices=CalendarFeed.Covers.choices,
        widget=forms.RadioSelect,
    )
