"""Pages for what went wrong: a sentence each, never a bare number."""

import sys

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import RequestDataTooBig
from django.db import OperationalError
from django.http import Http404
from django.shortcuts import redirect, render

from assessments.access import SecondFactorNeeded
from assessments.views.answers import RETRY_AFTER


def bad_request(request, exception):
    if isinstance(exception, RequestDataTooBig):
        return render(request, "413.html", {"most": settings.EVIDENCE_FILE_BYTES}, status=413)
    return render(request, "400.html", status=400)


def forbidden(request, exception):
    needed = isinstance(exception, SecondFactorNeeded)
    if needed and is_visit(request):
        request.session["after_second_factor"] = request.get_full_path()
        messages.warning(request, str(exception))
        return redirect("mfa_index")
    return render(request, "403.html", {"reason": str(exception), "second_factor": needed}, status=403)


def is_visit(request):
    """Does a person look at a page, who can be led elsewhere? Whatever else asks gets its answer at once."""
    plain = request.method in ("GET", "HEAD") and not request.htmx
    return plain and "text/html" in request.headers.get("Accept", "text/html")


def not_found(request, exception):
    return render(request, "404.html", status=404)


def server_error(request):
    """A database that is busy for too long, or away, is nobody's fault, and the same step succeeds later."""
    if isinstance(sys.exception(), OperationalError):
        response = render(request, "503.html", status=503)
        response["Retry-After"] = RETRY_AFTER
        return response
    return render(request, "500.html", status=500)


def csrf_failure(request, reason=""):
    return render(request, "403_csrf.html", status=403)


def no_such_page(request, **address):
    """For addresses that a dependency would serve and we do not offer."""
    raise Http404
