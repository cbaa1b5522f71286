"""The whole report to read in the browser, and where to take it along."""

from django.shortcuts import render
from django.views.decorators.http import require_safe

from assessments.access import fetch
from assessments.models import Assessment
from assessments.report import document, pdf, web


@require_safe
def page(request, pk):
    assessment = fetch(Assessment.objects.with_names(), request.user, pk=pk)
    found = document.build(
        assessment.up_to_date(), as_of=assessment.site.today(), prepared_by=str(request.user)
    )
    context = web.context(found) | {
        "assessment": assessment,
        "tab": "report",
        "pdf_off": pdf.available()[1],
    }
    return render(request, "assessments/report_page/page.html", context)
