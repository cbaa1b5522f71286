"""Impact against effort, as SVG text; a pure function of plain values like every chart."""

from dataclasses import dataclass
from math import floor, log10

from assessments.report.charts import figure, lettering


@dataclass(frozen=True, slots=True)
class Mark:
    """A gap on the scatter. `band` is 0 to 2 for small, medium or large effort; a mark with a `label` is written out."""

    rank: int
    label: str
    band: int
    impact: float
    blocker: bool


@dataclass(frozen=True, slots=True)
class Band:
    """A column of the scatter: its name, what it means, and what the effort divides by."""

    name: str
    meaning: str
    effort: float


@dataclass(frozen=True, slots=True)
class _Plane:
    """Where things are on the scatter."""

    left: float
    head: float
    floor: float
    band_width: float
    top: float

    def x(self, band):
        return self.left + band * self.band_width

    def y(self, impact):
        return self.floor - (self.floor - self.head) * impact / self.top


def scatter(marks, bands, line, words, title, palette, *, width=635, height=470, names=True):
    """Impact against effort. Above the stepped `line` of equal priority stand the labelled marks; without `names` their
    rank alone says which they are.

    Where a mark stands inside its band means nothing: marks move sideways until none hides another. `words` name the
    axis and the line. `line` is None where every gap is labelled.
    """
    left = 38
    top = _round_up(max(mark.impact for mark in marks))
    plane = _Plane(left, 22, height - 42, (width - left) / len(bands), top)
    axis, line_name = words
    body = [lettering(0, 9, axis, palette, size=11.3, weight=600), *_frame(plane, bands, width, palette)]
    dots, taken = [], [[] for _ in bands]  # what stands in each band: (left, top, right, bottom)
    if line is not None:
        steps = [(plane.x(place), plane.y(min(line * band.effort, top))) for place, band in enumerate(bands)]
        path = "L".join(f"{x:.1f} {y:.1f}H{x + plane.band_width:.1f}" for x, y in steps)
        body.append(f'<path d="M{path}" stroke="{palette.ink}" stroke-width="1.6" fill="none"/>')
        under = steps[-1][1] + 14
        body.append(lettering(width, under, line_name, palette, size=10.5, weight=600, anchor="end"))
        taken[-1].append((width - 5.4 * len(line_name), under - 10, width, under + 3))
    for mark in sorted(marks, key=lambda mark: (not mark.label, -mark.impact, mark.rank)):
        place = (_free_place(mark, plane, taken[mark.band], names), plane.y(mark.impact))
        if mark.label:
            body.append(_mark(mark, *place, palette, names))
        else:
            dots.append(place)
    if dots:
        body.append(_dots(dots, palette))
    return figure(width, height, title, body, palette, "chart-scatter")


def _frame(plane, bands, width, palette):
    for step in range(6):
        value = plane.top * step / 5
        y, stroke = plane.y(value), palette.sunk if step else palette.ink
        yield f'<path d="M{plane.left} {y:.1f}H{width}" stroke="{stroke}" stroke-width="1"/>'
        place = {"size": 10.5, "anchor": "end", "fill": palette.ink_3}
        yield lettering(plane.left - 8, y + 3.5, f"{value:g}", palette, **place)
    for number, band in enumerate(bands):
        start, middle = plane.x(number), plane.x(number + 0.5)
        if number:
            path = f"M{start:.1f} {plane.head - 6}V{plane.floor}"
            yield f'<path d="{path}" stroke="{palette.line}" stroke-width="1"/>'
        yield lettering(middle, plane.floor + 18, band.name, palette, size=11.3, weight=600, anchor="middle")
        place = {"size": 10.5, "anchor": "middle", "fill": palette.ink_2}
        yield lettering(middle, plane.floor + 33, band.meaning, palette, **place)


def _free_place(mark, plane, taken, names):
    """The first place along its band where `mark` touches nothing `taken`; crowded marks may touch in the end."""
    reach = 9 if mark.label else 3.6
    right = reach + (15 + 6.4 * len(mark.label) if mark.label and names else reach)
    start, y = plane.x(mark.band) + 2 * reach, plane.y(mark.impact)
    room = plane.band_width - 2 * reach - right
    near = [box for box in taken if box[1] < y + reach and y - reach < box[3]]
    for attempt in range(60):
        # steps of the golden section: the next place is always far from the last ones
        x = start + room * ((mark.rank * 0.381966 + attempt * 0.618034) % 1)
        if not any(x - reach - 1 < box[2] and box[0] < x + right for box in near):
            break
    taken.append((x - reach - 1, y - reach, x + right, y + reach))
    return x


def _dots(places, palette):
    """Open dots as one path: with a hundred gaps, circles of their own would outweigh the rest of a page."""
    path = "".join(
        f"M{x - 3.4:.0f} {y:.0f}a3.4 3.4 0 1 0 6.8 0a3.4 3.4 0 1 0-6.8 0" for x, y in sorted(places)
    )
    return (
        f'<path class="dots" d="{path}" fill="{palette.paper}" stroke="{palette.ink_2}" stroke-width="1.1"/>'
    )


def _mark(mark, x, y, palette, names):
    if mark.blocker:
        shape = f'<rect x="{x - 9:.1f}" y="{y - 9:.1f}" width="18" height="18" fill="{palette.warn}"/>'
    else:
        shape = f'<circle cx="{x:.1f}" cy="{y:.1f}" r="9.5" fill="{palette.bar}"/>'
    rank = lettering(x, y + 4, mark.rank, palette, size=10.5, weight=600, anchor="middle", fill=palette.paper)
    if not names:
        return shape + rank
    wide = 6.4 * len(mark.label) + 6
    ground = f'<rect x="{x + 8:.1f}" y="{y - 6:.1f}" width="{wide:.1f}" height="12" fill="{palette.paper}"/>'
    return ground + shape + rank + lettering(x + 14, y + 4, mark.label, palette, size=11, weight=600)


def _round_up(value):
    """The next value whose fifths are easy to read: 1, 2, 2.5 or 5 times a power of ten; 1 of nothing."""
    if value <= 0:
        return 1.0
    power = 10.0 ** floor(log10(value))
    return next(power * step for step in (1, 2, 2.5, 5, 10) if power * step >= value * (1 - 1e-9))
