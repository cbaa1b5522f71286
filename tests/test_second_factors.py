"""Second factors: asked for at sign-in, good once, unreadable in the database; and what organisations that require one show."""

import re
from unittest import mock

import pytest
from allauth.mfa.models import Authenticator
from django.core import mail
from django.core.exceptions import PermissionDenied
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse

from assessments.models import Activity, Organisation, User
from assessments.second_factors import MFAAdapter
from tests.second_factors import PASSWORD, PERIOD, code_of, recovery_codes, with_app

NOON = 1_795_000_020  # a moment at which a code begins


@pytest.fixture
def app(alice, time_machine):
    """The key in Alice's app; the clock stands still."""
    time_machine.move_to(NOON, tick=False)
    return with_app(alice)


def half_way(user):
    """A browser in which the password was right."""
    client = Client()
    response = client.post(reverse("account_login"), {"login": user.email, "password": PASSWORD})
    assert response["Location"] == reverse("mfa_authenticate")
    return client


def give(client, code):
    return client.post(reverse("mfa_authenticate"), {"code": code})


def is_in(client):
    return client.get(reverse("home")).status_code == 200


def confirmed(client):
    """The person has just said who they are once more."""
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    return client


@pytest.fixture
def signed_in(alice, app):
    client = half_way(alice)
    give(client, code_of(app))
    return client


# ---- at the door ------------------------------------------------------------------------------------------------


def test_the_password_alone_does_not_open_the_door(alice, app):
    client = half_way(alice)
    assert not is_in(client)
    assert give(client, code_of(app))["Location"] == reverse("home")
    assert is_in(client)


def test_the_second_step_offers_what_was_set_up_and_nothing_else(alice, bob, app):
    shown = half_way(alice).get(reverse("mfa_authenticate")).text
    assert "your authenticator app shows" in shown
    assert "Use a passkey" not in shown
    bob.set_password(PASSWORD)
    bob.save()
    Authenticator.objects.create(user=bob, type="webauthn", data={"name": "Laptop", "credential": {}})
    # What a browser would be asked needs a real key; which words are shown does not.
    with mock.patch("allauth.mfa.webauthn.internal.auth.get_credentials", return_value=[]):
        shown = half_way(bob).get(reverse("mfa_authenticate")).text
    assert "Use your passkey or security key, below" in shown
    assert "your authenticator app shows" not in shown


def test_a_code_opens_the_door_once(alice, app):
    give(half_way(alice), code_of(app))
    again = half_way(alice)
    assert "Incorrect code" in give(again, code_of(app)).content.decode()
    assert not is_in(again)


@pytest.mark.parametrize("late", [-1, 1, 2])
def test_a_code_counts_in_its_own_half_minute_only(alice, app, late):
    client = half_way(alice)
    give(client, code_of(app, NOON + late * PERIOD))
    assert not is_in(client)


def test_a_recovery_code_opens_the_door_once(alice, app):
    code = recovery_codes(alice)[0]
    first, second = half_way(alice), half_way(alice)
    give(first, code)
    give(second, code)
    assert (is_in(first), is_in(second)) == (True, False)
    assert len(recovery_codes(alice)) == 9


def test_guessing_codes_is_stopped_from_anywhere(alice, app):
    for number in range(5):
        client = half_way(alice)
        client.defaults["REMOTE_ADDR"] = f"203.0.113.{number}"
        give(client, "000000")
    client = half_way(alice)
    page = give(client, code_of(app))
    assert "too many" in page.content.decode().lower()
    assert not is_in(client)


def test_a_new_password_by_a_link_still_needs_the_second_step(alice, app):
    client, other = Client(), "another long afternoon"
    client.post(reverse("account_reset_password"), {"email": alice.email})
    link = re.search(r"http://\S+(/account/password/reset/key/\S+)", mail.outbox[0].body)[1]
    page = client.get(link, follow=True)
    client.post(page.request["PATH_INFO"], {"password1": other, "password2": other})
    assert not is_in(client)
    response = client.post(reverse("account_login"), {"login": alice.email, "password": other})
    assert response["Location"] == reverse("mfa_authenticate")
    assert not is_in(client)
    give(client, code_of(app))
    assert is_in(client)


def test_signing_in_changes_the_session_also_after_the_second_step(alice, app):
    client = half_way(alice)
    before = client.cookies["sessionid"].value
    give(client, code_of(app))
    assert client.cookies["sessionid"].value != before


NONSENSE = [
    "",
    "{",
    "{}",
    "[]",
    "1",
    '"text"',
    '{"response": {}}',
    '{"id": "x", "response": {"userHandle": "MQ"}}',
    '{"id": "AA", "rawId": "AA", "type": "public-key", "response": {"userHandle": "MQ"}}',
    '{"id": "AA", "rawId": "AA", "type": "public-key", "response": {"clientDataJSON": "AA", '
    '"authenticatorData": "AA", "signature": "AA", "attestationObject": "AA", "userHandle": "MQ"}}',
]


@pytest.mark.parametrize("credential", NONSENSE)
def test_a_passkey_that_is_no_passkey_gets_a_sentence_and_no_failure(alice, app, credential):
    client = half_way(alice)
    page = client.post(reverse("mfa_authenticate"), {"credential": credential})
    assert page.status_code == 200
    assert not is_in(client)
    stranger = Client()
    assert stranger.post(reverse("mfa_login_webauthn"), {"credential": credential}).status_code == 302
    assert not is_in(stranger)
    give(client, code_of(app))
    confirmed(client)
    adding = client.post(reverse("mfa_add_webauthn"), {"name": "Key", "credential": credential})
    assert adding.status_code == 200
    assert not alice.authenticator_set.filter(type="webauthn").exists()


# ---- setting up and taking away ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "name",
    [
        "mfa_activate_totp",
        "mfa_deactivate_totp",
        "mfa_view_recovery_codes",
        "mfa_download_recovery_codes",
        "mfa_generate_recovery_codes",
        "mfa_add_webauthn",
    ],
)
def test_each_step_asks_once_more_who_it_is(signed_in, alice, name):
    if name == "mfa_activate_totp":
        Authenticator.objects.filter(type="totp").delete()
    response = signed_in.get(reverse(name))
    assert response.status_code == 302
    assert response["Location"].startswith(reverse("account_reauthenticate"))
    assert confirmed(signed_in).get(reverse(name)).status_code == 200


@pytest.mark.django_db(transaction=True)
def test_setting_one_up_gives_recovery_codes_and_tells_the_owner(sign_in, bob, time_machine):
    time_machine.move_to(NOON, tick=False)
    bob.set_password(PASSWORD)
    bob.save()
    client = confirmed(sign_in(bob))
    secret = client.get(reverse("mfa_activate_totp")).context["form"].secret
    response = client.post(reverse("mfa_activate_totp"), {"code": code_of(secret)}, follow=True)
    assert len(recovery_codes(bob)) == 10
    assert all(code in response.content.decode() for code in recovery_codes(bob))
    assert "copcready: An authenticator app was set up" in [message.subject for message in mail.outbox]
    assert not any(secret in message.body for message in mail.outbox)


def test_taking_away_the_last_one_takes_the_recovery_codes_along(signed_in, alice):
    confirmed(signed_in).post(reverse("mfa_deactivate_totp"))
    assert not alice.authenticator_set.exists()


def test_a_second_factor_of_somebody_else_is_not_there(signed_in, bob):
    theirs = Authenticator.objects.create(user=bob, type="webauthn", data={"name": "Key", "credential": {}})
    client = confirmed(signed_in)
    for name in ("mfa_remove_webauthn", "mfa_edit_webauthn"):
        for send in (client.get, client.post):
            assert send(reverse(name, args=[theirs.pk])).status_code == 404


# ---- in the database --------------------------------------------------------------------------------------------


def test_no_secret_of_a_second_factor_is_readable_in_the_database(alice, app):
    stored = str([*Authenticator.objects.values_list("data", flat=True)])
    assert app not in stored
    assert not any(code in stored for code in recovery_codes(alice))


def test_the_key_before_still_reads_what_it_wrote(alice, app, settings):
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "another key that is long enough for anything, really"
    assert MFAAdapter().decrypt(alice.authenticator_set.get(type="totp").data["secret"]) == app


def test_secrets_are_renewed_so_that_the_key_before_is_needed_no_more(alice, bob, app, settings, capsys):
    codes, old, new = (
        recovery_codes(alice),
        settings.SECRET_KEY,
        "another key that is long enough for anything, really",
    )
    Authenticator.objects.create(user=bob, type="webauthn", data={"name": "Laptop"})
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = new, [old]
    for _ in range(2):
        call_command("renewsecrets")
        assert capsys.readouterr().out == "2 second factors are encrypted with the key in force.\n"
    settings.SECRET_KEY_FALLBACKS = []
    assert MFAAdapter().decrypt(alice.authenticator_set.get(type="totp").data["secret"]) == app
    assert recovery_codes(alice) == codes
    assert bob.authenticator_set.get().data == {"name": "Laptop"}


def test_where_the_key_before_is_not_there_nothing_is_renewed(alice, app, settings):
    before = list(Authenticator.objects.values_list("data", flat=True))
    settings.SECRET_KEY = "another key that is long enough for anything, really"
    with pytest.raises(CommandError, match="was encrypted with another key"):
        call_command("renewsecrets")
    assert list(Authenticator.objects.values_list("data", flat=True)) == before


def test_with_another_key_nobody_gets_in_and_everybody_is_told_why(alice, app, settings):
    client = half_way(alice)
    encrypted = alice.authenticator_set.get(type="totp").data["secret"]
    settings.SECRET_KEY = "another key that is long enough for anything, really"
    with pytest.raises(PermissionDenied):
        MFAAdapter().decrypt(encrypted)
    assert not is_in(client)


# ---- organisations that require one -----------------------------------------------------------------------------


@pytest.fixture
def strict(acme):
    Organisation.objects.filter(pk=acme.pk).update(second_factor_required=True)
    return acme


def policy(acme):
    return reverse("organisation-sign-in", args=[acme.pk])


def test_an_owner_with_a_second_factor_requires_one_of_everybody(signed_in, acme, alice, bob):
    page = signed_in.get(policy(acme)).content.decode()
    assert "1 of 2 people have a second factor" in page
    assert "bob@example.com" in page
    for _ in range(2):
        assert signed_in.post(policy(acme), {"required": "yes"}).status_code == 302
    acme.refresh_from_db()
    assert acme.second_factor_required
    noted = Activity.objects.filter(verb="signin-factor-required")
    assert [(each.by, each.organisation) for each in noted] == [(alice, acme)]
    signed_in.post(policy(acme), {"required": "no"})
    assert Activity.objects.filter(verb="signin-factor-optional").count() == 1


def test_an_owner_without_one_would_lock_themselves_out_and_is_told(sign_in, acme, alice):
    response = sign_in(alice).post(policy(acme), {"required": "yes"})
    assert response.status_code == 422
    assert "You have no second factor yourself" in response.content.decode()
    acme.refresh_from_db()
    assert not acme.second_factor_required
    assert not Activity.objects.exists()


def test_recovery_codes_are_no_second_factor(sign_in, acme, alice):
    Authenticator.objects.create(user=alice, type="recovery_codes", data={})
    assert sign_in(alice).post(policy(acme), {"required": "yes"}).status_code == 422


def test_who_has_none_is_led_to_set_one_up_and_back(sign_in, strict, assessment, bob):
    client = sign_in(bob)
    place = reverse("assessment", args=[assessment.pk]) + "?from=mail"
    response = client.get(place, follow=True)
    assert response.redirect_chain == [(reverse("mfa_index"), 302)]
    assert "This organisation asks for a second factor" in response.content.decode()
    assert "Go on to where you were" not in response.content.decode(), "not before there is one"
    with_app(bob)
    client = sign_in(User.objects.get(pk=bob.pk))
    session = client.session
    session["after_second_factor"] = place
    session.save()
    assert "Go on to where you were" in client.get(reverse("mfa_index")).content.decode()
    assert client.get(reverse("second-factor-done"))["Location"] == place
    assert client.get(reverse("second-factor-done"))["Location"] == reverse("home")


@pytest.mark.parametrize("place", ["//evil.example/", "https://evil.example/", "javascript:alert(1)"])
def test_the_way_back_leads_to_no_other_host(sign_in, bob, place):
    client = sign_in(bob)
    session = client.session
    session["after_second_factor"] = place
    session.save()
    assert client.get(reverse("second-factor-done"))["Location"] == reverse("home")


def test_what_no_person_looks_at_gets_a_sentence_instead(sign_in, strict, assessment, bob):
    client, place = sign_in(bob), reverse("assessment", args=[assessment.pk])
    for headers in ({"HX-Request": "true"}, {"Accept": "application/json"}):
        response = client.get(place, headers=headers)
        assert response.status_code == 403
        assert "asks for a second factor" in response.content.decode()
    answer = assessment.answers.first()
    saved = client.post(reverse("answer-choice", args=[answer.pk]), {"choice": "2", "version": 0})
    assert saved.status_code == 403
    assert "Set up a second factor" in saved.content.decode()
    assert assessment.answers.get(pk=answer.pk).choice == ""


def test_strangers_learn_nothing_of_it(sign_in, strict, charlie):
    assert sign_in(charlie).get(reverse("organisation", args=[strict.pk])).status_code == 404


def test_the_first_page_says_which_organisations_wait(sign_in, strict, site, bob):
    page = sign_in(bob).get(reverse("home")).content.decode()
    assert "Acme asks for a second factor at sign-in, and you have set up none." in page
    assert "Leeds" not in page
    assert "You are not a member of any organisation yet" not in page


def test_taking_away_the_last_one_warns_that_access_ends_and_it_does(signed_in, strict, site, alice):
    confirmed(signed_in)
    assert "Leeds" in signed_in.get(reverse("home")).content.decode()
    page = signed_in.get(reverse("mfa_deactivate_totp")).content.decode()
    assert "Your access ends with it." in page
    assert "<li>Acme</li>" in page
    signed_in.post(reverse("mfa_deactivate_totp"))
    assert "Leeds" not in signed_in.get(reverse("home")).content.decode()


def test_taking_away_one_of_two_warns_of_nothing(signed_in, strict, alice):
    Authenticator.objects.create(user=alice, type="webauthn", data={"name": "Key", "credential": {}})
    assert "Your access ends" not in confirmed(signed_in).get(reverse("mfa_deactivate_totp")).content.decode()
