"""A document after given answers, shared by what is said about it and what is printed of it."""

from datetime import date

import pytest

from assessments.models import Assessment
from assessments.report import document
from assessments.report.parts import ActionPart
from tests import factories


@pytest.fixture
def found(site, alice):
    """`found(PR1="03?-")` is the document after these answers; small_release's items have four requirements each."""
    assessment = factories.started(site, by=alice)

    def after(**items):
        factories.answer(assessment, **items)
        return document.build(Assessment.objects.with_names().get(pk=assessment.pk), as_of=date(2026, 11, 20))

    return after


@pytest.fixture
def assessment_action():
    """`assessment_action(answer)` is the part of a document for an action of Alice that closes the gap of `answer`."""

    def planned(answer, **changes):
        values = {
            "id": 1,
            "title": "Draw up the list",
            "owner": "Alice",
            "effort": "S",
            "cost": "",
            "start": None,
            "due": date(2027, 1, 29),
            "status": "to-do",
            "over_since": None,
            "overdue": False,
            "done_when": "The list exists.",
            "note": "",
            "keys": (answer.key,),
            "codes": (answer.code,),
        }
        return ActionPart(**values | changes)

    return planned
