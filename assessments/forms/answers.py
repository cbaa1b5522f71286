"""The answers of one item: as a page shows them, and as a request brings them back.

Plain objects instead of Django forms. A page has up to eight requirements with ten controls each, and measured, widgets
cost twice the plain template and crispy-forms four times; every save by itself goes through here as well.
"""

import json
import re
from dataclasses import dataclass, field
from random import uniform
from secrets import token_hex
from time import sleep

from django.core.exceptions import ValidationError
from django.db import OperationalError, connection
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assessments.models import Answer, AnswerRevision, Conflict
from assessments.rules.scoring import CHOICES, LEVEL_CHOICES, NOT_APPLICABLE, OPEN, UNKNOWN
from standards.models import Requirement
from standards.text import NOTE_LIMIT, clean_text

LEVEL_WORDS = {
    Requirement.PRACTICE: (
        gettext_lazy("Nothing in place"),
        gettext_lazy("Designed only"),
        gettext_lazy("Partly in use"),
        gettext_lazy("In place"),
    ),
    Requirement.RESULT: (
        gettext_lazy("Not measured"),
        gettext_lazy("Below target"),
        gettext_lazy("At target, not sustained"),
        gettext_lazy("At target and sustained"),
    ),
}
TRIES = 3
SHOWN_AT_ONCE = 500  # answers on one page; the largest domain asks about a hundred
REASON_LIMIT = Answer._meta.get_field("reason_text").max_length
KEY = re.compile(r"[0-9A-Za-z-]{1,40}")
VERSION = re.compile(r"[0-9]{1,9}")
STORED = ["choice", "reason", "reason_text", "note", "version"]
BLANK = {Answer.CHOICE: {"choice": OPEN, "reason": "", "reason_text": ""}, Answer.NOTE: {"note": ""}}


def read_choice(data, suffix=""):
    """What `Answer.record_choice` takes. Raises ValidationError with the sentence to show.

    A choice sent empty takes the answer back; one that was not sent at all is a mistake.
    """
    choice = data.get(f"choice{suffix}")
    if choice not in (OPEN, *CHOICES):
        raise ValidationError(_("Choose one of the six answers."))
    if choice != NOT_APPLICABLE:
        return {"choice": choice, "reason": "", "reason_text": ""}
    reason, text = data.get(f"reason{suffix}", ""), clean_text(data.get(f"reason_text{suffix}", ""))
    if reason not in Answer.Reason.values:
        raise ValidationError(_("Choose why this does not apply."))
    if reason == Answer.Reason.OTHER and not text:
        raise ValidationError(_("Say in a few words why this does not apply."))
    if len(text) > REASON_LIMIT:
        raise ValidationError(_too_long(_("The reason"), text, REASON_LIMIT))
    return {"choice": choice, "reason": reason, "reason_text": text}


def read_note(data, suffix=""):
    """What `Answer.record_note` takes. Raises ValidationError with the sentence to show."""
    note = clean_text(data.get(f"note{suffix}", ""))
    if len(note) > NOTE_LIMIT:
        raise ValidationError(_too_long(_("The note"), note, NOTE_LIMIT))
    return {"note": note}


def _too_long(what, text, limit):
    return _("%(what)s has %(length)s characters; at most %(limit)s can be saved. Shorten it.") % {
        "what": what,
        "length": f"{len(text):,}",
        "limit": f"{limit:,}",
    }


def read_seen(text):
    """Answer -> version, of the answers a page shows, from `12:3.13:0`; what is not written so is left out."""
    pairs = (part.split(":") for part in text.split(".")[:SHOWN_AT_ONCE])
    return {
        int(pair[0]): int(pair[1]) for pair in pairs if len(pair) == 2 and all(map(VERSION.fullmatch, pair))
    }


READERS = {Answer.CHOICE: read_choice, Answer.NOTE: read_note}


def patiently(save):
    """What `save` returns, called until the database is free: three times at most, then its OperationalError is raised."""
    for attempt in range(1, TRIES):
        try:
            return save()
        except OperationalError:
            if not connection.in_atomic_block:
                connection.close_if_unusable_or_obsolete()
            sleep(uniform(0.05, 0.2) * attempt)  # noqa: S311 - only so that two savers do not meet again
    return save()


@dataclass(frozen=True)
class Disagreement:
    """Two people saved the same field: what the sender wants, and the revision that is stored."""

    mine: str
    theirs: str
    revision: AnswerRevision

    @property
    def values(self):
        """What is stored, for the script that puts it into the fields."""
        return json.dumps(self.revision.values)


@dataclass
class AnswerForm:
    """One requirement on the page. `data` is what was sent; `suffix` ends the names of its controls on a page of many.

    After `save`, what was stored is in `sent`, and what could not be in `refused` (field -> sentence) or `conflicts`
    (field -> `Disagreement`); `kept` holds what was typed so that it is shown again.
    """

    answer: Answer
    data: dict | None = None
    suffix: str = ""
    refused: dict = field(default_factory=dict)
    conflicts: dict = field(default_factory=dict)
    kept: dict = field(default_factory=dict)
    sent: dict = field(default_factory=dict)
    last_time: str = ""  # what was chosen in the assessment before
    held: list = field(default_factory=list)  # its evidence in force

    # ---- as the page shows it

    @property
    def shown(self):
        """The values of the controls, the version each field was read at included."""
        answer = self.answer
        stored = {name: getattr(answer, name) for name in STORED}
        return stored | {"choice_version": answer.version, "note_version": answer.version} | self.kept

    @property
    def saved_by(self):
        """Who saved anything of it last."""
        answer = self.answer
        return answer.noted_by if answer.saved_at == answer.noted_at else answer.answered_by

    @property
    def status(self):
        """The HTTP status that says how saving ended."""
        return 409 if self.conflicts else 422 if self.refused else 200

    def in_words(self, values):
        """A field's values as the two sides of a conflict show them."""
        if "note" in values:
            return values["note"] or _("No note")
        choice = values["choice"]
        if choice in LEVEL_CHOICES:
            return str(LEVEL_WORDS[self.answer.requirement.kind][int(choice)])
        if choice != NOT_APPLICABLE:
            return _("Not known") if choice == UNKNOWN else _("Not answered")
        why = [str(Answer.Reason(values["reason"]).label), values["reason_text"]]
        return _("Not applicable. %(why)s") % {"why": ": ".join(part for part in why if part)}

    @property
    def values(self):
        """What is stored, for the script that puts it into the fields."""
        return json.dumps({name: getattr(self.answer, name) for name in STORED if name != "version"})

    @property
    def overtaken(self):
        """What is stored by now, for the script, where a repeated request found something else saved on top of it."""
        found = {part: getattr(self.answer, part) for part in self.sent}
        return json.dumps(found) if found != self.sent else ""

    # ---- as a request brings it back

    def save(self, name, by):
        """Store the field `name` as it was sent."""
        try:
            values, version = READERS[name](self.data, self.suffix), self._version(name)
            record = {Answer.CHOICE: self.answer.record_choice, Answer.NOTE: self.answer.record_note}[name]
            patiently(lambda: record(**values, by=by, version=version, key=self._key()))
            self.sent = values
        except ValidationError as error:
            self.refused[name] = error.message
            self.keep(name)
        except Conflict as conflict:
            stored = conflict.revision
            self.conflicts[name] = Disagreement(self.in_words(values), self.in_words(stored.values), stored)
            self.keep(name)

    def flag(self):
        """Whether the flag's button of a page of many was pressed, and so the flag changed."""
        wanted = self.data.get(f"flag{self.suffix}")
        if wanted not in ("on", "off"):
            return False
        self.answer.flag(wanted == "on")
        return True

    def changed(self, name):
        """Did the sender change the field `name` of a page of many? What is sent back as it was loaded is no change."""
        if name + self.suffix not in self.data or f"theirs-{name}{self.suffix}" in self.data:
            return False
        try:
            values, version = READERS[name](self.data, self.suffix), self._version(name)
        except ValidationError:
            return True
        if self._confirms(name):
            return True
        if self._stores(values):
            return False
        if version == self.answer.version:
            return True
        loaded = self.answer.revisions.filter(field=name, version__lte=version).last()
        return values != (loaded.values if loaded else BLANK[name])

    def _confirms(self, name):
        """Is a carried-over answer sent to be confirmed, alone or with all of its page?"""
        asked = {f"confirm{self.suffix}", "confirm-all"} & self.data.keys()
        return name == Answer.CHOICE and self.answer.carried and bool(asked)

    def keep(self, name):
        """Show what was typed, still at the version it was read at."""
        for part in BLANK[name]:
            self.kept[part] = clean_text(self.data.get(part + self.suffix, ""))
        self.kept[f"{name}_version"] = self.data.get(f"{name}-version{self.suffix}", "")

    def _stores(self, values):
        return all(getattr(self.answer, part) == value for part, value in values.items())

    def _version(self, name):
        own = f"{name}-version{self.suffix}" if self.suffix else "version"
        version = self.data.get(f"mine-{name}{self.suffix}") or self.data.get(own, "")
        if not VERSION.fullmatch(version):
            raise ValidationError(_("This page is out of date. Load it again, then repeat the change."))
        return int(version)

    def _key(self):
        key = self.data.get("key", "")
        return key if KEY.fullmatch(key) else ""


class ItemForm:
    """All requirements of one page, an item's or a whole domain's, and its one Save button where there is no JavaScript."""

    def __init__(self, answers, data=None, last_time=None, held=None):
        """`last_time` is what was chosen in the assessment before by requirement key, `held` evidence by answer id."""
        before, held = last_time or {}, held or {}
        self.rows = [
            AnswerForm(
                answer,
                data,
                f"-{answer.pk}",
                last_time=before.get(answer.requirement.key, ""),
                held=held.get(answer.pk, []),
            )
            for answer in answers
        ]
        self.key = token_hex(16)  # names the save this page may bring; a repeat carries the same
        self.saved = 0
        self.busy = False

    def save(self, by):
        """Store every field that was changed, each by itself: what is wrong with one does not hold up the others."""
        try:
            for row, name in self._changed():
                row.save(name, by)
                self.saved += name not in row.refused and name not in row.conflicts
            for row in self.rows:
                self.saved += row.flag()
        except OperationalError:
            self.busy = True
        if self.status != 200:
            self._reload()

    @property
    def status(self):
        statuses = {503} if self.busy else {row.status for row in self.rows}
        return next(status for status in (503, 409, 422, 200) if status in statuses)

    @property
    def carried(self):
        """How many of the answers were carried over and not confirmed since."""
        return sum(row.answer.carried for row in self.rows)

    @property
    def answered(self):
        return sum(row.answer.choice != OPEN for row in self.rows)

    @property
    def next_open(self):
        """The letter of the first requirement without an answer, or nothing."""
        return next((row.answer.requirement.letter for row in self.rows if row.answer.choice == OPEN), "")

    @property
    def last(self):
        """The row saved last, or None."""
        rows = [row for row in self.rows if row.answer.saved_at]
        return max(rows, key=lambda row: row.answer.saved_at, default=None)

    def _changed(self):
        return [(row, name) for row in self.rows for name in READERS if row.changed(name)]

    def _reload(self):
        """Every version shown again must belong to the text beside it, and what a busy database left must stay typed."""
        for row in self.rows:
            row.answer.refresh_from_db(fields=STORED)
        for row, name in self._changed():
            row.keep(name)
