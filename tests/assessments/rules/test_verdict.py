"""The verdict: the highest stage all of whose conditions are met, and what the next one still takes."""

from dataclasses import replace

import pytest
from hypothesis import find, given
from hypothesis import strategies as st

from assessments.rules.scoring import score
from assessments.rules.verdict import BASELINE, STAGES, Thresholds, judge
from tests.assessments.rules import reference
from tests.assessments.rules.questionnaires import LAW, item, questionnaires, together

FUNDAMENTAL, RESULT, CRITICAL = {"fundamental": True}, {"result": True}, {"critical": True}

SHIPPED = Thresholds()


def verdict(*parts, thresholds=SHIPPED):
    return judge(score(*together(*parts)), thresholds)


def site(practice="3", fundamental="3", result="3", critical="3"):
    """One requirement of each kind, so that each condition can be moved on its own."""
    return item(
        points=100,
        a=(practice, {"weight": 9}),
        b=(fundamental, FUNDAMENTAL),
        c=(result, RESULT),
        d=(critical, CRITICAL),
    )


# ---- examples ---------------------------------------------------------------------------------------------------


def test_a_site_with_everything_in_place_may_book_the_audit_and_misses_nothing():
    best = verdict(site())
    assert (best.stage, best.next_stage, best.missing) == ("audit", None, [])


def test_weak_fundamentals_come_before_everything_else():
    weak = verdict(site(fundamental="1"))
    assert weak.stage == "fundamentals"
    assert [(c.name, c.today, c.needed) for c in weak.missing] == [("fundamentals", 33, 40)]


def test_a_low_score_is_no_baseline_even_with_fundamentals_in_place():
    low = verdict(site(practice="0", critical="2"))
    assert low.stage == "fundamentals"
    assert [(c.name, c.today) for c in low.missing] == [("score", 22)]


def test_three_blockers_hold_a_site_at_the_baseline():
    blockers = item(code="PR2", points=1, x=("1", CRITICAL), y=("1", CRITICAL), z=("1", CRITICAL))
    held = verdict(site(), blockers)
    assert held.stage == "baseline"
    assert [(c.name, c.today, c.bound, c.needed) for c in held.missing] == [("blockers", 3, "at most", 2)]


def test_one_blocker_is_implementing_and_not_yet_an_audit():
    held = verdict(site(critical="1"))
    assert held.stage == "implementing"
    assert [c.name for c in held.missing] == ["blockers"]


def test_results_that_are_not_sustained_hold_a_site_at_the_baseline():
    held = verdict(site(result="2"))
    assert held.stage == "baseline"
    assert [(c.name, c.today, c.needed) for c in held.missing] == [("results", 0, 30)]


def test_a_condition_that_nothing_can_show_is_not_met():
    held = verdict(site(result="na"))
    assert held.stage == "baseline"
    assert [(c.name, c.today, c.met) for c in held.missing] == [
        ("reached", None, False),
        ("results", None, False),
    ]


def test_a_site_to_which_nothing_applies_starts_at_the_first_stage():
    nothing = verdict(item(a="na"))
    assert nothing.stage == "fundamentals"
    assert {c.name for c in nothing.missing} == {"score", "fundamentals"}


def test_a_threshold_met_exactly_is_met():
    two_of_three = item(a=("3", FUNDAMENTAL), b=("3", FUNDAMENTAL), c=("0", FUNDAMENTAL))
    scores = score(*together(two_of_three))
    needed = replace(Thresholds(), baseline_fundamentals=66, baseline_score=66)
    assert judge(scores, needed).stage == "baseline"
    assert judge(scores, replace(needed, baseline_score=67)).stage == "fundamentals"


def test_a_later_stage_is_not_reached_past_an_earlier_one_that_is_set_higher():
    odd = Thresholds(implementing_score=100, audit_score=10)
    assert verdict(site(practice="2"), thresholds=odd).stage == "baseline"


# ---- laws -------------------------------------------------------------------------------------------------------

PERCENT, COUNT = st.integers(0, 100), st.integers(0, 4)
thresholds = st.builds(Thresholds, PERCENT, PERCENT, PERCENT, COUNT, PERCENT, PERCENT, COUNT, PERCENT)


@given(questionnaires, thresholds)
@LAW
def test_raising_a_level_never_lowers_the_stage(questionnaire, needed):
    items, choices = questionnaire
    before = STAGES.index(judge(score(items, choices), needed).stage)
    for key in [key for key, choice in choices.items() if choice in ("0", "1", "2")]:
        raised = choices | {key: str(int(choices[key]) + 1)}
        assert STAGES.index(judge(score(items, raised), needed).stage) >= before


@given(questionnaires, thresholds)
@LAW
def test_the_slow_reference_reaches_the_same_stage(questionnaire, needed):
    assert judge(score(*questionnaire), needed).stage == reference.stage(*questionnaire, needed)


@given(questionnaires, thresholds)
@LAW
def test_what_is_missing_is_exactly_what_keeps_a_site_from_the_next_stage(questionnaire, needed):
    scores = score(*questionnaire)
    reached = judge(scores, needed)
    assert bool(reached.missing) == (reached.stage != STAGES[-1])
    for condition in reached.missing:
        assert not condition.met
        assert condition.today is None or condition.today != condition.needed
    waived = {f"{reached.next_stage}_{c.name}": 0 if c.bound == "at least" else 99 for c in reached.missing}
    if waived and all(condition.today is not None for condition in reached.missing):
        assert STAGES.index(judge(scores, replace(needed, **waived)).stage) > STAGES.index(reached.stage)


@given(questionnaires)
@LAW
def test_not_applicable_does_not_move_the_verdict(questionnaire):
    items, choices = questionnaire
    asked = {key: choice for key, choice in choices.items() if choice != "na"}
    assert judge(score(items, choices)) == judge(score(items, asked))


@pytest.mark.parametrize("stage", STAGES)
def test_the_random_questionnaires_do_reach_every_stage(stage):
    """Without this the laws above would hold of little."""
    find(
        st.tuples(questionnaires, thresholds), lambda drawn: judge(score(*drawn[0]), drawn[1]).stage == stage
    )


def test_a_quick_scan_leads_no_further_than_a_baseline():
    reached = judge(score(*together(site())), furthest=BASELINE)
    assert (reached.stage, reached.next_stage, reached.furthest) == (BASELINE, None, BASELINE)
    assert verdict(site()).stage == STAGES[-1]


def test_a_self_check_leads_to_no_stage():
    reached = judge(score(*together(site())), furthest=None)
    assert (reached.stage, reached.next_stage, reached.missing, reached.conditions) == (None, None, [], {})
