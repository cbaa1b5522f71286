"""Is a series rising or falling, or is what one sees chance?

Mann-Kendall: S counts the pairs in which the later value is higher, less those in which it is lower. If order meant
nothing, every order of the values would be equally likely; a trend is called where an S at least this far from 0 would
come about in at most 5 of 100 such orders. It assumes neither a straight line nor a bell curve, and one outlier cannot
make a trend. Sources: H. B. Mann, Econometrica 13 (1945); M. G. Kendall, Rank Correlation Methods (1970).
"""

from dataclasses import dataclass
from functools import cache
from itertools import combinations

IMPROVING, FLAT, WORSENING, TOO_FEW = "improving", "flat", "worsening", "too few"
WINDOW = 12  # periods looked at
FEWEST = 6  # readings below which chance alone explains almost any order
CHANCE = 0.05  # two-sided


@dataclass(frozen=True, slots=True)
class Trend:
    """`chance` is the two-sided probability, 0 to 1, of an S this far from 0 if there were no trend; None if too few."""

    kind: str
    readings: int
    chance: float | None = None


def of(readings, last):
    """The `Trend` of the twelve periods up to `last`; `readings` maps periods to numbers that grow as things get better."""
    values = [readings[number] for number in range(last - WINDOW + 1, last + 1) if number in readings]
    if len(values) < FEWEST:
        return Trend(TOO_FEW, len(values))
    s = kendall_s(values)
    chance = chance_of(s, len(values))
    if chance > CHANCE:
        return Trend(FLAT, len(values), chance)
    return Trend(IMPROVING if s > 0 else WORSENING, len(values), chance)


def kendall_s(values):
    return sum((later > earlier) - (later < earlier) for earlier, later in combinations(values, 2))


def chance_of(s, count):
    """The two-sided probability of an S at least as far from 0 among `count` values in random order.

    Exact where all values differ; equal ones only make a trend harder to call.
    """
    orders = _orders(count)
    pairs = count * (count - 1) // 2
    swaps = (pairs - abs(s) + 1) // 2  # inversions that leave an S of that size, rounded away from a trend
    return min(1.0, 2 * sum(orders[: swaps + 1]) / sum(orders))


@cache
def _orders(count):
    """How many orders of `count` different values have 0, 1, 2, ... pairs the wrong way round."""
    orders = [1]
    for size in range(2, count + 1):
        longer = [0] * (len(orders) + size - 1)
        for swaps, number in enumerate(orders):
            for more in range(size):
                longer[swaps + more] += number
        orders = longer
    return tuple(orders)
