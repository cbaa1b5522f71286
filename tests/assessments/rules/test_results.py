import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessments.rules.results import Shares, level, shares
from assessments.rules.sustain import HIGHER, Rule, Target, judge

TARGETS = (Target(0, low=80),)


def judged(values, targets=TARGETS):
    readings = {number: value for number, value in enumerate(values) if value is not None}
    return judge(readings, targets, Rule(5, 6), len(values) - 1, HIGHER)


@pytest.mark.parametrize(
    ("values", "targets", "expected"),
    [
        ([], TARGETS, 0),
        ([81] + [None] * 6, TARGETS, 0),  # nothing in the months that count
        ([70] * 6, TARGETS, 1),
        ([90] * 6, (), 1),  # measured, and no target to meet
        ([70, 70, 70, 71, 71, 71], TARGETS, 2),  # better than the quarter before
        ([70, 70, 70, 70, 70, 81], TARGETS, 2),
        ([81] * 5, TARGETS, 3),
        ([81] * 5 + [79], TARGETS, 3),  # the rule forgives one miss, the latest included
        ([81] * 5 + [None], TARGETS, 3),
    ],
)
def test_the_level_that_one_metric_shows(values, targets, expected):
    assert level(judged(values, targets)) == expected


def test_the_shares_count_what_is_not_measured_as_missed():
    found = shares(
        [
            judged([81] * 6),
            judged([70] * 5 + [81]),
            judged([70, 70, 70, 71, 71, 71]),
            judged([70] * 6),
            judged([]),
        ]
    )
    assert found == Shares(all=5, measured=4, at_target=2, reached=3, sustained=1)


def test_a_requirement_without_a_metric_counts_by_its_level():
    found = shares([judged([81] * 6)], [3, 2, 1, 0, None])
    assert found == Shares(all=6, measured=4, at_target=2, reached=3, sustained=2)


@given(st.lists(st.lists(st.one_of(st.none(), st.integers(0, 100)), max_size=12), max_size=8))
def test_no_share_is_larger_than_the_one_that_contains_it(many):
    found = shares([judged(values) for values in many])
    assert 0 <= found.sustained <= found.reached <= found.measured <= found.all == len(many)
    assert found.at_target <= found.reached
