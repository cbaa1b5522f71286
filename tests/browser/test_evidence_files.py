"""Files as evidence, as a person sends, replaces and saves them."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from tests import factories

pytestmark = pytest.mark.browser


def file(name, text="Month,Share\nOct,72\n"):
    return {"name": name, "mimeType": "application/octet-stream", "buffer": text.encode()}


def test_a_file_is_added_replaced_saved_and_the_newest_taken_back(bobs, asked):
    bobs.goto(reverse("evidence", args=[asked[0].pk]))
    bobs.get_by_label("Files").set_input_files([file("October.csv"), file("Minutes.txt")])
    bobs.get_by_role("button", name="Add").click()
    expect(bobs.locator(".messages")).to_contain_text("2 files are added.", use_inner_text=True)
    bobs.get_by_role("link", name="Replace October.csv").click()
    bobs.get_by_label("File", exact=True).set_input_files(file("November.csv"))
    bobs.get_by_role("button", name="Replace").click()
    expect(bobs.locator("h1")).to_have_text("2 pieces of evidence", use_inner_text=True)
    bobs.get_by_text("1 earlier version").click()
    with bobs.expect_download() as saving:
        bobs.locator(".evidence-earlier").get_by_role("link", name="October.csv").click()
    assert saving.value.suggested_filename == "October.csv"
    bobs.get_by_role("button", name="Take the newest back").click()
    expect(bobs.locator(".messages")).to_contain_text("is in force again", use_inner_text=True)


def test_what_is_refused_says_why_and_keeps_what_was_typed(bobs, asked):
    bobs.goto(reverse("evidence", args=[asked[0].pk]))
    bobs.get_by_label("Files").set_input_files(file("page.txt", "<html><script>alert(1)</script>"))
    bobs.get_by_label("What is it?").fill("Forecast pack")
    bobs.get_by_role("button", name="Add").click()
    expect(bobs.get_by_text("This is a page or a drawing for a browser")).to_be_visible()
    expect(bobs.get_by_label("What is it?")).to_have_value("Forecast pack")


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (768, "dark"), (320, "dark")])
def test_axe_finds_nothing_and_nothing_scrolls_sideways(
    open_page, sign_in_browser, axe, alice, asked, width, scheme
):
    page = sign_in_browser(open_page(width, color_scheme=scheme), alice)
    older = factories.filed(asked[0], "x" * 110 + ".txt", by=alice)
    factories.filed(asked[0], "Newer.txt", by=alice, replaces=older)
    factories.filed(asked[0], "Removed.txt", by=alice).remove(by=alice)
    page.goto(reverse("evidence", args=[asked[0].pk]))
    page.get_by_text("1 earlier version").click()
    for address in (None, reverse("evidence-replace", args=[asked[0].evidence.in_force().get().pk])):
        if address:
            page.goto(address)
        assert axe(page) == []
        assert page.evaluate("document.documentElement.scrollWidth") <= width
