"""Entering readings: the sheet of a site's months, and one reading with its note and history."""

from datetime import date
from itertools import groupby
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import OperationalError
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from assessments.access import ANSWER, SEE, can, fetch
from assessments.forms.figures import plain
from assessments.forms.readings import MONTHS, ReadingForm, Sheet, cell_name, figures_of, stored_in
from assessments.models import Metric, ReadingRevision, Site
from assessments.models.metrics import newest_month
from assessments.models.readings import EARLIEST
from assessments.months import first_of, month_number
from assessments.report import readings_sheet, register, units

RETRY_AFTER = 5  # seconds; the waits of one save are over by then


@require_http_methods(["GET", "HEAD", "POST"])
def sheet(request, pk):
    """Thirteen months of every metric in use; with POST, all or some of its cells saved at once."""
    if request.POST.get("person", str(request.user.pk)) != str(request.user.pk):
        # The page is of whoever was signed in before: their figures must not be saved as somebody else's.
        return HttpResponse(_("Somebody else is signed in by now. Nothing was saved."), status=401)
    ability = ANSWER if request.method == "POST" else SEE
    site = fetch(Site.objects.select_related("organisation"), request.user, ability, pk=pk)
    day = site.today()
    judged = register.in_order(Metric.objects.in_use().judged(site, day))
    last = _month(request.GET.get("to", "")) or newest_month(day)
    form = Sheet(site, judged, last, day, request.POST if request.method == "POST" else None)
    by_script = request.headers.get("Accept", "").startswith("application/json")
    if request.method == "POST":
        try:
            form.save(by=request.user)
        except OperationalError:
            busy = _("The database is busy. Nothing was saved, and what you sent is still on your page.")
            return HttpResponse(busy, status=503, headers={"Retry-After": RETRY_AFTER})
        if by_script:
            return JsonResponse(_as_saved(form), status=form.status)
        if form.status == 200:
            messages.success(request, saved_words(len(form.saved)))
            return redirect(request.get_full_path())
    return _sheet_page(request, site, form, day)


def _sheet_page(request, site, form, day):
    first, last = month_number(form.months[0]), month_number(form.months[-1])
    newest = month_number(newest_month(day))
    context = {
        "site": site,
        "form": form,
        "tab": "readings",
        "kinds": _by_kind(form),
        "columns": MONTHS + 1,
        "problems": _problems(form),
        "saved": saved_words(len(form.saved)) if form.saved else "",
        "may_enter": can(site.role, ANSWER),
        "earlier": first_of(first - 1) if first > MONTHS else None,
        "later": first_of(min(last + MONTHS, newest)) if last < newest else None,
    }
    with timezone.override(site.time_zone):
        return render(request, "assessments/readings.html", context, status=form.status)


def _by_kind(form):
    """(kind, its rows), a row being the metric, its lines of cells and the rates above them."""
    rows = [
        {
            "metric": judged.metric,
            "lines": lines,
            "rates": [readings_sheet.rate(judged, month) for month in form.months],
        }
        for judged, lines in form.rows()
    ]
    return [
        (kind, list(of_kind)) for kind, of_kind in groupby(rows, lambda row: row["metric"].get_kind_display())
    ]


def _problems(form):
    """(cell, sentence) of every cell that was not saved."""
    return [
        (cell, cell.error or _theirs(cell.theirs, cell.metric))
        for _judged, lines in form.rows()
        for line in lines
        for cell in line.cells
        if cell.error or cell.theirs
    ]


def _theirs(reading, metric):
    return _("%(who)s entered %(figure)s meanwhile. Enter yours again to put it in its place.") % {
        "who": reading.by or reading.source or _("Somebody"),
        "figure": readings_sheet.reading_words(metric, reading.standing),
    }


def _as_saved(form):
    """What the page's script needs: of every place that was sent, the version, the texts and the rate that stand now;
    and a sentence for each cell that was not saved."""
    sent = list(form.sent())
    return {
        "at": date_format(timezone.localtime(timezone.now(), ZoneInfo(form.site.time_zone)), "H:i"),
        "problems": {cell.name: sentence for cell, sentence in _problems(form)},
        "versions": {
            f"{each.metric.pk}-{m:%Y-%m}": getattr(stored_in(each, m), "version", 0) for each, m in sent
        },
        "texts": {
            cell_name(each.metric, month, figure): plain(getattr(stored_in(each, month), figure, None))
            for each, month in sent
            for figure in figures_of(each.metric)
        },
        "rates": {
            found.key: {"words": found.words, "state": found.state}
            for each, month in sent
            if (found := readings_sheet.rate(each, month))
        },
    }


def saved_words(count):
    if not count:
        return _("Nothing was changed, so nothing was saved.")
    return ngettext("%d reading is saved.", "%d readings are saved.", count) % count


def _month(text):
    """The month of an address (2026-10), or None where it says none that can have a reading."""
    try:
        month = date.fromisoformat(f"{text}-01")
    except ValueError:
        return None
    return month if month >= EARLIEST else None


@require_http_methods(["GET", "HEAD", "POST"])
def reading(request, pk, month):
    """One reading: its counts, its note, and every change of it."""
    ability = ANSWER if request.method == "POST" else SEE
    metric = fetch(Metric.objects.select_related("site__organisation"), request.user, ability, pk=pk)
    if request.method == "POST" and metric.archived_at:
        raise PermissionDenied(_("This metric is archived. Take it back into use to enter figures."))
    [judged] = Metric.objects.filter(pk=metric.pk).judged(metric.site)
    first = _month(month)
    if first is None or judged.metric.month_of(judged.metric.period_of(first)) != first:
        raise Http404
    form = ReadingForm(judged, first, metric.site.today(), request.POST or None)
    theirs = None
    if request.method == "POST" and form.is_valid():
        theirs = form.save(metric.site, by=request.user)
        if theirs is None:
            messages.success(request, _("The reading is saved."))
            return redirect("metric", metric.pk)
        form.data = form.data.copy()
        form.data["version"] = theirs.version
    context = {
        "site": metric.site,
        "metric": metric,
        "tab": "metrics",
        "period": units.period_name(metric.period_of(first), metric.every),
        "form": form,
        "theirs": theirs,
        "theirs_words": theirs and readings_sheet.reading_words(metric, theirs.standing),
        "value": form.reading and readings_sheet.reading_words(metric, form.reading.standing),
        "may_enter": can(metric.role, ANSWER) and not metric.archived_at,
        "saves": [
            (revision, readings_sheet.reading_words(metric, revision.values))
            for revision in _revisions(form.reading)
        ],
    }
    status = 409 if theirs else 422 if form.errors else 200
    with timezone.override(metric.site.time_zone):
        return render(request, "assessments/reading.html", context, status=status)


def _revisions(reading):
    """Every change of a reading (or None), the newest first."""
    return (
        ReadingRevision.objects.filter(reading=reading).select_related("by").order_by("-version")
        if reading
        else []
    )
