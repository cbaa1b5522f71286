"""The public pages in a real browser: accessible, no wider than the window, and whole on paper."""

from io import BytesIO

import pytest
from django.urls import reverse
from playwright.sync_api import expect
from pypdf import PdfReader

from standards import browsing
from standards.models import Reference, Requirement, Standard
from tests import factories

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def newer(ship):
    """Two releases of a standard that plays COPC, with results, a critical requirement and a clause of ISO."""
    older = factories.small_release()
    Requirement.objects.filter(kind="result").update(metrics="Service level: answered in time, as a share")
    Reference.objects.create(
        item=older.domains.first().items.first(), standard="ISO 18295-1:2017", number="4"
    )
    newer = factories.newer_release()
    item = newer.domains.first().items.first()
    Reference.objects.create(item=item, standard="ISO 18295-1:2017", number="4", title="Customers")
    Standard.objects.update(key="copc-cx")
    for release in (older, newer):
        release.refresh_from_db()
        ship(release)
    return newer


def release_page(release, name="release"):
    return reverse(name, args=[release.standard.key, release.version])


def addresses(release):
    return [
        reverse("standards"),
        reverse("crosswalk"),
        release_page(release),
        release_page(release) + "?q=thing-1&variant=XYZ",
        release_page(release) + "?q=no+such+words",
        release_page(release) + "?item=PR1",
        release_page(release, "release-print"),
        reverse("release-changes", args=[release.standard.key, release.version, "1.0"]),
    ]


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (390, "dark"), (320, "light")])
def test_axe_finds_nothing_and_nothing_scrolls_sideways(open_page, axe, newer, width, scheme):
    page = open_page(width, color_scheme=scheme)
    for address in addresses(newer):
        page.goto(address)
        page.evaluate("document.querySelectorAll('details.std-more').forEach((each) => (each.open = true))")
        assert axe(page) == [], address
        assert page.evaluate("document.documentElement.scrollWidth") <= width, address


def test_a_requirement_is_found_and_opened_without_a_script(open_page, newer):
    page = open_page(java_script_enabled=False)
    page.goto(release_page(newer))
    page.get_by_label("Search the text").fill("pr1-ai")
    page.get_by_role("button", name="Show").click()
    page.get_by_text("1 of 12 requirements").wait_for()
    page.get_by_text("Levels, guidance and evidence").click()
    page.get_by_text("The record of last month").wait_for()
    page.get_by_role("link", name="Clear").click()
    page.get_by_text("12 requirements in 3 items").wait_for()


@pytest.fixture
def long(newer, monkeypatch):
    """The address of the small release as a long one, whose texts do not all come with its page."""
    monkeypatch.setattr(browsing, "WHOLE", 3)
    return release_page(newer)


def opened(page, key):
    more = page.locator(f"#{key} .std-more")
    more.locator("summary").click()
    return more


def test_the_texts_of_a_long_release_come_when_somebody_opens_them(page, axe, long):
    fetched = []
    page.on("request", lambda request: "item=" in request.url and fetched.append(request.url))
    page.goto(long + "?q=done")
    opened(page, "pr1-thing-1").get_by_text("The record of last month").wait_for()
    opened(page, "pr1-thing-2").get_by_text("The record of last month").wait_for()
    assert [address.split("?")[1] for address in fetched] == ["item=PR1&q=done"]
    assert page.get_by_text("Read them on the page of PR1").count() > 0  # of those that nobody opened
    expect(page.locator(".std-more mark")).to_have_count(0)
    assert page.url.endswith("?q=done")
    assert axe(page) == []


def test_where_the_texts_cannot_be_fetched_a_link_to_them_stays(page, long):
    page.goto(long)
    page.context.set_offline(True)
    link = opened(page, "pr1-thing-1").get_by_role("link", name="Read them on the page of PR1")
    link.wait_for()
    page.context.set_offline(False)
    opened(page, "pr1-thing-1")  # closes it
    opened(page, "pr1-thing-1").get_by_text("The record of last month").wait_for()
    expect(link).to_have_count(0)


def test_without_a_script_the_link_leads_to_the_open_texts(open_page, long):
    page = open_page(java_script_enabled=False)
    page.goto(long)
    opened(page, "pr1-thing-1").get_by_role("link", name="Read them on the page of PR1").click()
    page.locator("#pr1-thing-1").get_by_text("The record of last month").wait_for()
    assert page.url.endswith("?item=PR1#pr1-thing-1")


def test_a_question_list_on_paper_keeps_each_question_together_under_a_head(open_page, newer):
    for position in range(6, 26):
        factories.RequirementFactory(item=newer.domains.first().items.first(), position=position)
    page = open_page()
    page.goto(release_page(newer, "release-print"))
    sheets = [sheet.extract_text() for sheet in PdfReader(BytesIO(page.pdf(prefer_css_page_size=True))).pages]
    assert len(sheets) > 4
    for number, sheet in enumerate(sheets, 1):
        assert "Small Standard 2.0, CSP: In-house contact centre" in sheet
        assert "An independent self-assessment." in sheet
        assert f"{number} / {len(sheets)}" in sheet
        assert "Sign in" not in sheet
        asked = sheet.count("is done")
        assert asked > 0
        for part in ("Nobody does it.", "Every team does it", "Not known", "Not applicable, because", "Note"):
            assert sheet.count(part) - (part == "Not known" and number == 1) >= asked, part


def test_the_print_button_is_there_with_scripts_alone(open_page, newer):
    for scripts in (True, False):
        page = open_page(java_script_enabled=scripts)
        page.goto(release_page(newer, "release-print"))
        expect(page.get_by_role("button", name="Print or save as PDF")).to_have_count(int(scripts))
