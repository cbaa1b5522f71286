"""Sites, one site, starting an assessment and the task list: accessible, and no wider than the window."""

import pytest
from django.urls import reverse

from tests import factories

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def addresses(assessment):
    site = assessment.site
    return [
        reverse("home"),
        reverse("organisation-add"),
        reverse("site-add", args=[site.organisation_id]),
        reverse("site", args=[site.pk]),
        reverse("site-edit", args=[site.pk]),
        reverse("assessment-add", args=[site.pk]),
        reverse("assessment", args=[assessment.pk]),
        reverse("assessment-edit", args=[assessment.pk]),
    ]


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (768, "dark"), (320, "light")])
def test_axe_finds_nothing_and_nothing_scrolls_sideways(
    open_page, sign_in_browser, axe, alice, assessment, width, scheme
):
    page = sign_in_browser(open_page(width, color_scheme=scheme), alice)
    for address in addresses(assessment):
        page.goto(address)
        assert axe(page) == [], address
        assert page.evaluate("document.documentElement.scrollWidth") <= width, address


@pytest.mark.parametrize("width", [1280, 768, 320])
def test_the_way_to_each_site_stands_at_the_same_edge_with_an_assessment_and_without(
    open_page, sign_in_browser, alice, vera, assessment, width
):
    factories.SiteFactory(organisation=assessment.site.organisation, name="Dundee")
    for person in (alice, vera):
        page = sign_in_browser(open_page(width), person)
        page.goto(reverse("home"))
        edges = [
            box["x"] + box["width"]
            for box in (row.bounding_box() for row in page.locator(".site-more").all())
        ]
        ends = page.locator(".site-list").bounding_box()
        assert edges == [pytest.approx(ends["x"] + ends["width"], abs=1)] * 2, person


def test_the_number_of_questions_follows_what_is_ticked(page, sign_in_browser, alice, assessment):
    sign_in_browser(page, alice).goto(reverse("assessment-add", args=[assessment.site_id]))
    page.get_by_label("In-house contact centre").check()
    page.get_by_text("requirements will be asked").wait_for()
