"""What every response says about itself, and what is known of a request wherever it is acted on."""

import logging
from time import perf_counter
from uuid import uuid4

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.cache import patch_cache_control
from django.utils.translation import gettext as _

from assessments import session_limits
from assessments.access import SecondFactorNeeded
from assessments.demo.signins import SIGN_IN_DOMAIN
from assessments.models.origin import Origin, Way, origin, tenant
from assessments.second_factors import has_one
from copcready.logs import answering

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

METHODS = ("GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE")
# What the pages of others could ask a browser for in our name, and we never do.
UNUSED_FEATURES = (
    "accelerometer",
    "autoplay",
    "browsing-topics",
    "camera",
    "display-capture",
    "encrypted-media",
    "fullscreen",
    "geolocation",
    "gyroscope",
    "hid",
    "idle-detection",
    "local-fonts",
    "magnetometer",
    "microphone",
    "midi",
    "payment",
    "picture-in-picture",
    "screen-wake-lock",
    "serial",
    "usb",
    "xr-spatial-tracking",
)
ACCOUNT_PAGES = ("account", "mfa_", "usersessions_", "sso-")  # how the names of addresses begin
SECRETS_IN_ADDRESSES = {"key", "token"}  # names of parts of an address that open something by themselves


class GuardedResponses:
    """The headers that Django and django-csp do not set; outermost, so that refusals and errors carry them too."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        response.headers["Permissions-Policy"] = ", ".join(f"{name}=()" for name in UNUSED_FEATURES)
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        if carries_a_secret(request):
            patch_cache_control(response, private=True, no_store=True)
            if response.get("Referrer-Policy") != "no-referrer":
                # The host and no path. Without any, browsers send a form with `Origin: null`, which counts as forged.
                response.headers["Referrer-Policy"] = "strict-origin"
            response.headers.setdefault("X-Robots-Tag", "noindex")
        return response


class RefusedRequests:
    """TRACE would give a request's cookies back to a script, and words nobody knows would count as looking. Text in other
    letters than UTF-8 would be read wrongly. A program that sends its token unencrypted has to notice: sending it on to
    HTTPS would hide that."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.refusal(request) or self.get_response(request)

    @staticmethod
    def refusal(request):
        if request.method not in METHODS:
            return sentence(405, _("This address does not know that method."), Allow=", ".join(METHODS))
        if says_other_letters(request):
            return sentence(
                415, _("Send text in UTF-8, or without saying in what: nothing else is read here.")
            )
        if settings.HTTPS and request.path_info.startswith("/api/") and not request.is_secure():
            return sentence(
                403, _("Use https:// for this address, and a new token: this one travelled in the open.")
            )
        return None


def says_other_letters(request):
    """Does a header name other letters than UTF-8? The interface for programs says so in its own form."""
    said = request.content_params.get("charset", "utf-8").lower()
    return said not in ("utf-8", "utf8") and not request.path_info.startswith("/api/")


def sentence(status, text, **headers):
    return HttpResponse(f"{text}\n", status=status, content_type="text/plain; charset=utf-8", headers=headers)


def carries_a_secret(request):
    """Does the address alone open something, as that of a calendar or of a new password does?"""
    match = request.resolver_match
    return match is not None and not SECRETS_IN_ADDRESSES.isdisjoint(match.kwargs)


class SessionLimits:
    """Ends a session whose time is over before anybody asks whose it is: the page leads to the sign-in and back."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        session_limits.keep(request.session)
        return self.get_response(request)


class DemoKeptOut:
    """Behind HTTPS others can reach this server, and the passwords of the demo lie in a file and on screens: its accounts
    are signed out at once, unless COPCREADY_DEMO says that this is meant."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if settings.HTTPS and not settings.DEMO and is_of_the_demo(request.user):
            logout(request)
            messages.error(
                request,
                _(
                    "Accounts of the demo are closed on this server. Whoever runs it can open them with COPCREADY_DEMO."
                ),
            )
            return redirect(settings.LOGIN_URL)
        return self.get_response(request)


def is_of_the_demo(user):
    return user.is_authenticated and user.email.lower().endswith(SIGN_IN_DOMAIN)


class SecondFactorForAll:
    """Where the settings require a second factor of everybody, whoever has none reaches the pages of their own account,
    where one is set up, and what needs no account at all."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    @staticmethod
    def process_view(request, view, _args, _kwargs):
        if settings.SECOND_FACTOR != "required" or not request.user.is_authenticated:
            return
        name = request.resolver_match.view_name
        if (
            getattr(view, "login_required", True)
            and not name.startswith(ACCOUNT_PAGES)
            and not has_one(request.user)
        ):
            raise SecondFactorNeeded(
                _("Everybody who works here needs a second factor at sign-in. Set one up, then come back.")
            )


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
        """The address of whoever asks; None where there is none, as behind a socket of the file system."""
        try:
            return get_adapter().get_client_ip(request)
        except PermissionDenied:
            return None

    @staticmethod
    def way_of(request):
        return next((way for start, way in WAYS.items() if request.path_info.startswith(start)), Way.PAGE)


class PrivatePages:
    """Pages of a signed-in person stay out of every cache, the browser's included: tablets on the floor are shared."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        if getattr(request, "user", None) is not None and request.user.is_authenticated:
            patch_cache_control(response, private=True, no_store=True)
        return response
