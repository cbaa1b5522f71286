"""What stands on the chart of a series: the signs of its readings, brackets over runs, notes in free places, months below."""

from dataclasses import dataclass

from assessments.report.axes import Box, every, text_width
from assessments.report.charts import hatched, lettering
from assessments.rules.control_chart import ABOVE

LANE = 1.9  # height of a bracket with its words, in sizes of lettering
ROUND = 0.5523  # of the radius: handles of four curves that make a circle
REACH = 1.9  # of a diamond, in radii of a dot
NAMED = 3  # diamonds, beyond which words beside each would say less than the picture
LINE = 1.2  # from one line of a note to the next
MET, MISSED, FREE = "met", "missed", "free"  # free: no target was in force


# ---- signs -----------------------------------------------------------------------------------------------------------


def state(value, target):
    if target is None:
        return FREE
    return MET if target.meets(value) else MISSED


def signs(series, plane, palette):
    """A sign for each reading, those of one kind as one path."""
    kinds = {}
    for place, (period, value, target) in enumerate(
        zip(series.periods, series.values, series.targets, strict=True)
    ):
        if value is not None:
            outside = any(signal.covers(period) for signal in series.chart.outside)
            large = any(signal.covers(period) for signal in series.chart.runs)
            kinds.setdefault((state(value, target), outside, large), []).append(
                (plane.x(place), plane.y(value))
            )
    for (kind, outside, large), spots in kinds.items():
        radius = plane.radius * (1.35 if large else 1)
        yield sign(kind, diamonds(spots, radius * REACH) if outside else circles(spots, radius), palette)


def sign(kind, path, palette):
    """Filled where the target was met, hollow where it was missed, in ink where none was in force."""
    if kind == MISSED:
        return f'<path d="{path}" fill="{palette.paper}" stroke="{palette.warn}" stroke-width="1.8"/>'
    return filled(path, palette.levels[3] if kind == MET else palette.ink)


def range_signs(values, upper, plane, palette):
    """A small dot for each range, a diamond where it lies above `upper`, which may be None."""
    within, beyond = [], []
    for place, value in enumerate(values):
        if value is not None:
            far = upper is not None and value > upper * (1 + 1e-9)
            (beyond if far else within).append((plane.x(place), plane.y(value)))
    yield filled(circles(within, plane.radius * 0.7), palette.ink_2)
    yield filled(diamonds(beyond, plane.radius * REACH), palette.warn)


def circles(spots, radius):
    """Circles as one path of curves: WeasyPrint draws arcs this small as polygons."""
    r, k, m = (f"{part:.2f}" for part in (radius, radius * ROUND, radius * (1 - ROUND)))
    curves = (
        f"c0 -{k} {m} -{r} {r} -{r}c{k} 0 {r} {m} {r} {r}c0 {k} -{m} {r} -{r} {r}c-{k} 0 -{r} -{m} -{r} -{r}z"
    )
    return "".join(f"M{x - radius:.1f} {y:.1f}{curves}" for x, y in spots)


def diamonds(spots, reach):
    r = f"{reach:.1f}"
    return "".join(f"M{x:.1f} {y - reach:.1f}l{r} {r}l-{r} {r}l-{r} -{r}z" for x, y in spots)


def filled(path, colour):
    return f'<path d="{path}" fill="{colour}"/>' if path else ""


def stroke(lines, colour, thick):
    """Lines of (x, y) as one path; a single point is no line."""
    path = "".join("M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in line) for line in lines if len(line) > 1)
    if not path:
        return ""
    return f'<path d="{path}" fill="none" stroke="{colour}" stroke-width="{thick}" stroke-linejoin="round"/>'


def ground(plane, top, bottom, palette):
    """The band between limits."""
    return (
        f'<rect x="{plane.left:.1f}" y="{top:.1f}" width="{plane.right - plane.left:.1f}" '
        f'height="{max(0.0, bottom - top):.1f}" fill="{palette.sunk}"/>'
    )


def steps(bounds, plane, palette, thick=1.8):
    """A target as dashed steps, broken where none is in force."""
    path, before = [], None
    for place, bound in enumerate(bounds):
        if bound is not None:
            y = f"{plane.y(bound):.1f}"
            if before is None:
                path.append(f"M{plane.x(place - 0.5):.1f} {y}")
            elif bound != before:
                path.append(f"V{y}")
            path.append(f"H{plane.x(place + 0.5):.1f}")
        before = bound
    if not path:
        return ""
    dashes = f'stroke-dasharray="{plane.size * 0.45:.1f} {plane.size * 0.25:.1f}"'
    return f'<path d="{"".join(path)}" fill="none" stroke="{palette.bar}" stroke-width="{thick}" {dashes}/>'


# ---- brackets over runs ------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Bracket:
    """Words over a run. `row` counts away from the plot, `middle` is that of the words."""

    left: float
    right: float
    middle: float
    words: str
    above: bool
    row: int


def brackets(series, plane, width):
    """The `Bracket`s of the runs; words that would touch those of another go one row further out."""
    found = []
    for run in series.chart.runs:
        if run not in series.signals:
            continue
        words, above = series.signals[run], run.kind == ABOVE
        left, right = (plane.x(series.periods.index(period)) for period in (run.first, run.last))
        half = text_width(words, plane.size, 600) / 2
        middle = max(half, min((left + right) / 2, width - half))
        extent = (min(left, middle - half), max(right, middle + half))
        row = next(
            row for row in range(len(found) + 1) if _row_is_free(found, above, row, extent, plane.size)
        )
        found.append(Bracket(left, right, middle, words, above, row))
    return found


def _row_is_free(found, above, row, extent, size):
    for other in found:
        if (other.above, other.row) == (above, row):
            half = text_width(other.words, size, 600) / 2
            left, right = min(other.left, other.middle - half), max(other.right, other.middle + half)
            if extent[0] < right + size and left < extent[1] + size:
                return False
    return True


def room_for(found, size):
    """The height that brackets take above and below the plot."""
    rows = {
        above: max((each.row + 1 for each in found if each.above is above), default=0)
        for above in (True, False)
    }
    return rows[True] * LANE * size, rows[False] * LANE * size


def bracket(found, plane, palette):
    size, step = plane.size, (found.row + 0.3) * LANE * plane.size
    edge, tick = (plane.top - step, 0.5) if found.above else (plane.bottom + step, -0.5)
    path = f"M{found.left:.1f} {edge + tick * size:.1f}V{edge:.1f}H{found.right:.1f}v{tick * size:.1f}"
    y = edge - size * 0.45 if found.above else edge + size * 1.05
    words = lettering(found.middle, y, found.words, palette, size=size, weight=600, anchor="middle")
    return f'<path d="{path}" fill="none" stroke="{palette.bar}" stroke-width="1.6"/>{words}'


# ---- notes in free places ------------------------------------------------------------------------------------------------


def outside(series, plane, palette, ground):
    """Beside each diamond its words and why it came about; less where there is no room, down to the figure alone.
    Where there are many, only those with a reason are named."""
    spots = {
        signal: (
            plane.x(series.periods.index(signal.first)),
            plane.y(series.values[series.periods.index(signal.first)]),
        )
        for signal in series.chart.outside
    }
    if not spots:
        return
    reach = plane.radius * REACH + 2
    ground.taken += [Box(x - reach, y - reach, x + reach, y + reach) for x, y in spots.values()]
    levels = [plane.y(level) for level in (series.chart.lower, series.chart.mean, series.chart.upper)]
    for signal, spot in spots.items():
        if len(spots) > NAMED and signal.first not in series.notes:
            continue
        value = series.shown(series.values[series.periods.index(signal.first)])
        words = series.signals.get(signal, value)
        note = wrapped(
            series.notes.get(signal.first, ""), min(plane.right - plane.left, 600) * 0.5, plane.size
        )
        yield from next(
            (
                drawn
                for lines in ([words, *note], [words], [value])
                if (drawn := _beside(spot, lines, plane, palette, ground, levels))
            ),
            (),
        )


def _beside(spot, lines, plane, palette, ground, levels):
    """The lines, the first in bold, at the first free place around `spot`; nothing where there is none."""
    size, (x, y) = plane.size, spot
    wide = max(text_width(line, size, 600 if number == 0 else 400) for number, line in enumerate(lines))
    tall = len(lines) * LINE * size
    aside = plane.radius * REACH + size * 0.6
    corners = [
        (left, top)
        for top in (y - size * 0.75, y - tall + size * 0.6, y + size * 0.4, y - tall - size * 0.4)
        for left in (x + aside, x - aside - wide)
    ] + [(x - wide / 2, y + aside), (x - wide / 2, y - aside - tall)]
    chosen = ground.place(
        [Box(left, top, left + wide, top + tall) for left, top in corners], rather_not=levels
    )
    if chosen is None:
        return []
    left, top = corners[chosen]
    if left < x - wide / 2:
        left, anchor = left + wide, "end"
    else:
        anchor = "start" if left > x else "middle"
        left = left if left > x else x
    return [
        lettering(
            left,
            top + (number * LINE + 0.95) * size,
            line,
            palette,
            anchor=anchor,
            **_weight(number, size, palette),
        )
        for number, line in enumerate(lines)
    ]


def _weight(number, size, palette):
    return {"size": size, "weight": 400, "fill": palette.ink_2} if number else {"size": size, "weight": 600}


def wrapped(text, room, size, most=2):
    """`text` in up to `most` lines that fit in `room`, cut with three dots where it is longer."""
    lines, words = [], text.split()
    while words and len(lines) < most:
        line = words.pop(0)
        while words and text_width(f"{line} {words[0]}", size) <= room:
            line = f"{line} {words.pop(0)}"
        lines.append(line)
    if words:
        lines[-1] += " …"
    return lines


def earlier_targets(series, plane, palette, words, ground):
    """The figure of each target that is not in force any more, at the first free place along its step."""
    size = plane.size
    for side in ("low", "high"):
        bounds = series.bounds(side)
        for first, last in _steps_ended(bounds):
            y, text = (
                plane.y(bounds[first]),
                f"{series.aim(bounds[first])} {words.target}",
            )
            boxes = [
                Box(left, top, left + text_width(text, size), top + LINE * size)
                for left in (plane.x(place - 0.5) + 2 for place in range(first, last + 1))
                for top in (y - size * 1.4, y + size * 0.25)
            ]
            chosen = ground.place(boxes)
            if chosen is not None:
                left, base = boxes[chosen].left, boxes[chosen].top + size * 0.95
                yield lettering(left, base, text, palette, size=size, fill=palette.ink_2)


def _steps_ended(bounds):
    """(first, last) place of each step of a target but the one that lasts to the end."""
    start = 0
    for place in range(1, len(bounds)):
        if bounds[place] != bounds[place - 1]:
            if bounds[start] is not None:
                yield start, place - 1
            start = place


def missing(series, plane, palette, words, ground):
    """A hatched foot for periods without a reading; in words where there is room, or where nothing is."""
    size = plane.size
    empty = [place for place, value in enumerate(series.values) if value is None]
    yield gaps(empty, plane, palette)
    if len(empty) == len(series.values):
        x, y = (plane.left + plane.right) / 2, plane.top + (plane.bottom - plane.top) / 4
        yield lettering(x, y, words.nothing, palette, size=size, anchor="middle", fill=palette.ink_2)
        return
    for first, last in stretches(empty):
        half, x = text_width(words.missing, size) / 2, (plane.x(first) + plane.x(last)) / 2
        x = max(plane.left + half, min(x, plane.right - half))
        top = plane.bottom - size * 1.95
        if ground.place([Box(x - half, top, x + half, top + LINE * size)]) is not None:
            y = top + size * 0.95
            yield lettering(x, y, words.missing, palette, size=size, anchor="middle", fill=palette.ink_2)


def gaps(places, plane, palette):
    """A low hatched block under each stretch of periods without a reading: as everywhere, the hatch is what is not shown."""
    tall, inset = plane.size * 0.6, plane.pitch * 0.15
    return "".join(
        hatched(
            plane.x(first - 0.5) + inset,
            plane.bottom - tall,
            (last - first + 1) * plane.pitch - 2 * inset,
            tall,
            palette.hatch,
            gap=4,
        )
        for first, last in stretches(places)
    )


def stretches(places):
    """(first, last) of each unbroken stretch of whole numbers."""
    starts = [place for place in places if place - 1 not in places]
    ends = [place for place in places if place + 1 not in places]
    return zip(starts, ends, strict=True)


# ---- months ----------------------------------------------------------------------------------------------------------


def months(labels, plane, top, width, palette):
    """(what stands under the axis from `top` down, where it ends): as many names as there is room for, and the years."""
    size, body = plane.size, []
    step = every([name for name, _ in labels], plane.pitch, size) if labels else 1
    y, year_y = top + size * 1.45, top + size * 2.75
    years = [(place, year) for place, (_, year) in enumerate(labels) if year]
    for place, (name, _) in enumerate(labels):
        if (len(labels) - 1 - place) % step == 0:
            body.append(
                lettering(plane.x(place), y, name, palette, size=size, anchor="middle", fill=palette.ink_2)
            )
    for number, (place, year) in enumerate(years):
        x = plane.x(place - 0.5)
        if place:
            path = f"M{x:.1f} {top + size * 0.4:.1f}V{year_y:.1f}"
            body.append(f'<path d="{path}" stroke="{palette.line}" stroke-width="1"/>')
        wide = text_width(year, size, 600) + size * 0.7
        crowded = number + 1 < len(years) and plane.x(years[number + 1][0] - 0.5) - x < wide
        if not crowded:
            under = plane.x(place) - text_width(labels[place][0], size) / 2  # flush with the month
            left = min(max(x + size * 0.4, under), width - wide)
            body.append(lettering(left, year_y, year, palette, size=size, weight=600))
    return body, (year_y if years else y) + size * 0.4
