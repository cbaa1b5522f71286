"""A session ends after twelve hours without use and two weeks after the sign-in, and using it costs a write now and then only."""

from datetime import UTC, datetime, timedelta

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.urls import reverse

from assessments.session_limits import BEGAN, SEEN
from tests.test_accounts import elsewhere, is_in, sign_in
from tests.test_accounts import hannah as hannah

HOUR = timedelta(hours=1)
SECOND = timedelta(seconds=1)


@pytest.fixture(autouse=True)
def later(time_machine):
    """`later(HOUR)` moves the clock on, which stands still otherwise."""
    time_machine.move_to(datetime(2026, 11, 20, 9, 0, tzinfo=UTC), tick=False)
    return time_machine.shift


def test_the_limits_are_twelve_hours_and_two_weeks():
    assert (settings.SESSION_COOKIE_AGE, settings.SESSION_LONGEST) == (12 * 3600, 14 * 24 * 3600)


def test_twelve_hours_without_use_end_it_on_the_server(hannah, later):
    client, other = sign_in(hannah)[0], elsewhere(hannah)
    later(12 * HOUR - SECOND)
    assert is_in(client)
    later(SECOND)
    assert (is_in(client), is_in(other)) == (True, False)


def test_what_is_used_lasts_until_two_weeks_after_the_sign_in(hannah, later):
    client, _ = sign_in(hannah)
    for _ in range(2 * 14 - 1):
        later(12 * HOUR - SECOND)
        assert is_in(client)
    later(12 * HOUR - SECOND)
    assert is_in(client), "28 seconds before the end"
    later(28 * SECOND)
    assert not is_in(client)
    assert not Session.objects.exists()


def test_a_new_sign_in_counts_anew(hannah, later):
    client, _ = sign_in(hannah)
    began = client.session[BEGAN]
    later(HOUR)
    client.post(reverse("account_logout"))
    client.post(reverse("account_login"), {"login": hannah.email, "password": "a long and quiet afternoon"})
    assert client.session[BEGAN] == began + 3600


def test_another_password_does_not_make_it_last_longer(hannah, later):
    client, _ = sign_in(hannah)
    began = client.session[BEGAN]
    later(HOUR)
    other = "another long afternoon"
    changed = {"oldpassword": "a long and quiet afternoon", "password1": other, "password2": other}
    client.post(reverse("account_change_password"), changed)
    assert is_in(client)
    assert client.session[BEGAN] == began


def test_a_page_writes_once_in_ten_minutes_at_most(hannah, later, django_assert_num_queries):
    client, _ = sign_in(hannah)

    def costs(number):
        with django_assert_num_queries(number):
            client.get(reverse("help"))

    later(timedelta(minutes=10) - SECOND)
    costs(2)  # the session and the person
    later(SECOND)
    with django_assert_num_queries(5):  # and a session that is written, in a savepoint
        client.get(reverse("help"))
    costs(2)


def test_it_ends_with_the_browser_however_somebody_signed_in(client, hannah, later):
    client.force_login(hannah, backend="allauth.account.auth_backends.AuthenticationBackend")
    later(timedelta(minutes=10))
    cookie = client.get(reverse("help")).cookies["sessionid"]
    assert (cookie["max-age"], cookie["expires"]) == ("", "")


def test_a_session_from_before_there_were_limits_begins_now(hannah, later):
    client, _ = sign_in(hannah)
    session = client.session
    del session[BEGAN], session[SEEN]
    session.save()
    later(HOUR)
    assert is_in(client)
    assert client.session[BEGAN] == client.session[SEEN] == datetime.now(UTC).timestamp()


def test_the_page_that_was_asked_for_waits_behind_the_sign_in_and_nothing_is_changed(hannah, later, acme):
    client, _ = sign_in(hannah)
    session = client.session
    session[BEGAN] -= settings.SESSION_LONGEST
    session.save()
    response = client.post(reverse("account"), {"name": "Somebody else"})
    assert response["Location"] == f"{reverse('account_login')}?next={reverse('account')}"
    assert response.cookies["sessionid"].value == ""
    hannah.refresh_from_db()
    assert hannah.name == "Hannah"


def test_a_session_that_ended_by_itself_is_listed_no_longer(hannah, later):
    elsewhere(hannah)
    later(12 * HOUR)
    page = sign_in(hannah)[0].get(reverse("usersessions_list")).content.decode()
    assert "Chrome on Windows</h2>" not in page


def test_who_is_not_signed_in_has_no_session(client, db, django_assert_num_queries):
    with django_assert_num_queries(0):
        client.get(reverse("help"))
    assert "sessionid" not in client.cookies
