"""Is a target met, does it hold, and how long until it can be called sustained.

Periods are whole numbers that count up by one: months (year x 12 + month - 1) for a metric measured each month, quarters,
halves or years for one measured more rarely. A period without a reading is not met, and is named.
"""

from dataclasses import dataclass
from math import ceil, fsum

from assessments.rules import trend

HIGHER, LOWER, WITHIN = "higher", "lower", "within"
QUARTER = 3  # periods that are compared with as many before
SLACK = 1e-9  # of floats: 80.0 worked out as 79.99999999999 is 80


@dataclass(frozen=True, slots=True)
class Target:
    """In force from the period `since`. A value from `low` up to `high` meets it; either may be None, not both."""

    since: int
    low: float | None = None
    high: float | None = None

    def meets(self, value):
        return self.distance(value) <= SLACK

    def distance(self, value):
        """How far `value` is from meeting it, in its unit; 0 where it does."""
        below = self.low - value if self.low is not None else 0.0
        above = value - self.high if self.high is not None else 0.0
        return max(below, above, 0.0)


@dataclass(frozen=True, slots=True)
class Rule:
    """Sustained means met in at least `needed` of the last `window` periods. Ours and editable."""

    needed: int = 5
    window: int = 6

    def for_rounds_of(self, months):
        """The same rule for a metric measured every `months` months: as many rounds as the months hold, at least two."""
        if months == 1:
            return self
        return Rule(max(2, ceil(self.needed / months)), max(2, ceil(self.window / months)))


@dataclass(frozen=True, slots=True)
class Period:
    """`value` is None without a reading, `target` None where none was in force then."""

    number: int
    value: float | None
    target: Target | None

    @property
    def met(self):
        return self.value is not None and self.target is not None and self.target.meets(self.value)


@dataclass(frozen=True, slots=True)
class Judgement:
    """What the readings up to `last` say. `periods` are those of the rule's window, the oldest first.

    `since` is the period since which the rule has held at every month's end, None while it does not. `wait` is how many
    more periods have to be met in a row until it holds: 0 where it does, None where there is no target to meet.
    `better` compares the mean of the last three periods with the three before, None where a reading of them is missing.
    """

    last: int
    rule: Rule
    periods: tuple[Period, ...]
    since: int | None
    wait: int | None
    better: bool | None
    trend: trend.Trend

    @property
    def latest(self):
        """The last period that has a reading, or None if none of the window has."""
        return next((period for period in reversed(self.periods) if period.value is not None), None)

    @property
    def measured(self):
        return self.latest is not None

    @property
    def at_target(self):
        """Did the last period meet its target?"""
        return self.periods[-1].met

    @property
    def met(self):
        """How many periods of the window met the target then in force."""
        return sum(period.met for period in self.periods)

    @property
    def missing(self):
        """The periods of the window without a reading."""
        return tuple(period.number for period in self.periods if period.value is None)

    @property
    def sustained(self):
        return self.wait == 0

    @property
    def earliest(self):
        """The period at whose end it can be sustained if every one from now on is met; None without a target."""
        return None if self.wait is None else self.last + self.wait

    def in_time_for(self, audit):
        """Can it be sustained by the last period before `audit`? None without a target."""
        return None if self.earliest is None else self.earliest < audit


def target_at(targets, period):
    """The one of `targets` in force in `period`, or None before the first."""
    return max((target for target in targets if target.since <= period), key=lambda t: t.since, default=None)


def judge(readings, targets, rule, last, direction):
    """The `Judgement` at the end of the period `last`.

    `readings` maps periods to values, `targets` is any number of `Target`s, `direction` one of HIGHER, LOWER, WITHIN.
    Readings after `last` are not looked at.
    """
    known = {number: value for number, value in readings.items() if number <= last}

    def period(number):
        return Period(number, known.get(number), target_at(targets, number))

    def holds(at):
        return sum(period(number).met for number in range(at - rule.window + 1, at + 1)) >= rule.needed

    return Judgement(
        last=last,
        rule=rule,
        periods=tuple(map(period, range(last - rule.window + 1, last + 1))),
        since=_since(holds, min(known, default=last), last),
        wait=_wait(period, rule, last) if target_at(targets, last + 1) else None,
        better=_better(known, target_at(targets, last), last, direction),
        trend=trend.of(_favourable(known, target_at(targets, last), direction), last),
    )


def _since(holds, first, last):
    if not holds(last):
        return None
    at = last
    while at > first and holds(at - 1):
        at -= 1
    return at


def _wait(period, rule, last):
    """Each coming period drops the oldest of the window and adds one that is met."""
    return next(
        ahead
        for ahead in range(rule.window + 1)
        if ahead + sum(period(number).met for number in range(last + ahead - rule.window + 1, last + 1))
        >= rule.needed
    )


def _favourable(readings, target, direction):
    """Period -> a number that grows as the metric gets better."""
    if direction == HIGHER:
        return readings
    if direction == LOWER:
        return {number: -value for number, value in readings.items()}
    if target is None:
        return {}
    return {number: -target.distance(value) for number, value in readings.items()}


def _better(readings, target, last, direction):
    good = _favourable(readings, target, direction)
    latest, before = (
        [good.get(number) for number in range(end - QUARTER + 1, end + 1)] for end in (last, last - QUARTER)
    )
    if None in latest or None in before:
        return None
    return fsum(latest) > fsum(before) + SLACK
