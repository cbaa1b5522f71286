"""The kinds of file that are kept."""

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
