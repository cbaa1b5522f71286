"""Every state of the item page and the task list that pictures rarely show: accessible in light and dark, wide, on a phone
and at 400 % zoom, which is a window of 320 px with four times the dots."""

from datetime import date

import pytest
from django.urls import reverse

from assessments.models import Assessment, Comment, Review
from assessments.models.metrics import newest_month
from tests.browser.pages import WINDOWS, again, choose, note, requirement, saves
from tests.factories import MetricFactory, UserFactory

pytestmark = pytest.mark.browser


def unsaved(page, item, asked, alice):
    page.route("**/answers/**", lambda route: route.abort())
    page.goto(item)
    choose(page, "a", "In place")
    note(page, "b").fill("Since May.")
    saves(page, "b", "cannot be reached")


def conflict(page, item, asked, alice):
    page.goto(item)
    again(asked[0]).record_note("Theirs. " * 40, by=alice, version=0)
    again(asked[0]).record_choice("1", by=alice, version=1)
    note(page, "a").fill("Mine.")
    saves(page, "a", "somebody else changed this too")


def why_not(page, item, asked, alice):
    page.goto(item)
    choose(page, "a", "Not applicable")
    saves(page, "a", "choose why")


def signed_out(page, item, asked, alice):
    page.goto(item)
    page.context.clear_cookies(name="sessionid")
    choose(page, "a", "In place")
    saves(page, "a", "signed out")


def refused(page, item, asked, alice):
    page.goto(item)
    note(page, "a").fill("x" * 20_001)
    saves(page, "a", "20,001 characters")


def answered(page, item, asked, alice):
    for answer in asked:
        answer.record_choice("2", by=alice, version=0)
        answer.record_note("Since May.", by=alice, version=1)
    asked[1].flag(True)
    asked[0].assessment.answers.in_item("PR1").assign_to(alice)
    page.goto(item)
    requirement(page, "a").locator(".guidance summary").click()


def reading_only(page, item, asked, alice):
    asked[0].record_choice("2", by=alice, version=0)
    Assessment.objects.update(continued_at="2030-01-01T00:00Z")
    page.goto(item)


def keys(page, item, asked, alice):
    page.goto(item)
    page.keyboard.press("?")
    page.get_by_role("dialog").wait_for()


def kept_elsewhere(page, item, asked, alice):
    unsaved(page, item, asked, alice)
    page.evaluate("""() => { for (const [name, text] of Object.entries(localStorage)) if (name.startsWith("copcready-unsaved"))
        localStorage.setItem(name, JSON.stringify({ ...JSON.parse(text), at: 0 })) }""")
    page.goto(reverse("assessment", args=[asked[0].assessment_id]))
    page.locator("#kept").wait_for()


def empty_filter(page, item, asked, alice):
    page.goto(reverse("assessment", args=[asked[0].assessment_id]) + "?show=flagged&q=nothing+like+it")


def found(page, item, asked, alice):
    asked[0].flag(True)
    page.goto(reverse("assessment", args=[asked[0].assessment_id]) + "?show=open")


def history(page, item, asked, alice):
    asked[0].record_choice("2", by=alice, version=0)
    asked[0].record_note("x" * 300, by=alice, version=1)
    asked[0].record_note("Since May.", by=alice, version=2)
    page.goto(reverse("answer-history", args=[asked[0].pk]))


def assigning(page, item, asked, alice):
    page.goto(reverse("answer-assign", args=[asked[0].pk]))


def assigning_all(page, item, asked, alice):
    page.goto(reverse("assignments", args=[asked[0].assessment_id]))


def in_review(asked, alice):
    """Sent by Alice, sent back with a finding, sent again: overdue by now."""
    for answer in asked:
        again(answer).record_choice("2", by=alice, version=0)
    assessment, topic = asked[0].assessment, [asked[0].requirement.item]
    [review], _ = Review.objects.submit(assessment, topic, by=alice, message="See b. " * 40)
    reviewer = assessment.site.organisation.memberships.create(
        user=UserFactory(name="Rita"), role="owner"
    ).user
    review.decide(by=reviewer, findings={asked[0]: ("1", "August is missing. " * 30)})
    Comment.objects.add(asked[0], "x" * 300, by=alice)
    [review], _ = Review.objects.submit(assessment, topic, by=alice, due=date(2020, 1, 1))
    assessment.site.organisation.memberships.exclude(user__in=[alice, reviewer]).update(role="manager")
    return review


def finding(page, item, asked, alice):
    in_review(asked, alice)
    page.goto(item)
    page.locator(".finding").wait_for()


def waiting(page, item, asked, alice):
    in_review(asked, alice)
    page.goto(reverse("assessment", args=[asked[0].assessment_id]))
    page.get_by_role("heading", name="Waiting for your review").wait_for()


def reviews(page, item, asked, alice):
    in_review(asked, alice)
    page.goto(reverse("reviews"))


def deciding(page, item, asked, alice):
    page.goto(reverse("review", args=[in_review(asked, alice).pk]))
    page.get_by_label("I see another level").first.check()
    page.get_by_role("button", name="Finish review").click()
    page.get_by_text("Choose the level that you see.").wait_for()


def sending(page, item, asked, alice):
    page.goto(reverse("review-submit", args=[asked[0].assessment_id]))
    page.get_by_role("button", name="Send for review").click()
    page.get_by_role("alert").wait_for()


def comments(page, item, asked, alice):
    in_review(asked, alice)
    page.goto(reverse("answer-comments", args=[asked[0].pk]))


STATES = [
    unsaved, conflict, why_not, signed_out, refused, answered, reading_only, keys, kept_elsewhere, empty_filter, found,
    history, assigning, assigning_all, finding, waiting, reviews, deciding, sending, comments,
]  # fmt: skip


@pytest.mark.parametrize("window", WINDOWS)
@pytest.mark.parametrize("state", STATES)
def test_axe_finds_nothing_and_nothing_scrolls_sideways(
    open_page, sign_in_browser, axe, bob, alice, item, asked, state, window
):
    page = sign_in_browser(open_page(**window), bob)
    state(page, item, asked, alice)
    assert axe(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= window["width"]


# ---- without JavaScript


def _of_metrics(assessment):
    """The addresses of a site's metrics, one of which shows a results requirement."""
    answer = assessment.answers.in_item("PF3").in_order()[0]
    metric = MetricFactory(site=assessment.site, shows=[answer.requirement.key])
    Assessment.objects.follow_metrics(assessment.site)
    site = [assessment.site_id]
    return [
        *(reverse(name, args=site) for name in ("metrics", "metrics-add", "metric-define", "metric-rules")),
        reverse("readings", args=site),
        *(reverse(name, args=[metric.pk]) for name in ("metric", "metric-edit", "metric-targets")),
        reverse("reading", args=[metric.pk, f"{newest_month(assessment.site.today()):%Y-%m}"]),
        reverse("answer-overrule", args=[answer.pk]),
        reverse("item", args=[assessment.pk, "PF3"]),
        reverse("results", args=[assessment.pk]),
    ]


def test_without_javascript_no_page_shows_a_button_that_does_nothing(
    open_page, sign_in_browser, alice, assessment, asked
):
    """Every button sends a form, and every page says what it is."""
    asked[0].record_choice("2", by=alice, version=0)
    page = sign_in_browser(open_page(java_script_enabled=False), alice)
    pk = assessment.pk
    addresses = [
        reverse("home"),
        reverse("help"),
        reverse("standards"),
        reverse("fit"),
        reverse("site", args=[assessment.site_id]),
        reverse("site-edit", args=[assessment.site_id]),
        reverse("assessment-add", args=[assessment.site_id]),
        *(
            reverse(name, args=[pk])
            for name in ("assessment", "assessment-edit", "assignments", "contradictions")
        ),
        *(reverse(name, args=[pk]) for name in ("review-submit", "workbook")),
        reverse("grid", args=[pk, "PR"]),
        reverse("item-check", args=[pk, "PR1"]),
        reverse("reviews"),
        reverse("notices"),
        *(reverse(name, args=[pk]) for name in ("results", "gaps", "method", "assessment-crosswalk")),
        reverse("item", args=[pk, "PR1"]),
        *(
            reverse(name, args=[asked[0].pk])
            for name in ("answer-assign", "answer-history", "answer-comments")
        ),
        reverse("review-submit", args=[pk]),
        reverse("reviews"),
        reverse("account_change_password"),
        *_of_metrics(assessment),
    ]
    for address in addresses:
        assert page.goto(address).status == 200, address
        assert page.locator("h1").inner_text(), address
        idle = page.locator("button[type=button]:visible").all_inner_texts()
        assert idle == [], address
