"""The page on which somebody makes the address of their calendar, and what is found there."""

import re
from datetime import date, timedelta

import pytest
from django.db import OperationalError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from assessments.models import Action, Assessment, CalendarFeed, Membership, Role
from assessments.models.tokens import MOST_A_MINUTE
from tests import factories
from tests.factories import answer

PAGE = "/account/calendar/"


@pytest.fixture
def gap(assessment):
    answer(assessment, PR1="0123")
    return assessment.answers.in_item("PR1").first()


def plan(gap, by, title, **values):
    values = {"owner": by, "due": date(2026, 12, 31)} | values
    return Action.objects.add(gap.assessment, [gap], by=by, title=title, **values)


def make(client, covers="mine"):
    """The path of a new address, taken from the page that shows it."""
    made = client.post(PAGE, {"covers": covers}, follow=True)
    [address] = re.findall(r'value="http://127.0.0.1:8000(/calendar/[\w-]{43}\.ics)"', made.content.decode())
    return address


def fetch(address):
    """As a calendar does: without a sign-in."""
    return Client().get(address)


def titles(address):
    response = fetch(address)
    assert response.status_code == 200
    return re.findall(r"SUMMARY:Due: (.*)\r\n", response.content.decode())


def test_an_address_is_shown_once_and_is_of_the_person_who_made_it(sign_in, bob):
    client = sign_in(bob)
    address = make(client)
    assert CalendarFeed.objects.get().user == bob
    assert address not in client.get(PAGE).content.decode()
    response = fetch(address)
    assert response["Content-Type"] == "text/calendar; charset=utf-8"
    assert "no-store" in response["Cache-Control"]


def test_the_address_can_be_copied_where_it_is_shown(sign_in, bob):
    client = sign_in(bob)
    shown = client.post(PAGE, {"covers": "mine"}, follow=True).text
    assert 'hidden data-copies="made-address"' in shown
    assert "js/copy.js" in shown
    assert "js/copy.js" not in client.get(PAGE).text


def test_looking_ahead_does_not_use_up_the_one_showing(sign_in, bob):
    client = sign_in(bob)
    client.post(PAGE, {"covers": "mine"})
    client.head(PAGE)
    assert "/calendar/" in client.get(PAGE).content.decode()


def test_it_holds_what_is_ahead_has_a_day_and_is_owned(sign_in, bob, alice, gap):
    plan(gap, bob, "Mine")
    plan(gap, bob, "Without a day", due=None)
    plan(gap, bob, "Over", status="done")
    plan(gap, alice, "Hers")
    plan(gap, bob, "Earlier", due=date(2026, 1, 1))
    client = sign_in(bob)
    assert titles(make(client)) == ["Earlier", "Mine"]
    assert titles(make(client, "all")) == ["Earlier", "Mine", "Hers"]


def test_what_others_own_elsewhere_is_in_nobodys_calendar_but_theirs(sign_in, bob, charlie, gap):
    plan(gap, bob, "Of Acme")
    assert titles(make(sign_in(charlie), "all")) == []


def test_somebody_who_left_an_organisation_sees_nothing_of_it_any_more(sign_in, bob, gap):
    plan(gap, bob, "Mine")
    address = make(sign_in(bob), "all")
    assert titles(address) == ["Mine"]
    Membership.objects.filter(user=bob).delete()
    assert titles(address) == []
    other = factories.OrganisationFactory()
    Membership.objects.create(organisation=other, user=bob, role=Role.VIEWER)
    assert titles(address) == []


def test_of_an_assessment_that_is_moved_on_nothing_is_due(sign_in, bob, gap):
    plan(gap, bob, "Mine")
    address = make(sign_in(bob))
    Assessment.objects.update(continued_at=timezone.now())
    assert titles(address) == []


def test_a_new_address_closes_the_old_one_and_taking_it_back_closes_both(sign_in, bob):
    client = sign_in(bob)
    first, second = make(client), make(client)
    assert fetch(first).status_code == 404
    assert fetch(second).status_code == 200
    client.post(PAGE, {"revoke": "1"})
    assert fetch(second).status_code == 404
    assert client.post(PAGE, {"revoke": "1"}).status_code == 302, "a second click is harmless"


def test_whoever_may_not_sign_in_any_more_has_no_calendar(sign_in, bob):
    address = make(sign_in(bob))
    bob.is_active = False
    bob.save()
    assert fetch(address).status_code == 404


def test_a_guess_is_not_found_and_says_nothing(db, bob):
    for token in (
        "x",
        "x" * 43,
        "%00",
        "é" * 40,
        CalendarFeed.objects.issue(user=bob, covers="mine")[0].sha256,
    ):
        response = fetch(f"/calendar/{token}.ics")
        assert response.status_code == 404
        assert b"BEGIN" not in response.content


def test_asking_too_often_is_refused_for_a_while(sign_in, bob):
    address = make(sign_in(bob))
    assert {fetch(address).status_code for _ in range(MOST_A_MINUTE)} == {200}
    refused = fetch(address)
    assert refused.status_code == 429
    assert 1 <= int(refused["Retry-After"]) <= 60


def test_a_busy_database_asks_to_come_back(sign_in, bob, monkeypatch):
    address = make(sign_in(bob))

    def busy(feed):
        raise OperationalError("database is locked")

    monkeypatch.setattr(CalendarFeed, "use", busy)
    response = fetch(address)
    assert response.status_code == 503
    assert response["Retry-After"]


def test_an_event_leads_to_the_page_of_its_action(sign_in, bob, gap):
    action = plan(gap, bob, "Mine")
    text = fetch(make(sign_in(bob))).content.decode()
    assert f"URL:http://127.0.0.1:8000{reverse('action', args=[action.pk])}\r\n" in text


@pytest.mark.parametrize("count", [1, 9])
def test_the_number_of_queries_does_not_grow(sign_in, bob, gap, count, django_assert_num_queries):
    for number in range(count):
        plan(gap, bob, f"Step {number}", due=date(2026, 12, 1) + timedelta(days=number))
    address = make(sign_in(bob))
    fetch(address)  # notes the use
    # the feed; its turn, and the cache of requests, which is a table; the actions with all their names
    with django_assert_num_queries(11):
        assert len(titles(address)) == count


def test_a_choice_nobody_offered_makes_no_address(sign_in, bob):
    assert sign_in(bob).post(PAGE, {"covers": "everything"}).status_code == 422
    assert not CalendarFeed.objects.exists()
