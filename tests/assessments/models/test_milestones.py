"""What was frozen stays: no save, no query and no other way changes or deletes it."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.models import ProtectedError
from django.utils import timezone

from assessments.models import Milestone, MilestoneReport
from assessments.models.kept import Frozen
from assessments.models.milestones import digest
from tests import factories

CHANGES = {
    "name": "'Other'",
    "taken_on": "'2020-01-01'",
    "taken_by_name": "'Nobody'",
    "document": "'{}'",
    "sha256": "'0'",
    "figures": "'{}'",
    "levels": "'[]'",
}


@pytest.fixture
def milestone(assessment, alice):
    factories.answer(assessment, PR1="0123")
    return factories.frozen(assessment, by=alice)


def freeze(assessment, at=None, name="Baseline", content="same", by=None):
    return Milestone.objects.freeze(
        assessment,
        name=name,
        by=by,
        document="{}",
        figures={"content": content},
        levels=[],
        taken_on=date(2026, 11, 14),
        taken_at=at,
    )


def test_it_keeps_the_document_its_hash_and_who_took_it(milestone, alice):
    assert milestone.sha256 == digest(milestone.document)
    assert (milestone.taken_by, milestone.taken_by_name) == (alice, "Alice")
    assert milestone.intact


def test_saving_again_and_deleting_are_refused_with_a_sentence(milestone):
    milestone.name = "Other"
    for forbidden in (milestone.save, milestone.delete):
        with pytest.raises(Frozen, match="kept as it was taken"):
            forbidden()
    assert Milestone.objects.get().name == "Baseline"


def test_so_are_queries_that_change_or_delete(milestone):
    rows = Milestone.objects.all()
    ways = (
        lambda: rows.update(name="Other"),
        rows.delete,
        lambda: rows.bulk_update([milestone], ["name"]),
        lambda: rows.update_or_create(pk=milestone.pk, defaults={"name": "Other"}),
    )
    for forbidden in ways:
        with pytest.raises(Frozen), transaction.atomic():
            forbidden()
    assert Milestone.objects.get().name == "Baseline"


@pytest.mark.parametrize("column", CHANGES)
def test_the_database_refuses_what_goes_past_the_models(milestone, column):
    statement = f"UPDATE assessments_milestone SET {column} = {CHANGES[column]}"  # noqa: S608 - names of our own
    with pytest.raises(IntegrityError, match="kept as it was taken"), transaction.atomic():
        connection.cursor().execute(statement)
    milestone.refresh_from_db()
    assert milestone.intact


def test_the_database_refuses_another_pdf_too(milestone):
    MilestoneReport.objects.keep(milestone, b"%PDF-1.7")
    with pytest.raises(IntegrityError, match="kept as it was taken"), transaction.atomic():
        connection.cursor().execute("UPDATE assessments_milestonereport SET sha256 = '0'")


def test_an_assessment_with_a_milestone_cannot_be_deleted(milestone, assessment):
    with pytest.raises(ProtectedError):
        assessment.delete()


def test_who_leaves_stays_by_name(milestone, alice):
    alice.delete()
    milestone.refresh_from_db()
    assert (milestone.taken_by, milestone.taken_by_name) == (None, "Alice")
    assert milestone.intact


def test_a_double_click_takes_one_milestone(assessment):
    first, new = freeze(assessment)
    again, new_again = freeze(assessment)
    assert (new, new_again) == (True, False)
    assert again.pk == first.pk


@pytest.mark.parametrize(
    "differs",
    [{"name": "Other"}, {"content": "other"}, {"minutes": 2}],
    ids=["name", "content", "later"],
)
def test_another_name_another_document_or_a_later_moment_takes_another(assessment, differs):
    freeze(assessment)
    if "minutes" in differs:
        differs = {"at": timezone.now() + timedelta(**differs)}
    assert freeze(assessment, **differs)[1]
    assert Milestone.objects.count() == 2


def test_a_pdf_is_kept_once(milestone):
    first = MilestoneReport.objects.keep(milestone, b"%PDF-1.7 first")
    assert MilestoneReport.objects.keep(milestone, b"%PDF-1.7 second") == first
    assert bytes(MilestoneReport.objects.get().pdf) == b"%PDF-1.7 first"
    assert MilestoneReport.objects.get().intact


def test_the_way_leads_through_the_assessments_before_and_no_others(assessment, site, alice):
    type(assessment).objects.filter(pk=assessment.pk).update(saved_at=timezone.now())
    earlier = factories.started(site, by=alice)
    other = factories.started(factories.SiteFactory(organisation=site.organisation), by=alice)
    for each, name in ((earlier, "Old"), (assessment, "New"), (other, "Elsewhere")):
        freeze(each, name=name)
    type(assessment).objects.filter(pk=assessment.pk).update(previous=earlier)
    assessment.refresh_from_db()
    earlier.refresh_from_db()
    assert [row.name for row in Milestone.objects.leading_to(assessment)] == ["Old", "New"]
    assert [row.name for row in Milestone.objects.leading_to(earlier)] == ["Old"]
