"""What becomes of a plan when its assessment is moved on, and when that is undone."""

import pytest

from assessments.models import Action, Assessment, moves
from tests import factories
from tests.factories import answer

STATUS = Action.Status


@pytest.fixture
def newer(assessment):
    return factories.newer_release()


@pytest.fixture
def answered(assessment):
    answer(assessment, PR1="0011", PR2="0011", PF3="1111")
    return Assessment.objects.with_names().get(pk=assessment.pk)


def plan(assessment, *keys, by, **values):
    answers = assessment.answers.filter(requirement__key__in=keys)
    return Action.objects.add(assessment, answers, by=by, title=" and ".join(keys), **values)


def closes(action):
    """(assessment, keys) of what it closes."""
    stored = Action.objects.get(pk=action.pk)
    found = stored.answers.values_list("assessment", "requirement__key")
    assert {pk for pk, _key in found} <= {stored.assessment_id}, "an action closes gaps of its own assessment"
    return stored.assessment_id, sorted(key for _pk, key in found)


def test_what_is_ahead_goes_along_to_the_same_requirements_and_what_is_over_stays(answered, newer, alice):
    ahead = plan(answered, "pr1-thing-1", "pr1-thing-2", by=alice)
    done = plan(answered, "pr1-thing-3", by=alice, status=STATUS.DONE)
    dropped = plan(answered, "pr1-thing-3", by=alice, status=STATUS.DROPPED)
    successor = moves.move(answered, newer, by=alice)
    assert closes(ahead) == (successor.pk, ["pr1-thing-1", "pr1-thing-2"])
    for over in (done, dropped):
        assert closes(over) == (answered.pk, ["pr1-thing-3"])


def test_a_gap_that_is_not_asked_any_more_comes_back_with_the_undo(answered, newer, alice):
    action = plan(answered, "pr2-thing-3", "pr2-thing-4", by=alice)
    gone = plan(answered, "pr2-thing-4", by=alice)
    successor = moves.move(answered, newer, by=alice)
    assert closes(action) == (successor.pk, ["pr2-thing-3"])
    assert closes(gone) == (successor.pk, [])
    moves.undo(successor)
    assert closes(action) == (answered.pk, ["pr2-thing-3", "pr2-thing-4"])
    assert closes(gone) == (answered.pk, ["pr2-thing-4"])


def test_what_was_planned_and_done_since_the_move_comes_back_too(answered, newer, alice):
    successor = moves.move(answered, newer, by=alice)
    since = plan(successor, "pr1-thing-1", by=alice, status=STATUS.DONE)
    moves.undo(successor)
    assert closes(since) == (answered.pk, ["pr1-thing-1"])


def test_moving_again_gives_back_what_only_the_newer_release_asks(answered, newer, alice):
    successor = moves.move(answered, newer, by=alice)
    action = plan(successor, "pr1-thing-1", "pr1-ai", by=alice)
    moves.undo(successor)
    assert closes(action) == (answered.pk, ["pr1-thing-1"])
    moves.move(answered, newer, by=alice)
    assert closes(action) == (successor.pk, ["pr1-ai", "pr1-thing-1"])


def test_the_next_round_goes_on_with_the_plan(answered, alice):
    action = plan(answered, "pr1-thing-1", by=alice)
    fresh = answered.in_release(answered.release)
    successor = moves.next_round(answered, fresh, by=alice)
    assert closes(action) == (successor.pk, ["pr1-thing-1"])
