"""What has to happen before an audit can be credible, month by month.

Months are whole numbers, year x 12 + month - 1. Work ends in the month in which it is due. What shows in results has to be
seen `readings` months in a row afterwards before anybody calls it sustained; that wait, not the work, mostly sets the date.

The window is a range. It opens in the month after the last chain has ended, if all work ends when it is due. It closes `SLIP`
months later: what plans usually lose, an assumption of ours and printed as one.
"""

from dataclasses import dataclass

HORIZON = 24  # months shown
SLIP = 3  # months: a quarter, which one missed review and its repeat cost
ROUND = 24  # months between certifications: about two years, as is publicly known of the standard

BLOCKERS, FUNDAMENTALS, REST = GROUPS = ("blockers", "fundamentals", "rest")
WORK, WAIT = "work", "wait"

# Why no window can be named, in the order in which they are said.
TOO_EARLY, NOT_ENOUGH, UNDATED, NO_RESULTS = "too-early", "not-enough", "undated", "no-results"


@dataclass(frozen=True, slots=True)
class Step:
    """An action ahead. `due` is None where no day is set; `decides` is whether the audit cannot be booked without it, `result`
    whether it changes results, so that months of readings have to follow."""

    key: int
    group: str
    start: int
    due: int | None
    decides: bool = False
    result: bool = False


@dataclass(frozen=True, slots=True)
class Bar:
    """Months from `first` to `last`, both of them included; `cut` where it goes on beyond the horizon."""

    kind: str
    first: int
    last: int
    cut: bool = False


@dataclass(frozen=True, slots=True)
class Chain:
    """A step and the wait after it; `ends` is its last month, None without a due day."""

    step: Step
    bars: tuple[Bar, ...]
    ends: int | None


@dataclass(frozen=True, slots=True)
class Window:
    """`earliest` and `latest` are months; both None with the `reasons` why there is none. `sets` is the key of the step whose
    chain ends last, or None where the metrics end last."""

    earliest: int | None = None
    latest: int | None = None
    sets: int | None = None
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Roadmap:
    """`proof` is the month by which enough metrics can be sustained, None where none has to be waited for."""

    first: int
    chains: tuple[Chain, ...]
    proof: int | None
    window: Window

    @property
    def last(self):
        return self.first + HORIZON - 1


def chain(step, now, readings):
    """The `Chain` of a step seen in the month `now`. What should be done already ends this month at the earliest."""
    if step.due is None:
        return Chain(step, (), None)
    last = now + HORIZON - 1
    due = max(step.due, now)
    spans = [(WORK, max(min(step.start, due), now), due)]
    if step.result:
        spans.append((WAIT, due + 1, due + readings))
    bars = tuple(Bar(kind, first, min(end, last), end > last) for kind, first, end in spans if first <= last)
    return Chain(step, bars, spans[-1][2])


def proof(waits, needed):
    """The month by which `needed` metrics can be sustained, `waits` being that month for each that has a target: None where
    none is needed, and where there are too few to reach it."""
    return sorted(waits)[needed - 1] if 0 < needed <= len(waits) else None


def roadmap(steps, waits, *, now, readings, needed, enough, answered):
    """The `Roadmap` from `steps` in the order in which they are to be shown.

    `waits` are the months by which each metric with a target can be sustained, `needed` how many of them the audit asks for
    besides the results sustained by then; `enough` is whether everything planned, once done, meets the other conditions of
    the audit; `answered` whether enough is answered to tell.
    """
    chains = tuple(chain(step, now, readings) for step in steps)
    seen = proof(waits, needed)
    reasons = []
    if not answered:
        reasons.append(TOO_EARLY)
    if not enough:
        reasons.append(NOT_ENOUGH)
    if any(each.step.decides and each.ends is None for each in chains):
        reasons.append(UNDATED)
    if needed > 0 and seen is None:
        reasons.append(NO_RESULTS)
    if reasons:
        return Roadmap(now, chains, seen, Window(reasons=tuple(reasons)))
    return Roadmap(now, chains, seen, _window(chains, seen, now))


def _window(chains, seen, now):
    ends = [(each.ends, each.step.key) for each in chains if each.step.decides]
    last, sets = max(ends, key=lambda end: end[0], default=(now - 1, None))
    if seen is not None and seen >= last:
        last, sets = seen, None
    return Window(last + 1, last + 1 + SLIP, sets)
