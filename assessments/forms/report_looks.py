"""The look of an organisation's reports: paper, mark, logo."""

import base64

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout, Submit
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from assessments.forms.sites import CleanCharField
from assessments.models import ReportLook
from assessments.uploads import Refused
from assessments.uploads.checked import found

MOST_BYTES = 2 * 1024 * 1024


class ReportLookForm(forms.ModelForm):
    paper = forms.ChoiceField(label=_("Paper"), choices=ReportLook.Paper.choices, widget=forms.RadioSelect)
    mark = CleanCharField(
        label=_("Confidentiality mark"),
        max_length=60,
        required=False,
        help_text=_("Stands on every cover. Left empty, it says to whom the report is confidential."),
    )
    picture = forms.FileField(
        label=_("Logo"),
        required=False,
        widget=forms.FileInput(attrs={"accept": "image/png,image/jpeg"}),
        help_text=_("PNG or JPEG, up to 2 MB. It stands on the coloured cover, so a light one reads best."),
    )
    remove = forms.BooleanField(label=_("Take the logo away"), required=False)

    class Meta:
        model = ReportLook
        fields = ["paper", "mark"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if not self.instance.logo:
            del self.fields["remove"]

    def clean_picture(self):
        """The bytes of a PNG of our own making, or None."""
        file = self.cleaned_data["picture"]
        if not file:
            return None
        if file.size > MOST_BYTES:
            raise ValidationError(_("The logo is larger than 2 MB. Save it smaller and try again."))
        try:
            return base64.b64decode(found("logo", file.read()))
        except Refused as refusal:
            raise ValidationError(str(refusal)) from None

    def save(self, *, by):
        """Store the look; without a new picture the logo stays, unless it is to be taken away."""
        values = {name: self.cleaned_data[name] for name in self.Meta.fields} | {"changed_by": by}
        if self.cleaned_data.get("remove"):
            values["logo"] = b""
        if self.cleaned_data["picture"]:
            values["logo"] = self.cleaned_data["picture"]
        organisation = self.instance.organisation
        return ReportLook.objects.update_or_create(organisation=organisation, defaults=values)[0]

    @property
    def helper(self):
        made = FormHelper()
        made.layout = Layout(*self.fields)
        made.add_input(Submit("save", _("Save the look")))
        return made
