"""Is a process stable? An individuals chart with its moving ranges (XmR).

Limits are the mean plus and minus 3 standard deviations, the standard deviation estimated as the mean moving range over
d2 = 1.128: that is 2.66 times the mean moving range. The upper limit of the ranges is D4 = 3.267 times their mean. Both
constants are those of ranges of two (ISO 7870-2; Montgomery, Introduction to Statistical Quality Control, appendix VI).
"""

from dataclasses import dataclass
from itertools import groupby
from math import fsum

D2, D4 = 1.128, 3.267
RUN = 8  # values in a row on one side of the mean: a signal that the process moved
FEWEST = 6  # readings for limits at all
SETTLED = 12  # readings from which limits hardly move any more
OUTSIDE, ABOVE, BELOW = "outside", "run above", "run below"
SLACK = 1e-9  # relative: what equals a limit on paper is not outside it


@dataclass(frozen=True, slots=True)
class Signal:
    """`kind` is OUTSIDE for the one period it names, ABOVE or BELOW for a run from `first` to `last`."""

    kind: str
    first: int
    last: int

    def covers(self, period):
        return self.first <= period <= self.last


@dataclass(frozen=True, slots=True)
class ControlChart:
    """`mean`, `lower` and `upper` in the metric's unit; `ranges` maps a period to the distance from the one before.

    All are None, and there are no signals, below six readings. `provisional` below twelve.
    """

    readings: int
    mean: float | None = None
    lower: float | None = None
    upper: float | None = None
    range_mean: float | None = None
    range_upper: float | None = None
    ranges: tuple[tuple[int, float], ...] = ()
    signals: tuple[Signal, ...] = ()

    @property
    def drawn(self):
        return self.mean is not None

    @property
    def provisional(self):
        return self.drawn and self.readings < SETTLED

    @property
    def stable(self):
        return self.drawn and not self.signals

    @property
    def outside(self):
        return tuple(signal for signal in self.signals if signal.kind == OUTSIDE)

    @property
    def runs(self):
        return tuple(signal for signal in self.signals if signal.kind != OUTSIDE)


def chart(readings):
    """The `ControlChart` of `readings`, period -> value.

    A moving range joins neighbouring periods only: across a gap nobody knows what lies between. Without two
    neighbours there are no limits.
    """
    numbers = sorted(readings)
    ranges = tuple(
        (number, abs(readings[number] - readings[number - 1])) for number in numbers if number - 1 in readings
    )
    if len(numbers) < FEWEST or not ranges:
        return ControlChart(len(numbers), ranges=ranges)
    mean = fsum(readings.values()) / len(numbers)
    range_mean = fsum(distance for _, distance in ranges) / len(ranges)
    reach = 3 * range_mean / D2
    return ControlChart(
        readings=len(numbers),
        mean=mean,
        lower=mean - reach,
        upper=mean + reach,
        range_mean=range_mean,
        range_upper=D4 * range_mean,
        ranges=ranges,
        signals=(*_outside(readings, numbers, mean, reach), *_runs(readings, numbers, mean)),
    )


def _outside(readings, numbers, mean, reach):
    for number in numbers:
        if abs(readings[number] - mean) > reach + SLACK * max(1.0, abs(mean)):
            yield Signal(OUTSIDE, number, number)


def _runs(readings, numbers, mean):
    """A value on the mean itself ends a run; a missing period does not."""

    def side(number):
        distance = readings[number] - mean
        return 0 if abs(distance) <= SLACK * max(1.0, abs(mean)) else 1 if distance > 0 else -1

    for where, together in groupby(numbers, key=side):
        members = list(together)
        if where and len(members) >= RUN:
            yield Signal(ABOVE if where > 0 else BELOW, members[0], members[-1])


# ---- What to expect -------------------------------------------------------------------------------------------------

WILL_MEET, MAY_MISS, WILL_MISS, UNKNOWN = "will meet", "may miss", "will miss", "unknown"


@dataclass(frozen=True, slots=True)
class Outlook:
    """What the process as it is will do about its target.

    `mean` is the one it runs at now: of the run that lasts to the end, if there is one, otherwise of all readings.
    `moved` says since when it runs there, None where it never moved. `settled` is False while single values lie
    outside the limits.
    """

    kind: str
    mean: float | None = None
    moved: int | None = None
    settled: bool = True


def outlook(readings, chart, target):
    """The `Outlook` of a series with its `ControlChart` against a `sustain.Target` (or None)."""
    if not chart.drawn or target is None:
        return Outlook(UNKNOWN)
    run = next((run for run in chart.runs if run.last == max(readings)), None)
    now = {number: value for number, value in readings.items() if run is None or number >= run.first}
    mean = fsum(now.values()) / len(now)
    reach = chart.upper - chart.mean
    swings = (mean - reach, mean + reach)
    if all(target.meets(value) for value in swings):
        kind = WILL_MEET
    elif target.meets(mean) or _crosses(target, swings):
        kind = MAY_MISS
    else:
        kind = WILL_MISS
    settled = not any(signal.first in now for signal in chart.outside)
    return Outlook(kind, mean, run and run.first, settled)


def _crosses(target, swings):
    """Does some value between the two meet the target?"""
    low, high = swings
    return (target.low is None or high >= target.low) and (target.high is None or low <= target.high)
