"""What the readings of a metric come to: one sentence that states the finding, and a few that give the evidence.

All functions are pure. Which of the sentences holds follows from `rules.sustain` and `rules.control_chart` alone.
"""

from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from assessments.report.fit_words import listed
from assessments.report.readings_words import limits_words, missing_words, run_length, target_of
from assessments.report.units import (
    aim_words,
    period_name,
    period_noun,
    periods_noun,
    periods_words,
    value_words,
)
from assessments.report.words import counted
from assessments.rules import trend
from assessments.rules.control_chart import ABOVE, MAY_MISS, UNKNOWN, WILL_MEET, WILL_MISS
from assessments.rules.sustain import HIGHER, LOWER, WITHIN

# Of the way from average to limit, a quarter of a standard deviation: so near, an average sits right on the target.
CLOSE = 1 / 12
NAMED = 3  # readings outside the limits, beyond which they are counted


def improved(outlook, chart, target, direction):
    """Did the process move for the better? None where it did not move, or neither way."""
    if outlook.moved is None:
        return None
    if direction == WITHIN:
        before, now = target.distance(chart.mean), target.distance(outlook.mean)
        return None if before == now else now < before
    return (outlook.mean > chart.mean) == (direction == HIGHER)


# ---- the finding ---------------------------------------------------------------------------------------------------------


def headline(judgement, chart, outlook, measure):
    """The one sentence that a reader who stops here should have read."""
    target = target_of(judgement)
    if not judgement.measured:
        window = periods_words(len(judgement.periods), measure.every)
        return _("Not measured: none of the last %(window)s has a reading.") % {"window": window}
    if target is None:
        if chart.stable:
            return _("Stable, but no target is set, so nothing can be met.")
        return _("No target is set, so nothing can be met.")
    words = _words(judgement, target, measure)
    if judgement.sustained:
        return _sustained(outlook) % words
    better = improved(outlook, chart, target, measure.direction)
    return {
        UNKNOWN: lambda: _too_few(judgement, target),
        WILL_MEET: lambda: _only_time(judgement, outlook, better, measure),
        MAY_MISS: lambda: _may_miss(judgement, chart, outlook, better),
        WILL_MISS: lambda: _will_miss(judgement, chart, better, target),
    }[outlook.kind]() % words


def _words(judgement, target, measure):
    """What the sentences name: the target, its wrong side, the periods."""
    aim = {"aim": aim_words(target, measure)}
    ranged = None not in (target.low, target.high)
    return aim | {
        "edge": (_("the edge of the %(aim)s target") if ranged else _("the %(aim)s target")) % aim,
        "wrong": _side(target, _("below"), _("above"), _("outside")),
        "last": period_name(judgement.last, measure.every),
        "met": judgement.met,
        "window": periods_words(judgement.rule.window, measure.every, figures=True),
        "period": period_noun(measure.every),
        "periods": periods_noun(measure.every),
        "reach": _side(
            target,
            _("will not reach %(aim)s"),
            _("will not come down to %(aim)s"),
            _("will not keep to %(aim)s"),
        )
        % aim,
    }


def _side(target, low, high, both):
    """The words for the side on which a value misses the target."""
    return low if target.high is None else high if target.low is None else both


def _sustained(outlook):
    if outlook.kind == UNKNOWN:
        return _("Sustained, with too few readings in a row to say whether it will last.")
    if outlook.kind == WILL_MISS:
        return _("Sustained so far, but the process as it is %(reach)s.")
    if _scattered(outlook):
        return _("Sustained, but some readings lie far from the rest: find out what was different then.")
    if outlook.kind == WILL_MEET:
        return _("Sustained and dependable: the process as it is will keep meeting the %(aim)s target.")
    return _(
        "Sustained, but with little room: normal swings can still carry single %(periods)s %(wrong)s the %(aim)s target."
    )


def _scattered(outlook):
    """Do single readings lie far out? Where the process moved they do, of an average that is none of its own."""
    return not outlook.settled and outlook.moved is None


def _too_few(judgement, target):
    if judgement.periods[-1].value is None:
        return _("%(last)s has no reading, and there are too few in a row to say what to expect.")
    if judgement.at_target:
        return _(
            "At target in %(last)s, but there are too few readings in a row to say whether it will last."
        )
    return _side(
        target,
        _("Below target, with too few readings in a row to say what to expect."),
        _("Above target, with too few readings in a row to say what to expect."),
        _("Outside the target range, with too few readings in a row to say what to expect."),
    )


def _only_time(judgement, outlook, better, measure):
    if judgement.missing:
        count = len(judgement.missing)
        return ngettext(
            "The process meets the %%(aim)s target, but %(count)s of the last %%(window)s has no reading.",
            "The process meets the %%(aim)s target, but %(count)s of the last %%(window)s have no reading.",
            count,
        ) % {"count": count}
    if _scattered(outlook):
        return _(
            "The process usually meets the %(aim)s target, but some readings lie far from the rest: find out what was "
            "different then."
        )
    wait = periods_words(judgement.wait, measure.every)
    if better:
        return _(
            "A real improvement: the process now meets the %%(aim)s target, and %(wait)s more will show it."
        ) % {"wait": wait}
    return _("The process meets the %%(aim)s target dependably, and %(wait)s more will show it.") % {
        "wait": wait
    }


def _may_miss(judgement, chart, outlook, better):
    target = target_of(judgement)
    ends = [end for end in (target.low, target.high) if end is not None]
    close = min(abs(outlook.mean - end) for end in ends) <= CLOSE * (chart.upper - chart.mean)
    if close and better:
        return _(
            "A real improvement, but not yet dependable: the new average sits right on %(edge)s, so %(periods)s "
            "%(wrong)s it will keep coming."
        )
    if close:
        return _decline(better) + _(
            "the average sits right on %(edge)s, so %(periods)s %(wrong)s it will keep coming."
        )
    if not target.meets(outlook.mean):
        return _average_misses(judgement, better)
    if better:
        return _(
            "A real improvement, but not yet dependable: the new average meets the %(aim)s target, but normal swings still "
            "carry single %(periods)s %(wrong)s it."
        )
    return _decline(better) + _(
        "the average meets the %(aim)s target, but normal swings carry single %(periods)s %(wrong)s it."
    )


def _decline(better):
    return _("A real decline: ") if better is False else _("Not dependable: ")


def _average_misses(judgement, better):
    if better:
        return _(
            "A real improvement, but not enough: the new average still misses the %(aim)s target, and only good %(periods)s "
            "meet it."
        )
    if better is False:
        return _(
            "A real decline: the average has moved away from the %(aim)s target, and only good %(periods)s meet it."
        )
    lead = _("Not dependable: ") if judgement.at_target else _("Not at target: ")
    return lead + _("the average misses %(aim)s, and only good %(periods)s meet it.")


def _will_miss(judgement, chart, better, target):
    if judgement.at_target:
        return _("%(last)s met the target, but the process as it usually runs %(reach)s.")
    if better:
        return _("A real improvement, but not enough: the process as it now is %(reach)s.")
    if better is False:
        return _("A real decline: the process as it now is %(reach)s.")
    short = _side(target, _("below target"), _("above target"), _("outside the target range"))
    stands = _("Stable but %(short)s") if chart.stable else "%(short)s"
    return capfirst(stands % {"short": short}) + _(": the process as it is %(reach)s.")


# ---- the evidence --------------------------------------------------------------------------------------------------------


def paragraph(judgement, outlook, series, measure):
    """Two or three sentences under the finding. `series` is the `report.series.Series` that the chart draws."""
    readings = {
        period: value
        for period, value in zip(series.periods, series.values, strict=True)
        if value is not None
    }
    if not readings:
        return _("No reading is entered yet. Enter the first, or the counts that it is worked out from.")
    sentences = [
        *_change(outlook, series, readings, measure),
        _trend_sentence(judgement, outlook, measure),
        missing_words(judgement, measure),
        _advice(judgement, outlook, measure),
    ]
    return " ".join(filter(None, sentences))


def _change(outlook, series, readings, measure):
    chart = series.chart
    if not chart.drawn:
        yield limits_words(chart, readings, measure)
        return
    if outlook.moved is not None:
        yield from _moved(outlook, series, readings, measure)
    elif chart.stable:
        lowest, highest = measure.edges(readings.values())
        yield _(
            "All %(count)s readings lie within the limits, from %(lower)s to %(upper)s: what differs between them can be "
            "chance, so no single %(period)s needs an explanation."
        ) % {
            "count": chart.readings,
            "lower": value_words(chart.lower if lowest is None else max(chart.lower, lowest), measure),
            "upper": value_words(chart.upper if highest is None else min(chart.upper, highest), measure),
            "period": period_noun(measure.every),
        }
    else:  # where it moved, an earlier run on the other side of the average says the same again
        for run in chart.runs:
            yield _past_run(run, chart, readings, measure)
    if chart.outside:
        yield _outside(chart, readings, measure)


def _moved(outlook, series, readings, measure):
    chart = series.chart
    run = next(run for run in chart.runs if run.first == outlook.moved)
    target = series.targets[-1]
    length = run_length(run, readings)
    yield (
        _("The last %(count)s readings all lie above the average of %(average)s.")
        if run.kind == ABOVE
        else _("The last %(count)s readings all lie below the average of %(average)s.")
    ) % {"count": counted(length), "average": value_words(chart.mean, measure, target)}
    yield _("That is a change in the process, not luck.")
    missed = sum(
        not (aim and aim.meets(value))
        for period, value, aim in zip(series.periods, series.values, series.targets, strict=True)
        if value is not None and run.covers(period)
    )
    words = {
        "since": period_name(run.first, measure.every),
        "average": value_words(outlook.mean, measure, target),
        "missed": counted(missed),
        "count": counted(length),
    }
    if missed == 0:
        yield _("Since %(since)s the average has been %(average)s, and all %(count)s met the target.") % words
    elif missed == length:
        yield (
            _("Since %(since)s the average has been %(average)s, and none of the %(count)s met the target.")
            % words
        )
    else:
        yield (
            _(
                "Since %(since)s the average has been %(average)s; %(missed)s of the %(count)s missed the target."
            )
            % words
        )


def _past_run(run, chart, readings, measure):
    words = {
        "count": capfirst(periods_words(run_length(run, readings), measure.every)),
        "average": value_words(chart.mean, measure),
        "first": period_name(run.first, measure.every),
        "last": period_name(run.last, measure.every),
    }
    if run.kind == ABOVE:
        return (
            _("%(count)s in a row lay above the average of %(average)s, from %(first)s to %(last)s.") % words
        )
    return _("%(count)s in a row lay below the average of %(average)s, from %(first)s to %(last)s.") % words


def _outside(chart, readings, measure):
    if len(chart.outside) > NAMED:
        words = {"count": capfirst(counted(len(chart.outside))), "all": chart.readings}
        return (
            _("%(count)s of %(all)s readings lie outside the limits: this has not been one steady process.")
            % words
        )
    names = [
        _("%(period)s (%(value)s)")
        % {
            "period": period_name(signal.first, measure.every),
            "value": value_words(readings[signal.first], measure),
        }
        for signal in chart.outside
    ]
    return ngettext(
        "%(names)s lies outside the limits: something was different then.",
        "%(names)s lie outside the limits: something was different then.",
        len(names),
    ) % {"names": listed(names)}


def _trend_sentence(judgement, outlook, measure):
    """A trend, unless a run has told of the change already."""
    if outlook.moved is not None:
        return ""
    words = {"count": judgement.trend.readings}
    if judgement.trend.kind == trend.IMPROVING:
        return _("The last %(count)s readings show a trend for the better.") % words
    if judgement.trend.kind == trend.WORSENING:
        return _("The last %(count)s readings show a trend for the worse.") % words
    return ""


def _advice(judgement, outlook, measure):
    """What to do next, where the figures say it."""
    if target_of(judgement) is None:
        return _("Set a target to judge it by.")
    if outlook.kind == MAY_MISS:
        move = {
            HIGHER: _("raise the average further"),
            LOWER: _("bring the average down further"),
            WITHIN: _("bring the average to the middle of the range"),
        }[measure.direction]
        start = _("To stay there") if judgement.sustained else _("To sustain the target")
        return _("%(start)s, %(move)s or narrow the swings.") % {"start": start, "move": move}
    if outlook.kind == WILL_MISS:
        return _("Only a change to the process will move it.")
    return ""
