"""How a table of figures is laid out: which cells name metrics, which name months, and which figures belong to both."""

from collections import Counter
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from assessments.figures import quoted
from assessments.workbooks.months import is_month_like
from assessments.workbooks.readings_names import DENOMINATOR, NUMERATOR, VALUE, normal
from assessments.workbooks.readings_table import Cell

HEADINGS_WITHIN = 20  # rows; a title and some lines may stand above the table
MONTHS_WITHIN = 5  # columns from the left, where months run down
METRIC, MONTH, NOTE = "metric", "month", "note"
# Headings of the long form; of two that a table has, the earlier is read.
LONG = {
    METRIC: ("metric", "kpi", "measure", "indicator", "metric name", "name", "kennzahl", "indicateur", "indicador"),
    MONTH: ("month", "period", "date", "monat", "mois", "mes"),
    VALUE: ("value", "reading", "result", "figure", "actual", "wert", "valeur", "valor"),
    NUMERATOR: ("numerator", "zahler", "zähler", "numerateur", "numérateur", "numerador"),
    DENOMINATOR: ("denominator", "nenner", "denominateur", "dénominateur", "denominador"),
    NOTE: ("note", "notes", "comment", "comments", "remark", "remarks", "notiz", "commentaire", "comentario", "nota"),
}  # fmt: skip
TOTALS = {
    *("total", "totals", "sum", "grand total", "subtotal", "ytd", "year to date", "average", "avg", "mean", "median"),
    *("gesamt", "summe", "durchschnitt", "mittelwert", "moyenne", "somme", "promedio", "media", "suma", "soma"),
}  # fmt: skip
ASIDES = {*LONG[NOTE], "unit", "units", "target", "goal", "owner", "einheit", "ziel", "cible", "objetivo"}


@dataclass(frozen=True)
class Line:
    """What one row says, or one column where months run down. `figures` holds (part or VALUE, month's cell, figure's cell)."""

    place: str
    names: tuple[str, ...]
    figures: tuple[tuple[str, Cell, Cell], ...]
    note: str = ""


@dataclass
class Layout:
    """`problems` holds (place, sentence), each for something that no line says."""

    lines: list[Line] = field(default_factory=list)
    problems: list[tuple[str, str]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def pass_over(self, cell):
        self.notes.append(passed_over(cell.value, cell.place))


def passed_over(text, place):
    return _("%(text)s at %(place)s was not read.") % {"text": quoted(text), "place": place}


def layout_of(table):
    """The `Layout` of a table, or None if no heading of the long form and no month is found in it."""
    long_form = next(filter(None, map(long_heading, table.rows[:HEADINGS_WITHIN])), None)
    if long_form:
        return long(table.rows, *long_form)
    for bare in (False, True):
        if found := months_in(table.rows, bare):
            return wide(*found, bare)
    return None


def is_total(text):
    """'Total', 'YTD 2026', but not 'Total contacts'."""
    words = [word for word in normal(text).split() if not word.isdigit()]
    return " ".join(words) in TOTALS


def is_aside(text):
    return normal(text) in ASIDES


# ---- long -----------------------------------------------------------------------------------------------------------


def long_heading(row):
    """(the row, role -> column) if it heads a table of the long form, else None."""
    headings = {}
    for column, cell in enumerate(row):
        headings.setdefault(normal(cell.text), column)
    roles = {
        role: headings[word]
        for role, words in LONG.items()
        if (word := next((word for word in words if word in headings), None))
    }
    complete = (
        METRIC in roles and MONTH in roles and (VALUE in roles or {NUMERATOR, DENOMINATOR} <= set(roles))
    )
    return (row, roles) if complete else None


def long(rows, heading, roles):
    found = Layout()
    for column, cell in enumerate(heading):
        if cell and column not in roles.values():
            found.pass_over(cell)
    for row in rows[rows.index(heading) + 1 :]:
        cells = {role: at(row, column) for role, column in roles.items()}
        figures = [
            (part, cells[MONTH], cells[part]) for part in (VALUE, NUMERATOR, DENOMINATOR) if cells.get(part)
        ]
        metric, month = cells[METRIC], cells[MONTH]
        if figures and month.text and is_total(month.text):
            found.pass_over(month)
        elif figures:
            note = cells[NOTE].value if NOTE in cells else ""
            found.lines.append(
                Line(metric.place or figures[0][2].place, names_in([metric]), tuple(figures), str(note))
            )
    return found


# ---- wide -----------------------------------------------------------------------------------------------------------


def months_in(rows, bare):
    """(rows, number of the row that holds the months), the rows turned where months run down; None without months."""
    across = Counter(
        {
            number: sum(is_month_like(cell.value, bare) for cell in row if cell and not cell.kind)
            for number, row in enumerate(rows[:HEADINGS_WITHIN])
        }
    )
    down = Counter(
        column
        for row in rows
        for column, cell in enumerate(row[:MONTHS_WITHIN])
        if cell and not cell.kind and is_month_like(cell.value, bare)
    )
    (row, months), (column, months_down) = most(across), most(down)
    if not months and not months_down:
        return None
    if months > months_down or (months == months_down and column > first_column(rows)):
        return rows, row
    return turned(rows), column


def most(counter):
    """The earliest of those counted most often, and how often."""
    return max(counter.items(), key=lambda item: (item[1], -item[0]), default=(0, 0))


def first_column(rows):
    """The first that holds anything: where it is the one with the months, they run down."""
    return min(column for row in rows for column, cell in enumerate(row) if cell)


def turned(rows):
    width = max(map(len, rows))
    return tuple(tuple(at(row, column) for row in rows) for column in range(width))


def at(row, column):
    return row[column] if column < len(row) else Cell("", "")


def wide(rows, number, bare):
    found, heading = Layout(), rows[number]
    start = next(column for column, cell in enumerate(heading) if cell and is_month_like(cell.value, bare))
    columns = months_of(rows, number, start, found)
    for other, row in enumerate(rows):
        if other == number:
            continue
        names = [cell for cell in row[:start] if cell.text]
        figures = tuple(
            (VALUE, heading[column], row[column]) for column in columns if column < len(row) and row[column]
        )
        is_inside = names and (other > number or not figures)
        if is_inside or any(says_a_digit(cell) for _part, _month, cell in figures):
            place = names[0].place if names else figures[0][2].place
            found.lines.append(Line(place, names_in(names), figures))
    return found


def says_a_digit(cell):
    """Or is it a title that happens to stand where figures do?"""
    return not cell.text or any(char.isdigit() for char in cell.text)


def months_of(rows, number, start, found):
    """The columns from `start` on that are headed by what ought to be a month."""
    columns, heading = [], rows[number]
    for column in range(start, max(map(len, rows))):
        cell = at(heading, column)
        filled = [
            row[column]
            for other, row in enumerate(rows)
            if other != number and column < len(row) and row[column]
        ]
        if not filled:
            continue
        if not cell:
            lost = [
                (figure.place, _("No month belongs to this cell."))
                for figure in filled
                if says_a_digit(figure)
            ]
            found.problems += lost[:1]
        elif cell.text and (is_total(cell.text) or is_aside(cell.text)):
            found.pass_over(cell)
        else:
            columns.append(column)
    return columns


def names_in(cells):
    """The texts that can be names: those with a letter, or all if none has one."""
    texts = [cell.text if cell.text else str(cell.value) for cell in cells if cell]
    return tuple([text for text in texts if any(char.isalpha() for char in text)] or texts)
