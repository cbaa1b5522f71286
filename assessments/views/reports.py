"""The report as files to carry away: PDF, workbook, Word document, the gaps as CSV, and the data as JSON."""

import re
from urllib.parse import quote

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from assessments.access import fetch
from assessments.forms.report_options import ReportOptionsForm
from assessments.models import Activity, Assessment, ReportLook, Verb
from assessments.models.report_jobs import TooMany
from assessments.printing import jobs
from assessments.report import document, paper, spreadsheet
from assessments.report import pdf as printer
from assessments.report.options import Options
from assessments.report.word import word as report_word
from assessments.workbooks.report import workbook as report_workbook

OFFICE = "application/vnd.openxmlformats-officedocument"
XLSX, DOCX = f"{OFFICE}.spreadsheetml.sheet", f"{OFFICE}.wordprocessingml.document"
NOT_IN_FILE_NAMES = re.compile(r'[\x00-\x1f\x7f/\\:*?"<>|]+')


@require_safe
def gaps_csv(request, pk):
    assessment, found = report_of(request, pk)
    name = _("Gaps %(site)s %(date)s") % {"site": found.site, "date": found.as_of}
    content = spreadsheet.gaps_csv(found)
    return take_along(request, assessment.site, content, "text/csv; charset=utf-8", name, "csv")


@require_safe
def choose(request, pk):
    """What to print, as a form whose answers are the address of the report."""
    assessment, found = report_of(request, pk)
    return _choose(request, assessment, found, _form(request, assessment, found))


def _choose(request, assessment, found, form):
    context = {"assessment": assessment, "tab": "report", "form": form, "pdf_off": printer.available()[1]}
    status = 422 if request.resolver_match.url_name == "report" else 200
    return render(request, "assessments/report_choose.html", context, status=status)


def _form(request, assessment, found):
    parts = [(part.key, f"{part.number} {part.name}") for part in paper.sections(found)[1:]]
    look = ReportLook.objects.of(assessment.site.organisation)
    return ReportOptionsForm(request.GET, parts=parts, look=look)


@require_safe
def answers_json(request, pk):
    assessment, found = report_of(request, pk)
    name = _("Answers %(site)s %(date)s") % {"site": found.site, "date": found.as_of}
    return take_along(request, assessment.site, printer.answers_json(found), "application/json", name, "json")


@require_safe
def workbook(request, pk):
    assessment, found = report_of(request, pk)
    name = _("Gap report %(site)s %(date)s") % {"site": found.site, "date": found.as_of}
    return take_along(request, assessment.site, report_workbook(found), XLSX, name, "xlsx")


@require_safe
def word(request, pk):
    assessment, found = report_of(request, pk)
    name = _("Gap report %(site)s %(date)s") % {"site": found.site, "date": found.as_of}
    return take_along(request, assessment.site, report_word(found), DOCX, name, "docx")


@require_safe
def pdf(request, pk):
    """The report of today: at once where the same one was made before, otherwise the page that says how far it is."""
    assessment, found = report_of(request, pk)
    form = _form(request, assessment, found)
    if not form.is_valid():
        return _choose(request, assessment, found, form)
    possible, reason = printer.available()
    if not possible:
        return _no_pdf(request, assessment, _("The PDF cannot be made on this machine"), reason, 503)
    try:
        job = jobs.ask(assessment, found, Options(**form.chosen()), by=request.user)
    except TooMany as too_many:
        return later(request, assessment, too_many)
    if job.status == job.Status.DONE:
        return pdf_of(request, assessment.site, job)
    return redirect("report-job", pk, job.pk)


def _no_pdf(request, assessment, heading, reason, status):
    context = {"assessment": assessment, "tab": "report", "heading": heading, "reason": reason}
    return render(request, "assessments/report_unavailable.html", context, status=status)


def later(request, assessment, too_many):
    """The page of somebody who asks for one report too many. By the time it names, one of those on their way has ended."""
    response = _no_pdf(request, assessment, _("Too many reports are being made"), str(too_many), 429)
    response["Retry-After"] = settings.REPORT_LIMITS["seconds"]
    return response


def pdf_of(request, site, job):
    return take_along(request, site, bytes(job.print.pdf), "application/pdf", job.name, "pdf")


def report_of(request, pk):
    """The assessment and its document of today. Whoever works in every site gets the same, so that it is printed once for
    all of them: it names who began the assessment, not who looks at it. The others read nothing of sites they do not work in."""
    rows = Assessment.objects.with_names().select_related("started_by")
    assessment = fetch(rows, request.user, pk=pk)
    return assessment, document_of(assessment, with_sites=not assessment.limited)


def document_of(assessment, *, with_sites):
    """The document of today of `assessment`, fetched `with_names` and who began it."""
    today, by = assessment.site.today(), str(assessment.started_by or "")
    return document.build(assessment.up_to_date(), as_of=today, prepared_by=by, with_sites=with_sites)


def take_along(request, site, content, content_type, name, ending):
    """What belongs to `site` as a file, noted in the activity: who took data out matters most. A HEAD takes nothing."""
    if request.method == "GET":
        Activity.objects.record(
            site.organisation_id, Verb.FILE_DOWNLOADED, f"{name}.{ending}", by=request.user, site=site
        )
    return download(content, content_type, name, ending)


def download(content, content_type, name, ending):
    """`content` as a file called `name`."""
    return HttpResponse(
        content, content_type=content_type, headers={"Content-Disposition": disposition(name, ending)}
    )


def disposition(name, ending):
    """The header that saves a file called `name`: in letters every system can store, and as it is written for those that can."""
    plain = slugify(name)[:100].strip("-") or "file"
    whole = quote(" ".join(NOT_IN_FILE_NAMES.sub(" ", name).split()), safe="")
    return f"attachment; filename=\"{plain}.{ending}\"; filename*=UTF-8''{whole}.{ending}"
