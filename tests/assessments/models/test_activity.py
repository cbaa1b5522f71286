"""What was done stays as it was noted: no save, no query and no other way changes it."""

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from assessments.models import Activity, AnswerRevision, Organisation, Site, Verb
from assessments.models.kept import Frozen
from assessments.models.origin import NO_REQUEST, Origin, Way, origin
from tests import factories

COLUMNS = {
    "at": "'2020-01-01'",
    "who": "'Nobody'",
    "verb": "'other'",
    "what": "'Other'",
    "address": "'192.0.2.99'",
    "way": "'token'",
}


@pytest.fixture
def from_paris():
    token = origin.set(Origin("192.0.2.7", Way.PAGE))
    yield
    origin.reset(token)


@pytest.fixture
def row(from_paris, acme, site, mark):
    return Activity.objects.record(acme, Verb.SITE_EDITED, "Leeds", by=mark, site=site)


def forced(statement):
    with transaction.atomic():
        connection.cursor().execute(statement)


def test_a_row_says_who_did_what_when_from_where_and_by_which_way(row, mark):
    stored = Activity.objects.get()
    assert (stored.by, stored.who, stored.verb, stored.what) == (mark, "Mark", "site-edited", "Leeds")
    assert (stored.address, stored.way) == ("192.0.2.7", "page")


def test_outside_a_request_there_is_no_address(acme):
    assert origin.get() == NO_REQUEST
    row = Activity.objects.record(acme, Verb.SITE_EDITED, "x" * 500)
    assert (row.who, row.address, row.way, len(row.what)) == ("", None, "command", 200)


def test_many_organisations_are_told_with_one_query(acme, charlie, django_assert_num_queries):
    ids = list(Organisation.objects.values_list("pk", flat=True))
    with django_assert_num_queries(1):
        Activity.objects.record_in(ids, Verb.STAFF_LISTED, "answers", who="rita@example.com")
    assert set(Activity.objects.values_list("organisation", flat=True)) == set(ids)


def test_saving_again_and_deleting_are_refused_with_a_sentence(row):
    row.what = "Other"
    for forbidden in (row.save, row.delete):
        with pytest.raises(Frozen, match="stays in the activity as it was noted"):
            forbidden()
    assert Activity.objects.get().what == "Leeds"


def test_so_are_queries_that_change_or_delete(row):
    rows = Activity.objects.all()
    ways = (
        lambda: rows.update(what="Other"),
        rows.delete,
        lambda: rows.bulk_update([row], ["what"]),
        lambda: rows.update_or_create(pk=row.pk, defaults={"what": "Other"}),
    )
    for forbidden in ways:
        with pytest.raises(Frozen), transaction.atomic():
            forbidden()
    assert Activity.objects.get().what == "Leeds"


@pytest.mark.parametrize("column", COLUMNS)
def test_the_database_refuses_what_goes_past_the_models(row, column):
    with pytest.raises(IntegrityError, match="stays in the activity as it was noted"):
        forced(f"UPDATE assessments_activity SET {column} = {COLUMNS[column]}")  # noqa: S608 - names of our own


@pytest.mark.parametrize("column", ["by_id", "site_id"])
def test_the_database_lets_nobody_put_somebody_else_in(row, alice, column):
    other = alice.pk if column == "by_id" else factories.SiteFactory(organisation=row.organisation).pk
    with pytest.raises(IntegrityError, match="stays in the activity as it was noted"):
        forced(f"UPDATE assessments_activity SET {column} = {other}")  # noqa: S608 - names of our own


def test_who_leaves_stays_by_name_and_a_site_that_goes_leaves_its_rows(row, mark, site):
    mark.delete()
    Site.objects.filter(pk=site.pk).delete()
    stored = Activity.objects.get()
    assert (stored.by, stored.site, stored.who, stored.what) == (None, None, "Mark", "Leeds")


def test_an_organisation_takes_its_activity_along_once_it_is_in_the_bin(row, acme, site):
    site.delete()
    Organisation.objects.filter(pk=acme.pk).update(binned_at=timezone.now())
    acme.delete()
    assert not Activity.objects.exists()


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has no guard against deleting")
def test_the_database_deletes_nothing_of_an_organisation_in_use(row, acme):
    with pytest.raises(IntegrityError, match="stays in the activity as it was noted"):
        forced("DELETE FROM assessments_activity")


def test_a_save_of_an_answer_says_from_where(from_paris, assessment, bob):
    answer = assessment.answers.select_related("requirement", "assessment__site").first()
    answer.record_choice(choice="2", by=bob, version=0)
    assert AnswerRevision.objects.get().address == "192.0.2.7"
