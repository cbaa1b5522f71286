"""The metrics of a site as pages show them: rows of the register, one metric's page, the reasons of a level.

Everything is worked out from `Judged` metrics; words come from `readings_words` and `readings_finding`, drawings from `series`.
"""

from dataclasses import dataclass
from datetime import date

from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from assessments.models import Metric
from assessments.months import month_number
from assessments.report import charts, readings_chart, readings_finding, series, small_series, units
from assessments.report import readings_words as words
from assessments.report.words import counted
from assessments.rules import results
from assessments.rules.sustain import target_at

KINDS = {kind: place for place, kind in enumerate(Metric.Kind.values)}
TABLE = 13  # periods listed beneath a chart; earlier ones are folded away
WIDE, NARROW = 1160, 340  # units of a chart on a desk and on a phone


def place_of(metric):
    """Its place in the register: by kind, and within a kind as they were added."""
    return KINDS[metric.kind], metric.pk


def in_order(judged):
    return sorted(judged, key=lambda each: place_of(each.metric))


def measure_of(metric):
    return units.Measure(
        unit=metric.unit,
        decimals=metric.decimals,
        direction=metric.direction,
        every=metric.every,
        currency=metric.currency,
    )


def series_of(judged, *, short=False):
    """The charted periods of a metric as a `series.Series`."""
    periods, values = judged.charted
    notes = {period: reading.note for period, reading in judged.readings.items() if reading.note}
    return readings_chart.series_of(
        periods,
        values,
        judged.targets,
        judged.chart,
        judged.outlook,
        measure_of(judged.metric),
        notes=notes,
        short=short,
    )


# ---- the register -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Row:
    """One metric at a glance. `chart` is SVG."""

    metric: Metric
    kind: str
    level: int
    headline: str
    value: str
    period: str
    met: str
    target: str
    chart: str


def row(judged, palette=charts.SCREEN):
    metric, measure, judgement = judged.metric, measure_of(judged.metric), judged.judgement
    latest = judgement.latest
    drawn = series_of(judged, short=True)
    return Row(
        metric=metric,
        kind=str(metric.get_kind_display()),
        level=judged.level,
        headline=readings_finding.headline(judgement, judged.chart, judged.outlook, measure),
        value=latest_words(judged),
        period=units.period_name(latest.number if latest else judged.last, metric.every),
        met=words.met_words(judgement, measure),
        target=capfirst(units.target_words(judged.target, measure)),
        chart=small_series.small_multiple(
            drawn,
            readings_chart.chart_title(metric.name, drawn, measure),
            palette,
            decide=judgement.rule.window,
        ),
    )


def latest_words(judged):
    """The newest value of the window, or a dash."""
    latest = judged.judgement.latest
    return units.value_words(latest and latest.value, measure_of(judged.metric), latest and latest.target)


@dataclass(frozen=True, slots=True)
class Summary:
    """What the whole register comes to. `kinds` are (name, counts) with the counts in the order of `columns`."""

    headline: str
    lead: str
    enter: str
    rule: str
    columns: tuple[str, ...]
    kinds: tuple[tuple[str, tuple[int, ...]], ...]


def summary(site, judged):
    shares = results.shares([each.judgement for each in judged])
    by_kind = [
        (kind.label, results.shares([each.judgement for each in judged if each.metric.kind == kind]))
        for kind in Metric.Kind
    ]
    rows = [(name, counts) for name, counts in by_kind if counts.all]
    if len(rows) > 1:
        rows.append((_("All"), shares))
    return Summary(
        headline=_headline(shares),
        lead=_lead(judged, shares),
        enter=_enter(site, judged),
        rule=rule_words(site),
        columns=(_("Metrics"), _("Measured"), _("At target"), _("At target or improving"), _("Sustained")),
        kinds=tuple((name, _counts(counts)) for name, counts in rows),
    )


def _counts(shares):
    return shares.all, shares.measured, shares.at_target, shares.reached, shares.sustained


def _headline(shares):
    if not shares.all:
        return _("Metrics")
    if shares.all == 1:
        return _headline_of_one(shares)
    sustained, at_target = (capfirst(counted(count)) for count in (shares.sustained, shares.at_target))
    if shares.sustained:
        return ngettext(
            "%(sustained)s of %(all)s metrics is sustained.",
            "%(sustained)s of %(all)s metrics are sustained.",
            shares.sustained,
        ) % {"sustained": sustained, "all": shares.all}
    if shares.at_target:
        return ngettext(
            "%(at)s of %(all)s metrics is at target, none sustained yet.",
            "%(at)s of %(all)s metrics are at target, none sustained yet.",
            shares.at_target,
        ) % {"at": at_target, "all": shares.all}
    return _("None of %(all)s metrics is at target yet.") % {"all": shares.all}


def _headline_of_one(shares):
    if shares.sustained:
        return _("The one metric is sustained.")
    return (
        _("The one metric is at target, not sustained yet.")
        if shares.at_target
        else _("The one metric is not at target yet.")
    )


def _lead(judged, shares):
    if not shares.all:
        return _("What this site measures month by month, and whether it holds.")
    parts = [
        _("%(at)s at target, %(reached)s at target or better than the quarter before.")
        % {"at": shares.at_target, "reached": shares.reached}
    ]
    without = [each.metric.name for each in judged if each.target is None]
    if without:
        parts.append(
            ngettext("%(count)s has no target yet.", "%(count)s have no target yet.", len(without))
            % {"count": capfirst(counted(len(without)))}
        )
    missing = [each for each in judged if each.due not in each.values]
    if missing:
        parts.append(
            ngettext(
                "%(count)s has no figure for the last month that is due.",
                "%(count)s have no figure for the last month that is due.",
                len(missing),
            )
            % {"count": capfirst(counted(len(missing)))}
        )
    return " ".join(parts)


def _enter(site, judged):
    newest = month_number(site.today()) - 1
    return _("Enter %(month)s") % {"month": units.period_name(newest, 1)} if judged else _("Enter figures")


def rule_words(site):
    """The rule of the site in one sentence."""
    return _(
        "Sustained means that the target was met in at least %(needed)s of the last %(window)s months; a month without a "
        "reading counts as missed. Figures are due on day %(day)s of the next month."
    ) % {"needed": site.months_needed, "window": site.months_window, "day": site.figures_due_day}


# ---- one metric ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class TableRow:
    """One period beneath the chart. `state` is met, missed or none; `judged` says so with the target then in force."""

    month: date
    period: str
    numerator: str
    denominator: str
    value: str
    state: str
    judged: str
    note: str


def page(judged, audit_month=None):
    """Everything one metric's page prints, as a dictionary; `audit_month` is a date or None."""
    metric, measure, judgement = judged.metric, measure_of(judged.metric), judged.judgement
    wide, narrow = series_of(judged), series_of(judged, short=True)
    latest, rows = judgement.latest, _table(judged, measure)
    drawn = judged.chart.drawn
    return {
        "headline": readings_finding.headline(judgement, judged.chart, judged.outlook, measure),
        "paragraph": readings_finding.paragraph(judgement, judged.outlook, wide, measure),
        "wait": "" if judgement.sustained else words.wait_words(judgement, measure),  # `met` says since when
        "audit": words.audit_words(judgement, audit_month and month_number(audit_month), measure),
        "period": units.period_name(latest.number if latest else judged.last, metric.every),
        "value": latest_words(judged),
        "target": capfirst(units.target_words(judged.target, measure)),
        "met": words.met_words(judgement, measure),
        "missing": words.missing_words(judgement, measure),
        "dots": dots(judgement, measure),
        "chart": _control(judged, wide, measure, WIDE),
        "chart_narrow": _control(judged, narrow, measure, NARROW, short=True),
        "ranges_title": readings_chart.ranges_heading(measure),
        "ranges": _ranges(judged, wide, measure, WIDE) if drawn else "",
        "ranges_narrow": _ranges(judged, narrow, measure, NARROW, short=True) if drawn else "",
        "limits": words.limits_words(judged.chart, judged.charted[1], measure),
        "trend": words.trend_words(judgement, measure),
        "period_word": capfirst(units.period_noun(metric.every)),
        "unit": _unit(metric),
        "recent": rows[:TABLE],
        "earlier": rows[TABLE:],
        "definition": _definition(judged),
        "next_month": _next_month(judged),
    }


def _control(judged, drawn, measure, width, short=False):
    title = readings_chart.chart_title(judged.metric.name, drawn, measure)
    lines = readings_chart.line_words(judged.outlook, measure, short=short)
    return series.control_chart(drawn, title, charts.SCREEN, lines, width=width)


def _ranges(judged, drawn, measure, width, short=False):
    title = f"{judged.metric.name}: {readings_chart.ranges_heading(measure)}"
    lines = readings_chart.line_words(judged.outlook, measure, short=short)
    return series.moving_ranges(drawn, title, charts.SCREEN, lines, width=width)


def dots(judgement, measure, palette=charts.SCREEN):
    """The periods that decide whether it is sustained, as SVG."""
    labels = [units.period_label(period.number, measure.every)[0] for period in judgement.periods]
    return small_series.months_met(judgement.periods, labels, words.met_words(judgement, measure), palette)


def _table(judged, measure):
    """The newest first: every period up to the last that is judged, as far back as there are readings."""
    first = min([judged.last - TABLE + 1, *judged.readings])
    newest = max([judged.last, *judged.readings])
    return [_table_row(judged, period, measure) for period in range(newest, first - 1, -1)]


def _table_row(judged, period, measure):
    reading, target = judged.readings.get(period), target_at(judged.targets, period)
    value = reading and reading.value
    state = "none" if value is None or target is None else "met" if target.meets(value) else "missed"
    said = {"none": "", "met": _("met"), "missed": _("missed")}[state]
    aim = units.target_words(target, measure) if target else _("no target")
    return TableRow(
        month=judged.metric.month_of(period),
        period=units.period_name(period, measure.every),
        numerator=count_words(reading and reading.numerator),
        denominator=count_words(reading and reading.denominator),
        value=units.value_words(value, measure, target),
        state=state,
        judged=f"{aim}, {said}" if said else aim,
        note=reading.note if reading else "",
    )


def count_words(figure):
    return "–" if figure is None else units.target_figure(figure, units.Measure("count"))


def _unit(metric):
    if metric.is_ratio:
        return _("%(numerator)s out of %(denominator)s, %(unit)s") % {
            "numerator": metric.numerator,
            "denominator": metric.denominator[:1].lower() + metric.denominator[1:],
            "unit": str(metric.get_unit_display()).lower(),
        }
    return str(metric.get_unit_display())


def _definition(judged):
    metric = judged.metric
    found = [
        (_("What it measures"), metric.measures),
        (_("Formula"), metric.formula),
        (_("Process or journey"), metric.process),
        (_("Channels"), metric.get_channel_display()),
        (_("Scale"), metric.scale),
        (_("Direction"), metric.get_direction_display()),
        (_("Measured"), metric.get_every_display()),
        (_("Target"), _target_with_reason(judged)),
        (_("Owner"), metric.owner),
        (_("Data source"), metric.data_source),
        (_("Sample"), metric.sample_size and _("%(count)s units each time") % {"count": metric.sample_size}),
    ]
    return [(name, said) for name, said in found if said]


def _target_with_reason(judged):
    latest = max(judged.metric.targets.all(), key=lambda target: target.since, default=None)
    if latest is None:
        return _("None is set yet")
    since = units.period_name(month_number(latest.since), 1)
    aim = units.target_words(latest.as_rule(), measure_of(judged.metric))
    return _("%(aim)s since %(since)s. %(why)s") % {
        "aim": capfirst(aim),
        "since": since,
        "why": latest.rationale,
    }


def _next_month(judged):
    """The month whose reading is waited for: the first gap among the last periods, or None."""
    gaps = [
        period
        for period in range(judged.last - judged.rule.window + 1, judged.last + 1)
        if period not in judged.values
    ]
    newest = (month_number(judged.day) // judged.metric.every) - 1
    waited = [*gaps[-1:], *([newest] if newest > judged.last and newest not in judged.values else [])]
    return judged.metric.month_of(waited[-1]) if waited else None


def targets(metric):
    """(since when, what meets it, the `Target`) of every target of a metric, the newest first."""
    measure = measure_of(metric)
    return [
        (
            _("since %(month)s") % {"month": units.period_name(month_number(target.since), 1)},
            capfirst(units.target_words(target.as_rule(), measure)),
            target,
        )
        for target in reversed(metric.targets.all())
    ]


def reasons(shown):
    """(metric, level, sentence, whether it decides) of each metric behind a requirement, from a `Shown`."""
    decisive = shown.decisive
    return [
        (
            judged.metric,
            judged.level,
            words.level_words(judged.level, judged.judgement, measure_of(judged.metric)),
            judged is decisive and len(shown.metrics) > 1,
        )
        for judged in shown.metrics
    ]
