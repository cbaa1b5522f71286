"""What cannot be true together: answers that contradict what is held beside them, what was said last time, or the scope.

Months are whole numbers, year x 12 + month - 1, so that differences are plain arithmetic. A contradiction is a question to
whoever answered, never a correction: the score does not know it.
"""

from dataclasses import dataclass
from itertools import groupby

from assessments.rules.scoring import NOT_APPLICABLE, OPEN, TOP_LEVEL, level_of

NOTHING_TO_SHOW = "nothing-to-show"
NOT_SUSTAINED = "not-sustained"
FRESH = "fresh"
TOO_OLD = "too-old"
TOO_OLD_BY_AUDIT = "too-old-by-audit"
CHANNEL_IN_SCOPE = "channel-in-scope"
CRITICAL_LEFT_OUT = "critical-left-out"
SUDDEN = "sudden"
OVERRULED = "overruled"
CHOICE, NOTE, EVIDENCE, METRICS = "choice", "note", "evidence", "metrics"


@dataclass(frozen=True, slots=True)
class Claim:
    """One answer. `periods` are (first, last) months that its evidence covers, or None for one without a period;
    `last_time` is what was chosen in the assessment before, or nothing."""

    key: object
    item: str
    choice: str
    result: bool = False
    critical: bool = False
    automated_only: bool = False
    elsewhere: bool = False  # not applicable because it is covered elsewhere, or for another reason in words
    has_note: bool = False
    periods: tuple[tuple[int, int] | None, ...] = ()
    last_time: str = OPEN
    shown: int | None = None  # the level its metrics show, where some are linked
    overruled: bool = False

    @property
    def level(self):
        return level_of(self.choice)

    @property
    def newest(self):
        """The last month any of its evidence covers, or None where no period is stated."""
        return max((period[1] for period in self.periods if period), default=None)

    @property
    def months_covered(self):
        """How many different months its evidence covers."""
        return len({month for period in self.periods if period for month in range(period[0], period[1] + 1)})


@dataclass(frozen=True, slots=True)
class Scope:
    """`today` is the month it is, `audit` the one aimed at, or None. Evidence counts for `evidence_months` after the last
    month it covers, and a result is sustained over at least `sustained_months`; both are editable constants of the
    release."""

    today: int
    automated: bool = False
    audit: int | None = None
    evidence_months: int = 12
    sustained_months: int = 3


@dataclass(frozen=True, slots=True)
class Contradiction:
    """`field` is where to look first; `months` and `needed` are what the sentence counts, where it counts,
    `shown` the level that metrics show."""

    kind: str
    key: object
    field: str
    months: int = 0
    needed: int = 0
    shown: int = 0


def freshness(last, scope):
    """FRESH, TOO_OLD or TOO_OLD_BY_AUDIT: what evidence is whose last month is `last`.

    An audit so far off that everything shown today will be too old by then says nothing yet.
    """
    if scope.today - last > scope.evidence_months:
        return TOO_OLD
    near = scope.audit is not None and scope.audit - scope.today <= scope.evidence_months
    return TOO_OLD_BY_AUDIT if near and scope.audit - last > scope.evidence_months else FRESH


def contradictions(claims, scope):
    """Every `Contradiction` among `claims`, in their order; those of one item stand together in the standard's order."""
    found = []
    for _item, of_item in groupby(claims, key=lambda claim: claim.item):
        together = tuple(of_item)
        for claim in together:
            found += _of_one(claim, scope)
        found += _left_out(together)
    return tuple(found)


def _of_one(claim, scope):
    rules = (_nothing_to_show, _not_sustained, _overruled, _too_old, _channel_in_scope, _sudden)
    return [contradiction for rule in rules if (contradiction := rule(claim, scope))]


def _nothing_to_show(claim, scope):
    if claim.level == TOP_LEVEL and not claim.result and not claim.periods and not claim.has_note:
        return Contradiction(NOTHING_TO_SHOW, claim.key, EVIDENCE)
    return None


def _not_sustained(claim, scope):
    """Of what no metric shows; readings speak for themselves."""
    if claim.shown is not None:
        return None
    if claim.level == TOP_LEVEL and claim.result and claim.months_covered < scope.sustained_months:
        return Contradiction(
            NOT_SUSTAINED, claim.key, EVIDENCE, months=claim.months_covered, needed=scope.sustained_months
        )
    return None


def _overruled(claim, scope):
    if claim.overruled and claim.shown is not None and claim.level != claim.shown:
        return Contradiction(OVERRULED, claim.key, METRICS, shown=claim.shown)
    return None


def _too_old(claim, scope):
    """By its newest: older records beside fresh ones do no harm. Nothing that claims less than use needs records."""
    if claim.newest is None or (claim.level or 0) < 2:
        return None
    state = freshness(claim.newest, scope)
    if state == FRESH:
        return None
    month = scope.today if state == TOO_OLD else scope.audit
    return Contradiction(
        state, claim.key, EVIDENCE, months=month - claim.newest, needed=scope.evidence_months
    )


def _channel_in_scope(claim, scope):
    if claim.choice == NOT_APPLICABLE and claim.automated_only and scope.automated and not claim.elsewhere:
        return Contradiction(CHANNEL_IN_SCOPE, claim.key, CHOICE)
    return None


def _sudden(claim, scope):
    """From nothing to everything since last time, and not a word about how."""
    if claim.level == TOP_LEVEL and level_of(claim.last_time) == 0 and not claim.has_note:
        return Contradiction(SUDDEN, claim.key, NOTE)
    return None


def _left_out(claims):
    """An item with a critical requirement of which nothing applies: named once, at the first critical one."""
    critical = [claim for claim in claims if claim.critical]
    if critical and all(claim.choice == NOT_APPLICABLE for claim in claims):
        return [Contradiction(CRITICAL_LEFT_OUT, critical[0].key, CHOICE)]
    return []
