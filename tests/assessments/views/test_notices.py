import pytest
from django.urls import reverse

from assessments.forms.notices import NoticesForm
from assessments.models import Notice, Review, User


def kinds(user):
    return sorted(Notice.objects.filter(user=user).values_list("kind", flat=True))


@pytest.fixture
def complete(assessment, bob):
    for answer in assessment.answers.in_item("PR1"):
        answer.record_choice("2", by=bob, version=0)
    return assessment


def test_assigning_tells_the_person_once_an_item(sign_in, alice, bob, mark, assessment):
    client = sign_in(alice)
    answer = assessment.answers.in_order().first()
    for data in ({"person": bob.pk}, {"person": bob.pk, "whole": "on"}):
        client.post(reverse("answer-assign", args=[answer.pk]), data)
    client.post(
        reverse("assignments", args=[assessment.pk]),
        {"shown-PR2": "", "PR2": bob.pk, "shown-PF3": "", "PF3": mark.pk},
    )
    assert kinds(bob) == ["assigned", "assigned"]
    assert kinds(mark) == ["assigned"]


def test_a_review_tells_its_reviewer_and_its_decision_tells_the_sender(sign_in, bob, rita, complete):
    sign_in(bob).post(
        reverse("review-submit", args=[complete.pk]),
        {"items": ["PR1"], "reviewer": "", "due": "", "message": ""},
    )
    found = Review.objects.undecided().get()
    assert kinds(rita) == ["review"]
    assert kinds(bob) == []
    sign_in(rita).post(reverse("review", args=[found.pk]), {"seen": found.versions_now()})
    assert kinds(bob) == ["agreed"]


def test_taking_a_review_back_takes_its_notice_back(sign_in, bob, rita, complete):
    sign_in(bob).post(reverse("review-submit", args=[complete.pk]), {"items": ["PR1"]})
    assert kinds(rita) == ["review"]
    sign_in(bob).post(reverse("review-withdraw", args=[Review.objects.undecided().get().pk]))
    assert kinds(rita) == []


def test_a_comment_tells_who_answered(sign_in, bob, rita, complete):
    answer = complete.answers.in_order().first()
    sign_in(rita).post(reverse("answer-comments", args=[answer.pk]), {"text": "Which report?"})
    assert kinds(bob) == ["comment"]


def test_the_page_keeps_how_often_and_lists_what_waits(sign_in, alice, bob, assessment):
    answer = assessment.answers.in_order().first()
    sign_in(alice).post(reverse("answer-assign", args=[answer.pk]), {"person": bob.pk})
    client = sign_in(bob)
    text = client.get(reverse("notices")).content.decode()
    assert "PR1 Topic 1 is yours to answer, from Alice" in text
    client.post(reverse("notices"), {"digest": "daily"})
    assert User.objects.get(pk=bob.pk).digest == "daily"
    assert client.post(reverse("notices"), {"digest": "hourly-ish"}).status_code == 422


def test_saving_how_often_undoes_nothing_that_staff_changed_meanwhile(sign_in, bob, monkeypatch):
    reads = NoticesForm.is_valid

    def and_staff_change(form):
        User.objects.filter(pk=bob.pk).update(name="Robert", is_active=False)
        return reads(form)

    monkeypatch.setattr(NoticesForm, "is_valid", and_staff_change)
    sign_in(bob).post(reverse("notices"), {"digest": "daily"})
    bob.refresh_from_db()
    assert (bob.name, bob.is_active, bob.digest) == ("Robert", False, "daily")
