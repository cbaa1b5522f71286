"""The plans of the demo read like those of real sites, and their days follow the date it is built for."""

import pytest

from assessments.demo import stories
from assessments.models import Action
from assessments.report import action_plan, document
from tests.assessments.demo.command import DAY

PLANNED = ["bank", "outsourcer", "vendor-office"]


@pytest.mark.parametrize("name", PLANNED)
def test_each_plan_has_actions_of_several_states_two_of_them_overdue(told, name):
    actions = list(told[name].actions.all())
    assert 8 <= len(actions) <= 14
    assert len({action.status for action in actions}) >= 4
    assert sum(action.is_overdue(DAY) for action in actions) == 2
    assert any(action.owner for action in actions)
    assert any(action.owner_name for action in actions)


@pytest.mark.parametrize("name", PLANNED)
def test_every_action_closes_gaps_blockers_first(told, name):
    found = document.build(told[name], as_of=DAY)
    gaps = {part.answer.key for part in found.gaps}
    for part in found.actions:
        assert part.keys
        assert set(part.keys) <= gaps, part.title
    covered = {key for part in found.actions for key in part.keys}
    bare = [part for part in found.blockers if part.answer.key not in covered]
    assert len(bare) < len(found.blockers) / 2


@pytest.mark.parametrize("name", PLANNED)
def test_what_is_over_says_since_when_and_nothing_was_planned_in_the_future(told, name):
    for action in told[name].actions.all():
        assert (action.over_since is not None) == action.is_over
        assert action.created_at.date() < DAY
        if action.is_over:
            assert action.created_at.date() <= action.over_since < DAY
        else:
            assert action.due


def test_no_action_is_written_twice_and_each_says_when_it_is_done(built):
    steps = [step for name in stories.NAMES for step in stories.read(name, DAY).actions]
    assert len({step.title for step in steps}) == len(steps) == Action.objects.count()
    assert all(step.done_when for step in steps if step.status != Action.Status.DROPPED)


def test_one_action_is_done_while_its_gap_is_still_open(bank):
    rows = action_plan.rows(document.build(bank, as_of=DAY))
    assert [row.part.title for row in rows if row.still_open] == [
        "Put spread on the page of each team leader"
    ]
