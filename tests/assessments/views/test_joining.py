"""The page that the link of an invitation leads to: with an account, without one, and where it opens nothing."""

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

NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
EMAIL = "nina@example.com"
JOIN = {"name": "Nina", "password": "heron lamp velvet quarry"}
SignOn = partial(
    SingleSignOn,
    url="https://id.example.com",
    client="copcready",
    secret="s",
    name="Acme ID",
    domains=("example.com",),
)


@pytest.fixture(autouse=True)
def _no_tries_yet(db):
    cache.clear()


@pytest.fixture
def clock(time_machine):
    time_machine.move_to(NOW, tick=False)
    return lambda seconds: time_machine.shift(seconds)


@pytest.fixture
def nina(db):
    return factories.UserFactory(name="Nina", email=EMAIL)


@pytest.fixture
def link(clock, alice, mark, acme):
    """The path of a link for Nina, to be a viewer, sent by Mark."""
    return path_of(Invitation.objects.issue(acme, email=EMAIL, role=Role.VIEWER, sites=None, by=mark)[1])


def path_of(text):
    return reverse("invitation", args=[text])


def main(page):
    return re.sub(r"\s+", " ", re.sub("<[^>]+>", "", page.text.split("<main")[1]))


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
    tries = [client.get(path_of(f"guess-{number}")).status_code for number in range(62)]
    assert (tries[0], tries[-1]) == (404, 429)
    assert client.get(link).status_code == 200


def test_the_page_goes_into_no_cache_search_or_other_sites_log(link, sign_in, nina):
    for client in (Client(), sign_in(nina)):
        for path, status in ((link, 200), (path_of("guess"), 404)):
            page = client.get(path)
            assert page.status_code == status
            assert "no-store" in page["Cache-Control"]
            assert page["X-Robots-Tag"] == "noindex"
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
    assert Activity.objects.filter(verb="member-joined").count() == 1


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
    assert not Activity.objects.filter(verb="member-joined").exists()


def test_whose_password_does_not_count_is_led_to_where_they_sign_in(link, settings):
    settings.SINGLE_SIGN_ON = SignOn(only=True)
    page = Client().get(link)
    assert "Addresses at example.com sign in with Acme ID and with nothing else." in page.text
    assert 'type="password"' not in page.text
    assert f"?next={link}" in page.text
    assert Client().post(link, JOIN).status_code == 200
    assert not User.objects.filter(email=EMAIL).exists()
    settings.SINGLE_SIGN_ON = SignOn()
    assert 'type="password"' in Client().get(link).text
