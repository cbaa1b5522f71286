"""The look of an organisation's reports: paper, mark, logo."""

import io
import warnings

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout, Submit
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from PIL import Image

from assessments.forms.sites import CleanCharField
from assessments.models import ReportLook

MOST_BYTES = 2 * 1024 * 1024
MOST_PIXELS = 20_000_000  # decoded: 80 MB
KEPT = (900, 360)  # pixels; 60 × 24 mm on the cover at 380 dots an inch
KINDS = ("PNG", "JPEG")


def reencoded(file):
    """The picture in `file` as PNG bytes of our own making, at most KEPT, without anything that was hidden in it.

    Raises ValidationError with what is wrong with it.
    """
    if file.size > MOST_BYTES:
        raise ValidationError(_("The logo is larger than 2 MB. Save it smaller and try again."))
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            picture = Image.open(file, formats=KINDS)
        if picture.width * picture.height > MOST_PIXELS:
            raise ValidationError(
                _(
                    "The logo has %(width)s × %(height)s pixels, more than can be read safely. Save it smaller."
                )
                % {"width": picture.width, "height": picture.height}
            )
        plain = picture.convert("RGBA")
    except ValidationError:
        raise
    except Exception as broken:  # whatever a decoder makes of a broken or hostile file
        raise ValidationError(
            _("This file cannot be read as a picture. A logo is a PNG or a JPEG file.")
        ) from broken
    plain.thumbnail(KEPT)
    made = io.BytesIO()
    Image.frombytes(plain.mode, plain.size, plain.tobytes()).save(made, "PNG", optimize=True)
    return made.getvalue()


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
        file = self.cleaned_data["picture"]
        return reencoded(file) if file else None

    def save(self, *, by):
        """Store the look; without a new picture the logo stays, unless it is to be taken away."""
        self.instance.changed_by = by
        if self.cleaned_data.get("remove"):
            self.instance.logo = b""
        if self.cleaned_data["picture"]:
            self.instance.logo = self.cleaned_data["picture"]
        return super().save()

    @property
    def helper(self):
        made = FormHelper()
        made.layout = Layout(*self.fields)
        made.add_input(Submit("save", _("Save the look")))
        return made
