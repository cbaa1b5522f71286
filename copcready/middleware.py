"""What every response says about itself, and what is known of a request wherever it is acted on."""

from allauth.account.adapter import get_adapter
from django.core.exceptions import PermissionDenied
from django.utils.cache import patch_cache_control

from assessments.models.activity import Origin, Way, origin

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
        try:
            return get_adapter().get_client_ip(request)
        except PermissionDenied:  # behind a socket of the file system there is none
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
