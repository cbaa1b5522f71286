"""Entering figures in the sheet, without its script and with it."""

import json
import re
from datetime import date

import pytest
from django.db import OperationalError, connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from assessments.models import Assessment, Reading, readings
from assessments.models.readings import Entry, record
from assessments.report import document
from tests import factories
from tests.assessments.measured import NOON, OCTOBER, aim, enter

pytestmark = pytest.mark.usefixtures("clock")
SEPTEMBER = date(2026, 9, 1)
HOSTILE = "<script>alert(1)</script>"


@pytest.fixture
def sheet(site):
    return reverse("readings", args=[site.pk])


@pytest.fixture
def client_of_bob(sign_in, bob):
    return sign_in(bob)


@pytest.fixture
def enter_cells(client_of_bob, sheet):
    """`enter_cells({"12-2026-10-v": "81.2"})` as a page without its script sends it."""
    return lambda cells, to="": client_of_bob.post(sheet + to, cells)


@pytest.fixture
def send(client_of_bob, sheet):
    """The same as the page's script sends it; (status, reply)."""

    def cells(cells):
        response = client_of_bob.post(sheet, cells, headers={"accept": "application/json"})
        return response.status_code, response.json()

    return cells


def cell(metric, month="2026-10", letter="v"):
    return f"{metric.pk}-{month}-{letter}"


def text_of(response, status=200):
    assert response.status_code == status
    return response.content.decode()


def inputs(text):
    """Name -> value of every cell on the page."""
    return dict(re.findall(r'inputmode="decimal".*? name="([^"]+)" value="([^"]*)"', text))


def seen(text):
    return re.search(r'name="seen" value="([^"]*)"', text)[1]


# ---- the sheet as a page ----------------------------------------------------------------------------------------


def test_thirteen_months_up_to_the_last_that_is_over_can_be_entered(client_of_bob, sheet, service, speed):
    text = text_of(client_of_bob.get(sheet))
    found = inputs(text)
    assert len(found) == 13 * 3
    assert min(found, key=lambda name: name[-9:]).endswith("2025-10-d")
    assert cell(speed, "2026-11") not in found
    assert 'aria-label="Speed of answer, October 2026"' in text


def test_a_survey_has_one_cell_a_quarter(client_of_bob, sheet, site):
    survey = factories.MetricFactory(site=site, every=3)
    months = ("2025-12", "2026-03", "2026-06", "2026-09")
    assert set(inputs(text_of(client_of_bob.get(sheet)))) == {cell(survey, month) for month in months}


def test_a_viewer_reads_the_figures_and_has_nothing_to_type(sign_in, vera, sheet, speed):
    enter(speed, 21.5)
    client = sign_in(vera)
    text = text_of(client.get(sheet))
    assert "21.5" in text
    assert (inputs(text), "Save figures" in text) == ({}, False)
    assert client.post(sheet, {cell(speed): "1"}).status_code == 403


@pytest.mark.parametrize(
    "to", ["", "2026-13", "x", "2026-10-01", "0001-01", "0000-01", "9" * 400, "\x00", "2026-W1"]
)
def test_an_unknown_month_in_the_address_shows_the_newest(client_of_bob, sheet, speed, to):
    assert cell(speed) in inputs(text_of(client_of_bob.get(sheet, {"to": to})))


def test_earlier_and_later_months_are_a_page_away(client_of_bob, sheet, speed):
    text = text_of(client_of_bob.get(sheet, {"to": "2025-09"}))
    assert cell(speed, "2025-09") in inputs(text)
    assert '<a class="btn" href="?to=2024-08">Earlier</a>' in text
    assert '<a class="btn" href="?to=2026-10">Later</a>' in text
    for to in ("9999-12", "2000-01"):
        assert client_of_bob.get(sheet, {"to": to}).status_code == 200


def test_an_archived_metric_has_no_cells(client_of_bob, sheet, speed):
    speed.archived_at = NOON
    speed.save()
    assert "No metric is followed here yet." in text_of(client_of_bob.get(sheet))


# ---- saving without the script ----------------------------------------------------------------------------------


def test_what_is_entered_is_saved_and_the_page_comes_back_to_its_months(enter_cells, sheet, service, speed):
    cells = {cell(service, letter="n"): "49 922", cell(service, letter="d"): "61.480,0", cell(speed): "21,5"}
    response = enter_cells(cells, "?to=2026-10")
    assert (response.status_code, response.url) == (302, f"{sheet}?to=2026-10")
    level, answer = Reading.objects.order_by("metric")
    assert (level.numerator, level.denominator, round(level.value, 2)) == (49922, 61480, 81.2)
    assert answer.value == 21.5


@pytest.mark.parametrize(
    ("text", "value"),
    [("81,2", 81.2), ("81.2 %", 81.2), (" 81.2\x00 ", 81.2), ("1:23", 83), ("−3", -3), ("-", None)],
)
def test_a_figure_is_read_as_people_write_it(enter_cells, speed, text, value):
    enter(speed, 1)
    assert enter_cells({cell(speed): text, "seen": f"{speed.pk}-2026-10:1"}).status_code == 302
    assert Reading.objects.get().value == value


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("about 80", "&#x27;about 80&#x27; is not a number."),
        ("9" * 400, "is not a number."),
        ("1e400", "is too large: at most 1,000,000,000,000 is read."),
        ("1,234", "can mean 1234 or 1.234"),
        (HOSTILE, "is not a number."),
    ],
)
def test_a_cell_that_cannot_be_read_is_named_and_everything_typed_stays(enter_cells, speed, text, sentence):
    response = enter_cells({cell(speed): text, cell(speed, "2026-09"): "20"})
    page = text_of(response, 422)
    assert sentence in page
    assert HOSTILE not in page
    assert "1 reading is saved." in page
    assert "1 cell is not saved. What you typed is still there." in page
    assert f'<a href="#{cell(speed)}">Speed of answer, October 2026</a>' in page
    found = inputs(page)
    assert found[cell(speed)] == text.replace("<", "&lt;").replace(">", "&gt;")
    assert found[cell(speed, "2026-09")] == "20"
    assert Reading.objects.get().month == SEPTEMBER


@pytest.mark.parametrize(
    ("counts", "sentence"),
    [
        (("-1", "4"), "A count cannot be below 0."),
        (("3", "0"), "Out of 0 there is nothing to count."),
        (("1000000000000", "0.0001"), "That figure is too large to be one."),
    ],
)
def test_counts_that_cannot_be_are_refused(enter_cells, service, counts, sentence):
    cells = {cell(service, letter="n"): counts[0], cell(service, letter="d"): counts[1]}
    assert sentence in text_of(enter_cells(cells), 422)
    assert not Reading.objects.exists()


def test_cells_that_are_not_on_the_page_are_not_looked_at(enter_cells, acme, speed, sign_in):
    other = factories.MetricFactory(site=factories.SiteFactory(organisation=acme))
    for name in (cell(speed, "2020-01"), cell(other), cell(speed, letter="n"), "x-2026-10-v", "csrf"):
        assert enter_cells({name: "80", "seen": f"a:b 1 :: {'9' * 400}:1 \x00"}).status_code == 302
    assert not Reading.objects.exists()


def test_a_month_that_runs_is_refused_with_its_sentence(enter_cells, speed):
    response = enter_cells({cell(speed, "2026-11"): "80"}, "?to=2026-11")
    assert "That month is not over yet" in text_of(response, 422)


def test_what_somebody_else_entered_meanwhile_is_shown_and_one_save_later_replaced(
    enter_cells, client_of_bob, sheet, site, speed, alice
):
    before = seen(text_of(client_of_bob.get(sheet)))
    enter(speed, 20, by=alice)
    page = text_of(enter_cells({cell(speed): "22", "seen": before}), 409)
    assert "Alice entered 20" in page.replace("\xa0", "")
    assert inputs(page)[cell(speed)] == "22"
    assert Reading.objects.get().value == 20
    assert enter_cells({cell(speed): "22", "seen": seen(page)}).status_code == 302
    assert Reading.objects.get().value == 22


def test_a_whole_page_saved_again_changes_nothing_whatever_its_figures(
    client_of_bob, enter_cells, sheet, site, speed
):
    for back, value in enumerate([81.20039037085232, 1.234, 1234.5, 1 / 3, 1e-7, 0]):
        month = date(2026, 10 - back, 1)
        record(site, [Entry(speed, month, {"value": value})], by=None)
    page = text_of(client_of_bob.get(sheet))
    response = enter_cells(inputs(page) | {"seen": seen(page), cell(speed, "2026-01"): ""})
    assert response.status_code == 302
    assert list(Reading.objects.values_list("version", flat=True)) == [1] * 6
    enter_cells(inputs(page) | {"seen": seen(page), cell(speed, "2026-01"): "81,5"})
    assert Reading.objects.filter(version=1).count() == 7


def test_a_page_left_open_does_not_undo_what_others_saved(client_of_bob, enter_cells, sheet, speed, alice):
    enter(speed, 20)
    page = text_of(client_of_bob.get(sheet))
    enter(speed, 25, by=alice)
    cells = inputs(page) | {"seen": seen(page), cell(speed, "2026-09"): "19"}
    assert enter_cells(cells).status_code == 302
    assert {reading.month: reading.value for reading in Reading.objects.all()} == {SEPTEMBER: 19, OCTOBER: 25}


def test_a_busy_database_saves_nothing_and_says_when_to_try_again(enter_cells, speed, monkeypatch):
    def busy(*args, **kwargs):
        raise OperationalError("database is locked")

    monkeypatch.setattr(readings, "record", busy)
    response = enter_cells({cell(speed): "22"})
    assert (response.status_code, response["Retry-After"]) == (503, "5")


# ---- saving with the script -------------------------------------------------------------------------------------


def test_the_script_learns_version_text_and_rate(send, service, site):
    aim(service, 80)
    status, reply = send({cell(service, letter="n"): "49.922,0", cell(service, letter="d"): "61480"})
    place = f"{service.pk}-2026-10"
    assert (status, reply["at"], reply["problems"]) == (200, "09:00", {})
    assert reply["versions"] == {place: 1}
    assert reply["texts"] == {f"{place}-n": "49922", f"{place}-d": "61480"}
    assert reply["rates"] == {place: {"words": "81.2%", "state": "is-met"}}


def test_the_script_learns_what_was_not_saved_and_why(send, site, speed, service, alice):
    enter(speed, 20, by=alice)
    status, reply = send({cell(speed): "22", cell(service, letter="n"): "x", cell(speed, "2026-09"): "19"})
    assert status == 409
    assert set(reply["problems"]) == {cell(speed), cell(service, letter="n")}
    assert reply["problems"][cell(speed)].startswith("Alice entered 20")
    assert reply["versions"] == {
        f"{speed.pk}-2026-10": 1,
        f"{speed.pk}-2026-09": 1,
        f"{service.pk}-2026-10": 0,
    }
    assert (reply["texts"][cell(speed)], reply["texts"][cell(speed, "2026-09")]) == ("20", "19")
    assert send({cell(service, letter="n"): "x"})[0] == 422


def test_one_count_sent_alone_is_checked_with_the_one_that_is_stored(send, site, service):
    record(site, [Entry(service, OCTOBER, {"numerator": 0, "denominator": 0})], by=None)
    status, reply = send({cell(service, letter="n"): "3", "seen": f"{service.pk}-2026-10:1"})
    assert status == 422
    assert reply["problems"] == {cell(service, letter="n"): "Out of 0 there is nothing to count."}


def test_a_figure_that_a_system_sent_is_told_by_its_name(send, site, speed):
    record(site, [Entry(speed, OCTOBER, {"value": 20})], by=None, source="API: Power BI")
    assert send({cell(speed): "22"})[1]["problems"][cell(speed)].startswith("API: Power BI entered 20")


def test_a_month_that_counts_as_missed_is_marked_until_it_has_its_figure(client_of_bob, sheet, speed):
    def marked(page):
        return re.findall(rf'name="{speed.pk}-(\d{{4}}-\d\d)-v" value=""[^>]*placeholder=" "', page)

    window = ["2026-05", "2026-06", "2026-07", "2026-08", "2026-09", "2026-10"]
    assert marked(client_of_bob.get(sheet).text) == window
    enter(speed, 20)
    assert marked(client_of_bob.get(sheet).text) == window[:-1]


def test_nothing_new_is_a_reply_with_what_stands_there(send, speed):
    enter(speed, 20)
    status, reply = send({cell(speed): "20.0"})
    assert (status, reply["problems"]) == (200, {})
    assert (reply["versions"], reply["texts"]) == ({f"{speed.pk}-2026-10": 1}, {cell(speed): "20"})


def test_the_reply_is_strict_json(send, client_of_bob, sheet, speed):
    response = client_of_bob.post(sheet, {cell(speed): "1"}, headers={"accept": "application/json"})
    assert response["Content-Type"] == "application/json"
    json.loads(response.content, parse_constant=pytest.fail)


# ---- many at once -----------------------------------------------------------------------------------------------


def statements(captured):
    return [query["sql"] for query in captured if re.match("SELECT|INSERT|UPDATE|DELETE", query["sql"])]


@pytest.mark.parametrize("count", [1, 60])
def test_a_year_of_many_metrics_is_saved_with_the_queries_of_one(enter_cells, site, assessment, count):
    metrics = [
        factories.MetricFactory(site=site, shows=["pf3-thing-1"], numerator="met", denominator="all")
        for _number in range(count)
    ]
    Assessment.objects.follow_metrics(site)
    months = ["2025-10", "2025-11", "2025-12", *(f"2026-{month:02}" for month in range(1, 11))]
    cells = {
        cell(metric, month, letter): f"{number + (letter == 'd')}"
        for metric in metrics
        for number, month in enumerate(months, 1)
        for letter in "nd"
    }
    with CaptureQueriesContext(connection) as captured:
        assert enter_cells(cells).status_code == 302
    assert Reading.objects.count() == 13 * count
    inserts = [query for query in statements(captured) if query.startswith("INSERT")]
    assert len(statements(captured)) - len(inserts) == 17
    assert len(inserts) <= 3 + 13 * count // 50, "SQLite takes a hundred rows at a time"


def test_a_saved_figure_changes_score_verdict_and_report_at_once(
    client_of_bob, enter_cells, assessment, service, speed
):
    for metric, keys in ((service, ["pf3-thing-1", "pf3-thing-2"]), (speed, ["pf3-thing-3", "pf3-thing-4"])):
        metric.shows, metric.numerator, metric.denominator, metric.direction = keys, "", "", "higher"
        metric.save()
        aim(metric, 80)
        enter(metric, 85, 85, 85, 85, None, None)
    factories.answer(assessment, PR1="3333", PR2="3333")
    page = reverse("results", args=[assessment.pk])
    assessment.refresh_from_db()
    score, before = assessment.score, text_of(client_of_bob.get(page))
    report = document.build(assessment, as_of=date(2026, 11, 20))
    assert "None of two metrics is sustained" in before
    enter_cells({cell(service): "86", cell(speed): "86"})
    assessment.refresh_from_db()
    assert assessment.score == 100 > score
    after = text_of(client_of_bob.get(page))
    assert "Two of two metrics are sustained" in after
    assert headline(before) != headline(after)
    later = document.build(assessment, as_of=date(2026, 11, 20))
    assert (report.verdict.stage, later.verdict.stage) == ("baseline", "audit")
    assert (report.sustained, later.sustained) == (0, 2)


def headline(page):
    return re.search("<h1.*?</h1>", page, re.DOTALL)[0]
