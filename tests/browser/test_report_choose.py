"""What a report prints and how it looks, chosen in a real browser."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from assessments.models import ReportLook
from tests import factories
from tests.browser.pages import WINDOWS
from tests.uploads import picture

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def choose(assessment):
    factories.answer(assessment, PR1="0123", PR2="1?0-", PF3="2211")
    return reverse("report-choose", args=[assessment.pk])


def test_a_logo_is_set_by_its_owner_and_left_out_of_one_report(page, sign_in_browser, alice, acme, choose):
    sign_in_browser(page, alice).goto(choose)
    expect(page.get_by_label("Without the logo")).to_have_count(0)
    page.get_by_role("link", name="Logo and defaults of the organisation").click()
    page.get_by_label("Letter (North America)").check()
    page.get_by_label("Logo", exact=True).set_input_files(
        {"name": "logo.png", "mimeType": "image/png", "buffer": picture(size=(300, 120))}
    )
    page.get_by_role("button", name="Save the look").click()
    expect(page.get_by_alt_text("Logo of Acme")).to_be_visible()
    assert ReportLook.objects.of(acme).paper == "letter"
    page.goto(choose)
    expect(page.get_by_label("Letter (North America)")).to_be_checked()
    expect(page.get_by_label("Without the logo")).to_be_visible()


@pytest.mark.parametrize("script", [True, False])
def test_parts_without_a_tick_keep_what_else_was_chosen(open_page, sign_in_browser, alice, choose, script):
    page = sign_in_browser(open_page(java_script_enabled=script), alice)
    page.goto(choose)
    page.get_by_label("Confidentiality mark").fill("Board only")
    page.get_by_label("The parts ticked below").check()
    page.get_by_role("button", name="Make the PDF").click()
    expect(page.get_by_role("alert")).to_contain_text("Tick at least one part")
    expect(page.get_by_label("Confidentiality mark")).to_have_value("Board only")
    expect(page.get_by_label("The parts ticked below")).to_be_checked()


@pytest.mark.parametrize("window", WINDOWS)
def test_both_pages_are_accessible_and_no_wider_than_the_window(
    open_page, sign_in_browser, axe, alice, acme, choose, window
):
    ReportLook.objects.create(organisation=acme, logo=picture(size=(300, 120)))
    page = sign_in_browser(open_page(**window), alice)
    for address in (choose, reverse("report-look", args=[acme.pk])):
        page.goto(address)
        assert axe(page) == []
        assert page.evaluate("document.documentElement.scrollWidth") <= window["width"]
