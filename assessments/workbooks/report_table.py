"""Tables of the report's workbook: columns that know their look, rows written one after another, signs in their colours."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime

from django.utils.translation import gettext as _

from assessments.report.plain import printable
from assessments.rules.scoring import NOT_APPLICABLE, UNKNOWN
from assessments.workbooks.layout import CELL_LIMIT, OTHER_WORDS
from assessments.workbooks.questionnaire import LEVEL_COLOURS, NOT_APPLICABLE_LOOK, UNKNOWN_LOOK
from standards.workbook.template import FONT, LINE, OPTIONS, wrapped

# Rows leave the memory as they are written, so ten thousand need no more of it than ten.
IN_ROWS = OPTIONS | {"in_memory": False, "constant_memory": True}
LINES_MOST = 6
EDGE = {"bottom": 1, "bottom_color": "#E2DFD6"}
HEAD = {**FONT, "bold": True, "text_wrap": True, "bg_color": "#0F5E63", "font_color": "#FFFFFF"}
READING, WHOLE, DECIMAL, SHARE, PERCENT, DAY = "#,##0.00", "0", "0.0", "0.000", '0"%"', "d mmm yyyy"
LOOKS = {
    "title": {**FONT, "font_size": 18, "bold": True},
    "heading": {**FONT, "font_size": 13, "bold": True},
    "prose": {**FONT, "text_wrap": True},
    "head": HEAD,
    "text": {**FONT, **EDGE, "text_wrap": True},
    "strong": {**FONT, **EDGE, "text_wrap": True, "bold": True},
    "whole": {**FONT, **EDGE, "num_format": WHOLE},
    "count": {**FONT, **EDGE, "num_format": WHOLE, "align": "left"},
    "decimal": {**FONT, **EDGE, "num_format": DECIMAL},
    "share": {**FONT, **EDGE, "num_format": SHARE},
    "percent": {**FONT, **EDGE, "num_format": PERCENT},
    "level": {**FONT, **EDGE, "num_format": WHOLE, "align": "center"},
    "day": {**FONT, **EDGE, "num_format": DAY, "align": "left"},
    "factor": {**FONT, **EDGE, "num_format": "General"},
    "reading": {**FONT, **EDGE, "num_format": READING},
    "met": {
        **FONT,
        **EDGE,
        "num_format": READING,
        "bold": True,
        "bg_color": "#E6EFED",
        "font_color": "#0A474B",
    },
    "missed": {**FONT, **EDGE, "num_format": READING, "bg_color": "#F8EBE5", "font_color": "#A63A1E"},
}
IN_WORDS = ("text", "strong")
SIGNS = {UNKNOWN: "?", NOT_APPLICABLE: "–"}  # for cells too narrow for words


@dataclass(frozen=True, slots=True)
class Column:
    """`width` in characters, `look` a name of LOOKS; `value` makes the cell of a row: text, number, day, yes or no, or None."""

    heading: str
    width: int
    look: str
    value: Callable


def looks_of(book):
    return {name: book.add_format(values) for name, values in LOOKS.items()}


def cell_text(text):
    """`text` as a cell shows it: what no file can hold is replaced, and what is beyond the limit of a cell cut off with a word
    on it."""
    text = printable(text).replace("\r\n", "\n").replace("\r", "\n")
    units = text.encode("utf-16-le")
    if len(units) // 2 <= CELL_LIMIT:
        return text
    end = _(" … (cut off here: a cell holds no more)")
    return units[: 2 * (CELL_LIMIT - len(end))].decode("utf-16-le", "ignore") + end


def other_words():
    """Not known and not applicable in words."""
    return {choice: str(words[0]) for choice, words in OTHER_WORDS.items()}


def choice_cell(answer, words):
    """A level as a number, everything else as one of `words`, by its choice, and nothing where the answer is open."""
    return words.get(answer.choice) if answer.level is None else answer.level


def write_cell(sheet, row, column, value, look):
    """Text never becomes a formula, a link or a number."""
    if isinstance(value, bool):
        value = _("yes") if value else _("no")
    if value is None or value == "":
        sheet.write_blank(row, column, None, look)
    elif isinstance(value, int | float):
        sheet.write_number(row, column, value, look)
    elif isinstance(value, date):
        at = value.replace(tzinfo=None) if isinstance(value, datetime) else value
        sheet.write_datetime(row, column, at, look)
    else:
        sheet.write_string(row, column, cell_text(str(value)), look)


def write_head(sheet, looks, columns, row):
    sheet.set_row(row, 2 * LINE + 2)
    for place, column in enumerate(columns):
        write_cell(sheet, row, place, column.heading, looks["head"])


def write_rows(sheet, looks, columns, rows, first, cells=None):
    """`rows` may come one by one; `cells` gives (column, value, look) of more cells of a row. Returns the number of the row
    after the last."""
    at = first
    for at, row in enumerate(rows, first + 1):
        values = [column.value(row) for column in columns]
        lines = (
            wrapped(str(value)[: LINES_MOST * column.width], column.width)
            for column, value in zip(columns, values, strict=True)
            if column.look in IN_WORDS and value
        )
        sheet.set_row(at - 1, LINE * min(max(lines, default=1), LINES_MOST) + 2)
        for place, (column, value) in enumerate(zip(columns, values, strict=True)):
            write_cell(sheet, at - 1, place, value, looks[column.look])
        for place, value, look in cells(row) if cells else ():
            write_cell(sheet, at - 1, place, value, look)
    return at


def table(sheet, looks, columns, rows, *, kept=2, printed_to="", cells=None):
    """A sheet that is one table: its head stays in sight, with the first `kept` columns, and repeats on each printed page.

    Columns after the one with the heading `printed_to` are not printed: with all of them no page could be read.
    """
    for place, column in enumerate(columns):
        sheet.set_column(place, place, column.width)
    write_head(sheet, looks, columns, 0)
    end = write_rows(sheet, looks, columns, rows, 1, cells)
    sheet.freeze_panes(1, kept)
    sheet.autofilter(0, 0, max(end - 1, 1), len(columns) - 1)
    sheet.repeat_rows(0)
    last = place_of(columns, printed_to) if printed_to else len(columns) - 1
    sheet.print_area(0, 0, max(end - 1, 1), last)
    set_up_print(sheet)
    return end


def set_up_print(sheet):
    sheet.set_landscape()
    sheet.set_paper(9)  # A4
    sheet.fit_to_pages(1, 0)
    sheet.set_footer("&L&A&R&P / &N")


def place_of(columns, heading):
    return next(place for place, column in enumerate(columns) if column.heading == heading)


def colour_levels(book, sheet, first, end, left, right, words=None):
    """The colours of the screen on the rows from `first` up to `end`. They never tell alone: the digit or word stands there.

    Formulas of formatting only: an empty cell would count as level 0 where it is compared with a number.
    """
    if first >= end:
        return
    area = first, left, end - 1, right
    cell = f"{_letters(left)}{first + 1}"
    for digit, (ground, ink) in LEVEL_COLOURS.items():
        rule = {"type": "formula", "criteria": f"=AND(ISNUMBER({cell}),{cell}={digit})"}
        sheet.conditional_format(
            *area, rule | {"format": book.add_format({"bg_color": ground, "font_color": ink})}
        )
    for choice, values in ((UNKNOWN, UNKNOWN_LOOK), (NOT_APPLICABLE, NOT_APPLICABLE_LOOK)):
        word = f'"{(words or other_words())[choice]}"'
        sheet.conditional_format(
            *area, {"type": "cell", "criteria": "==", "value": word, "format": book.add_format(values)}
        )


def _letters(column):
    """A, B … Z, AA: the name of a column counted from 0."""
    first, last = divmod(column, 26)
    return (chr(64 + first) if first else "") + chr(65 + last)
