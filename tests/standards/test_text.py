"""What is kept of typed text, and what of a name."""

import pytest

from standards.text import clean_text, one_line, whole_number


def test_a_note_keeps_its_lines():
    assert clean_text(" one\r\ntwo\rthree\x00\n") == "one\ntwo\nthree"


@pytest.mark.parametrize("sign", ["\r\n", "\n", "\r", "\t", "\x85", "\u2028", "\u2029"])
def test_a_name_is_one_line(sign):
    assert one_line(f"Acme{sign}{sign}Ltd{sign}") == "Acme Ltd"


@pytest.mark.parametrize(
    "sign", ["\x00", "\x1b", "\x7f", "\x80", "\x9b", "\x9f", "\u202e", "\u2066", "\u2069"]
)
def test_a_name_holds_no_controls_and_turns_no_reading_direction(sign):
    assert one_line(f"{sign}Ac{sign}me {sign}") == "Acme"


@pytest.mark.parametrize("name", ["Łódź 24/7", "می‌خواهم", "שלום", "Sørensen & Søn", "日本", "Hannah  Voss"])
def test_names_of_all_scripts_stay_as_they_are(name):
    assert one_line(name) == name


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("0", 0),
        ("007", 7),
        ("9" * 18, 10**18 - 1),
        ("9" * 19, None),
        ("9" * 5000, None),
        ("", None),
        ("-1", None),
        ("1.5", None),
        ("1_000", None),
        (" 1", None),
        ("٣", None),
        ("²", None),
    ],
)
def test_a_number_of_a_row_or_a_version_is_read_and_nothing_else(text, number):
    assert whole_number(text) == number
