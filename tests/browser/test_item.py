"""The item page as a person meets it: by keyboard, by finger, without JavaScript."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.pages import again, choose, focused, requirement, saves, state

pytestmark = pytest.mark.browser


def test_a_choice_saves_itself_at_once_and_everything_on_the_page_follows(bobs, item, asked):
    bobs.goto(item)
    expect(bobs.get_by_role("button", name="Save this page")).to_be_hidden()
    choose(bobs, "a", "Partly in use")
    saves(bobs, "a", r"^Saved \d\d:\d\d$")
    assert again(asked[0]).choice == "2"
    expect(bobs.locator("#item-answered")).to_have_text("1 of 4 answered", use_inner_text=True)
    assert bobs.locator(f"#chip-{asked[0].pk} .level").get_attribute("data-choice") == "2"
    expect(bobs.locator("#say")).to_contain_text("Requirement a saved", use_inner_text=True)
    expect(bobs.locator(".go-on:visible")).to_have_text("Next open: requirement b", use_inner_text=True)


def test_an_item_is_answered_by_keyboard_alone(bobs, item, asked):
    bobs.goto(item)
    press = bobs.keyboard.press
    press("j")
    press("k")
    press("2")
    press("j")
    assert focused(bobs) == f"choice-{asked[1].pk}"
    press("x")
    press("e")
    assert focused(bobs) == f"note-{asked[1].pk}"
    bobs.keyboard.type("Ask 3 teams, next week.")  # letters and digits type here
    press("Escape")
    press("u")
    press("n")
    assert focused(bobs) == f"reason-{asked[2].pk}"
    bobs.keyboard.type("Channel")
    press("Escape")
    press("j")
    press("Space")  # native: the first option of the group that has the focus
    press("ArrowDown")
    for letter in "abcd":
        saves(bobs, letter, r"^Saved")
    assert [again(answer).choice for answer in asked] == ["2", "unknown", "na", "1"]
    assert again(asked[1]).note == "Ask 3 teams, next week."
    assert again(asked[2]).reason == "not-offered"


def test_ctrl_enter_saves_what_is_being_typed_and_goes_on(bobs, item, assessment, asked, bob):
    for answer in asked:
        answer.record_choice("1", by=bob, version=0)
    bobs.goto(item)
    requirement(bobs, "d").locator("summary", has_text="Note").click()
    requirement(bobs, "d").locator("textarea").fill("Half of the teams.")
    bobs.keyboard.press("Control+Enter")
    bobs.wait_for_url(re.compile(r"/items/PR2/#a$"))
    assert again(asked[3]).note == "Half of the teams."


def test_the_address_of_a_requirement_leads_to_its_levels(bobs, item, asked):
    bobs.goto(f"{item}#c")
    bobs.locator(f"[name=choice-{asked[2].pk}]:focus").wait_for()
    assert bobs.locator(".item-places [aria-current]").get_attribute("href") == "#c"


def test_keys_are_listed_and_can_be_switched_off_for_good(bobs, item, asked):
    bobs.goto(item)
    bobs.keyboard.press("?")
    expect(bobs.get_by_role("dialog")).to_be_visible()
    bobs.get_by_label("Use single keys on this device").uncheck()
    bobs.get_by_role("button", name="Close").click()
    for _ in range(2):
        bobs.keyboard.press("3")
        bobs.keyboard.press("?")
        expect(bobs.get_by_role("dialog")).to_be_hidden()
        expect(bobs.locator(":checked[type=radio]")).to_have_count(0)
        bobs.reload()
    expect(bobs.locator(".opt kbd").first).to_be_hidden()


def test_without_javascript_one_button_saves_the_page(open_page, sign_in_browser, bob, alice, item, asked):
    page = sign_in_browser(open_page(java_script_enabled=False), bob)
    page.goto(item)
    assert page.locator("kbd:visible").count() == page.locator(".site-footer kbd").count()
    choose(page, "a", "Partly in use")
    choose(page, "b", "Not applicable")
    page.get_by_role("button", name="Save this page").click()
    expect(state(page, "b")).to_contain_text("Choose why this does not apply.", use_inner_text=True)
    requirement(page, "b").get_by_label("Why it does not apply").select_option("elsewhere")
    requirement(page, "c").locator("summary", has_text="Note").click()
    requirement(page, "c").locator("textarea").fill("Mine.")
    again(asked[2]).record_note("Theirs.", by=alice, version=0)
    page.get_by_role("button", name="Save this page").click()
    expect(requirement(page, "c")).to_contain_text("Alice changed this too", use_inner_text=True)
    page.get_by_role("button", name="Keep mine").click()
    expect(page.locator(".messages")).to_contain_text("1 change is saved.", use_inner_text=True)
    assert [again(answer).choice for answer in asked[:2]] == ["2", "na"]
    assert again(asked[2]).note == "Mine."


def test_enter_in_a_text_field_never_decides_a_conflict(open_page, sign_in_browser, bob, alice, item, asked):
    page = sign_in_browser(open_page(java_script_enabled=False), bob)
    page.goto(item)
    again(asked[0]).record_choice("1", by=alice, version=0)
    choose(page, "a", "In place")
    choose(page, "b", "Not applicable")
    page.get_by_role("button", name="Save this page").click()
    requirement(page, "b").get_by_label("In a few words").press("Enter")
    expect(requirement(page, "a").locator(".conflict")).to_be_visible()
    assert again(asked[0]).choice == "1"


@pytest.mark.parametrize("width", [320, 390])
def test_a_phone_shows_it_without_scrolling_sideways_and_with_room_for_fingers(
    open_page, sign_in_browser, bob, item, asked, width
):
    asked[0].record_choice("2", by=bob, version=0)
    asked[0].record_note("x" * 300, by=bob, version=1)
    page = sign_in_browser(open_page(width=width), bob)
    page.goto(item)
    assert page.evaluate("document.documentElement.scrollWidth") == width
    small = page.evaluate(
        """() => [...document.querySelectorAll(".opt, main a, main summary, main button, main select")]
            .filter((e) => e.checkVisibility() && !e.closest(".item-crumbs"))
            .map((e) => [e.textContent.trim(), e.getBoundingClientRect()])
            .filter(([, box]) => box.height < 44 || box.width < 44)
            .map(([words, box]) => `${words} ${box.width} x ${box.height}`)"""
    )
    assert small == []


def test_on_a_phone_what_is_answered_folds_to_the_chosen_row(open_page, sign_in_browser, bob, item, asked):
    asked[0].record_choice("2", by=bob, version=0)
    page = sign_in_browser(open_page(width=390), bob)
    page.goto(item)
    first = requirement(page, "a")
    expect(first.locator(".opt:visible")).to_have_count(1)
    expect(requirement(page, "b").locator(".opt:visible")).to_have_count(6)
    first.get_by_role("button", name="Change").click()
    expect(first.locator(".opt:visible")).to_have_count(6)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390])
def test_axe_finds_nothing(open_page, sign_in_browser, bob, alice, item, asked, axe, scheme, width):
    for answer, choice in zip(asked, ("0", "1", "unknown"), strict=False):
        answer.record_choice(choice, by=bob, version=0)
    page = sign_in_browser(open_page(width=width, color_scheme=scheme), bob)
    page.goto(item)
    again(asked[3]).record_choice("na", by=alice, version=0, reason="elsewhere")
    choose(page, "d", "In place")
    saves(page, "d", "Not saved")
    for summary in page.locator(".req summary").all():
        summary.click()
    assert axe(page) == []
    page.locator(".all-keys").evaluate("button => button.click()")
    assert axe(page) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_for_a_viewer(open_page, sign_in_browser, vera, bob, item, asked, axe, scheme):
    asked[0].record_choice("na", by=bob, version=0, reason="elsewhere")
    asked[1].record_note("A note.", by=bob, version=0)
    page = sign_in_browser(open_page(color_scheme=scheme), vera)
    page.goto(item)
    page.keyboard.press("j")
    page.keyboard.press("3")
    assert axe(page) == []
    assert again(asked[1]).choice == ""
