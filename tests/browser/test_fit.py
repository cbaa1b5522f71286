"""The fit check in a browser: accessible, no wider than the window, and complete without JavaScript."""

import pytest
from django.urls import reverse

from assessments.models import FitCheck
from assessments.report import fit
from assessments.report.fit_questions import questions
from tests.assessments.rules.centres import answers

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

FULL = answers(
    operation="both",
    sites="many",
    why="image",
    fundamentals=["coaching", "figures"],
    owner="shared",
    budget="full",
)


@pytest.mark.parametrize(
    ("width", "scheme"), [(1280, "light"), (1280, "dark"), (390, "light"), (320, "dark"), (320, "light")]
)
def test_axe_finds_nothing_and_nothing_scrolls_sideways(
    open_page, sign_in_browser, axe, alice, assessment, width, scheme
):
    FitCheck.objects.create(assessment=assessment, answers=FULL.as_dict(), attached_by=alice)
    query = fit.query(FULL)
    addresses = [
        reverse("fit"),
        reverse("fit-result") + "?seats=50-149&fundamentals=none&fundamentals=quality",
        f"{reverse('fit-result')}?{query}",
        f"{reverse('fit-attach')}?{query}",
        reverse("assessment-fit", args=[assessment.pk]),
        reverse("assessment", args=[assessment.pk]),
    ]
    visitor, member = open_page(width, color_scheme=scheme), open_page(width, color_scheme=scheme)
    sign_in_browser(member, alice)
    for page, found in ((visitor, addresses[:3]), (member, addresses[2:])):
        for address in found:
            page.goto(address)
            assert axe(page) == [], address
            assert page.evaluate("document.documentElement.scrollWidth") <= width, address


@pytest.mark.parametrize("scripts", [True, False])
def test_twelve_clicks_lead_to_a_verdict_and_back_with_every_answer_kept(open_page, scripts):
    page = open_page(java_script_enabled=scripts)
    page.goto(reverse("fit"))
    words = {question.key: dict(question.choices) for question in questions()}
    for question, choice in FULL.pairs():
        page.locator(f"#{question}").get_by_text(words[question][choice]).click()
    page.get_by_role("button", name="See the verdict").click()
    page.get_by_role("heading", level=1, name="Fix the fundamentals first.").wait_for()
    page.get_by_role("link", name="Change an answer").click()
    for question, choice in FULL.pairs():
        assert page.locator(f'#{question} input[value="{choice}"]').is_checked(), question


def test_a_question_can_be_answered_by_keys_alone(page):
    page.goto(reverse("fit"))
    page.locator("#seats input").first.focus()
    page.keyboard.press("ArrowDown")
    assert page.locator('#seats input[value="50-149"]').is_checked()
