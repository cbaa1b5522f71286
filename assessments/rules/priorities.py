"""Which gap to close first.

Lost points = item points x the requirement's share of the weight applicable in its item x (target - level) / 3.
Priority = lost points x urgency / effort. Fundamentals (forecasting, quality monitoring, coaching) weigh more because a
certification project will not fix them; ties follow the order of the standard.

Products stay whole numbers up to one last division, so that what ties on paper ties here.
"""

from dataclasses import dataclass
from fractions import Fraction
from functools import cache

from assessments.rules.scoring import NOT_APPLICABLE, TOP_LEVEL, is_blocker, level_of

BLOCKER, FUNDAMENTAL, NORMAL = "blocker", "fundamental", "normal"


@dataclass(frozen=True, slots=True)
class Weights:
    """The editable constants: factors of urgency, divisors of effort."""

    blocker: float = 2.0
    fundamental: float = 1.5
    small: float = 1.0
    medium: float = 2.0
    large: float = 3.0

    def urgency(self, kind):
        return {BLOCKER: self.blocker, FUNDAMENTAL: self.fundamental, NORMAL: 1.0}[kind]

    def effort(self, size):
        return {"S": self.small, "M": self.medium, "L": self.large}[size]


@dataclass(frozen=True, slots=True)
class Gap:
    """A requirement below its target, with every number of its arithmetic. `share` is 0 to 1, `lost` in points."""

    rank: int
    key: object
    item: str
    level: int
    target: int
    points: int
    share: float
    lost: float
    urgency_kind: str
    urgency: float
    effort_size: str
    effort: float
    priority: float

    @property
    def blocker(self):
        return self.urgency_kind == BLOCKER


def rank_gaps(items, choices, weights=Weights()):
    """Every requirement answered with a level below its target, the most urgent first.

    `items` in the order of the standard; `choices` as for `scoring.score`. What is open or not known is not ranked:
    it has to be found out first.
    """
    gaps = []
    for item in items:
        applicable = [r for r in item.requirements if choices.get(r.key, NOT_APPLICABLE) != NOT_APPLICABLE]
        total = sum(requirement.weight for requirement in applicable)
        for requirement in applicable:
            level = level_of(choices[requirement.key])
            if level is not None and level < requirement.target:
                gaps.append(_gap(item, requirement, level, total, weights))
    gaps.sort(key=lambda gap: -gap["priority"])  # stable: ties stay in the order of the standard
    return [Gap(rank=rank, **gap) for rank, gap in enumerate(gaps, start=1)]


def _gap(item, requirement, level, total, weights):
    if is_blocker(requirement, str(level)):
        kind = BLOCKER
    else:
        kind = FUNDAMENTAL if requirement.fundamental else NORMAL
    urgency, effort = weights.urgency(kind), weights.effort(requirement.effort)
    lost, of = item.points * requirement.weight * (requirement.target - level), total * TOP_LEVEL
    times, by = _ratio(urgency, effort)
    return {
        "key": requirement.key,
        "item": item.code,
        "level": level,
        "target": requirement.target,
        "points": item.points,
        "share": requirement.weight / total,
        "lost": lost / of,
        "urgency_kind": kind,
        "urgency": urgency,
        "effort_size": requirement.effort,
        "effort": effort,
        "priority": lost * times / (of * by),
    }


@cache
def _ratio(urgency, effort):
    """urgency / effort as two whole numbers, both taken as the decimals an editor typed: 1.1 is 11/10."""
    return (Fraction(str(urgency)) / Fraction(str(effort))).as_integer_ratio()
