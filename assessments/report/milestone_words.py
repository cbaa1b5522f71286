"""The changes between two standings in groups, each with its heading, and what was edited in words. Pure."""

from dataclasses import dataclass

from django.utils.text import capfirst, get_text_list
from django.utils.translation import gettext as _

from assessments.report import compare


@dataclass(frozen=True, slots=True)
class ChangeRow:
    """One requirement. `fate` says what became of its gap; `note` is the latest there is."""

    change: compare.Change
    fate: str
    note: str


@dataclass(frozen=True, slots=True)
class Group:
    key: str
    title: str
    rows: list


def change_groups(found, notes):
    """The changes of a `compare.Comparison` by kind, in the order in which they are read. `notes` are by requirement key."""
    titles = {
        compare.DOWN: _("Went down"),
        compare.UP: _("Went up"),
        compare.ANSWERED: _("Newly answered"),
        compare.WITHDRAWN: _("No longer answered"),
        compare.LEFT_OUT: _("Now not applicable"),
        compare.TAKEN_IN: _("Now applicable"),
        compare.ASKED: _("Asked after, not before"),
        compare.DROPPED: _("Asked before, not after"),
    }
    groups = (
        Group(kind.replace(" ", "-"), title, [_row(change, notes) for change in found.of_kind(kind)])
        for kind, title in titles.items()
    )
    return [group for group in groups if group.rows]


def printed_rows(since):
    """(the change, what happened in words) of a `SincePart` for paper, what fell first; what was answered is left to
    `printed_codes`, since after a first round it can be all there is."""
    words = {
        compare.DOWN: _("went down"),
        compare.UP: _("went up"),
        compare.WITHDRAWN: _("no longer answered"),
        compare.LEFT_OUT: _("now not applicable"),
        compare.TAKEN_IN: _("now applicable"),
    }
    if since is None:
        return []
    return [(part, said) for kind, said in words.items() for part in since.changed if part.kind == kind]


def printed_codes(since):
    """(what happened, the codes of the requirements on one line) for what paper does not print row by row."""
    words = {
        compare.ANSWERED: _("Newly answered"),
        compare.ASKED: _("Asked now, not before"),
        compare.DROPPED: _("Asked before, not now"),
    }
    if since is None:
        return []
    codes = {kind: [part.code for part in since.changed if part.kind == kind] for kind in words}
    gaps = [(_("Gaps closed"), since.closed), (_("Gaps opened"), since.opened)]
    told = [*gaps, *((said, codes[kind]) for kind, said in words.items())]
    return [(said, ", ".join(found)) for said, found in told if found]


def _row(change, notes):
    words = {
        compare.CLOSED: _("gap closed"),
        compare.OPENED: _("gap opened"),
        compare.FOUND: _("gap found"),
        compare.GONE: _("gap left the list"),
    }
    return ChangeRow(change, words.get(change.fate, ""), notes.get(change.row.key, ""))


def edit_rows(found):
    """(the requirement, what was edited in a sentence) for each that an editor changed meanwhile."""
    rows = (change for change in found.changes if change.edited)
    return [(change.row, _edit_words(change)) for change in rows]


def _edit_words(change):
    before, after = change.before, change.after
    said = {
        compare.WORDS: _("wording"),
        compare.WEIGHT: _("weight from %(old)s to %(new)s") % {"old": before.weight, "new": after.weight},
        compare.TARGET: _("target from %(old)s to %(new)s") % {"old": before.target, "new": after.target},
    }
    return capfirst(get_text_list([said[what] for what in change.edited], _("and")))
