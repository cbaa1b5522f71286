"""Signing in by a passkey, where people with addresses of a domain sign in by single sign-on and with nothing else."""

from unittest import mock

import pytest
from allauth.mfa.models import Authenticator
from django.contrib.messages import get_messages
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from copcready.single_sign_on import SingleSignOn
from tests.second_factors import PASSWORD

CREDENTIAL = {"credential": '{"id": "x"}'}
REFUSAL = "Addresses at example.com sign in with Acme ID and with nothing else."


@pytest.fixture
def passkey(bob):
    """Bob's, who was not signing in a moment ago. What makes it one needs a real key; whether it opens the door does not."""
    cache.clear()
    bob.set_password(PASSWORD)
    bob.save()
    passkey = Authenticator.objects.create(user=bob, type="webauthn", data={"name": "Laptop"})
    with mock.patch.multiple(
        "allauth.mfa.webauthn.internal.auth",
        parse_authentication_response=mock.DEFAULT,
        extract_user_from_response=mock.Mock(return_value=bob),
        get_credentials=mock.Mock(return_value=[]),
        complete_authentication=mock.Mock(return_value=passkey),
    ):
        yield passkey


@pytest.fixture
def signs_in_elsewhere(settings):
    """Call it with the domain whose people do. Single sign-on has no pages here: the addresses are read before it is set up."""
    reverse("home")

    def elsewhere(domain):
        settings.SINGLE_SIGN_ON = SingleSignOn(
            "https://login.example", "us", "secret", "Acme ID", (domain,), only=True
        )

    return elsewhere


def is_in(client):
    return client.get(reverse("home")).status_code == 200


@pytest.mark.parametrize(("domain", "gets_in"), [("example.com", False), ("example.org", True)])
def test_a_passkey_alone_signs_in_nobody_who_signs_in_elsewhere(passkey, signs_in_elsewhere, domain, gets_in):
    signs_in_elsewhere(domain)
    client = Client()
    response = client.post(reverse("mfa_login_webauthn"), CREDENTIAL)
    assert is_in(client) == gets_in
    said = [str(message) for message in get_messages(response.wsgi_request)]
    assert (REFUSAL in said) != gets_in


def test_as_a_second_factor_it_goes_on_counting(passkey, bob, signs_in_elsewhere):
    client = Client()
    client.post(reverse("account_login"), {"login": bob.email, "password": PASSWORD})
    signs_in_elsewhere("example.com")  # the first step is taken; by which door says nothing about the second
    client.post(reverse("mfa_authenticate"), CREDENTIAL)
    assert is_in(client)
