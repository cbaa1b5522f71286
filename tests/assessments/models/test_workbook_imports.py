"""Undoing a workbook, and what becomes of dry runs that nobody applied."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from assessments.models import AnswerImport, AnswerRevision, Assessment
from assessments.rules.scoring import CHOICES
from tests import factories
from tests.assessments.workbooks.copies import answer, applied, begun, filled, sheet
from tests.assessments.workbooks.texts import NOTES

ONE, TWO = "pr1-thing-1", "pr1-thing-2"


@pytest.fixture
def lively(assessment, bob):
    """Every kind of answer, with and without a note; two of them carried over."""
    for number, row in enumerate(assessment.answers.in_order()[:9]):
        choice = (*CHOICES, "2")[number % 7]
        reason = "elsewhere" if choice == "na" else ""
        row.record_choice(choice, reason=reason, by=bob, version=0)
        if number % 2:
            row.record_note(NOTES[number], by=bob, version=1)
    assessment.answers.filter(choice="2").update(carried=True)
    return assessment


def everything(assessment, level, note):
    keys = assessment.answers.values_list("requirement__key", flat=True)
    return {key: {"level": level, "reason": "", "reason_text": "", "note": note} for key in keys}


def test_undoing_puts_every_answer_back_as_it_was(lively, alice):
    before = sheet(lively)
    done = applied(lively, alice, everything(lively, "1", "Changed at home"))
    assert len(done.changes) == 22  # twelve notes and ten levels: two were at 1 already
    assert done.undo(by=alice)
    assert sheet(lively) == before
    lively.refresh_from_db()
    assert (done.undone_by, lively.open) == (alice, 3)


def test_two_hundred_rows_go_in_and_back(site, alice, bob):
    assessment = factories.started(site, factories.small_release(items=5, requirements=40), alice)
    before = sheet(assessment)
    done = applied(assessment, bob, everything(assessment, "3", "Changed at home"))
    assert len(done.changes) == 400
    assert set(assessment.answers.values_list("choice", "note")) == {("3", "Changed at home")}
    done.undo(by=bob)
    assert sheet(assessment) == before
    assessment.refresh_from_db()
    assert (assessment.open, assessment.score) == (200, 0)


def test_an_undo_is_a_save_of_its_own_in_the_history(assessment, alice, bob):
    answer(assessment, ONE).record_choice("1", by=bob, version=0)
    applied(assessment, alice, {ONE: {"level": "3"}}).undo(by=alice)
    row = answer(assessment, ONE)
    assert [(r.values["choice"], r.by) for r in row.revisions.all()] == [
        ("1", bob),
        ("3", alice),
        ("1", alice),
    ]
    assert (row.answered_by, row.version) == (bob, 3)


def test_what_somebody_saved_since_is_left_alone_and_named(assessment, alice, bob):
    done = applied(assessment, alice, {ONE: {"level": "3", "note": "Ours"}, TWO: {"level": "3"}})
    answer(assessment, ONE).record_choice("2", by=bob, version=2)
    back, left = done.in_two()
    assert [(change["answer"], change["field"]) for change in left] == [
        (answer(assessment, ONE).pk, "choice")
    ]
    assert len(back) == 2
    done.undo(by=alice)
    one = answer(assessment, ONE)
    assert (one.choice, one.note, answer(assessment, TWO).choice) == ("2", "", "")
    assert [("undone" in change) for change in done.changes] == [False, True, True]


def test_what_was_saved_alike_since_is_left_alone_too(assessment, alice, bob):
    done = applied(assessment, alice, {ONE: {"level": "3"}})
    row = answer(assessment, ONE)
    row.record_choice("2", by=bob, version=1)
    row.record_choice("3", by=bob, version=2)
    done.undo(by=alice)
    assert answer(assessment, ONE).choice == "3"


def test_undoing_twice_changes_nothing_a_second_time(assessment, alice):
    done = applied(assessment, alice, {ONE: {"level": "3"}})
    assert done.undo(by=alice)
    assert not AnswerImport.objects.get().undo(by=alice)
    assert answer(assessment, ONE).version == 2


def test_an_undo_with_nothing_left_to_put_back_saves_nothing(assessment, alice, bob):
    done = applied(assessment, alice, {ONE: {"level": "3"}})
    answer(assessment, ONE).record_choice("2", by=bob, version=1)
    assert done.undo(by=alice)
    assert AnswerRevision.objects.count() == 2


def test_an_answer_of_somebody_who_left_goes_back_without_a_name(assessment, alice, bob):
    answer(assessment, ONE).record_choice("1", by=bob, version=0)
    done = applied(assessment, alice, {ONE: {"level": "3"}})
    bob.delete()
    done.undo(by=alice)
    row = answer(assessment, ONE)
    assert (row.choice, row.answered_by) == ("1", None)
    assert row.answered_at is not None


def test_an_assessment_for_reading_refuses_an_undo(assessment, alice):
    done = applied(assessment, alice, {ONE: {"level": "3"}})
    Assessment.objects.filter(pk=assessment.pk).update(set_aside_at=timezone.now())
    with pytest.raises(PermissionDenied):
        done.undo(by=alice)
    assert answer(assessment, ONE).choice == "3"


def test_a_workbook_that_was_undone_can_be_applied_again(assessment, alice):
    rows = {ONE: {"level": "3"}}
    content = filled(assessment, rows)
    applied(assessment, alice, {}, content).undo(by=alice)
    applied(assessment, alice, {}, content)
    assert answer(assessment, ONE).choice == "3"


def test_what_the_file_said_is_not_kept_twice(assessment, alice):
    done = applied(assessment, alice, {ONE: {"note": "Once"}})
    assert done.said == {}


def test_a_new_dry_run_takes_the_place_of_the_last_and_of_forgotten_ones(assessment, alice, bob):
    kept = applied(assessment, alice, {ONE: {"level": "1"}})
    bobs = begun(assessment, bob, {TWO: {"level": "2"}})
    first, second = (begun(assessment, alice, {TWO: {"level": "2"}}) for _ in range(2))
    assert set(AnswerImport.objects.all()) == {kept, bobs, second}
    assert first not in AnswerImport.objects.all()
    AnswerImport.objects.filter(pk=bobs.pk).update(at=timezone.now() - timedelta(days=2))
    third = begun(assessment, alice, {TWO: {"level": "2"}})
    assert set(AnswerImport.objects.all()) == {kept, third}
