"""Is COPC for us? What an honest adviser would say to described centres, and what holds for any answers at all."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessments.rules import fit
from assessments.rules.fit import CHOICES, SEVERAL, VERDICTS, Answers, check, read
from tests.assessments.rules.centres import CENTRES, answers
from tests.assessments.rules.questionnaires import LAW

any_answers = st.builds(
    Answers,
    **{
        question: st.lists(st.sampled_from(choices), unique=True).map(
            lambda found: tuple(name for name in CHOICES[SEVERAL] if name in found)
        )
        if question == SEVERAL
        else st.sampled_from(choices)
        for question, choices in CHOICES.items()
    },
)
# Questions whose choices stand in order: a later one is never worse for the verdict.
BETTER_LATER = ("seats", "badge", "owner", "review", "horizon", "budget")


def rank(given_answers):
    return VERDICTS.index(check(given_answers).verdict)


# ---- described centres ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("centre", CENTRES, ids=lambda centre: centre.name)
def test_an_honest_adviser_would_sign(centre):
    found = check(centre.answers)
    assert found.verdict == centre.verdict
    assert found.variants == centre.variants
    assert centre.reason in [(reason.question, reason.key, reason.weight) for reason in found.reasons]
    assert centre.limit in found.limits if centre.limit else found.limits == ()


def test_the_table_holds_every_verdict_and_every_variant():
    assert len(CENTRES) >= 12
    assert {centre.verdict for centre in CENTRES} == set(VERDICTS)
    assert {code for centre in CENTRES for code in centre.variants} == {"CSP", "OSP", "VMO"}


def test_wishing_to_make_one_site_alike_counts_for_nothing():
    alone = check(answers(why="consistency"))
    assert (alone.verdict, alone.limits) == ("neutral", ("nothing-calls",))
    assert ("why", "consistency-alone", 0) in [(r.question, r.key, r.weight) for r in alone.reasons]
    assert check(answers(why="consistency", sites="few")).verdict == "fits"


def test_a_board_that_would_do_all_of_the_work_anyway_may_want_the_badge_too():
    assert check(answers(seats="500-up", why="image", badge="yes")).verdict == "fits"
    assert check(answers(seats="500-up", why="image", badge="partly")).limits == ("badge", "points")
    assert check(answers(seats="500-up", why="image", badge="unsure")).limits == ("image",)


def test_alternatives_pitfalls_and_ranges_follow_the_answers():
    found = check(
        answers(operation="vendors", fundamentals=["quality", "figures"], why="regulator", owner="nobody")
    )
    assert [(way.key, way.why) for way in found.alternatives] == [
        ("quick", "fundamentals"),
        ("maturity", "start"),
        ("practitioner", "domestic"),
        ("iso", "regulator"),
    ]
    assert [(pitfall.key, pitfall.question) for pitfall in found.pitfalls] == [
        ("fundamentals-later", "fundamentals"),
        ("side-job", "owner"),
        ("regulator-words", "why"),
        ("vendors-apart", "operation"),
        ("renewal", ""),
    ]
    assert (found.time.prepare, found.time.implement) == ((6, 12), (12, 24))
    assert found.time.longer == ("fundamentals", "owner")
    assert (found.cost.band, found.cost.more) == ("middle", ("seats", "fundamentals"))


def test_the_ranges_end_where_the_public_ones_do():
    best, worst = answers(), answers(owner="nobody", review="no", sites="many", automation="most")
    assert check(best).time.implement == (12, 18)
    assert check(worst).time.implement == (18, 24)
    assert check(answers(seats="under-50")).cost.band == "lower"
    assert check(answers(seats="500-up", sites="many", budget="full")).cost.band == "upper"


# ---- laws -------------------------------------------------------------------------------------------------------


@LAW
@given(any_answers)
def test_any_answers_lead_to_a_verdict_with_its_reasons(found):
    said = check(found)
    assert said.verdict in VERDICTS
    assert [reason.question for reason in said.reasons] == list(CHOICES)
    assert said.reasons_for or said.reasons_against
    assert sum(reason.weight for reason in (*said.reasons_for, *said.reasons_against)) == said.points
    assert (said.limits == ()) == (said.verdict == "fits")
    assert said.variants
    assert said.badge_test == found.badge


@LAW
@given(any_answers)
def test_any_answers_lead_to_alternatives_pitfalls_and_ranges_of_a_readable_length(found):
    said = check(found)
    keys = [way.key for way in said.alternatives]
    assert 2 <= len(keys) <= fit.MOST_ALTERNATIVES
    assert len(set(keys)) == len(keys)
    assert 1 <= len(said.pitfalls) <= fit.MOST_PITFALLS
    assert len({pitfall.key for pitfall in said.pitfalls}) == len(said.pitfalls)
    low, high = said.time.implement
    assert 12 <= low < high <= 24
    assert (said.time.prepare is None) == (not found.missing)
    assert not set(said.time.longer) & set(said.time.shorter)
    assert not set(said.cost.more) & set(said.cost.less)


@LAW
@given(any_answers)
def test_dropping_a_fundamental_never_turns_the_verdict_better(found):
    for name in found.fundamentals:
        without = replace(found, fundamentals=tuple(kept for kept in found.fundamentals if kept != name))
        assert rank(without) <= rank(found)


@LAW
@given(any_answers, st.sampled_from(BETTER_LATER))
def test_a_better_answer_never_turns_the_verdict_worse(found, question):
    ranks = [rank(replace(found, **{question: choice})) for choice in CHOICES[question]]
    assert ranks == sorted(ranks)


@LAW
@given(any_answers)
def test_more_sites_never_speak_against_it_and_never_cost_less(found):
    said = [check(replace(found, sites=choice)) for choice in CHOICES["sites"]]
    assert [VERDICTS.index(each.verdict) for each in said] == sorted(
        VERDICTS.index(each.verdict) for each in said
    )
    heights = [("lower", "middle", "upper").index(each.cost.band) for each in said]
    assert heights == sorted(heights)


@LAW
@given(any_answers)
def test_two_missing_fundamentals_decide_alone(found):
    assert (check(found).verdict == "fundamentals") == (len(found.missing) >= 2)


@LAW
@given(any_answers)
def test_what_decides_the_variant_decides_nothing_else(found):
    verdicts = {check(replace(found, operation=choice)).verdict for choice in CHOICES["operation"]}
    assert len(verdicts) == 1


# ---- answers in and out -----------------------------------------------------------------------------------------


@LAW
@given(any_answers)
def test_answers_come_back_from_what_is_stored_and_from_an_address(found):
    assert read(found.as_dict()) == found
    carried = {}
    for question, choice in found.pairs():
        carried.setdefault(question, []).append(choice)
    several = [choice for choice in carried.pop(SEVERAL) if choice != fit.NONE]
    assert read({**{question: choice for question, (choice,) in carried.items()}, SEVERAL: several}) == found


def test_the_order_in_which_fundamentals_are_ticked_makes_no_difference():
    assert answers(fundamentals=["figures", "forecasting"]) == answers(
        fundamentals=["forecasting", "figures"]
    )


@pytest.mark.parametrize(
    ("question", "choice"),
    [
        ("seats", "a million"),
        ("seats", None),
        ("why", ["demand"]),
        (SEVERAL, "quality"),
        (SEVERAL, ["quality", "x"]),
        (SEVERAL, [{}]),
    ],
)
def test_what_is_no_answer_names_its_question(question, choice):
    given_answers = answers().as_dict() | {question: choice}
    with pytest.raises(ValueError, match=f"^{question}$"):
        read(given_answers)


def test_a_question_left_out_is_named_too():
    with pytest.raises(ValueError, match=r"^operation$"):
        read({})


def test_every_weight_belongs_to_an_answer():
    for question, weights in fit.WEIGHTS.items():
        known = set(CHOICES[question]) | {"all", "one-missing", "more-missing"}
        assert set(weights) <= known, question
