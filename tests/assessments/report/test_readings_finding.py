"""The finding about a metric and its evidence, for readings worked out by hand."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assessments.report import readings_finding as finding
from assessments.report.units import Measure
from assessments.rules.sustain import LOWER, WITHIN, Rule, Target
from tests.assessments.report.drawn_series import EIGHTY, OCTOBER, PICTURE
from tests.assessments.report.spoken_series import Metric

RANGE, FIVE = (Target(0, low=280, high=320),), (Target(0, high=5),)
SECONDS, DOWN = Measure("seconds", 0, WITHIN), Measure(direction=LOWER)
QUARTERS = Measure(every=3)


def headline(metric):
    found = finding.headline(metric.judgement, metric.chart, metric.outlook, metric.measure)
    return found.replace("\u00a0", " ")


def paragraph(metric):
    found = finding.paragraph(metric.judgement, metric.outlook, metric.series(), metric.measure)
    return found.replace("\u00a0", " ")


HEADLINES = [
    # no reading, no target
    (Metric([]), "Not measured: none of the last six months has a reading."),
    (Metric([], measure=QUARTERS, last=2026 * 4), "Not measured: none of the last two quarters has a reading."),
    (Metric([80, 82] * 3, ()), "Stable, but no target is set, so nothing can be met."),
    (Metric([80], ()), "No target is set, so nothing can be met."),
    # sustained
    (
        Metric([85, 86, 84] * 5),
        "Sustained and dependable: the process as it is will keep meeting the 80% target.",
    ),
    (
        Metric([81, 85] * 6),
        "Sustained, but with little room: normal swings can still carry single months below the 80% target.",
    ),
    (
        Metric([3, 4.5] * 6, FIVE, DOWN),
        "Sustained, but with little room: normal swings can still carry single months above the 5% target.",
    ),
    (
        Metric([290, 310] * 6, RANGE, SECONDS),
        "Sustained, but with little room: normal swings can still carry single months outside the 280 to 320 s target.",
    ),
    (
        Metric([90, 91, 90, 89, 90, 91, 90, 70, 90, 91, 90, 89, 90, 91, 90, 89, 90, 91, 90, 91, 90, 91], (Target(0, low=80),)),
        "Sustained, but some readings lie far from the rest: find out what was different then.",
    ),
    (
        Metric([85, 86, 84] * 5, (Target(0, low=80), Target(OCTOBER, low=95))),
        "Sustained so far, but the process as it is will not reach 95%.",
    ),
    (Metric([81] * 5), "Sustained, with too few readings in a row to say whether it will last."),
    # too few readings
    (Metric([79]), "Below target, with too few readings in a row to say what to expect."),
    (Metric([6], FIVE, DOWN), "Above target, with too few readings in a row to say what to expect."),
    (Metric([340], RANGE, SECONDS), "Outside the target range, with too few readings in a row to say what to expect."),
    (
        Metric([81]),
        "At target in October 2026, but there are too few readings in a row to say whether it will last.",
    ),
    (
        Metric([81, None]),
        "October 2026 has no reading, and there are too few in a row to say what to expect.",
    ),
    # the process will meet it, and time is what is missing
    (
        Metric([86, 85, None, 86, 85, 84, 85, None, 86, None, 85, 86]),
        "The process meets the 80% target, but 2 of the last 6 months have no reading.",
    ),
    (
        Metric([85, 86, 84] * 4, (Target(OCTOBER - 1, low=80),)),
        "The process meets the 80% target dependably, and three months more will show it.",
    ),
    (
        Metric([85, 86, 84] * 4 + [50], (Target(OCTOBER - 1, low=60),)),
        "The process usually meets the 60% target, but some readings lie far from the rest: find out what was different "
        "then.",
    ),
    (
        Metric([66, 72] * 6 + [79, 80, 81, 80] * 2, (Target(OCTOBER - 1, low=60),)),
        "A real improvement: the process now meets the 60% target, and three months more will show it.",
    ),
    (  # the new readings lie outside the limits because the process moved
        Metric([60, 61] * 8 + [80.5, 81] * 4, (Target(OCTOBER - 1, low=70),)),
        "A real improvement: the process now meets the 70% target, and three months more will show it.",
    ),
    # it may miss
    (
        Metric(PICTURE),
        "A real improvement, but not yet dependable: the new average sits right on the 80% target, so months below it will "
        "keep coming.",
    ),
    (
        Metric([78, 82] * 6),
        "Not dependable: the average sits right on the 80% target, so months below it will keep coming.",
    ),
    (
        Metric([4, 6] * 6, FIVE, DOWN),
        "Not dependable: the average sits right on the 5% target, so months above it will keep coming.",
    ),
    (
        Metric([78, 82] * 6, measure=QUARTERS, last=2026 * 4),
        "Not dependable: the average sits right on the 80% target, so quarters below it will keep coming.",
    ),
    (
        Metric([300, 304, 296, 300] * 3 + [321, 324, 320, 318] * 2, RANGE, SECONDS),
        "A real decline: the average sits right on the edge of the 280 to 320 s target, so months outside it will keep "
        "coming.",
    ),
    (
        Metric([82, 85, 83, 81, 78, 77] * 2),  # 81.0 is near 80, but not right on it
        "Not dependable: the average meets the 80% target, but normal swings carry single months below it.",
    ),
    (Metric([82, 80, 78, 76, 77, 79] * 2), "Not at target: the average misses 80%, and only good months meet it."),
    (Metric([76, 77, 79, 78, 80, 82] * 2), "Not dependable: the average misses 80%, and only good months meet it."),
    (
        Metric([72, 74, 76, 78, 76, 74] * 2 + [80, 83, 85, 83, 79, 81, 84, 79]),
        "A real improvement, but not yet dependable: the new average meets the 80% target, but normal swings still carry "
        "single months below it.",
    ),
    (
        Metric([70, 72, 74, 76, 74, 72] * 2 + [77, 79, 81, 79, 77, 78, 80, 78]),
        "A real improvement, but not enough: the new average still misses the 80% target, and only good months meet it.",
    ),
    (
        Metric([90, 88, 86, 84, 86, 88] * 2 + [83, 81, 79, 82, 84, 82, 79, 79]),
        "A real decline: the average meets the 80% target, but normal swings carry single months below it.",
    ),
    (
        Metric([86, 84, 82, 80, 82, 84] * 2 + [77, 79, 81, 79, 77, 78, 80, 78]),
        "A real decline: the average has moved away from the 80% target, and only good months meet it.",
    ),
    # it will miss
    (Metric([70, 72, 71] * 4), "Stable but below target: the process as it is will not reach 80%."),
    (Metric([10, 9, 11] * 4, FIVE, DOWN), "Stable but above target: the process as it is will not come down to 5%."),
    (
        Metric([350, 352, 351] * 4, RANGE, SECONDS),
        "Stable but outside the target range: the process as it is will not keep to 280 to 320 s.",
    ),
    (
        Metric([60, 61, 60, 59, 60, 61, 45, 61, 60, 59, 60, 62]),
        "Below target: the process as it is will not reach 80%.",
    ),
    (
        Metric([60, 61] * 4 + [70, 71] * 4),
        "A real improvement, but not enough: the process as it now is will not reach 80%.",
    ),
    (Metric([76, 77] * 4 + [70, 71] * 4), "A real decline: the process as it now is will not reach 80%."),
    (
        Metric([70, 71] * 8 + [81]),
        "October 2026 met the target, but the process as it usually runs will not reach 80%.",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("metric", "sentence"), HEADLINES)
def test_the_finding_is_one_sentence(metric, sentence):
    assert headline(metric) == sentence


STEADY = (
    "All {} readings lie within the limits, from {} to {}: what differs between them can be chance, so no single {} needs an "
    "explanation."
)
LUCK = "That is a change in the process, not luck."


@pytest.mark.parametrize(
    ("metric", "sentences"),
    [
        (Metric([]), "No reading is entered yet. Enter the first, or the counts that it is worked out from."),
        (
            Metric(PICTURE),
            f"The last nine readings all lie above the average of 77.3%. {LUCK} Since February 2026 the average has been "
            "80.3%; four of the nine missed the target. December 2025 (66.2%) lies outside the limits: something was "
            "different then. To sustain the target, raise the average further or narrow the swings.",
        ),
        (
            Metric([70, 72, 71] * 4),
            f"{STEADY.format(12, '67.4%', '74.6%', 'month')} Only a change to the process will move it.",
        ),
        (Metric([85, 86, 84] * 5), STEADY.format(15, "81.4%", "88.6%", "month")),
        (
            Metric([99, 97] * 6, (Target(0, low=98),)),
            f"{STEADY.format(12, '92.7%', '100.0%', 'month')} To sustain the target, raise the average further or narrow "
            "the swings.",
        ),
        (
            Metric([4, 6] * 6, FIVE, Measure(direction=LOWER, every=3), last=2026 * 4),
            f"{STEADY.format(12, '0.0%', '10.3%', 'quarter')} To sustain the target, bring the average down further or "
            "narrow the swings.",
        ),
        (
            Metric([290, 310] * 6, RANGE, SECONDS),
            f"{STEADY.format(12, '247 s', '353 s', 'month')} To stay there, bring the average to the middle of the range or "
            "narrow the swings.",
        ),
        (
            Metric([76, 77] * 4 + [70, 71] * 4),
            f"The last eight readings all lie below the average of 73.5%. {LUCK} Since March 2026 the average has been "
            "70.5%, and none of the eight met the target. Only a change to the process will move it.",
        ),
        (
            Metric([66, 72] * 6 + [79, 80, 81, 80] * 2, (Target(0, low=60),)),
            f"The last eight readings all lie above the average of 73.4%. {LUCK} Since March 2026 the average has been "
            "80.0%, and all eight met the target.",
        ),
        (
            Metric([60, 61] * 8 + [80.5, 81] * 4),
            f"The last eight readings all lie above the average of 67.2%. {LUCK} Since March 2026 the average has been "
            "80.8%, and all eight met the target. 24 of 24 readings lie outside the limits: this has not been one steady "
            "process. To stay there, raise the average further or narrow the swings.",
        ),
        (
            Metric([75, 76] * 4 + [70, 71, 70, 71, 70, 71, 70, 71, 76, 77, 70], ()),
            "Eight months in a row lay above the average of 73.2%, from April 2025 to November 2025. Eight months in a row "
            "lay below the average of 73.2%, from December 2025 to July 2026. Set a target to judge it by.",
        ),
        (
            Metric([79]),
            "Limits take 6 readings; there is 1. May 2026 to September 2026 have no reading; a month without "
            "one counts as missed.",
        ),
        (
            Metric([70, 71, 72, 73, 74, 75], ()),
            f"{STEADY.format(6, '69.8%', '75.2%', 'month')} The last 6 readings show a trend for the better. Set a target "
            "to judge it by.",
        ),
        (
            Metric([75, 74, 73, 72, 71, 70]),
            f"{STEADY.format(6, '69.8%', '75.2%', 'month')} The last 6 readings show a trend for the worse. Only a change "
            "to the process will move it.",
        ),
    ],
)
def test_the_evidence_follows_in_a_few_sentences(metric, sentences):
    assert paragraph(metric) == sentences


values = st.lists(st.one_of(st.none(), st.floats(0, 400)), max_size=30)
aims = st.sampled_from([(), EIGHTY, FIVE, RANGE, (Target(OCTOBER, low=85),), (Target(OCTOBER + 1, low=85),)])
measures = st.sampled_from([Measure(), SECONDS, DOWN, QUARTERS, Measure(every=12)])
rules = st.sampled_from([Rule(1, 1), Rule(5, 6), Rule(12, 12)])


@settings(max_examples=60)
@given(values, aims, measures, rules)
def test_whatever_the_readings_the_sentences_are_whole(readings, targets, measure, rule):
    metric = Metric(readings, targets, measure, OCTOBER // measure.every, rule)
    for sentence in filter(None, (headline(metric), paragraph(metric))):
        assert re.fullmatch(r"[A-Z1-9].*\.", sentence)
        assert not re.search(r"%\(|%s|\bnan\b|  |\bNone\b(?! of)", sentence)
