"""A filled-in questionnaire, and which of its rows are to be applied."""

from dataclasses import dataclass, field

from django.utils.translation import gettext_lazy as _

from assessments.forms.answers import read_seen
from standards.workbook.upload import WorkbookForm


class QuestionnaireForm(WorkbookForm):
    limit = 10 * 1024 * 1024  # bytes; 240 notes of 20,000 characters each fit

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["workbook"].help_text = _(
            "An Excel workbook (.xlsx) of at most 10 MB, downloaded from this assessment. "
            "You see every change before anything is saved."
        )


@dataclass(frozen=True)
class Ticks:
    """Answer -> the version of it that was on the page, of each row that is to be applied: plain changes to `accept`,
    conflicts to `overwrite`, and choices carried over to `confirm`."""

    accept: dict = field(default_factory=dict)
    overwrite: dict = field(default_factory=dict)
    confirm: dict = field(default_factory=dict)

    @classmethod
    def sent(cls, data):
        return cls(*(read_seen(".".join(data.getlist(name))) for name in ("accept", "overwrite", "confirm")))
