"""A file of figures in the browser: up, looked at, partly left out, applied, undone; with and without JavaScript."""

from datetime import date

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from assessments.models.metrics import newest_month
from assessments.months import first_of, month_number
from tests import factories
from tests.assessments.workbooks.figures import enter, register

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def months():
    """The last two that are over, as '2026-09'."""
    last = month_number(newest_month(date.today()))
    return [f"{first_of(number):%Y-%m}" for number in (last - 1, last)]


@pytest.fixture
def handle(transactional_db, site):
    return factories.MetricFactory(site=site, name="Handle time", unit="seconds", direction="lower")


@pytest.fixture
def service(transactional_db, site):
    return factories.MetricFactory(
        site=site, name="Service level", numerator="answered in 30 s", denominator="offered"
    )


@pytest.fixture
def content(months, handle, service):
    lines = [
        ["Metric", *months],
        ["Handle time", "310", "300"],
        ["Service level: answered in 30 s", "8000", "8100"],
        ["Service level: offered", "10000", "10000"],
        ["Handling tme", "1", "2"],
    ]
    return "".join(",".join(line) + "\n" for line in lines).encode()


def upload(page, content, name="figures.csv"):
    file = {"name": name, "mimeType": "application/octet-stream", "buffer": content}
    page.get_by_label("File with figures").set_input_files(file)
    page.get_by_role("button", name="Show what would change").click()


def button(page):
    return page.locator("button[type=submit].btn-primary")


def says(page, place, words):
    expect(page.locator(place)).to_contain_text(words, use_inner_text=True)


def test_a_file_is_looked_at_applied_and_undone(
    page, sign_in_browser, alice, bob, site, months, handle, content
):
    enter(handle, months[0], bob, value=305.0)
    before = register(site)
    sign_in_browser(page, alice).goto(reverse("readings-import", args=[site.pk]))
    upload(page, content)
    says(page, "h1", "4 readings would change")
    says(page, "main", "'Handling tme' is none of your metrics.")
    says(page, "main", "Entered by Bob on")
    expect(button(page)).to_have_text("Apply 4 readings", use_inner_text=True)  # a script counts them
    page.get_by_label("Leave out all 2 Service level").check()
    expect(button(page)).to_have_text("Apply 2 readings", use_inner_text=True)
    page.locator(".import-rows label").filter(has_text="Handle time").first.click()
    expect(button(page)).to_have_text("Apply 1 reading", use_inner_text=True)
    button(page).click()
    says(page, "h1", "1 reading of this file is saved")
    assert register(site) == before | {("Handle time", months[1]): (None, None, 300, "")}
    page.get_by_role("button", name="Undo this file").click()
    says(page, ".messages", "1 reading went back.")
    assert register(site) == before
    page.go_back()
    says(page, "h1", "This file was undone")  # and not the dry run once more


def test_it_works_without_javascript(open_page, sign_in_browser, alice, site, months, content):
    page = sign_in_browser(open_page(java_script_enabled=False), alice)
    page.goto(reverse("readings-import", args=[site.pk]))
    upload(page, b"%PDF-1.7", "report.pdf")
    expect(page.get_by_role("alert")).to_contain_text("This is a PDF.", use_inner_text=True)
    upload(page, content)
    page.get_by_label("Leave out all 2 Service level").check()
    page.get_by_role("button", name="Apply what is not left out").click()
    says(page, ".messages", "2 readings are saved.")
    assert list(register(site)) == [("Handle time", month) for month in months]
    page.get_by_role("button", name="Undo this file").click()
    says(page, ".messages", "2 readings went back.")
    assert register(site) == {}


def test_the_keyboard_is_enough(page, sign_in_browser, alice, site, months, content):
    sign_in_browser(page, alice).goto(reverse("readings-import", args=[site.pk]))
    upload(page, content)
    page.get_by_label("Leave out all 2 Handle time").focus()
    page.keyboard.press("Space")
    expect(button(page)).to_have_text("Apply 2 readings", use_inner_text=True)
    for _ in range(20):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.classList.contains('btn-primary')"):
            break
        assert page.evaluate("document.activeElement.checkVisibility({visibilityProperty: true})")
    page.keyboard.press("Enter")
    says(page, ".messages", "2 readings are saved.")
    assert list(register(site)) == [("Service level", month) for month in months]


def test_the_template_can_be_downloaded(page, sign_in_browser, alice, site, content):
    sign_in_browser(page, alice).goto(reverse("readings-import", args=[site.pk]))
    with page.expect_download() as download:
        page.get_by_role("link", name="Download an empty workbook with your metrics").click()
    assert download.value.suggested_filename.startswith("Figures Leeds to ")


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (320, "dark")])
def test_axe_finds_nothing_and_nothing_scrolls_sideways(
    open_page, sign_in_browser, axe, alice, bob, site, months, handle, content, width, scheme
):
    page = sign_in_browser(open_page(width, color_scheme=scheme), alice)
    handle.name = "Handle time " + "x" * 60
    handle.save()
    content = content.replace(b"Handle time,", handle.name.encode() + b",")
    enter(handle, months[0], bob, value=305.0)

    def check(what):
        assert axe(page) == [], what
        assert page.evaluate("document.documentElement.scrollWidth") <= width, what

    page.goto(reverse("readings-import", args=[site.pk]))
    page.get_by_text("The names of the 2 metrics").click()
    check("upload")
    page.get_by_role("button", name="Show what would change").click()
    check("upload without a file")
    upload(page, content, "y" * 120 + ".csv")
    page.locator(".import-metric").first.wait_for()
    check("dry run")
    page.get_by_label("Leave out all 2 Service level").check()
    enter(handle, months[1], bob, value=299.0)
    button(page).click()
    page.locator(".is-overtaken").first.wait_for()
    check("overtaken")
    button(page).click()
    page.get_by_role("button", name="Undo this file").wait_for()
    check("applied")
    page.get_by_role("button", name="Undo this file").click()
    says(page, ".messages", "1 reading went back.")
    check("undone")
    page.goto(reverse("readings-import", args=[site.pk]))
    check("upload with a list")
