"""What was done in an organisation, as its owners and managers read it, and take it along."""

import csv
import io
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from assessments.models import Activity, Answer, AnswerRevision, ReadingRevision, Verb, stream
from assessments.models.origin import Origin, Way, origin
from assessments.models.readings import Entry, record
from tests import factories

NOON = datetime(2026, 3, 10, 12, tzinfo=UTC)


@pytest.fixture
def address(acme):
    return reverse("activity", args=[acme.pk])


@pytest.fixture
def note(acme):
    """`note("Leeds", at=...)`: a row of that moment, as nobody can make one who goes by the models."""

    def row(what, at=NOON, verb=Verb.SITE_EDITED, way=Way.PAGE, **fields):
        made = Activity(organisation=acme, what=what, verb=verb, way=way, **fields)
        made._meta.get_field("at").auto_now_add = False
        try:
            made.at = at
            made.save()
        finally:
            made._meta.get_field("at").auto_now_add = True
        return made

    return row


def told(response):
    return [f"{line.who} {line.did}" for line in response.context["lines"]]


def rows_of(response):
    text = b"".join(response.streaming_content).decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text)))


def test_what_was_done_is_told_in_sentences_the_newest_first(sign_in, alice, mark, site, acme, address):
    token = origin.set(Origin("192.0.2.7", Way.PAGE))
    Activity.objects.record(acme, Verb.FILE_DOWNLOADED, "Gap report Leeds.pdf", by=mark, site=site)
    Activity.objects.record(acme, Verb.SIGNED_OUT, by=mark)
    origin.reset(token)
    response = sign_in(alice).get(address)
    assert told(response) == ["Mark signed out", "Mark downloaded the file Gap report Leeds.pdf"]
    for words in ("from 192.0.2.7", "through the pages", "Times are those at Leeds (Europe/London)."):
        assert words in response.text


def test_saves_of_answers_say_from_which_level_to_which_and_never_a_note(
    sign_in, alice, bob, assessment, address
):
    answer = assessment.answers.select_related("requirement__item", "assessment__site").first()
    code = answer.requirement.code
    answer.record_choice(choice="1", by=bob, version=0)
    answer.record_choice(choice="unknown", by=bob, version=1)
    answer.record_note(note="Our secret", by=bob, version=2)
    Answer.objects.filter(pk=answer.pk).update(carried=True)
    answer.confirm(by=bob)
    response = sign_in(alice).get(address)
    assert told(response) == [
        f"Bob confirmed {code}: not known",
        f"Bob changed the note of {code}",
        f"Bob changed {code} from “level 1” to “not known”",
        f"Bob changed {code} from “not answered” to “level 1”",
    ]
    assert "secret" not in response.text


def test_readings_say_who_or_which_tool_sent_them_and_never_the_figure(sign_in, alice, bob, site, address):
    metric = factories.MetricFactory(site=site, name="Calls answered")
    month = (site.today().replace(day=1) - timedelta(days=1)).replace(day=1)
    record(site, [Entry(metric, month, {"value": 4711.0})], by=bob)
    record(site, [Entry(metric, month, {"value": 4712.0})], by=None, source="API: Power BI")
    response = sign_in(alice).get(address)
    named = f"Calls answered for {month:%B %Y}"
    assert told(response) == [
        f"API: Power BI changed the reading of {named}",
        f"Bob entered the reading of {named}",
    ]
    assert [line.way for line in response.context["lines"]] == ["a token", "the pages"]
    assert "471" not in response.text


def test_nothing_of_another_organisation_is_told(sign_in, alice, charlie, address):
    other = charlie.memberships.get().organisation
    Activity.objects.record(other, Verb.SITE_EDITED, "Theirs", by=charlie)
    theirs = factories.started(factories.SiteFactory(organisation=other))
    answer = theirs.answers.select_related("requirement", "assessment__site").first()
    answer.record_choice(choice="1", by=charlie, version=0)
    factories_metric = factories.MetricFactory(site=theirs.site)
    record(theirs.site, [Entry(factories_metric, NOON.date().replace(day=1), {"value": 1.0})], by=charlie)
    assert told(sign_in(alice).get(address)) == []


@pytest.mark.parametrize(
    ("query", "left"),
    [
        ({"person": "mark"}, ["b"]),
        ({"kind": "files"}, ["c"]),
        ({"kind": "sites"}, ["b", "a"]),
        ({"way": "token"}, ["c"]),
        ({"since": "2026-03-11"}, ["c"]),
        ({"until": "2026-03-10"}, ["b", "a"]),
        ({"since": "2026-03-10", "until": "2026-03-10", "person": "Mark"}, ["b"]),
        ({"kind": "answer"}, []),
        ({"person": "nobody"}, []),
    ],
)
def test_the_list_is_narrowed_by_person_kind_way_and_day(sign_in, alice, note, address, query, left):
    note("a", NOON)
    note("b", NOON + timedelta(hours=1), who="Mark")
    note("c", NOON + timedelta(days=1), verb=Verb.FILE_DOWNLOADED, way=Way.TOKEN)
    response = sign_in(alice).get(address, query)
    assert [line.did.split()[-1] for line in response.context["lines"]] == left


def test_it_is_narrowed_by_site_and_days_are_those_of_that_site(sign_in, alice, acme, site, note, address):
    tokyo = factories.SiteFactory(organisation=acme, name="Tokyo", time_zone="Asia/Tokyo")
    note("Leeds", site=site)
    note("Tokyo", datetime(2026, 3, 10, 15, 30, tzinfo=UTC), site=tokyo)  # 0:30 on the 11th there
    response = sign_in(alice).get(address, {"site": tokyo.pk, "since": "2026-03-11"})
    assert [line.site for line in response.context["lines"]] == ["Tokyo"]
    assert "Times are those at Tokyo (Asia/Tokyo)." in response.text
    assert "11 Mar 2026, 00:30" in response.text


def test_without_a_site_chosen_the_page_names_the_clock_and_the_file_says_it_with_each_time(
    sign_in, alice, acme, site, note, address
):
    factories.SiteFactory(organisation=acme, name="Auckland", time_zone="Pacific/Auckland")
    note("Leeds", site=site)
    client = sign_in(alice)
    assert "Times are those at Auckland (Pacific/Auckland)." in client.get(address).text
    _heading, row = rows_of(client.get(address.replace("activity/", "activity.csv"), {"kind": "sites"}))
    assert row[0] == NOON.astimezone(ZoneInfo("Pacific/Auckland")).isoformat()


def test_every_page_goes_on_where_the_one_before_ended_even_within_one_moment(acme, alice, assessment, note):
    """Rows of all three tables of the same microsecond, cut at every place."""
    metric = factories.MetricFactory(site=assessment.site)
    for number in range(4):
        note(f"n{number}")
        answer = assessment.answers.all()[number]
        AnswerRevision.objects.create(answer=answer, version=1, field="note", values={}, at=NOON)
        reading = metric.readings.create(month=NOON.date().replace(month=number + 1))
        ReadingRevision.objects.create(reading=reading, version=1, values={}, at=NOON)
    whole, _end = stream.page(acme, stream.Asked(), most=100)
    assert len(whole) == 12
    for most in (1, 3, 5):
        lines, before = stream.page(acme, stream.Asked(), most=most)
        while before:
            more, before = stream.page(acme, stream.Asked(), stream.Place.read(str(before)), most)
            lines += more
        assert [line.place for line in lines] == [line.place for line in whole]


def test_a_page_leads_to_the_earlier_ones_with_its_filters(sign_in, alice, note, address):
    for number in range(52):
        note(f"n{number}", NOON + timedelta(minutes=number), who="Mark")
    first = sign_in(alice).get(address, {"person": "Mark"})
    assert len(first.context["lines"]) == 50
    second = sign_in(alice).get(address + first.context["older"])
    assert told(second) == ["Mark changed the site n1", "Mark changed the site n0"]
    assert second.context["older"] is None


@pytest.mark.parametrize(
    "query",
    [
        {"since": "soon"},
        {"site": "987654321"},
        {"kind": "x"},
        {"way": "x"},
        {"since": "2026-03-02", "until": "2026-03-01"},
    ],
)
def test_a_filter_that_cannot_be_read_is_named_and_kept(sign_in, alice, note, address, query):
    note("a")
    for where in (address, address.replace("activity/", "activity.csv")):
        response = sign_in(alice).get(where, query)
        assert response.status_code == 422
        assert 'class="field-error"' in response.text
        assert told(response) == []


@pytest.mark.parametrize(
    "before", ["x", "1.2", "1.2.3.4", "9" * 17 + ".0.0", "-1.0.0", "1.7.1", "²." * 2 + "²", "0.0.0"]
)
def test_a_place_nobody_was_sent_to_breaks_nothing(sign_in, alice, note, address, before):
    note("a")
    assert sign_in(alice).get(address, {"before": before}).status_code == 200


@pytest.mark.parametrize("day", ["9999-12-31", "0001-01-01"])
def test_the_last_and_the_first_day_are_days(sign_in, alice, site, address, day):
    for name in ("since", "until"):
        assert sign_in(alice).get(address, {name: day}).status_code == 200


def test_a_page_reads_no_more_rows_and_asks_no_more_often_however_much_was_done(
    sign_in, alice, assessment, note, address
):
    answers = list(assessment.answers.all())

    def busy(versions):
        AnswerRevision.objects.bulk_create(
            AnswerRevision(
                answer=answer, version=version, field="choice", values={"choice": "2"}, at=timezone.now()
            )
            for answer in answers
            for version in versions
        )

    def queries():
        with CaptureQueriesContext(
            connection,
        ) as captured:
            assert len(client.get(address).context["lines"]) <= 50
        return [each["sql"] for each in captured]

    client = sign_in(alice)
    note("a")
    busy(range(1, 3))
    few = queries()
    busy(range(3, 300))
    many = queries()
    assert len(few) == len(many) <= 12
    sources = [sql for sql in many if "ORDER BY" in sql and '"at" DESC' in sql]
    assert len(sources) == 3
    assert all("LIMIT 51" in sql for sql in sources)


def test_the_file_holds_all_that_the_filters_leave_and_nothing_that_calculates(
    sign_in, alice, note, site, address, monkeypatch
):
    monkeypatch.setattr("assessments.views.activity.ROWS_A_PIECE", 2)
    for number in range(5):
        note(f"n{number}", NOON + timedelta(minutes=number), who="=cmd()", site=site, address="192.0.2.7")
    note("other")
    response = sign_in(alice).get(address.replace("activity/", "activity.csv"), {"person": "=cmd"})
    heading, *rows = rows_of(response)
    assert heading == ["Time", "Person or tool", "What was done", "Site", "Address", "Way in"]
    assert len(rows) == 5
    assert rows[0] == ["2026-03-10T12:04:00+00:00", "'=cmd()", "changed the site n4", "Leeds", "192.0.2.7", "the pages"]  # fmt: skip
    assert "attachment" in response["Content-Disposition"]


def test_taking_it_along_is_noted_itself_and_asking_for_its_headers_is_not(sign_in, alice, acme, address):
    file = address.replace("activity/", "activity.csv")
    sign_in(alice).head(file)
    assert not Activity.objects.exists()
    rows_of(sign_in(alice).get(file))
    row = Activity.objects.get()
    assert (row.by, row.verb) == (alice, Verb.FILE_DOWNLOADED)
    assert row.what.startswith("Activity Acme ")


def test_every_verb_belongs_to_a_kind_that_can_be_chosen():
    starts = {start for _label, words in stream.KINDS.values() for start in words}
    assert not [verb for verb in Verb.values if verb.split("-")[0] not in starts]


def test_a_verb_of_a_later_version_is_still_told(sign_in, alice, note, address):
    note("x", verb="site-painted")
    assert told(sign_in(alice).get(address)) == ["The server site painted x"]
