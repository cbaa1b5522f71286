"""Switching between organisations in the browser: with the mouse, with keys, without scripts, at every width."""

import re

import pytest
from django.urls import reverse

from assessments.models import Membership, Role
from tests import factories
from tests.browser.pages import WINDOWS

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

LONG = "Northumberland and Cumbria Agricultural Insurance Mutual, customer services"
UNBROKEN = "Donaudampfschifffahrtsgesellschaftskundendienstverwaltungszentrale"


@pytest.fixture
def expect():
    return pytest.importorskip("playwright.sync_api").expect


@pytest.fixture
def beta(bob, assessment):
    """Another organisation of Bob's, with a site in York."""
    organisation = factories.OrganisationFactory(name="Beta")
    Membership.objects.create(organisation=organisation, user=bob, role=Role.MANAGER)
    factories.SiteFactory(organisation=organisation, name="York")
    return organisation


@pytest.fixture
def shows(expect):
    """`shows(page, "York")`: the list of sites holds these and the button pressed is the one that says so."""

    def check(page, chosen, *sites):
        expect(page.locator(".site-name")).to_have_text(list(sites))
        expect(page.locator(".switch [aria-current]")).to_have_text(chosen)

    return check


@pytest.mark.parametrize("scripts", [True, False])
def test_a_click_narrows_the_list_and_another_shows_all(
    open_page, sign_in_browser, bob, beta, shows, scripts
):
    page = sign_in_browser(open_page(java_script_enabled=scripts), bob)
    page.goto(reverse("home"))
    shows(page, "All organisations", "Leeds", "York")
    page.locator(".switch").get_by_role("button", name="Beta").click()
    shows(page, "Beta", "York")
    page.locator(".switch").get_by_role("button", name="All organisations").click()
    shows(page, "All organisations", "Leeds", "York")


def test_keys_do_the_same_and_the_focus_is_seen(bobs, beta, shows, expect):
    bobs.goto(reverse("home"))
    button = bobs.locator(".switch").get_by_role("button", name="Beta")
    bobs.locator(".switch").get_by_role("button", name="Acme").focus()
    bobs.keyboard.press("Tab")
    expect(button).to_be_focused()
    expect(button).to_have_css("outline-style", re.compile("solid|auto"))
    bobs.keyboard.press("Enter")
    shows(bobs, "Beta", "York")


@pytest.mark.parametrize("scripts", [True, False])
def test_the_reviews_say_what_is_listed_and_show_all_from_there(
    open_page, sign_in_browser, bob, beta, expect, scripts
):
    page = sign_in_browser(open_page(java_script_enabled=scripts), bob)
    page.goto(reverse("home"))
    page.locator(".switch").get_by_role("button", name="Beta").click()
    expect(page.locator(".switch [aria-current]")).to_have_text("Beta")
    page.goto(reverse("reviews"))
    expect(page.get_by_text("Only what belongs to Beta is listed.")).to_be_visible()
    page.get_by_role("button", name="Show all organisations").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Reviews")
    expect(page.get_by_text("is listed.")).to_have_count(0)


@pytest.mark.parametrize("window", WINDOWS)
def test_long_names_fit_and_axe_finds_nothing(open_page, sign_in_browser, axe, bob, beta, expect, window):
    for name in (LONG, UNBROKEN):
        organisation = factories.OrganisationFactory(name=name)
        Membership.objects.create(organisation=organisation, user=bob, role=Role.VIEWER)
    page = sign_in_browser(open_page(**window), bob)
    page.goto(reverse("home"))
    page.locator(".switch").get_by_role("button", name=UNBROKEN).click()
    expect(page.locator(".switch [aria-current]")).to_have_text(UNBROKEN)
    for address in (reverse("home"), reverse("reviews")):
        page.goto(address)
        assert axe(page) == [], address
        assert page.evaluate("document.documentElement.scrollWidth") <= window["width"], address
