"""The roadmap of an assessment on screen: what has to happen before an audit, month by month."""

from django.http import Http404
from django.shortcuts import render
from django.utils.safestring import SafeString
from django.views.decorators.http import require_safe

from assessments.access import fetch
from assessments.models import Assessment
from assessments.report import charts, document
from assessments.report import roadmap as roads


@require_safe
def roadmap(request, pk):
    assessment = fetch(Assessment.objects.with_names(), request.user, pk=pk)
    found = document.build(assessment.up_to_date(), as_of=assessment.site.today())
    road = found.roadmap
    if road is None:
        raise Http404  # a quick scan or a self-check leads to no audit
    context = {
        "assessment": assessment,
        "tab": "roadmap",
        "document": found,
        "title": roads.title(found),
        "drawn": SafeString(roads.drawn(found, charts.SCREEN, width=1136)),
        "groups": [(name, [(row, roads.spoken(row)) for row in rows]) for name, rows in roads.groups(road)],
        "window": roads.window(road),
        "why_not": roads.why_not(found),
        "sets": roads.sets_the_date(found),
        "moves": roads.moves_it(found),
        "aim": roads.against_the_aim(found),
        "after": roads.afterwards(found),
        "counted_back": roads.counted_back(found),
    }
    return render(request, "assessments/roadmap.html", context)
