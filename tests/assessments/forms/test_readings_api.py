"""What a tool sends as readings: entries of the register, or what is wrong and where."""

import json
from datetime import date

import pytest

from assessments.forms.readings_api import MOST_READINGS, Fault, Refused, read, sent
from assessments.models import Metric

TODAY = date(2026, 11, 20)
SPEED = Metric(pk=1, name="Speed of answer", unit="seconds")
SERVICE = Metric(pk=2, name="Service level", numerator="answered in 30 s", denominator="offered")
CUSTOMERS = Metric(pk=3, name="Customer survey", unit="score", every=3)
METRICS = [SPEED, SERVICE, CUSTOMERS]


def of(metric="Speed of answer", month="2026-10", **said):
    return {"metric": metric, "month": month} | (said or {"value": 21})


def counts(numerator, denominator, **said):
    return of("Service level", numerator=numerator, denominator=denominator, **said)


def entry(said):
    (found,), faults = read([said], METRICS, TODAY)
    assert faults == []
    return found


def fault(*said):
    """(field, sentence) of the only fault, which is in the last."""
    _, (found,) = read(said, METRICS, TODAY)
    assert found.index == len(said) - 1
    return found.field, found.message


# ---- the request as a whole -------------------------------------------------------------------------------------


def refusal(body):
    with pytest.raises(Refused) as caught:
        sent(body if isinstance(body, bytes) else json.dumps(body).encode())
    return caught.value.status, str(caught.value)


def test_the_readings_are_the_list_under_their_name():
    assert sent(b'{"readings": [{"metric": 1}, 2]}') == [{"metric": 1}, 2]
    assert sent(b'{"readings": []}') == []


def test_a_byte_order_mark_of_windows_tools_is_no_fault():
    assert sent(b'\xef\xbb\xbf{"readings": []}') == []


def test_what_is_not_json_is_refused_with_the_place():
    assert refusal(b'{"readings": [\n  1,,]}') == (400, "This is not JSON: line 2, column 5.")
    assert refusal(b"") == (400, "This is not JSON: line 1, column 1.")


@pytest.mark.parametrize(
    "body", [b'{"readings": ["\xff"]}', b"[" * 100_000, b'{"readings": [' + b"9" * 5000 + b"]}"],
    ids=["no UTF-8", "lists in lists", "a very long number"],
)  # fmt: skip
def test_what_would_break_a_careless_reader_is_refused(body):
    status, sentence = refusal(body)
    assert (status, sentence[:24]) == (400, "This is not JSON in UTF-")


@pytest.mark.parametrize(
    "body", [[], None, 3, {}, {"readings": {}}, {"reading": []}, {"readings": [], "site": 3}, [{"readings": []}]]
)  # fmt: skip
def test_anything_but_a_list_under_readings_is_refused(body):
    assert refusal(body)[0] == 400
    assert 'an object with "readings"' in refusal(body)[1]


@pytest.mark.parametrize(
    "body", [b'{"readings": [], "readings": [1]}', b'{"readings": [{"value": 1, "value": 2}]}']
)
def test_a_name_that_stands_twice_is_refused_because_one_value_would_be_lost(body):
    assert refusal(body) == (400, "One of the objects has the same name twice.")


def test_there_is_an_end_to_how_many_go_into_one_request():
    assert len(sent(json.dumps({"readings": [1] * MOST_READINGS}).encode())) == 5000
    status, sentence = refusal({"readings": [1] * (MOST_READINGS + 1)})
    assert (status, sentence[:22]) == (413, "At most 5,000 readings")


# ---- one reading ------------------------------------------------------------------------------------------------


def test_a_value_becomes_an_entry():
    found = entry(of(value=21))
    assert (found.metric, found.month, found.values) == (SPEED, date(2026, 10, 1), {"value": 21.0})
    assert found.version is None, "whatever stands there is replaced"


def test_two_counts_become_an_entry():
    assert entry(counts(49922, 61480)).values == {"numerator": 49922.0, "denominator": 61480.0}


def test_a_note_is_cleaned_and_comes_along_only_where_it_was_sent():
    assert entry(of(value=1, note=" Flood\r\non the 3rd\x00 ")).values["note"] == "Flood\non the 3rd"
    assert entry(of(value=1, note="")).values["note"] == ""
    assert "note" not in entry(of(value=1)).values


def test_a_metric_is_named_or_given_by_its_id():
    assert entry(of(1)).metric is entry(of(" Speed of answer ")).metric is SPEED


@pytest.mark.parametrize("metric", [None, True, 1.0, ["Service level"], {}])
def test_what_is_neither_a_name_nor_an_id_is_refused(metric):
    assert fault(of(metric)) == ("metric", "Name the metric, or give its id.")


@pytest.mark.parametrize("metric", ["speed", "1", "", 4, -1, 10**100, "x" * 10_000, "\ud800"])
def test_a_metric_that_the_site_does_not_have_is_refused_in_few_words(metric):
    field, sentence = fault(of(metric))
    assert field == "metric"
    assert sentence.startswith("No metric in use at this site is called “")
    assert len(sentence) < 200
    sentence.encode()


@pytest.mark.parametrize(
    "month",
    [None, 202610, 2026.1, "2026-13", "2026-00", "2026-1", "26-10", "2026-10-01", "1999-12", "2026-10\n", "202\uff16-10", "October"],
)  # fmt: skip
def test_a_month_is_written_in_one_way(month):
    assert fault(of(month=month)) == (
        "month",
        "Write the month as year and month, such as 2026-10, from 2000 on.",
    )


def test_a_month_that_is_not_over_and_one_that_is_not_measured_are_refused():
    assert fault(of(month="2026-11")) == (
        "month",
        "That month is not over yet, so there is no figure to enter.",
    )
    assert fault(of("Customer survey", month="2026-08")) == (
        "month",
        "Customer survey is not measured in that month.",
    )
    assert entry(of("Customer survey", month="2026-09")).month == date(2026, 9, 1)


NO_NUMBERS = [None, "21", "", True, [21], {"n": 1}]
NO_FIGURES = [float("nan"), float("inf"), float("-inf"), 10**400]


@pytest.mark.parametrize("value", NO_NUMBERS)
def test_what_is_not_a_number_is_refused(value):
    assert fault(of(value=value)) == ("value", "Write a number without quotation marks, with a point: 81.2.")
    assert fault(counts(1, value))[0] == "denominator"


@pytest.mark.parametrize("value", NO_FIGURES)
def test_numbers_without_end_are_refused(value):
    assert fault(of(value=value)) == ("value", "That is no number that can be kept.")
    assert fault(counts(value, 1))[0] == "numerator"


@pytest.mark.parametrize(
    ("said", "field", "sentence"),
    [
        (of(value=-2e12), "value", "That figure is too large to be one."),
        (counts(10**13, 1), "numerator", "That figure is too large to be one."),
        (counts(1, 1e300), "denominator", "That figure is too large to be one."),
        (counts(-1, 5), "numerator", "A count cannot be below 0."),
        (counts(1, -5), "denominator", "A count cannot be below 0."),
        (counts(1, 0), "denominator", "Out of 0 there is nothing to count."),
        (counts(1e12, 5e-324), "denominator", "That figure is too large to be one."),
    ],
)
def test_figures_that_make_no_sense_are_refused_where_they_stand(said, field, sentence):
    assert fault(said) == (field, sentence)


def test_nothing_out_of_nothing_is_a_month_without_contacts():
    assert entry(counts(0, 0)).values == {"numerator": 0.0, "denominator": 0.0}


@pytest.mark.parametrize(
    ("said", "field"),
    [
        (of(note="no figure"), "value"),
        (of(numerator=1, denominator=2), "numerator"),
        (of(value=1, denominator=2), "denominator"),
        (of("Service level", value=81.2), "numerator"),
        (of("Service level", numerator=1), "denominator"),
        (counts(1, 2, value=50), "value"),
    ],
)
def test_each_metric_takes_its_own_figures_and_no_others(said, field):
    assert fault(said)[0] == field
    assert ("takes a value, and no counts" if said["metric"] == SPEED.name else "(answered in 30 s) and denominator (offered)") in fault(said)[1]  # fmt: skip


def test_a_name_that_a_reading_does_not_have_is_refused_so_that_a_slip_is_not_silent():
    field, sentence = fault(of(value=1, comment="typo"))
    assert field == "comment"
    assert (
        sentence == "A reading has no such name. It has: metric, month, numerator, denominator, value, note."
    )


@pytest.mark.parametrize(("note", "sentence"), [(3, "A note is text."), ("x" * 501, "A note has at most 500 characters.")])  # fmt: skip
def test_a_note_is_text_and_not_too_long(note, sentence):
    assert fault(of(value=1, note=note)) == ("note", sentence)


@pytest.mark.parametrize("said", [None, 3, "x", [], [1]])
def test_a_reading_is_an_object(said):
    assert fault(said) == ("", "A reading is an object with a metric, a month and its figures.")


# ---- many -------------------------------------------------------------------------------------------------------


def test_the_same_metric_and_month_twice_is_refused_however_it_is_named():
    assert fault(of("Speed of answer"), of("Customer survey", "2026-09"), of(1)) == (
        "month",
        "The reading at index 0 is of the same metric and month.",
    )


def test_every_wrong_one_is_told_by_its_place():
    entries, faults = read([of(), of(value="x"), of(month="2026-09"), of(value=True)], METRICS, TODAY)
    assert [found.month.month for found in entries] == [10, 9]
    assert [(found.index, found.field) for found in faults] == [(1, "value"), (3, "value")]
    assert faults[0] == Fault(1, "value", "Write a number without quotation marks, with a point: 81.2.")
