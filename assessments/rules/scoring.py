"""Score and ceiling of an assessment.

An item's percentage is the weighted mean of level / 3 over its applicable requirements; a domain's and the overall
percentage weigh items by their points. `score` counts what nobody has shown yet - unanswered or not known - as level 0,
`ceiling` counts it as level 3; the truth lies between. Not-applicable requirements count as if they did not exist.

Whole numbers are kept as long as possible and sums are exactly rounded (`math.fsum`), so the order of rows cannot change
a figure, and a higher level cannot lower one.
"""

from dataclasses import dataclass, replace
from math import floor, fsum

TOP_LEVEL = 3
OPEN, UNKNOWN, NOT_APPLICABLE = "", "unknown", "na"
LEVEL_CHOICES = ("0", "1", "2", "3")
CHOICES = (*LEVEL_CHOICES, UNKNOWN, NOT_APPLICABLE)


@dataclass(frozen=True, slots=True)
class Requirement:
    """What the arithmetic knows of a requirement. `key` is any hashable name; `weight` counts within the item."""

    key: object
    weight: int = 1
    target: int = TOP_LEVEL
    effort: str = "M"
    critical: bool = False
    fundamental: bool = False
    result: bool = False


@dataclass(frozen=True, slots=True)
class Item:
    """`points` weigh the item in its domain and overall."""

    code: str
    domain: str
    points: int
    requirements: tuple[Requirement, ...]


@dataclass(frozen=True, slots=True)
class Figure:
    """`score` and `ceiling` in percent, 0 to 100; both None where nothing is applicable. The rest are counts."""

    score: float | None
    ceiling: float | None
    asked: int
    open: int
    unknown: int
    not_applicable: int

    @property
    def answered(self):
        """Everything somebody has looked at, not known and not applicable included."""
        return self.asked - self.open

    @property
    def percent(self):
        """The score as every screen and page prints it."""
        return whole_percent(self.score)

    @property
    def ceiling_percent(self):
        return whole_percent(self.ceiling)

    @property
    def applicable(self):
        return self.asked - self.not_applicable

    @property
    def not_shown(self):
        return self.open + self.unknown


@dataclass(frozen=True, slots=True)
class Scores:
    """`fundamentals` scores the fundamental requirements alone; `blockers` are requirement keys in the standard's order;
    `results` counts what the results are judged by, `reached` those of them at level 2 or 3 (at target or improving),
    `sustained` those at level 3: here the applicable results requirements, see `with_metrics` for metrics."""

    overall: Figure
    domains: dict[str, Figure]
    items: dict[str, Figure]
    fundamentals: Figure
    blockers: tuple
    results: int
    reached: int
    sustained: int

    def with_metrics(self, shares):
        """The same, its results judged by `results.Shares` of metrics and of the requirements that no metric shows."""
        return replace(self, results=shares.all, reached=shares.reached, sustained=shares.sustained)


def whole_percent(value):
    """A percentage as shown and as compared with thresholds: rounded down, so that 79.9 never passes for 80."""
    return None if value is None else floor(value + 1e-9)


def level_of(choice):
    """0 to 3, or None where no level was shown."""
    return int(choice) if choice in LEVEL_CHOICES else None


def is_blocker(requirement, choice):
    """A critical requirement of which nothing is in use. Not known is a finding, not yet a blocker."""
    return requirement.critical and choice in ("0", "1")


def score(items, choices):
    """The `Scores` of `items`, given `choices`: requirement key -> one of CHOICES or OPEN.

    A requirement without an entry in `choices` was never asked and leaves the arithmetic like one that does not apply.
    """
    rows = [(item, [(r, choices[r.key]) for r in item.requirements if r.key in choices]) for item in items]
    rows = [(item, answers) for item, answers in rows if answers]
    parts = [(item, _part(answers)) for item, answers in rows]
    by_domain = {}
    for item, part in parts:
        by_domain.setdefault(item.domain, []).append((item.points, part))
    flat = [answer for _, answers in rows for answer in answers]
    results = [choice for requirement, choice in flat if requirement.result and choice != NOT_APPLICABLE]
    return Scores(
        overall=_roll_up([(item.points, part) for item, part in parts]),
        domains={domain: _roll_up(members) for domain, members in by_domain.items()},
        items={item.code: _roll_up([(1, part)]) for item, part in parts},  # even where the item has no points
        fundamentals=_roll_up(
            [(item.points, _part([a for a in answers if a[0].fundamental])) for item, answers in rows]
        ),
        blockers=tuple(requirement.key for requirement, choice in flat if is_blocker(requirement, choice)),
        results=len(results),
        reached=sum(choice in ("2", "3") for choice in results),
        sustained=sum(choice == str(TOP_LEVEL) for choice in results),
    )


def _part(answers):
    """Weighted levels of one item: (shown, at most, possible, asked, open, unknown, not applicable)."""
    shown = at_most = possible = unanswered = unknown = not_applicable = 0
    for requirement, choice in answers:
        if choice == NOT_APPLICABLE:
            not_applicable += 1
            continue
        possible += TOP_LEVEL * requirement.weight
        if choice in (OPEN, UNKNOWN):
            at_most += TOP_LEVEL * requirement.weight
            unanswered += choice == OPEN
            unknown += choice == UNKNOWN
        else:
            shown += int(choice) * requirement.weight
    return shown, shown + at_most, possible, len(answers), unanswered, unknown, not_applicable


def _roll_up(parts):
    """The figure over (points, `_part`) pairs."""
    total = sum(points for points, part in parts if part[2])
    asked, unanswered, unknown, not_applicable = (sum(part[i] for _, part in parts) for i in (3, 4, 5, 6))
    if not total:
        return Figure(None, None, asked, unanswered, unknown, not_applicable)
    low, high = (
        100 * (fsum(points * (part[i] / part[2]) for points, part in parts if part[2]) / total)
        for i in (0, 1)
    )
    return Figure(low, high, asked, unanswered, unknown, not_applicable)
