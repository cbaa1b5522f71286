"""What a filled-in workbook says, and what of it is refused, with row, column and reason. Touches no database."""

import re
from dataclasses import asdict, dataclass

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from standards.forms import SENTENCES
from standards.models import Requirement, Wording
from standards.text import UNSTORABLE, clean_text
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
from standards.workbook.tables import (
    FINDINGS_TOLD,
    NOT_A_HEADING,
    NOT_OURS,
    ODD,
    SHOWN,
    Finding,
    Keys,
    Refused,
    at,
    columns,
    find_headings,
    letter,
    opened,
)  # fmt: skip

SHIPPED_CHANGED = gettext_lazy(
    "The shipped text was changed in the workbook. Only the white column beside it is read."
)
SLUG, FINGERPRINT = re.compile(r"[-a-zA-Z0-9_]+"), re.compile("[0-9a-f]{64}")


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
    texts, state = opened(data, TEXTS, STATE)
    return Table(texts, State(state, release)).filled()


class State:
    """What the template noted about itself when it was downloaded. Raises `Refused` if it is another release's."""

    def __init__(self, rows, release):
        try:
            sign, number, standard, version, self.revision, self.downloaded = rows[0][:6]
            names = [name if name in Wording.FIELDS else None for name in rows[1][2:] if name]
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
        self.top, headings = find_headings(rows, str(KEY), TEXTS)
        self.rows = list(enumerate(rows[self.top :], self.top + 1))
        self.keys = Keys(self.rows, headings.index(str(KEY)))
        self.own = columns(headings, state.headings)
        self.shipped = columns(headings, state.shipped_headings)
        if not self.own:
            raise Refused(_("No column of the sheet '%s' has one of the template's headings.") % TEXTS)
        self._note_columns(headings)

    def _note_columns(self, headings):
        known = {str(KEY), str(CODE), str(ITEM), *self.state.headings, *self.state.shipped_headings}
        for column, heading in enumerate(headings):
            if heading and heading not in known:
                self._note(self.top, column, heading, NOT_A_HEADING)
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
                rows.append(
                    Row(number, self.keys.of(row), self.state.marks[self.keys.of(row)].against, texts)
                )
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
            return [Finding(number, letter(self.keys.column), str(KEY), wrong)], {}
        problems, texts = [], {}
        marks = self.state.marks[self.keys.of(row)]
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
        key, wrong = self.keys.of(row), self.keys.wrong(row)
        if wrong:
            return wrong
        if key not in self.state.marks or not SLUG.fullmatch(key):
            return _("'%s' is the key of no requirement in this template.") % key[:SHOWN]
        return ""

    def _note_dropped(self, number, column, heading, cell):
        if isinstance(cell, str) and UNSTORABLE.search(cell):
            self._note(number, column, heading, _("Characters that no screen can show were left out."))


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
