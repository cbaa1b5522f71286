"""What every response says about itself, and what is known of a request wherever it is acted on."""

import logging
from ipaddress import ip_address
from time import perf_counter
from uuid import uuid4

from allauth.account.adapter import get_adapter
from django.core.exceptions import ImproperlyConfigured, PermissionDenied
from django.utils.cache import patch_cache_control

from assessments.models.origin import Origin, Way, origin, tenant
from copcready.logs import answering

METHODS = ("GET", "HEAD", "POST", "OPTIONS", "PUT", "PATCH", "DELETE", "TRACE")


request_log = logging.getLogger("copcready.requests")


class RequestLog:
    """One line for each request: what was asked, by its name instead of its address, who asked, and how it ended."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        request.log_id, began = uuid4().hex, perf_counter()
        tokens = answering.set(request), tenant.set(None)
        try:
            response = self.get_response(request)
            facts = self.facts(request, response, perf_counter() - began)
            request_log.info("%s %s", facts["method"], facts["route"], extra={"facts": facts})
            return response
        finally:
            answering.reset(tokens[0])
            tenant.reset(tokens[1])

    @staticmethod
    def facts(request, response, seconds):
        """No address, which may hold a token, and no e-mail. Who signed in is told where the page asked for it."""
        match, user = request.resolver_match, getattr(request, "_cached_user", None)
        method = request.method if request.method in METHODS else "other"
        facts = {
            "method": method,
            "route": match.view_name or "unnamed" if match else "none",
            "status": response.status_code,
            "milliseconds": round(seconds * 1000, 1),
        }
        known = {"user": getattr(user, "pk", None), "organisation": tenant.get()}
        return facts | {name: value for name, value in known.items() if value is not None}


WAYS = {"/admin/": Way.ADMIN, "/api/": Way.TOKEN, "/shared/": Way.LINK}


class RequestOrigin:
    """Makes known from where a request comes, so that what is noted in the activity of an organisation can say so."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        token = origin.set(Origin(self.address_of(request), self.way_of(request)))
        try:
            return self.get_response(request)
        finally:
            origin.reset(token)

    @staticmethod
    def address_of(request):
        """The address of whoever asks, in the one spelling that every database stores; None where there is none."""
        try:
            return plain_address(get_adapter().get_client_ip(request))
        except PermissionDenied:  # behind a socket of the file system there is none
            return None
        except ImproperlyConfigured:  # it came past a proxy: it names fewer of them than there are
            return plain_address(request.META.get("REMOTE_ADDR", ""))

    @staticmethod
    def way_of(request):
        return next((way for start, way in WAYS.items() if request.path_info.startswith(start)), Way.PAGE)


def plain_address(text):
    """`text` without a zone of IPv6, and as IPv4 where it is one written as IPv6; None where it is no address."""
    try:
        found = ip_address(text.partition("%")[0])
    except ValueError:
        return None
    return str(getattr(found, "ipv4_mapped", None) or found)


class PrivatePages:
    """Pages of a signed-in person stay out of every cache, the browser's included: tablets on the floor are shared."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        if getattr(request, "user", None) is not None and request.user.is_authenticated:
            patch_cache_control(response, private=True, no_store=True)
        return response
