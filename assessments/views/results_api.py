"""What a tool reads of a site: its assessments with their figures, the answers, the gaps, and the monthly figures."""

from django.conf import settings
from django.db.models import Prefetch
from django.http import HttpResponse, JsonResponse
from django.urls import reverse

from assessments.models import ApiToken, Assessment, Metric, Reading
from assessments.report import pdf, spreadsheet
from assessments.rules.scoring import whole_percent
from assessments.views.api import for_tools, not_here, only_its_site
from assessments.views.readings_api import described
from assessments.views.reports import document_of

results = for_tools(ApiToken.Scope.RESULTS)


@results
def assessments(request, token, pk):
    """Every assessment of the site, the newest first."""
    only_its_site(token, pk)
    rows = Assessment.objects.in_use().filter(site=token.site).with_names()
    found = [_assessment(row.up_to_date()) for row in rows]
    return JsonResponse({"site": token.site.name, "assessments": found})


def _assessment(row):
    return {
        "id": row.pk,
        "standard": row.release.standard.key,
        "release": row.release.version,
        "variant": row.variant.code,
        "quick": row.quick,
        "started": f"{row.site.day_of(row.started_at):%Y-%m-%d}",
        "continued": row.continued_at is not None,
        "score": row.percent,
        "ceiling": whole_percent(row.ceiling),
        "asked": row.asked,
        "open": row.open,
        "unknown": row.unknown,
        "blockers": row.blockers,
        "audit_month": row.audit_month and f"{row.audit_month:%Y-%m}",
        "answers": settings.SITE_URL + reverse("answers-api", args=[row.pk]),
        "gaps": settings.SITE_URL + reverse("gaps-api", args=[row.pk]),
    }


@results
def metrics(request, token, pk):
    """Every metric in use of the site with all its readings, the oldest first."""
    only_its_site(token, pk)
    readings = Prefetch("readings", Reading.objects.order_by("month"))
    rows = Metric.objects.in_use().filter(site=token.site).prefetch_related(readings)
    return JsonResponse({"site": token.site.name, "metrics": [_metric(row) for row in rows]})


def _metric(row):
    readings = list(row.readings.all())
    months = [reading.month for reading in readings if reading.value is not None]
    row.newest = max(months, default=None)
    return described(row) | {"readings": [_reading(reading) for reading in readings]}


def _reading(row):
    return {
        "month": f"{row.month:%Y-%m}",
        "value": row.value,
        "numerator": row.numerator,
        "denominator": row.denominator,
        "note": row.note,
        "source": row.source,
    }


@results
def answers_json(request, token, pk):
    return HttpResponse(pdf.answers_json(_document(token, pk)), content_type="application/json")


@results
def gaps_csv(request, token, pk):
    content = spreadsheet.gaps_csv(_document(token, pk))
    return HttpResponse(content, content_type="text/csv; charset=utf-8")


def _document(token, pk):
    """The document of today of an assessment of the token's site. It never looks at other sites."""
    rows = Assessment.objects.with_names().select_related("started_by")
    assessment = rows.filter(site=token.site_id, pk=pk).first()
    if assessment is None:
        raise not_here()
    return document_of(assessment, with_sites=False)
