"""Charts as SVG text: pure functions of plain values, the same on screen and on paper.

Colours come from a palette, because paper cannot read the custom properties of a page: `SCREEN` names them, so that dark
mode works, `PAPER` holds their values. The one-sentence alternative of a chart is its `<title>`.
"""

from dataclasses import dataclass
from html import escape
from math import floor, log10


@dataclass(frozen=True, slots=True)
class Palette:
    ink: str
    ink_2: str
    ink_3: str
    line: str
    control: str
    bar: str
    hatch: str
    sunk: str
    paper: str
    warn: str
    levels: tuple[str, str, str, str]
    digits: tuple[str, str, str, str]
    sans: str


SCREEN = Palette(
    ink="var(--ink)",
    ink_2="var(--ink-2)",
    ink_3="var(--ink-3)",
    line="var(--line)",
    control="var(--control)",
    bar="var(--bar)",
    hatch="var(--hatch)",
    sunk="var(--sunk)",
    paper="var(--paper)",
    warn="var(--warn)",
    levels=("var(--level-0)", "var(--level-1)", "var(--level-2)", "var(--level-3)"),
    digits=("var(--digit-0)", "var(--digit-1)", "var(--digit-2)", "var(--digit-3)"),
    sans="var(--sans)",
)

PAPER = Palette(
    ink="#1c2430",
    ink_2="#465061",
    ink_3="#636c79",
    line="#c9cfd4",
    control="#868377",
    bar="#0f5e63",
    hatch="#8d8879",
    sunk="#eef1f2",
    paper="#ffffff",
    warn="#a63a1e",
    levels=("#a63a1e", "#e0a04a", "#9cc3cf", "#1d5b79"),
    digits=("#ffffff", "#1c2430", "#1c2430", "#ffffff"),
    sans="Source Sans 3, Source Sans 3 Ext",
)


def svg(width, height, title, body, *, css_class="chart"):
    """A figure of `width` x `height` units; `title` says in one sentence what it shows."""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="{css_class}" role="img" '
        f'viewBox="0 0 {width:g} {height:g}" width="{width:g}" height="{height:g}">'
        f"<title>{escape(title)}</title>{body}</svg>"
    )


def hatched(x, y, width, height, colour, *, gap=6):
    """Diagonal strokes across a rectangle, clipped by arithmetic: patterns need ids, and ids repeat on a page."""
    strokes = []
    start = x - height
    while start < x + width:
        x1, y1, x2, y2 = start, y + height, start + height, y
        if x1 < x:
            x1, y1 = x, y + height - (x - start)
        if x2 > x + width:
            x2, y2 = x + width, y + (start + height - (x + width))
        strokes.append(f"M{x1:.1f} {y1:.1f}L{x2:.1f} {y2:.1f}")
        start += gap
    return f'<path d="{"".join(strokes)}" stroke="{colour}" stroke-width="1.3" fill="none"/>'


def bar(score, ceiling, target, title, palette, *, width=600, height=18, label=True):
    """Score against target, in percent: solid is shown, the hatch up to the ceiling is open or not known.

    `score` and `ceiling` may be None (nothing applicable): then only the empty track and the target are drawn.
    """
    top = 20 if label else 6
    scale = width / 100
    body = [f'<rect x="0" y="{top}" width="{width:g}" height="{height:g}" fill="{palette.sunk}"/>']
    if score is not None:
        body.append(
            f'<rect x="0" y="{top}" width="{score * scale:.1f}" height="{height:g}" fill="{palette.bar}"/>'
        )
        if ceiling > score:
            left, span = score * scale, (ceiling - score) * scale
            body.append(hatched(left, top, span, height, palette.hatch))
    mark = target * scale
    body.append(
        f'<rect x="{mark - 1:.1f}" y="{top - 6}" width="2" height="{height + 12:g}" fill="{palette.ink}"/>'
    )
    if label:
        anchor = "end" if target > 92 else "middle"
        body.append(
            f'<text x="{mark:.1f}" y="10" font-size="13" text-anchor="{anchor}" fill="{palette.ink_2}" '
            f'font-family="{palette.sans}">target {target:g}</text>'
        )
    return svg(width, top + height + 6, title, "".join(body), css_class="chart chart-bar")


def _text(x, y, text, palette, *, size=11, weight=400, anchor="start", fill=None):
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" font-size="{size:g}" font-weight="{weight}" text-anchor="{anchor}" '
        f'fill="{fill or palette.ink}" font-family="{palette.sans}">{escape(str(text))}</text>'
    )


def square(x, y, side, choice, palette):
    """What stands for a choice: a filled square with its digit, "?" in a frame, a dash in a grey frame, or a frame.

    Level 0 also lacks a corner, so that it stands out in grey print.
    """
    middle, foot, size = x + side / 2, y + side / 2 + side * 0.21, side * 0.6
    if choice in ("0", "1", "2", "3"):
        level = int(choice)
        cut = side * 0.24 if level == 0 else 0
        path = f"M{x:.1f} {y:.1f}H{x + side - cut:.1f}L{x + side:.1f} {y + cut:.1f}V{y + side:.1f}H{x:.1f}Z"
        digit = _text(
            middle, foot, choice, palette, size=size, weight=600, anchor="middle", fill=palette.digits[level]
        )
        return f'<path d="{path}" fill="{palette.levels[level]}"/>{digit}'
    known = choice != "unknown"
    line = 0.75 if known else 1.2
    frame = (
        f'<rect x="{x + line / 2:.1f}" y="{y + line / 2:.1f}" width="{side - line:.1f}" height="{side - line:.1f}" '
        f'fill="none" stroke="{palette.control if known else palette.ink}" stroke-width="{line:g}"/>'
    )
    sign = {"unknown": "?", "na": "–"}.get(choice, "")
    weight = 400 if known else 700
    return frame + (
        _text(middle, foot, sign, palette, size=size, weight=weight, anchor="middle") if sign else ""
    )


@dataclass(frozen=True, slots=True)
class Column:
    """One item of the mosaic: a short label and the choice of each of its requirements."""

    label: str
    choices: tuple[str, ...]


MOSAIC_ORDER = ("na", "", "unknown", "0", "1", "2", "3")  # from the top of a column down


def mosaic(groups, title, palette, *, width=635):
    """One square for each requirement, one column an item, one group of columns a domain; the highest levels below.

    `groups` are (name, columns) pairs. The squares shrink with the number of columns, never with their height.
    """
    columns = sum(len(members) for _, members in groups)
    gap = 0.6  # of a column, between groups
    pitch = min(26.0, width / (columns + gap * (len(groups) - 1) - 0.12))
    side = pitch * 0.88
    rows = max(len(column.choices) for _, members in groups for column in members)
    ground, label = rows * pitch, min(11, pitch * 0.62)
    body, x = [], 0.0
    for name, members in groups:
        left = x
        for column in members:
            stacked = sorted(column.choices, key=MOSAIC_ORDER.index, reverse=True)
            body += [square(x, ground - (i + 1) * pitch, side, c, palette) for i, c in enumerate(stacked)]
            middle, foot = x + side / 2, ground + label + 2
            body.append(
                _text(middle, foot, column.label, palette, size=label, anchor="middle", fill=palette.ink_3)
            )
            x += pitch
        right, line = x - pitch + side, ground + label + 9
        body.append(f'<path d="M{left:.1f} {line:.1f}H{right:.1f}" stroke="{palette.ink}" stroke-width="1"/>')
        for i, part in enumerate(_in_lines(name, max(9, int((right - left) / 5.4)))):
            body.append(_text(left, line + 15 + 13 * i, part, palette, size=11.3, weight=600))
        x += gap * pitch
    return svg(width, ground + label + 52, title, "".join(body), css_class="chart chart-mosaic")


def _in_lines(text, length):
    """The words of `text` in up to three lines of about `length` characters."""
    lines = [""]
    for word in text.split():
        joined = f"{lines[-1]} {word}".strip()
        if len(joined) <= length or not lines[-1] or len(lines) == 3:
            lines[-1] = joined
        else:
            lines.append(word)
    return lines


def answer_bar(score, ceiling, target, words, title, palette, *, width=472):
    """The overall score: what is shown stands in the bar, the target above it, the ceiling below, so no two collide.

    `words` are the three labels (shown, ceiling, target); `score` and `ceiling` are percent or None.
    """
    top, height, scale = 22, 30, width / 100
    shown, at_most, aim = words
    body = [f'<rect x="0" y="{top}" width="{width}" height="{height}" fill="{palette.sunk}"/>']
    if score is not None:
        end, most = score * scale, ceiling * scale
        body.append(f'<rect x="0" y="{top}" width="{end:.1f}" height="{height}" fill="{palette.bar}"/>')
        if most > end:
            body.append(hatched(end, top, most - end, height, palette.bar, gap=5))
            body.append(
                f'<rect x="{end:.1f}" y="{top + 0.5}" width="{most - end - 0.5:.1f}" height="{height - 1}" '
                f'fill="none" stroke="{palette.bar}" stroke-width="1"/>'
            )
            body.append(_label(most, top + height + 16, at_most, width, palette, fill=palette.bar))
        if end > 80:
            inside = {"size": 12, "weight": 600, "fill": palette.paper}
            body.append(_text(8, top + height / 2 + 4.5, shown, palette, **inside))
    mark = target * scale
    body.append(
        f'<path d="M{mark:.1f} {top - 6}V{top + height + 4}" stroke="{palette.ink}" stroke-width="2"/>'
    )
    body.append(_label(mark, 12, aim, width, palette))
    return svg(width, top + height + 22, title, "".join(body), css_class="chart chart-answer")


def _label(x, y, text, width, palette, *, fill=None):
    """A label centred on `x`, or flush with the edge it would otherwise leave."""
    half = 2.9 * len(text)
    anchor = "middle"
    if x + half > width:
        x, anchor = width, "end"
    elif x < half:
        x, anchor = 0, "start"
    return _text(x, y, text, palette, size=11.3, weight=600, anchor=anchor, fill=fill)


def thin_bar(score, ceiling, target, title, palette, *, width=134, height=9):
    """A bar for one row of a table: no words, the mark of the target two units proud of it."""
    scale = width / 100
    body = [f'<rect x="0" y="2" width="{width}" height="{height}" fill="{palette.sunk}"/>']
    if score is not None:
        body.append(f'<rect x="0" y="2" width="{score * scale:.1f}" height="{height}" fill="{palette.bar}"/>')
        if ceiling > score:
            left, span = score * scale, (ceiling - score) * scale
            body.append(hatched(left, 2, span, height, palette.bar, gap=3.6))
    body.append(f'<path d="M{target * scale:.1f} 0V{height + 4}" stroke="{palette.ink}" stroke-width="1.6"/>')
    return svg(width, height + 4, title, "".join(body), css_class="chart chart-thin")


def level_track(level, target, words, title, palette, *, width=147):
    """Levels 0 to 3 in a row: the one it stands at filled, the target framed; `words` name the two (now, target)."""
    side = 27
    step = (width - side) / 3
    body = []
    for each in range(4):
        x = each * step
        if each == level:
            body.append(square(x, 0, side, str(each), palette))
        else:
            heavy = each == target
            body.append(
                f'<rect x="{x + 1:.1f}" y="1" width="{side - 2}" height="{side - 2}" fill="none" '
                f'stroke="{palette.ink if heavy else palette.line}" stroke-width="{2 if heavy else 1}"/>'
            )
            colour, weight = (palette.ink, 600) if heavy else (palette.ink_3, 400)
            body.append(
                _text(
                    x + side / 2,
                    side / 2 + 5.6,
                    each,
                    palette,
                    size=16,
                    weight=weight,
                    anchor="middle",
                    fill=colour,
                )
            )
    now, aim = words
    body.append(_below(level * step, side, width, now, palette))
    body.append(_below(target * step, side, width, aim, palette))
    return svg(width, side + 15, title, "".join(body), css_class="chart chart-track")


def _below(x, side, width, word, palette):
    place = {"size": 10.5, "weight": 600}
    if x + side >= width:
        return _text(width, side + 12, word, palette, anchor="end", **place)
    return _text(x + side / 2, side + 12, word, palette, anchor="middle", **place)


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


def scatter(marks, bands, line, words, title, palette, *, width=635, height=470):
    """Impact against effort. Above the stepped `line` of equal priority stand the labelled marks.

    Where a mark stands inside its band means nothing: marks move sideways until none hides another. `words` name the
    axis and the line. `line` is None where every gap is labelled.
    """
    left = 38
    top = _round_up(max(mark.impact for mark in marks))
    plane = _Plane(left, 22, height - 42, (width - left) / len(bands), top)
    axis, line_name = words
    body = [_text(0, 9, axis, palette, size=11.3, weight=600), *_frame(plane, bands, width, palette)]
    taken = [[] for _ in bands]  # what stands in each band: (left, top, right, bottom)
    if line is not None:
        steps = [(plane.x(place), plane.y(min(line * band.effort, top))) for place, band in enumerate(bands)]
        path = "L".join(f"{x:.1f} {y:.1f}H{x + plane.band_width:.1f}" for x, y in steps)
        body.append(f'<path d="M{path}" stroke="{palette.ink}" stroke-width="1.6" fill="none"/>')
        under = steps[-1][1] + 14
        body.append(_text(width, under, line_name, palette, size=10.5, weight=600, anchor="end"))
        taken[-1].append((width - 5.4 * len(line_name), under - 10, width, under + 3))
    for mark in sorted(marks, key=lambda mark: (not mark.label, -mark.impact, mark.rank)):
        x = _free_place(mark, plane, taken[mark.band])
        body.append(_mark(mark, x, plane.y(mark.impact), palette))
    return svg(width, height, title, "".join(body), css_class="chart chart-scatter")


def _frame(plane, bands, width, palette):
    for step in range(6):
        value = plane.top * step / 5
        y, stroke = plane.y(value), palette.sunk if step else palette.ink
        yield f'<path d="M{plane.left} {y:.1f}H{width}" stroke="{stroke}" stroke-width="1"/>'
        place = {"size": 10.5, "anchor": "end", "fill": palette.ink_3}
        yield _text(plane.left - 8, y + 3.5, f"{value:g}", palette, **place)
    for number, band in enumerate(bands):
        start, middle = plane.x(number), plane.x(number + 0.5)
        if number:
            path = f"M{start:.1f} {plane.head - 6}V{plane.floor}"
            yield f'<path d="{path}" stroke="{palette.line}" stroke-width="1"/>'
        yield _text(middle, plane.floor + 18, band.name, palette, size=11.3, weight=600, anchor="middle")
        place = {"size": 10.5, "anchor": "middle", "fill": palette.ink_2}
        yield _text(middle, plane.floor + 33, band.meaning, palette, **place)


def _free_place(mark, plane, taken):
    """The first place along its band where `mark` touches nothing `taken`; crowded marks may touch in the end."""
    reach = 9 if mark.label else 3.6
    right = reach + (15 + 6.4 * len(mark.label) if mark.label else reach)
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


def _mark(mark, x, y, palette):
    if not mark.label:
        stroke = f'stroke="{palette.ink_2}" stroke-width="1.1"'
        return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3.4" fill="{palette.paper}" {stroke}/>'
    wide = 6.4 * len(mark.label) + 6
    ground = f'<rect x="{x + 8:.1f}" y="{y - 6:.1f}" width="{wide:.1f}" height="12" fill="{palette.paper}"/>'
    if mark.blocker:
        shape = f'<rect x="{x - 9:.1f}" y="{y - 9:.1f}" width="18" height="18" fill="{palette.warn}"/>'
    else:
        shape = f'<circle cx="{x:.1f}" cy="{y:.1f}" r="9.5" fill="{palette.bar}"/>'
    rank = _text(x, y + 4, mark.rank, palette, size=10.5, weight=600, anchor="middle", fill=palette.paper)
    return ground + shape + rank + _text(x + 14, y + 4, mark.label, palette, size=11, weight=600)


def _round_up(value):
    """The next value whose fifths are easy to read: 1, 2, 2.5 or 5 times a power of ten; 1 of nothing."""
    if value <= 0:
        return 1.0
    power = 10.0 ** floor(log10(value))
    return next(power * step for step in (1, 2, 2.5, 5, 10) if power * step >= value * (1 - 1e-9))
