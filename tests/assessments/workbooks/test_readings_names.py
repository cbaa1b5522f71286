"""What the names in a file mean: the same letters are the same metric, anything else is a question."""

import pytest

from assessments.workbooks.readings_file import Known
from tests.assessments.workbooks.registers import (
    CSAT,
    cell,
    clean,
    one,
)


@pytest.mark.parametrize(
    "name",
    ["csat", " C.S.A.T. ", "CUSTOMER SATISFACTION", "Customer-satisfaction (%)", "customersatisfaction"],
)
def test_a_name_is_known_by_its_letters(name):
    assert clean(cell(name, 81)) == [("csat", "2026-01", 81)]


def test_a_near_miss_is_a_question_and_never_a_match():
    assert one(cell("First contact resolutions: resolved", 5)) == (
        "'First contact resolutions: resolved' is none of your metrics. Is it 'First contact resolution'? Then write that."
    )
    assert one(cell("Sales", 5)) == "'Sales' is none of your metrics."
    assert one("Site\tMetric\tJan 2026\nBerlin\tSales\t5") == "'Berlin / Sales' is none of your metrics."


def test_a_name_of_two_metrics_is_refused():
    twice = (
        CSAT,
        Known("other", "C-SAT"),
        Known("third", "Sat C", also=("csat?",)),
        Known("fourth", "Also", also=("CSAT!",)),
    )
    assert clean(cell("CSAT", 5), twice) == [("other", "2026-01", 5)]  # a name of its own before another name
    assert one(cell("CSAT", 5), (CSAT, twice[2])) == "'CSAT' is the name of more than one metric."
    assert one("Team\tMetric\tJan 2026\nContacts\tCSAT\t5") == (
        "This names more than one metric: 'Contacts', 'Customer satisfaction'."
    )


def test_a_count_that_is_called_like_a_metric_is_the_count_only_below_its_ratio():
    below = "\tJan 2026\nFirst contact resolution\t\nResolved\t8\nContacts\t9\nContacts\t5000"
    assert clean(below) == [("fcr", "2026-01", (8, 9)), ("volume", "2026-01", 5000)]
    named_in_full = "\tJan 2026\nFirst contact resolution\t\nFirst contact resolution: resolved\t8\nContacts\t5000\nFirst contact resolution: contacts\t9"
    assert clean(named_in_full) == [("fcr", "2026-01", (8, 9)), ("volume", "2026-01", 5000)]
    apart = "\tJan 2026\nFirst contact resolution: resolved\t8\nContacts\t5000\nFirst contact resolution: contacts\t9"
    assert clean(apart) == [("fcr", "2026-01", (8, 9)), ("volume", "2026-01", 5000)]


def test_a_metric_may_be_called_like_a_total():
    assert clean("\tJan 2026\nTotal\t8", [Known(1, "Total")]) == [(1, "2026-01", 8)]
    below = "\tJan 2026\nGood\t\nYes\t8\nTotal\t9"
    assert clean(below, [Known(1, "Good", ratio=True, numerator="Yes", denominator="Total")]) == [
        (1, "2026-01", (8, 9))
    ]


def test_an_unknown_name_that_begins_like_a_total_is_not_passed_over():
    assert one(cell("Average handel time", 5)).startswith(
        "'Average handel time' is none of your metrics. Is it 'Average"
    )
