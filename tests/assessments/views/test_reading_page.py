"""The page of one reading: its note, its past, and two people who enter the same month."""

import re

import pytest
from django.urls import reverse

from assessments.models import Reading
from assessments.models.readings import Entry, record
from tests import factories
from tests.assessments.measured import NOON, OCTOBER, enter

pytestmark = pytest.mark.usefixtures("clock")
HOSTILE = "<script>alert(1)</script>"


@pytest.fixture
def client_of_bob(sign_in, bob):
    return sign_in(bob)


@pytest.fixture
def page(speed):
    return reverse("reading", args=[speed.pk, "2026-10"])


def text_of(response, status=200):
    assert response.status_code == status
    return response.content.decode()


def test_a_reading_is_saved_with_its_note(client_of_bob, page, speed, bob):
    response = client_of_bob.post(page, {"value": "21,5", "note": "A flood\x00", "version": "0"}, follow=True)
    assert response.redirect_chain == [(reverse("metric", args=[speed.pk]), 302)]
    assert "The reading is saved." in text_of(response)
    reading = Reading.objects.get()
    assert (reading.value, reading.note, reading.by) == (21.5, "A flood", bob)


def test_its_page_lists_every_change_the_newest_first(client_of_bob, page, site, speed, alice, bob):
    enter(speed, 20, by=alice)
    record(site, [Entry(speed, OCTOBER, {"value": 21, "note": HOSTILE})], by=bob)
    record(site, [Entry(speed, OCTOBER, {"value": 22})], by=None, source="ours.xlsx")
    text = text_of(client_of_bob.get(page))
    history = text[text.index("What was entered before") :]
    assert re.findall("ours.xlsx|Bob|Alice", history) == ["ours.xlsx", "Bob", "Alice"]
    assert HOSTILE not in text
    assert 'value="22"' in text


def test_a_reading_saved_meanwhile_is_shown_and_one_save_later_replaced(client_of_bob, page, speed, alice):
    enter(speed, 20, by=alice)
    text = text_of(client_of_bob.post(page, {"value": "22", "note": "", "version": "0"}), 409)
    assert "Alice saved 20" in text
    assert ('value="22"' in text, Reading.objects.get().value) == (True, 20)
    version = re.search(r'name="version" value="(\d+)"', text)[1]
    assert client_of_bob.post(page, {"value": "22", "note": "", "version": version}).status_code == 302
    assert Reading.objects.get().value == 22


@pytest.mark.parametrize(
    ("sent", "sentence"),
    [
        ({"value": "a lot"}, "&#x27;a lot&#x27; is not a number."),
        ({"value": "9" * 400}, "is not a number."),
        ({"note": "x" * 501}, "at most 500 characters"),
    ],
)
def test_what_cannot_be_saved_stays_typed(client_of_bob, page, sent, sentence):
    text = text_of(client_of_bob.post(page, {"value": "1", "note": "Mine", "version": "0"} | sent), 422)
    assert sentence in text
    assert not Reading.objects.exists()


def test_a_reading_of_a_month_that_runs_is_refused(client_of_bob, speed):
    address = reverse("reading", args=[speed.pk, "2026-11"])
    text = text_of(client_of_bob.post(address, {"value": "1", "note": "", "version": "0"}), 422)
    assert "That month is not over yet" in text


@pytest.mark.parametrize("month", ["2026-13", "x", "0000-01", "0001-01", "1999-12", "9" * 400, "2026-10-01"])
def test_there_is_no_page_of_a_month_that_is_none(client_of_bob, speed, month):
    assert client_of_bob.get(reverse("reading", args=[speed.pk, month])).status_code == 404


def test_a_survey_has_a_page_for_the_last_month_of_its_quarter_only(client_of_bob, site):
    survey = factories.MetricFactory(site=site, every=3)
    for month, status in (("2026-09", 200), ("2026-10", 404)):
        assert client_of_bob.get(reverse("reading", args=[survey.pk, month])).status_code == status


def test_an_archived_metric_s_reading_is_for_reading(client_of_bob, page, speed):
    enter(speed, 20)
    speed.archived_at = NOON
    speed.save()
    text = text_of(client_of_bob.get(page))
    assert "20" in text
    assert "Save reading" not in text
    assert client_of_bob.post(page, {"value": "22", "note": "", "version": "1"}).status_code == 403
    assert Reading.objects.get().value == 20
