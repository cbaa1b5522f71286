"""One answer, the page of its item, and a database that is busy."""

import pytest
from django.db import OperationalError
from django.urls import reverse

from assessments.forms import answers as forms
from assessments.models import Answer


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
