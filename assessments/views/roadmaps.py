"""The plan over time: what is worked on when, what it waits for, and when an audit could follow."""

from django.shortcuts import render
from django.views.decorators.http import require_safe

from assessments.access import fetch
from assessments.models import Assessment
from assessments.report import charts, document, roadmap_chart, roadmap_picture


@require_safe
def roadmap(request, pk):
    assessment = fetch(Assessment.objects.with_names(), request.user, pk=pk)
    found = document.build(assessment.up_to_date(), as_of=assessment.site.today())
    plan, leads = found.roadmap, found.leads_to_audit
    wide, narrow = (
        roadmap_picture.drawing(plan, leads, charts.SCREEN, layout)
        for layout in (roadmap_chart.WIDE, roadmap_chart.NARROW)
    )
    context = {
        "assessment": assessment,
        "tab": "roadmap",
        "document": found,
        "roadmap": plan,
        "groups": roadmap_picture.grouped(plan, leads),
        "wide": wide,
        "narrow": narrow,
    }
    return render(request, "assessments/roadmap.html", context)
