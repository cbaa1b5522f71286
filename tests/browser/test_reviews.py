"""A review from hand to hand: sent, sent back with another level, discussed, sent again, agreed."""

import re

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from assessments.models import Review
from tests.browser.pages import choose, requirement, saves

pytestmark = pytest.mark.browser


@pytest.fixture(params=[True, False], ids=["javascript", "no-javascript"])
def ritas(request, open_page, sign_in_browser, rita):
    """Rita's window; a review is decided the same way without JavaScript."""
    return sign_in_browser(open_page(java_script_enabled=request.param), rita)


def send(page, item):
    page.goto(item)
    page.get_by_role("link", name="Send for review").click()
    page.get_by_role("button", name="Send for review").click()
    page.get_by_text("1 item is sent for review.").wait_for()


def test_a_review_goes_from_hand_to_hand_until_both_agree(bobs, ritas, bob, item, asked):
    for answer in asked:
        answer.record_choice("2", by=bob, version=0)
    send(bobs, item)
    expect(bobs.locator(".task-status .tag")).to_have_text("To review", use_inner_text=True)

    ritas.goto(reverse("home"))
    ritas.locator(".review-band").get_by_role("link", name="Topic 1").click()
    second = ritas.locator(".review-row").nth(1)
    expect(second.get_by_label("The level I see b")).to_be_hidden()
    second.get_by_label("I see another level").check()
    second.get_by_label("The level I see b").select_option(label="1 Designed only")
    ritas.get_by_role("button", name="Finish review").click()
    ritas.get_by_text("Say why you see another level.").wait_for()
    second.get_by_label("Why b").fill("August is missing.")
    ritas.get_by_role("button", name="Finish review").click()
    ritas.get_by_text("PR1 Topic 1: changes asked.").wait_for()

    bobs.goto(reverse("home"))
    bobs.locator(".review-band").get_by_role("link", name="Topic 1").click()
    finding = requirement(bobs, "b").locator(".finding")
    assert re.search(
        r"Rita, reviewer, sees level 1.*August is missing.*level 2", finding.inner_text(), re.DOTALL
    )
    finding.get_by_role("link", name="Reply").click()
    bobs.get_by_label("Your comment").fill("You are right.")
    bobs.get_by_role("button", name="Comment", exact=True).click()
    bobs.get_by_role("heading", name="1 comment").wait_for()
    bobs.goto(item)
    choose(bobs, "b", "Designed only")
    saves(bobs, "b")
    send(bobs, item)

    ritas.goto(reverse("reviews"))
    ritas.get_by_role("link", name="Topic 1").click()
    ritas.get_by_role("button", name="Finish review").click()
    ritas.get_by_text("PR1 Topic 1: agreed.").wait_for()
    bobs.goto(item)
    expect(bobs.locator(".item-notice")).to_contain_text("Rita agreed", use_inner_text=True)
    expect(bobs.locator(".finding")).to_have_count(0)
    assert list(Review.objects.values_list("outcome", flat=True)) == ["changes", "agreed"]


def test_two_reviewers_who_finish_at_once_end_in_one_decision(
    open_page, sign_in_browser, bob, alice, mark, asked
):
    for answer in asked:
        answer.record_choice("2", by=bob, version=0)
    [review], _ = Review.objects.submit(asked[0].assessment, [asked[0].requirement.item], by=bob)
    pages = [sign_in_browser(open_page(), person) for person in (alice, mark)]
    for page in pages:
        page.goto(reverse("review", args=[review.pk]))
    for page in pages:
        page.get_by_role("button", name="Finish review").click()
    pages[0].get_by_text("PR1 Topic 1: agreed.").wait_for()
    pages[1].get_by_text("This was decided already, by Alice: Agreed.").wait_for()
    assert Review.objects.get().decided_by == alice
