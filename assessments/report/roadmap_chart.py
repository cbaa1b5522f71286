"""The roadmap as SVG text; a pure function of plain values like every chart.

Solid is work, hatched the wait for readings, a diamond a day to meet, the dark block the audit window. A bar that goes on
beyond the last month ends in a point.
"""

from dataclasses import dataclass

from assessments.report.charts import figure, hatched, lettering

PITCH, HEAD, BAR = 19, 34, 10
MOST_ROWS = 14  # rows of actions; more could not be read, nor set on one page


@dataclass(frozen=True, slots=True)
class Line:
    """A row: `bars` are (kind, first, last, cut) in months counted from the first one shown; `marks` are (month, word)."""

    name: str
    owner: str = ""
    bars: tuple[tuple[str, int, int, bool], ...] = ()
    marks: tuple[tuple[int, str], ...] = ()
    head: bool = False


def roadmap(lines, months, years, title, palette, *, width=635, names=196, owners=96):
    """`months` are the letters above the columns, `years` are (column, year); `lines` from top to bottom."""
    left, right = names, width - owners
    column = (right - left) / len(months)
    height = HEAD + PITCH * len(lines) + 4
    body = [*_head(months, years, left, column, height, palette)]
    for place, line in enumerate(lines):
        body.extend(
            _line(line, HEAD + PITCH * place, left, column, len(months), width, names, owners, palette)
        )
    return figure(width, height, title, body, palette, "chart-roadmap")


def _head(months, years, left, column, height, palette):
    for place, year in years:
        x = left + column * place
        yield lettering(x + 2, 11, year, palette, size=10.5, weight=600)
        yield f'<path d="M{x:.1f} 2V{height - 4:.1f}" stroke="{palette.line}" stroke-width="1"/>'
    for place, letter in enumerate(months):
        middle = left + column * (place + 0.5)
        yield lettering(middle, 26, letter, palette, size=9, anchor="middle", fill=palette.ink_2)


def _line(line, top, left, column, count, width, names, owners, palette):
    weight, rule = (600, palette.ink) if line.head else (400, palette.line)
    yield f'<path d="M0 {top:.1f}H{width:g}" stroke="{rule}" stroke-width="{1 if line.head else 0.6}"/>'
    room = width if line.head else names
    yield lettering(0, top + 13, _fit(line.name, room, 10), palette, size=10, weight=weight)
    if line.owner:
        text = _fit(line.owner, owners - 8, 9)
        yield lettering(width, top + 13, text, palette, size=9, anchor="end", fill=palette.ink_2)
    for kind, first, last, cut in line.bars:
        x, wide = left + column * first, column * (last - first + 1)
        yield from _bar(kind, x, top + 5, wide, cut, palette)
    for place, word in line.marks:
        yield from _mark(left + column * place, top + 10, word, place > count * 2 / 3, palette)


def _bar(kind, x, y, wide, cut, palette):
    if kind == "wait":
        yield hatched(x, y, wide, BAR, palette.bar, gap=4)
        yield f'<rect x="{x:.1f}" y="{y:.1f}" width="{wide:.1f}" height="{BAR}" fill="none" stroke="{palette.bar}" stroke-width="0.8"/>'
    else:
        colour = palette.ink if kind == "window" else palette.bar
        yield f'<rect x="{x:.1f}" y="{y:.1f}" width="{wide:.1f}" height="{BAR}" fill="{colour}"/>'
    if cut:
        tip, middle = x + wide + 5, y + BAR / 2
        yield f'<path d="M{x + wide:.1f} {y:.1f}L{tip:.1f} {middle:.1f}L{x + wide:.1f} {y + BAR:.1f}Z" fill="{palette.bar}"/>'


def _mark(x, y, word, near_the_end, palette):
    yield f'<path d="M{x:.1f} {y - 5.5:.1f}l5.5 5.5l-5.5 5.5l-5.5 -5.5Z" fill="{palette.ink}"/>'
    place = {"size": 9, "weight": 600, "anchor": "end" if near_the_end else "start"}
    yield lettering(x - 9 if near_the_end else x + 9, y + 3, word, palette, **place)


def _fit(text, room, size):
    """`text` cut to about `room`, at half its size a letter on average."""
    most = int(room / (size * 0.5))
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"
