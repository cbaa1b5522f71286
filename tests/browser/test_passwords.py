"""A forgotten password and a new account, in the browser: by way of an e-mail, with and without scripts."""

import re

import pytest
from django.core.cache import cache
from django.urls import reverse
from playwright.sync_api import expect

from assessments.models import User
from tests.browser.pages import WINDOWS
from tests.second_factors import PASSWORD

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
NEW = "seven quiet boats at noon"


@pytest.fixture(autouse=True)
def _nothing_counted(db):
    cache.clear()


@pytest.fixture
def rita(alice):
    """An owner with a password."""
    alice.set_password(PASSWORD)
    alice.save()
    return alice


def link_in(mail, live_server):
    """The path of the link: it names the host of the settings, which is not that of the test."""
    return live_server.url + re.search(r"https?://[^/\s]+(/account/\S+)", mail.body)[1]


def enter(page, email, password):
    page.goto("/account/login/")
    page.get_by_label("E-mail address").fill(email)
    page.get_by_role("textbox", name="Password").fill(password)
    page.get_by_role("textbox", name="Password").press("Enter")


def head(page):
    return page.get_by_role("heading", level=1)


def choose(page, password):
    page.get_by_label("New password").first.fill(password)
    page.get_by_label("New password, again").fill(password)
    page.get_by_role("button", name="Save the password").click()


@pytest.mark.parametrize("script", [True, False])
def test_a_forgotten_password_is_replaced_by_way_of_an_e_mail(
    open_page, live_server, mailoutbox, rita, site, script
):
    there, page = open_page(), open_page(java_script_enabled=script)
    enter(there, rita.email, PASSWORD)
    expect(head(there)).to_have_text("Your sites")
    page.goto("/account/login/")
    page.get_by_role("link", name="Forgot your password?").click()
    page.get_by_label("E-mail address").fill(rita.email)
    page.get_by_role("button", name="Send the link").click()
    expect(head(page)).to_have_text("Look into your mailbox")
    link = link_in(mailoutbox[0], live_server)
    page.goto(link)
    assert link not in page.url, "the address that is a key does not stay in the bar"
    choose(page, "password1234")
    expect(page.locator(".invalid-feedback").first).to_contain_text("too common")
    choose(page, NEW)
    expect(head(page)).to_have_text("Your password is changed")
    there.reload()
    expect(there.get_by_role("heading", name="Sign in", exact=True)).to_be_visible()
    enter(page, rita.email, PASSWORD)
    expect(page.locator(".alert-danger")).to_contain_text("not correct")
    enter(page, rita.email, NEW)
    expect(head(page)).to_have_text("Your sites")
    there.goto(link)
    expect(head(there)).to_have_text("This link works no longer")


def test_a_stranger_makes_an_account_and_confirms_the_address(page, live_server, mailoutbox, settings):
    settings.SIGNUP = "open"
    page.goto("/account/login/")
    page.get_by_role("link", name="Create an account").click()
    page.get_by_label("E-mail address").fill("nina@example.com")
    page.get_by_label("Password").first.fill(NEW)
    page.get_by_label("Password, again").fill(NEW)
    page.get_by_role("button", name="Create the account").click()
    expect(head(page)).to_have_text("Look into your mailbox")
    enter(page, "nina@example.com", NEW)
    expect(head(page)).to_have_text("Look into your mailbox")
    page.goto(link_in(mailoutbox[0], live_server))
    page.get_by_role("button", name="Yes, confirm it").click()
    enter(page, "nina@example.com", NEW)
    expect(head(page)).to_have_text("Your sites")
    assert User.objects.get(email="nina@example.com").emailaddress_set.get().verified


@pytest.mark.parametrize("window", WINDOWS)
def test_axe_finds_nothing_on_the_pages_around_it(
    open_page, live_server, axe, mailoutbox, settings, rita, window
):
    page = open_page(**window)

    def is_right(name):
        assert axe(page) == [], name
        assert page.evaluate("document.documentElement.scrollWidth") <= window["width"], name

    page.goto(reverse("account_reset_password"))
    page.get_by_label("E-mail address").fill(rita.email)
    page.get_by_role("button", name="Send the link").click()
    is_right("mail sent")
    page.goto(link_in(mailoutbox[0], live_server))
    choose(page, "short")
    is_right("refused")
    choose(page, NEW)
    is_right("changed")
    page.goto(link_in(mailoutbox[0], live_server))
    is_right("used link")
    settings.SIGNUP = "open"
    page.goto(reverse("account_signup"))
    is_right("sign-up")
    page.get_by_label("E-mail address").fill("nina@example.com")
    page.get_by_label("Password").first.fill(NEW)
    page.get_by_label("Password, again").fill(NEW)
    page.get_by_role("button", name="Create the account").click()
    is_right("confirm your address")
    page.goto(link_in(mailoutbox[-1], live_server))
    is_right("confirm")
    page.goto(reverse("account_confirm_email", args=["nonsense"]))
    is_right("confirm nonsense")
    enter(page, rita.email, NEW)
    page.goto(reverse("account_logout"))
    is_right("sign out")
    User.objects.filter(pk=rita.pk).update(is_active=False)
    page.goto(reverse("account_inactive"))
    is_right("closed account")
