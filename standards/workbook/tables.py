"""What every workbook that comes back filled in has in common: how it is refused, and how its table is found.

Own wording and the answers of an assessment are read with the same words.
"""

from collections import defaultdict
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from xlsxwriter.utility import xl_col_to_name

from standards.workbook import cells

REFUSALS = {
    "password": gettext_lazy("This workbook has a password. Save it without one and upload it again."),
    "xls": gettext_lazy("This is a workbook of the old kind (.xls). Save it as an Excel workbook (.xlsx) and upload that."),
    "xlsb": gettext_lazy("This is a binary workbook (.xlsb). Save it as an Excel workbook (.xlsx) and upload that."),
    "ods": gettext_lazy("This is an OpenDocument file. Save it as an Excel workbook (.xlsx) and upload that."),
    "word": gettext_lazy("This is a Word document. Upload the workbook that was downloaded here."),
    "other": gettext_lazy("This is not an Excel workbook (.xlsx). Download the workbook here and fill that in."),
    "broken": gettext_lazy("This workbook cannot be read. Open it in Excel, save it as an Excel workbook (.xlsx) and upload that."),
    "bomb": gettext_lazy("This workbook unpacks to far more than it should. Copy your texts into a newly downloaded one."),
    "large": gettext_lazy("This workbook has texts far below or far to the right of the table. Delete them and upload it again."),
    "much": gettext_lazy("This workbook holds more text than all requirements together can have. Copy your texts into a newly downloaded one."),
}  # fmt: skip
ODD = {
    "formula": gettext_lazy("This cell holds a formula. Write the text itself."),
    "error": gettext_lazy("This cell holds an error value. Write the text itself."),
    "date": gettext_lazy(
        "This cell was turned into a date or time. Format it as text and write the text again."
    ),
    "logical": gettext_lazy("This cell holds TRUE or FALSE. Format it as text and write the text again."),
    "number": gettext_lazy("This cell was turned into a number. Format it as text and write the text again."),
}
NOT_OURS = gettext_lazy(
    "This workbook was not downloaded here: it lacks what a downloaded one carries along. "
    "Copy your texts into a newly downloaded one."
)
NOT_A_HEADING = gettext_lazy("This heading is not one of the workbook's own: the column is not read.")
HEADINGS_WITHIN = 10  # rows; somebody may have put lines of their own above the table
FINDINGS_TOLD = 300  # a workbook that is wrong throughout is not told so cell by cell
KEY_ROWS_SHOWN = 5  # rows that share a key
SHOWN = 60  # characters of what a file says of itself


class Refused(Exception):
    """Nothing of the file is used. The message is a sentence for the person who uploaded it."""


@dataclass(frozen=True)
class Finding:
    """What is wrong with a cell, or worth knowing about it. `column` is a letter, '' for the whole row."""

    row: int
    column: str
    heading: str
    sentence: str


def opened(data, table, state):
    """The rows of the sheets `table` and `state` of the .xlsx file `data`. Raises `Refused` with a sentence."""
    try:
        found, names = cells.cells_of(data, (table, state))
    except cells.Refused as refusal:
        raise Refused(REFUSALS[refusal.args[0]]) from None
    if state not in found:
        raise Refused(NOT_OURS)
    if table not in found:
        others = ", ".join(name[:SHOWN] for name in names if name != state)
        raise Refused(
            _("There is no sheet named '%(name)s' in this workbook. Its sheets are: %(others)s.")
            % {"name": table, "others": others}
        )
    return found[table], found[state]


def find_headings(rows, key, sheet):
    """(number of the row with the headings, the headings): the first row in which a cell says `key`."""
    for number, row in enumerate(rows[:HEADINGS_WITHIN], 1):
        headings = [" ".join(cell.split()) if isinstance(cell, str) else "" for cell in row]
        if key in headings:
            return number, headings
    raise Refused(
        _(
            "The headings are missing: none of the first rows of the sheet '%(sheet)s' has a cell that says '%(key)s'."
        )
        % {"sheet": sheet, "key": key}
    )


def columns(headings, known):
    """Name -> its column, counted from 0, of the `headings` that `known` (heading -> name) has."""
    found = {}
    for column, heading in enumerate(headings):
        name = known.get(heading)
        if name in found:
            raise Refused(
                _("Columns %(first)s and %(second)s of the sheet are both headed '%(heading)s'. Keep one of them.")
                % {"first": letter(found[name]), "second": letter(column), "heading": heading}
            )  # fmt: skip
        if name is not None:
            found[name] = column
    return found


class Keys:
    """The column that says which requirement a row is about."""

    def __init__(self, rows, column):
        """`rows` holds (number as people count, cells)."""
        self.column = column
        self.numbers = defaultdict(list)  # key -> the rows that have it
        for number, row in rows:
            self.numbers[self.of(row)].append(number)

    def of(self, row):
        value = at(row, self.column)
        return value.strip() if isinstance(value, str) else ""

    def wrong(self, row):
        """Why nobody can tell which requirement a row means; '' where it is plain."""
        key = self.of(row)
        if not key:
            return _("This row has no key, so nobody can tell which requirement it means.")
        if len(self.numbers[key]) > 1:
            return _("The key '%(key)s' is in rows %(rows)s. Keep one of them.") % {
                "key": key[:SHOWN],
                "rows": ", ".join(map(str, self.numbers[key][:KEY_ROWS_SHOWN])),
            }
        return ""


def at(row, column):
    return row[column] if column < len(row) else ""


def letter(column):
    """0 -> 'A'."""
    return xl_col_to_name(column)
