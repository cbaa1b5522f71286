"""Readings from a file in the register: applied in one go, undone in one go, and what becomes of dry runs left open."""

from datetime import UTC, datetime, timedelta
from functools import partial

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from assessments.models import Assessment, Reading, ReadingImport, ReadingRevision
from assessments.models.reading_imports import WAITS
from assessments.workbooks import readings_plan as plans
from tests import factories
from tests.assessments.workbooks.figures import applied, begun, enter, everything, register

FILE = """Metric,Sep 2026,Oct 2026
Handle time,310,300
Service level: answered in 30 s,8000,8100
Service level: offered,10000,10000
"""


@pytest.fixture(autouse=True)
def _november(time_machine):
    time_machine.move_to(datetime(2026, 11, 20, 9, 0, tzinfo=UTC), tick=False)


@pytest.fixture
def handle(site):
    return factories.MetricFactory(site=site, name="Handle time", unit="seconds", direction="lower")


@pytest.fixture
def service(site):
    return factories.MetricFactory(
        site=site, name="Service level", numerator="answered in 30 s", denominator="offered"
    )


@pytest.fixture
def metrics(handle, service):
    return handle, service


def test_what_is_applied_has_the_file_as_its_source_and_a_revision_each(site, alice, metrics):
    done = applied(site, alice, FILE)
    assert register(site) == {
        ("Handle time", "2026-09"): (None, None, 310, ""),
        ("Handle time", "2026-10"): (None, None, 300, ""),
        ("Service level", "2026-09"): (8000, 10000, 80, ""),
        ("Service level", "2026-10"): (8100, 10000, 81, ""),
    }
    assert set(Reading.objects.values_list("source", "by", "version")) == {("figures.csv", alice.pk, 1)}
    assert ReadingRevision.objects.filter(source="figures.csv").count() == 4
    assert (done.by, done.said, len(done.changes)) == (alice, {}, 4)


def test_undoing_puts_every_reading_back_as_it_was(site, alice, bob, metrics):
    handle, service = metrics
    enter(handle, "2026-10", bob, value=333.0, note="A flood")
    enter(service, "2026-09", bob, numerator=7000.0, denominator=9000.0)
    before = register(site)
    done = applied(site, alice, FILE)
    assert register(site) != before
    assert done.undo(by=alice)
    assert register(site) == before
    assert done.undone_by == alice


def test_an_undo_is_a_save_of_its_own_in_the_history(site, alice, bob, handle):
    enter(handle, "2026-10", bob, value=333.0)
    applied(site, alice, "Metric,Oct 2026\nHandle time,300\n").undo(by=alice)
    revisions = ReadingRevision.objects.order_by("version")
    assert [(each.values["value"], each.by, each.source) for each in revisions] == [
        (333, bob, ""),
        (300, alice, "figures.csv"),
        (333, alice, "Undo of figures.csv"),
    ]


def test_the_source_of_an_undo_fits_however_long_the_name_of_the_file_is(site, alice, handle):
    done = applied(site, alice, "Metric,Oct 2026\nHandle time,300\n")
    ReadingImport.objects.filter(pk=done.pk).update(file_name="x" * 200)
    done.undo(by=alice)
    assert len(Reading.objects.get().source) == 200


def test_what_somebody_saved_since_is_left_alone(site, alice, bob, metrics):
    handle, service = metrics
    done = applied(site, alice, FILE)
    enter(handle, "2026-10", bob, value=299.0)
    enter(service, "2026-10", bob, note="Without the flood")
    back, since = done.in_two()
    assert [change["month"] for change in back] == ["2026-09-01", "2026-09-01"]
    assert [change["metric"] for change in since] == [handle.pk, service.pk]
    done.undo(by=alice)
    assert register(site) == {
        ("Handle time", "2026-10"): (None, None, 299, ""),
        ("Service level", "2026-10"): (8100, 10000, 81, "Without the flood"),
    }


def test_undoing_twice_changes_nothing_the_second_time(site, alice, metrics):
    done = applied(site, alice, FILE)
    assert done.undo(by=alice)
    again = ReadingImport.objects.get(pk=done.pk)
    count = ReadingRevision.objects.count()
    assert not again.undo(by=alice)
    assert ReadingRevision.objects.count() == count


def test_what_was_undone_can_be_brought_in_again_as_new(site, alice, handle):
    applied(site, alice, "Metric,Oct 2026\nHandle time,300\n").undo(by=alice)
    [row] = plans.plan(begun(site, alice, "Metric,Oct 2026\nHandle time,300\n")).rows
    assert row.is_new


def test_the_levels_follow_an_import_and_its_undo(site, assessment, alice, handle):
    answer = assessment.answers.get(requirement__key="pf3-thing-1")
    handle.shows = ["pf3-thing-1"]
    handle.save()
    Assessment.objects.follow_metrics(site)
    done = applied(site, alice, "Metric,Oct 2026\nHandle time,300\n")
    answer.refresh_from_db()
    assert answer.shown == 1
    done.undo(by=alice)
    answer.refresh_from_db()
    assert answer.shown == 0


def test_the_readings_of_a_metric_archived_since_go_back_too(site, alice, handle):
    done = applied(site, alice, "Metric,Oct 2026\nHandle time,300\n")
    handle.archived_at = timezone.now()
    handle.save()
    done.undo(by=alice)
    assert register(site) == {}


# ---- dry runs ---------------------------------------------------------------------------------------------------


def test_a_new_dry_run_takes_the_place_of_ones_own_and_leaves_those_of_others(site, alice, bob, handle):
    first, bobs = begun(site, alice, FILE), begun(site, bob, FILE)
    second = begun(site, alice, FILE)
    assert set(ReadingImport.objects.all()) == {bobs, second}
    assert first not in ReadingImport.objects.all()


def test_a_dry_run_that_nobody_applied_for_a_day_is_thrown_away(site, alice, bob, time_machine, handle):
    begun(site, bob, FILE)
    time_machine.move_to(timezone.now() + WAITS + timedelta(minutes=1))
    kept = begun(site, alice, FILE)
    assert list(ReadingImport.objects.all()) == [kept]


def test_what_was_applied_stays_when_a_new_file_comes(site, alice, handle):
    done = applied(site, alice, FILE)
    begun(site, alice, FILE)
    assert list(ReadingImport.objects.applied()) == [done]


def test_members_of_other_organisations_see_none(site, alice, charlie, handle):
    done = begun(site, alice, FILE)
    assert list(ReadingImport.objects.for_user(alice)) == [done]
    assert list(ReadingImport.objects.for_user(charlie)) == []


# ---- how many queries -------------------------------------------------------------------------------------------


@pytest.fixture
def many(site):
    """Sixty metrics, half of them with two counts, and a file of 24 months of each."""
    months = [f"{year}-{month:02}" for year in (2024, 2025) for month in range(1, 13)]
    lines = ["Metric," + ",".join(months)]
    for number in range(60):
        name, counts = f"Metric no {number}", {"numerator": "hits", "denominator": "tries"}
        factories.MetricFactory(site=site, name=name, **counts if number % 2 else {"unit": "seconds"})
        labels = [f"{name}: hits", f"{name}: tries"] if number % 2 else [name]
        lines += [label + "," + ",".join(str(100 + place) for place in range(24)) for label in labels]
    return "\n".join(lines) + "\n"


def asked(task):
    """How many questions `task` asks the database. Writes go in batches and do not count."""
    with CaptureQueriesContext(connection) as queries:
        task()
    return sum(query["sql"].startswith("SELECT") for query in queries)


def test_sixty_metrics_of_two_years_ask_the_database_as_often_as_one(site, alice, many):
    factories.started(site, by=alice)
    counts = []
    for text in ("Metric,2024-01\nMetric no 0,90\n", many, many.replace(",100", ",99")):
        done = begun(site, alice, text)
        choice = everything(done)
        counts.append(
            [
                asked(partial(plans.plan, done)),
                asked(partial(plans.apply, done, choice, by=alice)),
                asked(partial(done.undo, by=alice)),
            ]
        )
    assert Reading.objects.count() == 1440
    assert counts == [counts[0]] * 3
    assert counts[0][0] == 2
    assert max(counts[0]) < 10
