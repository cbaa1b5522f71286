"""Numbers as people write them: read in the one way they can be meant, or refused with a sentence."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessments.figures import (
    COMMA,
    LARGEST,
    POINT,
    NotAFigure,
    count,
    decimal_sign_of_count,
    file_size,
    guess_decimal,
    has_percent_sign,
    is_time,
    number,
)


def refusal(read, *args, **kwargs):
    with pytest.raises(NotAFigure) as refused:
        read(*args, **kwargs)
    return str(refused.value)


# ---- one meaning ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("81.2", 81.2),
        ("81,2", 81.2),
        ("0,812", 0.812),  # no thousands begin with a nought
        ("1234,567", 1234.567),
        ("1.234,5", 1234.5),
        ("1,234.5", 1234.5),
        ("1.234.567", 1234567),
        ("12,34,567", 1234567),  # lakhs
        ("1'234.5", 1234.5),
        ("1\u2019234", 1234),
        ("1 234", 1234),
        ("1\u00a0234", 1234),
        ("1\u202f234,5", 1234.5),
        ("1\u2009234\u2009567", 1234567),
        ("81.2 %", 81.2),
        ("81,2%", 81.2),
        ("\uff18\uff11\uff0e\uff12\uff05", 81.2),
        ("(5)", -5),
        ("(5 %)", -5),
        ("-5", -5),
        ("\u22125", -5),
        ("5-", -5),
        ("+5", 5),
        ("€ 4.20", 4.2),
        ("-€4.20", -4.2),
        ("4,20 EUR", 4.2),
        ("$1,234.50", 1234.5),
        ("1.2E+03", 1200),
        (".5", 0.5),
        ("\u200e81.2\ufeff", 81.2),
        (81.2, 81.2),
        (7, 7),
    ],
)
def test_a_number_is_read_however_it_is_written(text, meant):
    assert number(text) == meant


@pytest.mark.parametrize("text", ["", " ", "-", "\u2013", "n/a", "N/A", "#N/A", "n.a.", None])
def test_no_value_is_none(text):
    assert number(text) is None


def test_what_a_spreadsheet_shows_as_a_percentage_is_one():
    assert number(0.812, percent=True) == 81.2
    assert number(0.07, percent=True) == 7


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("1:23", 83), ("01:23:45", 5025), ("0:05:12", 312), ("75:00", 4500), ("0:01.5", 1.5)],
)
def test_a_duration_is_so_many_seconds(text, seconds):
    assert is_time(text)
    assert number(text) == seconds


def test_a_percent_sign_is_told():
    assert [has_percent_sign(text) for text in ("81 %", "(5%)", "81", "\uff15\uff05")] == [
        True,
        True,
        False,
        True,
    ]


# ---- two meanings -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("text", "fraction"), [("1,234", 1.234), ("1.234", 1.234), ("-12,345 %", -12.345)])
def test_thousands_and_a_fraction_that_look_alike_are_decided_by_the_file(text, fraction):
    own = COMMA if COMMA in text else POINT
    assert number(text, own) == fraction
    assert number(text, POINT if own == COMMA else COMMA) == pytest.approx(fraction * 1000)


def test_thousands_and_a_fraction_that_look_alike_are_refused_where_nothing_decides():
    assert refusal(number, "1,234") == (
        "'1,234' can mean 1234 or 1.234, and nothing in the file decides it. Write 1234 or 1.2340."
    )
    assert (number("1234"), number("1.2340")) == (1234, 1.234)


@pytest.mark.parametrize(
    ("texts", "decimal"),
    [
        (["1,234", "81.2"], POINT),
        (["1,234", "81,2"], COMMA),
        (["1.234.567"], COMMA),
        (["12,34,567"], POINT),
        (["1.234,5", "1.234"], COMMA),
        (["1,234", "1.234"], None),
        (["81.2", "81,2"], None),
        (["1'234", "eighty", "", "1:23,5"], None),
        (["0,5 %"], COMMA),
        ([], None),
    ],
)
def test_a_file_shows_how_it_writes_decimals_by_what_has_one_meaning(texts, decimal):
    assert guess_decimal(texts) == decimal


# ---- no meaning -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        *("eighty", "12 34", "1,2,3", "1..2", "1,234,56", "1.234'5", "8%1", "4€200", "%", "€", ".", "--5", "((5))"),
        *("NaN", "inf", "-Infinity", "0x1F", "1_000", "5\u00b2", "81.2\u00b9", "\u0663", "1e", "=1+1", "1:2:3:4", "1:75"),
    ],
)  # fmt: skip
def test_what_is_no_number_is_said_to_be_none(text):
    assert refusal(number, text) == f"'{text}' is not a number."


def test_floats_that_are_no_numbers_are_refused():
    assert refusal(number, float("nan")) == "'nan' is not a number."
    assert refusal(number, float("-inf")) == "'-inf' is not a number."
    assert refusal(number, True) == "'True' is not a number."


@pytest.mark.parametrize("text", ["1e400", "2000000000000", "-2000000000000", 1e300])
def test_what_nobody_counts_up_to_is_refused(text):
    assert refusal(number, text) == f"'{text}' is too large: at most 1,000,000,000,000 is read."


def test_a_long_text_is_repeated_in_part():
    assert refusal(number, "9" * 400) == f"'{'9' * 60}…' is not a number."


def test_a_count_is_not_below_nought():
    assert (count("0"), count("5"), count("n/a")) == (0, 5, None)
    assert refusal(count, "-5") == "'-5' is below 0, and this is a count."
    assert refusal(count, "(5)") == "'(5)' is below 0, and this is a count."


# ---- laws -------------------------------------------------------------------------------------------------------

STYLES = [
    (POINT, ","),
    (POINT, ""),
    (POINT, "'"),
    (POINT, " "),
    (COMMA, "."),
    (COMMA, ""),
    (COMMA, "\u00a0"),
    (COMMA, "\u202f"),
]
FIGURES = st.integers(-(10**14), 10**14).map(lambda thousandths: thousandths / 1000)


def written(value, decimal, thousands, places):
    text = f"{value:,.{places}f}".replace(",", "t").replace(".", "d")
    return text.replace("t", thousands).replace("d", decimal)


@given(FIGURES, st.sampled_from(STYLES), st.integers(3, 6), st.sampled_from(["", " %", " €"]))
def test_a_number_comes_back_from_every_style(value, style, places, mark):
    decimal, thousands = style
    assert number(written(value, decimal, thousands, places) + mark, decimal) == value


@given(st.integers(-(10**12), 10**12), st.sampled_from(STYLES))
def test_a_whole_number_comes_back_from_every_style(value, style):
    decimal, thousands = style
    assert number(written(value, decimal, thousands, 0), decimal) == value


@given(
    st.lists(st.tuples(FIGURES, st.sampled_from([0, 1, 2])), min_size=1),
    st.sampled_from(STYLES[:1] + STYLES[4:5]),
)
def test_a_file_in_one_style_is_never_taken_for_the_other(values, style):
    decimal, thousands = style
    assert guess_decimal([written(value, decimal, thousands, places) for value, places in values]) in (
        decimal,
        None,
    )


@given(
    st.one_of(st.text(), st.text("0123456789.,' -+%()€:eE\u00a0", max_size=12), st.floats(), st.integers())
)
def test_any_text_is_a_number_in_range_or_a_sentence(text):
    for decimal in (None, POINT, COMMA):
        try:
            found = number(text, decimal)
        except NotAFigure:
            continue
        assert found is None or -LARGEST <= found <= LARGEST
    assert guess_decimal([text]) in (None, POINT, COMMA)


@pytest.mark.parametrize(
    ("text", "sign"),
    [("61,240", "."), ("61.240", ","), ("61,24", None), ("1,245,869", None), ("0.240", None), ("", None)],
)
def test_three_digits_behind_a_sign_are_thousands_in_a_count(text, sign):
    assert decimal_sign_of_count(text) == sign


# ---- sizes of files ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("size", "words"),
    [
        (0, "0 bytes"),
        (1, "1 byte"),
        (1023, "1023 bytes"),
        (1024, "1 KB"),
        (440 * 1024 + 100, "440 KB"),
        (1024**2 - 513, "1023 KB"),
        (1024**2 - 512, "1 MB"),
        (1_468_006, "1.4 MB"),
        (10 * 1024**2, "10 MB"),
        (1024**3 - 1, "1 GB"),
        (1.5 * 1024**3, "1.5 GB"),
    ],
)
def test_a_size_is_whole_below_a_megabyte_and_has_one_decimal_at_most_above(size, words):
    assert file_size(size).replace("\xa0", " ") == words
