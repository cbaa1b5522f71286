"""docs/asvs.md names every requirement of levels 1 and 2 once, and what shows it is there."""

import ast
import re
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "asvs.md"
ROW = re.compile(r"^\| (?P<number>\d+\.\d+\.\d+) \| (?P<words>[^|]+) \| (?P<shown>[^|]+) \|$", re.MULTILINE)
TEST = re.compile(r"`(tests/[^`]+\.py)::(test_\w+)`")
TESTS = re.compile(rf"{TEST.pattern}(, {TEST.pattern})*")
IN_PART = re.compile(rf"in part: {TESTS.pattern}; \w.{{5,}}")
REASON = re.compile(r"(decision|not applicable|gap): .{6,}")
# Section -> the number of its last requirement of level 1 or 2; in version 5.0.0 they come first in every section named.
LAST = {
    "1.1": 2, "1.2": 9, "1.3": 11, "1.4": 3, "1.5": 2,
    "2.1": 3, "2.2": 3, "2.3": 4, "2.4": 1,
    "3.2": 2, "3.3": 4, "3.4": 6, "3.5": 5, "3.7": 2,
    "4.1": 3, "4.2": 1, "4.3": 2, "4.4": 4,
    "5.1": 1, "5.2": 3, "5.3": 2, "5.4": 3,
    "6.1": 3, "6.2": 12, "6.3": 4, "6.4": 4, "6.5": 5, "6.6": 3, "6.8": 4,
    "7.1": 3, "7.2": 4, "7.3": 2, "7.4": 5, "7.5": 2, "7.6": 2,
    "8.1": 2, "8.2": 3, "8.3": 1, "8.4": 1,
    "9.1": 3, "9.2": 4,
    "10.1": 2, "10.2": 2, "10.3": 4, "10.4": 11, "10.5": 5, "10.6": 2, "10.7": 3,
    "11.1": 2, "11.2": 3, "11.3": 3, "11.4": 4, "11.5": 1, "11.6": 1,
    "12.1": 3, "12.2": 2, "12.3": 4,
    "13.1": 1, "13.2": 5, "13.3": 2, "13.4": 5,
    "14.1": 2, "14.2": 4, "14.3": 3,
    "15.1": 3, "15.2": 3, "15.3": 7,
    "16.1": 1, "16.2": 5, "16.3": 4, "16.4": 3, "16.5": 3,
    "17.1": 1, "17.2": 4, "17.3": 2,
}  # fmt: skip
IN_ALL = 253  # 70 of level 1 and 183 of level 2


def rows():
    return [match.groupdict() for match in ROW.finditer(PAGE.read_text())]


@cache
def functions_in(path):
    """The names of the test functions in a file; none where there is no such file."""
    file = ROOT / path
    if not file.is_file():
        return frozenset()
    return frozenset(
        node.name for node in ast.walk(ast.parse(file.read_text())) if isinstance(node, ast.FunctionDef)
    )


def complaint(shown):
    """What is wrong with the last column of a row, or None."""
    if missing := [f"{path}::{name}" for path, name in TEST.findall(shown) if name not in functions_in(path)]:
        return f"there is no {', '.join(missing)}"
    if any(form.fullmatch(shown) for form in (TESTS, IN_PART, REASON)):
        return None
    return f"{shown!r} is neither tests nor a reason"


def test_every_requirement_of_levels_1_and_2_is_there_once():
    wanted = [f"{section}.{number}" for section, last in LAST.items() for number in range(1, last + 1)]
    assert len(wanted) == IN_ALL
    assert [row["number"] for row in rows()] == wanted


def test_what_shows_a_requirement_exists():
    assert [f"{row['number']}: {wrong}" for row in rows() if (wrong := complaint(row["shown"]))] == []


@pytest.mark.parametrize(
    "shown",
    [
        "`tests/test_asvs.py::test_that_never_was`",
        "`tests/nowhere.py::test_x`",
        "gap: `tests/test_asvs.py::test_that_never_was` shows nothing",
        "`tests/test_asvs.py::test_what_shows_a_requirement_exists`, `tests/nowhere.py::test_x`",
        "in part: `tests/test_asvs.py::test_what_shows_a_requirement_exists`",
        "in part: words alone, without a test",
        "pending: accounts",
        "decision: ",
        "yes",
    ],
)
def test_a_row_that_shows_nothing_is_found(shown):
    assert complaint(shown)
