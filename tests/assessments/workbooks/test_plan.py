"""What a workbook would change now, applying what was ticked, and that nobody is overwritten."""

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from assessments.forms.workbooks import Ticks
from assessments.models import Answer, AnswerRevision, Assessment
from assessments.workbooks import plan as plans
from assessments.workbooks.plan import RUN_SHOWN, brief, differing, plan
from tests.assessments.workbooks.copies import answer, applied, begun, downloaded, filled, sheet, ticks

ONE, TWO, THREE = "pr1-thing-1", "pr1-thing-2", "pr1-thing-3"


def shown(found):
    return [
        (entry.answer.requirement.key, [(change.field, change.new) for change in entry.changes])
        for entry in found.changing
    ]


# ---- three versions of one answer -------------------------------------------------------------------------------


def test_new_and_changed_answers_are_told_apart(assessment, bob):
    answer(assessment, TWO).record_choice("1", by=bob, version=0)
    found = plan(begun(assessment, bob, {ONE: {"level": "2", "note": "In use"}, TWO: {"level": "2"}}))
    assert shown(found) == [(ONE, [("choice", True), ("note", True)]), (TWO, [("choice", False)])]
    assert (found.new, found.changed, found.taken_back, len(found.conflicting), found.same) == (
        1,
        1,
        0,
        0,
        10,
    )
    (change,) = found.changing[1].changes
    assert (change.words_before, change.words_after) == ("Designed only", "Partly in use")


def test_taking_an_answer_back_is_counted(assessment, bob):
    answer(assessment, ONE).record_choice("1", by=bob, version=0)
    found = plan(begun(assessment, bob, {ONE: {"level": ""}}))
    assert (found.changed, found.taken_back) == (1, 1)
    assert found.changing[0].changes[0].words_after == "Not answered"


def test_what_was_saved_since_the_download_is_a_conflict_with_its_saver(assessment, alice, bob):
    content = downloaded(assessment)
    answer(assessment, ONE).record_choice("1", by=bob, version=0)
    found = plan(begun(assessment, alice, {ONE: {"level": "3"}}, content))
    (entry,) = found.conflicting
    assert (found.changing, entry.saved.by, entry.overwritten) == ([], bob, False)
    assert (entry.conflicts[0].words_before, entry.conflicts[0].words_after) == ("Designed only", "In place")


def test_a_note_may_conflict_while_the_level_beside_it_does_not(assessment, alice, bob):
    content = downloaded(assessment)
    answer(assessment, ONE).record_note("Bob was here", by=bob, version=0)
    found = plan(begun(assessment, alice, {ONE: {"level": "3", "note": "Alice too"}}, content))
    (entry,) = found.entries
    assert [change.field for change in entry.changes] == ["choice"]
    assert [change.field for change in entry.conflicts] == ["note"]


def test_what_somebody_else_saved_alike_is_the_same(assessment, alice, bob):
    content = downloaded(assessment)
    answer(assessment, ONE).record_choice("3", by=bob, version=0)
    found = plan(begun(assessment, alice, {ONE: {"level": "3"}}, content))
    assert (found.entries, found.same) == ([], 12)


def test_what_was_changed_and_changed_back_since_is_no_conflict(assessment, alice, bob):
    row = answer(assessment, ONE)
    row.record_choice("1", by=bob, version=0)
    content = downloaded(assessment)
    row.record_choice("2", by=bob, version=1)
    row.record_choice("1", by=bob, version=2)
    found = plan(begun(assessment, alice, {ONE: {"level": "3"}}, content))
    assert (len(found.changing), found.conflicting) == (1, [])


def test_a_cell_nobody_touched_is_no_conflict_whatever_was_saved_since(assessment, alice, bob):
    content = downloaded(assessment)
    answer(assessment, ONE).record_choice("3", by=bob, version=0)
    assert plan(begun(assessment, alice, {TWO: {"level": "1"}}, content)).conflicting == []


def test_an_answer_that_went_away_after_the_upload_is_refused(assessment, bob):
    done = begun(assessment, bob, {ONE: {"level": "2"}})
    answer(assessment, ONE).delete()
    found = plan(done)
    assert (found.entries, found.refused_rows) == ([], 1)
    assert found.refused[0].sentence == "This requirement is not asked in this assessment any more."


# ---- applying ---------------------------------------------------------------------------------------------------


def test_applying_saves_each_field_with_a_revision_and_the_figures_once(assessment, bob, monkeypatch):
    calls = []
    real = Assessment.rescore
    monkeypatch.setattr(Assessment, "rescore", lambda self, by=None: calls.append(by) or real(self, by))
    applied(assessment, bob, {ONE: {"level": "3", "note": "Since May"}, TWO: {"level": "n/a", "reason": "elsewhere"}})  # fmt: skip
    one, two = answer(assessment, ONE), answer(assessment, TWO)
    assert (one.choice, one.note, one.version, one.answered_by, one.noted_by) == (
        "3",
        "Since May",
        2,
        bob,
        bob,
    )
    assert (two.choice, two.reason) == ("na", "elsewhere")
    assert [(r.field, r.by) for r in one.revisions.all()] == [("choice", bob), ("note", bob)]
    assert calls == [bob]
    assessment.refresh_from_db()
    assert (assessment.open, assessment.saved_by) == (10, bob)


def test_only_what_is_ticked_is_applied(assessment, bob):
    done = begun(assessment, bob, {ONE: {"level": "2"}, TWO: {"level": "2"}})
    assert plans.apply(done, Ticks({answer(assessment, TWO).pk: 0}), by=bob) == 1
    assert (answer(assessment, ONE).choice, answer(assessment, TWO).choice) == ("", "2")


def test_a_conflict_is_applied_where_it_was_ticked(assessment, alice, bob):
    content = downloaded(assessment)
    row = answer(assessment, ONE)
    row.record_choice("1", by=bob, version=0)
    done = begun(assessment, alice, {ONE: {"level": "3"}}, content)
    assert plans.apply(done, ticks(done), by=alice) == 0
    assert plans.apply(done, Ticks({}, {row.pk: 1}), by=alice) == 1
    assert [r.values["choice"] for r in row.revisions.all()] == ["1", "3"]


def test_what_is_saved_while_the_dry_run_is_looked_at_is_never_overwritten(assessment, alice, bob):
    done = begun(assessment, alice, {ONE: {"level": "3"}, TWO: {"level": "3"}})
    sent = ticks(done)
    answer(assessment, ONE).record_choice("1", by=bob, version=0)
    with pytest.raises(plans.Overtaken) as overtaken:
        plans.apply(done, sent, by=alice)
    assert overtaken.value.answers == {answer(assessment, ONE).pk}
    assert (answer(assessment, ONE).choice, answer(assessment, TWO).choice) == ("1", "")
    assert AnswerRevision.objects.count() == 1


def test_a_conflict_that_was_ticked_and_changed_again_is_not_overwritten(assessment, alice, bob):
    content = downloaded(assessment)
    row = answer(assessment, ONE)
    row.record_choice("1", by=bob, version=0)
    done = begun(assessment, alice, {ONE: {"level": "3"}}, content)
    row.record_choice("2", by=bob, version=1)
    with pytest.raises(plans.Overtaken):
        plans.apply(done, Ticks({}, {row.pk: 1}), by=alice)
    assert answer(assessment, ONE).choice == "2"


def test_an_answer_whose_other_field_was_saved_meanwhile_is_looked_at_again_before_it_is_applied(
    assessment, alice, bob
):
    done = begun(assessment, alice, {ONE: {"level": "3"}})
    sent = ticks(done)
    answer(assessment, ONE).record_note("Wait", by=bob, version=0)
    with pytest.raises(plans.Overtaken):
        plans.apply(done, sent, by=alice)
    assert plans.apply(done, ticks(done), by=alice) == 1


def test_applying_twice_changes_nothing_a_second_time(assessment, bob):
    done = begun(assessment, bob, {ONE: {"level": "2"}})
    sent = ticks(done)
    assert plans.apply(done, sent, by=bob) == 1
    assert plans.apply(done, sent, by=bob) is None
    assert answer(assessment, ONE).version == 1


def test_the_same_file_a_second_time_changes_nothing(assessment, bob):
    content = filled(assessment, {ONE: {"level": "2", "note": "=1+1"}, TWO: {"level": ""}})
    applied(assessment, bob, {}, content)
    again = begun(assessment, bob, {}, content)
    assert plan(again).entries == []


def test_an_assessment_for_reading_refuses(assessment, bob):
    done = begun(assessment, bob, {ONE: {"level": "2"}})
    sent = ticks(done)
    Assessment.objects.filter(pk=assessment.pk).update(continued_at=timezone.now())
    with pytest.raises(PermissionDenied, match="continued in a newer one"):
        plans.apply(done, sent, by=bob)
    assert answer(assessment, ONE).choice == ""


def test_nothing_is_applied_where_one_save_fails(assessment, bob, monkeypatch):
    real, calls = Answer._store, []

    def store(self, *args, **kwargs):
        calls.append(self)
        if len(calls) == 3:
            raise RuntimeError
        return real(self, *args, **kwargs)

    monkeypatch.setattr(Answer, "_store", store)
    done = begun(assessment, bob, {key: {"level": "2"} for key in (ONE, TWO, THREE)})
    with pytest.raises(RuntimeError):
        plans.apply(done, ticks(done), by=bob)
    assert AnswerRevision.objects.count() == 0
    assert answer(assessment, ONE).choice == ""
    done.refresh_from_db()
    assert done.applied_at is None


def test_a_plan_takes_the_same_few_queries_for_any_number_of_rows(assessment, bob, django_assert_num_queries):
    content = downloaded(assessment)
    keys = list(assessment.answers.values_list("requirement__key", flat=True))
    for key in keys[:6]:
        answer(assessment, key).record_choice("1", by=bob, version=0)
    done = begun(assessment, bob, {key: {"level": "2", "note": "x"} for key in keys}, content)
    with django_assert_num_queries(2):
        plan(done)


# ---- carried over, and left as it was ---------------------------------------------------------------------------


@pytest.fixture
def came_along(assessment, bob):
    """Two answers carried over, and one given here."""
    for key in (ONE, TWO, THREE):
        answer(assessment, key).record_choice("2", by=bob, version=0)
    assessment.answers.filter(requirement__key__in=(ONE, TWO)).update(carried=True)
    return assessment


def offered(found):
    return [entry.answer.requirement.key for entry in found.carried]


def test_what_the_workbook_leaves_as_it_was_carried_over_is_offered_to_be_confirmed(came_along, alice):
    found = plan(begun(came_along, alice, {}))
    assert (found.entries, found.same, offered(found), found.confirmed) == ([], 12, [ONE, TWO], False)


def test_a_note_beside_it_changes_nothing_about_that_and_another_level_does(came_along, alice):
    found = plan(begun(came_along, alice, {ONE: {"note": "Seen"}, TWO: {"level": "1"}}))
    assert offered(found) == [ONE]


def test_a_level_that_the_workbook_holds_otherwise_than_it_is_stored_is_not_offered(came_along, alice):
    content = downloaded(came_along)
    row = answer(came_along, ONE)
    row.record_choice("3", by=alice, version=1)
    Answer.objects.filter(pk=row.pk).update(carried=True)  # as a second move leaves it
    assert offered(plan(begun(came_along, alice, {}, content))) == [TWO]


def test_confirming_counts_as_answered_today_and_is_undone_with_the_rest(came_along, alice, bob):
    before = sheet(came_along)
    done = begun(came_along, alice, {ONE: {"note": "Seen"}})
    sent = Ticks({answer(came_along, ONE).pk: 1}, {}, {answer(came_along, key).pk: 1 for key in (ONE, TWO)})
    assert plans.apply(done, sent, by=alice) == 2
    one, two = answer(came_along, ONE), answer(came_along, TWO)
    assert [(row.carried, row.choice, row.answered_by) for row in (one, two)] == [(False, "2", alice)] * 2
    assert (one.note, [r.by for r in two.revisions.all()]) == ("Seen", [bob, alice])
    assert [change.confirms for change in plans.told(done, done.changes)[1].changes] == [True]
    done.undo(by=alice)
    assert sheet(came_along) == before


def test_without_the_tick_nothing_is_confirmed(came_along, alice):
    done = begun(came_along, alice, {THREE: {"level": "3"}})
    assert plans.apply(done, ticks(done), by=alice) == 1
    assert came_along.answers.filter(carried=True).count() == 2


def test_what_somebody_answered_or_confirmed_meanwhile_is_left_to_them(came_along, alice, bob):
    done = begun(came_along, alice, {})
    sent = Ticks({}, {}, {answer(came_along, key).pk: 1 for key in (ONE, TWO)})
    answer(came_along, ONE).record_choice("3", by=bob, version=1)
    answer(came_along, TWO).confirm(by=bob)
    assert plans.apply(done, sent, by=alice) == 0
    assert [answer(came_along, key).answered_by for key in (ONE, TWO)] == [bob, bob]


# ---- long notes on a page ---------------------------------------------------------------------------------------


def told(old, new):
    return [(piece.kind, piece.text) for piece in brief(differing(old, new))]


def test_of_two_long_notes_the_words_that_differ_are_shown_with_what_stands_around_them():
    text = "".join(f"word{number} " for number in range(2000))
    (_, before), (_, old), (_, new), (_, after) = told(text + "red " + text, text + "blue " + text)
    assert (old, new) == ("red", "blue")
    assert before.startswith(" … ")
    assert before.endswith("word1999 ")
    assert after.startswith(" word0 ")
    assert after.endswith(" … ")
    assert max(len(before), len(after)) < 130


def test_of_a_long_new_text_the_beginning_is_shown_and_how_much_is_left_out():
    for old, new in (("", "x" * 20_000), ("y" * 20_000, "x" * 20_000)):
        runs = told(old, new)
        assert runs[-1] == ("new", "x" * RUN_SHOWN + "… (19,300 more characters are not shown here)")


def test_a_note_with_changes_all_over_ends_somewhere():
    old = "\n".join(f"word{number}" for number in range(2000))
    new = "\n".join(f"word{number}" if number % 2 else f"other{number}" for number in range(2000))
    text = "".join(text for _, text in told(old, new))
    assert len(text) < 5000
    assert text.endswith("not shown here)")


@pytest.mark.parametrize(("old", "new"), [("", ""), ("It is", "It is"), ("It is red", "It is blue"), ("a a a", "a a"), ("", "x"), ("x", "")])  # fmt: skip
def test_short_notes_are_shown_whole(old, new):
    runs = told(old, new)
    assert "".join(text for kind, text in runs if kind != "new") == old
    assert "".join(text for kind, text in runs if kind != "gone") == new
