"""Which gap comes first: the arithmetic by hand, then its laws."""

from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import find, given
from hypothesis import strategies as st

from assessments.rules.priorities import Weights, rank_gaps
from assessments.rules.scoring import score
from tests.assessments.rules import reference
from tests.assessments.rules.questionnaires import LAW, every_requirement, item, questionnaires, together

# ---- examples ---------------------------------------------------------------------------------------------------


def test_a_gap_carries_every_number_of_its_arithmetic():
    (gap,) = rank_gaps(
        *together(item(points=30, a=("1", {"weight": 2, "critical": True, "effort": "S"}), b="3"))
    )
    assert (gap.rank, gap.key, gap.item, gap.level, gap.target, gap.points) == (1, "a", "PR1", 1, 3, 30)
    assert gap.share == pytest.approx(2 / 3)
    assert gap.lost == pytest.approx(30 * (2 / 3) * (2 / 3))
    assert (gap.urgency_kind, gap.urgency, gap.effort_size, gap.effort) == ("blocker", 2, "S", 1)
    assert gap.blocker
    assert gap.priority == pytest.approx(gap.lost * 2 / 1)


@pytest.mark.parametrize(
    ("level", "kind", "expected"),
    [
        ("1", {"critical": True, "fundamental": True}, "blocker"),
        ("2", {"critical": True, "fundamental": True}, "fundamental"),
        ("0", {"fundamental": True}, "fundamental"),
        ("2", {"critical": True}, "normal"),
        ("0", {}, "normal"),
    ],
)
def test_urgency_is_the_first_that_applies_of_blocker_fundamental_normal(level, kind, expected):
    (gap,) = rank_gaps(*together(item(a=(level, kind))))
    assert gap.urgency_kind == expected


@pytest.mark.parametrize("choice", ["", "unknown", "na", "3"])
def test_only_a_level_below_its_target_is_a_gap(choice):
    assert rank_gaps(*together(item(a=choice))) == []


def test_a_level_at_its_own_lower_target_is_no_gap():
    assert rank_gaps(*together(item(a=("2", {"target": 2})))) == []


def test_a_small_effort_comes_before_a_large_one_that_loses_as_much():
    gaps = rank_gaps(
        *together(item(a=("0", {"effort": "L"}), b=("0", {"effort": "M"}), c=("0", {"effort": "S"})))
    )
    assert [gap.key for gap in gaps] == ["c", "b", "a"]


def test_what_is_not_known_shares_the_weight_but_not_the_list():
    (gap,) = rank_gaps(*together(item(a="0", b="unknown", c="na")))
    assert gap.share == 0.5


def test_equal_priorities_follow_the_order_of_the_standard():
    ten = item(points=10, code="PR1", a=("0", {"weight": 1}), b=("3", {"weight": 2}))
    ninety = item(points=90, code="PR2", c=("2", {"weight": 1}), d=("3", {"weight": 8}))
    for first, second in ((ten, ninety), (ninety, ten)):  # both lose 10/3 points, by different divisions
        gaps = rank_gaps(*together(first, second))
        assert [gap.item for gap in gaps] == [first[0].code, second[0].code]


def test_an_edited_constant_changes_the_order():
    questionnaire = together(item(a=("2", {"fundamental": True}), b="1"))
    assert [gap.key for gap in rank_gaps(*questionnaire)] == ["b", "a"]
    assert [gap.key for gap in rank_gaps(*questionnaire, Weights(fundamental=2.5))] == ["a", "b"]


# ---- laws -------------------------------------------------------------------------------------------------------


@given(questionnaires)
@LAW
def test_every_gap_multiplies_out_and_ranks_are_dense(questionnaire):
    gaps = rank_gaps(*questionnaire)
    assert [gap.rank for gap in gaps] == list(range(1, len(gaps) + 1))
    for gap in gaps:
        assert gap.lost == pytest.approx(gap.points * gap.share * (gap.target - gap.level) / 3, abs=1e-9)
        assert gap.priority == pytest.approx(gap.lost * gap.urgency / gap.effort, abs=1e-9)
        assert 0 < gap.share <= 1
        assert gap.level < gap.target
    for one, following in pairwise(gaps):
        assert one.priority >= following.priority


@given(questionnaires)
@LAW
def test_the_slow_reference_ranks_the_same_gaps_in_the_same_order_with_the_same_points(questionnaire):
    ours, exact = rank_gaps(*questionnaire), reference.gaps(*questionnaire)
    assert [gap.key for gap in ours] == [key for key, _, _ in exact]
    for gap, (_, lost, priority) in zip(ours, exact, strict=True):
        assert abs(Fraction(gap.lost) - lost) < Fraction(1, 10**9)
        assert abs(Fraction(gap.priority) - priority) < Fraction(1, 10**9)


CONSTANTS = st.decimals("0.1", "9.99", places=2)


@given(questionnaires, st.tuples(CONSTANTS, CONSTANTS, CONSTANTS, CONSTANTS, CONSTANTS))
@LAW
def test_edited_constants_rank_as_the_reference_does_with_the_same_ones(questionnaire, constants):
    blocker, fundamental, small, medium, large = constants
    urgency = {"blocker": Fraction(blocker), "fundamental": Fraction(fundamental), "normal": Fraction(1)}
    effort = {"S": Fraction(small), "M": Fraction(medium), "L": Fraction(large)}
    ours = rank_gaps(*questionnaire, Weights(*(float(constant) for constant in constants)))
    exact = reference.gaps(*questionnaire, urgency, effort)
    assert [gap.key for gap in ours] == [key for key, _, _ in exact]


@given(questionnaires)
@LAW
def test_closing_every_gap_reaches_every_target_and_wins_exactly_the_lost_points(questionnaire):
    items, choices = questionnaire
    gaps = rank_gaps(items, choices)
    closed = choices | {gap.key: str(gap.target) for gap in gaps}
    assert rank_gaps(items, closed) == []
    for requirement in every_requirement(items):
        if closed.get(requirement.key) in ("0", "1", "2", "3"):
            assert int(closed[requirement.key]) >= requirement.target
    before, after = score(items, choices).overall.score, score(items, closed).overall.score
    if before is not None:
        points = sum(row.points for row in items if reference.applicable(row, choices))
        assert 100 * sum(gap.lost for gap in gaps) / points == pytest.approx(after - before, abs=1e-9)
    assert sum(gap.lost for gap in gaps) == pytest.approx(float(lost_altogether(items, choices)), abs=1e-6)


def lost_altogether(items, choices):
    """The lost points of the standard, summed item by item rather than gap by gap."""
    lost = Fraction(0)
    for row in items:
        counting = reference.applicable(row, choices)
        shown = [r for r in counting if choices[r.key] in ("0", "1", "2", "3")]
        short = sum(r.weight * max(0, r.target - int(choices[r.key])) for r in shown)
        lost += Fraction(row.points * short, 3 * sum(r.weight for r in counting)) if counting else 0
    return lost


@given(questionnaires)
@LAW
def test_raising_a_level_never_makes_its_own_gap_more_urgent(questionnaire):
    items, choices = questionnaire
    for gap in rank_gaps(items, choices):
        raised = {g.key: g for g in rank_gaps(items, choices | {gap.key: str(gap.level + 1)})}
        if gap.key in raised:
            assert raised[gap.key].priority <= gap.priority
            assert raised[gap.key].rank >= gap.rank


def test_the_random_questionnaires_do_reach_ties_blockers_and_every_effort():
    """Without these the laws above would hold of nothing."""

    def has_a_tie(questionnaire):
        priorities = [gap.priority for gap in rank_gaps(*questionnaire) if gap.priority]
        return len(set(priorities)) < len(priorities)

    find(questionnaires, has_a_tie)
    find(questionnaires, lambda q: any(gap.blocker for gap in rank_gaps(*q)))
    for size in "SML":
        find(questionnaires, lambda q, size=size: any(gap.effort_size == size for gap in rank_gaps(*q)))
