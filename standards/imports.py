"""Own wording from a workbook: what it would change, doing that, and undoing it. Callers hold the transaction."""

import json
from dataclasses import dataclass, field
from functools import cached_property
from hashlib import sha256

from django.utils import timezone
from django.utils.translation import gettext as _

from standards import diffs, wordings
from standards.models import Requirement, Wording, WordingImport
from standards.workbook.layout import KEY, mark
from standards.workbook.tables import Finding

AGAINST = "written_against"  # kept among the changes, so that an undo restores it too


@dataclass(frozen=True)
class Change:
    """One field of own wording before and after; None means as shipped."""

    requirement: Requirement
    name: str
    before: object
    after: object

    @property
    def label(self):
        return wordings.LABELS[self.name]

    @property
    def resets(self):
        return self.after is None

    @property
    def pieces(self):
        """The text in force before and after, word by word."""
        shipped = getattr(self.requirement, self.name)
        before, after = (str(shipped if value is None else value) for value in (self.before, self.after))
        return diffs.words(before, after)


@dataclass
class Entry:
    """What changes in one requirement. `conflicts` were edited in the admin site after the download."""

    requirement: Requirement
    against: str
    number: int = 0
    changes: list = field(default_factory=list)
    conflicts: list = field(default_factory=list)
    edited: object = None  # the newest version in the history, where there is a conflict

    @property
    def shipped_anew(self):
        return self.against != self.requirement.fingerprint


@dataclass
class Plan:
    """What would happen, in the standard's order.

    An undo leaves alone what was edited since (`left`, from what the import wrote to what is there now) and what the
    release asks no longer (`gone`, keys).
    """

    entries: list = field(default_factory=list)
    refused: list = field(default_factory=list)
    refused_rows: int = 0
    same: int = 0
    left: list = field(default_factory=list)
    gone: list = field(default_factory=list)

    @cached_property
    def changing(self):
        return [entry for entry in self.entries if entry.changes]

    @cached_property
    def conflicting(self):
        return [entry for entry in self.entries if entry.conflicts]

    @property
    def texts(self):
        return sum(len(entry.changes) for entry in self.changing)

    @property
    def resets(self):
        return sum(change.resets for entry in self.changing for change in entry.changes)

    @property
    def digest(self):
        """Another one as soon as anything would happen otherwise."""
        told = [
            (entry.requirement.pk, entry.against, entry.requirement.fingerprint, [
                [(change.name, change.before, change.after) for change in changes]
                for changes in (entry.changes, entry.conflicts)
            ])
            for entry in self.entries
        ]  # fmt: skip
        told.append([(change.requirement.pk, change.name, change.after) for change in self.left])
        return sha256(json.dumps(told).encode()).hexdigest()


def take_turns(release, keys):
    """Locks the requirements until the transaction ends: whoever edits one of them meanwhile waits, and sees this first."""
    rows = Requirement.objects.of(release).filter(key__in=keys).order_by("pk")
    list(rows.select_for_update(of=("self",)).only("pk"))


def in_release(release):
    """Key -> requirement with its own wording, in the standard's order."""
    return {requirement.key: requirement for requirement in Requirement.objects.of(release).in_order()}


# ---- in ------------------------------------------------------------------------------------------------------------


def plan(release, filled):
    """What the `Filled` workbook would change in `release` as it is now."""
    requirements = in_release(release)
    found = Plan(refused=list(filled.refused), refused_rows=filled.refused_rows, same=filled.untouched)
    entries = {}
    for row in filled.rows:
        requirement = requirements.get(row.key)
        if requirement is None:
            sentence = _("This requirement is in the release no longer.")
            found.refused.append(Finding(row.number, "", str(KEY), sentence))
            found.refused_rows += 1
            continue
        entry = compared(requirement, row)
        if entry.changes or entry.conflicts:
            entries[row.key] = entry
        else:
            found.same += 1
    found.entries = [entries[key] for key in requirements if key in entries]
    name_editors(found.conflicting)
    return found


def compared(requirement, row):
    own = wordings.own_values(requirement)
    entry = Entry(requirement, row.against, row.number)
    for name in Wording.FIELDS:
        if name not in row.texts:
            continue
        seen, after = row.texts[name]
        if after == getattr(requirement, name):
            after = None  # equal to what is shipped: no own wording, as on the page of the requirement
        if after == own[name]:
            continue
        edited_since = mark(name, own[name]) != seen
        (entry.conflicts if edited_since else entry.changes).append(
            Change(requirement, name, own[name], after)
        )
    return entry


def name_editors(entries):
    """Who wrote the wording that is in the way, from one query."""
    ids = [entry.requirement.pk for entry in entries]
    records = Wording.history.filter(requirement_id__in=ids).select_related("history_user")
    newest = {record.requirement_id: record for record in records.order_by("history_id")}
    for entry in entries:
        entry.edited = newest.get(entry.requirement.pk)


def apply(release, found, *, accepted, file_name, by):
    """Stores what `found` says, of conflicts those whose requirement's key is in `accepted`. The import, or None."""
    reason, changes = _("Imported from %s") % file_name, {}
    for entry in found.entries:
        wanted = entry.changes + (entry.conflicts if entry.requirement.key in accepted else [])
        if wanted:
            changes[entry.requirement.key] = change(entry, wanted, reason, by)
    if not changes:
        return None
    release.note_edit()
    return WordingImport.objects.create(release=release, file_name=file_name, changes=changes, by=by)


def change(entry, wanted, reason, by):
    """Writes the `wanted` fields of one requirement; field -> [before, after] as an import keeps it."""
    requirement = entry.requirement
    against_before = against(requirement)
    values = wordings.own_values(requirement) | {change.name: change.after for change in wanted}
    wordings.write(requirement, values, written_against=entry.against, reason=reason, by=by)
    against_after = entry.against if any(values.values()) else ""
    told = {change.name: [change.before, change.after] for change in wanted}
    return told | {AGAINST: [against_before, against_after]}


def against(requirement):
    wording = getattr(requirement, "wording", None)
    return wording.written_against if wording else ""


def applied_already(release, filled, since):
    """The import of this very workbook that somebody made after the moment `since`, if there is one."""
    told = {row.key: {name: after for name, (_seen, after) in row.texts.items()} for row in filled.rows}
    for done in WordingImport.objects.filter(release=release, at__gt=since, undone_at=None):
        if all(same_texts(told.get(key), fields) for key, fields in done.changes.items()):
            return done
    return None


def same_texts(told, fields):
    return told is not None and all(
        name == AGAINST or (name in told and after in (told[name], None))
        for name, (_before, after) in fields.items()
    )


# ---- and back -------------------------------------------------------------------------------------------------------


def undoing(done):
    """What undoing an import would do now: each field that still is what it wrote goes back to what it was before."""
    requirements, found = in_release(done.release), Plan()
    found.gone = [key for key in done.changes if key not in requirements]
    for key, requirement in requirements.items():
        entry = going_back(requirement, done.changes.get(key, {}), found.left)
        if entry.changes:
            found.entries.append(entry)
    return found


def going_back(requirement, told, left):
    """The entry that sets back what one requirement was told; what was edited since goes to `left`."""
    own, entry, edited = wordings.own_values(requirement), Entry(requirement, against(requirement)), []
    for name in Wording.FIELDS:
        before, after = told.get(name, (own[name], own[name]))
        if own[name] == after != before:
            entry.changes.append(Change(requirement, name, after, before))
        elif own[name] not in (before, after):
            edited.append(Change(requirement, name, after, own[name]))
    against_before, against_after = told.get(AGAINST, ("", ""))
    if not edited and entry.against == against_after:
        entry.against = against_before
    left += edited
    return entry


def undo(done, found, *, by):
    """Does what `undoing` found."""
    reason = _("Import from %s undone") % done.file_name
    for entry in found.entries:
        change(entry, entry.changes, reason, by)
    done.undone_by, done.undone_at = by, timezone.now()
    done.save(update_fields=["undone_by", "undone_at"])
    done.release.note_edit()


# ---- what an import did ---------------------------------------------------------------------------------------------


def size(done):
    """(texts, requirements) that an import changed."""
    texts = sum(name != AGAINST for fields in done.changes.values() for name in fields)
    return texts, len(done.changes)


def told(done):
    """The entries of an import, in the standard's order."""
    entries = []
    for key, requirement in in_release(done.release).items():
        fields = done.changes.get(key, {})
        changes = [Change(requirement, name, *fields[name]) for name in Wording.FIELDS if name in fields]
        if changes:
            entries.append(Entry(requirement, fields[AGAINST][1], changes=changes))
    return entries
