"""Key themes are named only where the answers carry them."""

import dataclasses

from assessments.report import themes


def titled(patterns):
    return [pattern.title for pattern in patterns]


def test_with_little_answered_there_is_nothing_to_say(found):
    told = found(PR1="0...")
    assert themes.title(told) == ""
    assert themes.strengths(told) == themes.causes(told) == []


def test_items_in_place_are_strengths_the_heaviest_first(found):
    told = found(PR1="3333", PR2="3332", PF3="0000")
    assert titled(themes.strengths(told)) == ["Topic 2 is in place", "Topic 1 is in place"]
    assert "Score 91%; three of four requirements at level 3, none below 2." in [
        strength.finding for strength in themes.strengths(told)
    ]


def test_an_item_with_a_level_below_2_or_an_open_answer_is_no_strength(found):
    assert themes.strengths(found(PR1="333.", PR2="3331", PF3="0000")) == []


def test_where_there_is_no_strength_the_nearest_item_is_named(found):
    told = found(PR1="2100", PR2="0000", PF3="0000")
    assert (
        themes.nearest(told) == "No item and no kind of result is in place yet. Topic 1 is nearest, at 25%."
    )


def test_claims_without_evidence_are_a_cause_with_the_gaps_behind_it(found):
    told = found(PR1="2222", PR2="2222", PF3="0000")
    (cause,) = [c for c in themes.causes(told) if c.title == "Much is claimed that nothing shows yet"]
    assert cause.finding == "8 of 8 answers at level 2 or 3 have no evidence beside them."
    assert len(cause.keys) == 8


def test_the_causes_that_cost_most_come_first_and_the_title_counts_their_gaps(found):
    told = found(PR1="0000", PR2="1111", PF3="0000")
    lost = {part.answer.key: part.gap.lost for part in told.gaps}
    weights = [sum(lost.get(key, 0) for key in cause.keys) for cause in themes.causes(told)]
    assert weights == sorted(weights, reverse=True)
    behind = {key for cause in themes.causes(told) for key in cause.keys} & lost.keys()
    assert f"behind {len(behind)} of {len(told.gaps)} gaps" in themes.title(told)


def test_blockers_that_no_action_takes_up_are_a_cause_once_there_is_a_plan(found, assessment_action):
    told = found(PR1="3033", PR2="3033", PF3="3333")
    assert "What weighs most has no owner" not in titled(themes.causes(told))
    planned = dataclasses.replace(told, actions=(assessment_action(told.blockers[0].answer),))
    (cause,) = [c for c in themes.causes(planned) if c.title == "What weighs most has no owner"]
    assert cause.keys == {told.blockers[1].answer.key}
    assert told.blockers[1].answer.code in cause.finding
