"""From a gap to a plan, over the board, to the answer given again: by mouse, by keyboard and without a script."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from assessments.models import Action
from tests.browser.pages import WINDOWS
from tests.factories import answer

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def gaps(assessment):
    answer(assessment, PR1="0123", PR2="11?3")
    return list(assessment.answers.in_item("PR1").in_order())


@pytest.fixture
def plan(assessment):
    return reverse("plan", args=[assessment.pk])


@pytest.mark.parametrize("script", [True, False])
def test_a_gap_is_planned_moved_over_the_board_done_and_answered_again(
    open_page, sign_in_browser, alice, bob, assessment, gaps, plan, script
):
    page = sign_in_browser(open_page(java_script_enabled=script), bob)
    page.goto(plan)
    expect(page.locator(".empty")).to_contain_text("press “Plan it”")
    page.get_by_role("link", name="Open the gaps").click()
    page.get_by_role("button", name="Plan it PR1b").click()
    expect(page.get_by_label("What is done?")).to_have_value("List the teams")
    page.get_by_label("Who owns it?").select_option(label="Alice")
    page.get_by_label("Due on").fill((assessment.site.today() + timedelta(days=20)).isoformat())
    page.get_by_label(re.compile("PR1a")).check()
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.locator("h1")).to_have_text("One action closes 2 of 5 gaps; one blocker has none yet.")
    page.get_by_role("link", name="Board", exact=True).click()
    expect(page.locator(".board-column", has_text="To do")).to_contain_text("List the teams")
    page.get_by_label("Status of “List the teams”").select_option("doing")
    page.get_by_role("button", name="Set status of “List the teams”").click()
    expect(page.get_by_role("region", name="In progress")).to_contain_text("List the teams")
    page.get_by_label("Status of “List the teams”").select_option("done")
    page.get_by_role("button", name="Set status of “List the teams”").click()
    expect(page.locator("h1")).to_have_text("2 gaps are still open")
    page.get_by_role("link", name="Answer again PR1b").click()
    expect(page).to_have_url(re.compile("#b$"))
    expect(page.locator("section#b")).to_be_in_viewport()
    answer(assessment, PR1="0323")
    page.goto(plan)
    expect(page.locator(".plan-still")).to_contain_text("Done, gap PR1a still open at level 0.")
    expect(page.locator(".plan-still")).not_to_contain_text("PR1b")
    page.goto(reverse("gaps", args=[assessment.pk]))
    expect(page.locator("tr#PR1a")).to_contain_text("Planned: List the teams, Alice, done, gap still open")


def test_the_keyboard_moves_an_action_over_the_board(page, sign_in_browser, bob, assessment, gaps, plan):
    action = Action.objects.add(assessment, gaps[:1], by=bob, title="List the teams")
    sign_in_browser(page, bob).goto(f"{plan}?view=board")
    page.get_by_label("Status of “List the teams”").focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_role("region", name="In progress")).to_contain_text("List the teams")
    expect(page).to_have_url(re.compile(rf"view=board#action-{action.pk}$"))


@pytest.mark.parametrize("script", [True, False])
def test_a_manager_changes_several_after_seeing_what_would_change(
    open_page, sign_in_browser, mark, bob, assessment, gaps, plan, script
):
    for title in ("List the teams", "Ask the agents", "Leave this"):
        Action.objects.add(assessment, gaps[:1], by=bob, title=title)
    page = sign_in_browser(open_page(java_script_enabled=script), mark)
    page.goto(plan)
    page.get_by_label("Change “List the teams”").check()
    page.get_by_label("Change “Ask the agents”").check()
    page.locator("#change-all").get_by_label("Owner").select_option(label="Bob")
    page.get_by_role("button", name="See what would change").click()
    expect(page.locator("h1")).to_have_text("Change 2 actions?")
    expect(page.locator(".change-list")).to_contain_text("Owner: Nobody yet → Bob")
    page.get_by_role("button", name="Change them").click()
    expect(page.locator(".messages")).to_contain_text("2 actions are changed.")
    assert set(Action.objects.filter(owner=bob).values_list("title", flat=True)) == {
        "List the teams",
        "Ask the agents",
    }


def test_a_calendar_address_is_made_and_taken_back(page, sign_in_browser, bob, assessment):
    sign_in_browser(page, bob).goto(reverse("calendar"))
    page.get_by_role("button", name="Make the address").click()
    expect(page.get_by_role("textbox", name="Address")).to_have_value(
        re.compile(r"/calendar/[\w-]{43}\.ics$")
    )
    page.get_by_role("button", name="Take it back").click()
    expect(page.locator(".messages")).to_contain_text("opens nothing any more")


@pytest.mark.parametrize("window", WINDOWS)
def test_axe_finds_nothing_and_nothing_scrolls_sideways(
    open_page, sign_in_browser, axe, alice, bob, assessment, gaps, plan, window
):
    page = sign_in_browser(open_page(**window), alice)

    def is_right():
        assert axe(page) == [], page.url
        assert page.evaluate("document.documentElement.scrollWidth") <= window["width"], page.url

    page.goto(plan)
    is_right()
    due = assessment.site.today() - timedelta(days=3)
    late = Action.objects.add(assessment, gaps[:2], by=bob, title="List " + "x" * 150, owner=alice, due=due)
    done = Action.objects.add(assessment, gaps[:3], by=bob, title="Ask", owner_name="y" * 80, status="done")
    Action.objects.add(assessment, gaps[:1], by=bob, title="Gone", status="dropped")
    for address in (
        plan,
        f"{plan}?view=board",
        f"{plan}?owner=nobody",
        reverse("plan-add", args=[assessment.pk]),
        reverse("action", args=[late.pk]),
        reverse("action-done", args=[done.pk]),
        reverse("action-delete", args=[done.pk]),
        reverse("gaps", args=[assessment.pk]),
        reverse("home"),
        reverse("calendar"),
    ):
        page.goto(address)
        is_right()
    page.get_by_role("button", name="Make the address").click()
    expect(page.get_by_role("textbox", name="Address")).to_be_visible()
    is_right()
    page.goto(plan)
    page.get_by_label(re.compile("^Change “List")).check()
    page.get_by_role("button", name="See what would change").click()
    expect(page.get_by_role("alert")).to_contain_text("Choose what to change")
    is_right()
    page.locator("main").get_by_label("Status").select_option("doing")
    page.get_by_role("button", name="See what would change").click()
    expect(page.locator("h1")).to_have_text("Change 1 action?")
    is_right()


def test_two_editors_are_shown_both_and_axe_finds_nothing(
    open_page, sign_in_browser, axe, alice, bob, assessment, gaps
):
    action = Action.objects.add(assessment, gaps[:1], by=bob, title="List the teams")
    page = sign_in_browser(open_page(320), alice)
    page.goto(reverse("action", args=[action.pk]))
    action.change({"title": "Theirs"}, by=bob, version=0)
    page.get_by_label("What is done?").fill("Mine " + "z" * 100)
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text("Bob changed this action too")
    assert axe(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    page.get_by_role("button", name="Save mine").click()
    expect(page.locator(".plan-list")).to_contain_text("Mine z")
