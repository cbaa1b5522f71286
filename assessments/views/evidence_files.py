"""Evidence files as they were sent, to be saved and never to be shown by the site itself."""

from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from assessments.access import ANSWER, can, fetch
from assessments.models import Evidence
from assessments.models.evidence_store import Missing, Unreachable
from assessments.views.reports import disposition

# What somebody uploaded has no say in this site's origin, even where a browser is made to show it.
GUARDS = {
    "Content-Security-Policy": "sandbox; default-src 'none'; object-src 'none'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "private, no-store",
}


@require_safe
def file(request, pk):
    """The file of a piece of evidence. What was removed is for those who could put it back."""
    found = fetch(
        Evidence.objects.select_related("answer__assessment__site", "answer__requirement__item", "file"),
        request.user,
        pk=pk,
    )
    if found.file is None:
        raise Http404
    if found.newest.removed_at and not can(found.role, ANSWER):
        raise PermissionDenied(_("This evidence was removed. Whoever answers here can put it back."))
    try:
        opened = found.file.open()
    except Missing:
        return _trouble(request, found, status=404)
    except Unreachable:
        return _trouble(request, found, status=503)
    if request.method == "HEAD":
        opened.close()
        return _guarded(HttpResponse(headers={"Content-Length": found.file.size}), found.file)
    found.note_download(request.user)
    return _guarded(FileResponse(opened), found.file)


def _guarded(response, file):
    name, _dot, ending = file.name.rpartition(".")
    headers = GUARDS | {
        "Content-Type": file.content_type,
        "Content-Disposition": disposition(name, ending),
    }
    for header, value in headers.items():
        response.headers[header] = value
    return response


def _trouble(request, found, status):
    context = {"evidence": found, "gone": status == 404}
    return render(request, "assessments/evidence_unavailable.html", context, status=status)
