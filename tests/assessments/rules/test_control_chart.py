"""Limits against two worked examples that anybody can look up, and the laws that hold for every series."""

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from assessments.rules.control_chart import (
    ABOVE,
    BELOW,
    MAY_MISS,
    OUTSIDE,
    UNKNOWN,
    WILL_MEET,
    WILL_MISS,
    Outlook,
    Signal,
    chart,
    outlook,
)
from assessments.rules.sustain import Target

# NIST/SEMATECH e-Handbook of Statistical Methods, 6.3.2.2 Individuals Control Charts: batches of a flow rate.
NIST = [49.6, 47.6, 49.9, 51.3, 47.8, 51.2, 52.6, 52.4, 53.6, 52.1]
# Montgomery, Introduction to Statistical Quality Control, example on viscosity of aircraft primer paint.
VISCOSITY = [
    33.75, 33.05, 34.00, 33.81, 33.46, 34.02, 33.68, 33.27, 33.49, 33.20, 33.62, 33.00, 33.54, 33.12, 33.84,
]  # fmt: skip

numbers = st.lists(st.integers(0, 1000), min_size=6, max_size=24)


def series(values, start=0):
    return dict(enumerate(values, start=start))


def test_the_flow_rates_of_the_handbook_have_the_limits_printed_there():
    found = chart(series(NIST))
    assert found.mean == pytest.approx(50.81)
    assert found.range_mean == pytest.approx(1.8778, abs=1e-4)
    assert found.upper == pytest.approx(55.8041, abs=1e-4)
    assert found.lower == pytest.approx(45.8159, abs=1e-4)
    assert found.stable
    assert found.provisional


def test_the_viscosity_of_the_textbook_has_the_limits_printed_there():
    found = chart(series(VISCOSITY))
    assert found.mean == pytest.approx(33.52, abs=0.005)
    assert found.range_mean == pytest.approx(0.48, abs=0.005)
    assert found.upper == pytest.approx(34.80, abs=0.01)
    assert found.lower == pytest.approx(32.24, abs=0.01)
    assert found.range_upper == pytest.approx(1.57, abs=0.01)
    assert found.stable
    assert not found.provisional


def test_a_point_far_away_is_outside_the_limits():
    values = [80, 81, 80, 79, 80, 81, 80, 79, 80, 60, 80, 81]
    assert chart(series(values)).outside == (Signal(OUTSIDE, 9, 9),)


@pytest.mark.parametrize(
    ("values", "runs"),
    [
        ([70, 72] * 4 + [80, 82] * 4, (Signal(BELOW, 0, 7), Signal(ABOVE, 8, 15))),
        ([70, 72] * 4 + [80, 82] * 3 + [80], (Signal(BELOW, 0, 7),)),  # seven are not eight
        ([75] * 20, ()),  # on the mean itself is on neither side
    ],
)
def test_a_run_is_eight_on_one_side(values, runs):
    assert chart(series(values)).runs == runs


def test_a_missing_month_gives_no_range_and_does_not_end_a_run():
    readings = series([70, 72] * 4 + [80, 82] * 4)
    del readings[11]
    found = chart(readings)
    assert {number for number, _ in found.ranges} == {*range(1, 11), *range(13, 16)}
    readings[16] = 81
    assert chart(readings).runs[-1] == Signal(ABOVE, 8, 16)


@pytest.mark.parametrize("values", [{}, series([1, 2, 3, 4, 5]), {n: n for n in range(0, 20, 2)}])
def test_too_few_neighbouring_readings_give_no_limits(values):
    found = chart(values)
    assert not found.drawn
    assert not found.stable
    assert found.signals == ()
    assert outlook(values, found, Target(0, low=1)) == Outlook(UNKNOWN)


@given(numbers, st.integers(-500, 500))
def test_shifting_all_data_shifts_the_limits_and_nothing_else(values, shift):
    here, there = chart(series(values)), chart(series([value + shift for value in values]))
    assert there.signals == here.signals
    for name in ("mean", "lower", "upper"):
        assert getattr(there, name) == pytest.approx(getattr(here, name) + shift)
    target, moved = Target(0, low=500), Target(0, low=500 + shift)
    assume(here.lower != 500 != here.upper)
    assert (
        outlook(series(values), here, target).kind
        == outlook(series([value + shift for value in values]), there, moved).kind
    )


@given(numbers)
def test_turning_a_series_upside_down_turns_its_signals_with_it(values):
    turned = {OUTSIDE: OUTSIDE, ABOVE: BELOW, BELOW: ABOVE}
    here, there = chart(series(values)), chart(series([-value for value in values]))
    assert [(turned[s.kind], s.first, s.last) for s in here.signals] == [
        (s.kind, s.first, s.last) for s in there.signals
    ]


@given(numbers)
def test_the_limits_lie_as_far_above_the_mean_as_below(values):
    found = chart(series(values))
    assert found.upper - found.mean == pytest.approx(found.mean - found.lower)
    assert found.lower <= found.mean <= found.upper


@pytest.mark.parametrize(
    ("values", "low", "kind"),
    [
        ([84, 86] * 6, 79, WILL_MEET),
        ([79, 81] * 6, 80, MAY_MISS),
        ([70, 72] * 6, 80, WILL_MISS),
        (
            [70, 72] * 4 + [84, 86] * 4,
            80,
            MAY_MISS,
        ),  # it moved: judged by where it runs now, swings as before
    ],
)
def test_the_outlook_compares_the_swings_with_the_target(values, low, kind):
    readings = series(values)
    assert outlook(readings, chart(readings), Target(0, low=low)).kind == kind


def test_after_a_run_to_the_end_the_outlook_knows_where_and_since_when():
    readings = series([70, 72] * 4 + [84, 86] * 4)
    found = outlook(readings, chart(readings), Target(0, low=80))
    assert (found.moved, found.mean) == (8, 85)
    assert outlook(series([84, 86] * 6), chart(series([84, 86] * 6)), Target(0, low=80)).moved is None


def test_a_value_outside_the_limits_leaves_the_outlook_unsettled():
    readings = series([80, 81, 80, 79, 80, 81, 80, 79, 80, 60, 80, 81])
    assert outlook(readings, chart(readings), Target(0, low=75)).settled is False


def test_a_limit_above_is_met_from_below_and_a_range_from_within():
    low = series([3, 4] * 6)
    assert outlook(low, chart(low), Target(0, high=10)).kind == WILL_MEET
    assert outlook(low, chart(low), Target(0, low=0, high=10)).kind == WILL_MEET
    assert outlook(low, chart(low), Target(0, low=20, high=30)).kind == WILL_MISS
