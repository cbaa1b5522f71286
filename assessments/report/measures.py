"""The metrics of a site as part of the document: plain values, from which screen and paper draw the same."""

from dataclasses import dataclass
from datetime import date

from django.utils.text import capfirst, get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from assessments.months import month_number
from assessments.report import readings_chart, readings_finding, register, series, small_series, units
from assessments.report import readings_words as words
from assessments.report.words import counted
from assessments.rules import control_chart, results
from assessments.rules.results import Shares
from assessments.rules.sustain import Target, target_at


@dataclass(frozen=True, slots=True)
class MonthPart:
    """One period of a metric: `number` as `rules.sustain` counts them, the target then in force from `low` to `high`."""

    number: int
    name: str
    short: str
    value: float | None
    low: float | None
    high: float | None
    met: bool
    printed: str
    note: str


@dataclass(frozen=True, slots=True)
class MetricPart:
    """One metric. `level` is what it shows, 0 to 3; `months` are its charted periods, the oldest first; `decide` of them
    decide whether it is sustained."""

    id: int
    name: str
    kind: str
    kind_name: str
    formula: str
    unit: str
    currency: str
    decimals: int
    direction: str
    every: int
    owner: str
    source: str
    target: str
    value: float | None
    printed: str
    period: str
    level: int
    met: int
    needed: int
    decide: int
    missing: tuple[str, ...]
    headline: str
    met_words: str
    wait_words: str
    in_time_words: str
    sustained_by: date | None  # first day of the month by whose end it can be sustained at the earliest
    shows: tuple[str, ...]
    months: tuple[MonthPart, ...]

    @property
    def measure(self):
        return units.Measure(self.unit, self.decimals, self.direction, self.every, self.currency)


@dataclass(frozen=True, slots=True)
class KindPart:
    """The shares of one kind of metrics."""

    name: str
    shares: Shares


def parts(judged, codes, audit_month):
    """`MetricPart`s of `Judged` metrics, in the order of the register. `codes` maps keys of results requirements to what
    they are called here; `audit_month` is a date or None."""
    return tuple(_part(each, codes, audit_month) for each in register.in_order(judged))


def kinds(judged):
    """The shares of each kind of metric that there is."""
    rows = register.in_order(judged)
    names = dict.fromkeys(str(each.metric.get_kind_display()) for each in rows)
    return tuple(
        KindPart(
            name,
            results.shares([each.judgement for each in rows if each.metric.get_kind_display() == name]),
        )
        for name in names
    )


def _part(judged, codes, audit_month):
    metric, judgement = judged.metric, judged.judgement
    measure = register.measure_of(metric)
    latest = judgement.latest
    return MetricPart(
        id=metric.pk,
        name=metric.name,
        kind=metric.kind,
        kind_name=str(metric.get_kind_display()),
        formula=metric.formula,
        unit=metric.unit,
        currency=metric.currency,
        decimals=metric.decimals,
        direction=metric.direction,
        every=metric.every,
        owner=str(metric.owner or ""),
        source=metric.data_source,
        target=units.target_words(judged.target, measure),
        value=latest and latest.value,
        printed=register.latest_words(judged),
        period=units.period_name(latest.number if latest else judged.last, metric.every),
        level=judged.level,
        met=judgement.met,
        needed=judgement.rule.needed,
        decide=judgement.rule.window,
        missing=tuple(units.period_name(period, metric.every) for period in judgement.missing),
        headline=readings_finding.headline(judgement, judged.chart, judged.outlook, measure),
        met_words=words.count_words(judgement, measure),
        wait_words=words.wait_words(judgement, measure),
        sustained_by=None if judgement.earliest is None else metric.month_of(judgement.earliest),
        in_time_words=words.audit_words(judgement, audit_month and month_number(audit_month), measure),
        shows=tuple(codes[key] for key in metric.shows if key in codes),
        months=tuple(_month(judged, period, measure) for period in judged.charted[0]),
    )


def _month(judged, period, measure):
    value, target = judged.values.get(period), target_at(judged.targets, period)
    reading = judged.readings.get(period)
    return MonthPart(
        number=period,
        name=units.period_name(period, measure.every),
        short=" ".join(filter(None, units.period_label(period, measure.every))),
        value=value,
        low=target and target.low,
        high=target and target.high,
        met=value is not None and target is not None and target.meets(value),
        printed="" if value is None else units.number(value, units.decimals_of(value, measure, target)),
        note=reading.note if reading else "",
    )


def small(part, palette):
    """A metric at a glance, as SVG."""
    drawn, _outlook = _series(part)
    title = readings_chart.chart_title(part.name, drawn, part.measure)
    return small_series.small_multiple(drawn, title, palette, decide=part.decide)


def has_signal(part):
    """Does a month stand outside the limits of chance, or a run of them on one side of the average?"""
    readings = {month.number: month.value for month in part.months if month.value is not None}
    return bool(control_chart.chart(readings).signals)


def control(part, palette):
    """A metric between its limits, as SVG, half as wide as a page."""
    drawn, outlook = _series(part)
    title = readings_chart.chart_title(part.name, drawn, part.measure)
    lines = readings_chart.line_words(outlook, part.measure, short=True)
    return series.control_chart(drawn, title, palette, lines, width=register.NARROW)


def _series(part):
    """What the charts of a metric are drawn from, and its `control_chart.Outlook`."""
    readings = {month.number: month.value for month in part.months if month.value is not None}
    targets, chart = _targets(part), control_chart.chart(readings)
    outlook = control_chart.outlook(readings, chart, target_at(targets, part.months[-1].number))
    periods = [month.number for month in part.months]
    drawn = readings_chart.series_of(periods, readings, targets, chart, outlook, part.measure, short=True)
    return drawn, outlook


def _targets(part):
    return [
        Target(month.number, month.low, month.high)
        for month in part.months
        if month.low is not None or month.high is not None
    ]


def title(metrics):
    """What the metrics come to, as the title of a section; empty where there are none."""
    if not metrics:
        return ""
    count = sum(metric.level == results.SUSTAINED for metric in metrics)
    at_target = sum(bool(metric.months and metric.months[-1].met) for metric in metrics)
    if len(metrics) == 1:
        return _title_of_one(count, at_target)
    said = {"count": capfirst(counted(count)), "all": counted(len(metrics)), "at": counted(at_target)}
    sustained = (
        ngettext(
            "%(count)s of %(all)s metrics is sustained",
            "%(count)s of %(all)s metrics are sustained",
            count,
        )
        if count
        else _("None of %(all)s metrics is sustained")
    )
    at = ngettext("%(at)s is at target", "%(at)s are at target", at_target)
    return f"{sustained}; {at}" % said


def _title_of_one(sustained, at_target):
    if sustained:
        return _("The one metric is sustained")
    return (
        _("The one metric is at target, not sustained yet")
        if at_target
        else _("The one metric is not at target")
    )


def forecast(metrics, audit_month):
    """By when all of them can be sustained if every month from now on meets its target; empty without metrics.

    `audit_month` is a date or None.
    """
    waits = [metric.sustained_by for metric in metrics if metric.sustained_by is not None]
    if not metrics:
        return ""
    parts = []
    if waits:
        last = max(waits)
        said = {"count": len(waits), "month": units.period_name(month_number(last), 1)}
        parts.append(
            _(
                "If every month from now on meets its target, all %(count)s metrics with a target are sustained by %(month)s."
            )
            % said
        )
        if audit_month:
            late = [
                metric.name
                for metric in metrics
                if metric.sustained_by and metric.sustained_by >= audit_month
            ]
            parts.append(_late(late, units.period_name(month_number(audit_month), 1)))
    without = len(metrics) - len(waits)
    if without:
        parts.append(
            ngettext(
                "%(count)s has no target and cannot be sustained.",
                "%(count)s have no target and cannot be sustained.",
                without,
            )
            % {"count": capfirst(counted(without))}
        )
    return " ".join(parts)


def _late(names, audit):
    if not names:
        return _("That is in time for the audit in %(audit)s.") % {"audit": audit}
    return _("Too late for the audit in %(audit)s: %(names)s.") % {
        "audit": audit,
        "names": get_text_list(names, _("and")),
    }


def span(metrics):
    """The first and the last month of what is printed, each as (short, long), of monthly metrics; None without any."""
    monthly = [
        month for metric in metrics if metric.every == 1 for month in metric.months[-small_series.SHOWN :]
    ]
    if not monthly:
        return None
    first, last = (pick(monthly, key=lambda month: month.number) for pick in (min, max))
    return first.name, last.name


def month_table(metrics):
    """(names of the last thirteen months, rows) of the monthly metrics, a row being the metric and a `MonthPart` or None
    for each month; None where none is monthly."""
    monthly = [metric for metric in metrics if metric.every == 1]
    if not monthly:
        return None
    last = max(metric.months[-1].number for metric in monthly)
    numbers = range(last - small_series.SHOWN + 1, last + 1)
    rows = []
    for metric in monthly:
        known = {month.number: month for month in metric.months}
        rows.append((metric, [known.get(number) for number in numbers]))
    names = [units.period_label(number, 1) for number in numbers]
    return names, rows
