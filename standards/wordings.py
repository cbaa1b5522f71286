"""An instance's own wording of a requirement: how it is stored, and what each version of it changed."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from standards import diffs
from standards.models import Requirement, Wording

LABELS = {
    "statement": gettext_lazy("Statement"),
    "scope": gettext_lazy("Scope"),
    "level_0": gettext_lazy("Level 0"),
    "level_1": gettext_lazy("Level 1"),
    "level_2": gettext_lazy("Level 2"),
    "level_3": gettext_lazy("Level 3"),
    "why": gettext_lazy("Why it matters"),
    "first_step": gettext_lazy("First step"),
    "guidance": gettext_lazy("How good looks"),
    "evidence": gettext_lazy("What to ask to see"),
    "prompts": gettext_lazy("Who must be able to explain it"),
    "metrics": gettext_lazy("Metrics that show it"),
    "weight": gettext_lazy("Weight"),
    "target_level": gettext_lazy("Target level"),
}
AS_SHIPPED = dict.fromkeys(Wording.FIELDS)  # the values of a wording that overrides nothing
REMOVED = "-"  # simple-history's sign for the record of a deletion
REASON_LIMIT = Wording.history.model._meta.get_field("history_change_reason").max_length


def records(requirement):
    """Every version ever saved, the newest first. Includes those of a wording that was removed since."""
    # By requirement and not by wording: who resets a text and writes it anew makes another row, but goes on with the same text.
    return (
        Wording.history.filter(requirement_id=requirement.pk)
        .select_related("history_user")
        .order_by("-history_id")
    )


def values_of(record):
    """Field -> own value in that version; empty everywhere for no record and for one that removed the wording."""
    if record is None or record.history_type == REMOVED:
        return AS_SHIPPED
    return {name: getattr(record, name) or None for name in Wording.FIELDS}


def own_values(requirement):
    """Field -> own value in force; empty where the shipped one is."""
    wording = getattr(requirement, "wording", None)
    return {name: getattr(wording, name) or None for name in Wording.FIELDS} if wording else AS_SHIPPED


def shipped_values(requirement):
    return {name: getattr(requirement, name) for name in Wording.FIELDS}


def store(requirement, values, *, written_against, reason=""):
    """Make `values` the requirement's own wording, for everybody at once. Returns whether anything changed."""
    changed = write(requirement, values, written_against=written_against, reason=reason)
    if changed:
        requirement.item.domain.release.note_edit()
    return changed


def write(requirement, values, *, written_against, reason="", by=None):
    """What `store` does, for many of a release: processes that hold the old text learn of it from `note_edit`, once.

    Where all values are empty the wording is removed, which brings the shipped text back. `written_against` is the
    fingerprint of the shipped text the editor had beside it; `by` is who edits, if that is not who asks for the page.
    """
    wording = Wording.objects.filter(requirement=requirement).first() or Wording(
        requirement_id=requirement.pk
    )
    values = {name: values[name] or ("" if name in Requirement.WORDS else None) for name in Wording.FIELDS}
    wording._change_reason = reason[:REASON_LIMIT]
    if by:
        wording._history_user = by
    if not any(values.values()):
        if wording.pk is None:
            return False
        wording.delete()
    else:
        values["written_against"] = written_against
        if all(getattr(wording, name) == value for name, value in values.items()):
            return False
        for name, value in values.items():
            setattr(wording, name, value)
        wording.save()
    return True


@dataclass(frozen=True)
class Change:
    """One field that differs between two texts."""

    name: str
    pieces: list

    @property
    def label(self):
        return LABELS[self.name]


def compare(requirement, old, new):
    """The fields in which the text in force differs between two sets of own values."""
    changes = []
    for name in Wording.FIELDS:
        shipped = getattr(requirement, name)
        before, after = (str(values[name] or shipped) for values in (old, new))
        if before != after:
            changes.append(Change(name, diffs.words(before, after)))
    return changes


@dataclass(frozen=True)
class Version:
    """One saved version as the history page shows it. `number` is the history record's id, 0 for the shipped text."""

    number: int
    by: str
    at: datetime
    title: str
    reason: str
    changes: list
    against_shipped: list
    current: bool


def versions(requirement):
    """Every version, the newest first, each compared with the one before it and with the text shipped today."""
    found = list(records(requirement))
    return [
        Version(
            number=record.history_id,
            by=str(record.history_user or _("Somebody whose account is gone, or a command")),
            at=record.history_date,
            title=_title(record, before),
            reason=record.history_change_reason or "",
            changes=compare(requirement, values_of(before), values_of(record)),
            against_shipped=compare(requirement, AS_SHIPPED, values_of(record)),
            current=record is found[0],
        )
        for record, before in zip(found, [*found[1:], None], strict=False)
    ]


def _title(record, before):
    if record.history_type == REMOVED:
        return _("Set back to the shipped text")
    if values_of(before) == AS_SHIPPED:
        return _("Own wording written")
    if values_of(before) == values_of(record):
        return _("Kept, beside a changed shipped text")
    return _("Own wording changed")
