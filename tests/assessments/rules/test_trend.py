"""The exact chances are those of the published table of Kendall's S (Kendall, Rank Correlation Methods, appendix table 1)."""

from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessments.rules import trend

PUBLISHED = [  # values, S, one-sided chance as printed
    (4, 6, 0.042),
    (5, 8, 0.042),
    (5, 10, 0.0083),
    (6, 11, 0.028),
    (6, 13, 0.0083),
    (6, 15, 0.0014),
    (8, 16, 0.031),
    (8, 18, 0.016),
    (8, 20, 0.0071),
    (9, 18, 0.038),
    (9, 20, 0.022),
    (10, 21, 0.036),
    (10, 23, 0.023),
    (10, 25, 0.014),
]
values = st.lists(st.integers(-1000, 1000), min_size=trend.FEWEST, max_size=trend.WINDOW)


def series(numbers):
    return dict(enumerate(numbers))


@pytest.mark.parametrize(("count", "s", "printed"), PUBLISHED)
def test_the_chances_are_those_of_the_published_table(count, s, printed):
    assert trend.chance_of(s, count) / 2 == pytest.approx(printed, rel=0.04)


def test_the_chances_are_what_counting_every_order_gives():
    of_every_order = [trend.kendall_s(order) for order in permutations(range(6))]
    for s in range(-15, 16, 2):
        as_far = sum(abs(other) >= abs(s) for other in of_every_order)
        assert trend.chance_of(s, 6) == pytest.approx(min(1, as_far / len(of_every_order)))


@pytest.mark.parametrize(
    ("numbers", "kind"),
    [
        ([70, 71, 72, 73, 74, 75], trend.IMPROVING),
        ([75, 74, 73, 72, 71, 70], trend.WORSENING),
        ([70, 74, 71, 75, 72, 73], trend.FLAT),
        ([80] * 12, trend.FLAT),
        ([70, 71, 72, 73, 74], trend.TOO_FEW),
        ([70, 71, 60, 72, 73, 74, 75, 76, 77, 78, 79, 80], trend.IMPROVING),  # one outlier changes nothing
    ],
)
def test_a_trend_is_called_where_chance_would_rarely_make_one(numbers, kind):
    assert trend.of(series(numbers), len(numbers) - 1).kind == kind


def test_only_the_last_twelve_periods_count():
    old, new = [100, 90, 80, 70, 60, 50], [50 + number for number in range(12)]
    assert trend.of(series(old + new), 17) == trend.of(dict(enumerate(new, start=6)), 17)


@given(values, st.integers(-500, 500))
def test_shifting_every_value_changes_nothing(numbers, shift):
    last = len(numbers) - 1
    assert trend.of(series(numbers), last) == trend.of(series([n + shift for n in numbers]), last)


@given(values)
def test_the_reverse_order_turns_the_trend_round(numbers):
    turned = {trend.IMPROVING: trend.WORSENING, trend.WORSENING: trend.IMPROVING}
    last = len(numbers) - 1
    there, back = trend.of(series(numbers), last), trend.of(series(numbers[::-1]), last)
    assert back.kind == turned.get(there.kind, there.kind)
