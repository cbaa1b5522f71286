"""A new link to a milestone."""

from django import forms
from django.utils.translation import gettext_lazy as _

from assessments.forms.sites import CleanCharField, helper
from assessments.models import ShareLink


class ShareLinkForm(forms.Form):
    recipient = CleanCharField(
        label=_("For whom"),
        max_length=120,
        help_text=_("A person or a group: the board, our client. It stands on the page they open."),
    )
    days = forms.TypedChoiceField(
        label=_("It opens for"),
        choices=ShareLink.Lifetime.choices,
        coerce=int,
        initial=ShareLink.Lifetime.MONTH,
        help_text=_("After that it opens nothing. It can be taken back before."),
    )
    files = forms.BooleanField(
        label=_("The PDF and the data may be downloaded too"),
        required=False,
        help_text=_("A file that was downloaded cannot be taken back."),
    )

    @property
    def helper(self):
        return helper("recipient", "days", "files", submit=_("Make the link"))
