"""A metric over time, as SVG text: its readings between their limits and against their target, and their moving ranges.

Pure functions of plain values, like every chart: all words arrive as they are printed. Shape says what colour says: a filled
sign met its target, a hollow one missed it, a diamond lies outside the limits, a large sign belongs to a run.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from html import escape

from assessments.report import series_marks as marks
from assessments.report.axes import Box, Ground, Plane, exact, scale, spread, text_width
from assessments.report.charts import figure, lettering
from assessments.rules.control_chart import ControlChart, Signal
from assessments.rules.sustain import Target


@dataclass(frozen=True, slots=True)
class Moved:
    """The process moved in the period `since`, to the average `mean`, and has stayed there."""

    since: int
    mean: float


@dataclass(frozen=True, slots=True)
class Series:
    """A metric period by period, the oldest first; the first four are equally long.

    `labels` are the names under the axis, (period, year), the year empty but where one begins. `values` are in the metric's
    unit, None without a reading. `targets` are those in force, None where none was. `number(value, decimals)` prints a
    figure. `notes` say of a period why its value is what it is, `signals` name each signal of `chart`. Limits are not
    drawn beyond `floor` and `ceiling`: no value can lie there.
    """

    periods: tuple[int, ...]
    labels: tuple[tuple[str, str], ...]
    values: tuple[float | None, ...]
    targets: tuple[Target | None, ...]
    chart: ControlChart
    number: Callable[[float, int], str]
    decimals: int = 1
    notes: Mapping[int, str] = field(default_factory=dict)
    signals: Mapping[Signal, str] = field(default_factory=dict)
    moved: Moved | None = None
    floor: float | None = None
    ceiling: float | None = None

    def shown(self, value):
        return self.number(value, self.decimals)

    def aim(self, bound):
        """A target as it was set: a whole number without decimals."""
        digits = exact(bound)
        return self.number(bound, max(digits, self.decimals) if digits else 0)

    @property
    def limits(self):
        """(lower, upper), each None where no value can reach it; None where there are no limits."""
        chart = self.chart
        if not chart.drawn:
            return None
        return (
            None if self.floor is not None and chart.lower < self.floor else chart.lower,
            None if self.ceiling is not None and chart.upper > self.ceiling else chart.upper,
        )

    def bounds(self, side):
        """Of each period the `low` or the `high` end of its target, None where there is none."""
        return [getattr(target, side) if target else None for target in self.targets]


@dataclass(frozen=True, slots=True)
class Words:
    """What lines are called, in short where the chart is narrow, and what stands where readings are missing."""

    upper: str
    lower: str
    average: str
    moved: str
    target: str
    at_least: str  # the two ends of a range
    at_most: str
    missing: str
    nothing: str


# ---- the two charts -------------------------------------------------------------------------------------------------


def control_chart(series, title, palette, words, *, width=820, size=13):
    """The readings with their limits, average, target and signals. `size` is that of the lettering."""
    plane = _plane(series, words, width, size)
    brackets = marks.brackets(series, plane, width)
    head, foot = marks.room_for(brackets, size)
    plane = replace(plane, top=plane.top + head, bottom=plane.bottom + head)
    lines = plane.lines(series.values)
    ground = Ground(Box(plane.left, plane.top, plane.right, plane.bottom))
    for line in lines:
        ground.draw(line)
    months, end = marks.months(series.labels, plane, plane.bottom + foot, width, palette)
    body = [
        *_band(series, plane, palette),
        *_axis(series, plane, palette),
        *(marks.steps(series.bounds(side), plane, palette) for side in ("low", "high")),
        marks.stroke(lines, palette.ink, 1.4),
        *marks.signs(series, plane, palette),
        *_names(_line_labels(series, words), plane, palette),
        *(marks.bracket(each, plane, palette) for each in brackets),
        *marks.outside(series, plane, palette, ground),
        *marks.earlier_targets(series, plane, palette, words, ground),
        *marks.missing(series, plane, palette, words, ground),
        *months,
    ]
    return figure(width, end, title, body, palette, "chart-control")


def moving_ranges(series, title, palette, words, *, width=820, size=13):
    """How far each reading is from the one before, on the months of `control_chart`; nothing where no two are neighbours."""
    if not series.chart.ranges:
        return ""
    plane, chart = _plane(series, words, width, size), series.chart
    plane = replace(plane, bottom=plane.top + size * 6, scale=_range_scale(series))
    known = dict(chart.ranges)
    values = [known.get(period) for period in series.periods]
    body = []
    if chart.drawn:
        top = plane.y(chart.range_upper)
        body += [marks.ground(plane, top, plane.bottom, palette), _level(plane, top, palette.control)]
        body.append(_level(plane, plane.y(chart.range_mean), palette.ink_2))
    body += [
        *_axis(series, plane, palette),
        marks.stroke(plane.lines(values), palette.ink_2, 1.1),
        *marks.range_signs(values, chart.range_upper, plane, palette),
        *_names(_range_labels(series, words), plane, palette),
    ]
    return figure(width, plane.bottom + size * 0.7, title, body, palette, "chart-ranges")


# ---- margins and scales -----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Label:
    """What a line is called at the right edge: its figure in bold, its name."""

    value: float
    number: str
    name: str

    def width(self, size):
        return text_width(f"{self.number} ", size, 600) + text_width(self.name, size)


def _plane(series, words, width, size):
    """Both charts of a series keep the margins that the wider lettering of the two needs, so that months stand in line."""
    found, ranges = _value_scale(series), _range_scale(series)
    ticks = [series.number(tick, each.decimals) for each in (found, ranges) for tick in each.ticks]
    names = [label.width(size) for label in (*_line_labels(series, words), *_range_labels(series, words))]
    left = max(text_width(tick, size) for tick in ticks) + size * 0.8
    right = width - max(names, default=0.0) - size * (0.9 if names else 0.3)
    top = size * 0.7
    bottom = top + 110 + width * 0.165
    return Plane(left, max(right, left + 40), top, bottom, len(series.periods), found, size)


def _value_scale(series):
    values = [*series.values, *series.bounds("low"), *series.bounds("high"), *_edges(series)]
    return scale(
        [value for value in values if value is not None],
        finest=10.0**-series.decimals,
        lowest=series.floor,
        highest=series.ceiling,
    )


def _edges(series):
    """The limits, or where values end before them."""
    if not series.chart.drawn:
        return ()
    lower, upper = series.limits
    return series.floor if lower is None else lower, series.ceiling if upper is None else upper


def _range_scale(series):
    distances = [distance for _, distance in series.chart.ranges]
    return scale([0.0, *distances, series.chart.range_upper or 0.0], most=2, lowest=0.0)


def _line_labels(series, words):
    """The lines that reach the right edge, each once: equal readings leave nothing between their limits."""
    found, chart = [], series.chart
    if chart.drawn:
        lower, upper = series.limits
        named = [(upper, words.upper), (chart.mean, words.average), (lower, words.lower)]
        flat = chart.range_mean == 0
        found += [each for each in named if each[0] is not None and not (flat and each[1] != words.average)]
    if series.moved:
        found.append((series.moved.mean, words.moved))
    lines = [_Label(value, series.shown(value), name) for value, name in found]
    ends = _target_ends(series.targets[-1] if series.targets else None, words)
    return lines + [_Label(value, series.aim(value), name) for value, name in ends]


def _target_ends(target, words):
    if target is None:
        return []
    if None in (target.low, target.high) or target.low == target.high:
        return [(target.low if target.high is None else target.high, words.target)]
    return [(target.high, words.at_most), (target.low, words.at_least)]


def _range_labels(series, words):
    chart = series.chart
    if not chart.drawn or not chart.range_mean:
        return []
    named = ((chart.range_upper, words.upper), (chart.range_mean, words.average))
    return [_Label(value, series.shown(value), name) for value, name in named]


# ---- band, axis, lines ------------------------------------------------------------------------------------------------


def _band(series, plane, palette):
    """The band between the limits, up to the edge where one is out of reach, with the average in it."""
    if series.limits is None:
        return
    lower, upper = series.limits
    top = plane.top if upper is None else plane.y(upper)
    bottom = plane.bottom if lower is None else plane.y(lower)
    yield marks.ground(plane, top, bottom, palette)
    yield from (
        _level(plane, plane.y(limit), palette.control) for limit in series.limits if limit is not None
    )
    yield _level(plane, plane.y(series.chart.mean), palette.ink_2)
    if series.moved:
        start = plane.x(series.periods.index(series.moved.since) - 0.5)
        yield _level(plane, plane.y(series.moved.mean), palette.ink, start=start, thick=2)


def _level(plane, y, stroke, *, start=None, thick=1):
    left = plane.left if start is None else start
    return f'<path d="M{left:.1f} {y:.1f}H{plane.right:.1f}" stroke="{stroke}" stroke-width="{thick}"/>'


def _axis(series, plane, palette):
    place = {"size": plane.size, "anchor": "end", "fill": palette.ink_3}
    for tick in plane.scale.ticks:
        words = series.number(tick, plane.scale.decimals)
        yield lettering(
            plane.left - plane.size * 0.7, plane.y(tick) + plane.size * 0.35, words, palette, **place
        )


def _names(labels, plane, palette):
    """Labels beside the ends of their lines; one that had to make room keeps a stroke to its line."""
    labels = sorted(labels, key=lambda label: -label.value)
    ends = [plane.y(label.value) for label in labels]
    size = plane.size
    places = spread(ends, size * 1.25, plane.top, plane.bottom)
    for label, end, y in zip(labels, ends, places, strict=True):
        x = plane.right + size * 0.75
        if abs(end - y) > 1:
            path = f"M{plane.right:.1f} {end:.1f}L{x - size * 0.15:.1f} {y:.1f}"
            yield f'<path d="{path}" stroke="{palette.control}" stroke-width="1"/>'
        yield (
            f'<text x="{x:.1f}" y="{y + size * 0.35:.1f}" font-size="{size:g}" fill="{palette.ink_2}">'
            f'<tspan font-weight="600" fill="{palette.ink}">{escape(label.number)}</tspan> {escape(label.name)}</text>'
        )
