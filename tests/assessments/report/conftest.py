"""A document after given answers, shared by what is said about it and what is printed of it."""

from datetime import date

import pytest

from assessments.models import Assessment
from assessments.report import document
from tests import factories


@pytest.fixture
def found(site, alice):
    """`found(PR1="03?-")` is the document after these answers; small_release's items have four requirements each."""
    assessment = factories.started(site, by=alice)

    def after(**items):
        factories.answer(assessment, **items)
        return document.build(Assessment.objects.with_names().get(pk=assessment.pk), as_of=date(2026, 11, 20))

    return after
