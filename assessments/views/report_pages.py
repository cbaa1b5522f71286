"""The whole report to read in the browser, and where to take it along."""

from django.shortcuts import render
from django.views.decorators.http import require_safe

from assessments.report import pdf, web
from assessments.views.reports import report_of


@require_safe
def page(request, pk):
    assessment, found = report_of(request, pk)
    context = web.context(found) | {
        "assessment": assessment,
        "tab": "report",
        "pdf_off": pdf.available()[1],
    }
    return render(request, "assessments/report_page/page.html", context)
