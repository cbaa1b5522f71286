"""What a filled-in questionnaire says that it did not say when it was downloaded, and what of it is refused, and why."""

from dataclasses import asdict, dataclass, field

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from assessments.forms.answers import BLANK, read_choice, read_note
from assessments.models import Answer, AnswerRevision
from assessments.rules.scoring import NOT_APPLICABLE, OPEN
from assessments.workbooks.layout import (
    ANSWER_CELLS,
    FORMAT,
    HEADINGS,
    KEY,
    QUESTIONNAIRE,
    READ,
    SIGN,
    VERSION,
    cells,
    choice_of,
    fingerprint,
    fits,
    reason_of,
    title,
)  # fmt: skip
from standards.text import clean_text
from standards.workbook.layout import STATE
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

LARGEST_WHOLE = 10**15  # beyond it a spreadsheet rounds whole numbers
# Characters; no name and no address of a person has more, and by all of it their copies are found.
WHOSE = 254


class Wrong(Exception):
    """A cell of a row cannot be used: the name of its column, and a sentence."""

    def __init__(self, name, sentence):
        self.name, self.sentence = name, sentence
        super().__init__(sentence)


@dataclass
class Said:
    """What a file says. `changes` are those of `AnswerImport`, and `carried` in their form the choices that it leaves as
    they were carried over; of `refused_rows`, `refused` explains the first."""

    downloaded: str
    downloaded_by: str
    changes: list = field(default_factory=list)
    carried: list = field(default_factory=list)
    untouched: int = 0
    refused_rows: int = 0
    refused: list = field(default_factory=list)
    noted: list = field(default_factory=list)

    def as_json(self):
        return asdict(self)


def read(data, assessment):
    """What the bytes of a workbook downloaded of `assessment` say, as `Said`. Raises `Refused` with a sentence."""
    table, state = opened(data, QUESTIONNAIRE, STATE)
    return Table(table, State(state, assessment), assessment).said()


class State:
    """What the workbook noted about itself when it was downloaded. Raises `Refused` if it is another assessment's."""

    def __init__(self, rows, assessment):
        try:
            sign, number, print_, whose, self.downloaded, self.downloaded_by = rows[0][:6]
            names = [name if name in HEADINGS else None for name in rows[1]]
            self.names = dict(zip(map(str, rows[2]), names, strict=False))
        except (IndexError, ValueError, TypeError):
            raise Refused(NOT_OURS) from None
        if (sign, number) != (SIGN, FORMAT):
            raise Refused(NOT_OURS)
        if print_ != fingerprint(assessment):
            raise Refused(
                _(
                    "This workbook is of another assessment, '%(theirs)s', and this page is for '%(ours)s'. "
                    "Nothing of it is used."
                )
                % {"theirs": str(whose)[:SHOWN], "ours": title(assessment)}
            )
        self.headings = {name: heading for heading, name in self.names.items() if name}
        if not set(READ) <= set(self.headings):
            raise Refused(NOT_OURS)


class Row:
    """One row of the table: its texts as written, and the answer it is about."""

    def __init__(self, number, texts, answer, seen):
        self.number, self.texts, self.answer, self.seen = number, texts, answer, seen
        self.kind = answer.requirement.kind

    def says(self, name, values):
        """Does the field `name` read as it does with these values? Cleaning makes texts equal that look equal."""
        expected = cells(name, values, self.kind)
        return all(
            isinstance(self.texts[cell], str) and clean_text(self.texts[cell]) == text
            for cell, text in zip(ANSWER_CELLS[name], expected, strict=True)
        )


class Table:
    """The sheet with the answers."""

    def __init__(self, rows, state, assessment):
        self.state, self.assessment = state, assessment
        self.answers = {answer.requirement.key: answer for answer in assessment.sheet()}
        self.top, headings = find_headings(rows, state.headings[KEY], QUESTIONNAIRE)
        self.rows = [
            (number, row)
            for number, row in enumerate(rows[self.top :], self.top + 1)
            if any(cell != "" for cell in row)
        ]
        self.columns = columns(headings, state.names)
        missing = [state.headings[name] for name in READ if name not in self.columns]
        if missing:
            raise Refused(
                _("The column '%(heading)s' is missing. Copy your answers into a newly downloaded workbook.")
                % {"heading": missing[0][:SHOWN]}
            )
        self.keys = Keys(self.rows, self.columns[KEY])
        self.found = Said(str(state.downloaded)[:SHOWN], str(state.downloaded_by)[:WHOSE])
        for place, heading in enumerate(headings):
            if heading and heading not in state.names:
                self._note(self.top, place, heading, NOT_A_HEADING)

    def _note(self, number, place, heading, sentence):
        self.found.noted.append(Finding(number, letter(place), heading[:SHOWN], str(sentence)))

    def _refuse(self, number, name, sentence):
        heading = self.state.headings[name][:SHOWN]
        self.found.refused.append(Finding(number, letter(self.columns[name]), heading, str(sentence)))
        self.found.refused_rows += 1

    def said(self):
        rows = self._readable()
        seen = values_seen([row for row in rows if not self._as_stored(row)])
        for row in rows:
            if row.answer.pk not in seen:
                self.found.untouched += 1
                self._note_carried(row, stored_choice(row))
                continue
            try:
                changes = self._changes(row, seen[row.answer.pk])
            except Wrong as wrong:
                self._refuse(row.number, wrong.name, wrong.sentence)
                continue
            self.found.changes += changes
            self.found.untouched += not changes
            written = [change["values"] for change in changes if change["field"] == Answer.CHOICE]
            self._note_carried(row, *(written or [seen[row.answer.pk][Answer.CHOICE]]))
        self.found.refused.sort(key=lambda finding: finding.row)
        del self.found.refused[FINDINGS_TOLD:], self.found.noted[FINDINGS_TOLD:]
        return self.found

    def _readable(self):
        """The rows that say which answer they are about, and which version of it they are based on."""
        rows = []
        for number, cells_ in self.rows:
            texts = {name: at(cells_, place) for name, place in self.columns.items()}
            try:
                answer = self._answer(cells_)
                rows.append(Row(number, texts, answer, version(texts[VERSION], answer)))
            except Wrong as wrong:
                self._refuse(number, wrong.name, wrong.sentence)
        return rows

    def _answer(self, row):
        key, wrong = self.keys.of(row), self.keys.wrong(row)
        if wrong:
            raise Wrong(KEY, wrong)
        if key in self.answers:
            return self.answers[key]
        if any(requirement.key == key for requirement in self.assessment.catalogue().values()):
            raise Wrong(KEY, _("This requirement is not asked in this assessment."))
        raise Wrong(KEY, _("'%s' is the key of no requirement in this release.") % key[:SHOWN])

    def _as_stored(self, row):
        return all(row.says(name, row.answer.standing(name)["values"]) for name in Answer.FIELDS)

    def _changes(self, row, seen):
        """What somebody wrote into a row, field by field. Raises `Wrong`."""
        changes = []
        for name, reader in ((Answer.CHOICE, choice_in), (Answer.NOTE, note_in)):
            if row.says(name, seen[name]):
                continue
            check_cells(row, name, seen[name])
            values = reader(row.texts)
            if name == Answer.CHOICE:
                self._note_needless_reason(row, values)
            if values != seen[name]:
                place = {"answer": row.answer.pk, "row": row.number, "field": name}
                changes.append(place | {"seen": seen[name], "values": values})
        return changes

    def _note_carried(self, row, values):
        """`values` are those of the choice in the file."""
        if row.answer.carried and values == stored_choice(row):
            place = {"answer": row.answer.pk, "row": row.number, "field": Answer.CHOICE}
            self.found.carried.append(place | {"seen": values, "values": values})

    def _note_needless_reason(self, row, values):
        if values["choice"] != NOT_APPLICABLE and (row.texts["reason"] or row.texts["reason_text"]):
            name = "reason" if row.texts["reason"] else "reason_text"
            sentence = _("A reason belongs to 'Not applicable' only: it is not read.")
            self._note(row.number, self.columns[name], self.state.headings[name], sentence)


def stored_choice(row):
    return row.answer.standing(Answer.CHOICE)["values"]


def version(cell, answer):
    """The version of the answer that a row is based on. Raises `Wrong`."""
    if isinstance(cell, str) and cell.strip().isascii() and cell.strip().isdigit():
        cell = int(cell.strip()[:10])
    if not isinstance(cell, int | float) or not float(cell).is_integer() or cell < 0:
        raise Wrong(VERSION, _("This row has lost the version it was downloaded with. Copy your answer into a newly downloaded workbook."))  # fmt: skip
    if cell > answer.version:
        raise Wrong(VERSION, _("This row is based on a version that was never saved here. Copy your answer into a newly downloaded workbook."))  # fmt: skip
    return int(cell)


def values_seen(rows):
    """Answer id -> field -> its values when the workbook was downloaded, for each of `rows`."""
    seen = {row.answer.pk: {name: row.answer.standing(name)["values"] for name in BLANK} for row in rows}
    since = {row.answer.pk: row.seen for row in rows if row.seen < row.answer.version}
    newest = {(pk, name): None for pk in since for name in BLANK}
    saved = AnswerRevision.objects.filter(answer__in=since).order_by("version")
    for pk, answer, name, number in saved.values_list("pk", "answer", "field", "version"):
        if number <= since[answer]:
            newest[answer, name] = pk
    revisions = AnswerRevision.objects.in_bulk([pk for pk in newest.values() if pk])
    for (answer, name), pk in newest.items():
        seen[answer][name] = revisions[pk].values if pk else dict(BLANK[name])
    return seen


def check_cells(row, name, seen):
    """Turns the cells of a field into texts. Raises `Wrong` for what is no text, and for a text that a cell cannot hold."""
    for cell, shown in zip(ANSWER_CELLS[name], cells(name, seen, row.kind), strict=True):
        found = row.texts[cell]
        if isinstance(found, dict):
            raise Wrong(cell, ODD[found["is"]])
        if isinstance(found, int | float):
            if not float(found).is_integer() or abs(found) > LARGEST_WHOLE:
                raise Wrong(cell, ODD["number"])
            row.texts[cell] = str(int(found))
        stood = clean_text(seen.get(cell, ""))
        if cell in ("note", "reason_text") and not fits(stood) and clean_text(row.texts[cell]) != shown:
            raise Wrong(cell, _("This text could not be shown in the workbook. Edit it on its page."))


def choice_in(texts):
    """The values of the choice. Raises `Wrong`."""
    choice, reason = choice_of(texts["level"]), reason_of(texts["reason"])
    if choice is None:
        raise Wrong("level", _("'%s' is not in the list. Write a level from 0 to 3, 'Not known' or 'Not applicable'.") % texts["level"][:SHOWN])  # fmt: skip
    if choice == OPEN:
        if reason != "" or clean_text(texts["reason_text"]):
            raise Wrong("level", _("There is a reason and no level. Write 'Not applicable' here, or empty the reason."))  # fmt: skip
        return dict(BLANK[Answer.CHOICE])
    if choice == NOT_APPLICABLE and reason is None:
        raise Wrong("reason", _("'%s' is none of the reasons in the list. Choose 'Another reason' and say it in words.") % texts["reason"][:SHOWN])  # fmt: skip
    try:
        return read_choice({"choice": choice, "reason": reason, "reason_text": texts["reason_text"]})
    except ValidationError as error:
        raise Wrong("reason_text" if reason else "reason", error.message) from None


def note_in(texts):
    """The values of the note. Raises `Wrong`."""
    try:
        return read_note(texts)
    except ValidationError as error:
        raise Wrong("note", error.message) from None
