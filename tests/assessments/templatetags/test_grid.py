"""A row of the grid says of its save what the item page says."""

from datetime import UTC, datetime, timedelta

import pytest
from django.template.loader import render_to_string

from assessments.forms.answers import AnswerForm
from assessments.models import Answer
from assessments.templatetags import grid

NOW = datetime(2030, 7, 1, 13, 2, tzinfo=UTC)


@pytest.fixture
def answer(assessment):
    return assessment.answers.in_order().select_related("assessment").first()


def changed(answer, **fields):
    Answer.objects.filter(pk=answer.pk).update(**fields)
    return Answer.objects.select_related("requirement__item", "answered_by", "noted_by").get(pk=answer.pk)


def both(row, user, may_answer):
    page = {"row": row, "user": user, "may_answer": may_answer}
    ours = grid._state(row, page | {"now": grid._now()}) + "\n"
    theirs = render_to_string("assessments/_answer_state.html", page)
    return ours.replace("> PR1a<", "> a<"), theirs  # a row's button names the whole code


@pytest.mark.parametrize("may_answer", [True, False])
@pytest.mark.parametrize("by", ["bob", "alice", None])
@pytest.mark.parametrize("days", [0, 40, 400])
@pytest.mark.parametrize("state", ["open", "chosen", "noted", "both", "carried"])
def test_it_is_word_for_word_the_state_of_the_item_page(
    answer, bob, alice, time_machine, may_answer, by, days, state
):
    time_machine.move_to(NOW, tick=False)
    who, at = {"bob": bob, "alice": alice, None: None}[by], NOW - timedelta(days=days)
    fields = {}
    if state in ("chosen", "both", "carried"):
        fields |= {"choice": "2", "answered_by": who, "answered_at": at, "carried": state == "carried"}
    if state in ("noted", "both"):
        fields |= {"note": "Since May.", "noted_by": who, "noted_at": at}
    ours, theirs = both(AnswerForm(changed(answer, **fields)), bob, may_answer)
    assert ours == theirs


def test_a_name_is_shown_as_text(answer, alice, bob):
    alice.name = "<b>Alice</b> & co"
    alice.save()
    row = AnswerForm(changed(answer, choice="2", answered_by=alice, answered_at=NOW))
    ours, theirs = both(row, bob, True)
    assert ours == theirs
    assert "&lt;b&gt;" in ours


def test_what_is_kept_of_yesterday_is_not_shown_today(answer, bob, time_machine):
    row = AnswerForm(changed(answer, choice="2", answered_by=bob, answered_at=NOW))
    time_machine.move_to(NOW, tick=False)
    assert "Saved 13:02" in both(row, bob, True)[0]
    time_machine.move_to(NOW + timedelta(days=1), tick=False)
    assert "Saved 1 July" in both(row, bob, True)[0]
