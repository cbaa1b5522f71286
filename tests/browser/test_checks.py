"""Evidence, looking answers through, and confirming them, as a person does it."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from assessments.models import Evidence
from tests.browser.pages import choose, requirement, saves

pytestmark = pytest.mark.browser


def test_from_the_key_to_evidence_and_back_to_a_confirmed_item(bobs, item, asked):
    bobs.goto(item)
    for letter in "abcd":
        choose(bobs, letter, "In place")
        saves(bobs, letter, "^Saved")
    for key in "kkv":
        bobs.keyboard.press(key)
    bobs.wait_for_url("**" + reverse("evidence", args=[asked[1].pk]))
    bobs.get_by_label("What is it?").fill("Forecast pack")
    bobs.get_by_label("Where is it?").fill("Quality drive")
    bobs.get_by_role("button", name="Add").click()
    bobs.get_by_role("link", name="Back to the requirement").click()
    bobs.wait_for_url(f"**{item}#b")
    expect(requirement(bobs, "b")).to_contain_text("Forecast pack, Quality drive", use_inner_text=True)
    expect(requirement(bobs, "b")).to_contain_text("Evidence, 1", use_inner_text=True)
    bobs.get_by_role("link", name="Check answers for this item").click()
    expect(bobs.locator("h1")).to_have_text("3 answers to look at again", use_inner_text=True)
    bobs.get_by_role("button", name="Confirm these answers").click()
    expect(bobs.locator(".messages")).to_contain_text(
        "PR1 Topic 1 is confirmed as it stands.", use_inner_text=True
    )
    bobs.goto(reverse("assessment", args=[asked[0].assessment_id]))
    expect(bobs.locator(".tasks li", has_text="PR1").locator(".task-status")).to_have_text(
        "Confirmed", use_inner_text=True
    )


def test_a_contradiction_leads_to_the_field_it_is_about(bobs, item, asked, bob):
    asked[2].record_choice("3", by=bob, version=0)
    bobs.goto(reverse("contradictions", args=[asked[0].assessment_id]))
    bobs.get_by_role("link", name="PR1c").click()
    assert bobs.url.endswith(reverse("evidence", args=[asked[2].pk]))


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (768, "dark"), (320, "dark")])
def test_axe_finds_nothing_and_nothing_scrolls_sideways(
    open_page, sign_in_browser, axe, bob, item, asked, width, scheme
):
    page = sign_in_browser(open_page(width, color_scheme=scheme), bob)
    for answer in asked:
        answer.record_choice("3", by=bob, version=0)
    for place in ("https://files.example/" + "x" * 200, "Quality drive"):
        Evidence.objects.create(answer=asked[0], title="Pack " + "y" * 100, place=place)
    Evidence.objects.first().remove(by=bob)
    pk = asked[0].assessment_id
    addresses = [
        item,
        reverse("evidence", args=[asked[0].pk]),
        reverse("item-check", args=[pk, "PR1"]),
        reverse("item-check", args=[pk, "PR2"]),
        reverse("contradictions", args=[pk]),
        reverse("results", args=[pk]),
    ]
    for address in addresses:
        page.goto(address)
        assert axe(page) == [], address
        assert page.evaluate("document.documentElement.scrollWidth") <= width, address
