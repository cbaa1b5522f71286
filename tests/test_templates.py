"""Templates keep the strict content policy, and the frame, the account pages and the error pages are what they should be."""

import re
from pathlib import Path

import pytest
from django.core.cache import cache
from django.template.loader import render_to_string
from django.test import Client
from django.urls import reverse

from copcready import errors
from tests import factories

ROOT = Path(__file__).resolve().parent.parent
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
REFUSED = {
    "an inline style": r"<style\b|\sstyle\s*=",
    "an inline script": r"<script\b(?![^>]*\ssrc=)",
    "an event attribute": r"\s(?:hx-)?on[a-z]+(?::[\w-]+)*\s*=",
    "a script address": r"javascript:",
}


def faults(text):
    """What the content policy would refuse, and forms that post without a token."""
    found = [name for name, pattern in REFUSED.items() if re.search(pattern, text)]
    for form in re.findall(r"<form\b.*?</form>", text, flags=re.DOTALL):
        opening = form[: form.index(">")]
        if 'method="post"' in opening and "{% csrf_token %}" not in form:
            found.append("a form without a token")
    return found


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT / "templates")))
def test_a_template_holds_nothing_that_the_content_policy_refuses(path):
    assert faults(path.read_text(encoding="utf-8")) == []


def test_the_faults_are_found():
    planted = '<p style="color:red" onclick="x()"><a href="javascript:x">y</a><script>z</script><form method="post"></form>'
    assert faults(planted) == [*REFUSED, "a form without a token"]
    assert faults('<form method="get"></form><script src="/a.js"></script><a class="once">one=1</a>') == []


# ---- the frame --------------------------------------------------------------------------------------------------


def test_the_account_menu_says_who_is_signed_in_and_signs_out_by_post(sign_in, alice):
    page = sign_in(alice).get(reverse("help")).content.decode()
    assert "alice@example.com" in page
    assert f'<form method="post" action="{reverse("account_logout")}" data-signs-out=' in page
    assert reverse("admin:index") not in re.search(r'<div class="menu-panel">.*?</form>', page, re.DOTALL)[0]


def test_the_standards_are_a_click_away_for_their_editors(sign_in, alice):
    alice.is_staff = True
    alice.save()
    assert (
        f'<a href="{reverse("admin:index")}">Edit standards</a>'
        in sign_in(alice).get(reverse("help")).content.decode()
    )


def test_the_help_page_is_open_to_everybody(client, db):
    page = client.get(reverse("help")).content.decode()
    assert "How the score is worked out" in page
    assert reverse("account_login") in page


@pytest.mark.parametrize("name", ["assessment", "results", "gaps", "method"])
def test_an_assessment_page_marks_its_own_tab_and_no_other(sign_in, alice, assessment, name):
    page = sign_in(alice).get(reverse(name, args=[assessment.pk])).content.decode()
    tabs = re.search(r'<nav class="tabs".*?</nav>', page, re.DOTALL)[0]
    marked = re.findall(r'href="([^"]+)" aria-current', tabs)
    assert marked == [reverse(name, args=[assessment.pk])]
    assert "No audit target" in page or "Set an audit target" in page


# ---- account pages ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("account_login", "Know how far you are"),
        ("account_signup", "Strangers cannot sign up here"),
        ("account_reset_password", "Forgotten password"),
        ("account_reset_password_done", "Look into your mailbox"),
        ("account_reset_password_from_key_done", "Your password is changed"),
        ("account_inactive", "This account is closed"),
        ("account_email_verification_sent", "Look into your mailbox"),
    ],
)
def test_the_pages_before_sign_in_are_ours(client, db, name, words):
    page = client.get(reverse(name)).content.decode()
    assert words in page
    assert "site.css" in page


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("account_logout", "Sign out?"),
        ("account_change_password", "Change your password"),
        ("account_reauthenticate", "Confirm that it is you"),
    ],
)
def test_the_account_pages_are_ours(sign_in, alice, name, words):
    alice.set_password("a long enough password")
    alice.save()
    assert words in sign_in(alice).get(reverse(name)).content.decode()


@pytest.mark.parametrize(
    ("signup", "words"), [("open", "Create an account"), ("closed", "How to get an account")]
)
def test_the_sign_in_page_says_what_somebody_without_an_account_does(client, db, settings, signup, words):
    settings.SIGNUP = signup
    page = client.get(reverse("account_login")).text
    assert re.findall(r'<a href="/account/signup/">([^<]+)</a>', page) == [words]


def test_signing_up_where_it_is_open_offers_the_form(client, db, settings):
    settings.SIGNUP = "open"
    assert "Create the account" in client.get(reverse("account_signup")).content.decode()


def test_a_password_can_be_reset_by_the_link_in_the_message(client, db, mailoutbox):
    user = factories.UserFactory(name="Rita", email="rita@example.com")
    user.set_password("a long enough password")
    user.save()
    client.post(reverse("account_reset_password"), {"email": user.email})
    link = re.search(r"http://127.0.0.1:8000(/account\S+)", mailoutbox[0].body)[1]
    page = client.get(link, follow=True)
    assert "Save the password" in page.content.decode()
    address = page.redirect_chain[-1][0]
    answer = client.post(
        address, {"password1": "another long password", "password2": "another long password"}
    )
    assert answer.url == reverse("account_reset_password_from_key_done")
    assert "works no longer" in client.get(link, follow=True).content.decode()


def test_a_failed_sign_in_keeps_the_address_and_says_what_is_wrong(client, db):
    page = client.post(
        reverse("account_login"), {"login": "rita@example.com", "password": "wrong"}
    ).content.decode()
    assert 'class="alert' in page
    assert 'value="rita@example.com"' in page
    assert "<title>Error: Sign in" in page


# ---- what went wrong --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("view", "arguments", "status", "words"),
    [
        (errors.bad_request, [ValueError()], 400, "Nothing was changed"),
        (
            errors.forbidden,
            [PermissionError("You are a viewer of this organisation.")],
            403,
            "You are a viewer",
        ),
        (errors.forbidden, [PermissionError()], 403, "Ask an owner or a manager"),
        (errors.not_found, [ValueError()], 404, "nothing at this address"),
        (errors.server_error, [], 500, "on our side"),
        (errors.csrf_failure, [], 403, "nothing was saved"),
    ],
)
def test_an_error_page_says_what_happened_and_what_to_do(rf, view, arguments, status, words):
    answer = view(rf.get("/somewhere/"), *arguments)  # no user, no session: errors come before either
    assert answer.status_code == status
    assert words in answer.content.decode()


def test_the_page_for_a_broken_server_needs_no_request_and_no_session():
    assert "Something went wrong on our side" in render_to_string("500.html")


def test_too_many_tries_get_a_page_of_ours(client, db):
    cache.clear()
    for _ in range(40):
        answer = client.post(reverse("account_reset_password"), {"email": "rita@example.com"})
        if answer.status_code == 429:
            break
    assert "Too many tries" in answer.content.decode()


def test_a_form_without_its_token_gets_a_sentence(db):
    answer = Client(enforce_csrf_checks=True).post(reverse("account_login"), {"login": "x", "password": "y"})
    assert answer.status_code == 403
    assert "This page was open too long" in answer.content.decode()
