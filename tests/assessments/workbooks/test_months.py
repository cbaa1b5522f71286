"""Months as people write them: read in the one way they can be meant, or refused with a sentence."""

from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessments.figures import NotAFigure
from assessments.workbooks.months import (
    DAY_FIRST,
    MONTH_FIRST,
    guess_order,
    is_either_date,
    is_month_like,
    month,
    period,
)

JANUARY, MARCH, MAY = date(2026, 1, 1), date(2026, 3, 1), date(2026, 5, 1)


def refusal(*args, **kwargs):
    with pytest.raises(NotAFigure) as refused:
        month(*args, **kwargs)
    return str(refused.value)


@pytest.mark.parametrize(
    "text",
    [
        *("Jan 2026", "January 2026", "Jan-26", "Jan '26", "JAN. 2026", "2026 Jan", "Jan2026", "1 Jan 2026"),
        *("2026-01", "2026-1", "01/2026", "1/2026", "2026/01", "01.2026", "202601", "20260131", 202601, 202601.0),
        *("2026-01-31", "2026/01/31", "31.01.2026", "01.01.26", "31/01/2026", "01/31/2026", "01/01/2026", "31-01-2026"),
        *("2026-01-31T00:00:00Z", "2026-01-31 00:00", "1/31/2026 12:00:00 AM", "January 31, 2026", "31-Jan-26"),
        *("Januar 2026", "J\u00e4nner 2026", "janvier 2026", "janv. 2026", "enero de 2026", "ene-26", "Janeiro 2026"),
        *(date(2026, 1, 31), datetime(2026, 1, 31, 12)),
    ],
)  # fmt: skip
def test_a_month_is_read_however_it_is_written(text):
    assert month(text) == JANUARY


@pytest.mark.parametrize(
    ("text", "number"),
    [
        *(("f\u00e9vr. 2026", 2), ("febrero 2026", 2), ("Fevereiro 2026", 2)),
        *(("M\u00e4rz 2026", 3), ("Maerz 2026", 3), ("Mrz 26", 3), ("mars 2026", 3), ("marzo 2026", 3), ("Mar\u00e7o 2026", 3)),
        *(("avril 2026", 4), ("abr 2026", 4), ("Mai 2026", 5), ("mayo 2026", 5), ("juin 2026", 6), ("junho 2026", 6)),
        *(("juillet 2026", 7), ("julio 2026", 7), ("ao\u00fbt 2026", 8), ("ago-26", 8), ("setembro 2026", 9), ("Sept 2026", 9)),
        *(("Okt 2026", 10), ("outubro 2026", 10), ("noviembre 2026", 11), ("Dezember 2026", 12), ("d\u00e9cembre 2026", 12)),
    ],
)  # fmt: skip
def test_names_of_months_are_known_in_five_languages(text, number):
    assert month(text) == date(2026, number, 1)


# ---- longer periods ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "every", "last"),
    [
        ("Q1 2026", 3, MARCH),
        ("2026 Q1", 3, MARCH),
        ("2026-Q1", 3, MARCH),
        ("q1/26", 3, MARCH),
        ("T1 2026", 3, MARCH),
        ("Jan 2026", 3, MARCH),
        ("Mar 2026", 3, MARCH),
        ("H1 2026", 6, date(2026, 6, 1)),
        ("2026", 12, date(2026, 12, 1)),
        (2026.0, 12, date(2026, 12, 1)),
    ],
)
def test_a_period_stands_under_its_last_month(text, every, last):
    assert month(text, every=every) == last


def test_a_period_that_a_metric_does_not_have_is_refused():
    assert refusal("Q1 2026") == "'Q1 2026' is a quarter, and this is measured every month."
    assert refusal("2026", every=3) == "'2026' is a year, and this is measured every quarter."
    assert refusal("Q1 2026", every=12) == "'Q1 2026' is a quarter, and this is measured every year."


def test_a_period_knows_its_months():
    assert period("Q1 2026").all_months() == [MARCH, date(2026, 2, 1), JANUARY]


# ---- two meanings -----------------------------------------------------------------------------------------------


def test_a_date_that_can_be_read_in_two_ways_is_decided_by_the_file():
    assert (month("05/01/2026", DAY_FIRST), month("05/01/2026", MONTH_FIRST)) == (JANUARY, MAY)
    assert refusal("05/01/2026") == (
        "'05/01/2026' can be January 2026 or May 2026, and nothing in the file decides it. Write the month as 2026-01."
    )


def test_an_order_does_not_change_what_has_one_meaning():
    assert month("31/01/2026", MONTH_FIRST) == month("01/31/2026", DAY_FIRST) == JANUARY
    assert month("01.05.2026", MONTH_FIRST) == MAY


@pytest.mark.parametrize(
    ("texts", "order"),
    [
        (["31/01/2026", "05/01/2026"], DAY_FIRST),
        (["01/31/2026", "05/01/2026"], MONTH_FIRST),
        (["01/01/2026", "01/02/2026", "01/03/2026"], DAY_FIRST),
        (["01/01/2026", "02/01/2026", "03/01/2026"], MONTH_FIRST),
        (["01/02/2026"], None),
        (["05/06/2026", "05/07/2026"], None),
        (["31/01/2026", "01/31/2026"], None),
        (["31.01.2026", "Jan 2026", "eighty"], None),
    ],
)
def test_a_file_shows_the_order_of_its_dates_by_what_has_one_meaning(texts, order):
    assert guess_order(texts) == order


def test_a_date_of_one_month_in_either_order_is_not_in_doubt():
    assert [is_either_date(text) for text in ("05/01/2026", "05/05/2026", "31/01/2026", "05.01.2026")] == [
        True,
        *[False] * 3,
    ]


# ---- no meaning -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        *("Janury 2026", "2026-13", "202613", "31/02/2026", "2026-02-30", "13/13/2026", "05.13.2026", "0000/01"),
        *("01/02/0000", "1826-01", "Q5 2026", "H3 2026", "Jan Feb 2026", "Jan 1 2 2026", "Jan 2026 (p)", "Jan 126", "46023", "\u00b2/2026"),
    ],
)  # fmt: skip
def test_what_is_no_month_is_said_to_be_none(text):
    assert refusal(text) == f"'{text}' is not a month. Write it as 2026-01 or Jan 2026."


def test_a_month_without_a_year_is_asked_for_it():
    assert refusal("Jan") == "'Jan' has no year. Write it as in Jan 2026."


@pytest.mark.parametrize(
    ("value", "surely", "maybe"),
    [
        *(("Jan 2026", True, True), ("Jan", True, True), ("05/01/2026", True, True), (JANUARY, True, True)),
        *(("2026", False, True), (202601.0, False, True), ("01.2026", False, True)),
        *(("CSAT", False, False), ("80/1000", False, False), ("1234.56", False, False), (81.2, False, False)),
    ],
)  # fmt: skip
def test_digits_alone_may_be_a_month_and_may_be_a_figure(value, surely, maybe):
    assert (is_month_like(value), is_month_like(value, bare=True)) == (surely, maybe)


# ---- laws -------------------------------------------------------------------------------------------------------


@given(
    st.dates(date(1990, 1, 1), date(2100, 12, 31)),
    st.sampled_from(
        ["%Y-%m", "%Y-%m-%d", "%Y%m", "%b %Y", "%d %B %Y", "%m/%Y", "%d.%m.%Y", "%Y-%m-%dT%H:%M"]
    ),
)
def test_a_month_comes_back_from_every_way_of_writing_it(day, style):
    assert month(day.strftime(style)) == day.replace(day=1)


@given(st.one_of(st.text(), st.text("0123456789/.-: JanqQT'", max_size=12), st.floats(), st.integers()))
def test_any_text_is_a_month_or_a_sentence(text):
    for order in (None, DAY_FIRST, MONTH_FIRST):
        try:
            found = month(text, order, every=12)
        except NotAFigure:
            continue
        assert (found.month, found.day) == (12, 1)
    assert is_month_like(text) in (True, False)
    assert guess_order([text]) in (None, DAY_FIRST, MONTH_FIRST)
