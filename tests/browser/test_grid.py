"""The grid of a domain as a person meets it: by keyboard, with a spreadsheet beside it, by finger, without JavaScript."""

import re

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from assessments.models import Answer

pytestmark = pytest.mark.browser


@pytest.fixture
def asked(assessment):
    return list(assessment.answers.filter(requirement__item__domain__code="PR").in_order())


@pytest.fixture
def grid(assessment):
    return reverse("grid", args=[assessment.pk, "PR"])


@pytest.fixture
def bobs(page, sign_in_browser, bob, grid):
    sign_in_browser(page, bob).goto(grid)
    return page


def again(answer):
    return Answer.objects.get(pk=answer.pk)


def choices(asked):
    return [again(answer).choice for answer in asked]


def row(page, code):
    return page.locator(f"tr#{code}")


def choice(page, code):
    return row(page, code).locator("[name^=choice-]:not([type=hidden])")


def shown(page, asked):
    return [choice(page, answer.requirement.code).input_value() for answer in asked]


def state(page, code):
    return row(page, code).locator(".save-state")


def saves(page, code, words=r"^Saved \d\d:\d\d$"):
    """Wait until the row says so."""
    state(page, code).filter(has_text=re.compile(words)).wait_for()


def said(page):
    return page.locator("#told").inner_text()


def focused(page):
    """The row and the column that have the focus."""
    return page.evaluate(
        "`${document.activeElement.closest('tr')?.id} ${document.activeElement.name?.split('-')[0]}`"
    )


def press(page, *keys):
    for key in keys:
        page.keyboard.press(key)


def fill_in(page, code, *keys):
    choice(page, code).focus()
    press(page, *keys)


def copy(page, text):
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.evaluate("text => navigator.clipboard.writeText(text)", text)


# ---- by keyboard


def test_several_rows_are_entered_and_saved_by_keyboard_alone(bobs, asked):
    fill_in(bobs, "PR1a", "2", "Enter", "x", "ArrowDown", "n")
    assert focused(bobs) == "PR1c reason"
    bobs.keyboard.type("Channel")  # letters choose in the list of reasons
    press(bobs, "Enter")
    assert focused(bobs) == "PR1d choice"
    press(bobs, "3", "ArrowRight")
    bobs.keyboard.type("3 teams, next: x and n.")  # in a note every key types
    press(bobs, "Enter")
    assert focused(bobs) == "PR2a note"
    for code in ("PR1a", "PR1b", "PR1c", "PR1d"):
        saves(bobs, code)
    bobs.locator("#say", has_text="Note of requirement PR1d saved").wait_for()
    bobs.locator("#item-answered", has_text="4 of 8 answered").wait_for()
    assert choices(asked) == ["2", "unknown", "na", "3", "", "", "", ""]
    assert (again(asked[2]).reason, again(asked[3]).note) == ("not-offered", "3 teams, next: x and n.")
    assert bobs.locator(f"#chip-{asked[0].pk} .level").get_attribute("data-choice") == "2"


@pytest.mark.parametrize(
    ("start", "keys", "where"),
    [
        ("PR1a", ["ArrowDown", "ArrowDown"], "PR1c choice"),
        ("PR1d", ["Enter"], "PR2a choice"),
        ("PR1d", ["Shift+Enter"], "PR1c choice"),
        ("PR1a", ["ArrowUp", "ArrowLeft"], "PR1a choice"),
        ("PR1a", ["ArrowRight", "ArrowDown"], "PR1b note"),
        ("PR1b", ["ArrowRight", "ArrowLeft"], "PR1b choice"),
        ("PR1b", ["End"], "PR1b note"),
        ("PR1b", ["Tab", "Shift+Tab"], "PR1b choice"),
        ("PR1b", ["Tab", "Tab"], "PR1c choice"),
        ("PR1b", ["PageDown"], "PR2a choice"),
        ("PR1b", ["PageDown", "PageDown"], "PR2d choice"),
        ("PR2c", ["PageUp"], "PR1a choice"),
        ("PR1b", ["Control+End"], "PR2d choice"),
        ("PR2b", ["Control+Home"], "PR1a choice"),
        ("PR2d", ["Enter", "ArrowDown"], "PR2d choice"),
        ("PR1b", ["n", "ArrowRight", "ArrowRight", "ArrowLeft"], "PR1b reason_text"),
        ("PR1b", ["n", "Escape"], "PR1b choice"),
        ("PR1b", ["Delete", "Backspace"], "PR1b choice"),
    ],
)
def test_a_key_leads_to_the_cell_a_spreadsheet_would_lead_to(bobs, asked, start, keys, where):
    fill_in(bobs, start, *keys)
    assert focused(bobs) == where
    assert choices(asked) == [""] * 8  # moving is not answering


def test_a_note_is_left_only_where_the_caret_can_go_no_further(bobs, asked):
    note = row(bobs, "PR1b").locator("textarea")
    note.fill("One\nTwo\nThree")
    press(bobs, "ArrowUp", "ArrowLeft")
    assert focused(bobs) == "PR1b note"
    press(bobs, "Control+End", "ArrowDown")
    assert focused(bobs) == "PR1c note"
    press(bobs, "ArrowUp", "Escape")
    assert focused(bobs) == "PR1b choice"
    press(bobs, "ArrowRight", "Shift+Enter")
    bobs.keyboard.type("Four")
    press(bobs, "Alt+Enter")
    bobs.keyboard.type("Five")
    press(bobs, "Enter")
    assert focused(bobs) == "PR1c note"
    saves(bobs, "PR1b", "Note saved")
    assert again(asked[1]).note == "One\nTwo\nThree\nFour\nFive"


def test_keys_are_listed_and_can_be_switched_off_with_those_of_the_item_page(bobs, asked, assessment):
    fill_in(bobs, "PR1a", "?")
    expect(bobs.get_by_role("dialog")).to_be_visible()
    bobs.get_by_label("Use these keys on this device").uncheck()
    bobs.get_by_role("button", name="Close").click()
    fill_in(bobs, "PR1a", "?", "x", "Control+z")
    expect(bobs.get_by_role("dialog")).to_be_hidden()
    assert focused(bobs) == "PR1a choice"
    bobs.wait_for_timeout(1100)  # or the browser looks for an option that begins with ?x3
    press(bobs, "3")
    expect(choice(bobs, "PR1a")).to_have_value("3")
    saves(bobs, "PR1a")
    bobs.goto(reverse("item", args=[assessment.pk, "PR1"]))
    bobs.keyboard.press("?")
    expect(bobs.get_by_role("dialog")).to_be_hidden()


def test_the_address_of_a_row_leads_to_its_answer(bobs, grid):
    bobs.goto("about:blank")
    bobs.goto(f"{grid}#PR2c")
    bobs.locator("#PR2c select:focus").wait_for()
    bobs.locator(".go-on:visible", has_text="Next open: PR1a").click()
    bobs.locator("#PR1a select:focus").wait_for()


# ---- filling down


def test_fill_down_copies_the_answer_above_and_undo_opens_the_row_again(bobs, asked):
    fill_in(bobs, "PR1a", "2", "ArrowDown", "Control+d")
    saves(bobs, "PR1b")
    assert choices(asked)[:3] == ["2", "2", ""]
    assert said(bobs) == "2 Partly in use, filled down from PR1a to PR1b. Answers changed: 1."
    bobs.get_by_role("button", name="Undo fill").click()
    saves(bobs, "PR1b", "Not answered yet")
    assert said(bobs) == "Undone. Answers put back: 1."
    assert choices(asked)[:3] == ["2", "", ""]
    assert focused(bobs) == "PR1b choice"
    expect(bobs.get_by_role("button", name="Undo fill")).to_be_hidden()


def test_a_range_is_announced_filled_from_its_top_and_put_back(bobs, asked, bob):
    asked[2].record_choice("0", by=bob, version=0)
    asked[3].record_choice("na", by=bob, version=0, reason="elsewhere")
    bobs.reload()
    fill_in(bobs, "PR1b", "3")
    saves(bobs, "PR1b")
    press(bobs, "Shift+ArrowDown", "Shift+ArrowDown", "Shift+ArrowDown")
    expect(bobs.locator("#say")).to_have_text("PR1b to PR2a selected, 4 answers.", use_inner_text=True)
    expect(bobs.locator(".is-selected")).to_have_count(4)
    bobs.get_by_role("button", name="Fill down").click()
    for code in ("PR1c", "PR1d", "PR2a"):
        saves(bobs, code)
    assert choices(asked) == ["", "3", "3", "3", "3", "", "", ""]
    assert focused(bobs) == "PR2a choice"
    press(bobs, "Control+z")
    saves(bobs, "PR2a", "Not answered yet")
    saves(bobs, "PR1c")
    saves(bobs, "PR1d")
    assert choices(asked) == ["", "3", "0", "na", "", "", "", ""]
    assert again(asked[3]).reason == "elsewhere"


def test_not_applicable_is_filled_with_its_reason_and_not_without(bobs, asked):
    fill_in(bobs, "PR1a", "n", "Escape", "Shift+ArrowDown", "Control+d")
    assert said(bobs) == "PR1a has no reason yet why it does not apply, so it is not filled down."
    row(bobs, "PR1a").get_by_label("PR1a: why it does not apply", exact=True).select_option("other")
    row(bobs, "PR1a").get_by_label("in a few words").fill("No cards.")
    fill_in(bobs, "PR1a", "Shift+ArrowDown", "Shift+ArrowDown", "Control+d")
    for code in ("PR1a", "PR1b", "PR1c"):
        saves(bobs, code)
    assert [again(answer).reason_text for answer in asked[:4]] == ["No cards."] * 3 + [""]


def test_there_is_nothing_to_fill_from_an_open_row_or_above_the_first(bobs, asked):
    bobs.get_by_role("button", name="Fill down").click()
    assert said(bobs).startswith("Go to an answer first")
    fill_in(bobs, "PR1a", "Control+d")
    assert said(bobs) == "PR1a is the first row: there is no answer above it to fill down."
    press(bobs, "ArrowDown", "Control+d")
    assert said(bobs) == "PR1a is not answered, so there is nothing to fill down."
    assert choices(asked) == [""] * 8


def test_undo_leaves_what_was_changed_since_by_the_same_person_or_another(bobs, asked, alice):
    fill_in(bobs, "PR1a", "1", *["Shift+ArrowDown"] * 3, "Control+d")
    for code in ("PR1a", "PR1b", "PR1c", "PR1d"):
        saves(bobs, code)
    fill_in(bobs, "PR1b", "3")
    saves(bobs, "PR1b")
    again(asked[2]).record_choice("0", by=alice, version=1)
    bobs.get_by_role("button", name="Undo fill").click()
    assert said(bobs) == "Undone. Answers put back: 2. Left as it is, because it was changed since: PR1b."
    saves(bobs, "PR1c", "somebody else changed this too")
    saves(bobs, "PR1d", "Not answered yet")
    expect(row(bobs, "PR1c")).to_contain_text("Alice changed this too", use_inner_text=True)
    assert choices(asked)[:4] == ["1", "3", "0", ""]


def test_a_pointer_extends_the_range_with_shift(bobs, asked):
    fill_in(bobs, "PR1a", "2")
    choice(bobs, "PR1d").click(modifiers=["Shift"])
    assert said(bobs) == "PR1a to PR1d selected, 4 answers."
    press(bobs, "Escape")
    expect(bobs.locator(".is-selected")).to_have_count(0)
    assert focused(bobs) == "PR1d choice"


# ---- from a spreadsheet


def test_a_column_from_a_spreadsheet_fills_downwards_and_names_what_it_left(bobs, asked):
    copy(bobs, "2\r\nx\r\nn/a\r\n\r\n3,0\r\n7\r\nPartly in use\r\nNot known\r\n1\r\n2\r\n")
    fill_in(bobs, "PR1a", "Control+v")
    for code in ("PR1a", "PR1b", "PR2a", "PR2c", "PR2d"):
        saves(bobs, code)
    assert choices(asked) == ["2", "unknown", "", "", "3", "", "2", "unknown"]
    assert said(bobs) == (
        "Pasted from PR1a to PR2d. Answers changed: 5. "
        "Left as it is, because not applicable needs a reason, chosen here: PR1c. "
        "Left as it is, because only 0 to 3 and x can be pasted: PR2b. "
        "Lines left over below the last row: 2."
    )
    assert bobs.locator("#say").inner_text()
    bobs.get_by_role("button", name="Undo paste").click()
    for code in ("PR1a", "PR2d"):
        saves(bobs, code, "Not answered yet")
    assert choices(asked) == [""] * 8


def test_one_value_is_pasted_into_the_whole_range_and_only_the_first_column_counts(bobs, asked):
    copy(bobs, "2\tbecause")
    fill_in(bobs, "PR1b", "Shift+ArrowDown", "Control+v")
    for code in ("PR1b", "PR1c"):
        saves(bobs, code)
    assert choices(asked)[:4] == ["", "2", "2", ""]
    assert said(bobs).endswith("Only the first column was pasted.")


@pytest.mark.parametrize("text", ["", "\n", "<b>3</b>", "٣", "2" * 100_000])
def test_what_is_no_column_of_levels_changes_nothing(bobs, asked, text):
    copy(bobs, text)
    fill_in(bobs, "PR1a", "Control+v")
    bobs.wait_for_timeout(200)
    assert shown(bobs, asked) == [""] * 8


def test_a_note_takes_a_paste_as_text(bobs, asked):
    copy(bobs, "2\n3")
    fill_in(bobs, "PR1a", "ArrowRight", "Control+v", "Escape")
    saves(bobs, "PR1a", "Note saved")
    assert again(asked[0]).note == "2\n3"
    assert choices(asked) == [""] * 8
