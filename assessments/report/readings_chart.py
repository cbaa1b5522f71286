"""A metric's readings as a `Series` with all its words, ready to be drawn. Pure."""

from django.utils.translation import gettext as _

from assessments.report.readings_words import signal_words
from assessments.report.series import Moved, Series, Words
from assessments.report.units import axis_labels, number, period_name, period_noun, target_words, value_words
from assessments.rules.sustain import target_at


def series_of(periods, readings, targets, chart, outlook, measure, *, notes=None, short=False):
    """The `Series` of `periods`, the oldest first. `readings` maps periods to values, `notes` periods to why they are so;
    `targets` are `sustain.Target`s, `short` asks for the words of a narrow chart."""
    lowest, highest = measure.edges(readings.values())
    return Series(
        periods=tuple(periods),
        labels=axis_labels(periods, measure.every),
        values=tuple(readings.get(period) for period in periods),
        targets=tuple(target_at(targets, period) for period in periods),
        chart=chart,
        number=number,
        decimals=measure.decimals,
        notes=notes or {},
        signals={signal: signal_words(signal, readings, measure, short=short) for signal in chart.signals},
        moved=None if outlook.moved is None else Moved(outlook.moved, outlook.mean),
        floor=lowest,
        ceiling=highest,
    )


def line_words(outlook, measure, *, short=False):
    """The names of the lines of `series.control_chart`."""
    if short:
        names = (_("upper"), _("lower"), _("average"), _("lately"), _("target"), _("at least"), _("at most"))
    else:
        moved = "" if outlook.moved is None else period_name(outlook.moved, measure.every)
        names = (
            _("upper limit"),
            _("lower limit"),
            _("average"),
            _("since %(period)s") % {"period": moved},
            _("target"),
            _("target, at least"),
            _("target, at most"),
        )
    return Words(*names, missing=_("no reading"), nothing=_("No reading yet"))


def chart_title(name, series, measure):
    """The chart in one sentence, for those who do not see it."""
    readings = [
        (period, value)
        for period, value in zip(series.periods, series.values, strict=True)
        if value is not None
    ]
    if not readings:
        return _("%(name)s: no reading yet.") % {"name": name}
    first, (last, value) = readings[0][0], readings[-1]
    target = series.targets[-1]
    begin, end = period_name(first, measure.every), period_name(last, measure.every)
    words = {
        "name": name,
        "span": end if first == last else _("%(first)s to %(last)s") % {"first": begin, "last": end},
        "value": value_words(value, measure, target),
        "target": _("no target") if target is None else _("target %s") % target_words(target, measure),
        "average": "" if series.chart.mean is None else value_words(series.chart.mean, measure),
    }
    if not series.chart.drawn:
        return _("%(name)s, %(span)s: %(value)s at the end, %(target)s.") % words
    return _("%(name)s, %(span)s: %(value)s at the end, average %(average)s, %(target)s.") % words


def ranges_heading(measure):
    """What the lower chart shows, with its unit."""
    units = {
        "percent": _("in points"),
        "seconds": _("in seconds"),
        "minutes": _("in minutes"),
        "hours": _("in hours"),
        "days": _("in days"),
        "money": _("in %(currency)s") % {"currency": measure.currency},
    }
    heading = _("Change from the %(period)s before") % {"period": period_noun(measure.every)}
    return f"{heading}, {units[measure.unit]}" if measure.unit in units else heading
