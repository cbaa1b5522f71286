"""Taking everything out, deleting an organisation and putting it back, and deleting one's account, in the browser."""

import json
import zipfile

import pytest
from django.core.cache import cache
from django.urls import reverse
from playwright.sync_api import expect

from assessments.models import Organisation, Role, User, bins
from tests import factories
from tests.browser.pages import WINDOWS
from tests.conftest import member

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PASSWORD = "a long enough password"


@pytest.fixture
def bob_with_password(bob):
    cache.clear()
    bob.set_password(PASSWORD)
    bob.save()
    return bob


@pytest.mark.parametrize("script", [True, False])
def test_the_export_holds_what_the_page_said(
    open_page, sign_in_browser, alice, acme, assessment, script, tmp_path
):
    page = sign_in_browser(open_page(java_script_enabled=script, accept_downloads=True), alice)
    page.goto(reverse("organisation", args=[acme.pk]))
    page.get_by_role("link", name="Export and deletion").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Take everything with you")
    told = dict(zip(page.locator(".holds th[scope=row]").all_inner_texts(), page.locator(".holds td").all_inner_texts(), strict=True))  # fmt: skip
    with page.expect_download() as waiting:
        page.get_by_role("button", name="Download the export").click()
    file = tmp_path / waiting.value.suggested_filename
    waiting.value.save_as(file)
    assert file.name.startswith("acme-")
    with zipfile.ZipFile(file) as found:
        assert found.testzip() is None
        counts = json.loads(found.read("manifest.json"))["counts"]
    for words, kind in (
        ("Sites", "sites"),
        ("Assessments", "assessments"),
        ("Answers, open ones included", "answers"),
    ):
        assert int(told[words]) == counts[kind] > 0


@pytest.mark.parametrize("script", [True, False])
def test_an_organisation_is_deleted_gone_and_put_back(
    open_page, sign_in_browser, alice, acme, assessment, script
):
    page = sign_in_browser(open_page(java_script_enabled=script), alice)
    page.goto(reverse("organisation-delete", args=[acme.pk]))
    page.get_by_label("Type the name of the organisation").fill("Acne")
    page.get_by_role("button", name="Delete the organisation").click()
    expect(page.locator("main")).to_contain_text("That is not the name.")
    expect(page.get_by_label("Type the name of the organisation")).to_have_value("Acne")
    page.get_by_label("Type the name of the organisation").fill("Acme")
    page.get_by_role("button", name="Delete the organisation").click()
    expect(page.locator(".messages")).to_contain_text(
        "Acme is deleted. For 30 days an owner can put it back."
    )
    assert page.goto(reverse("assessment", args=[assessment.pk])).status == 404
    page.goto(reverse("home"))
    page.get_by_role("link", name="1 deleted organisation that can be put back").click()
    page.get_by_role("button", name="Put it back Acme").click()
    expect(page.locator(".messages")).to_contain_text("Acme is back, with everything it held.")
    assert page.goto(reverse("assessment", args=[assessment.pk])).status == 200
    assert Organisation.objects.get(pk=acme.pk).binned_at is None


@pytest.mark.parametrize("script", [True, False])
def test_somebody_deletes_their_account_by_keyboard(
    open_page, sign_in_browser, bob_with_password, alice, script
):
    page = sign_in_browser(open_page(java_script_enabled=script), bob_with_password)
    page.goto(reverse("account"))
    page.get_by_role("link", name="Delete your account").focus()
    page.keyboard.press("Enter")
    page.get_by_label("Your password").focus()
    page.keyboard.type("wrong")
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_contain_text("That is not your password. Nothing was deleted.")
    page.get_by_label("Your password").focus()
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.locator(".messages")).to_contain_text(
        "Your account is deleted, and you are signed out everywhere."
    )
    page.goto(reverse("home"))
    expect(page.get_by_role("heading", name="Sign in", exact=True)).to_be_visible()
    assert User.objects.get(pk=bob_with_password.pk).is_former


def test_in_a_narrow_window_both_ways_out_of_an_organisation_stay_on_one_line(
    open_page, sign_in_browser, alice, acme
):
    acme.name = "Aldermoor Bank"
    acme.save()
    page = sign_in_browser(open_page(320), alice)
    page.goto(reverse("account_delete"))
    tops = {link.bounding_box()["y"] for link in page.locator(".leaving-list a").all()}
    assert len(tops) == 1


@pytest.mark.parametrize("window", WINDOWS)
def test_axe_finds_nothing_and_nothing_scrolls_sideways(
    open_page, sign_in_browser, axe, alice, acme, assessment, window
):
    binned = factories.OrganisationFactory(
        name="Closed branch with a name as long as names of organisations become"
    )
    binned.memberships.create(user=alice, role=Role.OWNER)
    bins.put_in(binned, by=alice)
    page = sign_in_browser(open_page(**window), alice)
    for address in (
        reverse("organisation-export", args=[acme.pk]),
        reverse("organisation-delete", args=[acme.pk]),
        reverse("organisation-bin"),
        reverse("account_delete"),
        reverse("home"),
    ):
        page.goto(address)
        assert axe(page) == [], address
        assert page.evaluate("document.documentElement.scrollWidth") <= window["width"], address
    page.goto(reverse("organisation-delete", args=[acme.pk]))
    page.get_by_label("Type the name of the organisation").fill("x" * 60)
    page.get_by_role("button", name="Delete the organisation").click()
    expect(page.locator("main")).to_contain_text("That is not the name.")
    assert axe(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= window["width"]
    member(acme, "Olga", Role.OWNER)
    page.goto(reverse("account_delete"))
    expect(page.get_by_role("button", name="Delete my account")).to_be_visible()
    assert axe(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= window["width"]
