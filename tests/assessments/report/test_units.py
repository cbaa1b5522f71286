"""Figures carry their unit, and no print of one ever crosses its target."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessments.report import units
from assessments.report.units import Measure
from assessments.rules.sustain import Target

FIFTH = Target(0, low=80)


@pytest.mark.parametrize(
    ("value", "measure", "words"),
    [
        (81.24, Measure(), "81.2%"),
        (0, Measure(), "0.0%"),
        (-0.04, Measure(), "0.0%"),
        (-5.2, Measure(), "−5.2%"),
        (None, Measure(), "–"),
        (19.4, Measure("seconds", 0), "19 s"),
        (4.5, Measure("minutes"), "4.5 min"),
        (3, Measure("hours", 0), "3 h"),
        (1, Measure("days", 0), "1 day"),
        (1.4, Measure("days"), "1.4 days"),
        (1234567.8, Measure("count", 0), "1,234,568"),
        (4.8, Measure("money", 2, currency="£"), "£4.80"),
        (-4.8, Measure("money", 2, currency="£"), "−£4.80"),
        (1234.5, Measure("money", 2, currency="EUR"), "EUR 1,234.50"),
        (3.1, Measure("per-hundred"), "3.1 per 100"),
        (1.7, Measure("per-thousand"), "1.7 per 1,000"),
        (4.25, Measure("score", 2), "4.25"),
        (0.85, Measure("ratio", 2), "0.85"),
    ],
)
def test_a_value_is_printed_with_its_unit_and_never_broken_over_two_lines(value, measure, words):
    assert units.value_words(value, measure).replace("\u00a0", " ") == words
    assert " " not in units.value_words(value, measure)


@pytest.mark.parametrize(
    ("value", "target", "words"),
    [
        (79.96, FIFTH, "79.96%"),
        (79.996, FIFTH, "79.996%"),
        (80.0, FIFTH, "80.0%"),
        (79.94, FIFTH, "79.9%"),
        (5.04, Target(0, high=5), "5.04%"),
        (80.04, Target(0, low=80.04), "80.04%"),  # printed as 80.0 it would seem to have missed
        (80.02, Target(0, low=80.04), "80.0%"),
        (319.96, Target(0, low=280, high=320), "320.0%"),
        (320.04, Target(0, low=280, high=320), "320.04%"),
    ],
)
def test_a_value_gets_the_decimals_that_tell_met_from_missed(value, target, words):
    assert units.value_words(value, Measure(), target) == words


@given(st.floats(-1e4, 1e4), st.integers(-1000, 1000).map(lambda tenths: tenths / 10), st.integers(0, 3))
def test_what_is_printed_is_on_the_side_of_the_target_where_the_value_is(value, bound, decimals):
    target = Target(0, low=bound)
    printed = units.value_words(value, Measure("score", decimals), target)
    shown = float(printed.replace(",", "").replace("−", "-"))
    assert target.meets(shown) == target.meets(value)


@pytest.mark.parametrize(
    ("target", "measure", "words", "aim"),
    [
        (FIFTH, Measure(), "at least 80%", "80%"),
        (Target(0, high=5.5), Measure(), "at most 5.5%", "5.5%"),
        (Target(0, low=280, high=320), Measure("seconds", 0), "280 to 320 s", "280 to 320 s"),
        (Target(0, low=4, high=5), Measure("money", 2, currency="£"), "£4.00 to £5.00", "£4.00 to £5.00"),
        (Target(0, high=5.2), Measure("money", 2, currency="£"), "at most £5.20", "£5.20"),
        (Target(0, high=5.255), Measure("money", 2, currency="£"), "at most £5.255", "£5.255"),
        (Target(0, low=100, high=100), Measure(), "exactly 100%", "100%"),
        (Target(0, low=0), Measure(), "at least 0%", "0%"),
        (Target(0, high=0), Measure(), "at most 0%", "0%"),
    ],
)
def test_a_target_is_printed_as_it_was_set(target, measure, words, aim):
    assert units.target_words(target, measure).replace("\u00a0", " ") == words
    assert units.aim_words(target, measure).replace("\u00a0", " ") == aim


def test_no_target_is_said_to_be_none():
    assert units.target_words(None, Measure()) == "no target"


@pytest.mark.parametrize(
    ("period", "every", "name", "label"),
    [
        (2026 * 12 + 9, 1, "October 2026", ("Oct", "2026")),
        (2026 * 4 + 2, 3, "Q3 2026", ("Q3", "2026")),
        (2026 * 2, 6, "first half 2026", ("H1", "2026")),
        (2026 * 2 + 1, 6, "second half 2026", ("H2", "2026")),
        (2026, 12, "2026", ("2026", "")),
    ],
)
def test_periods_have_the_names_people_use(period, every, name, label):
    assert units.period_name(period, every) == name
    assert units.period_label(period, every) == label


def test_the_axis_names_a_year_where_it_begins_and_the_first():
    start = 2025 * 12 + 10
    assert units.axis_labels(range(start, start + 4), 1) == (
        ("Nov", "2025"),
        ("Dec", ""),
        ("Jan", "2026"),
        ("Feb", ""),
    )
    assert units.axis_labels(range(2026 * 4 + 3, 2027 * 4 + 1), 3) == (("Q4", "2026"), ("Q1", "2027"))
    assert units.axis_labels([2025, 2026], 12) == (("2025", ""), ("2026", ""))


@pytest.mark.parametrize("every", [1, 3, 6, 12])
def test_one_period_is_singular_and_more_are_plural(every):
    one, two = units.periods_words(1, every), units.periods_words(2, every)
    assert one == f"one {units.period_noun(every)}"
    assert two == f"two {units.periods_noun(every)}"
    assert units.periods_words(6, every, figures=True) == f"6 {units.periods_noun(every)}"


@pytest.mark.parametrize(
    ("measure", "values", "edges"),
    [
        (Measure(), [80, 90], (0, 100)),
        (Measure(), [], (0, 100)),
        (Measure(), [-3, 104], (None, None)),  # a growth rate, an occupancy above all
        (Measure("seconds"), [3], (0, None)),
        (Measure("money"), [3], (None, None)),
        (Measure("score"), [3], (None, None)),
    ],
)
def test_only_what_no_reading_shows_to_be_possible_is_an_edge(measure, values, edges):
    assert measure.edges(values) == edges


def test_a_number_is_printed_with_a_real_minus():
    assert not re.search("-", units.number(-1234.5, 1))
    assert units.number(-1234.5, 1) == "−1,234.5"
