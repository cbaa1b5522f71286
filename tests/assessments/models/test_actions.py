"""Planning an action, changing it beside others, and what over means."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils import timezone

from assessments.models import Action, ActionConflict, Assessment
from tests.factories import answer

STATUS = Action.Status


@pytest.fixture
def gaps(assessment):
    answer(assessment, PR1="0123")
    return list(assessment.answers.in_item("PR1").in_order())


@pytest.fixture
def action(assessment, gaps, bob):
    return Action.objects.add(assessment, gaps[:1], by=bob, title="List the teams", due=date(2026, 5, 1))


def again(action):
    return Action.objects.get(pk=action.pk)


def close(assessment):
    Assessment.objects.filter(pk=assessment.pk).update(continued_at=timezone.now())


def test_a_second_click_finds_the_action_and_makes_no_twin(gaps, bob, alice):
    first, made = Action.objects.plan(gaps[0], by=bob, title="List the teams")
    second, made_again = Action.objects.plan(gaps[0], by=alice, title="Something else")
    assert (made, made_again) == (True, False)
    assert second == first
    assert again(first).title == "List the teams"
    assert list(first.answers.all()) == gaps[:1]


def test_a_gap_whose_action_was_dropped_can_be_planned_anew(gaps, bob):
    first, _made = Action.objects.plan(gaps[0], by=bob, title="List the teams")
    first.move(STATUS.DROPPED, seen=STATUS.TO_DO, by=bob)
    second, made = Action.objects.plan(gaps[0], by=bob, title="List the teams")
    assert made
    assert second != first


def test_a_change_counts_and_says_who_made_it(action, alice, gaps):
    assert action.change({"title": "List every team"}, answers=gaps[:2], by=alice, version=0)
    stored = again(action)
    assert (stored.title, stored.version, stored.changed_by) == ("List every team", 1, alice)
    assert set(stored.answers.all()) == set(gaps[:2])


def test_a_change_of_what_somebody_changed_meanwhile_is_a_conflict_and_stores_nothing(action, alice, bob):
    action.change({"title": "List every team"}, by=alice, version=0)
    with pytest.raises(ActionConflict) as conflict:
        action.change({"title": "List no team"}, by=bob, version=0)
    assert (conflict.value.stored.title, conflict.value.stored.changed_by) == ("List every team", alice)
    assert again(action).title == "List every team"


def test_the_gaps_it_closes_are_part_of_a_conflict(action, alice, bob, gaps):
    action.change({}, answers=gaps[:2], by=alice, version=0)
    with pytest.raises(ActionConflict):
        action.change({}, answers=gaps[:3], by=bob, version=0)
    assert again(action).answers.count() == 2


def test_a_repeat_of_a_stored_change_is_none_and_no_conflict(action, alice):
    action.change({"title": "List every team"}, by=alice, version=0)
    assert not action.change({"title": "List every team"}, by=alice, version=0)
    assert again(action).version == 1


def test_a_status_set_on_the_board_stands_beside_another_change(action, alice, bob):
    action.change({"title": "List every team"}, by=alice, version=0)
    action.move(STATUS.DOING, seen=STATUS.TO_DO, by=bob)
    assert (again(action).title, again(action).status) == ("List every team", STATUS.DOING)
    with pytest.raises(ActionConflict):
        action.move(STATUS.DONE, seen=STATUS.TO_DO, by=alice)
    assert again(action).status == STATUS.DOING


def test_over_since_is_the_day_at_the_site_and_goes_when_it_is_opened_again(action, assessment, bob):
    action.move(STATUS.DONE, seen=STATUS.TO_DO, by=bob)
    assert again(action).over_since == assessment.site.today()
    Action.objects.update(over_since=date(2026, 1, 5))
    action.change({"note": "Seen by Rita."}, by=bob, version=1)
    assert again(action).over_since == date(2026, 1, 5), "another change is not another end"
    action.move(STATUS.TO_DO, seen=STATUS.DONE, by=bob)
    assert again(action).over_since is None


def test_overdue_is_what_was_due_before_the_day_and_is_not_over(action, bob):
    assert action.is_overdue(date(2026, 5, 2))
    assert not action.is_overdue(date(2026, 5, 1))
    action.move(STATUS.DROPPED, seen=STATUS.TO_DO, by=bob)
    assert not again(action).is_overdue(date(2026, 5, 2))


def test_where_an_assessment_is_for_reading_nothing_of_its_plan_changes(action, assessment, gaps, bob):
    close(assessment)
    doings = [
        lambda: Action.objects.plan(gaps[1], by=bob, title="More"),
        lambda: Action.objects.add(assessment, gaps, by=bob, title="More"),
        lambda: action.change({"title": "Other"}, by=bob, version=0),
        lambda: action.move(STATUS.DONE, seen=STATUS.TO_DO, by=bob),
        lambda: Action.objects.change_all(assessment, {action.pk: 0}, {"status": STATUS.DONE}, by=bob),
        action.remove,
    ]
    for doing in doings:
        with pytest.raises(PermissionDenied):
            doing()
    assert (Action.objects.count(), again(action).version) == (1, 0)


def test_several_are_changed_together_or_none_is(assessment, action, gaps, alice, bob):
    other = Action.objects.add(assessment, gaps[1:2], by=bob, title="Ask the agents")
    seen = {action.pk: 0, other.pk: 0}
    assert Action.objects.change_all(assessment, seen, {"owner": bob, "owner_name": ""}, by=alice) == 2
    action.change({"note": "Meanwhile"}, by=bob, version=1)
    with pytest.raises(ActionConflict):
        Action.objects.change_all(assessment, {other.pk: 1, action.pk: 1}, {"status": STATUS.DONE}, by=alice)
    assert {again(each).status for each in (action, other)} == {STATUS.TO_DO}


def test_one_that_was_removed_stops_a_change_to_several(assessment, action, gaps, alice, bob):
    other = Action.objects.add(assessment, gaps[1:2], by=bob, title="Ask the agents")
    seen = {action.pk: 0, other.pk: 0}
    action.remove()
    with pytest.raises(ActionConflict):
        Action.objects.change_all(assessment, seen, {"status": STATUS.DOING}, by=alice)
    assert again(other).status == STATUS.TO_DO


def test_the_database_refuses_two_owners_and_a_day_before_the_start(action, bob):
    for wrong in ({"owner": bob, "owner_name": "Alison"}, {"start": action.due + timedelta(days=1)}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Action.objects.filter(pk=action.pk).update(**wrong)
