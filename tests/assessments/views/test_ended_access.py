"""Who is removed, limited or lowered, signed in as they are: it holds from their very next request."""

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from assessments.models import Action, CalendarFeed, Invitation, Notice, ReportJob, Role
from assessments.models.notices import tell
from assessments.report import pdf
from tests import factories
from tests.assessments.views.test_people import of, page_of, people, signed_in


@pytest.fixture
def york(acme):
    return factories.SiteFactory(organisation=acme, name="York")


@pytest.fixture
def printed(monkeypatch):
    monkeypatch.setattr(pdf, "render", lambda document, options: b"%PDF-1.7 printed")


@pytest.fixture
def bobs(printed, assessment, alice, bob):
    """What Bob reaches of Leeds, signed in beforehand: {name: call that gives the status}."""
    client = signed_in(bob)
    answer = assessment.answers.in_order().first()
    Action.objects.add(assessment, [answer], by=alice, title="List teams", due="2027-01-31")
    _feed, key = CalendarFeed.objects.issue(user=bob, covers="all")
    client.get(reverse("report", args=[assessment.pk]))
    job = ReportJob.objects.get()
    save = reverse("answer-choice", args=[answer.pk])
    partial = {"HTTP_HX_REQUEST": "true"}

    def choose(**headers):
        version = str(type(answer).objects.get(pk=answer.pk).version)
        return client.post(save, {"choice": "2", "version": version}, **headers).status_code

    def look(name, *args, **headers):
        return lambda: client.get(reverse(name, args=args), **headers).status_code

    reads = {
        "assessment": look("assessment", assessment.pk),
        "site": look("site", assessment.site_id),
        "results": look("results", assessment.pk),
        "answers": look("answers-json", assessment.pk),
        "part of a page": look("item", assessment.pk, "PR1", **partial),
        "news": look("news", assessment.pk),
        "report job": look("report-job", assessment.pk, job.pk),
        "report file": look("report-file", assessment.pk, job.pk),
    }
    writes = {
        "save": choose,
        "save by htmx": lambda: choose(**partial),
        "save as JSON": lambda: choose(HTTP_ACCEPT="application/json"),
        "note": lambda: (
            client.post(
                reverse("answer-note", args=[answer.pk]), {"note": "x", "version": "0"}, **partial
            ).status_code
        ),
    }
    feed = reverse("calendar-feed", args=[key])
    return reads, writes, lambda: "List teams" in Client().get(feed).text


def asked(calls):
    return {name: call() for name, call in calls.items()}


def remove_by_hand(client, bob, york):
    return client.post(page_of(bob, "-remove"))


def limit_by_hand(client, bob, york):
    return client.post(page_of(bob), {"role": "contributor", "where": "some", "sites": [york.pk]})


@pytest.mark.parametrize("end", [remove_by_hand, limit_by_hand])
def test_removing_and_limiting_end_access_in_the_very_next_request(acme, alice, bob, bobs, york, end):
    reads, writes, in_calendar = bobs
    assert set(asked(reads).values()) <= {200, 204}, asked(reads)
    assert not set(asked(writes).values()) & {403, 404}
    assert in_calendar()
    assert end(signed_in(alice), bob, york).status_code == 302
    assert set(asked(reads).values()) == {404}, asked(reads)
    assert set(asked(writes).values()) == {404}, asked(writes)
    assert not in_calendar()


def test_lowering_ends_writing_in_the_very_next_request_and_not_reading(acme, alice, bob, bobs):
    reads, writes, in_calendar = bobs
    signed_in(alice).post(page_of(bob), {"role": "viewer", "where": "every"})
    assert set(asked(writes).values()) == {403}, asked(writes)
    assert set(asked(reads).values()) <= {200, 204}
    assert in_calendar()


@pytest.mark.parametrize("end", [remove_by_hand, limit_by_hand])
def test_the_digest_tells_nothing_any_more(acme, alice, mark, bob, assessment, york, mailoutbox, end):
    item = assessment.release.domains.get(code="PR").items.get(code="PR1")
    tell([bob, mark], Notice.Kind.ASSIGNED, assessment, by=alice, item=item)
    end(signed_in(alice), bob, york)
    tell([bob, mark], Notice.Kind.REVIEW, assessment, by=alice, item=item)
    call_command("sendnotices", older_than=0)
    assert [mail.to for mail in mailoutbox] == [[mark.email]]


def test_a_removed_member_may_be_invited_and_comes_back_with_what_is_given_then(acme, alice, bob):
    signed_in(alice).post(page_of(bob, "-remove"))
    found, _text = Invitation.objects.issue(acme, email=bob.email, role="viewer", sites=None, by=alice)
    found.accept(bob)
    assert signed_in(bob).get(people(acme)).status_code == 200
    assert of(bob).role == Role.VIEWER
