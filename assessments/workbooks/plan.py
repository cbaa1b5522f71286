"""What a workbook would change in its assessment as it is now, and doing that."""

from dataclasses import dataclass, field
from functools import cached_property

from django.db import transaction
from django.utils.translation import gettext as _

from assessments.forms.answers import BLANK, AnswerForm
from assessments.models import Activity, Answer, AnswerRevision, Verb
from assessments.workbooks.layout import HEADINGS, KEY
from standards import diffs
from standards.workbook.tables import Finding

STAYS_SHOWN = 120  # characters on each side of a change, in text that stays
RUN_SHOWN, NOTE_SHOWN = (
    700,
    4000,
)  # characters of one run of a note, and of all; what is cut is cut on the page only


class Overtaken(Exception):
    """Rows were saved by somebody while the dry run was looked at: the ids of their answers. Nothing is applied."""

    def __init__(self, answers):
        self.answers = answers
        super().__init__()


@dataclass(frozen=True)
class Change:
    """One field of one answer before and after. `told` is what the file says of it, or what was applied."""

    answer: Answer
    told: dict
    before: dict
    after: dict

    @property
    def field(self):
        return self.told["field"]

    @property
    def label(self):
        return _("Note") if self.field == Answer.NOTE else _("Answer")

    @property
    def new(self):
        return self.before == BLANK[self.field]

    @property
    def taken_back(self):
        return self.field == Answer.CHOICE and self.after == BLANK[self.field]

    @property
    def confirms(self):
        """Does it say that what was carried over still holds?"""
        return self.field == Answer.CHOICE and self.before == self.after

    @property
    def words_before(self):
        return AnswerForm(self.answer).in_words(self.before)

    @property
    def words_after(self):
        return AnswerForm(self.answer).in_words(self.after)

    @property
    def pieces(self):
        """A note word by word, without the long stretches in which nothing happens."""
        return brief(differing(self.before["note"], self.after["note"]))


@dataclass
class Entry:
    """What a row changes. `conflicts` were saved here since the download, as something else than the file says."""

    answer: Answer
    number: int
    changes: list = field(default_factory=list)
    conflicts: list = field(default_factory=list)
    accepted: bool = True
    overwritten: bool = False
    overtaken: bool = False
    saved: AnswerRevision | None = None  # the newest save that is in the way

    @property
    def tick(self):
        """What its checkbox sends: the answer, and the version of it that was on the page."""
        return f"{self.answer.pk}:{self.answer.version}"

    @property
    def new(self):
        return all(change.new for change in self.changes)


@dataclass
class Plan:
    """What would happen, in the standard's order."""

    entries: list
    refused: list
    refused_rows: int
    same: int
    carried: list = field(default_factory=list)  # entries whose choice stays and could be confirmed
    confirmed: bool = False  # is the box for all of them ticked?

    @cached_property
    def changing(self):
        return [entry for entry in self.entries if entry.changes]

    @cached_property
    def conflicting(self):
        return [entry for entry in self.entries if entry.conflicts]

    @property
    def new(self):
        return sum(entry.new for entry in self.changing)

    @property
    def changed(self):
        return len(self.changing) - self.new

    @property
    def taken_back(self):
        return sum(change.taken_back for entry in self.changing for change in entry.changes)

    @property
    def confirm_tick(self):
        """What the one checkbox for all of `carried` sends."""
        return ".".join(entry.tick for entry in self.carried)

    @property
    def ticked(self):
        return sum(entry.accepted for entry in self.changing) + sum(
            entry.overwritten for entry in self.conflicting
        )

    def tick(self, ticks, overtaken):
        """Tick what was ticked before, but for conflicts that were not on the page then."""
        self.confirmed = bool(ticks.confirm)
        for entry in self.entries:
            entry.accepted = entry.answer.pk in ticks.accept
            entry.overwritten = ticks.overwrite.get(entry.answer.pk) == entry.answer.version
            entry.overtaken = entry.answer.pk in overtaken


def plan(done):
    """What the file of the `AnswerImport` would change now."""
    answers = {answer.pk: answer for answer in done.assessment.sheet()}
    said = done.said
    found = Plan([], [Finding(**each) for each in said["refused"]], said["refused_rows"], said["untouched"])
    entries = {}
    for told in said["changes"]:
        answer = answers.get(told["answer"])
        if sentence := _refusal(answer, told):
            found.refused.append(Finding(told["row"], "", str(HEADINGS[KEY]), sentence))
            found.refused_rows += 1
            continue
        add(entries.setdefault(answer.pk, Entry(answer, told["row"])), told)
    for pk in answers:
        if entry := entries.get(pk):
            worth_showing = entry.changes or entry.conflicts
            found.entries += [entry] if worth_showing else []
            found.same += not worth_showing
    # A dry run of an older release of copcready has none.
    found.carried = carried(said.get("carried", ()), answers)
    name_savers(found.conflicting)
    return found


def _refusal(answer, told):
    """Why what the file says of an answer cannot be taken; empty where it can, or where it says what stands there."""
    if answer is None:
        return _("This requirement is not asked in this assessment any more.")
    follows = told["field"] == Answer.CHOICE and answer.shown is not None
    if follows and told["values"] != answer.standing(Answer.CHOICE)["values"]:
        return _(
            "Its level follows from the metrics. To say otherwise, overrule it on its page and give the reason."
        )
    return ""


def carried(left_as_they_are, answers):
    """Entries for the choices that the file leaves as they were carried over, where nobody has changed or confirmed them."""
    found = []
    for told in left_as_they_are:
        answer = answers.get(told["answer"])
        stored = answer and answer.standing(Answer.CHOICE)["values"]
        if answer and answer.carried and stored == told["values"]:
            change = Change(answer, told, stored, stored)
            found.append(Entry(answer, told["row"], [change]))
    return found


def add(entry, told):
    """Three texts decide: what was downloaded, what the file says, and what is stored now."""
    stored = entry.answer.standing(told["field"])["values"]
    if stored != told["values"]:
        change = Change(entry.answer, told, stored, told["values"])
        (entry.changes if stored == told["seen"] else entry.conflicts).append(change)


def name_savers(entries):
    """Who saved what is in the way, and when, from one query."""
    rows = AnswerRevision.objects.filter(answer__in=[entry.answer.pk for entry in entries])
    newest = {}
    for revision in rows.select_related("by").defer("values").order_by("version"):
        newest[revision.answer_id, revision.field] = revision
    for entry in entries:
        saves = [newest.get((entry.answer.pk, change.field)) for change in entry.conflicts]
        entry.saved = max(filter(None, saves), key=lambda revision: revision.version, default=None)


@transaction.atomic
def apply(done, ticks, *, by):
    """Saves the rows that were ticked, all or none; how many there were, or None where it was applied already.

    Raises `Overtaken` where somebody saved one of them while the dry run was looked at, and PermissionDenied where the
    assessment is for reading only.
    """
    done.take_turns()
    if done.applied_at:
        return None
    wanted, rows, overtaken = [], set(), set()
    found = plan(done)
    for entry in found.entries:
        for changes, shown in ((entry.changes, ticks.accept), (entry.conflicts, ticks.overwrite)):
            if entry.answer.pk not in shown:
                continue
            if shown[entry.answer.pk] != entry.answer.version:
                overtaken.add(entry.answer.pk)
            wanted += [(entry.answer, change.told) for change in changes]
            rows.add(entry.answer.pk)
    if overtaken:
        raise Overtaken(overtaken)
    # No version decides here: whatever else of the answer was saved meanwhile, its choice is the one that was shown.
    for entry in found.carried:
        if entry.answer.pk in ticks.confirm:
            wanted += [(entry.answer, change.told) for change in entry.changes]
            rows.add(entry.answer.pk)
    if wanted:
        done.apply(wanted, by=by)
        Activity.objects.about(done.assessment, Verb.ANSWERS_IMPORTED, done.file_name, by=by)
    return len(rows)


def told(done, changes):
    """Entries of what was applied, in the standard's order, for those `changes` of it."""
    by_answer = {}
    for change in changes:
        by_answer.setdefault(change["answer"], []).append(change)
    entries = []
    for answer in done.assessment.sheet():
        if found := by_answer.get(answer.pk):
            shown = [Change(answer, each, each["before"]["values"], each["values"]) for each in found]
            entries.append(Entry(answer, found[0]["row"], shown))
    return entries


# ---- long notes on a page -------------------------------------------------------------------------------------------


def differing(old, new):
    """The two texts word by word. What both begin and end with is set aside first: two long notes differ in few words."""
    head = common(old, new)
    tail = common(old[head:][::-1], new[head:][::-1])
    middle = diffs.words(old[head : len(old) - tail], new[head : len(new) - tail])
    around = diffs.Piece(diffs.SAME, old[:head]), diffs.Piece(diffs.SAME, old[len(old) - tail :])
    return [piece for piece in (around[0], *middle, around[1]) if piece.text]


def common(one, other):
    """Up to which place two texts are the same, in whole words."""
    pairs = enumerate(zip(one, other, strict=False))
    same = next((place for place, (here, there) in pairs if here != there), min(len(one), len(other)))
    if same == len(one) == len(other):
        return same
    return one.rfind(" ", 0, same) + 1


def brief(pieces):
    """The pieces with what stays shortened to its ends, and no more of them than a page bears."""
    shown, left = [], NOTE_SHOWN
    for place, piece in enumerate(pieces):
        text = piece.text
        if piece.kind == diffs.SAME:
            text = ends(text, first=place == 0, last=place == len(pieces) - 1)
        elif len(text) > RUN_SHOWN:
            text = text[:RUN_SHOWN] + more(len(text) - RUN_SHOWN)
        shown.append(diffs.Piece(piece.kind, text))
        left -= len(text)
        rest = sum(len(later.text) for later in pieces[place + 1 :])
        if left < 0 and rest:
            return [*shown, diffs.Piece(diffs.SAME, more(rest))]
    return shown


def more(characters):
    return _("… (%s more characters are not shown here)") % f"{characters:,}"


def ends(text, *, first, last):
    """What stays: its last words before the first change, its first after the last one, both in between."""
    if len(text) <= 2 * STAYS_SHOWN:
        return text
    head = "" if first and not last else text[:STAYS_SHOWN]
    tail = "" if last and not first else text[-STAYS_SHOWN:]
    return f"{head} … {tail}"
