"""Charts as SVG text: pure functions of plain values, the same on screen and on paper.

Colours come from a palette, because paper cannot read the custom properties of a page: `SCREEN` names them, so that dark
mode works, `PAPER` holds their values. The one-sentence alternative of a chart is its `<title>`.
"""

from dataclasses import dataclass
from html import escape


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


def svg(width, height, title, body, *, css_class="chart", face=None):
    """A figure of `width` x `height` units; `title` says in one sentence what it shows, `face` sets all lettering."""
    family = f'font-family="{face}" ' if face else ""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="{css_class}" role="img" {family}'
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


# Widths of signs in the face of `PAPER`, in parts of the size; its digits are all as wide as each other. What is placed by them
# instead of anchored spares the PDF a drawing of its own for each piece of text.
DIGIT = {400: 0.497, 600: 0.513}
WIDTHS = {"?": 0.444, "–": 0.48}
ANCHORS = {"middle": 0.5, "end": 1}


def figure(width, height, title, body, palette, css_class):
    """As `svg`, with the palette's face for all lettering in it."""
    return svg(width, height, title, "".join(body), css_class=f"chart {css_class}", face=palette.sans)


def lettering(x, y, text, palette, *, size=11, weight=400, anchor="start", fill=None):
    """One line of text. The family is inherited from `figure`, which names it once."""
    text = str(text)
    if anchor != "start" and text.isdecimal() and text.isascii():
        x, anchor = x - DIGIT[weight] * size * len(text) * ANCHORS[anchor], "start"
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" font-size="{size:g}" font-weight="{weight}" text-anchor="{anchor}" '
        f'fill="{fill or palette.ink}">{escape(text)}</text>'
    )


def square(x, y, side, choice, palette):
    """What stands for a choice: a filled square with its digit, "?" in a frame, a dash in a grey frame, or a frame.

    Level 0 also lacks a corner, so that it stands out in grey print.
    """
    place = [(x, y)]
    return squares(place, side, choice, palette) + _signs(place, side, choice, palette)


LEVELS = ("0", "1", "2", "3")
SIGNS = {"unknown": "?", "na": "–", "": ""}


def squares(places, side, choice, palette):
    """The grounds of squares of one choice, as one path: two hundred of their own would take as long as a page."""
    cut = side * 0.24 if choice == "0" else 0
    line = 0 if choice in LEVELS else 1.2 if choice == "unknown" else 0.75
    edge = side - line
    outline = f"h{edge - cut:.1f}l{cut:.1f} {cut:.1f}v{edge - cut:.1f}h-{edge:.1f}z"
    path = "".join(f"M{x + line / 2:.1f} {y + line / 2:.1f}{outline}" for x, y in places)
    if choice in LEVELS:
        return f'<path d="{path}" fill="{palette.levels[int(choice)]}"/>'
    stroke = palette.ink if choice == "unknown" else palette.control
    return f'<path d="{path}" fill="none" stroke="{stroke}" stroke-width="{line:g}"/>'


@dataclass(frozen=True, slots=True)
class Column:
    """One item of the mosaic: a short label and the choice of each of its requirements."""

    label: str
    choices: tuple[str, ...]


LETTER = 5.9  # units a letter of a group's name takes, on the wide side
MOSAIC_ORDER = ("na", "", "unknown", "0", "1", "2", "3")  # from the top of a column down


def mosaic(groups, title, palette, *, width=635):
    """One square for each requirement, one column an item, one group of columns a domain; the highest levels below.

    `groups` are (name, columns) pairs. The squares shrink with the number of columns, never with their height.
    """
    columns = sum(len(members) for _, members in groups)
    gap = 0.6  # of a column, between groups
    pitch = min(26.0, width / (columns + gap * (len(groups) - 1) - 0.12))
    side = pitch * 0.88
    ground = max(len(column.choices) for _, members in groups for column in members) * pitch
    label = min(11, pitch * 0.62)
    foot = {"size": label, "anchor": "middle", "fill": palette.ink_3}
    body, places, x = [], {choice: [] for choice in MOSAIC_ORDER}, 0.0
    for name, members in groups:
        left = x
        for column in members:
            for row, choice in enumerate(
                sorted(column.choices, key=MOSAIC_ORDER.index, reverse=True), start=1
            ):
                places[choice].append((x, ground - row * pitch))
            body.append(lettering(x + side / 2, ground + label + 2, column.label, palette, **foot))
            x += pitch
        words = _in_lines(name, max(9, int((x - left) / LETTER)))
        body += _group_foot(left, x - pitch + side, ground + label + 9, words, palette)
        x = max(x, left + LETTER * max(map(len, words))) + gap * pitch
    grounds = [squares(found, side, choice, palette) for choice, found in places.items() if found]
    signs = [_signs(found, side, choice, palette) for choice, found in places.items() if found]
    return figure(width, ground + label + 52, title, grounds + signs + body, palette, "chart-mosaic")


def _signs(places, side, choice, palette):
    """The signs of squares of one choice."""
    sign = SIGNS.get(choice, choice)
    fill = palette.digits[int(choice)] if choice in LEVELS else palette.ink
    centres = [(x + side / 2, y + side * 0.71) for x, y in places]
    return _spread(centres, sign * len(places), side * 0.6, 400 if choice == "na" else 600, fill)


def _spread(places, signs, size, weight, fill):
    """`signs`, each centred on its place, as one text: each text of its own is set once more than its letters are."""
    if not signs:
        return ""
    xs = " ".join(
        f"{x - WIDTHS.get(sign, DIGIT[weight]) * size / 2:.2f}"
        for (x, _), sign in zip(places, signs, strict=True)
    )
    ys = " ".join(f"{y:.1f}" for _, y in places)
    return (
        f'<text x="{xs}" y="{ys}" font-size="{size:.4g}" font-weight="{weight}" fill="{fill}">{signs}</text>'
    )


def _group_foot(left, right, y, words, palette):
    yield f'<path d="M{left:.1f} {y:.1f}H{right:.1f}" stroke="{palette.ink}" stroke-width="1"/>'
    for number, line in enumerate(words):
        yield lettering(left, y + 15 + 13 * number, line, palette, size=11.3, weight=600)


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
            body.append(lettering(8, top + height / 2 + 4.5, shown, palette, **inside))
    mark = target * scale
    body.append(
        f'<path d="M{mark:.1f} {top - 6}V{top + height + 4}" stroke="{palette.ink}" stroke-width="2"/>'
    )
    body.append(_label(mark, 12, aim, width, palette))
    return figure(width, top + height + 22, title, body, palette, "chart-answer")


def _label(x, y, text, width, palette, *, fill=None):
    """A label centred on `x`, or flush with the edge it would otherwise leave."""
    half = 2.9 * len(text)
    anchor = "middle"
    if x + half > width:
        x, anchor = width, "end"
    elif x < half:
        x, anchor = 0, "start"
    return lettering(x, y, text, palette, size=11.3, weight=600, anchor=anchor, fill=fill)


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
    others = [each for each in range(4) if each not in (level, target)]
    body = [square(level * step, 0, side, str(level), palette)]
    if others:
        body += _framed(others, side, step, 1, palette.line, 400, palette.ink_3)
    if target != level:
        body += _framed([target], side, step, 2, palette.ink, 600, palette.ink)
    now, aim = words
    body.append(_below(level * step, side, width, now, palette))
    body.append(_below(target * step, side, width, aim, palette))
    return figure(width, side + 15, title, body, palette, "chart-track")


def _framed(levels, side, step, line, stroke, weight, fill):
    """Levels it does not stand at: their frames as one path, their digits as one text."""
    edge = side - 2
    path = "".join(f"M{each * step + 1:.1f} 1h{edge}v{edge}h-{edge}z" for each in levels)
    yield f'<path d="{path}" fill="none" stroke="{stroke}" stroke-width="{line}"/>'
    centres = [(each * step + side / 2, side / 2 + 5.6) for each in levels]
    yield _spread(centres, "".join(map(str, levels)), 16, weight, fill)


def _below(x, side, width, word, palette):
    place = {"size": 10.5, "weight": 600}
    if x + side >= width:
        return lettering(width, side + 12, word, palette, anchor="end", **place)
    return lettering(x + side / 2, side + 12, word, palette, anchor="middle", **place)
