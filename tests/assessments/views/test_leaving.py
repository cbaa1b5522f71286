"""The page on which somebody deletes their own account."""

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from assessments.models import Activity, Comment, Role, User, bins
from tests import factories
from tests.conftest import member

PAGE = "/account/delete/"
PASSWORD = "a long enough password"


@pytest.fixture(autouse=True)
def _no_tries_yet(db):
    cache.clear()


@pytest.fixture
def bob_with_password(bob):
    bob.set_password(PASSWORD)
    bob.save()
    return bob


def test_it_goes_with_the_password_and_every_session_ends(sign_in, bob_with_password, acme, alice):
    elsewhere = Client()
    elsewhere.force_login(bob_with_password, backend="allauth.account.auth_backends.AuthenticationBackend")
    assert elsewhere.get(reverse("home")).status_code == 200
    page = sign_in(bob_with_password).post(PAGE, {"password": PASSWORD}, follow=True)
    assert "Your account is deleted, and you are signed out everywhere." in page.text
    assert page.redirect_chain == [(reverse("account_login"), 302)]
    assert elsewhere.get(reverse("home")).status_code == 302
    gone = User.objects.get(pk=bob_with_password.pk)
    assert (gone.email, gone.name, gone.is_active) == (f"former-{gone.pk}@invalid", "", False)
    noted = Activity.objects.get(organisation=acme)
    assert (noted.verb, noted.who) == ("member-account-deleted", "")


@pytest.mark.parametrize("password", ["", "wrong", PASSWORD + " "])
def test_a_wrong_password_deletes_nothing(sign_in, bob_with_password, alice, password):
    page = sign_in(bob_with_password).post(PAGE, {"password": password})
    assert page.status_code == 422
    assert User.objects.get(pk=bob_with_password.pk).is_active


def test_guessing_at_the_password_ends_soon(sign_in, bob_with_password, alice):
    client = sign_in(bob_with_password)
    answers = [client.post(PAGE, {"password": f"guess {number}"}).status_code for number in range(12)]
    assert answers[-1] == 429
    assert client.post(PAGE, {"password": PASSWORD}).status_code == 429
    assert User.objects.get(pk=bob_with_password.pk).is_active


def test_who_has_no_password_says_yes(sign_in, bob, alice):
    bob.set_unusable_password()
    bob.save()
    client = sign_in(bob)
    assert client.post(PAGE).status_code == 422
    assert client.post(PAGE, {"sure": "on"}).status_code == 302
    assert User.objects.get(pk=bob.pk).is_former


def test_the_last_owner_is_led_to_what_can_be_done(sign_in, alice, acme):
    alice.set_password(PASSWORD)
    alice.save()
    client = sign_in(alice)
    page = client.get(PAGE)
    assert page.status_code == 200
    assert "You are the last owner of an organisation" in page.text
    assert reverse("organisation-delete", args=[acme.pk]) in page.text
    assert reverse("organisation", args=[acme.pk]) in page.text
    refused = client.post(PAGE, {"password": PASSWORD})
    assert refused.status_code == 422
    assert "You are the last owner of an organisation" in refused.text
    assert User.objects.get(pk=alice.pk).is_active


def test_with_another_owner_or_with_all_in_the_bin_nothing_is_in_the_way(sign_in, alice, acme):
    member(acme, "Olga", Role.OWNER)
    assert "Delete my account" in sign_in(alice).get(PAGE).text
    only = factories.UserFactory(name="Only")
    own = factories.OrganisationFactory(name="Closed branch")
    own.memberships.create(user=only, role=Role.OWNER)
    bins.put_in(own, by=only)
    page = sign_in(only).get(PAGE).text
    assert "Deleted organisations that only you could put back" in page
    assert "Closed branch" in page


def test_what_was_written_is_a_former_members_wherever_it_is_read(sign_in, bob, alice, assessment):
    answer = assessment.answers.in_order().first()
    answer.record_choice("2", by=bob, version=0)
    Comment.objects.add(answer, "Which report?", by=bob)
    client = sign_in(bob)
    bob.set_unusable_password()
    bob.save()
    client = sign_in(bob)
    client.post(PAGE, {"sure": "on"})
    sign_in(alice)
    for name, args in (
        ("answer-history", [answer.pk]),
        ("answer-comments", [answer.pk]),
        ("item", [assessment.pk, "PR1"]),
    ):
        page = client.get(reverse(name, args=args)).text
        assert "Former member" in page, name
        assert "Bob" not in page, name
        assert "@invalid" not in page, name
    assert "Former" not in client.get(reverse("organisation", args=[assessment.site.organisation_id])).text


def test_the_account_page_leads_there(sign_in, bob):
    assert f'href="{PAGE}"' in sign_in(bob).get(reverse("account")).text
