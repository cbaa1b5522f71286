"""One answer, the page of its item, a database that is busy, and a tool that sends readings."""

import json
from datetime import UTC, datetime

import pytest
from django.db import OperationalError
from django.test import Client
from django.urls import reverse

from assessments.forms import answers as forms
from assessments.models import Answer, ApiToken
from tests import factories


@pytest.fixture
def answer(assessment):
    return assessment.answers.in_order().first()


@pytest.fixture
def item(assessment):
    return reverse("item", args=[assessment.pk, "PR1"])


@pytest.fixture
def busy(monkeypatch):
    """A database that is busy for the next `busy(times)` saves."""
    monkeypatch.setattr(forms, "sleep", lambda seconds: None)
    real = Answer._record

    def for_the_next(times):
        left = iter(range(times))

        def record(self, *args, **kwargs):
            if next(left, None) is not None:
                raise OperationalError("database is locked")
            return real(self, *args, **kwargs)

        monkeypatch.setattr(Answer, "_record", record)

    return for_the_next


@pytest.fixture
def meanwhile(monkeypatch):
    """`meanwhile(form, do)`: once a form of that class is looked through, and before it is stored, somebody does `do()`."""

    def plan(form, do):
        real, waiting = form.is_valid, [do]

        def is_valid(self):
            found = real(self)
            while waiting:
                waiting.pop()()
            return found

        monkeypatch.setattr(form, "is_valid", is_valid)

    return plan


# ---- a tool that sends readings ---------------------------------------------------------------------------------


@pytest.fixture
def clock(time_machine):
    time_machine.move_to(datetime(2026, 11, 20, 9, 0, tzinfo=UTC), tick=False)
    return time_machine


@pytest.fixture
def service(site):
    return factories.MetricFactory(
        site=site, name="Service level", numerator="answered in 30 s", denominator="offered"
    )


@pytest.fixture
def speed(site):
    return factories.MetricFactory(site=site, name="Speed of answer", unit="seconds", direction="lower")


@pytest.fixture
def token(site, alice):
    """(token, text)"""
    return ApiToken.objects.issue(site=site, name="Power BI", days=90, by=alice)


@pytest.fixture
def address(site):
    return reverse("readings-api", args=[site.pk])


@pytest.fixture
def tool(token):
    """A client that sends the token and nothing else."""
    return Client(headers={"authorization": f"Bearer {token[1]}"}, enforce_csrf_checks=True)


@pytest.fixture
def push(tool, address):
    """`push(SPEED, OCTOBER)` sends them; `push(body=..., **options)` sends something else."""

    def send(*readings, body=None, content_type="application/json", **options):
        body = json.dumps({"readings": readings}) if body is None else body
        return tool.post(address, body, content_type=content_type, **options)

    return send
