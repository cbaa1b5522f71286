"""From an e-mail into an organisation, in the browser: whose forms come with their origin, or are refused as forged."""

import pytest
from django.core.cache import cache
from django.urls import reverse
from playwright.sync_api import expect

from assessments.models import Invitation, Role
from tests import factories

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def link(acme, alice):
    cache.clear()
    _found, text = Invitation.objects.issue(
        acme, email="nina@example.com", role=Role.VIEWER, sites=None, by=alice
    )
    return reverse("invitation", args=[text])


@pytest.mark.parametrize("script", [True, False])
def test_a_newcomer_makes_an_account_and_is_in(open_page, link, acme, script):
    page = open_page(width=320, java_script_enabled=script)
    page.goto(link)
    page.get_by_label("Your name").fill("Nina")
    page.get_by_label("Password").fill("heron lamp velvet quarry")
    page.get_by_role("button", name="Make the account and join").click()
    expect(page.get_by_text("Welcome to Acme.")).to_be_visible()
    assert acme.memberships.filter(user__email="nina@example.com").exists()


def test_who_is_signed_in_accepts_with_one_click(page, sign_in_browser, link, acme):
    nina = factories.UserFactory(name="Nina", email="nina@example.com")
    sign_in_browser(page, nina)
    page.goto(link)
    page.get_by_role("button", name="Accept the invitation").click()
    expect(page.get_by_text("Welcome to Acme.")).to_be_visible()
    assert acme.memberships.filter(user=nina).exists()
