"""A metric at a glance, as SVG text: its last thirteen periods in a small space, and the months that decide "sustained".

The signs are those of the large chart: filled is met, hollow is missed.
"""

from assessments.report import series_marks as marks
from assessments.report.axes import Plane, scale, text_width
from assessments.report.charts import figure, lettering, svg

SHOWN = 13  # a year and the month that it is compared with
DECIDE = 6  # the periods whose signs are drawn


def small_multiple(series, title, palette, *, width=200, height=64, decide=DECIDE):
    """The last thirteen periods of a `series.Series` on a scale of their own. The signs of the last `decide` are drawn, the
    latest reading large; limits are a faint band, the target a dashed line."""
    values, targets = series.values[-SHOWN:], series.targets[-SHOWN:]
    plane = _plane(values, targets, width, height)
    body = [
        *_band(series.limits, plane, palette),
        *_targets(targets, plane, palette),
        marks.stroke(plane.lines(values), palette.ink, 1.4),
        *_signs(values, targets, decide, plane, palette),
        marks.gaps([place for place, value in enumerate(values) if value is None], plane, palette),
    ]
    return svg(width, height, title, "".join(body), css_class="chart chart-small")


def _plane(values, targets, width, height):
    bounds = [bound for target in targets if target for bound in (target.low, target.high)]
    found = scale([value for value in (*values, *bounds) if value is not None], most=40)
    return Plane(0, width, 7, height - 7, len(values), found, 11)


def _band(limits, plane, palette):
    if limits is None:
        return
    lower, upper = limits
    top = 0 if upper is None else plane.y(upper)
    bottom = plane.bottom + 7 if lower is None else plane.y(lower)
    yield marks.ground(plane, top, bottom, palette)


def _targets(targets, plane, palette):
    for side in ("low", "high"):
        bounds = [getattr(target, side) if target else None for target in targets]
        yield marks.steps(bounds, plane, palette, 1.3)


def _signs(values, targets, decide, plane, palette):
    """Small signs for the periods that decide and for readings that no line reaches, a large one for the latest."""
    places = [place for place, value in enumerate(values) if value is not None]
    alone = {place for place in places if not {place - 1, place + 1} & set(places)}
    for place in places:
        latest = place == places[-1]
        if latest or place in alone or place >= len(values) - decide:
            kind = marks.state(values[place], targets[place])
            spot = (plane.x(place), plane.y(values[place]))
            yield marks.sign(kind, marks.circles([spot], 4.2 if latest else 2.4), palette)


def months_met(periods, labels, title, palette, *, width=350, size=13):
    """A sign and its label for each `sustain.Period`, at least one: filled is met, a ring missed, a dash no reading."""
    pitch = max(text_width(label, size) for label in labels) + size * 0.9
    pitch = max(pitch, min(50.0, width / len(periods)))
    in_row = max(1, int(width / pitch))
    radius, body = size * 0.44, []
    for number, (period, label) in enumerate(zip(periods, labels, strict=True)):
        row, column = divmod(number, in_row)
        x, y = (column + 0.5) * pitch, size * 0.7 + row * size * 2.7
        body.append(_sign_of(period, x, y, radius, palette))
        body.append(
            lettering(x, y + size * 1.55, label, palette, size=size, anchor="middle", fill=palette.ink_2)
        )
    rows = -(-len(periods) // in_row)
    return figure(min(in_row, len(periods)) * pitch, rows * size * 2.7, title, body, palette, "chart-met")


def _sign_of(period, x, y, radius, palette):
    if period.value is None:
        path = f"M{x - radius:.1f} {y:.1f}h{2 * radius:.1f}"
        return f'<path d="{path}" stroke="{palette.ink_2}" stroke-width="2"/>'
    return marks.sign(marks.state(period.value, period.target), marks.circles([(x, y)], radius), palette)
