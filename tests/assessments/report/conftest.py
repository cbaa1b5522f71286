"""A document after given answers, shared by what is said about it and what is printed of it."""

from datetime import date

import pytest

from assessments.models import Assessment
from assessments.report import document
from tests import factories

CHOICES = {"?": "unknown", "-": "na", ".": ""}


@pytest.fixture
def found(site, alice):
    """`found(PR1="03?-")` is the document after these answers; small_release's items have four requirements each."""
    assessment = factories.started(site, by=alice)

    def after(**items):
        for code, signs in items.items():
            rows = assessment.answers.filter(requirement__item__code=code).order_by("requirement__position")
            for row, sign in zip(rows, signs, strict=True):
                row.choice = CHOICES.get(sign, sign)
                row.reason = "not-offered" if row.choice == "na" else ""
                row.save()
        return document.build(Assessment.objects.with_names().get(pk=assessment.pk), as_of=date(2026, 11, 20))

    return after
