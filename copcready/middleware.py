"""What every response says about itself, and what is known of a request wherever it is acted on."""

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.cache import patch_cache_control
from django.utils.translation import gettext as _

from assessments.demo.signins import SIGN_IN_DOMAIN
from assessments.models.activity import Origin, Way, origin

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
            response.headers["Referrer-Policy"] = "no-referrer"
            response.headers["X-Robots-Tag"] = "noindex"
        return response


class RefusedRequests:
    """TRACE would give a request's cookies back to a script, and words nobody knows would count as looking. A program that
    sends its token unencrypted has to notice: sending it on to HTTPS would hide that."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.refusal(request) or self.get_response(request)

    @staticmethod
    def refusal(request):
        if request.method not in METHODS:
            return sentence(405, _("This address does not know that method."), Allow=", ".join(METHODS))
        if settings.HTTPS and request.path_info.startswith("/api/") and not request.is_secure():
            return sentence(
                403, _("Use https:// for this address, and a new token: this one travelled in the open.")
            )
        return None


def sentence(status, text, **headers):
    return HttpResponse(f"{text}\n", status=status, content_type="text/plain; charset=utf-8", headers=headers)


def carries_a_secret(request):
    """Does the address alone open something, as that of a calendar or of a new password does?"""
    match = request.resolver_match
    return match is not None and not SECRETS_IN_ADDRESSES.isdisjoint(match.kwargs)


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
        try:
            return get_adapter().get_client_ip(request)
        except PermissionDenied:  # behind a socket of the file system there is none
            return None

    @staticmethod
    def way_of(request):
        if request.path_info.startswith("/admin/"):
            return Way.ADMIN
        return Way.TOKEN if request.path_info.startswith("/api/") else Way.PAGE


class PrivatePages:
    """Pages of a signed-in person stay out of every cache, the browser's included: tablets on the floor are shared."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        if getattr(request, "user", None) is not None and request.user.is_authenticated:
            patch_cache_control(response, private=True, no_store=True)
        return response
