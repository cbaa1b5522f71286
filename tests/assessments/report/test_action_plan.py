"""What a plan comes to in a sentence, and how its steps stand to the gaps as these are now."""

from datetime import date

import pytest

from assessments.models import Action, Assessment
from assessments.report import action_plan, document
from standards.models import Standard
from tests.factories import answer

DAY = date(2026, 11, 20)
STATUS = Action.Status


@pytest.fixture
def uneven(assessment):
    answer(assessment, PR1="0123", PR2="11?3", PF3="1.2-")
    return assessment


def read(assessment):
    return document.build(Assessment.objects.with_names().get(pk=assessment.pk), as_of=DAY)


def plan(assessment, *keys, by, **values):
    answers = assessment.answers.filter(requirement__key__in=keys)
    return Action.objects.add(assessment, answers, by=by, title="Do it", **values)


def test_the_finding_counts_gaps_once_names_what_is_late_and_which_blockers_have_none(uneven, alice):
    plan(uneven, "pr1-thing-1", "pr1-thing-3", by=alice, due=date(2026, 11, 19))
    plan(uneven, "pr1-thing-1", by=alice, due=DAY)
    assert action_plan.finding(read(uneven)) == (
        "Two actions close 2 of 7 gaps; one is overdue, two blockers have none yet."
    )


def test_what_is_over_closes_nothing_in_the_finding(uneven, alice):
    plan(uneven, "pr1-thing-1", by=alice, status=STATUS.DONE, due=date(2026, 1, 1))
    plan(uneven, "pr1-thing-1", by=alice, status=STATUS.DROPPED)
    found = read(uneven)
    assert action_plan.finding(found) == "No action is under way for any of the 7 gaps."
    assert action_plan.to_answer_again(action_plan.rows(found)) == (
        "One action is done, and its gap is still open. Answer it again."
    )


def test_a_finding_with_nothing_late_and_every_blocker_planned_ends_there(uneven, alice):
    plan(uneven, "pr1-thing-2", "pr2-thing-2", by=alice)
    assert action_plan.finding(read(uneven)) == "One action closes 2 of 7 gaps."


def test_a_self_check_speaks_of_urgent_gaps(uneven, alice):
    Standard.objects.update(leads_to_audit=False)
    plan(uneven, "pr1-thing-1", by=alice)
    assert (
        action_plan.finding(read(uneven)) == "One action closes 1 of 7 gaps; two urgent gaps have none yet."
    )


def test_without_a_gap_there_is_nothing_to_plan_for(assessment):
    found = action_plan.finding(read(assessment))
    assert found == "No answer is below its target, so there is no gap to plan for."


def test_a_row_says_which_of_its_gaps_are_still_open_once_it_is_done(uneven, alice):
    plan(uneven, "pr1-thing-1", "pr1-thing-2", by=alice, status=STATUS.DONE)
    answer(uneven, PR1="3123")
    [row] = action_plan.rows(read(uneven))
    assert [(each.answer.key, each.open, each.domain) for each in row.closes] == [
        ("pr1-thing-1", False, "PR"),
        ("pr1-thing-2", True, "PR"),
    ]
    assert [each.answer.level for each in row.still_open] == [1]
    answer(uneven, PR1="3323")
    [row] = action_plan.rows(read(uneven))
    assert row.still_open == []


def test_an_action_without_a_gap_left_is_still_a_row(uneven, alice):
    plan(uneven, by=alice)
    [row] = action_plan.rows(read(uneven))
    assert row.closes == ()


def test_the_days_something_is_late_are_counted_to_the_day_of_the_document(uneven, alice):
    plan(uneven, "pr1-thing-1", by=alice, due=date(2026, 11, 19))
    plan(uneven, "pr1-thing-2", by=alice, due=date(2026, 11, 1))
    plan(uneven, "pr1-thing-3", by=alice, due=DAY)
    assert [row.overdue for row in action_plan.rows(read(uneven))] == ["19 days overdue", "1 day overdue", ""]


def test_the_board_has_a_column_for_what_was_dropped_only_where_something_was(uneven, alice):
    step = plan(uneven, "pr1-thing-1", by=alice)
    names = [status.value for status, _rows in action_plan.columns(action_plan.rows(read(uneven)))]
    assert names == ["to-do", "doing", "waiting", "done"]
    step.move(STATUS.DROPPED, seen=STATUS.TO_DO, by=alice)
    *_others, (status, rows) = action_plan.columns(action_plan.rows(read(uneven)))
    assert (status, len(rows)) == (STATUS.DROPPED, 1)


def test_a_gap_names_what_is_planned_for_it_and_nothing_that_was_dropped(uneven, alice):
    step = plan(uneven, "pr1-thing-1", by=alice)
    plan(uneven, "pr1-thing-1", by=alice, status=STATUS.DROPPED)
    found = read(uneven)
    assert [(part.id, name) for part, name in action_plan.planned(found, "pr1-thing-1")] == [
        (step.pk, "To do")
    ]
    assert action_plan.planned(found, "pr1-thing-2") == []
