"""Metrics: periods and months, the target in force when, what is due, and what the readings come to."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext

from assessments.models import Metric, Target
from assessments.models.metrics import judged_month, newest_month, shares_of
from assessments.months import month_number
from assessments.rules.results import Shares
from tests import factories
from tests.assessments.measured import NOON, OCTOBER, aim, at, enter, measured

KEYS = [f"pf3-thing-{place}" for place in (1, 2, 3, 4)]


@pytest.fixture(autouse=True)
def clock(time_machine):
    """`clock(date(2026, 12, 1))` moves to noon of that day; it is 20 November 2026 until then."""
    time_machine.move_to(NOON, tick=False)
    return lambda day: time_machine.move_to(at(day), tick=False)


@pytest.fixture
def metric(site):
    return factories.MetricFactory(site=site, name="Service level")


def judged(metric, day=None):
    (found,) = Metric.objects.filter(pk=metric.pk).judged(metric.site, day)
    return found


# ---- periods and rates ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("every", "day", "stands"),
    [
        (1, date(2026, 10, 31), date(2026, 10, 1)),
        (1, date(2027, 1, 1), date(2027, 1, 1)),
        (3, date(2026, 10, 1), date(2026, 12, 1)),
        (3, date(2026, 9, 30), date(2026, 9, 1)),
        (6, date(2026, 6, 30), date(2026, 6, 1)),
        (6, date(2026, 7, 1), date(2026, 12, 1)),
        (12, date(2026, 1, 1), date(2026, 12, 1)),
        (12, date(2026, 12, 31), date(2026, 12, 1)),
    ],
)
def test_a_reading_stands_in_the_last_month_of_its_period(every, day, stands):
    metric = Metric(every=every)
    assert metric.month_of(metric.period_of(day)) == stands


@pytest.mark.parametrize("every", [1, 3, 6, 12])
def test_every_month_lies_in_one_period_and_periods_follow_each_other(every):
    metric = Metric(every=every)
    periods = [metric.period_of(date(year, month, 1)) for year in (2025, 2026) for month in range(1, 13)]
    assert periods == sorted(periods)
    assert [periods.count(period) for period in range(periods[0], periods[-1] + 1)] == [every] * (24 // every)


@pytest.mark.parametrize(
    ("unit", "rate"),
    [("percent", 75), ("per-hundred", 75), ("per-thousand", 750), ("seconds", 0.75), ("money", 0.75)],
)
def test_a_rate_is_one_count_out_of_another_in_the_unit(unit, rate):
    assert Metric(unit=unit).worked_out(3, 4) == rate


@pytest.mark.parametrize(("numerator", "denominator"), [(3, 0), (0, 0), (3, None), (None, 4), (None, None)])
def test_there_is_no_rate_while_a_count_is_missing_or_nothing_was_counted(numerator, denominator):
    assert Metric().worked_out(numerator, denominator) is None


def test_none_out_of_some_is_a_rate_of_zero():
    assert Metric().worked_out(0, 4) == 0


# ---- targets ----------------------------------------------------------------------------------------------------


def test_each_month_is_judged_by_the_target_then_in_force(metric):
    aim(metric, 80, since=date(2026, 5, 1))
    aim(metric, 90, since=date(2026, 9, 1))
    enter(metric, 85, 85, 85, 85, 85, 85, 85)
    found = judged(metric)
    assert [period.met for period in found.judgement.periods] == [True, True, True, True, False, False]
    assert (found.target.low, found.level) == (90, 1)


def test_a_month_before_the_first_target_meets_nothing(metric):
    aim(metric, 80, since=date(2026, 9, 1))
    enter(metric, 99, 99, 99, 99, 99, 99)
    assert judged(metric).judgement.met == 2


def test_a_target_set_again_for_the_same_month_replaces_the_first(metric, alice, mark):
    aim(metric, 80, since=date(2026, 5, 1), by=alice)
    aim(metric, 70, since=date(2026, 6, 1), by=alice)
    metric.set_target(since=date(2026, 5, 28), low=85, rationale="The new contract", by=mark)
    first, second = metric.targets.all()
    assert (first.since, first.low, first.rationale, first.set_by) == (
        date(2026, 5, 1),
        85,
        "The new contract",
        mark,
    )
    assert (second.low, second.set_by) == (70, alice)


def test_an_open_end_replaces_what_was_there(metric, alice):
    aim(metric, 5, 10)
    aim(metric, high=9)
    target = metric.targets.get()
    assert (target.low, target.high) == (None, 9)


@pytest.mark.parametrize(
    ("low", "high", "sentence"),
    [
        (90, 80, "The range ends below where it begins."),
        (None, None, "Say which figure meets the target."),
    ],
)
def test_a_range_that_is_empty_or_the_wrong_way_round_is_refused(metric, low, high, sentence):
    with pytest.raises(ValidationError, match=sentence):
        aim(metric, low, high)
    assert not Target.objects.exists()


def test_a_range_of_one_figure_is_a_target(metric):
    aim(metric, 0, 0)
    assert metric.targets.get().as_rule().meets(0)


def test_a_target_that_begins_within_a_quarter_counts_from_that_quarter_on(site):
    metric = factories.MetricFactory(site=site, every=3)
    aim(metric, 80, since=date(2026, 8, 1))
    enter(metric, 85, 85, last=date(2026, 9, 1))
    assert [period.met for period in judged(metric).judgement.periods] == [False, True]


# ---- what is due ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("day", "due"),
    [
        (date(2026, 11, 1), "2026-09"),
        (date(2026, 11, 10), "2026-09"),
        (date(2026, 11, 11), "2026-10"),
        (date(2026, 12, 10), "2026-10"),
        (date(2027, 1, 11), "2026-12"),
    ],
)
def test_a_month_is_due_when_the_due_day_of_the_next_has_passed(metric, clock, day, due):
    clock(day)
    found = judged(metric)
    assert f"{metric.month_of(found.due):%Y-%m}" == due
    assert found.last == found.due, "without a reading nothing later is judged"
    assert judged_month(metric.site, day) == metric.month_of(found.due)


def test_the_day_is_the_one_at_the_site(metric, site, time_machine):
    site.time_zone = "Pacific/Auckland"
    time_machine.move_to("2026-11-10T11:30Z", tick=False)  # the 11th there
    assert metric.month_of(judged(metric).due) == OCTOBER


def test_a_month_that_is_over_and_has_its_reading_is_judged_before_it_is_due(metric, clock):
    clock(date(2026, 11, 1))
    enter(metric, 85)
    found = judged(metric)
    assert (metric.month_of(found.due), metric.month_of(found.last)) == (date(2026, 9, 1), OCTOBER)


def test_the_month_that_runs_is_not_judged_though_it_has_a_reading(metric):
    enter(metric, 85, 70, last=date(2026, 11, 1))  # as when the site's time zone was changed
    found = judged(metric)
    assert metric.month_of(found.last) == OCTOBER
    assert found.judgement.latest.value == 85


def test_a_note_without_a_figure_is_no_reading_to_judge(metric, clock):
    clock(date(2026, 11, 1))
    metric.readings.create(month=OCTOBER, note="The system was down")
    found = judged(metric)
    assert (metric.month_of(found.last), found.values) == (date(2026, 9, 1), {})
    assert found.readings[month_number(OCTOBER)].note == "The system was down"


@pytest.mark.parametrize(
    ("every", "day", "due"),
    [
        (3, date(2026, 10, 10), "2026-06"),
        (3, date(2026, 10, 11), "2026-09"),
        (3, date(2026, 12, 31), "2026-09"),
        (6, date(2026, 7, 10), "2025-12"),
        (6, date(2026, 7, 11), "2026-06"),
        (12, date(2027, 1, 10), "2025-12"),
        (12, date(2027, 1, 11), "2026-12"),
    ],
)
def test_what_is_measured_more_rarely_is_due_after_its_last_month(site, every, day, due):
    metric = factories.MetricFactory(site=site, every=every)
    assert f"{metric.month_of(judged(metric, day).due):%Y-%m}" == due


def test_a_survey_of_this_quarter_counts_as_soon_as_it_is_entered(site):
    metric = factories.MetricFactory(site=site, every=3)
    aim(metric, 80)
    enter(metric, 85, 90, last=date(2026, 12, 1))
    found = judged(metric)
    assert (metric.month_of(found.due), metric.month_of(found.last)) == (date(2026, 9, 1), date(2026, 12, 1))
    assert (found.judgement.met, found.level) == (2, 3)


def test_the_newest_month_to_enter_is_the_last_that_is_over():
    assert newest_month(date(2026, 11, 1)) == OCTOBER
    assert newest_month(date(2027, 1, 31)) == date(2026, 12, 1)


# ---- what the readings come to ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("values", "level"),
    [
        ([], 0),
        ([85, None, None, None, None, None, None], 0),
        ([70, 70, 70, 70, 70, 70], 1),
        ([85, 85, 85, None, 85, None], 1),
        ([60, 60, 60, 70, 70, 70], 2),
        ([70, 70, 70, 70, 70, 85], 2),
        ([85, 85, 85, None, 85, 85], 3),
        ([85, 85, 85, 85, 85, 70], 3),
    ],
)
def test_the_level_follows_from_the_last_six_months(site, values, level):
    assert judged(measured(site, *values)).level == level


def test_the_rule_of_the_site_decides_how_many_months_make_it_sustained(site):
    metric = measured(site, 70, 85, 85)
    site.months_needed, site.months_window = 2, 3
    assert judged(metric).level == 3
    site.months_needed = 3
    assert judged(metric).level == 2


def test_a_chart_shows_two_years_and_begins_with_the_first_reading_in_them(metric):
    enter(metric, *range(30))
    periods, values = judged(metric).charted
    assert (len(periods), len(values), values[periods[0]]) == (24, 24, 6)
    metric.readings.filter(month__lt=date(2026, 6, 1)).delete()
    periods, values = judged(metric).charted
    assert (len(periods), min(values)) == (5, periods[0])


def test_of_several_metrics_the_worst_decides_and_of_equals_the_first(site):
    good = measured(site, *[85] * 6, shows=KEYS[:2])
    bad = measured(site, *[70] * 6, shows=KEYS[:1])
    measured(site, *[70] * 6, shows=KEYS[:1])
    shown = Metric.objects.levels_shown(site)
    assert {key: found.level for key, found in shown.items()} == {KEYS[0]: 1, KEYS[1]: 3}
    assert (shown[KEYS[0]].decisive.metric, shown[KEYS[1]].decisive.metric) == (bad, good)


def test_metrics_archived_or_of_another_site_show_nothing(site, acme):
    measured(site, 85, shows=KEYS[:1], archived_at=NOON)
    measured(factories.SiteFactory(organisation=acme), 85, shows=KEYS[:1])
    assert Metric.objects.levels_shown(site) == {}


@pytest.mark.parametrize("count", [1, 60])
def test_judging_takes_three_queries_however_many_metrics(site, alice, count):
    for _number in range(count):
        measured(site, 70, 85, 85, owner=alice, shows=KEYS)
    with CaptureQueriesContext(connection) as captured:
        for found in Metric.objects.in_use().judged(site):
            assert (found.level, found.target.low, found.metric.owner.name) == (2, 80, "Alice")
            assert [found.chart.drawn, found.metric.site] == [False, site]
    assert len(captured) == 3


# ---- shares of an assessment ------------------------------------------------------------------------------------


@pytest.fixture
def shares(site, assessment):
    """`shares()` of the assessment as it is stored now."""

    def now():
        assessment.follow_metrics()
        return shares_of(assessment.sheet(), Metric.objects.in_use().judged(site))

    return now


def test_without_metrics_the_answers_to_results_count(assessment, shares):
    factories.answer(assessment, PR1="3333", PF3="0123")
    assert shares() == Shares(all=4, measured=3, at_target=1, reached=2, sustained=1)


def test_what_does_not_apply_leaves_and_what_is_open_or_not_known_is_missed(assessment, shares):
    factories.answer(assessment, PF3="-?.3")
    assert shares() == Shares(all=3, measured=1, at_target=1, reached=1, sustained=1)


def test_a_metric_counts_once_however_many_requirements_it_shows(site, assessment, shares):
    factories.answer(assessment, PF3="...1")
    measured(site, *[85] * 6, shows=KEYS[:3])
    assert shares() == Shares(all=2, measured=2, at_target=1, reached=1, sustained=1)


def test_two_metrics_behind_one_requirement_count_as_two(site, assessment, shares):
    factories.answer(assessment, PF3="----")
    measured(site, *[85] * 6, shows=KEYS[:1])
    measured(site, *[70] * 6, shows=KEYS[:1])
    assert shares() == Shares(all=2, measured=2, at_target=1, reached=1, sustained=1)


def test_a_metric_that_shows_nothing_asked_here_does_not_count(site, assessment, shares):
    factories.answer(assessment, PF3="----")
    measured(site, *[85] * 6, shows=["asked-elsewhere"])
    measured(site, *[85] * 6, shows=[])
    assert shares() == Shares()


def test_a_requirement_that_was_overruled_counts_by_its_own_level(site, assessment, shares, alice):
    measured(site, *[70] * 6, shows=KEYS[:1])
    factories.answer(assessment, PF3=".---")
    assert shares() == Shares(all=1, measured=1)
    answer = assessment.answers.get(requirement__key=KEYS[0])
    answer.overrule("3", "Counted wrongly", by=alice, version=answer.version)
    assert shares() == Shares(all=1, measured=1, at_target=1, reached=1, sustained=1)
    answer.overrule(
        "na", "Not ours", by=alice, version=answer.version, reason="other", reason_text="Not ours"
    )
    assert shares() == Shares()


def test_a_metric_stays_while_one_of_its_requirements_follows_it(site, assessment, shares, alice):
    measured(site, *[70] * 6, shows=KEYS[:2])
    factories.answer(assessment, PF3="..--")
    shares()
    answer = assessment.answers.get(requirement__key=KEYS[0])
    answer.overrule("3", "Counted wrongly", by=alice, version=answer.version)
    assert shares() == Shares(all=2, measured=2, at_target=1, reached=1, sustained=1)
