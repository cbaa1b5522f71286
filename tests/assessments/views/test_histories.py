import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from assessments.models import Answer, Assessment


@pytest.fixture
def answer(assessment, alice, bob):
    answer = assessment.answers.in_order().first()
    answer.record_choice("1", by=alice, version=0)
    answer.record_note("Since May.", by=alice, version=1)
    answer.record_choice("na", by=bob, version=2, reason="other", reason_text="No cards.")
    return answer


def test_the_history_says_who_saved_what_and_marks_what_stands(sign_in, vera, answer):
    text = sign_in(vera).get(reverse("answer-history", args=[answer.pk])).content.decode()
    assert "Saved 3 times" in text
    for words in ("Designed only", "Since May.", "Not applicable. Another reason: No cards.", "Alice", "Bob"):
        assert words in text
    assert text.count("as it stands") == 2
    assert "Bring back" not in text


def test_an_earlier_save_is_brought_back_on_top_of_what_stands(sign_in, bob, answer):
    client = sign_in(bob)
    assert client.get(reverse("answer-history", args=[answer.pk])).content.decode().count("Bring back") == 1
    response = client.post(reverse("answer-restore", args=[answer.pk]), {"version": "1"}, follow=True)
    assert "Brought back." in response.content.decode()
    stored = Answer.objects.get(pk=answer.pk)
    assert (stored.choice, stored.reason, stored.note, stored.version) == ("1", "", "Since May.", 4)
    assert stored.answered_by == bob


@pytest.mark.parametrize("version", ["", "0", "99", "x", "1 OR 1", "9" * 40, "\u0661"])
def test_a_version_that_never_was_is_not_found(sign_in, bob, answer, version):
    response = sign_in(bob).post(reverse("answer-restore", args=[answer.pk]), {"version": version})
    assert response.status_code == 404
    assert Answer.objects.get(pk=answer.pk).version == 3


def test_nothing_is_brought_back_where_nothing_can_be_answered(sign_in, bob, answer):
    Assessment.objects.update(continued_at="2030-01-01T00:00Z")
    assert sign_in(bob).post(reverse("answer-restore", args=[answer.pk]), {"version": "1"}).status_code == 403


def test_the_history_takes_four_queries_however_long_it_is(sign_in, bob, answer):
    client = sign_in(bob)
    client.get(reverse("answer-history", args=[answer.pk]))
    for version in range(3, 9):
        answer.record_note(f"Version {version}", by=bob, version=version)
    with CaptureQueriesContext(connection) as captured:
        client.get(reverse("answer-history", args=[answer.pk]))
    assert len(captured) == 4
