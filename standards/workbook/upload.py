"""The form through which a filled-in workbook comes back."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from standards.text import clean_text
from standards.workbook.tables import Refused

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
FILE_NAME_LIMIT = 200  # characters kept of what the file was called
FILE_LIMIT = 5 * 1024 * 1024  # bytes; a filled-in workbook of 240 requirements has about 300 kB


class WorkbookForm(forms.Form):
    """A filled-in workbook. `read` makes of its bytes what `cleaned_data["workbook"]` is to be, or raises `Refused`."""

    limit = FILE_LIMIT
    advice = gettext_lazy("Copy your texts into a newly downloaded workbook.")  # where it is too large
    workbook = forms.FileField(
        label=gettext_lazy("Filled-in workbook"),
        help_text=gettext_lazy(
            "An Excel workbook (.xlsx) of at most 5 MB. You see every change before anything is stored."
        ),
        error_messages={
            "required": gettext_lazy("Choose the workbook you filled in."),
            "empty": gettext_lazy("This file is empty. Choose the workbook you filled in."),
        },
        widget=forms.FileInput(attrs={"accept": ".xlsx"}),
    )

    def __init__(self, *args, read, **kwargs):
        self.read = read
        super().__init__(*args, **kwargs)

    def clean_workbook(self):
        file = self.cleaned_data["workbook"]
        self.file_name = tidy_name(file.name)
        if file.size > self.limit:
            raise ValidationError(
                _("This file is larger than %(limit)s MB, and no more is read. %(advice)s")
                % {
                    "size": round(file.size / 1024 / 1024),
                    "limit": self.limit // 1024 // 1024,
                    "advice": self.advice,
                }
            )
        try:
            return self.read(file.read())
        except Refused as refusal:
            raise ValidationError(str(refusal)) from None


def tidy_name(name):
    return " ".join(clean_text(name).split())[-FILE_NAME_LIMIT:] or _("a workbook")
