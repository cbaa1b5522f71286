"""The calendar file: read back as a calendar reads it, whatever people typed."""

import re
from datetime import UTC, date, datetime
from types import SimpleNamespace

import pytest

from assessments.report import calendar


def action(**fields):
    values = {
        "pk": 7,
        "version": 3,
        "title": "List the teams",
        "due": date(2026, 12, 31),
        "who": "Bob",
        "done_when": "The list hangs by the lifts.",
        "changed_at": datetime(2026, 5, 1, 9, 30, 15, tzinfo=UTC),
        "assessment": SimpleNamespace(site="Leeds"),
        "get_status_display": lambda: "To do",
    }
    return SimpleNamespace(**values | fields)


def made(*actions):
    return calendar.feed("Due actions", actions, lambda each: f"https://copcready.example/actions/{each.pk}/")


def read(text):
    """The (name, value) pairs of a file as RFC 5545, 3.1 reads them: unfolded, then unescaped."""
    assert text.endswith("\r\n")
    lines = text.replace("\r\n ", "").split("\r\n")[:-1]
    escapes = {"\\\\": "\\", "\\;": ";", "\\,": ",", "\\n": "\n", "\\N": "\n"}
    return [
        (name, re.sub(r"\\[\\;,nN]", lambda found: escapes[found[0]], value))
        for name, value in (line.split(":", 1) for line in lines)
    ]


def events(text):
    found, inside = [], None
    for name, value in read(text):
        if (name, value) == ("BEGIN", "VEVENT"):
            inside = {}
        elif (name, value) == ("END", "VEVENT"):
            found.append(inside)
            inside = None
        elif inside is not None:
            assert name not in inside, "no line of an event stands twice"
            inside[name] = value
    return found


def test_a_due_action_is_an_event_of_that_whole_day():
    [event] = events(made(action()))
    assert event == {
        "UID": "action-7@copcready",
        "SEQUENCE": "3",
        "DTSTAMP": "20260501T093015Z",
        "LAST-MODIFIED": "20260501T093015Z",
        "DTSTART;VALUE=DATE": "20261231",
        "DTEND;VALUE=DATE": "20270101",
        "SUMMARY": "Due: List the teams",
        "LOCATION": "Leeds",
        "DESCRIPTION": "Owner: Bob\nStatus: To do\nDone when: The list hangs by the lifts.",
        "URL": "https://copcready.example/actions/7/",
        "TRANSP": "TRANSPARENT",
    }


def test_the_frame_is_that_of_a_calendar_with_a_version_and_a_maker():
    pairs = read(made())
    assert pairs[:3] == [("BEGIN", "VCALENDAR"), ("VERSION", "2.0"), ("PRODID", "-//copcready//actions//EN")]
    assert pairs[-1] == ("END", "VCALENDAR")
    assert events(made()) == []


NASTY = [
    "a, b; c\\d\ne",
    "\\n is no line end",
    "é" * 200,
    "漢字" * 120,
    "👩‍👩‍👧 family " * 20,
    "x" * 74 + "\\",
    "END:VEVENT\nBEGIN:VEVENT",
    "مرحبا بالعالم " * 12,
]


@pytest.mark.parametrize("text", NASTY)
def test_what_people_type_comes_back_as_typed_in_lines_of_75_octets(text):
    made_of = made(action(title=text, done_when=text, who=text))
    [event] = events(made_of)
    assert event["SUMMARY"] == f"Due: {text}"
    assert event["DESCRIPTION"] == f"Owner: {text}\nStatus: To do\nDone when: {text}"
    lines = made_of.encode().split(b"\r\n")
    assert max(map(len, lines)) <= 75
    assert b"\n" not in b"".join(lines)
    assert b"\r" not in b"".join(lines)


def test_a_line_of_exactly_75_octets_is_not_broken_and_one_more_is():
    assert calendar.folded("x" * 75) == "x" * 75
    assert calendar.folded("x" * 76) == "x" * 75 + "\r\n x"
    assert calendar.folded("x" * 74 + "é") == "x" * 74 + "\r\n é"


def test_signs_that_no_line_may_hold_are_dropped_and_hidden_line_ends_are_spaces():
    [event] = events(made(action(title="a\x85b\u2028c\rd\x9fe\x00")))
    assert event["SUMMARY"] == "Due: ab cde"


def test_the_same_actions_give_the_same_bytes_and_a_change_counts_up():
    assert made(action()) == made(action())
    before, after = (events(made(action(version=number)))[0] for number in (3, 4))
    assert before["UID"] == after["UID"]
    assert int(after["SEQUENCE"]) == int(before["SEQUENCE"]) + 1


def test_an_early_year_keeps_its_four_digits():
    [event] = events(made(action(due=date(999, 1, 1))))
    assert event["DTSTART;VALUE=DATE"] == "09990101"


def test_nobody_owns_it_yet():
    [event] = events(made(action(who="", done_when="")))
    assert event["DESCRIPTION"] == "Owner: nobody yet\nStatus: To do"
