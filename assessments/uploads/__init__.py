"""What an uploaded file is, told by what is in it and never by its name or by what the browser says of it.

PDF, PNG, JPEG, DOCX, XLSX, CSV and TXT are kept, unless something is in them that acts on whoever opens them, or that nobody
can look through. Nothing is changed in a file: what is kept is what was sent.
"""

from typing import NamedTuple

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

OFFICE = "application/vnd.openxmlformats-officedocument"


class Kind(TextChoices):
    """The allow-list. The values are what the name of a file ends in."""

    PDF = "pdf", _("PDF")
    PNG = "png", _("PNG picture")
    JPEG = "jpg", _("JPEG picture")
    DOCX = "docx", _("Word document")
    XLSX = "xlsx", _("Excel workbook")
    CSV = "csv", _("CSV table")
    TXT = "txt", _("text file")

    @property
    def content_type(self):
        return CONTENT_TYPES[self]


CONTENT_TYPES = {
    Kind.PDF: "application/pdf",
    Kind.PNG: "image/png",
    Kind.JPEG: "image/jpeg",
    Kind.DOCX: f"{OFFICE}.wordprocessingml.document",
    Kind.XLSX: f"{OFFICE}.spreadsheetml.sheet",
    Kind.CSV: "text/csv; charset=utf-8",
    Kind.TXT: "text/plain; charset=utf-8",
}
ACCEPTED = ".pdf,.png,.jpg,.jpeg,.docx,.xlsx,.csv,.txt"  # what a file picker offers


class Refused(Exception):
    """The file is not kept. The message is a sentence that names what was found."""


class Checked(NamedTuple):
    """A file that may be kept: its bytes as sent, what they are, and a name that every system can store."""

    content: bytes
    kind: Kind
    name: str
