"""What gunicorn serves."""

import os

from django.core.handlers.wsgi import WSGIRequest
from django.core.wsgi import get_wsgi_application


class Request(WSGIRequest):
    """A request that is read as UTF-8, as all browsers send it, and not before the middleware has seen it.

    Django takes what a header says of the letters, and reads the parameters of the address with it at once, outside of all
    that answers for failures: with a codec for no letters at all, or too many parameters, no page of ours would come.
    """

    @property
    def encoding(self):
        return None

    @encoding.setter
    def encoding(self, name):
        """Whoever says another one is refused by the middleware, or by the interface for programs."""


os.environ.setdefault("DJANGO_SETTINGS_MODULE", "copcready.settings")
application = get_wsgi_application()
application.request_class = Request
