"""The main job as a new user does it: sign in, start, answer, stop in the middle, come back, results, report."""

import io
import re

import pytest
from django.core.management import call_command
from playwright.sync_api import expect
from pypdf import PdfReader

from assessments.models import Assessment, Membership, Role
from standards.models import Variant
from tests import factories

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PASSWORD = "a long enough password"


@pytest.fixture
def owner(transactional_db):
    call_command("loadstandards", verbosity=0)
    organisation = factories.OrganisationFactory(name="Solvia")
    factories.SiteFactory(organisation=organisation, name="Porto", channels=["phone", "chatbot"])
    user = factories.UserFactory(name="Rita Gomes", email="rita@example.com")
    user.set_password(PASSWORD)
    user.save()
    Membership.objects.create(organisation=organisation, user=user, role=Role.OWNER)
    return user


def window(chromium, **options):
    page = chromium.new_context(**options).new_page()
    page.set_default_timeout(10_000)
    return page


def sign_in(page, server):
    page.goto(f"{server.url}/account/login/")
    page.get_by_label("E-mail address").fill("rita@example.com")
    page.get_by_role("textbox", name="Password").fill(PASSWORD)
    page.get_by_role("textbox", name="Password").press("Enter")
    page.wait_for_url(f"{server.url}/")


def start_as_outsourcer(page):
    page.get_by_role("link", name="Start an assessment").click()
    page.get_by_label("Outsourced service provider").check()
    page.get_by_role("button", name="Start", exact=True).click()
    page.wait_for_url(re.compile(r"/assessments/\d+/$"))
    asked = Variant.objects.get(code="OSP", release__version="8.0").requirements.count()
    expect(page.get_by_text(f"You will be asked {asked} requirements.")).to_be_visible()


def see_results_and_report(page, server):
    assessment = Assessment.objects.get()
    page.get_by_role("link", name="Results", exact=True).click()
    page.wait_for_url("**/results/")
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    answer = page.request.get(f"{server.url}/assessments/{assessment.pk}/report.pdf")
    assert answer.headers["content-type"] == "application/pdf"
    text = "\n".join(sheet.extract_text() for sheet in PdfReader(io.BytesIO(answer.body())).pages)
    assert "Porto" in text
    assert "Reviewed by the board in May" in text.replace("\n", " ")


def test_the_main_job_by_keyboard_with_a_break_in_the_middle(chromium, live_server, owner):
    page = window(chromium)
    sign_in(page, live_server)
    start_as_outsourcer(page)
    page.get_by_role("link", name="Start answering").press("Enter")
    page.wait_for_url("**/items/LP1/**")
    first = page.locator("#a input[type=radio]").first
    first.focus()
    page.keyboard.press("2")
    saved = page.locator("#a").get_by_text(re.compile(r"Saved \d"))
    saved.wait_for()
    page.keyboard.press("e")
    page.keyboard.type("Reviewed by the board in May.")
    with page.expect_response("**/note/"):
        page.keyboard.press("Tab")
    saved.wait_for()
    page.context.close()

    answer = Assessment.objects.get().answers.get(choice="2")
    assert (answer.requirement.letter, answer.note) == ("a", "Reviewed by the board in May.")

    page = window(chromium)
    sign_in(page, live_server)
    page.get_by_role("link", name="Porto", exact=True).click()
    page.get_by_role("link", name="Continue").click()
    page.wait_for_url("**/items/LP1/#b")
    see_results_and_report(page, live_server)


def test_the_main_job_without_javascript(chromium, live_server, owner):
    page = window(chromium, java_script_enabled=False)
    sign_in(page, live_server)
    start_as_outsourcer(page)
    page.get_by_role("link", name="Start answering").click()
    page.locator("#a").get_by_role("radio").nth(2).check(force=True)
    note = page.locator("#a textarea")
    if not note.is_visible():
        page.locator("#a summary").filter(has_text="Note").click()
    note.fill("Reviewed by the board in May.")
    page.get_by_role("button", name="Save").first.click()
    page.wait_for_load_state()
    answer = Assessment.objects.get().answers.get(choice="2")
    assert answer.note == "Reviewed by the board in May."
    see_results_and_report(page, live_server)
