"""A file of monthly figures, and which of its readings are left out."""

from dataclasses import dataclass

from django import forms
from django.utils.translation import gettext_lazy as _

from standards.workbook.upload import WorkbookForm


class FiguresForm(WorkbookForm):
    advice = _("Keep the rows of figures only, or upload it in parts.")
    workbook = forms.FileField(
        label=_("File with figures"),
        help_text=_(
            "An Excel workbook (.xlsx) or a CSV file of at most 5 MB. You see every change before anything is saved."
        ),
        error_messages={
            "required": _("Choose the file with the figures."),
            "empty": _("This file is empty. Choose the file with the figures."),
        },
        widget=forms.FileInput(attrs={"accept": ".xlsx,.csv,.tsv,.txt"}),
    )


@dataclass(frozen=True)
class Choice:
    """What came back from a dry run: what is `left` out, metrics (12) and readings (12-2026-10), and the readings that
    were `seen`, each with its version (12-2026-10:3)."""

    left: frozenset = frozenset()
    seen: frozenset = frozenset()

    @classmethod
    def sent(cls, data):
        return cls(frozenset(data.getlist("leave")), frozenset(data.get("seen", "").split()))
