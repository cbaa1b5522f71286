"""Where a tool sends readings of a site, and asks which metrics it has. docs/readings-api.md explains it to its makers."""

from dataclasses import asdict

from django.db.models import Max, Q
from django.http import JsonResponse
from django.utils.translation import gettext as _

from assessments.forms.answers import patiently
from assessments.forms.readings_api import FAULTS_TOLD, LARGEST_BODY, Refused, read, sent
from assessments.models import ApiToken, Metric
from assessments.models.readings import record
from assessments.views.api import for_tools, only_its_site


@for_tools(ApiToken.Scope.READINGS, ("GET", "HEAD", "POST"))
def readings(request, token, pk):
    only_its_site(token, pk)
    return _save(request, token) if request.method == "POST" else _metrics(token.site)


def _metrics(site):
    newest = Max("readings__month", filter=Q(readings__value__isnull=False))
    # Counting drops the order.
    metrics = Metric.objects.in_use().filter(site=site).annotate(newest=newest).order_by("pk")
    return JsonResponse({"site": site.name, "metrics": [described(metric) for metric in metrics]})


def described(metric):
    """What a tool is told of a metric, with its `newest` month."""
    counts = {"numerator": metric.numerator, "denominator": metric.denominator}
    return {
        "id": metric.pk,
        "name": metric.name,
        "unit": metric.unit,
        "counts": counts if metric.is_ratio else None,
        "direction": metric.direction,
        "every": metric.every,
        "newest": metric.newest and f"{metric.newest:%Y-%m}",
    }


def _save(request, token):
    """All of the readings, or none."""
    said = sent(_body(request))
    metrics = list(Metric.objects.in_use().filter(site=token.site))
    entries, faults = read(said, metrics, token.site.today())
    if faults:
        told = [asdict(fault) for fault in faults[:FAULTS_TOLD]]
        return JsonResponse({"errors": told, "more": len(faults) - len(told)}, status=422)
    done = patiently(lambda: record(token.site, entries, by=None, source=token.source))
    return JsonResponse({"saved": len(done.saved), "unchanged": len(entries) - len(done.saved)})


def _body(request):
    """The bytes of the request. Raises Refused where they are too many to read, or said to be something else than JSON."""
    if "Transfer-Encoding" in request.headers:  # its bytes would not be read, and it would look empty
        raise Refused(411, _("Send the whole request with its Content-Length, not in chunks."))
    if int(request.META.get("CONTENT_LENGTH") or 0) > LARGEST_BODY:
        raise Refused(413, _("A request has at most 1 MB. Send the readings in several."))
    charset = request.content_params.get("charset", "utf-8").lower()
    if request.content_type != "application/json" or charset not in ("utf-8", "utf8"):
        raise Refused(415, _("Send JSON in UTF-8, with the header Content-Type: application/json."))
    if request.headers.get("Content-Encoding", "identity").lower() != "identity":
        raise Refused(415, _("Send the JSON as it is, not packed."))
    return request.body
