import pytest

from assessments.models import Answer, Conflict


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
