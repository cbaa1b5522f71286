"""Inviting somebody on the page of people: the e-mail, sending again, and taking back."""

import re
from datetime import UTC, datetime

import pytest
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from assessments.models import Activity, Invitation, Role, memberships
from assessments.views.invitations import MAILS
from tests import factories
from tests.conftest import member

NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
EMAIL = "nina@example.com"
VIEWER = {"email": EMAIL, "role": "viewer", "where": "every"}


@pytest.fixture(autouse=True)
def _no_tries_yet(db):
    cache.clear()


@pytest.fixture
def clock(time_machine):
    time_machine.move_to(NOW, tick=False)
    return lambda seconds: time_machine.shift(seconds)


@pytest.fixture
def marks(sign_in, alice, mark):
    return sign_in(mark)


def invite(client, organisation, follow=False, headers=None, **sent):
    page = reverse("invite", args=[organisation.pk])
    return client.post(page, VIEWER | sent, follow=follow, headers=headers)


def link_in(mail):
    """(where the link leads, its path)"""
    (found,) = re.findall(r"(\S+)(/invitations/[\w-]{43}/)", mail.body)
    return found


def do(client, invitation, what):
    return client.post(
        reverse(f"invitation-{what}", args=[invitation.organisation_id, invitation.pk]), follow=True
    )


@pytest.fixture
def link(clock, alice, mark, acme):
    """The path of a link for Nina, to be a viewer, sent by Mark."""
    return path_of(Invitation.objects.issue(acme, email=EMAIL, role=Role.VIEWER, sites=None, by=mark)[1])


def path_of(text):
    return reverse("invitation", args=[text])


# ---- sending ------------------------------------------------------------------------------------------------------


def test_an_invitation_is_mailed_with_a_link_to_the_address_that_is_set(marks, acme, mailoutbox, settings):
    settings.SITE_URL, settings.ALLOWED_HOSTS = "https://ready.example.org", ["*"]
    page = invite(marks, acme, follow=True, headers={"host": "evil.example"})
    assert page.redirect_chain == [(reverse("organisation", args=[acme.pk]), 302)]
    assert f"An invitation is on its way to {EMAIL}." in page.text
    (mail,) = mailoutbox
    assert mail.to == [EMAIL]
    where, path = link_in(mail)
    assert where == "https://ready.example.org"
    assert "evil" not in mail.body
    assert "Acme" not in mail.subject
    assert "Mark invites you to work on the assessments of Acme as viewer." in mail.body
    assert Client().get(path).status_code == 200
    assert Invitation.objects.get().sent_at


def test_its_token_stands_in_no_page_message_or_session(marks, acme, mailoutbox):
    pages = [invite(marks, acme, follow=True), marks.get(reverse("organisation", args=[acme.pk]))]
    token = link_in(mailoutbox[0])[1].split("/")[2]
    assert not [page for page in pages if token[:8] in page.text]
    for session in Session.objects.all():
        assert token[:8] not in str(session.get_decoded())
    assert token[:8] not in str(marks.cookies)
    for model in (Invitation, Activity):
        assert token[:8] not in str(list(model.objects.values()))


def test_with_the_mail_server_down_it_stays_and_the_page_says_so_without_the_link(
    marks, acme, monkeypatch, clock, mailoutbox
):
    tried = []

    def refuse(_subject, body, *_rest):
        tried.append(body)
        raise ConnectionRefusedError("no mail today")

    with monkeypatch.context() as patched:
        patched.setattr("assessments.views.invitations.send_mail", refuse)
        page = invite(marks, acme, follow=True)
    assert page.status_code == 200
    assert "is invited, but the e-mail could not be sent" in page.text
    assert "the e-mail did not go out" in page.text
    token = re.search("/invitations/([^/]+)/", tried[0])[1]
    assert token not in page.text
    found = Invitation.objects.get()
    assert (found.sent_at, found.revoked_at) == (None, None)
    clock(60)
    assert "on its way" in do(marks, found, "again").text
    assert len(mailoutbox) == 1


def test_a_second_click_invites_nobody_twice(marks, acme, mailoutbox):
    assert invite(marks, acme).status_code == 302
    again = invite(marks, acme, email="NINA@Example.com")
    assert again.status_code == 422
    assert "nina@example.com is invited already" in again.text
    assert Invitation.objects.count() == len(mailoutbox) == Activity.objects.count() == 1


@pytest.mark.parametrize(
    "sent",
    [
        {"email": ""},
        {"email": "nina"},
        {"email": "nina@"},
        {"email": "nina@example.com\nBcc: all@example.com"},
        {"email": "nina@example.com, omar@example.com"},
        {"email": "n\x00ina@example.com"},
        {"email": "former-1@invalid"},
        {"email": "n" * 300 + "@example.com"},
        {"email": "n" * 100_000},
        {"role": ""},
        {"role": "owner"},
        {"role": "king"},
        {"role": "viewer\x00"},
        {"where": ""},
        {"where": "nowhere"},
        {"where": "some"},
        {"where": "some", "sites": ["0"]},
        {"where": "some", "sites": ["x", "\x00", "9" * 40]},
    ],
)
def test_what_makes_no_sense_is_said_and_nobody_is_invited(marks, acme, site, mailoutbox, sent):
    page = invite(marks, acme, **sent)
    assert page.status_code == 422
    assert "is-invalid" in page.text
    assert "<title>Error: " in page.text
    assert Invitation.objects.count() == len(mailoutbox) == Activity.objects.count() == 0


def test_an_empty_form_is_not_taken_for_a_look_at_it(marks, acme):
    assert marks.post(reverse("invite", args=[acme.pk])).status_code == 422


def test_sites_of_another_organisation_cannot_be_given(marks, acme, site, charlie):
    theirs = factories.SiteFactory(organisation=charlie.memberships.get().organisation, name="Porto")
    assert "Porto" not in marks.get(reverse("invite", args=[acme.pk])).text
    page = invite(marks, acme, where="some", sites=[site.pk, theirs.pk])
    assert page.status_code == 422
    assert not Invitation.objects.exists()


def test_a_member_is_not_invited(marks, acme, bob):
    page = invite(marks, acme, email=bob.email.title())
    assert page.status_code == 422
    assert f"{bob.email} belongs to the organisation already." in page.text


def test_only_an_owner_is_offered_to_make_owners(marks, sign_in, alice, acme):
    page = reverse("invite", args=[acme.pk])
    assert 'value="owner"' not in marks.get(page).text
    assert 'value="owner"' in sign_in(alice).get(page).text
    assert invite(sign_in(alice), acme, role="owner").status_code == 302


@pytest.mark.parametrize("name", ["bob", "rita", "vera", "limited"])
def test_others_neither_invite_nor_send_again_nor_take_back(request, acme, alice, site, sign_in, link, name):
    if name == "limited":
        somebody = member(acme, "Lena", Role.MANAGER)
        memberships.change(somebody.memberships.get(), role=Role.MANAGER, sites=[site], by=alice)
    else:
        somebody = request.getfixturevalue(name)
    client, found = sign_in(somebody), Invitation.objects.get()
    noted = Activity.objects.count()
    assert client.get(reverse("invite", args=[acme.pk])).status_code == 403
    assert invite(client, acme, email="omar@example.com").status_code == 403
    assert {do(client, found, what).status_code for what in ("again", "revoke")} == {403}
    page = client.get(reverse("organisation", args=[acme.pk])).text
    assert EMAIL not in page
    assert "Invite somebody" not in page
    assert (Invitation.objects.count(), Activity.objects.count()) == (1, noted)
    assert Client().get(link).status_code == 200


def test_another_organisations_invitation_is_not_found(sign_in, charlie, link):
    found, client = Invitation.objects.get(), sign_in(charlie)
    theirs = charlie.memberships.get().organisation_id
    for organisation, number in ((theirs, found.pk), (found.organisation_id, found.pk), (theirs, 10**30)):
        for what in ("again", "revoke"):
            asked = client.post(reverse(f"invitation-{what}", args=[organisation, number]))
            assert asked.status_code == 404
    assert Client().get(link).status_code == 200


def test_taken_back_its_link_opens_nothing_and_a_second_click_says_so(marks, link):
    found = Invitation.objects.get()
    assert "Its link opens nothing any more." in do(marks, found, "revoke").text
    assert Client().get(link).status_code == 404
    assert "used or taken back" in do(marks, found, "revoke").text
    assert "used or taken back" in do(marks, found, "again").text
    assert Activity.objects.filter(verb="invitation-revoked").count() == 1


def test_sent_again_the_old_link_is_dead_and_one_a_minute_goes_out(clock, marks, link, mailoutbox):
    found = Invitation.objects.get()
    assert "Wait a minute" in do(marks, found, "again").text
    assert mailoutbox == []
    clock(60)
    assert "on its way" in do(marks, found, "again").text
    assert "Wait a minute" in do(marks, found, "again").text
    (mail,) = mailoutbox
    assert Client().get(link).status_code == 404
    assert Client().get(link_in(mail)[1]).status_code == 200


def test_a_manager_sees_an_owners_invitation_and_leaves_it_alone(marks, sign_in, mark, alice, acme):
    found, text = Invitation.objects.issue(acme, email=EMAIL, role=Role.OWNER, sites=None, by=alice)
    page = marks.get(reverse("organisation", args=[acme.pk])).text
    assert EMAIL in page
    assert reverse("invitation-revoke", args=[acme.pk, found.pk]) not in page
    assert "Ask an owner" in do(marks, found, "revoke").text
    assert Client().get(path_of(text)).status_code == 200


# ---- how many -----------------------------------------------------------------------------------------------------


def test_one_address_gets_five_a_day_whatever_becomes_of_them(clock, marks, sign_in, mark, acme, mailoutbox):
    invite(marks, acme)
    for _ in range(6):
        clock(61)
        said = do(marks, Invitation.objects.get(), "again").text
    assert "Five invitations went there within a day" in said
    assert len(mailoutbox) == 5
    assert Client().get(link_in(mailoutbox[-1])[1]).status_code == 200, "what is refused renews no link"
    clock(24 * 3600)
    assert "on its way" in do(sign_in(mark), Invitation.objects.get(), "again").text


def test_an_organisation_sends_so_many_a_day(clock, marks, acme, mailoutbox, monkeypatch):
    monkeypatch.setitem(MAILS, "invitations", "2/d/key")
    assert [invite(marks, acme, email=f"n{number}@example.com").status_code for number in range(2)] == [
        302,
        302,
    ]
    refused = invite(marks, acme, email="n3@example.com")
    assert refused.status_code == 422
    assert "within a day, which is the most" in refused.text
    assert 'value="n3@example.com"' in refused.text
    assert (Invitation.objects.count(), len(mailoutbox)) == (2, 2)


def test_a_person_sends_so_many_a_day_however_many_organisations_they_make(
    clock, sign_in, alice, acme, mailoutbox, monkeypatch
):
    monkeypatch.setitem(MAILS, "invitations-by-one", "2/d/key")
    client, other = sign_in(alice), owned(alice)
    assert invite(client, acme, email="n1@example.com").status_code == 302
    assert invite(client, other, email="n2@example.com").status_code == 302
    assert "You sent 200 invitations within a day" in invite(client, other, email="n3@example.com").text
    assert len(mailoutbox) == 2


def test_one_address_gets_ten_a_day_however_many_organisations_send_them(
    clock, sign_in, alice, charlie, mailoutbox
):
    for number in range(10):
        who = (alice, charlie)[number % 2]
        assert invite(sign_in(who), owned(who)).status_code == 302
    refused = invite(sign_in(charlie), owned(charlie))
    assert refused.status_code == 422
    assert "No more invitations go there today." in refused.text
    assert len(mailoutbox) == 10
    assert invite(sign_in(charlie), owned(charlie), email="omar@example.com").status_code == 302
    clock(24 * 3600)
    assert invite(sign_in(charlie), owned(charlie)).status_code == 302


def owned(user):
    made = factories.OrganisationFactory()
    made.memberships.create(user=user, role=Role.OWNER)
    return made


def test_what_is_refused_for_another_reason_does_not_count(clock, marks, acme, bob, mailoutbox, monkeypatch):
    monkeypatch.setitem(MAILS, "invitations", "2/d/key")
    for _ in range(3):
        assert invite(marks, acme, email=bob.email).status_code == 422
    assert invite(marks, acme).status_code == 302


def test_an_invitation_whose_sender_may_not_give_its_role_any_more_is_shown_as_void(
    clock, sign_in, alice, mark, link, acme
):
    page = reverse("organisation", args=[acme.pk])
    Invitation.objects.update(sent_at=NOW)
    assert "good until" in sign_in(alice).get(page).text
    memberships.change(mark.memberships.get(), role=Role.VIEWER, sites=None, by=alice)
    shown = sign_in(alice).get(page).text
    assert "opens nothing: whoever sent it may not give this role any more" in shown
    assert "good until" not in shown
