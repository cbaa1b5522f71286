import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessments.rules import trend
from assessments.rules.sustain import HIGHER, LOWER, WITHIN, Rule, Target, judge, target_at

EIGHTY = (Target(0, low=80),)
RULE = Rule(5, 6)


def series(values, start=0):
    """A None among `values` is a month without a reading."""
    return {number: value for number, value in enumerate(values, start=start) if value is not None}


def judged(values, targets=EIGHTY, rule=RULE, direction=HIGHER, last=None):
    return judge(series(values), targets, rule, len(values) - 1 if last is None else last, direction)


def test_the_months_of_the_picture_are_met_in_four_of_six_and_need_one_more():
    found = judged([80.6, 79.8, 81.7, 79.4, 82.3, 80.9, 78.9, 81.2])
    assert [period.met for period in found.periods] == [True, False, True, True, False, True]
    assert (found.met, found.sustained, found.at_target, found.missing) == (4, False, True, ())
    assert found.wait == 2  # the next drops a month that was met, the one after it the missed June


def test_a_missing_month_counts_as_not_met_and_is_named():
    found = judged([81, 81, 81, None, 81, 81, None])
    assert found.met == 4
    assert found.missing == (3, 6)
    assert found.latest.number == 5
    assert not found.at_target


def test_sustained_since_is_the_month_from_which_the_rule_has_held_without_a_break():
    found = judged([81, 81, 81, 70, 70, 81, 81, 81, 81, 81])
    assert found.sustained
    assert found.since == 9
    assert judged([81] * 4 + [70] + [81] * 5).since == 5  # one miss in six is what the rule forgives
    assert judged([81] * 4).since is None


def test_each_month_is_judged_by_the_target_then_in_force():
    targets = (Target(0, low=75), Target(4, low=80))
    found = judged([76, 76, 76, 76, 76, 81], targets)
    assert [period.met for period in found.periods] == [True, True, True, True, False, True]
    assert target_at(targets, 3).low == 75
    assert target_at(targets, 4).low == 80
    assert target_at(targets, -1) is None


def test_a_month_before_the_first_target_is_not_met():
    found = judged([90] * 6, (Target(5, low=80),))
    assert found.met == 1
    assert found.wait == 4


def test_without_a_target_there_is_nothing_to_wait_for():
    found = judged([90] * 6, ())
    assert (found.met, found.wait, found.earliest, found.in_time_for(99)) == (0, None, None, None)


@pytest.mark.parametrize(
    ("target", "value", "met"),
    [
        (Target(0, low=80), 80.0, True),
        (Target(0, low=80), 79.96, False),  # what a page may round to 80.0
        (Target(0, low=80), 100 * (0.1 + 0.2 + 0.5), True),  # 80.00000000000001 or 79.99999999999999
        (Target(0, high=5), 5.0, True),
        (Target(0, high=5), 5.01, False),
        (Target(0, low=280, high=320), 300, True),
        (Target(0, low=280, high=320), 340, False),
    ],
)
def test_a_target_is_met_on_its_very_value(target, value, met):
    assert target.meets(value) is met


@pytest.mark.parametrize(
    ("values", "direction", "targets", "better"),
    [
        ([70, 70, 70, 71, 71, 71], HIGHER, EIGHTY, True),
        ([71, 71, 71, 70, 70, 70], HIGHER, EIGHTY, False),
        ([7, 7, 7, 6, 6, 6], LOWER, (Target(0, high=5),), True),
        ([70, 70, 70, 70, 70, 70], HIGHER, EIGHTY, False),
        ([70, None, 70, 71, 71, 71], HIGHER, EIGHTY, None),
        ([340, 340, 340, 310, 330, 300], WITHIN, (Target(0, low=280, high=320),), True),
        ([290, 300, 310, 300, 290, 310], WITHIN, (Target(0, low=280, high=320),), False),
    ],
)
def test_better_compares_the_last_three_months_with_the_three_before(values, direction, targets, better):
    assert judged(values, targets, direction=direction).better is better


def test_less_is_an_improvement_where_low_is_good():
    assert judged([9, 8, 7, 6, 5, 4], (Target(0, high=5),), direction=LOWER).trend.kind == trend.IMPROVING
    assert judged([9, 8, 7, 6, 5, 4]).trend.kind == trend.WORSENING


@pytest.mark.parametrize(("months", "rule"), [(1, RULE), (3, Rule(2, 2)), (6, Rule(2, 2)), (12, Rule(2, 2))])
def test_a_metric_measured_more_rarely_is_judged_by_at_least_two_rounds(months, rule):
    assert RULE.for_rounds_of(months) == rule


def test_in_time_means_before_the_audit_begins():
    found = judged([70, 81, 81, 81, 81])  # month 4; one more month that is met makes it five of six
    assert found.earliest == 5
    assert found.in_time_for(6) is True
    assert found.in_time_for(5) is False


def test_readings_after_the_last_month_are_not_looked_at():
    assert judge(series([81] * 9), EIGHTY, RULE, 5, HIGHER) == judged([81] * 6)


rules = st.integers(1, 12).flatmap(lambda window: st.builds(Rule, st.integers(1, window), st.just(window)))
months = st.lists(st.one_of(st.none(), st.integers(0, 100)), min_size=1, max_size=18)


@given(months, rules, st.integers(0, 17), st.integers(1, 100))
def test_a_better_month_never_worsens_met_n_of_m(values, rule, place, gain):
    place %= len(values)
    raised = list(values)
    raised[place] = gain if raised[place] is None else raised[place] + gain
    before, after = judged(values, rule=rule), judged(raised, rule=rule)
    assert after.met >= before.met
    assert after.wait <= before.wait
    assert after.sustained >= before.sustained


@given(months, rules, st.integers(-1000, 1000))
def test_shifting_readings_and_target_together_changes_no_judgement(values, rule, shift):
    moved = [None if value is None else value + shift for value in values]
    here, there = judged(values, rule=rule), judged(moved, (Target(0, low=80 + shift),), rule=rule)
    for name in ("met", "missing", "sustained", "since", "wait", "better", "trend", "at_target"):
        assert getattr(there, name) == getattr(here, name)


@given(months, rules)
def test_waiting_as_long_as_said_makes_it_sustained_and_a_month_less_does_not(values, rule):
    found = judged(values, rule=rule)
    later = judged([*values, *[100] * found.wait], rule=rule)
    assert later.sustained
    if found.wait:
        assert not judged([*values, *[100] * (found.wait - 1)], rule=rule).sustained


@given(months, rules)
def test_higher_is_better_is_lower_is_better_upside_down(values, rule):
    turned = [None if value is None else -value for value in values]
    here = judged(values, rule=rule)
    there = judged(turned, (Target(0, high=-80),), rule=rule, direction=LOWER)
    assert (there.met, there.wait, there.since, there.better, there.trend) == (
        here.met,
        here.wait,
        here.since,
        here.better,
        here.trend,
    )
