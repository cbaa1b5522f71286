"""Every sentence about the readings of a metric, for readings worked out by hand."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assessments.report import readings_words as words
from assessments.report.units import Measure
from assessments.rules.control_chart import ABOVE, BELOW, OUTSIDE, Signal
from assessments.rules.sustain import LOWER, WITHIN, Rule, Target
from tests.assessments.report.drawn_series import EIGHTY, OCTOBER, PICTURE
from tests.assessments.report.spoken_series import Metric

RANGE = (Target(0, low=280, high=320),)
SECONDS = Measure("seconds", 0, WITHIN)
QUARTERS, YEARS = Measure(every=3), Measure(every=12)
MET, MISSED = 81, 79


def said(sentence, metric, *args):
    return sentence(metric.judgement, *args, metric.measure).replace("\u00a0", " ")


# ---- met, missing, waiting ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("metric", "sentence"),
    [
        (Metric(PICTURE), "Met in 4 of the last 6 months. Sustained needs 5."),
        (Metric([MET] * 6), "Met in 6 of the last 6 months. Sustained since September 2026."),
        (Metric([]), "Met in 0 of the last 6 months. Sustained needs 5."),
        (Metric([MET] * 6, ()), "No target was in force in the last 6 months."),
        (
            Metric([MET, MISSED], measure=QUARTERS, last=2026 * 4 + 2),
            "Met in 1 of the last 2 quarters. Sustained needs 2.",
        ),
        (Metric([MET, MET], measure=YEARS, last=2026), "Met in 2 of the last 2 years. Sustained since 2026."),
    ],
)
def test_how_often_it_was_met_and_what_sustained_takes(metric, sentence):
    assert said(words.met_words, metric) == sentence


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ([MET] * 6, ""),
        ([MET, MET, None, MET, MET, MET], "July 2026 has no reading; a month without one counts as missed."),
        (
            [MET, None, MET, MET, MET, None],
            "June 2026 and October 2026 have no reading; a month without one counts as missed.",
        ),
        (
            [None, MET, None, None, None, MET],
            "May 2026 and July 2026 to September 2026 have no reading; a month without one counts as missed.",
        ),
        ([MET] + [None] * 6, "None of the last six months has a reading."),
    ],
)
def test_months_without_a_reading_are_named(values, sentence):
    assert said(words.missing_words, Metric(values)) == sentence


@pytest.mark.parametrize(
    ("metric", "sentence"),
    [
        (Metric([MET] * 6), "Sustained since September 2026."),
        (Metric(PICTURE), "2 more months at target until sustained: December 2026 at the earliest."),
        (
            Metric([MET] * 4 + [MISSED] * 2, rule=Rule(4, 5)),
            "4 more months at target until sustained: February 2027 at the earliest.",
        ),
        (
            Metric([MISSED] + [MET] * 4),
            "1 more month at target until sustained: November 2026 at the earliest.",
        ),
        (Metric([MET] * 6, ()), "Without a target nothing can be sustained."),
        (
            Metric([MISSED, MET], measure=QUARTERS, last=2026 * 4 + 2),
            "1 more quarter at target until sustained: Q4 2026 at the earliest.",
        ),
        (
            Metric([MISSED] * 2, measure=Measure(every=6), last=2026 * 2),
            "2 more half-years at target until sustained: first half 2027 at the earliest.",
        ),
        (
            Metric([MISSED] * 2, measure=YEARS, last=2026),
            "2 more years at target until sustained: 2028 at the earliest.",
        ),
    ],
)
def test_how_long_it_takes_until_sustained(metric, sentence):
    assert said(words.wait_words, metric) == sentence


@pytest.mark.parametrize(
    ("metric", "audit", "sentence"),
    [
        (Metric(PICTURE), None, ""),
        (
            Metric([MET] * 6),
            OCTOBER + 12,
            "Sustained now; it has to stay so until the audit in October 2027.",
        ),
        (
            Metric(PICTURE),
            OCTOBER + 3,
            "In time for the audit in January 2027: sustained in December 2026 at the earliest.",
        ),
        (
            Metric(PICTURE),
            OCTOBER + 2,
            "Too late for the audit in December 2026: sustained in December 2026 at the earliest.",
        ),
        (
            Metric([MET], ()),
            OCTOBER + 12,
            "Without a target it cannot be sustained by the audit in October 2027.",
        ),
        (
            Metric([MISSED, MET], measure=QUARTERS, last=2026 * 4 + 2),
            2027 * 12,
            "In time for the audit in January 2027: sustained in Q4 2026 at the earliest.",
        ),
        (
            Metric([MISSED, MET], measure=QUARTERS, last=2026 * 4 + 2),
            2026 * 12 + 10,
            "Too late for the audit in November 2026: sustained in Q4 2026 at the earliest.",
        ),
    ],
)
def test_whether_that_is_before_the_audit(metric, audit, sentence):
    assert said(words.audit_words, metric, audit) == sentence


# ---- trend, signals, limits ---------------------------------------------------------------------------------------------

RULE = "A trend is called where at most 5 would."


@pytest.mark.parametrize(
    ("metric", "sentence"),
    [
        (
            Metric([70, 71, 72, 73, 74, 75]),
            "Improving over the last 6 readings: fewer than 1 in 100 random orders of them would point one way as "
            f"clearly. {RULE}",
        ),
        (
            Metric(PICTURE),
            f"Improving over the last 12 readings: 2 in 100 random orders of them would point one way as clearly. {RULE}",
        ),
        (
            Metric([5, 6, 7, 8, 9, 10], (Target(0, high=5),), Measure(direction=LOWER)),
            "Getting worse over the last 6 readings: fewer than 1 in 100 random orders of them would point one way as "
            f"clearly. {RULE}",
        ),
        (
            Metric([70, 72, 71, 70, 72, 71]),
            "No trend in the last 6 readings: 100 in 100 random orders of them would point one way at least as clearly. "
            f"{RULE}",
        ),
        (Metric([70, 71]), "Too few readings for a trend: 2 in the last 12 months, and it takes 6."),
        (
            Metric([300] * 6, (), SECONDS),
            "Without a target range better and worse cannot be told apart, so no trend is worked out.",
        ),
        (
            Metric([70], measure=QUARTERS, last=2026 * 4),
            "Too few readings for a trend: 1 in the last 12 quarters, and it takes 6.",
        ),
    ],
)
def test_a_trend_is_said_with_its_rule(metric, sentence):
    assert said(words.trend_words, metric) == sentence


@given(st.lists(st.integers(60, 90), min_size=6, max_size=12))
def test_the_chance_that_is_printed_agrees_with_what_is_called(values):
    found = said(words.trend_words, Metric(values))
    printed = re.search(r"(\d+) in 100", found)
    assert (int(printed[1]) <= 5) == (not found.startswith("No trend"))


@pytest.mark.parametrize(
    ("signal", "sentence", "short"),
    [
        (Signal(OUTSIDE, 3, 3), "66.2%, outside the limits", "66.2%"),
        (Signal(ABOVE, 0, 8), "Eight months in a row above average", "8 above average"),
        (Signal(BELOW, 0, 8), "Eight months in a row below average", "8 below average"),
    ],
)
def test_a_signal_is_named_and_a_gap_in_a_run_is_not_counted(signal, sentence, short):
    readings = {number: 66.2 for number in range(9) if number != 5}
    assert words.signal_words(signal, readings, Measure()) == sentence
    assert words.signal_words(signal, readings, Measure(), short=True) == short


LIMITS = (
    "Limits are the average plus and minus 2.66 times the average moving range of {}, which is how far one reading is from "
    "the one before."
)
PROVISIONAL = "They are provisional: with {} readings each new one still moves them; from 12 on hardly."


@pytest.mark.parametrize(
    ("metric", "sentence"),
    [
        (Metric(PICTURE), LIMITS.format("2.78")),
        (Metric([80, 82] * 4), f"{LIMITS.format('2.00')} {PROVISIONAL.format(8)}"),
        (
            Metric([99, 97] * 6),
            f"{LIMITS.format('2.00')} A limit beyond 100% is not drawn: no reading can lie there.",
        ),
        (
            Metric([0, 90] * 6),
            f"{LIMITS.format('90.00')} A limit beyond 0% and 100% is not drawn: no reading can lie there.",
        ),
        (Metric([-1, 1] * 6), f"{LIMITS.format('2.00')}"),  # where readings are negative, so may limits be
        (Metric([]), "Limits take 6 readings; there are 0."),
        (Metric([80]), "Limits take 6 readings; there is 1."),
        (Metric([80] * 5), "Limits take 6 readings; there are 5."),
        (Metric([80, None] * 6), "Limits take readings of neighbouring months; each of these stands alone."),
    ],
)
def test_limits_say_where_they_come_from_or_why_there_are_none(metric, sentence):
    assert words.limits_words(metric.chart, metric.readings, metric.measure) == sentence


# ---- level --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("metric", "sentence"),
    [
        (Metric([]), "Level 0, not measured: none of the last six months has a reading."),
        (
            Metric([78] * 6),
            "Level 1, measured: October 2026 did not meet the target (at least 80%), and the last three months are not "
            "better on average than the three months before.",
        ),
        (
            Metric([78] * 2),
            "Level 1, measured: October 2026 did not meet the target (at least 80%), and readings are missing to compare "
            "the last three months with the three months before.",
        ),
        (
            Metric([81] * 3 + [None]),
            "Level 1, measured: October 2026 has no reading, and readings are missing to compare the last three months "
            "with the three months before.",
        ),
        (
            Metric([78] * 6, ()),
            "Level 1, measured: no target is set to meet, and the last three months are not better on average than the "
            "three months before.",
        ),
        (
            Metric(PICTURE),
            "Level 2, at target but not sustained: October 2026 met it, but only 4 of the last 6 months did, and it takes 5.",
        ),
        (
            Metric([70] * 3 + [75] * 3),
            "Level 2, better but not sustained: the last three months are better on average than the three months before, "
            "but October 2026 did not meet the target (at least 80%).",
        ),
        (
            Metric([70] * 3 + [75] * 3, ()),
            "Level 2, better but not sustained: the last three months are better on average than the three months before, "
            "but no target is set to meet.",
        ),
        (Metric([MET] * 6), "Level 3, sustained: met in 6 of the last 6 months, and it takes 5."),
        (
            Metric([MET] * 2, measure=QUARTERS, last=2026 * 4),
            "Level 3, sustained: met in 2 of the last 2 quarters, and it takes 2.",
        ),
    ],
)
def test_a_level_says_why(metric, sentence):
    assert words.level_words(metric.level, metric.judgement, metric.measure) == sentence


def test_of_several_metrics_the_weakest_is_named():
    assert words.decided_by("Calls abandoned", 3) == "Of 3 metrics the weakest decides: Calls abandoned."
    assert words.decided_by("Calls abandoned", 1) == ""


# ---- any readings -------------------------------------------------------------------------------------------------------

values = st.lists(st.one_of(st.none(), st.floats(0, 400)), max_size=30)
aims = st.sampled_from(
    [(), EIGHTY, (Target(0, high=90),), RANGE, (Target(OCTOBER, low=85),), (Target(OCTOBER + 1, low=85),)]
)
measures = st.sampled_from([Measure(), SECONDS, Measure("money", 2, LOWER, 1, "£"), QUARTERS, YEARS])


@settings(max_examples=60)
@given(values, aims, measures)
def test_whatever_the_readings_every_sentence_is_whole(readings, targets, measure):
    metric = Metric(readings, targets, measure, last=OCTOBER // measure.every)
    found = [
        said(sentence, metric)
        for sentence in (words.met_words, words.missing_words, words.wait_words, words.trend_words)
    ]
    found += [said(words.audit_words, metric, OCTOBER + 20)]
    found += [words.level_words(metric.level, metric.judgement, measure)]
    found += [words.limits_words(metric.chart, metric.readings, measure)]
    for sentence in filter(None, found):
        assert re.fullmatch(r"[A-Z1-9].*\.", sentence)
        assert not re.search(r"%\(|%s|None\b(?! of)|\bnan\b|  ", sentence)
