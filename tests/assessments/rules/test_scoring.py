"""Score and ceiling: examples a manager could check by hand, then the laws that hold for any questionnaire."""

import random
from fractions import Fraction
from math import floor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessments.rules.scoring import Figure, score, whole_percent
from tests.assessments.rules import reference
from tests.assessments.rules.questionnaires import LAW, every_requirement, item, questionnaires, together

# ---- examples ---------------------------------------------------------------------------------------------------


def test_everything_in_place_scores_a_hundred():
    assert score(*together(item(a="3", b="3"))).overall == Figure(100.0, 100.0, 2, 0, 0, 0)


def test_nothing_in_place_scores_nothing():
    assert score(*together(item(a="0", b="0"))).overall == Figure(0.0, 0.0, 2, 0, 0, 0)


def test_an_item_is_the_weighted_mean_of_its_levels():
    figure = score(*together(item(a=("3", {"weight": 3}), b="1"))).items["PR1"]
    assert figure.score == pytest.approx(100 * (3 * 3 + 1 * 1) / (4 * 3))


def test_items_count_by_their_points():
    light, heavy = item(points=10, code="PR1", a="3"), item(points=30, code="PR2", b="0")
    assert score(*together(light, heavy)).overall.score == 25


def test_a_domain_counts_only_its_own_items():
    scores = score(*together(item(a="3"), item(code="PF1", domain="PF", b="0")))
    assert (scores.domains["PR"].score, scores.domains["PF"].score) == (100, 0)


@pytest.mark.parametrize("choice", ["", "unknown"])
def test_a_not_known_answer_lowers_the_score_but_not_the_ceiling(choice):
    shown = score(*together(item(a="3", b="3"))).overall
    hidden = score(*together(item(a="3", b=choice))).overall
    assert (shown.score, shown.ceiling) == (100, 100)
    assert (hidden.score, hidden.ceiling) == (50, 100)


def test_open_and_not_known_are_counted_apart():
    figure = score(*together(item(a="", b="unknown", c="unknown", d="na", e="1"))).overall
    assert (figure.asked, figure.open, figure.unknown, figure.not_applicable) == (5, 1, 2, 1)
    assert (figure.answered, figure.applicable, figure.not_shown) == (4, 4, 3)


def test_a_not_applicable_requirement_leaves_the_score():
    assert score(*together(item(a="2", b=("na", {"weight": 9})))).overall.percent == 66


def test_an_item_with_nothing_applicable_has_no_figure_and_no_points():
    scores = score(*together(item(a="3"), item(points=90, code="PR2", b="na")))
    assert scores.items["PR2"].score is None
    assert scores.overall.score == 100


def test_a_site_to_which_nothing_applies_has_no_score_rather_than_none_shown():
    overall = score(*together(item(a="na"))).overall
    assert (overall.score, overall.ceiling, overall.percent, overall.ceiling_percent) == (
        None,
        None,
        None,
        None,
    )


def test_an_item_without_points_has_a_figure_of_its_own_but_no_say():
    scores = score(*together(item(a="3"), item(points=0, code="PR2", b="0")))
    assert scores.items["PR2"].score == 0
    assert scores.overall.score == 100


def test_what_was_never_asked_is_no_part_of_the_figures():
    (items, choices) = together(item(a="3", b="0"), item(code="PR2", c="0"))
    scores = score(items, {"a": choices["a"]})
    assert scores.overall == Figure(100.0, 100.0, 1, 0, 0, 0)
    assert "PR2" not in scores.items


def test_a_critical_requirement_blocks_at_level_0_and_1_alone():
    critical = {"critical": True}
    levels = {"a": "0", "b": "1", "c": "2", "d": "3", "e": "", "f": "unknown", "g": "na"}
    scores = score(*together(item(**{key: (choice, critical) for key, choice in levels.items()}, h="0")))
    assert scores.blockers == ("a", "b")


def test_results_are_sustained_at_level_3_alone():
    levels = {"a": "3", "b": "2", "c": "unknown", "d": "", "e": "na"}
    scores = score(
        *together(item(**{key: (choice, {"result": True}) for key, choice in levels.items()}, f="3"))
    )
    assert (scores.results, scores.sustained) == (4, 1)
    assert scores.reached >= scores.sustained


def test_fundamentals_are_scored_alone_and_by_the_points_of_their_items():
    known = item(points=10, code="PR1", a=("3", {"fundamental": True}), b="0")
    other = item(points=30, code="PR2", c=("0", {"fundamental": True}), d="3")
    assert score(*together(known, other)).fundamentals.score == 25


def test_nothing_asked_gives_no_figure_at_all():
    scores = score((), {})
    assert scores.overall == Figure(None, None, 0, 0, 0, 0)
    assert (scores.domains, scores.items, scores.blockers, scores.results) == ({}, {}, (), 0)


@pytest.mark.parametrize(
    ("value", "shown"),
    [(79.9, 79), (80.0, 80), (79.999, 79), (79.9999995, 79), (0.0, 0), (100.0, 100), (99.99, 99)],
)
def test_a_percentage_is_shown_rounded_down(value, shown):
    assert whole_percent(value) == shown


def test_two_thirds_and_a_third_make_a_whole():
    thirds = item(points=10, code="PR1", a="2"), item(points=20, code="PR2", b="2")
    assert score(*together(*thirds)).overall.percent == 66
    assert (
        score(*together(item(a="3", b="3", c="3"), item(code="PR2", points=7, d="3"))).overall.percent == 100
    )


# ---- laws -------------------------------------------------------------------------------------------------------


def figures(scores):
    """Every figure of the scores by its name."""
    return {
        "overall": scores.overall,
        "fundamentals": scores.fundamentals,
        **{("domain", code): figure for code, figure in scores.domains.items()},
        **{("item", code): figure for code, figure in scores.items.items()},
    }


def raised_by_one(items, choices):
    """The same questionnaire once for each level that can be raised, that one level one higher."""
    for requirement in every_requirement(items):
        if choices.get(requirement.key) in ("0", "1", "2"):
            yield choices | {requirement.key: str(int(choices[requirement.key]) + 1)}


@given(questionnaires)
@LAW
def test_raising_a_level_never_lowers_any_figure(questionnaire):
    items, choices = questionnaire
    before = figures(score(items, choices))
    for raised in raised_by_one(items, choices):
        for name, figure in figures(score(items, raised)).items():
            if figure.score is not None:
                assert figure.score >= before[name].score, name
                assert figure.ceiling >= before[name].ceiling, name


@given(questionnaires)
@LAW
def test_showing_a_level_where_nothing_was_shown_never_lowers_the_score_and_never_raises_the_ceiling(
    questionnaire,
):
    items, choices = questionnaire
    before = score(items, choices).overall
    for key in [key for key, choice in choices.items() if choice in ("", "unknown")]:
        for level in "0123":
            after = score(items, choices | {key: level}).overall
            if after.score is not None:
                assert before.score <= after.score <= after.ceiling <= before.ceiling


@given(questionnaires)
@LAW
def test_every_score_lies_between_0_and_its_ceiling_and_every_ceiling_within_100(questionnaire):
    for name, figure in figures(score(*questionnaire)).items():
        if figure.score is not None:
            assert 0 <= figure.score <= figure.ceiling <= 100, name
            assert 0 <= figure.percent <= figure.ceiling_percent <= 100, name


@given(questionnaires)
@LAW
def test_not_applicable_counts_as_if_the_requirement_did_not_exist(questionnaire):
    items, choices = questionnaire
    without = score(items, {key: choice for key, choice in choices.items() if choice != "na"})
    for name, figure in figures(score(items, choices)).items():
        other = figures(without).get(name)
        if other is None:  # nothing but N/A in it: the item or domain itself is gone
            assert (figure.score, figure.ceiling, figure.applicable) == (None, None, 0), name
        else:
            assert (figure.score, figure.ceiling, figure.applicable) == (
                other.score,
                other.ceiling,
                other.asked,
            )


@given(questionnaires, st.integers(0, 2**32))
@LAW
def test_the_order_of_items_and_requirements_changes_no_figure(questionnaire, seed):
    items, choices = questionnaire
    shuffle = random.Random(seed)
    rows = [
        type(row)(
            row.code, row.domain, row.points, tuple(shuffle.sample(row.requirements, len(row.requirements)))
        )
        for row in shuffle.sample(items, len(items))
    ]
    one, other = score(items, choices), score(rows, dict(shuffle.sample(list(choices.items()), len(choices))))
    assert figures(one) == figures(other)
    assert set(one.blockers) == set(other.blockers)
    assert (one.results, one.sustained) == (other.results, other.sustained)


@given(questionnaires)
@LAW
def test_the_overall_figure_is_its_domains_weighted_by_their_applicable_points(questionnaire):
    items, choices = questionnaire
    scores = score(items, choices)
    points = {}
    for row in items:
        if reference.applicable(row, choices):
            points[row.domain] = points.get(row.domain, 0) + row.points
    if scores.overall.score is not None:
        for part in ("score", "ceiling"):
            rolled_up = sum(points[d] * getattr(scores.domains[d], part) for d in points if points[d])
            assert getattr(scores.overall, part) == pytest.approx(rolled_up / sum(points.values()), abs=1e-9)
    for count in ("asked", "open", "unknown", "not_applicable"):
        assert getattr(scores.overall, count) == sum(getattr(f, count) for f in scores.domains.values())
        assert getattr(scores.overall, count) == sum(getattr(f, count) for f in scores.items.values())


@given(questionnaires)
@LAW
def test_not_known_instead_of_a_level_lowers_the_score_and_never_the_ceiling(questionnaire):
    items, choices = questionnaire
    before = score(items, choices).overall
    for key in [key for key, choice in choices.items() if choice in ("0", "1", "2", "3")]:
        after = score(items, choices | {key: "unknown"}).overall
        assert after.unknown == before.unknown + 1
        if before.score is not None:
            assert after.score <= before.score <= before.ceiling <= after.ceiling


@given(questionnaires)
@LAW
def test_the_slow_reference_agrees_with_every_figure(questionnaire):
    items, choices = questionnaire
    scores = score(items, choices)
    agree(scores.overall, items, choices)
    for code, figure in scores.domains.items():
        agree(figure, [row for row in items if row.domain == code], choices)
    for code, figure in scores.items.items():
        (row,) = [row for row in items if row.code == code]
        same(figure.score, reference.item_percent(row, choices))
        same(figure.ceiling, reference.item_percent(row, choices, unshown=3))
    same(scores.fundamentals.score, reference.fundamentals_percent(items, choices))
    assert list(scores.blockers) == reference.blockers(items, choices)
    sustained = reference.sustained_percent(items, choices)
    same(100 * scores.sustained / scores.results if scores.results else None, sustained)


def agree(figure, items, choices):
    same(figure.score, reference.percent(items, choices))
    same(figure.ceiling, reference.percent(items, choices, unshown=3))
    exact = reference.percent(items, choices)
    assert figure.percent == (None if exact is None else floor(exact))


def same(ours, exact):
    assert (ours is None) == (exact is None)
    assert ours is None or abs(Fraction(ours) - exact) < Fraction(1, 10**9)


@given(st.floats(0, 100))
@LAW
def test_a_shown_percentage_never_promises_more_than_there_is(value):
    assert value - 1 < whole_percent(value) <= value + 1e-9


@given(st.integers(1, 10_000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
@LAW
def test_a_share_that_meets_a_threshold_exactly_is_never_shown_as_missing_it(share):
    part, whole = share
    assert whole_percent(100 * part / whole) == whole_percent(100 * (part / whole)) == 100 * part // whole
