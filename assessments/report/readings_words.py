"""What the readings of a metric say of its target: how often met, how long until sustained, in time or not, and which level.

All functions are pure; each takes a `rules.sustain.Judgement` or a part of one, and the `units.Measure` that prints it.
"""

from math import ceil

from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from assessments.report.fit_words import listed
from assessments.report.units import (
    MONTH,
    number,
    period_name,
    period_noun,
    periods_noun,
    periods_words,
    target_words,
    value_words,
    with_unit,
)
from assessments.rules import control_chart, results, sustain, trend


def target_of(judgement):
    """The `Target` in force in the last period, or None."""
    return judgement.periods[-1].target


# ---- met, missing, waiting -----------------------------------------------------------------------------------------------


def met_words(judgement, measure):
    """Met in 4 of the last 6 months. Sustained needs 5."""
    count = count_words(judgement, measure)
    return f"{count} {needs_words(judgement, measure)}" if _had_target(judgement) else count


def count_words(judgement, measure):
    """Met in 4 of the last 6 months."""
    window = periods_words(judgement.rule.window, measure.every, figures=True)
    if not _had_target(judgement):
        return _("No target was in force in the last %(window)s.") % {"window": window}
    return _("Met in %(met)s of the last %(window)s.") % {"met": judgement.met, "window": window}


def _had_target(judgement):
    return any(period.target for period in judgement.periods)


def needs_words(judgement, measure):
    """What sustained takes, or since when it is."""
    if judgement.since is not None:
        return _("Sustained since %(since)s.") % {"since": period_name(judgement.since, measure.every)}
    return _("Sustained needs %(needed)s.") % {"needed": judgement.rule.needed}


def missing_words(judgement, measure):
    """Names the periods without a reading; empty where there is none."""
    missing = judgement.missing
    if not missing:
        return ""
    if len(missing) == len(judgement.periods):
        return _("None of the last %(window)s has a reading.") % {
            "window": periods_words(len(missing), measure.every)
        }
    words = {"missing": listed(list(_stretches(missing, measure))), "period": period_noun(measure.every)}
    return (
        ngettext(
            "%(missing)s has no reading; a %(period)s without one counts as missed.",
            "%(missing)s have no reading; a %(period)s without one counts as missed.",
            len(missing),
        )
        % words
    )


def _stretches(periods, measure):
    """Names of periods, three or more in a row as from the first to the last."""
    found = []
    for period in periods:
        if found and found[-1][-1] == period - 1:
            found[-1].append(period)
        else:
            found.append([period])
    for stretch in found:
        names = [period_name(period, measure.every) for period in stretch]
        if len(names) > 2:
            names = [_("%(first)s to %(last)s") % {"first": names[0], "last": names[-1]}]
        yield from names


def wait_words(judgement, measure):
    """How many more periods have to meet the target until it is sustained, and when that is at the earliest."""
    if judgement.sustained:
        return needs_words(judgement, measure)
    if judgement.wait is None:
        return _("Without a target nothing can be sustained.")
    return _("%(wait)s at target until sustained: %(earliest)s at the earliest.") % {
        "wait": _more(judgement.wait, measure),
        "earliest": period_name(judgement.earliest, measure.every),
    }


def _more(count, measure):
    words = {
        1: ngettext("%(count)s more month", "%(count)s more months", count),
        3: ngettext("%(count)s more quarter", "%(count)s more quarters", count),
        6: ngettext("%(count)s more half-year", "%(count)s more half-years", count),
        12: ngettext("%(count)s more year", "%(count)s more years", count),
    }[measure.every]
    return words % {"count": count}


def audit_words(judgement, audit_month, measure):
    """Whether it can be sustained before the audit begins; `audit_month` counts months, None where no audit is planned."""
    if audit_month is None:
        return ""
    words = {"audit": period_name(audit_month, MONTH)}
    if judgement.earliest is None:
        return _("Without a target it cannot be sustained by the audit in %(audit)s.") % words
    if judgement.sustained:
        return _("Sustained now; it has to stay so until the audit in %(audit)s.") % words
    words["earliest"] = period_name(judgement.earliest, measure.every)
    if judgement.in_time_for(audit_month // measure.every):
        return _("In time for the audit in %(audit)s: sustained in %(earliest)s at the earliest.") % words
    return _("Too late for the audit in %(audit)s: sustained in %(earliest)s at the earliest.") % words


# ---- trend, signals, limits -----------------------------------------------------------------------------------------------


def trend_words(judgement, measure):
    """What the order of the readings shows, with the rule that says so."""
    found = judgement.trend
    if measure.direction == sustain.WITHIN and target_of(judgement) is None:
        return _("Without a target range better and worse cannot be told apart, so no trend is worked out.")
    if found.kind == trend.TOO_FEW:
        words = {"count": found.readings, "window": trend.WINDOW, "needed": trend.FEWEST}
        return _(
            "Too few readings for a trend: %(count)s in the last %(window)s %(periods)s, and it takes %(needed)s."
        ) % (words | {"periods": periods_noun(measure.every)})
    words = {"count": found.readings, "chance": ceil(100 * found.chance), "rule": round(100 * trend.CHANCE)}
    if found.kind == trend.FLAT:
        return (
            _(
                "No trend in the last %(count)s readings: %(chance)s in 100 random orders of them would point one way at "
                "least as clearly. A trend is called where at most %(rule)s would."
            )
            % words
        )
    words["kind"] = _("Improving") if found.kind == trend.IMPROVING else _("Getting worse")
    words["here"] = _("fewer than 1") if found.chance < 0.01 else words["chance"]
    return (
        _(
            "%(kind)s over the last %(count)s readings: %(here)s in 100 random orders of them would point one way as "
            "clearly. A trend is called where at most %(rule)s would."
        )
        % words
    )


def signal_words(signal, readings, measure, *, short=False):
    """What a signal of the control chart is; `readings` maps periods to values. `short` where the chart is narrow."""
    if signal.kind == control_chart.OUTSIDE:
        value = value_words(readings[signal.first], measure)
        return value if short else _("%(value)s, outside the limits") % {"value": value}
    count = run_length(signal, readings)
    above = signal.kind == control_chart.ABOVE
    if short:
        return (_("%(count)s above average") if above else _("%(count)s below average")) % {"count": count}
    words = {"periods": capfirst(periods_words(count, measure.every))}
    return (
        _("%(periods)s in a row above average") if above else _("%(periods)s in a row below average")
    ) % words


def run_length(run, readings):
    """How many readings a run has; periods without one do not count."""
    return sum(run.covers(period) for period in readings)


def limits_words(chart, readings, measure):
    """Where the limits of `readings`, period -> value, come from, or why there are none."""
    if not chart.drawn:
        if chart.readings < control_chart.FEWEST:
            return ngettext(
                "Limits take %(needed)s readings; there is %(count)s.",
                "Limits take %(needed)s readings; there are %(count)s.",
                chart.readings,
            ) % {"needed": control_chart.FEWEST, "count": chart.readings}
        return _("Limits take readings of neighbouring %(periods)s; each of these stands alone.") % {
            "periods": periods_noun(measure.every)
        }
    sentences = [
        _(
            "Limits are the average plus and minus 2.66 times the average moving range of %(range)s, which is how far one "
            "reading is from the one before."
        )
        % {"range": number(chart.range_mean, measure.decimals + 1)}
    ]
    if chart.provisional:
        sentences.append(
            _(
                "They are provisional: with %(count)s readings each new one still moves them; from %(settled)s on hardly."
            )
            % {"count": chart.readings, "settled": control_chart.SETTLED}
        )
    return " ".join([*sentences, *_not_drawn(chart, readings, measure)])


def _not_drawn(chart, readings, measure):
    lowest, highest = measure.edges(readings.values())
    beyond = [lowest] if lowest is not None and chart.lower < lowest else []
    beyond += [highest] if highest is not None and chart.upper > highest else []
    edges = [with_unit(number(edge, 0), measure) for edge in beyond]
    if edges:
        yield _("A limit beyond %(edge)s is not drawn: no reading can lie there.") % {"edge": listed(edges)}


# ---- level ---------------------------------------------------------------------------------------------------------------


def level_words(level, judgement, measure):
    """Why a results requirement has the `level`, 0 to 3, that this metric shows."""
    window = periods_words(judgement.rule.window, measure.every)
    if level == results.NOT_MEASURED:
        return _("Level 0, not measured: none of the last %(window)s has a reading.") % {"window": window}
    words = {
        "met": judgement.met,
        "window": periods_words(judgement.rule.window, measure.every, figures=True),
        "needed": judgement.rule.needed,
        "last": period_name(judgement.last, measure.every),
        "quarter": periods_words(sustain.QUARTER, measure.every),
        "target": target_words(target_of(judgement), measure),
    }
    if level == results.SUSTAINED:
        return (
            _("Level 3, sustained: met in %(met)s of the last %(window)s, and it takes %(needed)s.") % words
        )
    if level == results.MEASURED:
        return _("Level 1, measured: %(why)s, and %(better)s.") % {
            "why": _why_short(judgement, words),
            "better": _why_not_better(judgement, words),
        }
    if judgement.at_target:
        return (
            _(
                "Level 2, at target but not sustained: %(last)s met it, but only %(met)s of the last %(window)s did, and it "
                "takes %(needed)s."
            )
            % words
        )
    return _(
        "Level 2, better but not sustained: the last %(quarter)s are better on average than the %(quarter)s before, but "
        "%(why)s."
    ) % (words | {"why": _why_short(judgement, words)})


def _why_short(judgement, words):
    if target_of(judgement) is None:
        return _("no target is set to meet")
    if judgement.periods[-1].value is None:
        return _("%(last)s has no reading") % words
    return _("%(last)s did not meet the target (%(target)s)") % words


def _why_not_better(judgement, words):
    if judgement.better is None:
        return _("readings are missing to compare the last %(quarter)s with the %(quarter)s before") % words
    return _("the last %(quarter)s are not better on average than the %(quarter)s before") % words


def decided_by(name, count):
    """Which of the `count` metrics behind a requirement gave it its level; empty where there is one only."""
    if count < 2:
        return ""
    return _("Of %(count)s metrics the weakest decides: %(name)s.") % {"count": count, "name": name}
