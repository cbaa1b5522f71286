"""What every response says about itself, and what is known of a request wherever it is acted on."""

from ipaddress import ip_address

from allauth.account.adapter import get_adapter
from django.core.exceptions import ImproperlyConfigured, PermissionDenied
from django.utils.cache import patch_cache_control

from assessments.models.origin import Origin, Way, origin


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
        if request.path_info.startswith("/admin/"):
            return Way.ADMIN
        return Way.TOKEN if request.path_info.startswith("/api/") else Way.PAGE


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
