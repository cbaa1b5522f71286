"""The address to which tools send readings: what it takes, what it answers, and what it costs."""

import json
from datetime import UTC, date, datetime

import pytest
from django.db import OperationalError, connection
from django.test.utils import CaptureQueriesContext

from assessments.models import Reading, ReadingRevision
from assessments.models.readings import Entry, record
from assessments.models.tokens import MOST_A_MINUTE
from assessments.views import readings_api
from tests import factories
from tests.walk import fingerprint

pytestmark = pytest.mark.usefixtures("clock")
NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
OCTOBER = {"metric": "Service level", "month": "2026-10", "numerator": 49922, "denominator": 61480}
SPEED = {"metric": "Speed of answer", "month": "2026-10", "value": 21.5, "note": "Without the flood"}


def sentence(response):
    (error,) = response.json()["errors"]
    return error["message"]


# ---- saving -----------------------------------------------------------------------------------------------------


def test_readings_are_saved_with_the_name_of_the_token_as_their_source(push, service, speed):
    response = push(OCTOBER, SPEED)
    assert (response.status_code, response.json()) == (200, {"saved": 2, "unchanged": 0})
    level, answer = Reading.objects.order_by("metric")
    assert (level.metric, level.month, round(level.value, 2)) == (service, date(2026, 10, 1), 81.2)
    assert (answer.metric, answer.value, answer.note) == (speed, 21.5, "Without the flood")
    for row in (level, answer, *ReadingRevision.objects.all()):
        assert (row.source, row.by) == ("API: Power BI", None)


@pytest.mark.usefixtures("service", "speed")
def test_the_same_request_again_changes_nothing(push):
    push(OCTOBER, SPEED)
    before = fingerprint()
    assert push(OCTOBER, SPEED).json() == {"saved": 0, "unchanged": 2}
    assert push(OCTOBER).json() == {"saved": 0, "unchanged": 1}
    assert fingerprint() == before


@pytest.mark.usefixtures("speed")
def test_a_later_figure_takes_the_place_of_the_earlier_one_and_both_are_kept(push):
    push(SPEED)
    later = SPEED | {"value": 22}
    del later["note"]
    assert push(later).json() == {"saved": 1, "unchanged": 0}
    reading = Reading.objects.get()
    assert (reading.value, reading.note, reading.version) == (22, "Without the flood", 2)
    assert [revision.values["value"] for revision in reading.revisions.all()] == [21.5, 22]


def test_what_a_person_entered_the_same_stays_theirs(push, site, speed, bob):
    record(site, [Entry(speed, date(2026, 10, 1), {"value": 21.5, "note": "Without the flood"})], by=bob)
    assert push(SPEED).json() == {"saved": 0, "unchanged": 1}
    assert Reading.objects.get().by == bob


def test_the_level_of_a_requirement_follows(push, site, assessment):
    answer = assessment.answers.filter(requirement__kind="result").first()
    factories.MetricFactory(site=site, name="Speed of answer", shows=[answer.requirement.key])
    push(SPEED)
    answer.refresh_from_db()
    assert answer.choice == "1", "measured, and no target"


@pytest.mark.usefixtures("service", "speed")
def test_one_wrong_reading_is_enough_to_save_none(push):
    push()
    before = fingerprint()
    response = push(OCTOBER, SPEED, SPEED | {"month": "2026-11"}, OCTOBER | {"month": "2026-09", "value": 1})
    assert response.status_code == 422
    assert response.json() == {
        "errors": [
            {"index": 2, "field": "month", "message": "That month is not over yet, so there is no figure to enter."},
            {
                "index": 3,
                "field": "value",
                "message": "“Service level” is worked out from two counts: send numerator (answered in 30 s) and denominator (offered), and no value.",
            },
        ],
        "more": 0,
    }  # fmt: skip
    assert fingerprint() == before


def test_of_many_faults_the_first_hundred_are_told(push):
    answer = push(*[{} for _ in range(130)]).json()
    assert (len(answer["errors"]), answer["more"]) == (100, 30)


def test_metrics_of_another_site_and_archived_ones_are_unknown(push, acme, speed):
    theirs = factories.MetricFactory(site=factories.SiteFactory(organisation=acme))
    for metric in (theirs.pk, theirs.name):
        assert push(SPEED | {"metric": metric}).json()["errors"][0]["field"] == "metric"
    speed.archived_at = NOW
    speed.save()
    assert push(SPEED).status_code == 422


def test_the_month_is_over_when_it_is_over_at_the_site(push, site, speed, clock):
    site.time_zone = "Pacific/Auckland"
    site.save()
    november = SPEED | {"month": "2026-11"}
    clock.move_to(datetime(2026, 11, 30, 10, 59, tzinfo=UTC), tick=False)
    assert push(november).status_code == 422
    clock.move_to(datetime(2026, 11, 30, 11, 0, tzinfo=UTC), tick=False)
    assert push(november).status_code == 200


# ---- listing ----------------------------------------------------------------------------------------------------


def test_a_tool_finds_the_metrics_with_their_newest_month(tool, site, address, service, speed, acme):
    factories.MetricFactory(site=site, name="Old", archived_at=NOW)
    factories.MetricFactory(site=factories.SiteFactory(organisation=acme))
    for month in (8, 9):
        record(site, [Entry(speed, date(2026, month, 1), {"value": 20})], by=None)
    record(site, [Entry(speed, date(2026, 10, 1), {"note": "The system was down"})], by=None)
    assert tool.get(address).json() == {
        "site": "Leeds",
        "metrics": [
            {
                "id": service.pk,
                "name": "Service level",
                "unit": "percent",
                "counts": {"numerator": "answered in 30 s", "denominator": "offered"},
                "direction": "higher",
                "every": 1,
                "newest": None,
            },
            {
                "id": speed.pk,
                "name": "Speed of answer",
                "unit": "seconds",
                "counts": None,
                "direction": "lower",
                "every": 1,
                "newest": "2026-09",
            },
        ],
    }


# ---- limits -----------------------------------------------------------------------------------------------------


def test_a_request_has_at_most_a_megabyte(push):
    padded = b'{"readings": []}'.ljust(1_000_000)
    assert push(body=padded).status_code == 200
    response = push(body=padded + b" ")
    assert (response.status_code, sentence(response)) == (
        413,
        "A request has at most 1 MB. Send the readings in several.",
    )
    assert push(body=b" " * 4_000_000).status_code == 413


def test_a_request_has_at_most_five_thousand_readings(push):
    assert push(body=json.dumps({"readings": [0] * 5001})).status_code == 413


@pytest.mark.parametrize(
    ("content_type", "status"),
    [
        ("application/json", 200),
        ("application/json; charset=UTF-8", 200),
        ("application/json; charset=latin-1", 415),
        ("text/plain", 415),
        ("application/x-www-form-urlencoded", 415),
        ("multipart/form-data; boundary=x", 415),
        ("", 415),
    ],
)
def test_only_json_in_utf_8_is_read(push, content_type, status):
    response = push(body='{"readings": []}', content_type=content_type)
    assert response.status_code == status
    assert status == 200 or "Content-Type: application/json" in sentence(response)


def test_what_is_packed_or_comes_in_chunks_is_refused_with_a_sentence(push):
    packed = push(headers={"content-encoding": "gzip"})
    assert (packed.status_code, sentence(packed)) == (415, "Send the JSON as it is, not packed.")
    chunked = push(headers={"transfer-encoding": "chunked"})
    assert (chunked.status_code, sentence(chunked)[:22]) == (411, "Send the whole request")


def test_what_is_not_json_is_refused_with_a_sentence(push):
    response = push(body='{"readings": [{"value": 81,2}]}')
    assert (response.status_code, sentence(response)) == (400, "This is not JSON: line 1, column 28.")


@pytest.mark.usefixtures("speed")
def test_after_sixty_requests_in_a_minute_a_token_waits(tool, push, address, clock):
    for _ in range(MOST_A_MINUTE):
        assert tool.get(address).status_code == 200
    before = fingerprint()
    clock.shift(15)
    response = push(SPEED)
    assert (response.status_code, response["Retry-After"]) == (429, "45")
    assert sentence(response) == "Too many requests with this token. Ask for more, or send more, in each."
    assert fingerprint() == before
    clock.shift(45)
    assert push(SPEED).status_code == 200


@pytest.mark.usefixtures("speed")
def test_a_busy_database_is_a_reason_to_come_again(push, monkeypatch):
    def locked(*args, **kwargs):
        raise OperationalError("database is locked")

    monkeypatch.setattr(readings_api, "record", locked)
    response = push(SPEED)
    assert (response.status_code, response["Retry-After"]) == (503, "5")
    assert "Nothing was saved" in sentence(response)


# ---- what it costs ----------------------------------------------------------------------------------------------


def months(count, more=0):
    """Readings of as many metrics as it takes, ten years back each; their values are `more` than they would be."""
    for number in range(count):
        year, month = divmod(2026 * 12 + 9 - number % 120, 12)
        yield {
            "metric": f"Metric of {number // 120}",
            "month": f"{year}-{month + 1:02}",
            "value": number + more,
        }


def statements(captured):
    """Queries, with the batches of one insert counted as one: SQLite takes about a hundred rows at a time."""
    begun = [query["sql"].partition(" VALUES ")[0] for query in captured]
    return [sql for sql, before in zip(begun, ["", *begun], strict=False) if sql != before]


@pytest.mark.parametrize("count", [1, 1000])
def test_a_thousand_readings_take_the_queries_of_one(push, site, assessment, count):
    for number in range(9):
        factories.MetricFactory(site=site, name=f"Metric of {number}", shows=["pf3-thing-1"])
    push()
    with CaptureQueriesContext(connection) as first:
        assert push(*months(count)).json() == {"saved": count, "unchanged": 0}
    with CaptureQueriesContext(connection) as changed:
        assert push(*months(count, 0.5)).json() == {"saved": count, "unchanged": 0}
    with CaptureQueriesContext(connection) as repeated:
        assert push(*months(count, 0.5)).json() == {"saved": 0, "unchanged": count}
    assert [len(statements(queries)) for queries in (first, changed, repeated)] == [27, 22, 15]
