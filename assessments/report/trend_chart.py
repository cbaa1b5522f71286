"""Score and ceiling from milestone to milestone, as SVG text: a filled dot is shown, an open one what it could still be."""

from dataclasses import dataclass

from assessments.report import series_marks as marks
from assessments.report.axes import spread, text_width
from assessments.report.charts import figure, lettering

TICKS, FEW_TICKS = (0, 25, 50, 75, 100), (0, 50, 100)


@dataclass(frozen=True, slots=True)
class Point:
    """One milestone, or today. `day` counts days from anywhere; `score` and `ceiling` are percent, None where nothing applied;
    without a ceiling of its own it is the score."""

    day: int
    label: str
    score: float | None
    ceiling: float | None


@dataclass(frozen=True, slots=True)
class _Plane:
    left: float
    right: float
    top: float
    bottom: float
    places: tuple

    def y(self, value):
        return self.bottom - (self.bottom - self.top) * value / 100


def trend(points, title, palette, *, width=640, height=230, size=13):
    """`points`, the oldest first, on a scale of 0 to 100 percent; days that are far apart stand far apart.

    A dot has its value beneath it, a ceiling above it, as far as they differ; there is at least one point.
    """
    plane = _plane(points, width, height, size)
    ceilings = [point.ceiling if point.ceiling != point.score else None for point in points]
    body = [
        *_grid(plane, palette, size, width < 400),
        marks.stroke(_lines(plane, [point.ceiling for point in points]), palette.hatch, 1.4),
        marks.stroke(_lines(plane, [point.score for point in points]), palette.bar, 2.4),
        *_dots(plane, ceilings, palette, size, above=True),
        *_dots(plane, [point.score for point in points], palette, size, above=False),
        *_labels(plane, points, palette, size),
    ]
    return figure(width, height, title, "".join(body), palette, "chart-trend")


def _plane(points, width, height, size):
    left, top, bottom = text_width("100", size) + size * 0.7, size * 1.9, height - size * 2
    half = max(text_width(point.label, size) for point in points) / 2
    low, high = left + half, width - half
    first, days = points[0].day, points[-1].day - points[0].day
    wanted = [low + (high - low) * ((point.day - first) / days if days else 0.5) for point in points]
    places = spread(wanted, text_width("100 %", size), low, high)
    return _Plane(left, width, top, bottom, tuple(places))


def _grid(plane, palette, size, few):
    for tick in FEW_TICKS if few else TICKS:
        y = plane.y(tick)
        yield f'<path d="M{plane.left:.1f} {y:.1f}H{plane.right:.1f}" stroke="{palette.line}"/>'
        yield lettering(
            plane.left - size * 0.5,
            y + size * 0.36,
            tick,
            palette,
            size=size,
            anchor="end",
            fill=palette.ink_2,
        )


def _lines(plane, values):
    """The unbroken stretches of `values`."""
    found = [[]]
    for x, value in zip(plane.places, values, strict=True):
        if value is not None:
            found[-1].append((x, plane.y(value)))
        elif found[-1]:
            found.append([])
    return [line for line in found if len(line) > 1]


def _dots(plane, values, palette, size, *, above):
    for x, value in zip(plane.places, values, strict=True):
        if value is None:
            continue
        y, radius = plane.y(value), size * 0.3
        face, edge = (palette.paper, palette.hatch) if above else (palette.bar, palette.bar)
        yield f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{radius:.1f}" fill="{face}" stroke="{edge}" stroke-width="1.6"/>'
        yield lettering(
            x,
            y - size * 0.65 if above else y + size * 1.35,
            int(value + 1e-9),
            palette,
            size=size,
            weight=400 if above else 600,
            anchor="middle",
            fill=palette.ink_2 if above else palette.ink,
        )


def _labels(plane, points, palette, size):
    """The names below the axis, the last first: where two would touch, the older one gives way."""
    free = float("inf")
    for x, point in reversed(list(zip(plane.places, points, strict=True))):
        half = text_width(point.label, size) / 2
        if x + half <= free:
            free = x - half - size * 0.6
            yield lettering(
                x,
                plane.bottom + size * 1.75,
                point.label,
                palette,
                size=size,
                anchor="middle",
                fill=palette.ink_2,
            )
