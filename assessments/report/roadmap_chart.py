"""A roadmap as SVG text: solid is work, hatched is waiting for readings, the diamond a decision, black the audit window.

A pure function of plain values like every chart. What goes on over an edge of the drawn months ends in a point there. More
rows than fit a page are folded into one for each group, so the height is bounded however long the plan is.
"""

from dataclasses import dataclass, replace

from assessments.report.charts import figure, hatched, lettering
from assessments.rules.roadmap import HORIZON, clipped

# Of actions: with headings and the rows of the audit they leave a third of a page for what they mean.
MOST_ROWS = 18
SIGN = 0.46  # of the size, which an average sign of the face takes


@dataclass(frozen=True, slots=True)
class Line:
    """A row. `work` and `wait` are (first month, last month) or None; `note` stands in the row where it has no bar."""

    label: str
    owner: str
    work: tuple[int, int] | None
    wait: tuple[int, int] | None
    readings: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    name: str
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Mark:
    """A diamond in a month."""

    label: str
    month: int
    words: str


@dataclass(frozen=True, slots=True)
class Picture:
    """`months` are (year, letter) of each drawn month, `first` the number of the first. `window` is (first, last, words) or
    None. `rest` names what is folded away, with a %d for how many."""

    first: int
    months: tuple[tuple[int, str], ...]
    groups: tuple[Group, ...]
    audit: str
    marks: tuple[Mark, ...]
    window: tuple[int, int, str] | None
    window_label: str
    owner: str
    rest: str


@dataclass(frozen=True, slots=True)
class Layout:
    """Widths in units. Where `label` is 0 labels stand above their bars and owners are left out."""

    width: int
    label: int
    owner: int
    pitch: int
    size: float

    @property
    def step(self):
        return (self.width - self.label - self.owner) / HORIZON

    @property
    def above(self):
        return not self.label

    @property
    def bar(self):
        return 10 if self.above else self.pitch * 0.54


ON_PAPER = Layout(width=635, label=167, owner=92, pitch=19, size=11)
WIDE = Layout(width=1040, label=310, owner=150, pitch=34, size=15)
NARROW = Layout(width=336, label=0, owner=0, pitch=40, size=13)


def roadmap(picture, title, palette, layout):
    """The drawing. `title` says in one sentence what it shows."""
    pen = _Pen(picture, palette, layout)
    pen.head()
    for group in folded(picture):
        if pen.headed:
            pen.heading(group.name)
        for line in group.lines:
            pen.line(line)
    if picture.marks or picture.window:
        if pen.headed:
            pen.heading(picture.audit)
        for mark in picture.marks:
            pen.mark(mark)
        if picture.window:
            pen.window()
    return pen.drawn(title)


def shortened(picture):
    """The picture with one line for each group that has any."""
    lines = tuple(_as_one(group.lines, group.name) for group in picture.groups if group.lines)
    return replace(picture, groups=(Group("", lines),), owner="")


def folded(picture):
    """The groups that have lines, with at most `MOST_ROWS` of them in all: each keeps its first and the one that
    ends last, and says how many more there are."""
    groups = [group for group in picture.groups if group.lines]
    counts = [len(group.lines) for group in groups]
    while sum(counts) > MOST_ROWS:
        counts[counts.index(max(counts))] -= 1
    return [
        group if count == len(group.lines) else _cut(group, count, picture.rest)
        for group, count in zip(groups, counts, strict=True)
    ]


def _cut(group, count, rest):
    """`count` lines: the first, the one that ends last, because it may set the date, and one for all others."""
    last = max(group.lines, key=_end)
    others = [line for line in group.lines if line is not last]
    first = others[: count - 2]
    kept = [line for line in group.lines if line is last or any(line is each for each in first)]
    left_out = [line for line in group.lines if not any(line is each for each in kept)]
    return replace(group, lines=(*kept, _as_one(left_out, rest % len(left_out))))


def _end(line):
    """The last month with a bar."""
    return max(months[1] if months else 0 for months in (line.work, line.wait))


def _as_one(lines, label):
    """One line for many: from the first month anything happens to the last, all of it work or all of it wait."""
    works = [line.work for line in lines if line.work]
    waits = [line.wait for line in lines if line.wait]
    work = (min(first for first, _ in works), max(last for _, last in works)) if works else None
    end = max((last for _, last in waits), default=None)
    begin = work[1] + 1 if work else min((first for first, _ in waits), default=None)
    wait = (begin, end) if end is not None and end >= begin else None
    return Line(label, "", work, wait, "")


class _Pen:
    """Draws from the top down; `y` is the top of the next row."""

    def __init__(self, picture, palette, layout):
        self.picture, self.palette, self.layout = picture, palette, layout
        self.y = 0.0
        self.body = []

    @property
    def right(self):
        return self.layout.width - self.layout.owner

    def x(self, month):
        """The left edge of a month."""
        return self.layout.label + (month - self.picture.first) * self.layout.step

    @property
    def headed(self):
        """Do groups have headings?"""
        return any(group.name for group in self.picture.groups)

    def write(self, x, y, text, **options):
        options.setdefault("size", self.layout.size)
        self.body.append(lettering(x, y, text, self.palette, **options))

    def fitted(self, text, width):
        """`text` cut to about `width` units, with an ellipsis where something is missing."""
        most = max(1, int(width / (self.layout.size * SIGN)))
        return text if len(text) <= most else text[: most - 1].rstrip() + "…"

    def rule(self, stroke, width=0.7):
        self.body.append(
            f'<path d="M0 {self.y:.1f}H{self.layout.width}" stroke="{stroke}" stroke-width="{width}"/>'
        )

    def head(self):
        """Years, and a letter for each month."""
        small = self.layout.size * 0.88
        years = [year for year, _ in self.picture.months]
        for place, (year, letter) in enumerate(self.picture.months):
            x = self.x(self.picture.first + place)
            if place == 0 or years[place - 1] != year:
                room = years.count(year) * self.layout.step
                if room > small * 2.6:
                    self.write(x + 1, small, year, size=small, weight=600)
            middle = x + self.layout.step / 2
            self.write(
                middle,
                small * 2.5,
                letter,
                size=min(small, self.layout.step * 0.8),
                anchor="middle",
                fill=self.palette.ink_2,
            )
        if self.layout.owner and self.picture.owner:
            edge = self.layout.width
            self.write(edge, small * 2.5, self.picture.owner, size=small, weight=600, anchor="end")
        self.y = small * 3.2
        self.top = self.y
        self.rule(self.palette.ink, 1.1)

    def heading(self, name):
        height = max(self.layout.pitch, self.layout.size * 1.9) if not self.layout.above else 30
        self.write(0, self.y + height / 2 + self.layout.size * 0.36, name, weight=600)
        self.y += height
        self.rule(self.palette.ink, 0.9)

    def _row(self, label, owner=""):
        """Label and owner of a row; returns the middle of its bar."""
        layout = self.layout
        if layout.above:
            self.write(0, self.y + 16, self.fitted(label, layout.width))
            middle = self.y + 29
        else:
            middle = self.y + layout.pitch / 2
            base = middle + layout.size * 0.36
            self.write(0, base, self.fitted(label, layout.label - 10))
            if owner:
                told = self.fitted(owner, layout.owner - 8)
                self.write(layout.width, base, told, anchor="end", fill=self.palette.ink_2)
        self.y += layout.pitch
        self.rule(self.palette.line)
        return middle

    def line(self, line):
        middle = self._row(line.label, line.owner)
        for months, draw in ((line.work, self._work), (line.wait, self._wait)):
            if months:
                draw(months, middle, line.readings)
        if line.note and not (line.work or line.wait):
            x = self.x(self.picture.first) + 4
            base = middle + self.layout.size * 0.36
            self.write(x, base, self.fitted(line.note, self.right - x), fill=self.palette.ink_2)

    def _edges(self, months):
        """(bar, left, width) of months, cut at what is drawn."""
        bar = clipped(*months, self.picture.first)
        left = self.x(bar.first)
        return bar, left, self.x(bar.last + 1) - left

    def _work(self, months, middle, _words):
        bar, left, width = self._edges(months)
        half = self.layout.bar / 2
        self.body.append(
            f'<rect x="{left:.1f}" y="{middle - half:.1f}" width="{width:.1f}" height="{2 * half:.1f}" '
            f'fill="{self.palette.bar}"/>'
        )
        self._points(bar, middle)

    def _wait(self, months, middle, words):
        if months[0] > self.picture.first + HORIZON - 1:
            return  # the work before it says already that it goes on
        bar, left, width = self._edges(months)
        half = self.layout.bar / 2
        colour = self.palette.bar
        self.body.append(hatched(left, middle - half, width, 2 * half, colour, gap=4))
        self.body.append(
            f'<rect x="{left + 0.4:.1f}" y="{middle - half + 0.4:.1f}" width="{width - 0.8:.1f}" '
            f'height="{2 * half - 0.8:.1f}" fill="none" stroke="{colour}" stroke-width="0.8"/>'
        )
        self._in_bar(words, left, width, middle)
        self._points(bar, middle)

    def _in_bar(self, words, left, width, middle):
        """Words on a ground of their own, where the bar is long enough for them."""
        size = self.layout.size * 0.88
        room = len(words) * size * SIGN + 8
        if not words or room > width - 6 or self.layout.above:
            return
        half = self.layout.bar / 2 - 0.9
        x = left + width / 2
        self.body.append(
            f'<rect x="{x - room / 2:.1f}" y="{middle - half:.1f}" width="{room:.1f}" height="{2 * half:.1f}" '
            f'fill="{self.palette.paper}"/>'
        )
        self.write(
            x, middle + size * 0.36, words, size=size, weight=600, anchor="middle", fill=self.palette.bar
        )

    def _points(self, bar, middle):
        """A point out of the drawing at each edge over which the bar goes on."""
        half = self.layout.bar / 2
        if bar.before:
            self._triangle(self.layout.label, -5, middle, half)
        if bar.beyond:
            self._triangle(self.right - 5, 5, middle, half)

    def _triangle(self, x, out, middle, half):
        self.body.append(
            f'<path d="M{x:.1f} {middle - half - 2:.1f}l{out} {half + 2:.1f}l{-out} {half + 2:.1f}z" '
            f'fill="{self.palette.ink}"/>'
        )

    def mark(self, mark):
        middle = self._row(mark.label)
        bar, left, width = self._edges((mark.month, mark.month))
        x, r = left + width / 2, self.layout.bar * 0.5
        self.body.append(
            f'<path d="M{x:.1f} {middle - r:.1f}l{r:.1f} {r:.1f}l{-r:.1f} {r:.1f}l{-r:.1f} {-r:.1f}z" '
            f'fill="{self.palette.ink}"/>'
        )
        self._beside(x - r - 6, x + r + 6, middle, mark.words)
        self._points(bar, middle)

    def window(self):
        """The black bar, and its months as a band behind every row."""
        first, last, words = self.picture.window
        middle = self._row(self.picture.window_label)
        bar, left, width = self._edges((first, last))
        half = self.layout.bar / 2
        self.body.append(
            f'<rect x="{left:.1f}" y="{middle - half:.1f}" width="{width:.1f}" height="{2 * half:.1f}" '
            f'fill="{self.palette.ink}"/>'
        )
        self._beside(left - 6, left + width + 6, middle, words)
        self._points(bar, middle)

    def _beside(self, left, right, middle, words):
        """Words right of what ends at `right`, or left of what begins at `left` where there is more room."""
        base = middle + self.layout.size * 0.36
        size = self.layout.size * 0.95
        if self.right - right >= left - self.layout.label:
            self.write(right, base, words, size=size, weight=600)
        else:
            self.write(left, base, words, size=size, weight=600, anchor="end")

    def _behind(self):
        """The months of the window as a band, and a line where each quarter of a year begins."""
        if self.picture.window:
            first, last, _words = self.picture.window
            _bar, left, width = self._edges((first, last))
            yield (
                f'<rect x="{left:.1f}" y="{self.top:.1f}" width="{width:.1f}" height="{self.y - self.top:.1f}" '
                f'fill="{self.palette.sunk}"/>'
            )
        quarters = [
            month
            for month in range(self.picture.first, self.picture.first + HORIZON + 1)
            if month % 3 == 0 or month == self.picture.first
        ]
        path = "".join(f"M{self.x(month):.1f} {self.top:.1f}V{self.y:.1f}" for month in quarters)
        yield f'<path d="{path}" stroke="{self.palette.line}" stroke-width="0.7"/>'

    def drawn(self, title):
        self.rule(self.palette.ink, 1.1)
        body = [*self._behind(), *self.body]
        return figure(self.layout.width, round(self.y + 2), title, body, self.palette, "chart-roadmap")
