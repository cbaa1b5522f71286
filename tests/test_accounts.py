"""Accounts: an address is confirmed before it counts, a link works once, and what is changed is told to its owner."""

import re
from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from allauth.usersessions.models import UserSession
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.db import IntegrityError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from assessments.models import Membership, User
from assessments.templatetags.accounts import browser

PASSWORD, OTHER = "a long and quiet afternoon", "another long afternoon"


@pytest.fixture
def hannah(db):
    return User.objects.create_user("hannah@example.com", PASSWORD, name="Hannah")


def sign_in(user, password=PASSWORD):
    client = Client()
    return client, client.post(reverse("account_login"), {"login": user.email, "password": password})


def is_in(client):
    return client.get(reverse("home")).status_code == 200


def addresses(user):
    return sorted(EmailAddress.objects.filter(user=user).values_list("email", "verified", "primary"))


# ---- whose address it is ----------------------------------------------------------------------------------------


def test_whoever_makes_an_account_for_somebody_vouches_for_the_address(hannah):
    assert addresses(hannah) == [("hannah@example.com", True, True)]
    client, _ = sign_in(hannah)
    assert is_in(client)


def test_vouching_twice_is_vouching_once(hannah):
    hannah.confirm_address()
    hannah.confirm_address()
    assert addresses(hannah) == [("hannah@example.com", True, True)]


def test_vouching_for_a_new_address_drops_the_one_before(hannah):
    hannah.email = "hannah@new.example"
    hannah.save()
    hannah.confirm_address()
    assert addresses(hannah) == [("hannah@new.example", True, True)]


def test_an_address_cannot_be_confirmed_for_two(hannah):
    EmailAddress.objects.create(user=hannah, email="ida@example.com", verified=True)
    with pytest.raises(IntegrityError):
        User.objects.create_user("ida@example.com", PASSWORD)
    assert not User.objects.filter(email="ida@example.com").exists()


# ---- signing up -------------------------------------------------------------------------------------------------


def sign_up(email="new@example.com", client=None, **headers):
    fields = {"email": email, "password1": PASSWORD, "password2": PASSWORD}
    return (client or Client()).post(reverse("account_signup"), fields, follow=True, **headers)


def link_in(message, part):
    """The path that a link of the message leads to."""
    return re.search(rf"http://127\.0\.0\.1:8000(/\S*{part}\S*)", message.body)[1]


@pytest.fixture
def open_instance(settings, db):
    settings.SIGNUP = "open"


@pytest.mark.usefixtures("open_instance")
def test_who_signs_up_is_in_only_after_the_address_is_confirmed():
    page = sign_up()
    assert "Look into your mailbox" in page.content.decode()
    user = User.objects.get()
    client, _ = sign_in(user)
    assert not is_in(client)
    Client().post(link_in(mail.outbox[0], "confirm-email"))
    client, _ = sign_in(user)
    assert is_in(client)
    assert addresses(user) == [("new@example.com", True, True)]


@pytest.mark.usefixtures("open_instance")
def test_looking_at_the_link_confirms_nothing_because_mail_programs_look():
    sign_up()
    assert "Is this address yours?" in Client().get(link_in(mail.outbox[0], "confirm-email")).content.decode()
    assert addresses(User.objects.get()) == [("new@example.com", False, True)]


@pytest.mark.usefixtures("open_instance")
@pytest.mark.parametrize("change", ["used", "tampered", "old"])
def test_a_link_that_was_used_tampered_with_or_is_old_confirms_nothing(change, time_machine):
    sign_up()
    link = link_in(mail.outbox[0], "confirm-email")
    if change == "used":
        Client().post(link)
        EmailAddress.objects.update(primary=False)
    elif change == "tampered":
        link = link[:-2] + ("A" if link[-2] != "A" else "B") + "/"
    else:
        time_machine.move_to(timezone.now() + timedelta(days=4))
    before = addresses(User.objects.get())
    page = Client().get(link)
    assert "This link works no longer" in page.content.decode()
    assert Client().post(link).status_code == 404
    assert addresses(User.objects.get()) == before


@pytest.mark.usefixtures("open_instance")
def test_signing_up_with_an_address_that_has_an_account_looks_the_same_and_tells_its_owner(hannah):
    taken, fresh = sign_up(hannah.email), sign_up("fresh@example.com")
    assert taken.redirect_chain == fresh.redirect_chain

    def words(page, email):
        return re.sub(r"csrfmiddlewaretoken.*", "", page.content.decode().replace(email, ""))

    assert words(taken, hannah.email) == words(fresh, "fresh@example.com")
    assert User.objects.filter(email=hannah.email).count() == 1
    assert [message.subject for message in mail.outbox] == [
        "copcready: You have an account already",
        "copcready: Confirm your e-mail address",
    ]


@pytest.mark.usefixtures("open_instance")
def test_a_password_is_hashed_for_a_taken_address_too_so_that_time_tells_nothing(hannah, monkeypatch):
    hashed = []
    monkeypatch.setattr("assessments.access.make_password", hashed.append)
    sign_up(hannah.email)
    assert len(hashed) == 1


@pytest.mark.usefixtures("open_instance")
def test_somebody_who_signs_up_with_an_address_gets_nothing_of_the_account_made_for_it_later():
    sign_up("ida@example.com")
    squatter = User.objects.get()
    assert not is_in(sign_in(squatter)[0])


@pytest.mark.usefixtures("open_instance")
def test_another_mail_about_the_same_address_waits_some_minutes():
    sign_up()
    user = User.objects.get()
    for _ in range(3):
        sign_in(user)
    assert len(mail.outbox) == 1


# ---- links in e-mails -------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("open_instance")
def test_links_lead_to_the_address_that_is_set_whatever_host_the_request_names(settings, hannah):
    settings.ALLOWED_HOSTS = ["evil.example"]
    settings.SITE_URL = "https://copcready.example.org"
    evil = {"headers": {"host": "evil.example"}}
    sign_up("new@example.com", **evil)
    sign_up(hannah.email, **evil)
    for address in (hannah.email, "nobody@example.com"):
        Client().post(reverse("account_reset_password"), {"email": address}, **evil)
    assert len(mail.outbox) == 4
    for message in mail.outbox:
        assert "https://copcready.example.org/account/" in message.body
        assert "evil" not in message.body + message.subject


def test_a_mail_server_that_is_down_fails_nothing_that_is_done_already(hannah, monkeypatch, caplog):
    def refuse(*args):
        raise ConnectionRefusedError

    monkeypatch.setattr(EmailBackend, "send_messages", refuse)
    client, _ = sign_in(hannah)
    changed = {"oldpassword": PASSWORD, "password1": OTHER, "password2": OTHER}
    assert client.post(reverse("account_change_password"), changed).status_code == 302
    assert "password_changed" in caplog.text
    assert is_in(sign_in(hannah, OTHER)[0])


# ---- passwords --------------------------------------------------------------------------------------------------


def reset_link(user):
    mail.outbox.clear()
    Client().post(reverse("account_reset_password"), {"email": user.email})
    return link_in(mail.outbox[0], "password/reset/key")


def use(link, password=OTHER, client=None):
    """(the page after opening the link, the response to a new password)"""
    client = client or Client()
    page = client.get(link, follow=True)
    return page, client.post(page.request["PATH_INFO"], {"password1": password, "password2": password})


def is_done(response):
    return response.status_code == 302 and response["Location"] == reverse(
        "account_reset_password_from_key_done"
    )


def test_changing_the_password_stays_here_ends_every_other_session_and_is_told(hannah):
    here, there = sign_in(hannah)[0], sign_in(hannah)[0]
    mail.outbox.clear()
    changed = {"oldpassword": PASSWORD, "password1": OTHER, "password2": OTHER}
    here.post(reverse("account_change_password"), changed)
    assert (is_in(here), is_in(there)) == (True, False)
    (told,) = mail.outbox
    assert (told.to, told.subject) == ([hannah.email], "copcready: Your password was changed")
    assert "127.0.0.1" in told.body
    assert PASSWORD not in told.body
    assert OTHER not in told.body


def test_without_the_password_there_is_no_other(hannah):
    client, before = sign_in(hannah)[0], hannah.password
    changed = {"oldpassword": "a guess", "password1": OTHER, "password2": OTHER}
    assert "Location" not in client.post(reverse("account_change_password"), changed)
    assert "Location" not in client.post(reverse("account_change_password"), changed | {"oldpassword": ""})
    hannah.refresh_from_db()
    assert hannah.password == before
    assert mail.outbox == []


def test_that_a_password_is_changed_is_said_once(hannah):
    here = sign_in(hannah)[0]
    changed = {"oldpassword": PASSWORD, "password1": OTHER, "password2": OTHER}
    page = here.post(reverse("account_change_password"), changed, follow=True)
    assert page.request["PATH_INFO"] == reverse("account")
    assert page.text.count("Your password is changed") == 1
    visitor = Client()
    use(reset_link(hannah), PASSWORD, visitor)
    assert visitor.get(reverse("account_reset_password_from_key_done")).text.count("password is changed") == 1
    assert "password is changed" not in visitor.get(reverse("account_login")).text


def test_a_reset_ends_every_session_and_is_told(hannah):
    there = sign_in(hannah)[0]
    _, response = use(reset_link(hannah))
    assert is_done(response)
    assert not is_in(there)
    assert [message.subject for message in mail.outbox][1:] == ["copcready: Your password was changed"]


def test_an_account_that_is_switched_off_is_out_everywhere_and_gets_no_reset(hannah):
    there, link = sign_in(hannah)[0], reset_link(hannah)
    User.objects.filter(pk=hannah.pk).update(is_active=False)
    assert not is_in(there)
    mail.outbox.clear()
    Client().post(reverse("account_reset_password"), {"email": hannah.email})
    assert not any("/password/reset/key/" in message.body for message in mail.outbox)
    use(link)
    client, response = sign_in(hannah, OTHER)
    assert response["Location"] == reverse("account_inactive")
    assert not is_in(client)


def tampered(link):
    return link.replace("/key/", "/key/1")


@pytest.mark.parametrize("change", ["used", "tampered", "old", "superseded"])
def test_a_reset_link_that_was_used_tampered_with_is_old_or_superseded_changes_nothing(
    hannah, change, time_machine
):
    link = reset_link(hannah)
    if change == "used":
        use(link)
    elif change == "tampered":
        link = tampered(link)
    elif change == "old":
        time_machine.move_to(timezone.now() + timedelta(days=4))
    else:
        hannah.set_password("changed by other means")
        hannah.save()
    before = User.objects.get(pk=hannah.pk).password
    page, response = use(link, "a third long afternoon")
    assert "This link works no longer" in page.content.decode()
    assert not is_done(response)
    assert User.objects.get(pk=hannah.pk).password == before


# ---- the page of an account, and where one is signed in ---------------------------------------------------------


def test_a_name_is_changed_and_a_bad_one_is_refused_with_nothing_lost(hannah):
    client, _ = sign_in(hannah)
    assert client.post(reverse("account"), {"name": "Hannah  Voss"}).status_code == 302
    hannah.refresh_from_db()
    assert hannah.name == "Hannah  Voss"
    for bad in ("", "x" * 81):
        refused = client.post(reverse("account"), {"name": bad})
        assert refused.status_code == 422
        assert bad in refused.content.decode()
    hannah.refresh_from_db()
    assert hannah.name == "Hannah  Voss"


def test_the_page_leads_to_everything_of_the_account_and_back(hannah, acme):
    Membership.objects.create(user=hannah, organisation=acme, role="viewer")
    client = sign_in(hannah)[0]
    page = client.get(reverse("account")).content.decode()
    back = f'<p class="overline"><a href="{reverse("account")}">'
    for name in ("account_change_password", "mfa_index", "usersessions_list", "notices", "calendar"):
        assert f'href="{reverse(name)}"' in page
        assert back in client.get(reverse(name)).text, name
    assert "Acme" in page
    assert "viewer" in page


CHROME = "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0 Safari/537.36"


def elsewhere(user):
    client = Client(HTTP_USER_AGENT=CHROME)
    client.post(reverse("account_login"), {"login": user.email, "password": PASSWORD})
    return client


def test_sessions_are_listed_and_one_or_all_others_are_ended(hannah):
    here, one, two = sign_in(hannah)[0], elsewhere(hannah), elsewhere(hannah)
    page = here.get(reverse("usersessions_list")).content.decode()
    assert page.count("Chrome on Windows</h2>") == 2
    assert page.count("this one") == 1
    key = UserSession.objects.get(session_key=one.session.session_key).pk
    here.post(reverse("usersessions_end", args=[key]))
    assert [is_in(client) for client in (here, one, two)] == [True, False, True]
    here.post(reverse("usersessions_list"))
    assert [is_in(client) for client in (here, one, two)] == [True, False, False]


def test_a_session_of_somebody_else_is_not_there_to_end(hannah, alice):
    there = elsewhere(hannah)
    key = UserSession.objects.get().pk
    client = Client()
    client.force_login(alice, backend="allauth.account.auth_backends.AuthenticationBackend")
    assert client.post(reverse("usersessions_end", args=[key])).status_code == 404
    assert is_in(there)


def test_keeping_a_list_of_sessions_makes_no_page_slower(hannah, django_assert_num_queries):
    client, _ = sign_in(hannah)
    with django_assert_num_queries(2):  # the session and the person
        client.get(reverse("help"))


@pytest.mark.parametrize(
    ("says", "name"),
    [
        (CHROME, "Chrome on Windows"),
        (CHROME + " Edg/130.0", "Edge on Windows"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18 Safari/604", "Safari on iPhone"),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:130.0) Gecko/20100101 Firefox/130.0", "Firefox on Linux"),
        ("curl/8.5", "A browser"),
        ("", "A browser"),
    ],
)
def test_a_browser_is_named_in_three_words(says, name):
    assert browser(says) == name
