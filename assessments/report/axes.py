"""Where things stand on a chart of a series: round ticks, labels that keep apart, free places for a note. Pure arithmetic."""

from dataclasses import dataclass, field
from itertools import pairwise
from math import ceil, floor, isclose, log10

NARROW, WIDE, CAPITALS = "fijlrt.,:;'|!()[] ", "mw%@MW", 0.62
STEPS = (1, 2, 5, 10)
SAME = 1e-9  # relative: values that differ by less are drawn as one


def text_width(text, size, weight=400):
    """At least as wide as `text` is set in the faces of the palettes, in the unit of `size`."""
    parts = sum(
        0.36
        if letter in NARROW
        else 0.86
        if letter in WIDE
        else CAPITALS
        if letter.isupper()
        else 0.51
        if letter.isdigit()
        else 0.54
        if letter < "\u2e80"  # from here on signs are square: Chinese, Japanese, Korean
        else 1.0
        for letter in text
    )
    return parts * size * (1.03 if weight > 400 else 1)


@dataclass(frozen=True, slots=True)
class Scale:
    """From `low` to `high`, both ticks of the distance `step`; `decimals` are those that its ticks need."""

    low: float
    high: float
    step: float

    @property
    def decimals(self):
        return max(0, -floor(log10(self.step) + SAME))

    @property
    def ticks(self):
        count = round((self.high - self.low) / self.step)
        return tuple(self.low + number * self.step for number in range(count + 1))

    def share(self, value):
        """Where `value` stands: 0 at the low end, 1 at the high end; what lies beyond stands at the end."""
        return min(1.0, max(0.0, (value - self.low) / (self.high - self.low)))


def scale(values, *, most=6, finest=0.0, lowest=None, highest=None):
    """The `Scale` that holds all `values` with at most `most` + 1 ticks, no closer than `finest`.

    It goes past `lowest` and `highest` only where a value does. Equal values get room on both sides; no value at all is 0 to 1.
    """
    low, high = (min(values), max(values)) if values else (0.0, 1.0)
    if isclose(low, high, rel_tol=SAME, abs_tol=SAME):
        room = max(abs(low) * 0.05, finest, SAME) if low else 1.0
        beneath, above = low - room, high + room
        low = beneath if lowest is None or low < lowest else max(beneath, lowest)
        high = above if highest is None or high > highest else min(above, highest)
    step = _step(max((high - low) / most, finest))
    return Scale(floor(low / step + SAME) * step, ceil(high / step - SAME) * step, step)


def _step(least):
    """The next of 1, 2 and 5 times a power of ten."""
    power = 10.0 ** floor(log10(least))
    return next(power * step for step in STEPS if power * step >= least * (1 - SAME))


def exact(value, most=6):
    """How many decimals `value` has, at most `most`: a target is printed as it was set."""
    return next((digits for digits in range(most) if round(value, digits) == round(value, most)), most)


def spread(places, gap, low, high):
    """`places` in their order, moved as little as it takes to stand `gap` apart between `low` and `high`.

    Where there is not room for all they stand closer, evenly.
    """
    if not places:
        return []
    gap = min(gap, (high - low) / max(1, len(places) - 1))
    groups = []  # (sum of where each member wants the group to begin, members): neighbours that would touch move as one
    for number, place in enumerate(places):
        groups.append((place - number * gap, 1))
        while len(groups) > 1 and groups[-2][0] / groups[-2][1] > groups[-1][0] / groups[-1][1]:
            (wish, members), (before, others) = groups.pop(), groups.pop()
            groups.append((wish + before, members + others))
    starts = [wish / members for wish, members in groups for _ in range(members)]
    last = high - (len(places) - 1) * gap
    return [min(max(start, low), last) + number * gap for number, start in enumerate(starts)]


def every(labels, pitch, size):
    """Every how many of `labels`, `pitch` apart, there is room for; a number that divides a year, as far as one does."""
    room = max(text_width(label, size) for label in labels) + size * 0.35
    need = room / pitch
    return next((step for step in (1, 2, 3, 4, 6, 12) if step >= need), ceil(need))


@dataclass(frozen=True, slots=True)
class Plane:
    """Where periods and values are on a chart. `size` is that of the lettering; what is drawn follows from it."""

    left: float
    right: float
    top: float
    bottom: float
    count: int
    scale: Scale
    size: float

    @property
    def pitch(self):
        return (self.right - self.left) / max(1, self.count)

    @property
    def radius(self):
        """Of the sign of a reading: smaller where signs would touch."""
        return max(1.8, min(self.size * 0.28, self.pitch * 0.32))

    def x(self, place):
        """The middle of a period, counted from 0; half a period less is where it begins."""
        return self.left + (place + 0.5) * self.pitch

    def y(self, value):
        return self.bottom - (self.bottom - self.top) * self.scale.share(value)

    def lines(self, values):
        """The unbroken stretches of `values`, as lists of (x, y)."""
        found = [[]]
        for place, value in enumerate(values):
            if value is not None:
                found[-1].append((self.x(place), self.y(value)))
            elif found[-1]:
                found.append([])
        return [line for line in found if line]


@dataclass(frozen=True, slots=True)
class Box:
    left: float
    top: float
    right: float
    bottom: float

    def touches(self, other):
        return (
            self.left < other.right
            and other.left < self.right
            and self.top < other.bottom
            and other.top < self.bottom
        )

    def within(self, other):
        return (
            self.left >= other.left
            and self.right <= other.right
            and self.top >= other.top
            and self.bottom <= other.bottom
        )

    def holds(self, point):
        return self.left <= point[0] <= self.right and self.top <= point[1] <= self.bottom


@dataclass(slots=True)
class Ground:
    """A plot on which notes look for a free place: its frame, the points its lines go through, what stands there already."""

    frame: Box
    points: list = field(default_factory=list)
    taken: list = field(default_factory=list)

    def draw(self, line):
        """Take note of a line through `line`, a list of (x, y)."""
        self.points += line[:1]
        for (x1, y1), (x2, y2) in pairwise(line):
            parts = max(1, ceil(max(abs(x2 - x1), abs(y2 - y1)) / 3))
            self.points += [
                (x1 + (x2 - x1) * part / parts, y1 + (y2 - y1) * part / parts) for part in range(1, parts + 1)
            ]

    def place(self, boxes, rather_not=()):
        """The number of the first of `boxes` that is free, which is taken then; None where none is.

        One that a horizontal line at one of `rather_not` crosses comes after all others.
        """
        order = sorted(
            range(len(boxes)), key=lambda at: any(boxes[at].top < y < boxes[at].bottom for y in rather_not)
        )
        for number in order:
            box = boxes[number]
            crowded = any(box.touches(other) for other in self.taken)
            if not crowded and box.within(self.frame) and not any(map(box.holds, self.points)):
                self.taken.append(box)
                return number
        return None
