"""Moving an assessment to a newer release and back: nothing that was answered is ever lost."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from assessments.models import Answer, AnswerRevision, Assessment, FitCheck, moves
from tests import factories


@pytest.fixture
def newer(assessment):
    return factories.newer_release()


@pytest.fixture
def answered(assessment, bob):
    """Every kind of answer, so that each is seen to come along."""
    for number, answer in enumerate(assessment.answers.in_order()):
        choice = ["3", "2", "unknown", "na"][number % 4]
        reason = "elsewhere" if choice == "na" else ""
        answer.record_choice(choice, by=bob, version=0, reason=reason)
        if number % 2:
            answer.record_note(f"Note {number}.", by=bob, version=1)
    return Assessment.objects.with_names().get(pk=assessment.pk)


def told(assessment):
    """Key -> everything that was answered."""
    fields = (
        "requirement__key",
        "choice",
        "reason",
        "note",
        "answered_by",
        "answered_at",
        "noted_by",
        "noted_at",
    )
    return {key: rest for key, *rest in assessment.answers.values_list(*fields)}


def test_answers_to_what_both_releases_ask_come_along_as_they_were_given(answered, newer, alice):
    before = told(answered)
    after = told(moves.move(answered, newer, by=alice))
    both = before.keys() & after.keys()
    assert len(both) == 10  # twelve, one of which is replaced and one dropped
    assert {key: after[key] for key in both} == {key: before[key] for key in both}


def test_what_came_along_is_marked_and_what_is_new_is_open(answered, newer, alice):
    successor = moves.move(answered, newer, by=alice)
    assert successor.answers.filter(carried=True).count() == 10
    assert set(successor.answers.unanswered().values_list("requirement__key", flat=True)) == {
        "pr1-more",
        "pr1-ai",
    }


def test_the_assessment_before_keeps_every_answer_for_reading_only(answered, newer, alice, bob):
    before = told(answered)
    moves.move(answered, newer, by=alice)
    assert told(answered) == before
    with pytest.raises(PermissionDenied, match="continued in a newer one"):
        answered.answers.first().record_note("Later.", by=bob, version=9)
    assert told(answered) == before


def test_the_figures_of_the_successor_are_those_of_its_answers(answered, newer, alice):
    successor = moves.move(answered, newer, by=alice)
    stored = Assessment.objects.get(pk=successor.pk)
    assert (stored.asked, stored.open) == (12, 2)
    assert stored.score == pytest.approx(successor.scores().overall.score)


def test_confirming_takes_the_mark_away_and_says_who_and_when(answered, newer, alice, bob):
    successor = moves.move(answered, newer, by=alice)
    answer = successor.answers.filter(carried=True, choice="3").first()
    given = answer.answered_at
    answer.confirm(by=alice)
    answer.refresh_from_db()
    assert (answer.carried, answer.choice, answer.answered_by) == (False, "3", alice)
    assert answer.answered_at > given
    assert answer.revisions.last().by == alice


def test_another_level_takes_the_mark_away_too_and_a_note_does_not(answered, newer, alice, bob):
    successor = moves.move(answered, newer, by=alice)
    first, second = successor.answers.filter(carried=True, choice="3")[:2]
    first.record_choice("1", by=bob, version=first.version)
    second.record_note("Seen again.", by=bob, version=second.version)
    assert not Answer.objects.get(pk=first.pk).carried
    assert Answer.objects.get(pk=second.pk).carried


def test_every_carried_field_is_in_the_history_of_the_answer(answered, newer, alice):
    successor = moves.move(answered, newer, by=alice)
    for answer in successor.answers.filter(carried=True):
        fields = [revision.field for revision in answer.revisions.all()]
        assert fields == (["choice", "note"] if answer.note else ["choice"])
        assert answer.version == len(fields)


def test_undo_gives_back_the_assessment_before_and_keeps_the_successors_answers(answered, newer, alice, bob):
    before = told(answered)
    successor = moves.move(answered, newer, by=alice)
    successor.answers.get(requirement__key="pr1-ai").record_choice("2", by=bob, version=0)
    kept = told(successor)
    moves.undo(successor)
    again = Assessment.objects.get(pk=answered.pk)
    assert (again.reading_only, told(again), told(successor)) == ("", before, kept)
    with pytest.raises(PermissionDenied, match="undone"):
        successor.answers.first().record_note("Later.", by=bob, version=9)


def test_moving_again_takes_up_the_successor_and_what_was_answered_on_either_side(
    answered, newer, alice, bob
):
    successor = moves.move(answered, newer, by=alice)
    successor.answers.get(requirement__key="pr1-ai").record_choice("2", by=bob, version=0)
    moves.undo(successor)
    changed = answered.answers.get(requirement__key="pr1-thing-1")
    changed.record_choice("0", by=bob, version=changed.version)
    again = moves.move(Assessment.objects.with_names().get(pk=answered.pk), newer, by=alice)
    assert again.pk == successor.pk
    assert again.answers.get(requirement__key="pr1-ai").choice == "2"
    came = again.answers.get(requirement__key="pr1-thing-1")
    assert (came.choice, came.carried) == ("0", True)


def test_what_was_confirmed_since_is_not_overwritten_by_moving_again(answered, newer, alice):
    successor = moves.move(answered, newer, by=alice)
    confirmed = successor.answers.get(requirement__key="pr1-thing-1")
    confirmed.record_choice("1", by=alice, version=confirmed.version)
    moves.undo(successor)
    again = moves.move(Assessment.objects.with_names().get(pk=answered.pk), newer, by=alice)
    assert again.answers.get(requirement__key="pr1-thing-1").choice == "1"


def test_a_double_click_moves_once(answered, newer, alice):
    first = moves.move(answered, newer, by=alice)
    second = moves.move(Assessment.objects.with_names().get(pk=answered.pk), newer, by=alice)
    assert (first.pk, first.answers.count()) == (second.pk, 12)
    assert AnswerRevision.objects.filter(answer__assessment=first).count() == 14


def test_undoing_twice_is_harmless_and_undoing_nothing_is_refused(answered, newer, alice):
    successor = moves.move(answered, newer, by=alice)
    assert moves.undo(successor) == moves.undo(successor) == answered
    with pytest.raises(ValidationError, match="not made from"):
        moves.undo(answered)


def test_an_assessment_moved_on_is_not_undone_before_the_later_move(answered, newer, alice):
    third = factories.small_release(version="3.0", position=1)
    middle = moves.move(answered, newer, by=alice)
    last = moves.move(Assessment.objects.with_names().get(pk=middle.pk), third, by=alice)
    with pytest.raises(ValidationError, match="Undo that move first"):
        moves.undo(middle)
    assert moves.undo(last) == middle


def test_only_newer_releases_that_ask_the_same_variant_are_offered(answered, newer):
    older = factories.small_release(version="0.9", position=20)
    draft = factories.small_release(version="3.0", position=1, status="draft")
    assert list(moves.newer_releases(answered)) == [newer]
    newer.variants.update(code="OSP")
    assert not moves.newer_releases(answered).exists()
    assert older.pk
    assert draft.pk


def test_the_site_shows_the_assessment_in_use(answered, newer, alice, site):
    successor = moves.move(answered, newer, by=alice)
    Assessment.objects.filter(pk=successor.pk).update(started_at=timezone.now() + timedelta(hours=1))
    assert Assessment.objects.latest_of([site])[site.pk].pk == successor.pk
    moves.undo(successor)
    assert Assessment.objects.latest_of([site])[site.pk].pk == answered.pk


def test_a_quick_scan_asks_less_and_grows_without_losing_an_answer(site, alice, bob):
    release = factories.small_release()
    scan, _ = Assessment.objects.start(
        site=site, release=release, variant=release.variants.get(), channels=["phone"], audit_month=None, by=alice, quick=True
    )  # fmt: skip
    assert scan.asked == 3
    for answer in scan.answers.all():
        answer.record_choice("2", by=bob, version=0)
    before = told(scan)
    scan.grow()
    after = told(scan)
    assert (scan.quick, scan.asked, scan.open, len(after)) == (False, 12, 9, 12)
    assert {key: after[key] for key in before} == before


@pytest.fixture
def scan(site, alice, bob):
    """A quick scan of release 1.0, answered."""
    release = factories.small_release()
    scan, _ = Assessment.objects.start(
        site=site, release=release, variant=release.variants.get(), channels=["phone"], audit_month=None, by=alice, quick=True
    )  # fmt: skip
    for answer in scan.answers.all():
        answer.record_choice("2", by=bob, version=0)
    return scan


def test_a_quick_scan_that_grew_after_an_undo_brings_everything_along_when_it_is_moved_again(
    scan, alice, bob
):
    newer = factories.newer_release()
    moves.undo(moves.move(scan, newer, by=alice))
    scan.grow()
    for answer in scan.answers.unanswered():
        answer.record_choice("1", by=bob, version=0)
    again = moves.move(scan, newer, by=alice)
    assert (again.quick, again.asked) == (False, 12)
    # Twelve, one of which is replaced and one dropped.
    assert again.answers.filter(carried=True).count() == 10


def test_a_quick_scan_that_grew_in_another_tab_is_moved_as_it_stands(scan, alice):
    loaded = Assessment.objects.with_names().get(pk=scan.pk)
    scan.grow()
    assert moves.move(loaded, factories.newer_release(), by=alice).asked == 12


def test_an_assessment_for_reading_only_does_not_grow(scan, alice):
    moves.move(scan, factories.newer_release(), by=alice)
    with pytest.raises(PermissionDenied, match="continued in a newer one"):
        Assessment.objects.get(pk=scan.pk).grow()
    assert Assessment.objects.get(pk=scan.pk).answers.count() == 3


def test_starting_the_same_again_does_not_lead_to_one_that_was_moved_on(assessment, newer, alice):
    moves.move(assessment, newer, by=alice)
    again = factories.started(assessment.site, by=alice)
    assert again != assessment
    assert not again.reading_only


def test_undoing_takes_the_rows_in_the_order_of_a_move(answered, newer, alice):
    """The older first: the other way round, an undo and a move at once would wait for each other."""
    successor = moves.move(answered, newer, by=alice)
    with CaptureQueriesContext(connection) as captured:
        moves.undo(successor)
    rows = 'FROM "assessments_assessment"'
    read = [q["sql"] for q in captured.captured_queries if q["sql"].startswith("SELECT") and rows in q["sql"]]
    assert [f'"id" = {pk}' in sql for pk, sql in zip((answered.pk, successor.pk), read, strict=True)] == [
        True,
        True,
    ]


# ---- the next round, in the same release


def again_of(assessment):
    return Assessment(
        site=assessment.site,
        release=assessment.release,
        variant=assessment.variant,
        channels=assessment.channels,
    )


@pytest.fixture
def complete(assessment, bob, alice):
    for answer in assessment.answers.all():
        answer.record_choice("2", by=bob, version=0)
    assessment.answers.in_item("PR1").assign_to(alice)
    return Assessment.objects.with_names().get(pk=assessment.pk)


def test_the_next_round_takes_every_answer_over_marked_and_keeps_last_time_as_it_was(complete, alice):
    successor = moves.next_round(complete, again_of(complete), by=alice)
    assert successor.answers.filter(choice="2", carried=True).count() == 12
    assert successor.last_time(successor.sheet("PR1")) == {
        f"pr1-thing-{number}": "2" for number in range(1, 5)
    }
    assert set(successor.answers.in_item("PR1").values_list("assignee", flat=True)) == {alice.pk}
    complete.refresh_from_db()
    assert complete.reading_only
    assert successor.score == complete.score


def test_a_second_click_on_the_next_round_gives_the_one_that_was_started(complete, alice, bob):
    first = moves.next_round(complete, again_of(complete), by=alice)
    assert moves.next_round(complete, again_of(complete), by=alice) == first
    with pytest.raises(ValidationError):
        moves.next_round(complete, again_of(complete), by=bob)


def test_undoing_a_round_opens_the_one_before_and_another_can_be_started(complete, alice):
    successor = moves.next_round(complete, again_of(complete), by=alice)
    assert moves.undo(successor) == complete
    complete.refresh_from_db()
    assert not complete.reading_only
    second = moves.next_round(complete, again_of(complete), by=alice)
    assert second != successor
    assert second.answers.filter(carried=True).count() == 12


def test_a_smaller_scope_takes_over_only_what_it_asks(complete, alice):
    quick = again_of(complete)
    quick.quick = True
    successor = moves.next_round(complete, quick, by=alice)
    assert successor.answers.count() == successor.answers.filter(carried=True).count() == 3


# ---- the fit check follows the answers in use


def holder(answers):
    return FitCheck.objects.get(answers=answers).assessment


def test_a_fit_check_goes_along_with_a_move_and_comes_back_with_its_undo(complete, alice, newer):
    FitCheck.objects.create(assessment=complete, answers={"seats": "some"})
    successor = moves.move(complete, newer, by=alice)
    assert holder({"seats": "some"}) == successor
    moves.undo(successor)
    assert holder({"seats": "some"}) == complete
    following = moves.next_round(complete, again_of(complete), by=alice)
    assert holder({"seats": "some"}) == following


def test_a_fit_check_attached_meanwhile_stays_where_it_is(complete, alice, newer):
    successor = moves.move(complete, newer, by=alice)
    FitCheck.objects.create(assessment=successor, answers={"seats": "more"})
    FitCheck.objects.create(assessment=complete, answers={"seats": "old"})
    moves.undo(successor)
    assert holder({"seats": "old"}) == complete
    assert holder({"seats": "more"}) == successor
