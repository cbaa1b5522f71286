"""Deleting an organisation on its page, what stops at once, and putting it back."""

import re

import pytest
from django.urls import reverse

from assessments.models import Action, Activity, ApiToken, CalendarFeed, Membership, Organisation, Role, bins
from tests import factories
from tests.conftest import member

BIN = "/organisations/bin/"


def address(organisation):
    return reverse("organisation-delete", args=[organisation.pk])


def test_the_page_says_what_goes_and_offers_the_export_first(sign_in, alice, acme, assessment):
    page = sign_in(alice).get(address(acme)).text
    assert '<th scope="row">Assessments</th><td class="num">1</td>' in page
    assert reverse("organisation-export", args=[acme.pk]) in page
    assert "For 30 days" in page


@pytest.mark.parametrize("typed", ["", "Acm", "Other Ltd", "\x00"])
def test_another_name_deletes_nothing_and_is_told_so(sign_in, alice, acme, typed, mailoutbox):
    response = sign_in(alice).post(address(acme), {"name": typed})
    assert response.status_code == 422
    assert "That is not the name" in response.text or "required" in response.text
    assert Organisation.objects.get(pk=acme.pk).binned_at is None
    assert mailoutbox == []


def test_a_name_is_a_text_wherever_it_is_printed(sign_in, alice, acme):
    Organisation.objects.filter(pk=acme.pk).update(name="<b>Acme</b> & {{ x }}")
    client = sign_in(alice)
    pages = [client.get(address(acme)), client.post(address(acme), {"name": "no"})]
    client.post(address(acme), {"name": "<b>acme</b> & {{ X }}"})
    pages.append(client.get(BIN))
    for page in pages:
        assert "<b>Acme" not in page.text
        assert "&lt;b&gt;Acme&lt;/b&gt; &amp; {{ x }}" in page.text


@pytest.mark.parametrize("typed", ["Acme", " acme  ", "ACME"])
def test_the_name_in_any_letters_deletes_it(sign_in, alice, acme, typed):
    page = sign_in(alice).post(address(acme), {"name": typed}, follow=True)
    assert page.redirect_chain == [(BIN, 302)]
    assert "Acme is deleted. For 30 days an owner can put it back." in page.text
    gone = Organisation.objects.get(pk=acme.pk)
    assert gone.binned_at
    assert gone.binned_by == alice


def test_every_owner_is_told_by_an_e_mail_of_their_own(sign_in, alice, bob, acme, mailoutbox, settings):
    settings.SITE_URL = "https://ready.example.org"
    other = member(acme, "Olga", Role.OWNER)
    closed = member(acme, "Clara", Role.OWNER)
    closed.is_active = False
    closed.save()
    sign_in(alice).post(address(acme), {"name": "Acme"}, headers={"host": "localhost"})
    assert sorted(mail.to for mail in mailoutbox) == [[alice.email], [other.email]]
    for mail in mailoutbox:
        assert "Acme" not in mail.subject
        assert "Alice deleted Acme" in mail.body
        assert "https://ready.example.org/organisations/bin/" in mail.body
        assert re.search(r"Until \d+ \w+ 20\d\d, \d\d:\d\d UTC", mail.body)


def test_a_mail_server_that_refuses_stops_nothing(sign_in, alice, acme, monkeypatch, caplog):
    def refuse(*_args):
        raise ConnectionRefusedError("no mail today")

    monkeypatch.setattr("assessments.views.bins.send_mail", refuse)
    assert sign_in(alice).post(address(acme), {"name": "Acme"}).status_code == 302
    assert Organisation.objects.get(pk=acme.pk).binned_at
    assert "no mail today" in caplog.text


def test_pages_tokens_and_calendars_stop_at_once_and_the_session_stays(
    sign_in, alice, bob, acme, assessment, client
):
    site = assessment.site
    _token, text = ApiToken.objects.issue(site=site, name="Nightly", days=30, by=alice)
    _feed, key = CalendarFeed.objects.issue(user=bob, covers="all")
    Action.objects.add(
        assessment, [assessment.answers.first()], by=alice, title="List teams", due="2027-01-31"
    )
    pages = [
        reverse("organisation", args=[acme.pk]),
        reverse("site", args=[site.pk]),
        reverse("assessment", args=[assessment.pk]),
        reverse("answers-json", args=[assessment.pk]),
    ]
    calendar, readings = reverse("calendar-feed", args=[key]), reverse("readings-api", args=[site.pk])
    signed = {"authorization": f"Bearer {text}"}
    sign_in(alice)
    assert {client.get(page).status_code for page in pages} == {200}
    assert "List teams" in client.get(calendar).text
    assert client.get(readings, headers=signed).status_code == 200
    client.post(address(acme), {"name": "Acme"})
    assert {client.get(page).status_code for page in pages} == {404}
    saved = client.post(
        reverse("answer-choice", args=[assessment.answers.first().pk]), {"choice": "2", "version": "0"}
    )
    assert saved.status_code == 404
    assert "List teams" not in client.get(calendar).text
    assert client.get(readings, headers=signed).status_code == 401
    home = client.get(reverse("home"))
    assert home.status_code == 200
    assert "Acme" not in home.text.split("<main")[1]
    client.post(BIN, {"organisation": acme.pk})
    assert {client.get(page).status_code for page in pages} == {200}
    assert client.get(readings, headers=signed).status_code == 200
    assert "List teams" in client.get(calendar).text


def test_the_first_page_leads_an_owner_to_the_bin_while_there_is_something_in_it(sign_in, alice, bob, acme):
    assert BIN not in sign_in(alice).get(reverse("home")).text
    bins.put_in(acme, by=alice)
    assert BIN in sign_in(alice).get(reverse("home")).text
    assert BIN not in sign_in(bob).get(reverse("home")).text


def test_it_is_put_back_from_there_by_any_owner_and_noted(sign_in, alice, acme, site):
    other = member(acme, "Olga", Role.OWNER)
    bins.put_in(acme, by=alice)
    client = sign_in(other)
    page = client.get(BIN).text
    assert "Deleted by Alice on" in page
    done = client.post(BIN, {"organisation": acme.pk}, follow=True)
    assert "Acme is back, with everything it held." in done.text
    assert done.redirect_chain == [(reverse("organisation", args=[acme.pk]), 302)]
    assert Activity.objects.filter(organisation=acme, verb="organisation-restored", by=other).exists()


def test_who_deleted_it_may_have_closed_their_account_since(sign_in, alice, acme):
    other = member(acme, "Olga", Role.OWNER)
    bins.put_in(acme, by=alice)
    Organisation.objects.filter(pk=acme.pk).update(binned_by=None)
    assert "Deleted by Somebody on" in sign_in(other).get(BIN).text


@pytest.mark.parametrize("number", ["{acme}", "0", "x", "", "99999999999999999999999999", "²", "-1"])
def test_what_is_not_ones_own_to_put_back_is_refused_alike(sign_in, alice, bob, acme, number):
    bins.put_in(acme, by=alice)
    response = sign_in(bob).post(BIN, {"organisation": number.format(acme=acme.pk)})
    assert response.status_code == 403
    assert "You have no such organisation to put back" in response.text
    assert Organisation.objects.get(pk=acme.pk).binned_at


def test_an_empty_bin_says_what_it_is_for(sign_in, charlie):
    assert "can be put back from here for 30 days" in sign_in(charlie).get(BIN).text


def test_a_second_organisation_is_not_touched(sign_in, alice, acme):
    second = factories.OrganisationFactory(name="Second")
    Membership.objects.create(organisation=second, user=alice, role=Role.OWNER)
    sign_in(alice).post(address(acme), {"name": "Acme"})
    assert list(Organisation.objects.for_user(alice)) == [second]
