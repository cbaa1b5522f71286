"""/.well-known/security.txt: where somebody who found a hole writes to (RFC 9116)."""

from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpResponse
from django.views.decorators.http import require_safe

# The format wants a day; an instance that is switched off gives no promise after it.
VALID = timedelta(days=180)


@login_not_required
@require_safe
def contact(request):
    """404 unless COPCREADY_SECURITY_CONTACT names somebody: an address that nobody reads is worse than none."""
    if not settings.SECURITY_CONTACT:
        raise Http404
    expires = (datetime.now(UTC) + VALID).strftime("%Y-%m-%dT00:00:00Z")
    lines = (
        f"Contact: {settings.SECURITY_CONTACT}",
        f"Expires: {expires}",
        "Preferred-Languages: en",
        f"Canonical: {settings.SITE_URL}/.well-known/security.txt",
    )
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")
