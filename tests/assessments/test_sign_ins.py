"""Sign-ins and what protects them, in the activity of every organisation that the person belongs to; and whose sessions end
with the first second factor."""

import re
from unittest import mock

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.signals import authenticator_added, authenticator_removed
from django.core import mail
from django.test import Client
from django.urls import reverse

from assessments.models import Activity, Membership
from assessments.models.origin import Origin, Way, origin
from tests import factories
from tests.second_factors import PASSWORD, code_of

LOGIN = "/account/login/"


@pytest.fixture
def mark(mark):
    mark.set_password(PASSWORD)
    mark.save()
    return mark


def said():
    return [(row.verb, row.who, row.address) for row in Activity.objects.order_by("pk")]


def enter(client, email, password=PASSWORD, **headers):
    return client.post(LOGIN, {"login": email, "password": password}, **headers)


def test_signing_in_and_out_is_noted_with_the_address(client, mark):
    enter(client, mark.email)
    client.post(reverse("account_logout"))
    assert said() == [("signin-in", "Mark", "127.0.0.1"), ("signin-out", "Mark", "127.0.0.1")]


def test_it_is_noted_in_every_organisation_of_the_person(client, mark):
    other = factories.OrganisationFactory()
    Membership.objects.create(organisation=other, user=mark)
    enter(client, mark.email)
    assert Activity.objects.values("organisation").distinct().count() == 2


def test_a_failed_try_is_noted_as_somebody_elses_and_nothing_is_of_who_has_no_account(client, mark):
    enter(client, mark.email, "a wrong password")
    enter(client, "nobody@example.com")
    enter(client, "\x00")
    row = Activity.objects.get()
    assert (row.verb, row.who, row.by) == ("signin-failed", "Mark", None)


def test_a_new_password_is_noted(client, sign_in, mark):
    data = {"oldpassword": PASSWORD, "password1": PASSWORD + "s", "password2": PASSWORD + "s"}
    sign_in(mark).post(reverse("account_change_password"), data)
    assert "signin-password" in [verb for verb, *_rest in said()]


def test_so_is_one_set_by_the_link_of_a_reset(client, mark):
    client.post(reverse("account_reset_password"), {"email": mark.email})
    link = re.search(r"http://\S+(/account/password/reset/key/\S+)", mail.outbox[0].body)[1]
    page = client.get(link, follow=True)
    client.post(page.request["PATH_INFO"], {"password1": PASSWORD + "s", "password2": PASSWORD + "s"})
    assert "signin-reset" in [verb for verb, *_rest in said()]


def test_second_factors_are_noted_as_they_come_and_go(rf, mark):
    Authenticator.objects.create(user=mark, type=Authenticator.Type.WEBAUTHN, data={"name": "Laptop"})
    factor = Authenticator(user=mark, type=Authenticator.Type.TOTP, data={"secret": "x"})
    token = origin.set(Origin("192.0.2.7", Way.PAGE))
    for signal in (authenticator_added, authenticator_removed):
        signal.send(Authenticator, request=rf.get("/"), user=mark, authenticator=factor)
    origin.reset(token)
    assert [row.verb for row in Activity.objects.order_by("pk")] == [
        "signin-factor-added",
        "signin-factor-removed",
    ]


def test_outside_a_request_nobody_signs_in(mark):
    Client().force_login(mark, backend="allauth.account.auth_backends.AuthenticationBackend")
    assert not said()


# ---- the first second factor --------------------------------------------------------------------------------------


def by_password(user):
    """A browser in which the password was enough."""
    client = Client()
    enter(client, user.email)
    return client


def set_up_app(client):
    secret = client.get(reverse("mfa_activate_totp")).context["form"].secret
    return client.post(reverse("mfa_activate_totp"), {"code": code_of(secret)}, follow=True)


def add_passkey(client):
    # What makes it one needs a real key; what becomes of the sessions does not.
    with mock.patch.multiple(
        "allauth.mfa.webauthn.internal.auth",
        parse_registration_response=mock.DEFAULT,
        complete_registration=mock.DEFAULT,
    ):
        return client.post(
            reverse("mfa_add_webauthn"), {"name": "Key", "credential": '{"id": "x"}'}, follow=True
        )


def is_in(client):
    return client.get(reverse("home")).status_code == 200


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("first", "second"), [(set_up_app, add_passkey), (add_passkey, set_up_app)])
def test_setting_up_the_first_ends_every_other_session_and_the_next_ends_none(mark, first, second):
    thief, client = by_password(mark), by_password(mark)
    assert (is_in(thief), is_in(client)) == (True, True)
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    said = "Wherever else you were signed in, you are signed out now."
    assert said in first(client).text
    assert (is_in(thief), is_in(client)) == (False, True)
    later = Client()
    later.force_login(mark, backend="allauth.account.auth_backends.AuthenticationBackend")
    assert said not in second(client).text
    assert (is_in(later), is_in(client)) == (True, True)


# ---- from where ---------------------------------------------------------------------------------------------------

SPOOFED = "203.0.113.9"


@pytest.mark.parametrize(
    ("proxies", "forwarded", "address"),
    [
        (0, SPOOFED, "10.0.0.1"),
        (1, f"{SPOOFED}, 198.51.100.4", "198.51.100.4"),
        (1, "198.51.100.4", "198.51.100.4"),
        (2, f"{SPOOFED}, 198.51.100.4, 10.0.0.2", "198.51.100.4"),
        (1, "abc, <script>, 198.51.100.4", "198.51.100.4"),
        (1, "", "10.0.0.1"),
        (2, SPOOFED, "10.0.0.1"),
    ],
)
def test_what_people_say_of_their_own_address_counts_nothing(
    client, mark, settings, proxies, forwarded, address
):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = proxies
    headers = {"HTTP_X_FORWARDED_FOR": forwarded} if forwarded else {}
    client.get("/help/")
    enter(client, mark.email, REMOTE_ADDR="10.0.0.1", **headers)
    assert said() == [("signin-in", "Mark", address)]


@pytest.mark.parametrize(
    ("remote", "address"),
    [
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("fe80::1%eth0", "fe80::1"),
        ("2001:DB8::7", "2001:db8::7"),
        ("", None),
        ("unix:", None),
    ],
)
def test_an_address_is_stored_in_one_spelling_or_not_at_all(sign_in, mark, acme, remote, address):
    file = reverse("activity-csv", args=[acme.pk])
    assert sign_in(mark).get(file, REMOTE_ADDR=remote).status_code == 200
    assert said() == [("file-downloaded", "Mark", address)]


def test_a_request_that_came_past_the_proxies_is_answered_all_the_same(sign_in, mark, acme, settings):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 2
    file = reverse("activity-csv", args=[acme.pk])
    sign_in(mark).get(file, REMOTE_ADDR="10.0.0.1", HTTP_X_FORWARDED_FOR=SPOOFED)
    assert said() == [("file-downloaded", "Mark", "10.0.0.1")]


@pytest.mark.parametrize("forwarded", ["abc", f"{SPOOFED}, <script>", f"{SPOOFED}, ", "999.1.1.1"])
def test_where_the_proxy_itself_names_no_address_nobody_signs_in_and_a_sentence_says_why(
    client, mark, settings, forwarded
):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    response = enter(client, mark.email, HTTP_X_FORWARDED_FOR=forwarded)
    assert response.status_code == 403
    assert "the proxy has to add the address to X-Forwarded-For" in response.text
    assert client.get(LOGIN, HTTP_X_FORWARDED_FOR=forwarded).status_code == 200
    assert not said()


@pytest.mark.parametrize("address", ["198.51.100.4:4711", "[2001:db8::7]:4711", "::ffff:198.51.100.4"])
def test_an_address_with_a_port_or_written_as_ipv6_is_one(client, mark, settings, address):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    enter(client, mark.email, HTTP_X_FORWARDED_FOR=address)
    assert said()[0][2] in ("198.51.100.4", "2001:db8::7")
