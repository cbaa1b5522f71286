"""The application as gunicorn serves it, with two faults planted: a page that fails while it holds what somebody wrote, and
one that says in the log what no log should say. Only for a process of its own: it changes the addresses it is loaded in."""

import logging
import os
from importlib import import_module

from copcready.wsgi import application

__all__ = ["application"]


def fail(request, pk):
    raise RuntimeError(f"cannot take {request.POST['note']!r} of {request.COOKIES} as {dict(request.POST)}")


def speak(request):
    logging.getLogger("copcready.planted").warning("a secret of mine: %s", os.environ["PLANTED"])
    return fail(request, 0)


for route in import_module("assessments.urls").urlpatterns:
    planted = {"answer-note": fail, "notices": speak}
    route.callback = planted.get(route.name, route.callback)
