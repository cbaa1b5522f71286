"""The door for tools: a token says who asks. docs/api.md explains it to their makers.

No session counts here, so nothing can be forged through somebody's browser, and no cookie is set.
"""

from functools import wraps

from django.contrib.auth.decorators import login_not_required
from django.db import OperationalError
from django.http import JsonResponse
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from assessments.forms.answers import patiently
from assessments.forms.readings_api import Refused
from assessments.models import ApiToken
from assessments.models.tokens import Ended
from assessments.views.answers import RETRY_AFTER

CHALLENGE = {"WWW-Authenticate": 'Bearer realm="copcready"'}


def for_tools(scope, methods=("GET", "HEAD")):
    """`view(request, token, pk)` for whoever sends a token in force of that scope.

    The view may raise Refused; what the address names is looked up among what belongs to the site of the token.
    """

    def decorate(view):
        @csrf_exempt
        @login_not_required
        @cache_control(private=True, no_store=True)
        @require_http_methods(list(methods))
        @wraps(view)
        def reply(request, pk):
            try:
                return _reply(view, request, scope, pk)
            except Refused as refused:
                headers = CHALLENGE if refused.status == 401 else {}
                return refusal(refused.status, str(refused), headers)
            except OperationalError:
                sentence = _("The database is busy. Nothing was saved. Try again in a moment.")
                return refusal(503, sentence, {"Retry-After": RETRY_AFTER})

        return reply

    return decorate


def _reply(view, request, scope, pk):
    token = ApiToken.objects.opened_by(_bearer(request))
    wait = _use(token)
    if wait:
        sentence = _("Too many requests with this token. Ask for more, or send more, in each.")
        return refusal(429, sentence, {"Retry-After": wait})
    if token.scope != scope:
        words = {"this": token.get_scope_display(), "other": ApiToken.Scope(scope).label}
        raise Refused(403, _("This token is for “%(this)s”. Here one is needed for “%(other)s”.") % words)
    return view(request, token, pk)


def _use(token):
    try:
        if token:
            return patiently(token.use)
    except Ended:  # a moment ago
        pass
    raise Refused(401, _("Send the header Authorization: Bearer, followed by a token that is in force."))


def _bearer(request):
    """The token that was sent, or nothing."""
    scheme, _space, text = request.headers.get("Authorization", "").partition(" ")
    return text.strip() if scheme.lower() == "bearer" else ""


def refusal(status, sentence, headers=None):
    return JsonResponse({"errors": [{"message": sentence}]}, status=status, headers=headers)


def only_its_site(token, pk):
    """Raises Refused where an address names another site than that of the token, as for one that never was."""
    if token.site_id != pk:
        raise not_here()


def not_here():
    return Refused(404, _("There is nothing at this address for this token."))
