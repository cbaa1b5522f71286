"""Forms of allauth in our words."""

import re

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse

STOCK = re.compile(
    r"\bEmail\b|\(again\)|Current Password|New Password|can.t be too similar|placeholder=|<li>Your"
)
TWICE = ["New password", "New password, again"]


def labels(page):
    """The words of the labels of the form in it, without the star of what is required."""
    return [word.strip() for word in re.findall(r"<label[^>]*>\s*([^<]+)", page.content.decode())]


@pytest.fixture
def page(sign_in, alice, settings):
    """What the page of a name shows: to a stranger before the sign-in, to Alice after it."""
    settings.SIGNUP = "open"

    def shown(name):
        if name == "account_reset_password_from_key":
            Client().post(reverse("account_reset_password"), {"email": alice.email})
            return Client().get(re.search(r"http://[^/]+(/account\S+)", mail.outbox[-1].body)[1], follow=True)
        if name in ("account_login", "account_signup", "account_reset_password"):
            return Client().get(reverse(name))
        alice.set_unusable_password() if name == "account_set_password" else alice.set_password("long enough")
        alice.save()
        return sign_in(alice).get(reverse(name))

    return shown


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("account_login", ["E-mail address", "Password"]),
        ("account_signup", ["E-mail address", "Password", "Password, again"]),
        ("account_reset_password", ["E-mail address"]),
        ("account_reset_password_from_key", TWICE),
        ("account_change_password", ["Current password", *TWICE]),
        ("account_set_password", TWICE),
        ("account_reauthenticate", ["Password"]),
    ],
)
def test_every_form_of_an_account_calls_its_fields_the_same(page, name, words):
    shown = page(name)
    assert labels(shown) == words
    assert not STOCK.search(shown.content.decode())
    assert ("At least 12 characters" in shown.content.decode()) == (words[-1].endswith("again"))


def test_how_long_a_password_has_to_be_is_said_as_it_is_checked(page, settings):
    validator = "django.contrib.auth.password_validation.MinimumLengthValidator"
    settings.AUTH_PASSWORD_VALIDATORS = [{"NAME": validator, "OPTIONS": {"min_length": 15}}]
    assert "At least 15 characters" in page("account_signup").content.decode()


def test_a_wrong_password_is_answered_in_the_same_words(alice):
    answer = Client().post(reverse("account_login"), {"login": alice.email, "password": "a guess"})
    assert "This e-mail address and password are not correct together." in answer.content.decode()
