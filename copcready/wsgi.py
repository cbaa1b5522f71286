"""What gunicorn serves."""

import os

from django.core.handlers.wsgi import WSGIRequest
from django.core.wsgi import get_wsgi_application


class Request(WSGIRequest):
    """A request of which nothing is read before the middleware has seen it.

    Django reads the parameters of an address as soon as a header says in what letters they are, outside of all that answers
    for failures: with letters that are none, or too many parameters, no page of ours would come.
    """

    @property
    def encoding(self):
        return self._encoding

    @encoding.setter
    def encoding(self, name):
        self._encoding = name


os.environ.setdefault("DJANGO_SETTINGS_MODULE", "copcready.settings")
application = get_wsgi_application()
application.request_class = Request
