"""What is read out of a document beyond its figures."""

from assessments.report import findings, verdicts
from assessments.rules import verdict as stages
from standards.models import Requirement


def told(found):
    return [pattern.finding for pattern in findings.patterns(found)]


def test_the_track_marks_what_is_passed_and_where_one_is(found):
    places = [stage.place for stage in verdicts.stage_track(found(PR1="2323", PR2="2323", PF3="2222"))]
    assert places == ["behind", "here", "ahead", "ahead"]


def test_the_track_claims_no_stage_before_half_is_answered(found):
    assert {stage.place for stage in verdicts.stage_track(found(PR1="33.."))} == {"ahead"}


def test_conditions_stand_beside_what_the_next_stage_and_the_audit_need(found):
    document = found(PR1="2323", PR2="2123", PF3="2222")
    rows = verdicts.condition_rows(document, verdicts.shown_stages(document.verdict))
    assert [(row.name, row.today, *(need.text for need in row.needs)) for row in rows] == [
        ("Score", f"{document.figure.percent}%", "60%", "80%"),
        ("Blockers open", "1", "at most 2", "none"),
        ("Results at target or improving", "4 of 4", "2 of 4", "4 of 4"),
        ("Results at target and sustained", "0 of 4", "2 of 4", "3 of 4"),
    ]
    assert [[need.met for need in row.needs] for row in rows] == [
        [True, False],
        [True, False],
        [True, True],
        [False, False],
    ]


def test_once_the_audit_can_be_booked_one_column_is_left(found):
    document = found(PR1="3333", PR2="3333", PF3="3333")
    assert verdicts.shown_stages(document.verdict) == [stages.AUDIT]
    assert all(need.met for row in verdicts.condition_rows(document, [stages.AUDIT]) for need in row.needs)


def test_a_condition_nothing_can_show_says_so(found):
    document = found(PR1="3333", PR2="3333", PF3="----")
    results = verdicts.condition_rows(document, [stages.AUDIT])[-1]
    assert (results.today, results.needs[0].met) == ("none applies", False)
    assert results.needs[0].text == "75% of at least one"


def test_zeros_in_one_item_are_called_one_plan(found):
    pattern = findings.patterns(found(PR1="0030", PR2="3333", PF3="3333"))[0]
    assert pattern.finding == "All three answers at level 0 are in Topic 1."
    assert pattern.meaning == "They belong to one plan, not three."
    assert pattern.item_code == "PR1"


def test_zeros_that_have_nothing_in_common_say_nothing(found):
    assert not any("level 0" in finding for finding in told(found(PR1="0333", PR2="0333", PF3="0333")))


def test_zeros_about_automated_channels_are_named(found, restart):
    Requirement.objects.filter(position=1).update(human=False)
    restart()
    assert "All three answers at level 0 are about automated channels." in told(
        found(PR1="0333", PR2="0333", PF3="0333")
    )


def test_blockers_crowded_in_one_item_are_where_to_begin(found, restart):
    Requirement.objects.filter(item__code="PR2").update(critical=True, critical_reason="For the test.")
    restart()
    assert "Three of the four blockers are in one item, Topic 2." in told(
        found(PR1="3133", PR2="1113", PF3="3333")
    )


def test_not_known_answers_of_one_item_are_a_finding(found):
    assert "Two answers in Topic 2 are not known." in told(found(PR1="333?", PR2="??33", PF3="3333"))


def test_an_item_nobody_has_answered_is_not_called_bad(found):
    pattern = findings.patterns(found(PR1="3333", PR2="....", PF3="3333"))[0]
    assert (pattern.finding, pattern.item_code) == ("Topic 2 is not answered at all.", "PR2")
    assert pattern.meaning == "Its 0 is an open question, not a finding."


def test_ways_of_working_ahead_of_results_are_told(found):
    assert "Ways of working stand at 100%, results at 33%." in told(found(PR1="3333", PR2="3333", PF3="1111"))
    assert "Results stand at 100%, ways of working at 66%." in told(found(PR1="2222", PR2="2222", PF3="3333"))
    assert not any("Ways of working" in text for text in told(found(PR1="2222", PR2="2222", PF3="2222")))


def test_much_paper_and_little_use_is_told(found):
    assert any(
        text.startswith("66% of the levels given are 1")
        for text in told(found(PR1="1111", PR2="1111", PF3="3333"))
    )


def test_too_little_answered_has_no_pattern(found):
    assert told(found(PR1="0000")) == []


def test_no_more_than_four_patterns_are_told(found):
    assert len(told(found(PR1="0000", PR2="??..", PF3="...."))) <= findings.MOST_PATTERNS


def test_not_known_says_how_far_the_score_could_go(found):
    document = found(PR1="333?", PR2="3?33", PF3="2222")
    unknown = findings.not_known(document)
    assert unknown.title == "Two answers are not known"
    assert unknown.reach == document.figure.ceiling_percent  # nothing is open, so the ceiling is the same sum
    assert f"the score is {unknown.reach}%, not {document.figure.percent}%" in unknown.meaning
    assert "One of them is critical and would be a blocker at level 0 or 1." in unknown.meaning


def test_with_everything_known_there_is_nothing_to_find_out(found):
    assert findings.not_known(found(PR1="3333", PR2="3-.3", PF3="2222")) is None


def test_what_the_gaps_cost_is_said_in_points(found):
    document = found(PR1="3333", PR2="3333", PF3="3330")
    assert findings.gaps_title(document) == "1 gap, no blocker among them"
    assert findings.gaps_cost(document) == "Together they cost 7.5 of 60 applicable points, 12%."
    assert findings.gaps_title(found(PF3="3033")) == "1 gap, one of them a blocker"


def test_the_worked_example_is_the_first_gaps_sum(found):
    document = found(PR1="3333", PR2="3333", PF3="3-13")
    example, gap = findings.worked_example(document), document.gaps[0].gap
    assert (example.code, example.points, example.share) == ("PF3c", 30, "1 ÷ 3")
    assert example.lost == "30 × 1 ÷ 3 × (3 − 1) ÷ 3 = 6.7"
    assert example.priority == "30 × 1 ÷ 3 × (3 − 1) ÷ 3 × 1.5 ÷ 2 = 5.0"
    assert (round(gap.lost, 1), round(gap.priority, 1)) == (6.7, 5.0)


def test_without_a_gap_there_is_no_worked_example(found):
    assert findings.worked_example(found(PR1="3333")) is None
