"""A report on its way: how far it is, the file when it is there, and another try."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from assessments.models import ReportJob, ReportWorker
from assessments.printing import jobs
from assessments.report import pdf
from tests import factories, printing

HTMX = {"HTTP_HX_REQUEST": "true"}


@pytest.fixture(autouse=True)
def _printed(monkeypatch):
    monkeypatch.setattr(pdf, "render", lambda document, options: b"%PDF-1.7 printed")


@pytest.fixture
def left_to_a_worker(monkeypatch):
    """A worker is about, and at something else."""
    ReportWorker.objects.beat("one")
    monkeypatch.setattr(jobs, "start", lambda: None)


def page_of(client, job, **headers):
    return client.get(reverse("report-job", args=[job.assessment_id, job.pk]), **headers)


def file_of(job):
    return reverse("report-file", args=[job.assessment_id, job.pk])


def test_asking_leads_to_the_page_that_waits_and_from_there_to_the_file(
    sign_in, alice, assessment, left_to_a_worker
):
    client = sign_in(alice)
    asked = client.get(reverse("report", args=[assessment.pk]))
    job = ReportJob.objects.get()
    assert (asked.status_code, asked["Location"]) == (
        302,
        reverse("report-job", args=[assessment.pk, job.pk]),
    )
    page = page_of(client, job).content.decode()
    assert "Your report is being made" in page
    assert "Waiting: yours is next." in page
    assert 'hx-trigger="every 1s"' in page
    assert ">Reload</a>" in page
    assert "refresh" not in page
    jobs.print_all()
    page = page_of(client, job).content.decode()
    assert "Your report is ready" in page
    assert f'<meta http-equiv="refresh" content="0;url={file_of(job)}">' in page
    assert f'href="{file_of(job)}">Download the report' in page
    assert "16\xa0bytes" in page
    assert "hx-get" not in page
    assert client.get(file_of(job)).content == b"%PDF-1.7 printed"
    assert client.get(reverse("report", args=[assessment.pk])).content == b"%PDF-1.7 printed"


def test_the_page_counts_what_is_made_before(sign_in, alice, assessment, left_to_a_worker):
    printing.job(assessment, "working", "a")
    printing.job(assessment, "waiting", "b")
    job = printing.job(assessment, "waiting", "c")
    printing.job(assessment, "waiting", "d")
    assert "Waiting: 2 reports are made before this one." in page_of(sign_in(alice), job).content.decode()


def test_the_page_says_for_how_long_it_is_being_set_and_when_it_would_be_stopped(
    sign_in, alice, assessment, left_to_a_worker, settings
):
    settings.REPORT_LIMITS = settings.REPORT_LIMITS | {"seconds": 45}
    job = printing.job(assessment, "working", started_at=timezone.now() - timedelta(seconds=7))
    page = page_of(sign_in(alice), job).content.decode()
    assert "Being set for 7 seconds." in page
    assert "After 45 seconds it is stopped" in page
    assert "has not been seen lately" not in page


def test_without_a_worker_the_page_says_so_and_the_report_is_made_all_the_same(sign_in, alice, assessment):
    at_work = printing.job(assessment, "working", "a")
    job = printing.job(assessment, "waiting", "b")
    assert "has not been seen lately" in page_of(sign_in(alice), job).content.decode()
    ReportJob.objects.filter(pk=at_work.pk).delete()
    assert "Your report is ready" in page_of(sign_in(alice), job).content.decode()


def test_a_script_gets_the_part_that_changes_and_the_whole_page_at_the_end(
    sign_in, alice, assessment, left_to_a_worker
):
    job = printing.job(assessment)
    waiting = page_of(sign_in(alice), job, **HTMX)
    assert waiting.content.decode().strip().startswith('<div id="report-job"')
    assert "Reload" not in waiting.content.decode()  # whoever stands on it stays there
    assert "HX-Refresh" not in waiting
    jobs.print_all()
    assert page_of(sign_in(alice), job, **HTMX)["HX-Refresh"] == "true"


def test_a_failure_says_why_and_leads_on(sign_in, alice, assessment):
    job = printing.job(assessment, "failed", sentence="It took too long.")
    page = page_of(sign_in(alice), job).content.decode()
    assert "No report came of it" in page
    assert "It took too long." in page
    assert reverse("gaps-csv", args=[assessment.pk]) in page
    response = sign_in(alice).post(reverse("report-retry", args=[assessment.pk, job.pk]), follow=True)
    assert "Your report is ready" in response.content.decode()


def test_there_is_no_file_before_it_is_made(sign_in, alice, assessment, left_to_a_worker):
    for status in ("waiting", "working", "failed"):
        assert sign_in(alice).get(file_of(printing.job(assessment, status, status))).status_code == 404


def test_whoever_asks_for_one_too_many_is_told_when_to_ask_again(
    sign_in, vera, assessment, left_to_a_worker, settings
):
    client = sign_in(vera)
    failed = printing.job(assessment, "failed")
    settings.REPORT_LIMITS = settings.REPORT_LIMITS | {"seconds": 45}
    asked = [
        client.get(reverse("report", args=[assessment.pk]), {"mark": f"Draft {number}"})
        for number in range(6)
    ]
    assert [response.status_code for response in asked] == [302] * 5 + [429]
    again = client.post(reverse("report-retry", args=[assessment.pk, failed.pk]))
    for refused in (asked[-1], again):
        assert (refused.status_code, refused["Retry-After"]) == (429, "45")
        page = refused.content.decode()
        assert "Too many reports are being made" in page
        assert "5 reports that you asked for are not made yet." in page
        assert reverse("gaps-csv", args=[assessment.pk]) in page
    assert ReportJob.objects.on_its_way().count() == 5


def test_a_file_is_found_under_its_own_assessment_only(sign_in, alice, charlie, assessment):
    theirs = factories.started(
        factories.SiteFactory(organisation=charlie.memberships.get().organisation),
        assessment.release,
        charlie,
    )
    job = printing.job(theirs, "done")
    for name in ("report-job", "report-file"):
        assert sign_in(alice).get(reverse(name, args=[assessment.pk, job.pk])).status_code == 404
        assert sign_in(charlie).get(reverse(name, args=[theirs.pk, job.pk])).status_code == 200


def test_looking_at_a_job_takes_few_queries(
    sign_in, alice, assessment, left_to_a_worker, django_assert_max_num_queries
):
    client, job = sign_in(alice), printing.job(assessment)
    page_of(client, job, **HTMX)
    with django_assert_max_num_queries(9):
        page_of(client, job, **HTMX)
