"""The roadmap in a real browser: readable at every width and in the dark, with nothing for the accessibility rules to find."""

from datetime import date, timedelta

import pytest
from django.urls import reverse

from assessments.models import Action
from tests import factories

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def planned(assessment):
    factories.answer(assessment, PR1="2033", PR2="0013", PF3="3033")
    metric = factories.MetricFactory(site=assessment.site, name="Service level")
    metric.targets.create(since=date(2020, 1, 1), low=80)
    start = assessment.site.today().replace(day=1)
    for number, answer in enumerate(assessment.answers.in_order()):
        action = Action.objects.create(
            assessment=assessment,
            title=f"Step {number} of a plan with a title that is longer than any column",
            owner_name="Yasemin Demir-Kovačević",
            start=start,
            due=start + timedelta(days=40 * number),
        )
        action.answers.add(answer)
    assessment.audit_month = date(start.year + 1, start.month, 1)
    assessment.save()
    return assessment


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 1280])
def test_axe_finds_nothing_and_nothing_scrolls_sideways(
    open_page, sign_in_browser, axe, vera, planned, width, scheme
):
    page = open_page(width=width, color_scheme=scheme)
    sign_in_browser(page, vera)
    for name in ("roadmap", "results"):
        page.goto(reverse(name, args=[planned.pk]))
        assert axe(page) == [], name
        assert page.evaluate("document.documentElement.scrollWidth") <= width, name


def test_one_drawing_is_seen_at_a_time(open_page, sign_in_browser, vera, planned):
    from playwright.sync_api import expect

    for width, seen, hidden in ((320, "narrow", "wide"), (1280, "wide", "narrow")):
        page = open_page(width=width)
        sign_in_browser(page, vera)
        page.goto(reverse("roadmap", args=[planned.pk]))
        expect(page.locator(f".roadmap-{seen} svg")).to_be_visible()
        expect(page.locator(f".roadmap-{hidden} svg")).to_be_hidden()
