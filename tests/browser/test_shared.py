"""A link to a milestone, as a manager makes, sends and takes it back, and as its reader opens it."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from assessments.models import ShareLink
from tests import factories
from tests.browser.pages import WINDOWS

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def milestone(assessment, alice):
    factories.answer(assessment, PR1="0123", PR2="3-?.")
    return factories.frozen(assessment, by=alice)


@pytest.fixture
def shares(milestone):
    return reverse("milestone-shares", args=[milestone.pk])


def make(page, shares, recipient="The board"):
    """The field with the address of a new link."""
    page.goto(shares)
    page.get_by_label("For whom").fill(recipient)
    page.get_by_label("The PDF and the data may be downloaded too").check()
    page.get_by_role("button", name="Make the link").click()
    return page.get_by_label("Link", exact=True)


@pytest.mark.parametrize("script", [True, False])
def test_a_link_is_made_opened_by_a_stranger_and_taken_back(
    open_page, sign_in_browser, mark, shares, live_server, settings, script
):
    settings.SITE_URL = live_server.url
    page = sign_in_browser(open_page(java_script_enabled=script), mark)
    address = make(page, shares).input_value()
    reader = open_page(java_script_enabled=script)
    reader.goto(address)
    expect(reader.locator("main")).to_contain_text("Mark of Acme shares this report with The board.")
    with reader.expect_download() as got:
        reader.get_by_role("link", name="Data for programs (JSON)").click()
    assert got.value.suggested_filename.endswith(".json")
    page.reload()
    expect(page.locator("main")).to_contain_text("opened 2 times")
    assert address not in page.content()
    page.locator("summary", has_text="Take back The board").click()
    page.get_by_role("button", name="Take back the link for The board").click()
    expect(page.locator(".messages")).to_contain_text("The link for The board is taken back.")
    reader.reload()
    expect(reader.locator("h1")).to_have_text("This link opens nothing")


def test_a_click_copies_the_address_and_says_so(open_page, sign_in_browser, mark, shares):
    page = sign_in_browser(open_page(permissions=["clipboard-read", "clipboard-write"]), mark)
    address = make(page, shares).input_value()
    page.get_by_role("button", name="Copy").click()
    expect(page.get_by_text("Copied.")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()") == address


def test_the_keyboard_is_enough(page, sign_in_browser, mark, shares):
    sign_in_browser(page, mark).goto(shares)
    page.get_by_label("For whom").focus()
    page.keyboard.type("Our client")
    page.keyboard.press("Enter")
    expect(page.get_by_label("Link", exact=True)).to_be_visible()
    page.locator("summary", has_text="Take back").focus()
    for key in ("Enter", "Tab", "Enter"):
        page.keyboard.press(key)
    expect(page.locator(".messages")).to_contain_text("The link for Our client is taken back.")


@pytest.mark.parametrize("window", WINDOWS)
def test_axe_finds_nothing_and_nothing_scrolls_sideways(
    open_page, sign_in_browser, axe, alice, acme, milestone, shares, window
):
    page = sign_in_browser(open_page(**window), alice)

    def is_right():
        assert axe(page) == []
        assert page.evaluate("document.documentElement.scrollWidth") <= window["width"]

    factories.shared(milestone, "y" * 120, by=alice)[0].revoke(by=alice)
    field = make(page, shares, "x" * 120)
    page.locator("summary", has_text="Take back").click()
    is_right()
    path = field.input_value().removeprefix("http://127.0.0.1:8000")
    make(page, shares, "x" * 120)
    expect(page.locator(".invalid-feedback")).to_contain_text("already")
    is_right()
    page.goto(reverse("shares", args=[acme.pk]))
    is_right()
    page.goto(path)
    expect(page.locator(".shared-by")).to_be_visible()
    is_right()
    ShareLink.objects.get(revoked_at=None).revoke(by=alice)
    page.reload()
    is_right()
