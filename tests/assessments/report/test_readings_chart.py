"""A metric on its way to the drawing: the words it takes along, wide and narrow, and the sentence for those who do not see it."""

import pytest

from assessments.report.charts import PAPER
from assessments.report.readings_chart import chart_title, line_words, ranges_heading
from assessments.report.series import control_chart
from assessments.report.units import Measure
from assessments.rules.sustain import Target
from tests.assessments.report.drawn_series import EIGHTY, OCTOBER, PICTURE
from tests.assessments.report.spoken_series import Metric
from tests.assessments.report.test_series import words_of


def drawn(metric, **kwargs):
    words = line_words(metric.outlook, metric.measure, **kwargs)
    return words_of(control_chart(metric.series(**kwargs), "x", PAPER, words))


def test_the_words_of_the_picture_stand_on_its_chart():
    found = drawn(Metric(PICTURE))
    assert {"84.7 upper limit", "80.3 since February 2026", "80 target", "66.2%, outside the limits"} <= set(
        found
    )
    assert "Nine months in a row above average" in found


def test_a_narrow_chart_has_short_words():
    found = drawn(Metric(PICTURE), short=True)
    assert {"84.7 upper", "80.3 lately", "80 target", "66.2%", "9 above average"} <= set(found)


def test_each_period_has_its_value_target_and_label():
    series = Metric([81, None, 79], (Target(OCTOBER - 1, low=80),)).series(notes={OCTOBER: "Strike"})
    assert series.periods == (OCTOBER - 2, OCTOBER - 1, OCTOBER)
    assert series.values == (81, None, 79)
    assert [target and target.low for target in series.targets] == [None, 80, 80]
    assert series.labels == (("Aug", "2026"), ("Sep", ""), ("Oct", ""))
    assert series.notes == {OCTOBER: "Strike"}


@pytest.mark.parametrize(
    ("metric", "sentence"),
    [
        (
            Metric(PICTURE),
            "Calls, November 2024 to October 2026: 81.2% at the end, average 77.3%, target at least 80%.",
        ),
        (Metric([79.96]), "Calls, October 2026: 79.96% at the end, target at least 80%."),
        (Metric([80, 81], ()), "Calls, September 2026 to October 2026: 81.0% at the end, no target."),
        (Metric([None], EIGHTY), "Calls: no reading yet."),
    ],
)
def test_a_chart_is_said_in_one_sentence(metric, sentence):
    assert chart_title("Calls", metric.series(), metric.measure).replace("\u00a0", " ") == sentence


@pytest.mark.parametrize(
    ("measure", "heading"),
    [
        (Measure(), "Change from the month before, in points"),
        (Measure("seconds", every=3), "Change from the quarter before, in seconds"),
        (Measure("money", currency="£"), "Change from the month before, in £"),
        (Measure("count"), "Change from the month before"),
    ],
)
def test_the_ranges_are_headed_with_their_unit(measure, heading):
    assert ranges_heading(measure) == heading
