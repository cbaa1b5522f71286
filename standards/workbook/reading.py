"""What a filled-in workbook says, and what of it is refused, with row, column and reason. Touches no database."""

import re
from collections import defaultdict
from dataclasses import asdict, dataclass

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from xlsxwriter.utility import xl_col_to_name

from standards.forms import SENTENCES
from standards.models import Requirement, Wording
from standards.text import UNSTORABLE, clean_text
from standards.workbook import cells
from standards.workbook.layout import (
    CODE,
    FORMAT,
    ITEM,
    KEY,
    SIGN,
    STATE,
    TEXTS,
    mark,
    own_heading,
    shipped_heading,
    typed,
)  # fmt: skip

REFUSALS = {
    "password": gettext_lazy("This workbook has a password. Save it without one and upload it again."),
    "xls": gettext_lazy("This is a workbook of the old kind (.xls). Save it as an Excel workbook (.xlsx) and upload that."),
    "xlsb": gettext_lazy("This is a binary workbook (.xlsb). Save it as an Excel workbook (.xlsx) and upload that."),
    "ods": gettext_lazy("This is an OpenDocument file. Save it as an Excel workbook (.xlsx) and upload that."),
    "word": gettext_lazy("This is a Word document. Upload the workbook that was downloaded here."),
    "other": gettext_lazy("This is not an Excel workbook (.xlsx). Download the template and fill that in."),
    "broken": gettext_lazy("This workbook cannot be read. Open it in Excel, save it as an Excel workbook (.xlsx) and upload that."),
    "bomb": gettext_lazy("This workbook unpacks to far more than it should. Copy your texts into a newly downloaded template."),
    "large": gettext_lazy("This workbook has texts far below or far to the right of the table. Delete them and upload it again."),
    "much": gettext_lazy("This workbook holds more text than all requirements together can have. Copy your texts into a newly downloaded template."),
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
    "This workbook was not downloaded here: it lacks what the template carries along. "
    "Copy your texts into a newly downloaded template."
)
SHIPPED_CHANGED = gettext_lazy(
    "The shipped text was changed in the workbook. Only the white column beside it is read."
)
HEADINGS_WITHIN = 10  # rows; somebody may have put lines of their own above the table
FINDINGS_TOLD = 300  # a workbook that is wrong throughout is not told so cell by cell
KEY_ROWS_SHOWN = 5  # rows that share a key
SHOWN = 60  # characters of what a file says of itself
SLUG, FINGERPRINT = re.compile(r"[-a-zA-Z0-9_]+"), re.compile("[0-9a-f]{64}")


class Refused(Exception):
    """Nothing of the file is used. The message is a sentence for the person who uploaded it."""


@dataclass(frozen=True)
class Finding:
    """What is wrong with a cell, or worth knowing about it. `column` is a letter, '' for the whole row."""

    row: int
    column: str
    heading: str
    sentence: str


@dataclass(frozen=True)
class Row:
    """What somebody wrote about one requirement.

    `against` is the fingerprint of the shipped text beside it; `texts` has, for each cell that was filled in or emptied
    since the download, [mark of the own text at the download, own text now]; None means as shipped.
    """

    number: int
    key: str
    against: str
    texts: dict


@dataclass(frozen=True)
class Filled:
    """A workbook that was filled in, as plain values. `refused_rows` counts rows, of which `refused` explains the first."""

    revision: str
    downloaded: str
    rows: list
    untouched: int
    refused_rows: int
    refused: list
    noted: list

    def as_json(self):
        return asdict(self)

    @classmethod
    def from_json(cls, values):
        rows = [Row(**row) for row in values["rows"]]
        findings = {name: [Finding(**found) for found in values[name]] for name in ("refused", "noted")}
        return cls(**{**values, "rows": rows, **findings})


def read(data, release):
    """The bytes of a workbook, downloaded as template of `release`, as a `Filled`. Raises `Refused` with a sentence."""
    try:
        found, names = cells.cells_of(data, (TEXTS, STATE))
    except cells.Refused as refusal:
        raise Refused(REFUSALS[refusal.args[0]]) from None
    if STATE not in found:
        raise Refused(NOT_OURS)
    if TEXTS not in found:
        others = ", ".join(name[:SHOWN] for name in names if name != STATE)
        raise Refused(
            _("There is no sheet named '%(name)s' in this workbook. Its sheets are: %(others)s.")
            % {"name": TEXTS, "others": others}
        )
    return Table(found[TEXTS], State(found[STATE], release)).filled()


class State:
    """What the template noted about itself when it was downloaded. Raises `Refused` if it is another release's."""

    def __init__(self, rows, release):
        try:
            sign, number, standard, version, self.revision, self.downloaded = rows[0][:6]
            names = [name for name in rows[1][2:] if name]
            own, shipped = (map(str, row[2:]) for row in rows[2:4])
            self.headings = dict(zip(own, names, strict=False))
            self.shipped_headings = dict(zip(shipped, names, strict=False))
            self.marks = {row[0]: Marks(names, row[1:]) for row in rows[4:]}
        except (IndexError, ValueError, TypeError):
            raise Refused(NOT_OURS) from None
        if (sign, number) != (SIGN, FORMAT):
            raise Refused(NOT_OURS)
        if (standard, version) != release.natural_key():
            raise Refused(
                _(
                    "This workbook is for release %(version)s of '%(standard)s', and this page is for %(release)s. "
                    "Nothing of it is used."
                )
                % {"version": str(version)[:SHOWN], "standard": str(standard)[:SHOWN], "release": release}
            )


class Marks:
    """What a row of the template held when it was downloaded."""

    def __init__(self, names, row):
        self.against = row[0] if isinstance(row[0], str) and FINGERPRINT.fullmatch(row[0]) else ""
        self.own = dict(zip(names, row[1:], strict=False))
        self.shipped = dict(zip(names, row[1 + len(names) :], strict=False))


class Table:
    """The sheet with the texts, beside what the template noted."""

    def __init__(self, rows, state):
        self.state, self.refused, self.noted = state, [], []
        self.top, headings = find_headings(rows)
        self.rows = list(enumerate(rows[self.top :], self.top + 1))
        self.key_column = headings.index(str(KEY))
        self.own = self._columns(headings, state.headings)
        self.shipped = self._columns(headings, state.shipped_headings)
        if not self.own:
            raise Refused(_("No column of the sheet '%s' has one of the template's headings.") % TEXTS)
        self._note_columns(headings)
        self.numbers = defaultdict(list)  # key -> the rows that have it
        for number, row in self.rows:
            self.numbers[self._key(row)].append(number)

    def _columns(self, headings, known):
        """Field -> its column, counted from 0."""
        columns = {}
        for column, heading in enumerate(headings):
            name = known.get(heading)
            if name in columns:
                raise Refused(
                    _(
                        "Columns %(first)s and %(second)s of the sheet are both headed '%(heading)s'. Keep one of them."
                    )
                    % {"first": letter(columns[name]), "second": letter(column), "heading": heading}
                )
            if name in Wording.FIELDS:
                columns[name] = column
        return columns

    def _note_columns(self, headings):
        known = {str(KEY), str(CODE), str(ITEM), *self.state.headings, *self.state.shipped_headings}
        for column, heading in enumerate(headings):
            if heading and heading not in known:
                self._note(
                    self.top,
                    column,
                    heading,
                    _("This heading is not one of the template's: the column is not read."),
                )
        for heading, name in self.state.headings.items():
            if name in Wording.FIELDS and name not in self.own:
                self._note(
                    self.top,
                    None,
                    heading,
                    _("There is no such column in the workbook: these texts stay as they are."),
                )

    def _note(self, number, column, heading, sentence):
        self.noted.append(
            Finding(number, "" if column is None else letter(column), heading[:SHOWN], str(sentence))
        )

    def _key(self, row):
        value = at(row, self.key_column)
        return value.strip() if isinstance(value, str) else ""

    def filled(self):
        rows, untouched, refused_rows = [], 0, 0
        for number, row in self.rows:
            if not any(cell != "" for cell in row):
                continue
            problems, texts = self._read(number, row)
            if problems:
                self.refused += problems
                refused_rows += 1
            elif texts:
                rows.append(Row(number, self._key(row), self.state.marks[self._key(row)].against, texts))
            else:
                untouched += 1
        return Filled(
            revision=str(self.state.revision)[:SHOWN],
            downloaded=str(self.state.downloaded)[:SHOWN],
            rows=rows,
            untouched=untouched,
            refused_rows=refused_rows,
            refused=self.refused[:FINDINGS_TOLD],
            noted=self.noted[:FINDINGS_TOLD],
        )

    def _read(self, number, row):
        """What is wrong with a row, and what was written in it."""
        wrong = self._wrong_key(row)
        if wrong:
            return [Finding(number, letter(self.key_column), str(KEY), wrong)], {}
        problems, texts = [], {}
        marks = self.state.marks[self._key(row)]
        for name, column in self.own.items():
            cell, before = at(row, column), marks.own.get(name, "")
            if not isinstance(cell, dict) and mark(name, cell) == before:
                continue
            try:
                value = written(name, cell)
            except ValidationError as error:
                problems.append(Finding(number, letter(column), own_heading(name), " ".join(error.messages)))
                continue
            texts[name] = [before, value]
            self._note_dropped(number, column, own_heading(name), cell)
        for name, column in self.shipped.items():
            cell = at(row, column)
            if isinstance(cell, dict) or mark(name, cell) != marks.shipped.get(name):
                self._note(number, column, shipped_heading(name), SHIPPED_CHANGED)
        return problems, texts

    def _wrong_key(self, row):
        key = self._key(row)
        if not key:
            return _("This row has no key, so nobody can tell which requirement it means.")
        if len(self.numbers[key]) > 1:
            return _("The key '%(key)s' is in rows %(rows)s. Keep one of them.") % {
                "key": key[:SHOWN],
                "rows": ", ".join(map(str, self.numbers[key][:KEY_ROWS_SHOWN])),
            }
        if key not in self.state.marks or not SLUG.fullmatch(key):
            return _("'%s' is the key of no requirement in this template.") % key[:SHOWN]
        return ""

    def _note_dropped(self, number, column, heading, cell):
        if isinstance(cell, str) and UNSTORABLE.search(cell):
            self._note(number, column, heading, _("Characters that no screen can show were left out."))


def find_headings(rows):
    """(number of the row with the headings, the headings)."""
    for number, row in enumerate(rows[:HEADINGS_WITHIN], 1):
        headings = [" ".join(cell.split()) if isinstance(cell, str) else "" for cell in row]
        if str(KEY) in headings:
            return number, headings
    raise Refused(
        _(
            "The headings are missing: none of the first rows of the sheet '%(sheet)s' has a cell that says '%(key)s'."
        )
        % {"sheet": TEXTS, "key": KEY}
    )


def at(row, column):
    return row[column] if column < len(row) else ""


def letter(column):
    """0 -> 'A'."""
    return xl_col_to_name(column)


def written(name, cell):
    """The value somebody wrote into a cell, None for an empty one. Raises ValidationError with the reason it is refused."""
    if isinstance(cell, dict):
        raise ValidationError(ODD[cell["is"]])
    if isinstance(cell, float | int):
        if name in Requirement.WORDS:
            raise ValidationError(ODD["number"])
        cell = str(cell)
    if name in SENTENCES:
        lines = sum(bool(line.strip()) for line in clean_text(cell).split("\n"))
        if lines > 1:
            raise ValidationError(_("This text is one line, and the cell has %s. Join them.") % lines)
    return typed(name, cell)
