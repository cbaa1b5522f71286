"""What if in the browser: a tick is worked out at once, the address keeps in step, and all of it works without JavaScript."""

import re

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from assessments.models import Action
from tests.browser.pages import WINDOWS
from tests.factories import answer

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def address(assessment):
    answer(assessment, PR1="2122", PR2="2122", PF3="2122")
    action = Action.objects.create(assessment=assessment, title="Publish the forecast")
    action.answers.set(assessment.answers.filter(requirement__key__in=["pr1-thing-1", "pr1-thing-2"]))
    return reverse("what-if", args=[assessment.pk])


def box(page, code):
    return page.locator(f"#gap-{code}")


def says(page, words):
    expect(page.locator("#what-if-summary")).to_contain_text(words)


def test_ticks_are_worked_out_at_once_and_the_address_keeps_in_step(page, sign_in_browser, vera, address):
    sign_in_browser(page, vera).goto(address)
    says(page, "Nothing is ticked")
    box(page, "PR1b").check()
    says(page, "from 58% to 61%")
    expect(page).to_have_url(re.compile(r"/what-if/\?gap=PR1b$"))
    expect(page.locator("#what-if-said")).to_contain_text("from 58% to 61%")
    expect(box(page, "PR1b")).to_be_focused()
    box(page, "PR2b").check()
    says(page, "Closing these two gaps")
    page.reload()
    says(page, "Closing these two gaps")
    expect(box(page, "PR2b")).to_be_checked()
    box(page, "PR1b").uncheck()
    box(page, "PR2b").uncheck()
    says(page, "Nothing is ticked")


def test_the_keyboard_ticks_too_and_quick_ticks_are_all_counted(page, sign_in_browser, vera, address):
    sign_in_browser(page, vera).goto(address)
    box(page, "PR1b").focus()
    for _ in range(4):
        page.keyboard.press("Space")
        page.keyboard.press("Tab")
    says(page, "Closing these four gaps")
    expect(page).to_have_url(re.compile(r"(gap=\w+&?){4}$"))


def test_an_action_counts_its_gaps_and_says_so_beside_them(page, sign_in_browser, vera, address):
    sign_in_browser(page, vera).goto(address)
    page.locator("input[name=action]").check()
    says(page, "Closing these two gaps")
    note = page.locator('[data-code="PR1b"]')
    expect(note).to_be_visible()
    box(page, "PR1b").check()
    expect(note).to_be_hidden()
    says(page, "Closing these two gaps")
    page.locator("input[name=action]").uncheck()
    says(page, "Closing this one gap")
    expect(note).to_be_hidden()


def test_it_works_without_javascript(open_page, sign_in_browser, vera, address):
    page = sign_in_browser(open_page(java_script_enabled=False), vera)
    page.goto(address)
    box(page, "PR1b").check()
    page.get_by_role("button", name="Work it out").first.click()
    expect(page).to_have_url(re.compile(r"/what-if/\?gap=PR1b$"))
    says(page, "from 58% to 61%")
    page.get_by_role("link", name="All blockers").click()
    says(page, "clears all three blockers")


def test_without_a_connection_it_says_so_and_catches_up(page, sign_in_browser, vera, address):
    sign_in_browser(page, vera).goto(address)
    page.context.set_offline(True)
    box(page, "PR1b").check()
    expect(page.locator("#what-if-failed")).to_contain_text("Not worked out")
    says(page, "Nothing is ticked")
    page.context.set_offline(False)
    box(page, "PR2b").check()
    says(page, "Closing these two gaps")
    expect(page.locator("#what-if-failed")).to_have_text("")


def test_who_was_signed_out_meanwhile_comes_to_the_sign_in(page, sign_in_browser, vera, address):
    sign_in_browser(page, vera).goto(address)
    page.context.clear_cookies()
    box(page, "PR1b").check()
    page.wait_for_url("**/account/login/**")


@pytest.mark.parametrize("window", WINDOWS)
def test_axe_finds_nothing_and_nothing_scrolls_sideways(
    open_page, sign_in_browser, axe, vera, address, window
):
    page = sign_in_browser(open_page(**window), vera)
    gaps = address.replace("what-if", "gaps")
    for place in (f"{address}?gap=PR1b&action=999", address, gaps, f"{gaps}?order=fundamentals"):
        page.goto(place)
        assert axe(page) == [], place
        assert page.evaluate("document.documentElement.scrollWidth") <= window["width"], place


def test_a_focused_box_is_never_under_the_line_of_a_phone(open_page, sign_in_browser, vera, address):
    page = sign_in_browser(open_page(320, 480), vera)
    page.goto(address)
    page.locator("input[name=gap]").last.focus()
    for _ in range(8):
        page.keyboard.press("Shift+Tab")
    seen = page.evaluate(
        "[document.activeElement.getBoundingClientRect().top, document.getElementById('what-if-short').getBoundingClientRect().bottom]"
    )
    assert seen[0] >= seen[1]
