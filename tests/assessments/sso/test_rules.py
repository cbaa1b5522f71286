"""Who gets in by single sign-on, rule by rule; tests/sso tries the same through a provider."""

import pytest
from allauth.account.models import EmailAddress

from assessments import access
from assessments.models import User
from assessments.sso import rules
from copcready.single_sign_on import SingleSignOn

ACME = SingleSignOn("https://login.example", "copcready", "secret", "Acme", ("acme.example",))


@pytest.fixture(autouse=True)
def _set_up(settings):
    settings.SINGLE_SIGN_ON = ACME


@pytest.mark.parametrize(
    ("claims", "address"),
    [
        ({"email_verified": True}, "anna@acme.example"),
        ({"email_verified": "true"}, "anna@acme.example"),
        ({"xms_edov": "1"}, "anna@acme.example"),
        ({"email_verified": False, "xms_edov": True}, ""),
        ({"email_verified": "True story"}, ""),
        ({}, ""),
    ],
    ids=str,
)
def test_an_address_counts_where_the_provider_says_that_it_is_verified(claims, address):
    assert rules.verified_address({"email": "Anna@Acme.example"} | claims) == address


@pytest.mark.django_db
@pytest.mark.parametrize(
    "address", ["k\u0131nd@acme.example", "\u017fam@acme.example", "\u212aim@acme.example"]
)
def test_a_letter_that_only_looks_like_another_leads_to_no_account(address):
    for known in ("kind", "sam", "kim"):
        User.objects.create_user(f"{known}@acme.example")
    assert rules.account_of(address) is None
    assert rules.account_of("sam@acme.example") is not None


@pytest.mark.django_db
def test_who_is_awaited_gets_an_account_on_a_closed_instance(monkeypatch):
    assert "There is no account for" in rules.refusal("new@acme.example", None, uid="n-1")
    monkeypatch.setattr(access, "is_awaited", lambda email: email == "new@acme.example")
    assert rules.refusal("new@acme.example", None, uid="n-1") == ""
    assert rules.refusal("other@acme.example", None, uid="n-1") != ""


@pytest.mark.django_db
def test_on_an_open_instance_everybody_of_the_domains_gets_one_and_nobody_else(settings):
    settings.SIGNUP = "open"
    assert rules.refusal("new@acme.example", None, uid="n-1") == ""
    assert "of these domains only" in rules.refusal("new@evil.example", None, uid="n-1")


@pytest.mark.django_db
def test_a_password_stays_good_only_where_the_address_was_confirmed():
    user = User.objects.create_user("anna@acme.example", "a long and quiet afternoon")
    assert rules.keeps_password(user)
    EmailAddress.objects.filter(user=user).update(verified=False)
    assert not rules.keeps_password(user)
    EmailAddress.objects.filter(user=user).delete()
    assert not rules.keeps_password(user)
