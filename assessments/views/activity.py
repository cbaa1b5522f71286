"""What was done in an organisation, for those who look after all of it: as a page and as a file."""

import csv
from urllib.parse import urlencode

from django.http import StreamingHttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from assessments.access import MANAGE, fetch
from assessments.forms.activity import ActivityForm
from assessments.models import Activity, Organisation, User, Verb, stream
from assessments.report.spreadsheet import as_text
from assessments.views.reports import disposition

ROWS_A_PAGE = 50
ROWS_A_PIECE = 500  # of the file: what is fetched and sent at a time
MARK = "\ufeff"  # without it Excel reads Č as two letters
MOST_NAMES = 500  # suggested beside the field; any other name can be typed


@require_safe
def activity(request, pk):
    organisation = fetch(Organisation.objects, request.user, MANAGE, pk=pk)
    form = ActivityForm(request.GET, organisation)
    before = stream.Place.read(request.GET.get("before", ""))
    lines, older = [], None
    if form.is_valid():
        lines, older = stream.page(organisation, form.asked(), before, ROWS_A_PAGE)
    kept = {name: value for name in form.fields if (value := request.GET.get(name))}
    context = {
        "organisation": organisation,
        "tab": "activity",
        "form": form,
        "lines": lines,
        "narrowed": bool(kept),
        "query": "?" + urlencode(kept),
        "older": older and "?" + urlencode(kept | {"before": str(older)}),
        "paged": before is not None,
        "zone": form.zone.key,
        "people": User.objects.filter(memberships__organisation=pk).order_by("name", "email")[:MOST_NAMES],
    }
    return render(request, "assessments/activity.html", context, status=422 if form.errors else 200)


@require_safe
def as_csv(request, pk):
    """All that the filters leave, sent piece by piece; that it was taken out is the newest row of it."""
    organisation = fetch(Organisation.objects, request.user, MANAGE, pk=pk)
    form = ActivityForm(request.GET, organisation)
    if not form.is_valid():
        return activity(request, pk)
    day = timezone.localdate(timezone=form.zone)
    name = _("Activity %(organisation)s %(day)s") % {"organisation": organisation, "day": day}
    if request.method == "GET":
        Activity.objects.record(organisation, Verb.FILE_DOWNLOADED, f"{name}.csv", by=request.user)
    return StreamingHttpResponse(
        _csv(organisation, form.asked(), form.zone),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": disposition(name, "csv")},
    )


class Line:
    """What a CSV writer writes to: the line is handed back instead of kept."""

    def write(self, text):
        return text


def _csv(organisation, asked, zone):
    writer, before = csv.writer(Line()), None
    heading = [_("Time"), _("Person or tool"), _("What was done"), _("Site"), _("Address"), _("Way in")]
    yield MARK + writer.writerow(heading)
    while True:
        lines, before = stream.page(organisation, asked, before, ROWS_A_PIECE)
        rows = (
            [
                line.place.at.astimezone(zone).isoformat(),
                line.who,
                line.did,
                line.site,
                line.address,
                line.way,
            ]
            for line in lines
        )
        yield "".join(writer.writerow([as_text(cell) for cell in row]) for row in rows)
        if before is None:
            return
