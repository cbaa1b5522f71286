"""The activity of an organisation, as a manager narrows it, turns its pages and takes it along."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from assessments.models import Activity, Verb

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def activity(acme, site, mark, alice):
    """The address of the page; of 61 things that were done, 60 are Mark's."""
    Activity.objects.record(acme, Verb.LOOK_CHANGED, by=alice)
    for number in range(60):
        what = f"Gap report {number} " + "x" * 150 + ".pdf"
        Activity.objects.record(acme, Verb.FILE_DOWNLOADED, what, by=mark, site=site)
    return reverse("activity", args=[acme.pk])


@pytest.mark.parametrize("script", [True, False])
def test_it_is_narrowed_turned_and_taken_along(open_page, sign_in_browser, mark, activity, script):
    page = sign_in_browser(open_page(java_script_enabled=script), mark)
    page.goto(activity)
    lines = page.locator(".activity > li")
    expect(lines).to_have_count(50)
    page.get_by_role("link", name="Earlier").click()
    expect(lines).to_have_count(11)
    expect(lines.last).to_contain_text("Alice changed how reports look")
    page.get_by_role("link", name="Back to the newest").click()
    page.get_by_label("What").select_option(label="Organisation and sites")
    page.get_by_role("button", name="Show").click()
    expect(lines).to_have_count(1)
    with page.expect_download() as waiting:
        page.get_by_role("link", name="Take it along (CSV)").click()
    text = waiting.value.path().read_text("utf-8-sig")
    assert len(text.splitlines()) == 2
    assert "Alice,changed how reports look," in text
    page.get_by_role("link", name="Show all").click()
    expect(lines).to_have_count(50)
    expect(lines.first).to_contain_text("Mark downloaded the file Activity Acme")


def test_the_keyboard_is_enough(page, sign_in_browser, mark, activity):
    sign_in_browser(page, mark).goto(activity)
    page.get_by_label("Person or tool").focus()
    page.keyboard.type("alice")
    page.keyboard.press("Enter")
    expect(page.locator(".activity > li")).to_have_count(1)


@pytest.mark.parametrize(
    ("width", "scheme"), [(1280, "light"), (1280, "dark"), (768, "dark"), (320, "light"), (320, "dark")]
)
def test_axe_finds_nothing_and_nothing_scrolls_sideways(
    open_page, sign_in_browser, axe, mark, activity, width, scheme
):
    page = sign_in_browser(open_page(width, color_scheme=scheme), mark)
    for query in ("", "?person=nobody", "?since=2026-03-02&until=2026-03-01"):
        page.goto(activity + query)
        expect(page.locator("h1")).to_be_visible()
        assert axe(page) == []
        assert page.evaluate("document.documentElement.scrollWidth") <= width
