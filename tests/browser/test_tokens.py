"""A token, as a manager makes it, copies it and takes it back."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from assessments.models import ApiToken
from tests import factories

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def tokens(site):
    """The address of the page; the site has a metric with a name that tests a narrow window."""
    factories.MetricFactory(site=site, name="Service level " + "x" * 60, numerator="met", denominator="asked")
    return reverse("api-tokens", args=[site.pk])


def make(page, tokens, name):
    page.goto(tokens)
    page.get_by_label("Name of the tool").fill(name)
    page.get_by_role("button", name="Create token").click()
    return page.get_by_label("Token", exact=True)


@pytest.mark.parametrize("script", [True, False])
def test_a_token_is_made_copied_used_and_revoked(open_page, sign_in_browser, mark, tokens, script, site):
    page = sign_in_browser(open_page(java_script_enabled=script), mark)
    text = make(page, tokens, "Power BI").input_value()
    assert ApiToken.objects.opened_by(text)
    expect(page.get_by_label("To try it")).to_have_value(f'curl -H "Authorization: Bearer {text}" http://127.0.0.1:8000/api/sites/{site.pk}/readings/')  # fmt: skip
    page.reload()
    expect(page.locator("h1")).to_be_visible()
    assert text not in page.content()
    page.go_back()
    assert text not in page.content()
    page.goto(tokens)
    page.locator("summary", has_text="Revoke Power BI").click()
    page.get_by_role("button", name="Revoke Power BI").click()
    expect(page.locator(".messages")).to_contain_text("Power BI is revoked.")
    assert ApiToken.objects.opened_by(text) is None


def test_a_click_copies_the_token_or_a_line_that_uses_it(open_page, sign_in_browser, mark, tokens):
    page = sign_in_browser(open_page(permissions=["clipboard-read", "clipboard-write"]), mark)
    token = make(page, tokens, "Power BI").input_value()
    for what, field in (
        ("the token", page.get_by_label("Token", exact=True)),
        ("the line that tries it", page.get_by_label("To try it")),
        ("the line that sends a reading", page.get_by_label("To send a reading")),
    ):
        page.get_by_role("button", name=f"Copy {what}", exact=True).click()
        expect(page.get_by_text("Copied.").last).to_be_visible()
        copied = page.evaluate("navigator.clipboard.readText()")
        assert token in copied
        assert copied == field.input_value()


def test_the_keyboard_is_enough(page, sign_in_browser, mark, tokens):
    sign_in_browser(page, mark).goto(tokens)
    page.get_by_label("Name of the tool").focus()
    page.keyboard.type("Nightly")
    page.keyboard.press("Enter")
    page.get_by_label("Token", exact=True).focus()
    page.keyboard.press("Control+A")
    assert page.evaluate("getSelection().toString()").startswith("copc_")
    page.locator("summary", has_text="Revoke").focus()
    for key in ("Enter", "Tab", "Enter"):
        page.keyboard.press(key)
    expect(page.locator(".messages")).to_contain_text("Nightly is revoked.")


@pytest.mark.parametrize(
    ("width", "scheme"), [(1280, "light"), (1280, "dark"), (768, "dark"), (320, "light"), (320, "dark")]
)
def test_axe_finds_nothing_and_nothing_scrolls_sideways(
    open_page, sign_in_browser, axe, alice, site, tokens, width, scheme
):
    page = sign_in_browser(open_page(width, color_scheme=scheme), alice)

    def is_right():
        assert axe(page) == []
        assert page.evaluate("document.documentElement.scrollWidth") <= width

    page.goto(tokens)
    is_right()
    gone, _ = ApiToken.objects.issue(site=site, name="y" * 80, days=30, by=alice)
    gone.revoke(by=alice)
    make(page, tokens, "x" * 80)
    page.locator("summary", has_text="Revoke").click()
    is_right()
    make(page, tokens, "x" * 80)
    expect(page.locator(".invalid-feedback")).to_contain_text("already")
    is_right()
