"""What one cell of figures says, for a metric that is known."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from assessments.figures import (
    NotAFigure,
    count,
    has_percent_sign,
    is_empty,
    is_time,
    number,
    quoted,
)
from assessments.workbooks import readings_table as table
from assessments.workbooks.readings_names import VALUE

HOUR = 3600  # seconds
UNUSABLE = (table.ERROR, table.FORMULA, table.LOGICAL)


@dataclass(frozen=True, slots=True)
class Figure:
    """`is_signed`: was it written as a percentage, so that 0.8 can only be 0.8 %?"""

    value: float
    is_signed: bool = False


def figure(cell, metric, part, decimal):
    """The `Figure` in a cell, or None where it says that there is none. Raises `NotAFigure`.

    `decimal` is how the file writes decimals. Durations come in the unit of the metric.
    """
    if cell.kind == table.ERROR and is_empty(cell.value):
        return None
    if cell.kind in UNUSABLE or not isinstance(cell.value, str | int | float):
        raise NotAFigure(unusable(cell))
    if cell.kind in (table.TIME, table.MINUTES) or is_time(cell.text):
        return Figure(duration(cell, metric, part, decimal))
    signed = cell.kind == table.PERCENT or has_percent_sign(cell.text)
    if signed and (part != VALUE or not metric.is_percent):
        raise NotAFigure(not_a_percentage(cell, metric, part))
    if part != VALUE:
        found = count(cell.value, decimal)
    else:
        found = number(cell.value, decimal, percent=cell.kind == table.PERCENT)
    return None if found is None else Figure(found, signed)


def not_a_percentage(cell, metric, part):
    facts = {"text": quoted(cell.text or f"{cell.value * 100:.12g} %"), "metric": quoted(metric.name)}
    if part != VALUE:
        return _("%(text)s is a percentage, and %(metric)s needs counts here.") % facts
    return _("%(text)s is a percentage, and %(metric)s is not measured in percent.") % facts


def unusable(cell):
    if cell.kind == table.ERROR:
        return _("This cell holds the error %s.") % quoted(cell.value)
    if cell.kind == table.FORMULA:
        return _("This cell holds a formula that nothing has worked out. Open the file in Excel, save it and upload it again.")  # fmt: skip
    if cell.kind == table.LOGICAL:
        return _("This cell holds TRUE or FALSE, and a number is needed.")
    return _("This cell was turned into a date. Format it as a number and write the figure again.")


def duration(cell, metric, part, decimal):
    """A duration in the unit of the metric. Raises `NotAFigure` where the metric measures no time, or the time is unclear."""
    text = cell.text or clock(cell.value, with_seconds=cell.kind == table.TIME)
    if metric.seconds is None:
        raise NotAFigure(
            _("%(text)s is a duration, and %(metric)s is not measured in time.")
            % {"text": quoted(text), "metric": quoted(metric.name)}
        )
    # A spreadsheet takes 5:12 for hours, whoever writes it of a call means minutes.
    as_hours = cell.kind == table.MINUTES
    if as_hours != (metric.seconds == HOUR) and (as_hours or text.count(":") == 1):
        raise NotAFigure(
            _("%(text)s can be minutes or hours. Write it as hours, minutes and seconds: 0:05:12.")
            % {"text": quoted(text)}
        )
    found = (number if part == VALUE else count)(cell.value, decimal)
    return found / metric.seconds


def clock(seconds, *, with_seconds):
    """312 -> '0:05:12', as a spreadsheet shows it."""
    minutes, rest = divmod(int(abs(seconds)), 60)
    text = f"{'-' if seconds < 0 else ''}{minutes // 60}:{minutes % 60:02}"
    return f"{text}:{rest:02}" if with_seconds else text
