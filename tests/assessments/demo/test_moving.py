"""The story of Covilhã goes on: to the newest release and back, with nothing lost on either side."""

import pytest
from django.urls import reverse

from assessments.models import User, moves

VALUES = ("requirement__key", "choice", "reason", "reason_text", "note", "version", "carried")
WHO_AND_WHEN = ("answered_by", "answered_at", "noted_by", "noted_at")


@pytest.fixture
def robin(built):
    return User.objects.get(email="demo@copcready.example")


@pytest.fixture
def newest(covilha):
    return moves.newer_releases(covilha).first()


def sheet(assessment):
    return list(assessment.answers.order_by("pk").values_list(*VALUES, *WHO_AND_WHEN))


def figures(assessment):
    assessment.refresh_from_db()
    return [
        getattr(assessment, name) for name in ("score", "ceiling", "asked", "open", "unknown", "blockers")
    ]


def recomputed(assessment):
    scores = assessment.scores()
    overall = scores.overall
    return [
        overall.score,
        overall.ceiling,
        overall.asked,
        overall.open,
        overall.unknown,
        len(scores.blockers),
    ]


def test_its_task_list_says_that_a_newer_release_is_out(covilha, robin, sign_in):
    page = sign_in(robin).get(covilha.get_absolute_url()).content.decode()
    assert "Release 8.0 is out" in page


def test_what_both_releases_ask_comes_along_word_for_word(covilha, newest, robin):
    successor = moves.move(covilha, newest, by=robin)
    assert newest.version == "8.0"
    before = {row[0]: row[1:5] + row[7:] for row in sheet(covilha)}
    after = {row[0]: row[1:5] + row[7:] for row in sheet(successor)}
    both = before.keys() & after.keys()
    assert len(both) >= 150
    assert {key: before[key] for key in both} == {key: after[key] for key in both}
    assert set(successor.answers.filter(carried=True).values_list("requirement__key", flat=True)) == both
    assert {after[key][0] for key in after.keys() - both} == {""}


def test_the_changed_requirements_were_answered_by_hand_and_most_with_a_note(covilha, newest, robin, sign_in):
    successor = moves.move(covilha, newest, by=robin)
    context = sign_in(robin).get(reverse("assessment-changes", args=[successor.pk])).context
    answers = {pair.old.key: answer for pair, answer in context["changed"]}
    assert len(answers) >= 8
    assert sum(bool(answer.note) for answer in answers.values()) >= 8


def test_moving_and_undoing_leaves_the_answers_of_both_as_they_were(covilha, newest, robin):
    before, its_figures = sheet(covilha), figures(covilha)
    successor = moves.move(covilha, newest, by=robin)
    moved, moved_figures = sheet(successor), figures(successor)
    assert sheet(covilha) == before
    moves.undo(successor)
    assert sheet(covilha) == before
    assert sheet(successor) == moved
    assert (figures(covilha), figures(successor)) == (its_figures, moved_figures)
    assert its_figures == recomputed(covilha)
    assert moved_figures == recomputed(successor)
    assert not covilha.reading_only
    assert moves.move(covilha, newest, by=robin) == successor
    assert sheet(successor) == moved


def test_the_crosswalk_shows_what_either_assessment_of_the_bank_says(bank, iso_check, robin, sign_in):
    client = sign_in(robin)
    for here, there in ((bank, iso_check), (iso_check, bank)):
        rows = client.get(reverse("assessment-crosswalk", args=[here.pk])).context["rows"]
        assert len(rows) >= 8
        shown = [row for row in rows if row["figure"].percent and any(percent for _, percent in row["there"])]
        assert len(shown) >= 5
        assert {other for row in rows for other, _ in row["there"]} == {there}


def test_the_quick_scan_of_the_ferry_company_grows_and_keeps_its_answers(ferry):
    before = sheet(ferry)
    ferry.grow()
    assert ferry.answers.count() > 150
    assert sheet(ferry)[: len(before)] == before
