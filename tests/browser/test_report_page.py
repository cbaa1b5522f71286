"""The report in the browser: read by keyboard, on a phone, and taken along."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.urls import reverse
from playwright.sync_api import expect

pytestmark = pytest.mark.browser


@pytest.fixture
def page(bobs, item, asked):
    bobs.goto(reverse("report-page", args=[asked[0].assessment_id]))
    return bobs


def test_the_contents_lead_to_a_section(page):
    page.get_by_role("navigation", name="Contents").get_by_role("link", name="Method").press("Enter")
    page.wait_for_url("**/report/#method")
    expect(page.locator("#method")).to_be_in_viewport()


@pytest.mark.parametrize("width", [1280, 320])
def test_it_fits_its_window_and_axe_finds_nothing(page, width):
    page.set_viewport_size({"width": width, "height": 800})
    expect(page.locator("#method")).to_be_attached()
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert Axe().run(page).response["violations"] == []


def test_a_shape_is_taken_along(page):
    with page.expect_download() as waiting:
        page.get_by_role("link", name="Word").click()
    assert waiting.value.suggested_filename.endswith(".docx")
