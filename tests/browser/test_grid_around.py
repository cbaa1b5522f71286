"""The grid when others change it too, when nothing gets through, on narrow screens, for readers, without JavaScript."""

import re

import pytest
from playwright.sync_api import expect

from assessments.models import moves
from tests import factories
from tests.browser.test_grid import again, choice, choices, fill_in, focused, press, row, saves, state

pytestmark = pytest.mark.browser


@pytest.fixture
def asked(assessment):
    return list(assessment.answers.filter(requirement__item__domain__code="PR").in_order())


def grid_of(assessment):
    return f"/assessments/{assessment.pk}/grid/PR/"


@pytest.fixture
def bobs(page, sign_in_browser, bob, assessment):
    sign_in_browser(page, bob).goto(grid_of(assessment))
    return page


# ---- somebody else, and no connection


@pytest.mark.parametrize("side", ["mine", "theirs"])
def test_a_conflict_is_shown_in_its_row_and_settled_there(bobs, asked, alice, side):
    again(asked[1]).record_choice("na", by=alice, version=0, reason="other", reason_text="No cards.")
    fill_in(bobs, "PR1b", "3")
    saves(bobs, "PR1b", "somebody else changed this too")
    conflict = row(bobs, "PR1b").locator(".conflict")
    for words in ("Alice changed this too", "In place", "Not applicable. Another reason: No cards."):
        expect(conflict).to_contain_text(words, use_inner_text=True)
    conflict.get_by_role("button", name="Keep mine" if side == "mine" else "Take theirs").click()
    saves(bobs, "PR1b", "^Saved" if side == "mine" else "What they saved stands.")
    expect(conflict).to_have_count(0)
    assert focused(bobs) == "PR1b choice"
    assert choice(bobs, "PR1b").input_value() == again(asked[1]).choice == ("3" if side == "mine" else "na")


def test_a_fill_stops_before_a_row_that_waits_for_a_decision(bobs, asked, alice):
    again(asked[1]).record_choice("1", by=alice, version=0)
    fill_in(bobs, "PR1b", "3")
    saves(bobs, "PR1b", "somebody else changed this too")
    fill_in(bobs, "PR1a", "0", "Shift+ArrowDown", "Shift+ArrowDown", "Control+d")
    saves(bobs, "PR1c")
    assert (
        "Left as it is until you have chosen which answer stands: PR1b." in bobs.locator("#told").inner_text()
    )
    assert choices(asked)[:3] == ["0", "1", "0"]


def test_a_fill_without_a_connection_is_kept_and_sent_once_there_is_one(bobs, asked):
    fill_in(bobs, "PR1a", "2")
    saves(bobs, "PR1a")
    bobs.route("**/choice/**", lambda route: route.abort())
    press(bobs, *["Shift+ArrowDown"] * 7, "Control+d")
    for answer in asked[1:]:
        saves(bobs, answer.requirement.code, "Not saved: the server cannot be reached")
    bobs.unroute("**/choice/**")
    bobs.evaluate("dispatchEvent(new Event('online'))")
    for answer in asked[1:]:
        saves(bobs, answer.requirement.code)
    assert choices(asked) == ["2"] * 8
    bobs.locator("#item-answered", has_text="8 of 8 answered").wait_for()


def test_a_carried_over_answer_is_confirmed_by_choosing_it_again(
    page, sign_in_browser, bob, alice, assessment, ship
):
    for answer in assessment.answers.in_order()[:2]:
        answer.record_choice("2", by=alice, version=0)
    moved = moves.move(assessment, ship(factories.newer_release()), by=alice)
    first, second = moved.answers.filter(carried=True).in_order()
    sign_in_browser(page, bob).goto(grid_of(moved))
    fill_in(page, "PR1a", "2")
    saves(page, "PR1a")
    state(page, "PR1b").get_by_role("button", name="Confirm PR1b").click()
    saves(page, "PR1b")
    assert not again(first).carried
    assert not again(second).carried
    assert again(first).answered_by == bob


# ---- without JavaScript


def test_without_javascript_one_button_saves_the_domain(
    open_page, sign_in_browser, bob, alice, assessment, asked
):
    page = sign_in_browser(open_page(java_script_enabled=False), bob)
    page.goto(grid_of(assessment))
    expect(page.get_by_role("button", name="Fill down")).to_have_count(0)
    choice(page, "PR1a").select_option("2")
    choice(page, "PR2a").select_option("na")
    row(page, "PR2b").locator("textarea").fill("Mine.")
    again(asked[5]).record_note("Theirs.", by=alice, version=0)
    page.get_by_role("button", name="Save this page").click()
    expect(state(page, "PR2a")).to_contain_text("Choose why this does not apply.", use_inner_text=True)
    expect(row(page, "PR2b")).to_contain_text("Alice changed this too", use_inner_text=True)
    page.get_by_role("link", name="PR2a").first.click()
    row(page, "PR2a").get_by_label("PR2a: why it does not apply", exact=True).select_option("other")
    row(page, "PR2a").get_by_label("in a few words").fill("No cards.")
    row(page, "PR2a").get_by_label("in a few words").press("Enter")  # saves, and decides no conflict
    expect(row(page, "PR2b").locator(".conflict")).to_be_visible()
    page.get_by_role("button", name="Keep mine").click()
    expect(page.locator(".messages")).to_contain_text("1 change is saved.", use_inner_text=True)
    assert choices(asked) == ["2", "", "", "", "na", "", "", ""]
    assert again(asked[5]).note == "Mine."


# ---- narrow, dark, read by others


def answered(asked, bob):
    asked[0].record_choice("2", by=bob, version=0)
    asked[1].record_choice("na", by=bob, version=0, reason="other", reason_text="y" * 300)
    asked[2].record_choice("0", by=bob, version=0)
    asked[2].record_note("x" * 300, by=bob, version=1)
    asked[3].record_choice("unknown", by=bob, version=0)


@pytest.mark.parametrize("width", [320, 390, 768, 820, 1024])
@pytest.mark.parametrize("who", ["bob", "vera"])
def test_no_width_scrolls_sideways_and_there_is_room_for_fingers(
    open_page, sign_in_browser, request, bob, assessment, asked, who, width
):
    answered(asked, bob)
    page = sign_in_browser(open_page(width=width), request.getfixturevalue(who))
    page.goto(grid_of(assessment))
    assert page.evaluate("document.documentElement.scrollWidth") == width
    small = page.evaluate(
        """() => [...document.querySelectorAll("main a, main button, main select, main textarea, main input")]
            .filter((e) => e.checkVisibility() && !e.closest(".item-crumbs"))
            .map((e) => [e.name || e.textContent.trim(), e.getBoundingClientRect()])
            .filter(([, box]) => box.height < 44 || box.width < 44)
            .map(([words, box]) => `${words} ${box.width} x ${box.height}`)"""
    )
    assert small == []


def test_what_has_the_focus_is_never_behind_what_stays_in_place(bobs, asked):
    covered = """() => {
        const box = document.activeElement.getBoundingClientRect();
        const top = document.elementFromPoint(box.left + box.width / 2, box.top + 2);
        const bottom = document.elementFromPoint(box.left + box.width / 2, box.bottom - 2);
        return ![top, bottom].every((found) => found === document.activeElement);
    }"""
    bobs.set_viewport_size({"width": 1280, "height": 500})
    fill_in(bobs, "PR2d")
    for _ in range(7):
        press(bobs, "ArrowUp")
        assert not bobs.evaluate(covered), focused(bobs)
    for _ in range(7):
        press(bobs, "Tab", "Tab")
        assert not bobs.evaluate(covered), focused(bobs)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 320])
def test_axe_finds_nothing(open_page, sign_in_browser, bob, alice, assessment, asked, axe, scheme, width):
    answered(asked, bob)
    page = sign_in_browser(open_page(width=width, color_scheme=scheme), bob)
    page.goto(grid_of(assessment))
    again(asked[4]).record_choice("1", by=alice, version=0)
    again(asked[5]).record_note("Theirs.", by=alice, version=0)
    fill_in(page, "PR2a", "3")
    row(page, "PR2b").locator("textarea").fill("Mine.")
    saves(page, "PR2a", "Not saved")
    saves(page, "PR2b", "Not saved")
    fill_in(page, "PR1a", "Shift+ArrowDown", "Control+d")
    page.get_by_role("button", name="Undo fill").wait_for()
    assert axe(page) == []
    page.evaluate("document.getElementById('keys').showModal()")
    assert axe(page) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_for_a_viewer(
    open_page, sign_in_browser, vera, bob, assessment, asked, axe, scheme
):
    answered(asked, bob)
    page = sign_in_browser(open_page(color_scheme=scheme), vera)
    page.goto(grid_of(assessment))
    expect(page.locator("main :is(select, textarea, input:not([type=hidden]))")).to_have_count(0)
    assert axe(page) == []


def test_the_task_list_leads_to_the_grid_and_back(bobs, assessment):
    bobs.get_by_role("link", name="Back to the list").click()
    bobs.get_by_role("link", name=re.compile("Fill in as a grid.*Processes")).click()
    bobs.wait_for_url(re.compile(r"/grid/PR/$"))
    expect(bobs.get_by_role("heading", level=1)).to_have_text("Processes", use_inner_text=True)


def test_what_somebody_else_saves_shows_in_its_row_and_is_not_undone(bobs, asked, alice):
    fill_in(bobs, "PR1a", "2", "Shift+ArrowDown", "Shift+ArrowDown", "Control+d")
    for code in ("PR1a", "PR1b", "PR1c"):
        saves(bobs, code)
    again(asked[1]).record_choice("0", by=alice, version=1)
    saves(bobs, "PR1b", "Saved .* by Alice")
    expect(choice(bobs, "PR1b")).to_have_value("0")
    press(bobs, "Control+z")
    saves(bobs, "PR1c", "Not answered yet")
    assert choices(asked)[:3] == ["2", "0", ""]
    expect(bobs.locator("#told")).to_contain_text("because it was changed since: PR1b.", use_inner_text=True)
