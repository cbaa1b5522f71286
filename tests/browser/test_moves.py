"""A move to a newer release in the browser: confirming with and without JavaScript, accessible on every width."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from assessments.models import Assessment, moves
from tests import factories

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def moved(assessment, alice, bob):
    for answer in assessment.answers.all():
        answer.record_choice("2", by=bob, version=0)
    before = Assessment.objects.with_names().get(pk=assessment.pk)
    return moves.move(before, factories.newer_release(), by=alice)


def carried(moved):
    return moved.answers.filter(carried=True, requirement__item__code="PR1").count()


def test_confirming_one_and_then_all_saves_at_once(page, sign_in_browser, bob, moved):
    sign_in_browser(page, bob).goto(reverse("item", args=[moved.pk, "PR1"]))
    first = page.locator("section#a")
    first.get_by_role("button", name="Confirm").click()
    first.locator(".save-state").filter(has_text="Saved").wait_for()
    assert carried(moved) == 2
    page.get_by_role("button", name="carried-over").click()
    page.locator("section#c .save-state").filter(has_text="Saved").wait_for()
    page.locator("section#b .save-state").filter(has_text="Saved").wait_for()
    assert carried(moved) == 0
    expect(page.locator(".confirm-all")).to_be_hidden()


def test_choosing_the_level_that_was_carried_over_confirms_it_by_pointer_and_by_key(
    page, sign_in_browser, bob, moved
):
    sign_in_browser(page, bob).goto(reverse("item", args=[moved.pk, "PR1"]))
    page.locator("section#a .opt").get_by_text("Partly in use", exact=True).click()
    page.locator("section#a .save-state").filter(has_text="Saved").wait_for()
    page.keyboard.press("j")
    page.keyboard.press("2")
    page.locator("section#b .save-state").filter(has_text="Saved").wait_for()
    assert carried(moved) == 1
    page.keyboard.press("3")
    second = moved.answers.get(requirement__key="pr1-thing-2")
    page.locator(f"#chip-{second.pk} [data-choice='3']").wait_for()
    rows = moved.answers.filter(requirement__item__code="PR1").order_by("requirement__position")
    versions = [row.version for row in rows]
    assert versions[:3] == [2, 3, 1]  # carried over, confirmed and changed: one save each


def test_confirming_works_without_javascript(open_page, sign_in_browser, bob, moved):
    page = sign_in_browser(open_page(java_script_enabled=False), bob)
    page.goto(reverse("item", args=[moved.pk, "PR1"]))
    page.locator("section#b").get_by_role("button", name="Confirm").click()
    expect(page.locator("body")).to_contain_text("1 change is saved.", use_inner_text=True)
    assert carried(moved) == 2


def test_what_is_answered_after_somebody_moved_stays_on_the_page_with_the_reason(
    page, sign_in_browser, alice, bob, assessment
):
    sign_in_browser(page, bob).goto(reverse("item", args=[assessment.pk, "PR1"]))
    moves.move(assessment, factories.newer_release(), by=alice)
    page.locator("section#a .opt").get_by_text("Partly in use", exact=True).click()
    state = page.locator("section#a .save-state").filter(has_text="Not saved")
    state.wait_for()
    expect(state).to_contain_text("moved to another release", use_inner_text=True)
    assert page.locator("section#a input:checked").get_attribute("value") == "2"


def test_moving_and_undoing_by_the_buttons(page, sign_in_browser, alice, assessment):
    factories.newer_release()
    sign_in_browser(page, alice).goto(reverse("assessment", args=[assessment.pk]))
    page.get_by_role("link", name="See what a move would bring").click()
    page.get_by_role("button", name="Move to release 2.0").click()
    expect(page.locator("h1")).to_have_text("What changed from release 1.0 to 2.0", use_inner_text=True)
    page.get_by_role("button", name="Undo the move").click()
    page.wait_for_url("**" + reverse("assessment", args=[assessment.pk]))
    expect(page.locator("body")).to_contain_text("The move is undone", use_inner_text=True)


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (320, "dark")])
def test_axe_finds_nothing_and_nothing_scrolls_sideways(
    open_page, sign_in_browser, axe, alice, moved, width, scheme
):
    page = sign_in_browser(open_page(width, color_scheme=scheme), alice)
    third = factories.small_release(version="3.0", position=1)
    addresses = [
        reverse("assessment", args=[moved.pk]),
        reverse("assessment", args=[moved.previous_id]),
        reverse("assessment-changes", args=[moved.pk]),
        reverse("assessment-move", args=[moved.pk]) + f"?to={third.version}",
        reverse("assessment-crosswalk", args=[moved.pk]),
        reverse("item", args=[moved.pk, "PR1"]),
        reverse("item", args=[moved.previous_id, "PR1"]),
        reverse("site", args=[moved.site_id]),
    ]
    for address in addresses:
        page.goto(address)
        assert axe(page) == [], address
        assert page.evaluate("document.documentElement.scrollWidth") <= width, address
