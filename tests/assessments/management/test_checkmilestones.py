"""A milestone that somebody changed behind the product's back is found."""

import json
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import connection
from django.db.models import QuerySet

from assessments.models import Milestone, MilestoneReport
from assessments.models.milestones import digest
from tests import factories


@pytest.fixture
def frozen(assessment, alice):
    first = factories.frozen(assessment, "First", by=alice)
    factories.answer(assessment, PR1="0123")
    second = factories.frozen(assessment, "Second", by=alice)
    MilestoneReport.objects.keep(first, b"%PDF-1.7")
    return first, second


def tamper(statement, *values):
    """As somebody with the keys of the database could."""
    with connection.cursor() as cursor:
        for table in ("assessments_milestone", "assessments_milestonereport"):
            on = f" ON {table}" if connection.vendor == "postgresql" else ""
            cursor.execute(f"DROP TRIGGER {table}_kept{on}")
        cursor.execute(statement, values)


def check():
    out = StringIO()
    try:
        call_command("checkmilestones", stdout=out)
    except SystemExit as left:
        return out.getvalue(), left.code
    return out.getvalue(), 0


def test_untouched_milestones_are_all_right(frozen):
    assert check() == ("2 documents and 1 PDFs checked, 0 wrong.\n", 0)


def test_another_document_is_named(frozen):
    first, second = frozen
    tamper(
        "UPDATE assessments_milestone SET document = %s WHERE id = %s",
        second.document.replace("Acme", "Acne"),
        second.pk,
    )
    said, code = check()
    assert code == 1
    assert f"Milestone {second.pk}, Second: the document is not what was frozen." in said
    assert f"Milestone {first.pk}" not in said


def test_another_document_with_its_own_hash_is_named_by_the_later_ones(frozen):
    first, _second = frozen
    other = first.document.replace("Acme", "Acne")
    tamper(
        "UPDATE assessments_milestone SET document = %s, sha256 = %s WHERE id = %s",
        other,
        digest(other),
        first.pk,
    )
    said, code = check()
    assert code == 1
    assert f"Milestone {first.pk}, First: it is gone or another" in said


def test_a_milestone_that_is_gone_is_named_by_the_later_ones(frozen):
    first, second = frozen
    assert [part["sha256"] for part in json.loads(second.document)["trend"]] == [first.sha256]
    QuerySet.delete(MilestoneReport.objects.all())
    QuerySet.delete(Milestone.objects.filter(pk=first.pk))
    said, code = check()
    assert code == 1
    assert f"Milestone {first.pk}, First: it is gone or another" in said


def test_another_pdf_is_named(frozen):
    first, _second = frozen
    tamper("UPDATE assessments_milestonereport SET pdf = %s", b"%PDF-1.7 other")
    said, code = check()
    assert code == 1
    assert f"Milestone {first.pk}, First: the PDF is not what was made." in said
