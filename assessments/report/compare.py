"""Two standings side by side: what went up, what went down, which gaps closed, and what was edited meanwhile. Pure.

A requirement is the same where its key is the same, so two releases of a standard can be compared, too. Each change has
one kind and at most one fate; swapping the sides swaps the kinds of `MIRROR` and nothing else.
"""

from dataclasses import dataclass

from assessments.report.parts import StandingPart
from assessments.rules.scoring import NOT_APPLICABLE, OPEN, UNKNOWN, level_of

UP, DOWN = "up", "down"
ANSWERED, WITHDRAWN = "answered", "withdrawn"  # more is known than before, or less
LEFT_OUT, TAKEN_IN = "left out", "taken in"  # not applicable from now on, or no longer
ASKED, DROPPED = "asked", "dropped"  # by the questionnaire
SAME = ""
CLOSED, OPENED = "closed", "opened"  # gaps at target now, and what was at target and is a gap
FOUND, GONE = "found", "gone"  # gaps that nobody had answered, and gaps without a level now
WORDS, WEIGHT, TARGET = "words", "weight", "target"
MIRROR = {UP: DOWN, ANSWERED: WITHDRAWN, LEFT_OUT: TAKEN_IN, ASKED: DROPPED, CLOSED: OPENED, FOUND: GONE}
MIRROR |= {back: forth for forth, back in MIRROR.items()}


@dataclass(frozen=True, slots=True)
class Row:
    """A requirement as it stood. `kind` is practice or result; `words` is a short hash of what was asked."""

    key: str
    code: str
    short: str
    choice: str
    target: int
    weight: int
    blocker: bool
    kind: str
    words: str

    @property
    def level(self):
        return level_of(self.choice)

    @property
    def is_gap(self):
        return self.level is not None and self.level < self.target

    @property
    def at_target(self):
        return self.level is not None and self.level >= self.target


@dataclass(frozen=True, slots=True)
class Side:
    """One standing with its rows by requirement key, in the order of the standard."""

    standing: StandingPart
    rows: dict[str, Row]


@dataclass(frozen=True, slots=True)
class Change:
    """`before` or `after` is None where only one side asks it; `edited` holds what an editor changed: WORDS, WEIGHT, TARGET."""

    kind: str
    fate: str
    edited: tuple[str, ...]
    before: Row | None
    after: Row | None

    @property
    def row(self):
        """The requirement as it is called now, or was."""
        return self.after or self.before


@dataclass(frozen=True, slots=True)
class DomainPair:
    """Score and ceiling of one domain in percent, before and after; None where nothing applied or there was no such domain."""

    code: str
    title: str
    before: float | None
    after: float | None
    ceiling_before: float | None
    ceiling_after: float | None


@dataclass(frozen=True, slots=True)
class Comparison:
    """`changes` holds every requirement in which anything differs."""

    before: Side
    after: Side
    changes: tuple[Change, ...]
    domains: tuple[DomainPair, ...]

    def of_kind(self, *kinds):
        return [change for change in self.changes if change.kind in kinds]

    def of_fate(self, fate):
        return [change for change in self.changes if change.fate == fate]

    def edited(self, what):
        return [change for change in self.changes if what in change.edited]

    @property
    def new_blockers(self):
        return _blockers(self.after, self.before)

    @property
    def lifted_blockers(self):
        return _blockers(self.before, self.after)

    @property
    def in_common(self):
        """How many requirements both sides ask."""
        return len(self.before.rows.keys() & self.after.rows.keys())

    @property
    def thresholds_edited(self):
        """Were the constants of priorities or of the verdict others?"""
        return self.before.standing.rules != self.after.standing.rules


def compare(before, after):
    """The `Comparison` of two `Side`s."""
    keys = [*after.rows, *(key for key in before.rows if key not in after.rows)]
    changes = (_change(before.rows.get(key), after.rows.get(key)) for key in keys)
    return Comparison(
        before=before,
        after=after,
        changes=tuple(each for each in changes if each.kind or each.fate or each.edited),
        domains=tuple(_domains(before.standing, after.standing)),
    )


def _change(before, after):
    return Change(kind_of(before, after), fate_of(before, after), _edited(before, after), before, after)


def kind_of(before, after):
    """What happened to the answer of a requirement, given its `Row`s or None; SAME where nothing did."""
    if before is None or after is None:
        return ASKED if before is None else DROPPED
    if before.choice == after.choice:
        return SAME
    if NOT_APPLICABLE in (before.choice, after.choice):
        return LEFT_OUT if after.choice == NOT_APPLICABLE else TAKEN_IN
    if before.level is not None and after.level is not None:
        return UP if after.level > before.level else DOWN
    return ANSWERED if _known(after) > _known(before) else WITHDRAWN


def _known(row):
    return {OPEN: 0, UNKNOWN: 1}.get(row.choice, 2)


def fate_of(before, after):
    """What became of a gap; empty where there was none or it is still there."""
    was, now = before is not None and before.is_gap, after is not None and after.is_gap
    if was and not now:
        return CLOSED if after is not None and after.at_target else GONE
    if now and not was:
        return OPENED if before is not None and before.at_target else FOUND
    return SAME


def _edited(before, after):
    if before is None or after is None:
        return ()
    return tuple(name for name in (WORDS, WEIGHT, TARGET) if getattr(before, name) != getattr(after, name))


def _blockers(there, not_there):
    """The blockers of one side that are none on the other."""
    others = {key for key, row in not_there.rows.items() if row.blocker}
    return [row for key, row in there.rows.items() if row.blocker and key not in others]


def _domains(before, after):
    old, new = ({mark.code: mark for mark in side.domains} for side in (before, after))
    for code in dict.fromkeys([*new, *old]):
        was, now = old.get(code), new.get(code)
        yield DomainPair(
            code=code,
            title=(now or was).title,
            before=was and was.score,
            after=now and now.score,
            ceiling_before=was and was.ceiling,
            ceiling_after=now and now.ceiling,
        )
