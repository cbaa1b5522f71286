"""A file or a pasted block of monthly figures as rows of cells that know where they stand. What they mean is not asked here."""

import csv
import io
import re
from collections import Counter
from dataclasses import dataclass
from datetime import date
from itertools import islice

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assessments.figures import quoted
from standards.text import clean_text
from standards.workbook import cells
from standards.workbook.tables import REFUSALS, Refused, letter
from standards.workbook.upload import FILE_LIMIT

# What a cell is besides a text, a number or a date.
PERCENT, TIME, MINUTES = (
    "percent",
    "time",
    "minutes",
)  # a number shown as a percentage; seconds; seconds, shown without
ERROR, FORMULA, LOGICAL = "error", "formula", "logical"
DELIMITERS = "\t;|,"  # of two that fit alike, the earlier one: a figure may hold a comma, hardly a semicolon
ROWS_COMPARED = 200  # rows in which a delimiter shows
SHEETS_NAMED = 5
BINARY = re.compile("[\x00-\x08\x0e-\x1a]")  # no editor of texts writes these
SAVE_AS = gettext_lazy("Save the table as CSV or as an Excel workbook (.xlsx) and upload that.")
STARTS = (  # the first bytes of files that are no tables
    (b"%PDF", gettext_lazy("This is a PDF.")),
    (b"\x89PNG", gettext_lazy("This is an image.")),
    (b"\xff\xd8\xff", gettext_lazy("This is an image.")),
    (b"GIF8", gettext_lazy("This is an image.")),
    (b"RIFF", gettext_lazy("This is an image.")),
    (b"II*\x00", gettext_lazy("This is an image.")),
    (b"\x1f\x8b", gettext_lazy("This is a compressed file.")),
)
SENTENCES = REFUSALS | {
    "word": gettext_lazy("This is a Word document."),
    "other": gettext_lazy("This is a zip file, and not an Excel workbook (.xlsx)."),
    "bomb": gettext_lazy("This workbook unpacks to far more than it should. Copy the table into a new workbook and upload that."),
    "large": gettext_lazy("This workbook reaches too far down or to the right. Copy the table into a new workbook and upload that."),
    "much": gettext_lazy("This workbook holds more text than a table of figures does. Copy the table into a new workbook and upload that."),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Cell:
    """`value` is a text ('' for nothing), a number or a date; `place` is where people find it: 'C7', 'row 7, column 3'."""

    value: object
    place: str
    kind: str = ""

    @property
    def text(self):
        """What it says if it is a text, else ''."""
        return self.value if isinstance(self.value, str) and not self.kind else ""

    def __bool__(self):
        return self.value != "" or bool(self.kind)


@dataclass(frozen=True)
class Table:
    """`notes` are sentences about what of the file was read."""

    rows: tuple[tuple[Cell, ...], ...]
    notes: tuple[str, ...] = ()


def read(data, name=""):
    """The `Table` in the bytes of a CSV file or an Excel workbook called `name`. Raises `Refused` with a sentence."""
    if not data.strip(b"\0 \r\n\t\xef\xbb\xbf\xff\xfe"):
        raise Refused(_("%s is empty.") % quoted(clean_text(name)) if name else _("There is nothing in it."))
    if len(data) > FILE_LIMIT:
        raise Refused(
            _("This file has more than %s MB. Keep the rows of figures only.") % (FILE_LIMIT // 1024**2)
        )
    for start, sentence in STARTS:
        if data.startswith(start):
            raise Refused(f"{sentence} {SAVE_AS}")
    if data.startswith((b"PK\x03\x04", b"PK\x05\x06", cells.OLD_EXCEL)):
        return from_workbook(data)
    return pasted(decoded(data))


def pasted(text):
    """The `Table` in a text: a CSV file, or what was copied out of a spreadsheet. Raises `Refused` with a sentence."""
    if BINARY.search(text):
        raise Refused(_("This file is no table.") + f" {SAVE_AS}")
    if text.lstrip().startswith("<"):
        raise Refused(_("This is a web page or an XML file.") + f" {SAVE_AS}")
    delimiter, text = delimiter_of(text)
    rows, widest = [], 0
    try:
        for row in lines(text, delimiter):
            rows.append(row)
            widest = max(widest, len(row))
            check_reach(len(rows), widest)
    except csv.Error:
        raise Refused(
            _("From row %s on the cells cannot be told apart. A quotation mark may be missing.")
            % (len(rows) + 1)
        ) from None
    if not any(cell.strip() for row in rows for cell in row):
        raise Refused(_("There is nothing in it."))
    where = _("row %(row)s, column %(column)s")
    return Table(tuple(tuple(numbered(row, number, where)) for number, row in enumerate(rows, 1)))


def numbered(row, number, where):
    for column, text in enumerate(row, 1):
        yield Cell(clean_text(text), where % {"row": number, "column": column})


def check_reach(rows, columns):
    if rows > cells.FIGURE_ROWS or columns > cells.FIGURE_COLUMNS or rows * columns > cells.FIGURE_CELLS:
        raise Refused(
            _(
                "This is more than the %(rows)s rows and %(columns)s columns that are read. Upload it in parts."
            )
            % {"rows": cells.FIGURE_ROWS, "columns": cells.FIGURE_COLUMNS}
        )


# ---- text -----------------------------------------------------------------------------------------------------------


def decoded(data):
    """The text of a file whose encoding nobody has told. Raises `Refused`."""
    for encoding in encodings(data):
        try:
            return data.decode(encoding).removeprefix("\ufeff")
        except UnicodeDecodeError:
            continue
    raise Refused(_("The letters of this file cannot be told. Save it as CSV UTF-8 and upload that."))


def encodings(data):
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return ("utf-16",)
    if b"\0" in data:  # every other byte of Latin letters in UTF-16
        return ("utf-16-le",) if data[1::2].count(0) >= data[::2].count(0) else ("utf-16-be",)
    return "utf-8", "cp1252"


def lines(text, delimiter):
    return csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)


def delimiter_of(text):
    """(the delimiter, the text without Excel's own line that names it)."""
    first, _end, rest = text.partition("\n")
    if first.strip().casefold()[:-1] == "sep=" and first.strip()[-1] in DELIMITERS:
        return first.strip()[-1], rest
    if first.rstrip("\r").casefold() == "sep=\t":
        return "\t", rest
    return max(DELIMITERS, key=lambda delimiter: rows_alike(text, delimiter)), text


def rows_alike(text, delimiter):
    """How many of the first rows have the same number of cells, more than one."""
    try:
        widths = [len(row) for row in islice(lines(text, delimiter), ROWS_COMPARED) if len(row) > 1]
    except csv.Error:
        return 0
    return max(Counter(widths).values(), default=0)


# ---- workbooks ------------------------------------------------------------------------------------------------------


def from_workbook(data):
    try:
        (name, rows), others = cells.figures_of(data)
    except cells.Refused as refusal:
        word = refusal.args[0]
        sentence = SENTENCES[word]
        raise Refused(f"{sentence} {SAVE_AS}" if word in ("word", "other") else str(sentence)) from None
    if not name:
        raise Refused(_("All sheets of this workbook are empty."))
    notes = []
    if others:
        named = ", ".join(quoted(clean_text(other)) for other in others[:SHEETS_NAMED])
        notes.append(
            _("The sheet %(name)s was read, and not: %(others)s.")
            % {"name": quoted(clean_text(name)), "others": named}
        )
    found = (
        tuple(told(cell, f"{letter(column)}{row}") for column, cell in enumerate(row_cells))
        for row, row_cells in enumerate(rows, 1)
    )
    return Table(tuple(found), tuple(notes))


def told(cell, place):
    """A cell of `figures_of` as a `Cell`."""
    if not isinstance(cell, dict):
        return Cell(clean_text(cell) if isinstance(cell, str) else cell, place)
    if cell["is"] == "date":
        return Cell(date.fromisoformat(cell["value"]), place)
    return Cell(cell.get("value", ""), place, cell["is"])
