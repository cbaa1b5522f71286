import json

import pytest
from django.core.exceptions import ValidationError
from django.db import OperationalError

from assessments.forms import answers
from assessments.forms.answers import AnswerForm, ItemForm, patiently, read_choice, read_note
from assessments.models import Answer


@pytest.fixture
def answer(assessment):
    return assessment.answers.in_order().first()


@pytest.fixture(autouse=True)
def waits(monkeypatch):
    """How often somebody waited for the database; nobody waits in a test."""
    waited = []
    monkeypatch.setattr(answers, "sleep", waited.append)
    return waited


@pytest.mark.parametrize("choice", ["0", "1", "2", "3", "unknown"])
def test_a_choice_is_read_without_any_reason_left_in_the_fields(choice):
    sent = {"choice": choice, "reason": "other", "reason_text": "Left over"}
    assert read_choice(sent) == {"choice": choice, "reason": "", "reason_text": ""}


@pytest.mark.parametrize("sent", [{}, *({"choice": odd} for odd in ("4", "-1", "NA", "na ", "<b>"))])
def test_any_other_choice_is_refused(sent):
    with pytest.raises(ValidationError, match="Choose one of the six answers"):
        read_choice(sent)


def test_a_choice_sent_empty_takes_the_answer_back():
    sent = {"choice": "", "reason": "other", "reason_text": "Left over"}
    assert read_choice(sent) == {"choice": "", "reason": "", "reason_text": ""}


def test_not_applicable_is_read_with_its_reason():
    sent = {"choice": "na", "reason": "other", "reason_text": " No card payments. \x00"}
    assert read_choice(sent)["reason_text"] == "No card payments."


@pytest.mark.parametrize(
    ("reason", "text", "sentence"),
    [
        ("", "", "Choose why this does not apply."),
        ("because", "", "Choose why this does not apply."),
        ("other", "", "Say in a few words"),
        ("other", " \x00 ", "Say in a few words"),
        ("elsewhere", "x" * 501, "The reason has 501 characters; at most 500"),
    ],
)
def test_not_applicable_without_a_proper_reason_is_refused_with_a_sentence(reason, text, sentence):
    with pytest.raises(ValidationError, match=sentence):
        read_choice({"choice": "na", "reason": reason, "reason_text": text})


def test_a_note_is_cleaned_and_otherwise_kept_as_typed():
    assert read_note({"note": " a\r\nb\x00\ud800 \u202eabc\u202c "}) == {"note": "a\nb \u202eabc\u202c"}


def test_a_note_may_be_as_long_as_the_limit_and_no_longer():
    assert len(read_note({"note": "x" * 20_000})["note"]) == 20_000
    with pytest.raises(ValidationError, match="The note has 20,001 characters; at most 20,000"):
        read_note({"note": "x" * 20_001})


@pytest.mark.parametrize("version", ["", "-1", "1.5", "one", "٣", "9" * 30])
def test_a_version_that_is_no_number_is_refused_with_a_sentence(answer, bob, version):
    form = AnswerForm(answer, {"choice": "2", "version": version})
    form.save(Answer.CHOICE, bob)
    assert form.status == 422
    assert "out of date" in form.refused["choice"]


def test_a_key_that_is_too_long_or_odd_is_left_out(answer, bob):
    AnswerForm(answer, {"choice": "2", "version": "0", "key": "k" * 41}).save(Answer.CHOICE, bob)
    assert answer.revisions.get().key == ""


def test_a_repeat_overtaken_by_somebody_else_shows_what_they_saved(answer, alice, bob):
    sent = {"note": "Mine.", "version": "0", "key": "k1"}
    AnswerForm(answer, sent).save(Answer.NOTE, bob)
    Answer.objects.get(pk=answer.pk).record_note("Theirs.", by=alice, version=1)
    repeat = AnswerForm(answer, sent)
    repeat.save(Answer.NOTE, bob)
    assert repeat.status == 200
    assert json.loads(repeat.overtaken) == {"note": "Theirs."}
    assert Answer.objects.get(pk=answer.pk).note == "Theirs."


def failing(times):
    calls = []

    def save():
        calls.append(1)
        if len(calls) <= times:
            raise OperationalError("database is locked")

    return save, calls


@pytest.mark.django_db
def test_a_busy_database_is_tried_three_times(waits):
    save, calls = failing(2)
    patiently(save)
    assert (len(calls), len(waits)) == (3, 2)


@pytest.mark.django_db
def test_a_database_that_stays_busy_is_reported(waits):
    save, calls = failing(3)
    with pytest.raises(OperationalError):
        patiently(save)
    assert len(calls) == 3


def page(answers, **sent):
    """What a browser without JavaScript sends of an untouched page, with the changes in `sent`."""
    data = {"key": "k1"}
    for answer in answers:
        if answer.choice:
            data[f"choice-{answer.pk}"] = answer.choice
        data |= {f"{name}-{answer.pk}": getattr(answer, name) for name in ("reason", "reason_text", "note")}
        data |= {f"{name}-version-{answer.pk}": str(answer.version) for name in ("choice", "note")}
    return data | sent


@pytest.fixture
def asked(assessment):
    return list(assessment.answers.filter(requirement__item__code="PR1").in_order())


def saved(answers, data, by):
    """Save as a request would: with rows read anew."""
    form = ItemForm([Answer.objects.in_order().get(pk=answer.pk) for answer in answers], data)
    form.save(by=by)
    return form


def test_a_page_sent_back_untouched_saves_nothing(asked, bob):
    asked[0].record_choice("2", by=bob, version=0)
    asked[1].record_note("A\nnote.", by=bob, version=0)
    data = page(asked)
    data[f"note-{asked[1].pk}"] = "A\r\nnote."  # as browsers send it
    form = saved(asked, data, bob)
    assert (form.saved, form.status) == (0, 200)


def test_a_field_that_only_somebody_else_changed_is_left_to_them(asked, alice, bob):
    first = asked[0]
    first.record_choice("2", by=bob, version=0)
    first.record_note("Mine.", by=bob, version=1)
    data = page(asked)
    other = Answer.objects.get(pk=first.pk)
    other.record_choice("3", by=alice, version=2)
    other.record_note("Theirs.", by=alice, version=3)
    form = saved(asked, data, bob)
    assert (form.saved, form.status) == (0, 200)


def test_an_open_field_that_somebody_else_filled_meanwhile_is_left_to_them(asked, alice, bob):
    data = page(asked)
    asked[0].record_note("Theirs.", by=alice, version=0)
    assert saved(asked, data, bob).status == 200


def test_what_is_wrong_with_one_field_does_not_hold_up_the_others(asked, alice, bob):
    one, two, three, four = asked
    data = page(asked) | {
        f"choice-{one.pk}": "1",
        f"note-{two.pk}": "x" * 20_001,
        f"choice-{three.pk}": "na",
        f"note-{four.pk}": "Mine.",
    }
    Answer.objects.get(pk=four.pk).record_note("Theirs.", by=alice, version=0)
    form = saved(asked, data, bob)
    assert (form.saved, form.status) == (1, 409)
    assert [row.status for row in form.rows] == [200, 422, 422, 409]
    assert form.rows[1].shown["note"] == "x" * 20_001
    assert form.rows[2].shown["choice"] == "na"
    assert form.rows[3].shown["note"] == "Mine."


def test_a_field_in_conflict_is_shown_at_the_version_it_was_read_at(asked, alice, bob):
    data = page(asked) | {f"note-{asked[0].pk}": "Mine."}
    Answer.objects.get(pk=asked[0].pk).record_note("Theirs.", by=alice, version=0)
    form = saved(asked, data, bob)
    assert form.rows[0].shown["note_version"] == "0"
    assert form.rows[0].shown["choice_version"] == 1


def test_keep_mine_saves_on_top_of_what_was_shown(asked, alice, bob):
    data = page(asked) | {f"note-{asked[0].pk}": "Mine.", f"mine-note-{asked[0].pk}": "1"}
    Answer.objects.get(pk=asked[0].pk).record_note("Theirs.", by=alice, version=0)
    assert saved(asked, data, bob).status == 200
    assert Answer.objects.get(pk=asked[0].pk).note == "Mine."


def test_take_theirs_saves_nothing(asked, alice, bob):
    data = page(asked) | {f"note-{asked[0].pk}": "Mine.", f"theirs-note-{asked[0].pk}": "1"}
    Answer.objects.get(pk=asked[0].pk).record_note("Theirs.", by=alice, version=0)
    assert saved(asked, data, bob).status == 200
    assert Answer.objects.get(pk=asked[0].pk).note == "Theirs."


def test_a_busy_database_leaves_what_was_typed_on_the_page(asked, bob, monkeypatch):
    def locked(self, *args, **kwargs):
        self.choice = "2"  # as far as the real one comes before its transaction is undone
        raise OperationalError("database is locked")

    monkeypatch.setattr(Answer, "record_choice", locked)
    form = saved(asked, page(asked) | {f"choice-{asked[0].pk}": "2", f"note-{asked[1].pk}": "Mine."}, bob)
    assert (form.status, form.saved) == (503, 0)
    assert form.rows[0].shown["choice"] == "2"
    assert form.rows[0].shown["choice_version"] == "0"
    assert form.rows[1].shown["note"] == "Mine."
