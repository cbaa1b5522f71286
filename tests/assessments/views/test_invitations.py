"""Inviting somebody on the page of people, the e-mail, and the page that its link leads to."""

import re
from datetime import UTC, datetime
from functools import partial

import pytest
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.db import IntegrityError
from django.test import Client
from django.urls import reverse

from assessments.models import Activity, Invitation, Membership, Organisation, Role, User, memberships
from assessments.models.memberships import Refused
from copcready.single_sign_on import SingleSignOn
from tests import factories
from tests.conftest import member

NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
EMAIL = "nina@example.com"
VIEWER = {"email": EMAIL, "role": "viewer", "where": "every"}
JOIN = {"name": "Nina", "password": "heron lamp velvet quarry"}


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


@pytest.fixture
def nina(db):
    return factories.UserFactory(name="Nina", email=EMAIL)


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


def main(page):
    return re.sub(r"\s+", " ", re.sub("<[^>]+>", "", page.text.split("<main")[1]))


def signed_in(user):
    client = Client()
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


@pytest.fixture
def link(clock, alice, mark, acme):
    """The path of a link for Nina, to be a viewer, sent by Mark."""
    return path_of(Invitation.objects.issue(acme, email=EMAIL, role=Role.VIEWER, sites=None, by=mark)[1])


SignOn = partial(
    SingleSignOn,
    url="https://id.example.com",
    client="copcready",
    secret="s",
    name="Acme ID",
    domains=("example.com",),
)


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


# ---- links that open nothing --------------------------------------------------------------------------------------


def test_every_link_that_opens_nothing_shows_the_same_bytes(clock, acme, alice, mark, site, nina):
    """Never made, changed, used, taken back, sent anew, by somebody who may not any more, of a binned one, or over."""
    other = Organisation.objects.create(name="Closed branch")
    for user in (alice, mark):
        Membership.objects.create(organisation=other, user=user, role=Role.OWNER)

    def issue(name, organisation=acme, by=alice):
        return Invitation.objects.issue(
            organisation, email=f"{name}@example.com", role=Role.VIEWER, sites=None, by=by
        )

    made = {
        name: issue(name, **more)
        for name, more in {
            "over": {},
            "nina": {},
            "back": {},
            "anew": {},
            "void": {"by": mark},
            "bin": {"organisation": other},
        }.items()
    }
    # `over` is the only one whose time passes
    Invitation.objects.filter(pk=made["over"][0].pk).update(expires_at=NOW)
    made["nina"][0].accept(nina)
    made["back"][0].revoke(by=alice)
    clock(60)
    made["anew"][0].again(by=alice)
    memberships.change(mark.memberships.get(organisation=acme), role=Role.CONTRIBUTOR, sites=None, by=alice)
    Organisation.objects.filter(pk=other.pk).update(binned_at=NOW)
    text = made["nina"][1]
    texts = [text for _found, text in made.values()] + [
        text[:-1],
        text + "A",
        text[::-1],
        "guess",
        "x" * 5000,
    ]
    bodies, headers = set(), set()
    for text in texts:
        for ask in (Client().get, Client().post):
            response = ask(path_of(text), JOIN if ask.__name__ == "post" else None)
            assert response.status_code == 404, text
            bodies.add(response.content)
            headers.add(str(sorted(response.headers.items())))
    assert len(bodies) == 1
    assert len(headers) == 1
    assert b"This link opens nothing" in bodies.pop()
    assert User.objects.count() == 3


def test_guessing_is_slowed_down_and_a_good_link_goes_on_opening(link):
    client = Client()
    tries = [client.get(path_of(f"guess-{number}")).status_code for number in range(32)]
    assert (tries[0], tries[-1]) == (404, 429)
    assert client.get(link).status_code == 200


def test_the_page_goes_into_no_cache_search_or_other_sites_log(link, sign_in, nina):
    for client in (Client(), sign_in(nina)):
        for path, status in ((link, 200), (path_of("guess"), 404)):
            page = client.get(path)
            assert page.status_code == status
            assert "no-store" in page["Cache-Control"]
            assert page["X-Robots-Tag"] == "noindex, nofollow"
            # "no-referrer" would make browsers send the form with `Origin: null`, which is refused as forged
            assert page["Referrer-Policy"] == "strict-origin"


# ---- accepting with an account ------------------------------------------------------------------------------------


def test_who_has_an_account_signs_in_and_comes_back(link, nina):
    nina.set_password(JOIN["password"])
    nina.save()
    client = Client()
    page = client.get(link)
    assert "There is an account for this address." in page.text
    assert 'type="password"' not in page.text
    assert client.post(link, JOIN).status_code == 200
    assert nina.memberships.count() == 0
    way = re.search(r'href="(/account/login/\?next=[^"]+)"', page.text)[1]
    back = client.post(way, {"login": EMAIL, "password": JOIN["password"]})
    assert back["Location"] == link
    assert "Accept the invitation" in client.get(link).text
    assert nina.memberships.count() == 0, "looking at it accepts nothing"
    page = client.post(link, follow=True)
    assert "Welcome to Acme." in page.text
    assert nina.memberships.get().role == Role.VIEWER


def test_a_second_click_on_accept_joins_once(link, sign_in, nina, acme):
    client = sign_in(nina)
    assert client.post(link).status_code == 302
    assert client.post(link).status_code == 404
    assert nina.memberships.count() == 1
    assert Activity.objects.filter(verb="joined").count() == 1


def test_signed_in_as_somebody_else_one_is_told_and_does_not_join(link, sign_in, vera, charlie, nina):
    before = Membership.objects.count()
    for somebody in (vera, charlie):
        client = sign_in(somebody)
        page = client.get(link)
        assert page.status_code == 200
        assert f"You are signed in as {somebody.email}." in page.text
        assert "Accept the invitation" not in page.text
        assert client.post(link, JOIN).status_code == 403
    assert Membership.objects.count() == before
    assert Client().get(link).status_code == 200


def test_who_belongs_to_it_already_is_told_so(link, sign_in, nina, acme):
    Membership.objects.create(organisation=acme, user=nina, role=Role.MANAGER)
    assert "You belong to Acme already." in sign_in(nina).post(link, follow=True).text
    assert nina.memberships.get().role == Role.MANAGER


def test_taken_back_between_looking_and_clicking_it_is_said(link, sign_in, nina, monkeypatch):
    def too_late(*_args):
        raise Refused("This invitation is good no longer")

    monkeypatch.setattr(Invitation, "accept", too_late)
    assert "good no longer" in sign_in(nina).post(link, follow=True).text


def test_a_closed_account_is_not_opened_again_by_an_invitation(link, nina):
    User.objects.filter(pk=nina.pk).update(is_active=False)
    assert 'type="password"' not in Client().get(link).text
    assert Client().post(link, JOIN).status_code == 200
    assert not nina.memberships.exists()


# ---- accepting with a new account ---------------------------------------------------------------------------------


def test_a_newcomer_makes_an_account_and_is_in(link, acme):
    client = Client()
    client.get(link)
    page = client.post(link, JOIN | {"name": "  Ni\x00na\u0301 "}, follow=True)
    assert "Welcome to Acme." in page.text
    assert "Acme" in main(page)
    user = User.objects.get(email=EMAIL)
    assert (user.name, user.is_staff, user.is_superuser) == ("Niná", False, False)
    assert user.check_password(JOIN["password"])
    assert user.memberships.get().role == Role.VIEWER
    address = user.emailaddress_set.get()
    assert (address.email, address.verified, address.primary) == (EMAIL, True, True)
    assert Client().get(link).status_code == 404


def test_the_session_is_a_fresh_one_that_stands_among_those_of_the_account(link):
    client = Client()
    client.get(reverse("account_login"))
    planted = client.session
    planted["left"] = "by somebody before"
    planted.save()
    client.cookies["sessionid"] = planted.session_key
    client.post(link, JOIN)
    assert client.session.session_key != planted.session_key
    assert not Session.objects.filter(session_key=planted.session_key).exists()
    assert UserSession.objects.get().session_key == client.session.session_key
    assert link.split("/")[2] not in str(client.session.items())


@pytest.mark.parametrize(
    "sent",
    [
        {"password": ""},
        {"password": "short"},
        {"password": "password1234"},
        {"password": "123456789012"},
        {"password": "nina@example"},
        {"name": ""},
        {"name": " \x00\x07 "},
        {"name": "N" * 81},
        {"name": "N" * 100_000},
    ],
)
def test_a_weak_password_or_no_name_makes_no_account(link, sent):
    page = Client().post(link, JOIN | sent)
    assert page.status_code == 422
    assert "<title>Error: " in page.text
    assert JOIN["password"] not in page.text
    assert not User.objects.filter(email=EMAIL).exists()
    assert Client().get(link).status_code == 200


def test_an_empty_form_and_a_forged_address_make_no_other_account(link):
    assert Client().post(link).status_code == 422
    Client().post(link, JOIN | {"email": "evil@example.com", "role": "owner", "is_staff": "on"})
    user = User.objects.get(name="Nina")
    assert (user.email, user.is_staff, user.memberships.get().role) == (EMAIL, False, Role.VIEWER)


def test_a_form_from_another_site_is_refused(link, nina):
    strict = Client(enforce_csrf_checks=True)
    assert strict.post(link, JOIN).status_code == 403
    strict.force_login(nina, backend="allauth.account.auth_backends.AuthenticationBackend")
    assert strict.post(link).status_code == 403
    assert not nina.memberships.exists()


def test_nothing_is_left_of_an_account_whose_invitation_was_taken_back_meanwhile(link, monkeypatch):
    def too_late(*_args):
        raise Refused("gone")

    monkeypatch.setattr(Invitation, "accept", too_late)
    client = Client()
    page = client.post(link, JOIN)
    assert page.status_code == 404
    assert "This link opens nothing" in page.text
    assert not User.objects.filter(email=EMAIL).exists()
    assert "_auth_user_id" not in client.session


def test_nothing_is_left_where_somebody_else_got_the_address_meanwhile(link, monkeypatch):
    def taken(*_args, **_kwargs):
        raise IntegrityError("taken")

    monkeypatch.setattr(User.objects, "create_user", taken)
    assert Client().post(link, JOIN).status_code == 404
    assert not Membership.objects.filter(user__email=EMAIL).exists()
    assert not Activity.objects.filter(verb="joined").exists()


def test_whose_password_does_not_count_is_led_to_where_they_sign_in(link, settings):
    settings.SINGLE_SIGN_ON = SignOn(only=True)
    page = Client().get(link)
    assert "Passwords do not count for addresses at example.com. Sign in with Acme ID." in page.text
    assert 'type="password"' not in page.text
    assert f"?next={link}" in page.text
    assert Client().post(link, JOIN).status_code == 200
    assert not User.objects.filter(email=EMAIL).exists()
    settings.SINGLE_SIGN_ON = SignOn()
    assert 'type="password"' in Client().get(link).text
