"""Saving readings: what changes, what two people enter at once, every change kept, and the levels that follow at once."""

import re
from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext

from assessments.models import Assessment, Reading, ReadingRevision
from assessments.models.readings import LARGEST, Entry, check, record
from tests import factories
from tests.assessments.measured import NOON, OCTOBER, aim, enter
from tests.walk import fingerprint

SEPTEMBER = date(2026, 9, 1)
TODAY = date(2026, 11, 20)
KEY = "pf3-thing-1"
COUNTS = {"numerator": "answered in 30 s", "denominator": "offered"}


@pytest.fixture(autouse=True)
def _clock(time_machine):
    time_machine.move_to(NOON, tick=False)


@pytest.fixture
def service(site):
    return factories.MetricFactory(site=site, name="Service level", **COUNTS)


@pytest.fixture
def speed(site):
    return factories.MetricFactory(site=site, name="Speed of answer", unit="seconds", direction="lower")


@pytest.fixture
def save(site, bob):
    """`save(speed, value=21.5)` as Bob, who saw nothing there; `seen` and `by` say otherwise."""

    def one(metric, month=OCTOBER, *, seen=0, by=bob, **values):
        return record(site, [Entry(metric, month, values, seen)], by=by)

    return one


# ---- what is saved ----------------------------------------------------------------------------------------------


def test_two_counts_are_saved_with_the_rate_they_come_to(save, service, bob):
    recorded = save(service, numerator=60, denominator=80)
    reading = Reading.objects.get()
    assert recorded.saved == (reading,)
    assert (reading.metric, reading.month, reading.value) == (service, OCTOBER, 75)
    assert (reading.version, reading.by, reading.at, reading.source) == (1, bob, NOON, "")
    assert recorded.before == {(service.pk, OCTOBER): None}


def test_while_one_count_is_missing_there_is_no_rate(save, service):
    save(service, numerator=60)
    reading = Reading.objects.get()
    assert (reading.numerator, reading.value) == (60, None)
    save(service, denominator=80, seen=1)
    reading.refresh_from_db()
    assert (reading.numerator, reading.value) == (60, 75)
    save(service, numerator=None, seen=2)
    reading.refresh_from_db()
    assert (reading.denominator, reading.value) == (80, None)


def test_a_later_figure_takes_the_place_of_the_earlier_and_both_are_kept(save, speed, alice, bob):
    save(speed, value=21.5, note="Estimated")
    recorded = save(speed, value=22, seen=1, by=alice)
    reading = Reading.objects.get()
    assert (reading.value, reading.note, reading.version, reading.by) == (22, "Estimated", 2, alice)
    blank = {"numerator": None, "denominator": None}
    first, second = reading.revisions.all()
    assert (first.version, first.by, first.values) == (1, bob, blank | {"value": 21.5, "note": "Estimated"})
    assert (second.version, second.by, second.values) == (
        2,
        alice,
        blank | {"value": 22, "note": "Estimated"},
    )
    assert recorded.before == {(speed.pk, OCTOBER): first.values}


def test_what_says_nothing_new_is_not_saved(save, speed):
    save(speed, value=21.5)
    before = fingerprint()
    assert (save(speed, value=21.5, seen=1).saved, save(speed, seen=1).saved) == ((), ())
    assert save(speed, SEPTEMBER, value=None, note="").saved == ()
    assert fingerprint() == before


def test_a_figure_taken_out_leaves_an_empty_reading_with_its_past(save, speed):
    save(speed, value=21.5)
    save(speed, value=None, seen=1)
    reading = Reading.objects.get()
    assert (reading.value, reading.version) == (None, 2)
    assert [revision.values["value"] for revision in reading.revisions.all()] == [21.5, None]


def test_figures_of_a_file_carry_its_name(site, speed, alice):
    record(site, [Entry(speed, OCTOBER, {"value": 20})], by=alice, source="ours.xlsx")
    for row in (Reading.objects.get(), ReadingRevision.objects.get()):
        assert (row.source, row.by) == ("ours.xlsx", alice)


# ---- two people -------------------------------------------------------------------------------------------------


def test_two_people_who_change_different_counts_both_keep_theirs(save, service, alice):
    save(service, numerator=60, denominator=80)
    save(service, numerator=72, denominator=80, seen=1, by=alice)
    recorded = save(service, numerator=60, denominator=90, seen=1)
    assert recorded.conflicts == ()
    reading = Reading.objects.get()
    assert (reading.numerator, reading.denominator, reading.value, reading.version) == (72, 90, 80, 3)


def test_a_note_and_a_figure_do_not_get_in_each_other_s_way(save, speed, alice):
    save(speed, value=20)
    save(speed, note="A flood", seen=1, by=alice)
    save(speed, value=21, seen=1)
    reading = Reading.objects.get()
    assert (reading.value, reading.note) == (21, "A flood")


def test_the_same_figure_entered_differently_meanwhile_is_a_conflict(save, speed, alice):
    save(speed, value=20)
    save(speed, value=21, seen=1, by=alice)
    before = fingerprint()
    recorded = save(speed, value=22, seen=1)
    ((entry, reading),) = recorded.conflicts
    assert (entry.values, reading.value, reading.by) == ({"value": 22}, 21, alice)
    assert (recorded.saved, fingerprint()) == ((), before)
    assert save(speed, value=22, seen=reading.version).saved, "having seen theirs, one may replace it"


def test_two_first_figures_of_a_month_are_a_conflict(save, speed, alice):
    save(speed, value=20, by=alice)
    assert save(speed, value=22).conflicts
    assert Reading.objects.get().value == 20


def test_what_somebody_else_entered_alike_is_no_conflict(save, speed, alice):
    save(speed, value=20)
    save(speed, value=21, seen=1, by=alice)
    recorded = save(speed, value=21, seen=1)
    assert (recorded.saved, recorded.conflicts, Reading.objects.get().by) == ((), (), alice)


def test_of_many_entries_only_the_one_in_conflict_stays_unsaved(site, save, speed, service, alice, bob):
    save(speed, value=20, by=alice)
    entries = [
        Entry(speed, OCTOBER, {"value": 22}, 0),
        Entry(speed, SEPTEMBER, {"value": 19}, 0),
        Entry(service, OCTOBER, {"numerator": 3, "denominator": 4}, 0),
    ]
    recorded = record(site, entries, by=bob)
    assert [(r.metric, r.month) for r in recorded.saved] == [(speed, SEPTEMBER), (service, OCTOBER)]
    assert [entry.month for entry, _reading in recorded.conflicts] == [OCTOBER]
    assert Reading.objects.get(metric=speed, month=OCTOBER).value == 20


def test_without_a_version_whatever_stands_there_is_replaced(save, speed, alice):
    save(speed, value=20, by=alice)
    assert save(speed, value=22, seen=None).conflicts == ()
    assert Reading.objects.get().value == 22


# ---- the levels follow ------------------------------------------------------------------------------------------


@pytest.fixture
def shown(site, speed, assessment):
    """The answer that the speed of answer shows, with a target met five times."""
    speed.shows, speed.direction = [KEY], "higher"
    speed.save()
    aim(speed, 20)
    enter(speed, 21, 21, 21, 21, None)
    return assessment.answers.get(requirement__key=KEY)


def test_the_level_and_the_figures_of_the_assessment_follow_at_once(save, speed, shown, assessment):
    assert shown.choice == "1"
    assessment.refresh_from_db()
    before = assessment.score
    save(speed, value=22)
    shown.refresh_from_db()
    assessment.refresh_from_db()
    assert (shown.shown, shown.choice) == (3, "3")
    assert assessment.score > before
    assert assessment.score == assessment.scores().overall.score


def test_where_the_levels_cannot_follow_no_figure_is_saved_either(save, speed, shown, monkeypatch):
    def fails(self):
        raise RuntimeError

    monkeypatch.setattr(Assessment, "rescore", fails)
    before = fingerprint()
    with pytest.raises(RuntimeError):
        save(speed, value=22)
    assert fingerprint() == before


def statements(captured):
    """Without the beginnings and ends of transactions."""
    return [query["sql"] for query in captured if re.match("SELECT|INSERT|UPDATE|DELETE", query["sql"])]


@pytest.mark.parametrize("count", [1, 60])
def test_saving_takes_the_same_queries_however_many_figures(site, shown, bob, count):
    metrics = [factories.MetricFactory(site=site, shows=[KEY]) for _number in range(count)]
    Assessment.objects.follow_metrics(site)
    counts = []
    for value in (19, 22):  # new rows, then known ones
        entries = [Entry(metric, OCTOBER, {"value": value}, int(value == 22)) for metric in metrics]
        with CaptureQueriesContext(connection) as captured:
            assert len(record(site, entries, by=bob).saved) == count
        counts.append(len(statements(captured)))
    assert counts == [14, 9]


# ---- what can be a reading --------------------------------------------------------------------------------------


def refused(metric, month=OCTOBER, **values):
    with pytest.raises(ValidationError) as caught:
        check(Entry(metric, month, values), TODAY)
    return caught.value.messages


def test_a_month_that_is_not_over_has_no_figure(speed):
    sentence = ["That month is not over yet, so there is no figure to enter."]
    assert refused(speed, date(2026, 11, 1), value=20) == sentence
    assert refused(speed, date(2027, 10, 1), value=20) == sentence
    check(Entry(speed, OCTOBER, {"value": 20}), TODAY)


def test_a_survey_may_be_entered_while_its_quarter_runs_and_not_before(site):
    survey = factories.MetricFactory(site=site, every=3)
    check(Entry(survey, date(2026, 12, 1), {"value": 20}), TODAY)
    assert refused(survey, date(2027, 3, 1), value=20)


def test_there_is_one_month_a_quarter_to_enter(site):
    survey = factories.MetricFactory(site=site, name="Survey", every=3)
    assert refused(survey, OCTOBER, value=20) == ["Survey is not measured in that month."]


@pytest.mark.parametrize("month", [date(1, 1, 1), date(1999, 12, 1)])
def test_a_month_before_anybody_measured_is_refused(speed, month):
    assert refused(speed, month, value=20) == ["Figures can be entered from January 2000 on."]
    check(Entry(speed, date(2000, 1, 1), {"value": 20}), TODAY)


@pytest.mark.parametrize("figure", [LARGEST * 1.01, -LARGEST * 1.01, float("inf"), float("nan")])
def test_what_no_contact_centre_counts_is_refused(speed, service, figure):
    assert refused(speed, value=figure) == ["That figure is too large to be one."]
    assert refused(service, denominator=figure) == ["That figure is too large to be one."]
    check(Entry(speed, OCTOBER, {"value": LARGEST}), TODAY)


def test_a_rate_out_of_next_to_nothing_is_refused(service):
    assert refused(service, numerator=1, denominator=1e-320) == ["That figure is too large to be one."]


def test_a_count_is_never_below_zero_but_a_figure_may_be(speed, service):
    for name in ("numerator", "denominator"):
        assert refused(service, **{name: -1}) == ["A count cannot be below 0."]
    check(Entry(speed, OCTOBER, {"value": -1}), TODAY)


def test_out_of_nothing_nothing_is_counted(service):
    assert refused(service, numerator=1, denominator=0) == ["Out of 0 there is nothing to count."]
    check(Entry(service, OCTOBER, {"numerator": 0, "denominator": 0}), TODAY)


def test_the_metrics_of_a_site_are_judged_once_however_many_assessments_it_has(
    site, shown, assessment, alice
):
    factories.started(site, factories.newer_release(), by=alice)
    with CaptureQueriesContext(connection) as captured:
        Assessment.objects.follow_metrics(site)
    assert sum('FROM "assessments_metric"' in query["sql"] for query in captured) == 1
