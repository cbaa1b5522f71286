"""Waiting for a report, with scripts and without."""

from pathlib import Path

import pytest
from django.urls import reverse

from assessments.models import ReportJob, ReportWorker
from assessments.printing import jobs
from assessments.report import pdf
from tests import printing

pytestmark = pytest.mark.browser
expect = pytest.importorskip("playwright.sync_api", reason="needs requirements/browser.txt").expect


@pytest.fixture(autouse=True)
def _at_the_pace_of_the_test(transactional_db, monkeypatch):
    """A worker is about, and makes nothing before the test has it made."""
    monkeypatch.setattr(pdf, "render", lambda document, options: b"%PDF-1.7 printed")
    monkeypatch.setattr(jobs, "start", lambda: None)
    ReportWorker.objects.beat("one")


@pytest.fixture
def results(assessment):
    for answer in assessment.answers.all():
        answer.record_choice("2", by=None, version=0)
    return reverse("results", args=[assessment.pk])


def test_the_page_follows_the_report_and_downloads_it(bobs, results, axe):
    bobs.goto(results)
    bobs.get_by_role("link", name="Gap report (PDF)").click()
    expect(bobs.get_by_role("heading", level=1)).to_have_text("Your report is being made")
    expect(bobs.get_by_role("main")).to_contain_text("Waiting: yours is next.")
    assert axe(bobs) == []
    ReportJob.objects.claim_next()
    expect(bobs.get_by_role("main")).to_contain_text("Being set")
    assert axe(bobs) == []
    ReportJob.objects.update(status="waiting")
    with bobs.expect_download() as download:
        jobs.print_all()
    assert Path(download.value.path()).read_bytes() == b"%PDF-1.7 printed"
    expect(bobs.get_by_role("heading", level=1)).to_have_text("Your report is ready")
    assert axe(bobs) == []


def test_without_scripts_a_reload_leads_there_too(open_page, sign_in_browser, bob, results):
    page = sign_in_browser(open_page(java_script_enabled=False, width=320, color_scheme="dark"), bob)
    page.goto(results)
    page.get_by_role("link", name="Gap report (PDF)").click()
    expect(page.get_by_role("main")).to_contain_text("Waiting: yours is next.")
    jobs.print_all()
    with page.expect_download() as download:
        page.get_by_role("link", name="Reload").click()
    assert Path(download.value.path()).read_bytes() == b"%PDF-1.7 printed"
    expect(page.get_by_role("link", name="Download the report")).to_be_visible()


def test_a_failed_report_is_tried_again_by_keyboard(bobs, assessment, axe):
    job = printing.job(assessment, "failed", sentence="Setting this report took too long, so it was stopped.")
    bobs.goto(reverse("report-job", args=[assessment.pk, job.pk]))
    expect(bobs.get_by_role("main")).to_contain_text("took too long")
    assert axe(bobs) == []
    bobs.get_by_role("button", name="Try again").focus()
    bobs.keyboard.press("Enter")
    expect(bobs.get_by_role("heading", level=1)).to_have_text("Your report is being made")


@pytest.mark.parametrize("state", ["waiting", "working", "failed"])
def test_no_state_is_wider_than_a_small_phone(open_page, sign_in_browser, bob, assessment, state):
    job = printing.job(
        assessment, state, sentence="A sentence that says why it came to nothing, and what helps."
    )
    page = sign_in_browser(open_page(width=320), bob)
    page.goto(reverse("report-job", args=[assessment.pk, job.pk]))
    expect(page.get_by_role("main")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
