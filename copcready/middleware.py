"""What every response says about itself."""

from django.utils.cache import patch_cache_control


class PrivatePages:
    """Pages of a signed-in person stay out of every cache, the browser's included: tablets on the floor are shared."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        if getattr(request, "user", None) is not None and request.user.is_authenticated:
            patch_cache_control(response, private=True, no_store=True)
        return response
