import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from assessments.models import Answer, AnswerRevision, Conflict
from assessments.rules import scoring


@pytest.fixture
def answer(assessment):
    return assessment.answers.in_order().first()


def again(answer):
    return Answer.objects.get(pk=answer.pk)


def test_an_open_answer_was_never_saved(answer):
    assert (answer.choice, answer.level, answer.version, answer.saved_at) == ("", None, 0, None)


def test_a_choice_is_kept_with_who_and_when_and_one_revision(answer, bob):
    answer.record_choice("2", by=bob, version=0, key="k1")
    stored = again(answer)
    assert (stored.choice, stored.level, stored.version, stored.answered_by) == ("2", 2, 1, bob)
    assert stored.saved_at == stored.answered_at
    revision = stored.revisions.get()
    assert (revision.field, revision.values["choice"], revision.by, revision.key) == (
        "choice",
        "2",
        bob,
        "k1",
    )


def test_a_choice_changes_the_figures_of_the_assessment_in_the_same_transaction(assessment, answer, bob):
    before = assessment.open
    answer.record_choice("3", by=bob, version=0)
    assessment.refresh_from_db()
    assert assessment.open == before - 1
    assert assessment.score > 0
    assert assessment.saved_by == bob


def test_the_same_choice_again_adds_no_revision(answer, bob):
    answer.record_choice("2", by=bob, version=0)
    answer.record_choice("2", by=bob, version=1)
    assert again(answer).version == 1


def test_a_choice_on_top_of_a_newer_one_is_a_conflict_and_changes_nothing(answer, alice, bob):
    again(answer).record_choice("3", by=alice, version=0)
    with pytest.raises(Conflict) as conflict:
        answer.record_choice("1", by=bob, version=0)
    assert conflict.value.revision.by == alice
    assert conflict.value.revision.values["choice"] == "3"
    assert again(answer).choice == "3"


def test_a_note_and_a_choice_saved_from_the_same_version_do_not_conflict(answer, alice, bob):
    again(answer).record_note("Since May.", by=alice, version=0)
    answer.record_choice("2", by=bob, version=0)
    stored = again(answer)
    assert (stored.note, stored.choice, stored.version) == ("Since May.", "2", 2)


def test_a_repeated_request_leaves_all_as_it_is(answer, bob):
    answer.record_note("Once.", by=bob, version=0, key="same")
    again(answer).record_note("Once.", by=bob, version=0, key="same")
    assert again(answer).revisions.count() == 1


def test_two_people_who_choose_the_same_do_not_conflict(answer, alice, bob):
    again(answer).record_choice("2", by=alice, version=0)
    answer.record_choice("2", by=bob, version=0)
    assert again(answer).answered_by == alice


def test_leaving_not_applicable_takes_its_reason_along(answer, bob):
    answer.record_choice("na", by=bob, version=0, reason="other", reason_text="No card payments.")
    answer.record_choice("1", by=bob, version=1)
    stored = again(answer)
    assert (stored.choice, stored.reason, stored.reason_text) == ("1", "", "")


def test_a_choice_taken_back_leaves_the_requirement_open_as_if_nobody_had_answered(assessment, answer, bob):
    answer.record_choice("2", by=bob, version=0)
    answer.record_choice("", by=bob, version=1)
    stored = again(answer)
    assert (stored.choice, stored.version, stored.answered_by, stored.saved_at) == ("", 2, None, None)
    assert [revision.by for revision in stored.revisions.all()] == [bob, bob]
    assessment.refresh_from_db()
    assert assessment.open == assessment.asked


def test_an_answer_somebody_else_changed_is_not_taken_back(answer, alice, bob):
    again(answer).record_choice("3", by=alice, version=0)
    with pytest.raises(Conflict):
        answer.record_choice("", by=bob, version=0)
    assert again(answer).choice == "3"


# ---- what the database itself refuses


@pytest.mark.parametrize(
    "values",
    [
        {"choice": "na", "reason": ""},
        {"choice": "2", "reason": "elsewhere"},
        {"choice": "", "reason": "other"},
        {"choice": "4"},
        {"choice": "maybe"},
        {"choice": "-1"},
        {"version": -1},
    ],
)
def test_an_answer_that_makes_no_sense_cannot_be_stored(assessment, values):
    with pytest.raises(IntegrityError), transaction.atomic():
        assessment.answers.update(**values)


@pytest.mark.parametrize("choice", ["", *scoring.CHOICES])
def test_every_choice_that_makes_sense_can_be_stored(assessment, choice):
    assessment.answers.update(choice=choice, reason="elsewhere" if choice == "na" else "")
    assert set(assessment.answers.values_list("choice", flat=True)) == {choice}


def test_a_requirement_is_answered_once_an_assessment(assessment):
    answer = assessment.answers.first()
    with pytest.raises(IntegrityError), transaction.atomic():
        Answer.objects.create(assessment=assessment, requirement=answer.requirement)


def test_a_version_of_an_answer_is_written_once(assessment, bob):
    answer = assessment.answers.first()
    answer.record_choice("1", by=bob, version=0)
    with pytest.raises(IntegrityError), transaction.atomic():
        AnswerRevision.objects.create(answer=answer, version=1, field="choice", values={})


def test_a_requirement_that_was_answered_cannot_be_deleted(assessment):
    with pytest.raises(IntegrityError):
        assessment.answers.first().requirement.delete()


def test_an_answer_outlives_the_person_who_gave_it(assessment, bob):
    answer = assessment.answers.first()
    answer.record_choice("1", by=bob, version=0)
    bob.delete()
    stored = Answer.objects.get(pk=answer.pk)
    assert (stored.choice, stored.answered_by) == ("1", None)
    assert stored.answered_at <= timezone.now()


def test_a_repeat_under_the_same_key_is_harmless_after_somebody_else_saved_on_top_of_it(answer, alice, bob):
    answer.record_choice("1", by=alice, version=0, key="k1")
    answer.record_choice("3", by=bob, version=1, key="k2")
    answer.record_choice("1", by=alice, version=0, key="k1")
    answer.refresh_from_db()
    assert (answer.choice, answer.version, answer.answered_by) == ("3", 2, bob)


def test_without_a_key_nobody_can_tell_a_repeat_from_a_conflict(answer, alice, bob):
    answer.record_choice("1", by=alice, version=0)
    answer.record_choice("3", by=bob, version=1)
    with pytest.raises(Conflict):
        answer.record_choice("1", by=alice, version=0)


def test_an_earlier_text_is_brought_back_as_a_new_revision(answer, alice, bob):
    answer.record_note("Since May.", by=alice, version=0)
    answer.record_note("", by=bob, version=1)
    answer.restore(answer.revisions.get(version=1), by=alice)
    answer.refresh_from_db()
    assert (answer.note, answer.version, answer.noted_by) == ("Since May.", 3, alice)
    assert answer.revisions.count() == 3
