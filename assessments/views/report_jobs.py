"""A report on its way: how far it is, the file, and another try."""

from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from assessments.access import fetch
from assessments.models import Assessment, ReportJob, ReportWorker
from assessments.models.report_jobs import TooMany
from assessments.printing import jobs
from assessments.views.reports import later, pdf_of


@require_safe
def job(request, pk, number):
    """The page that waits with people; the part of it that changes where htmx asks."""
    assessment = fetch(Assessment.objects.with_names(), request.user, pk=pk)
    jobs.look_after()
    found = job_of(request, pk, number)
    if request.htmx and not found.is_open:
        # The whole page tells it, and starts the download.
        return HttpResponse(headers={"HX-Refresh": "true"})
    context = {
        "assessment": assessment,
        "tab": "report",
        "title": title_of(found),
        "job": found,
        "before": found.before() if found.status == ReportJob.Status.WAITING else 0,
        "seconds": (timezone.now() - found.started_at).seconds if found.started_at else 0,
        "most_seconds": settings.REPORT_LIMITS["seconds"],
        "worker": not found.is_open or ReportWorker.objects.seen_lately().exists(),
    }
    part = "assessments/_report_job.html" if request.htmx else "assessments/report_job.html"
    return render(request, part, context)


def title_of(found):
    ended = {
        ReportJob.Status.DONE: _("Your report is ready"),
        ReportJob.Status.FAILED: _("No report came of it"),
    }
    return ended.get(found.status, _("Your report is being made"))


@require_safe
def file(request, pk, number):
    assessment = fetch(Assessment.objects.select_related("site"), request.user, pk=pk)
    found = job_of(request, pk, number)
    if found.status != ReportJob.Status.DONE:
        raise Http404
    return pdf_of(request, assessment.site, found)


@require_POST
def retry(request, pk, number):
    assessment = fetch(Assessment.objects.with_names(), request.user, pk=pk)
    try:
        job_of(request, pk, number).try_again(request.user)
    except TooMany as too_many:
        return later(request, assessment, too_many)
    jobs.start()
    return redirect("report-job", pk, number)


def job_of(request, pk, number):
    return fetch(ReportJob.objects.all(), request.user, pk=number, assessment=pk)
