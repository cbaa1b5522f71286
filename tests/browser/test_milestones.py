"""Milestones in the browser: taken, looked at and compared, without JavaScript, by keyboard and in every window."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from assessments.models import Milestone
from assessments.report import pdf
from tests import factories
from tests.browser.pages import WINDOWS

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def _no_typesetting(monkeypatch):
    monkeypatch.setattr(pdf, "render", lambda found: b"%PDF-1.7")


@pytest.fixture
def milestones(assessment):
    factories.answer(assessment, PR1="0123", PR2="3-?.")
    return reverse("milestones", args=[assessment.pk])


@pytest.mark.parametrize("script", [True, False])
def test_a_milestone_is_taken_shown_and_compared(
    open_page, sign_in_browser, mark, milestones, assessment, script
):
    page = sign_in_browser(open_page(java_script_enabled=script), mark)
    page.goto(milestones)
    page.get_by_label("Name of the milestone").fill("Baseline")
    page.get_by_role("button", name="Freeze it as it stands").click()
    expect(page.locator(".messages")).to_contain_text("“Baseline” is frozen.")
    factories.answer(assessment, PR1="3333")
    page.get_by_role("link", name="Baseline", exact=True).first.click()
    expect(page.locator("main")).to_contain_text("gaps as they ranked then")
    page.get_by_role("link", name="Compare with now").click()
    expect(page.locator("main")).to_contain_text("Three gaps closed.")
    page.locator("#id_from").select_option(label="Now")
    page.get_by_role("button", name="Compare").click()
    expect(page.locator("h1")).to_contain_text("Nothing has changed.")


def test_the_keyboard_is_enough(page, sign_in_browser, mark, milestones):
    sign_in_browser(page, mark).goto(milestones)
    page.get_by_label("Name of the milestone").focus()
    page.keyboard.type("By hand")
    page.keyboard.press("Enter")
    expect(page.locator(".messages")).to_contain_text("“By hand” is frozen.")
    page.locator("summary", has_text="The same as a table").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("columnheader", name="Ceiling")).to_be_visible()


@pytest.mark.parametrize("window", WINDOWS)
def test_axe_finds_nothing_and_nothing_scrolls_sideways(
    open_page, sign_in_browser, axe, alice, milestones, assessment, window
):
    page = sign_in_browser(open_page(**window), alice)

    def is_right(address):
        page.goto(address)
        expect(page.locator("h1")).to_be_visible()
        assert axe(page) == []
        assert page.evaluate("document.documentElement.scrollWidth") <= window["width"]

    is_right(milestones)
    first = factories.frozen(assessment, "x" * 80, by=alice)
    factories.answer(assessment, PR1="3021", PR2="33-0")
    factories.frozen(assessment, "Later")
    is_right(milestones)
    is_right(reverse("milestone", args=[first.pk]))
    is_right(reverse("milestones-compare", args=[assessment.pk]) + f"?from={first.pk}&to=now")
    is_right(reverse("milestones-compare", args=[assessment.pk]) + "?from=nothing&to=now")
    is_right(reverse("results", args=[assessment.pk]))
    assert Milestone.objects.count() == 2
