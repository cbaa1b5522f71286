"""What if: closing gaps on paper gives what closing them gives, and the laws that follow from it."""

import random

from hypothesis import given
from hypothesis import strategies as st

from assessments.rules import scoring, verdict
from assessments.rules.priorities import rank_gaps
from assessments.rules.results import shares
from assessments.rules.what_if import Measure, Standing
from tests.assessments.rules.questionnaires import (
    LAW,
    every_requirement,
    item,
    questionnaires,
    together,
)

RESULT = {"result": True}


def measured(items, choices, level=1, *keys):
    """A standing in which one metric of that level shows the requirements `keys`."""
    return Standing(choices, (Measure(level, frozenset(keys)),), frozenset(keys))


# ---- examples ---------------------------------------------------------------------------------------------------


def test_a_closed_gap_counts_as_at_its_target():
    items, choices = together(item(a=("0", {"target": 2}), b="3"))
    after = Standing(choices).closing(items, {"a"})
    assert after.choices == {"a": "2", "b": "3"}
    assert after.scores(items).overall.score == scoring.score(items, {"a": "2", "b": "3"}).overall.score


def test_a_closed_blocker_blocks_no_more():
    items, choices = together(item(a=("1", {"critical": True}), b=("0", {"critical": True})))
    assert Standing(choices).closing(items, {"b"}).scores(items).blockers == ("a",)


def test_what_has_no_level_or_is_at_target_is_left_as_it_is():
    items, choices = together(item(a="", b="unknown", c="na", d="3", e=("3", {"target": 2})))
    assert Standing(choices).closing(items, {"a", "b", "c", "d", "e", "nobody"}).choices == choices


def test_a_closed_result_brings_its_metric_to_the_same_level():
    items, choices = together(item(a=("1", RESULT), b=("1", RESULT)))
    before = measured(items, choices, 1, "a")
    after = before.closing(items, {"a"})
    assert after.measures[0].level == 3
    assert (before.scores(items).sustained, after.scores(items).sustained) == (0, 1)
    assert after.scores(items).results == 2  # the metric, and b that no metric shows


def test_a_metric_that_was_raised_lifts_whatever_else_it_shows():
    items, choices = together(item(a=("1", RESULT), b=("1", RESULT)))
    assert measured(items, choices, 1, "a", "b").closing(items, {"a"}).choices == {"a": "3", "b": "3"}


def test_what_another_metric_holds_down_is_not_lifted_above_it():
    items, choices = together(item(a=("1", RESULT), b=("1", RESULT)))
    measures = (Measure(1, frozenset("ab")), Measure(2, frozenset("b")))
    after = Standing(choices, measures, frozenset("ab")).closing(items, {"a"})
    assert after.choices == {"a": "3", "b": "2"}
    assert [measure.level for measure in after.measures] == [3, 2]


def test_an_overruled_level_moves_without_its_metric():
    items, choices = together(item(a=("1", RESULT)))
    overruled = Standing(choices, (Measure(0, frozenset("a")),), frozenset())
    after = overruled.closing(items, {"a"})
    assert after.measures[0].level == 0
    assert after.scores(items).sustained == 1


# ---- laws -------------------------------------------------------------------------------------------------------


@st.composite
def standings(draw):
    """A questionnaire with metrics behind some of its results, each following level the worst of its metrics."""
    items, choices = draw(questionnaires)
    results = [
        r.key for r in every_requirement(items) if r.result and choices.get(r.key) in scoring.LEVEL_CHOICES
    ]
    names = st.frozensets(st.sampled_from(results), min_size=1) if results else st.nothing()
    measures = (
        tuple(draw(st.lists(st.builds(Measure, st.integers(0, 3), names), max_size=4))) if results else ()
    )
    overruled = draw(st.frozensets(st.sampled_from(results))) if results else frozenset()
    following = frozenset(key for measure in measures for key in measure.shows) - overruled
    shown = {
        key: str(min(measure.level for measure in measures if key in measure.shows)) for key in following
    }
    return items, Standing(choices | shown, measures, following)


def keys_of(items, choices, seed):
    """Some of its gaps, and some names of what is none."""
    chance = random.Random(seed)
    return {r.key for r in every_requirement(items) if chance.random() < 0.5} | {"nobody"}


SEEDS = st.integers(0, 2**32)


def really(items, standing, keys):
    """The figures after recording the target of each gap in turn: metrics first, then every level follows the worst of its
    metrics, and the shares are counted as for a document."""
    gaps = {gap.key: gap.target for gap in rank_gaps(items, standing.choices)}
    levels = [measure.level for measure in standing.measures]
    choices = dict(standing.choices)
    for key in sorted(keys & gaps.keys()):
        if key not in standing.following:
            choices[key] = str(gaps[key])
            continue
        for place, measure in enumerate(standing.measures):
            if key in measure.shows:
                levels[place] = max(levels[place], gaps[key])
    for key in standing.following:
        shown = [level for level, m in zip(levels, standing.measures, strict=True) if key in m.shows]
        choices[key] = str(min(shown))
    result = {r.key for r in every_requirement(items) if r.result}
    alone = [
        scoring.level_of(choice)
        for key, choice in choices.items()
        if key in result - standing.following and choice != "na"
    ]
    counted = [
        level for level, m in zip(levels, standing.measures, strict=True) if m.shows & standing.following
    ]
    return choices, scoring.score(items, choices).with_metrics(shares([], counted + alone))


@LAW
@given(standings(), SEEDS)
def test_closing_gaps_gives_the_score_blockers_and_verdict_that_recording_them_gives(found, seed):
    items, standing = found
    keys = keys_of(items, standing.choices, seed)
    after = standing.closing(items, keys)
    choices, scores = really(items, standing, keys)
    assert after.choices == choices
    assert after.scores(items) == scores
    assert verdict.judge(after.scores(items)) == verdict.judge(scores)


@LAW
@given(questionnaires, SEEDS)
def test_without_metrics_closing_is_scoring_with_the_targets_in_place_of_the_levels(found, seed):
    items, choices = found
    keys = keys_of(items, choices, seed)
    gaps = {gap.key: str(gap.target) for gap in rank_gaps(items, choices) if gap.key in keys}
    assert Standing(choices).closing(items, keys).scores(items) == scoring.score(items, choices | gaps)


@LAW
@given(standings())
def test_closing_nothing_is_today(found):
    items, standing = found
    assert standing.closing(items, set()) == standing


@LAW
@given(standings(), SEEDS, SEEDS)
def test_closing_more_never_lowers_anything(found, seed, other):
    items, standing = found
    some = keys_of(items, standing.choices, seed)
    more = some | keys_of(items, standing.choices, other)
    less, much = (standing.closing(items, keys).scores(items) for keys in (some, more))
    pairs = [(less.overall, much.overall), (less.fundamentals, much.fundamentals)]
    pairs += [(less.domains[code], much.domains[code]) for code in less.domains]
    pairs += [(less.items[code], much.items[code]) for code in less.items]
    for low, high in pairs:
        assert low.score is high.score is None or low.score <= high.score
        assert low.ceiling is high.ceiling is None or low.ceiling <= high.ceiling
    assert set(much.blockers) <= set(less.blockers)
    assert (less.reached, less.sustained, less.results) <= (much.reached, much.sustained, much.results)
    assert less.sustained <= much.sustained
    places = [verdict.STAGES.index(verdict.judge(scores).stage) for scores in (less, much)]
    assert places == sorted(places)


@LAW
@given(standings(), SEEDS)
def test_the_order_and_the_number_of_steps_make_no_difference(found, seed):
    items, standing = found
    keys = sorted(keys_of(items, standing.choices, seed))
    random.Random(seed).shuffle(keys)
    one_by_one = standing
    for key in keys:
        one_by_one = one_by_one.closing(items, {key})
    assert one_by_one.scores(items) == standing.closing(items, set(keys)).scores(items)


@LAW
@given(standings(), SEEDS)
def test_what_is_open_not_known_or_not_applicable_stays_so(found, seed):
    items, standing = found
    after = standing.closing(items, keys_of(items, standing.choices, seed))
    for key, choice in standing.choices.items():
        if choice not in scoring.LEVEL_CHOICES:
            assert after.choices[key] == choice
    before, then = standing.scores(items).overall, after.scores(items).overall
    assert (before.open, before.unknown, before.asked) == (then.open, then.unknown, then.asked)
