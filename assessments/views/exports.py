"""Everything an organisation holds, to take away."""

from django.http import StreamingHttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.text import slugify
from django.views.decorators.http import require_http_methods

from assessments.access import OWN, fetch
from assessments.exports import archive, size
from assessments.models import Activity, Organisation
from assessments.models.activity import Verb


@require_http_methods(["GET", "HEAD", "POST"])
def export(request, pk):
    """Says what will be in it; the POST gives it, because taking everything out leaves a line in the activity."""
    organisation = fetch(Organisation.objects, request.user, OWN, pk=pk)
    if request.method == "POST":
        Activity.objects.record(organisation, Verb.ORGANISATION_EXPORTED, by=request.user)
        return _download(organisation, request.user)
    context = {
        "organisation": organisation,
        "tab": "export",
        "counts": size.counts(organisation),
        "expected": size.expected(organisation),
    }
    return render(request, "assessments/organisation_export.html", context)


def _download(organisation, user):
    name = f"{slugify(organisation.name)[:80] or 'organisation'}-{timezone.now():%Y-%m-%d}.zip"
    return StreamingHttpResponse(
        archive.stream(organisation, by=user),
        content_type="application/zip",
        headers={
            "Content-Disposition": f'attachment; filename="{name}"',
            "Content-Encoding": "identity",  # packed already: packing it again would only take time
        },
    )
