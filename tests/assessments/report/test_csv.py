"""The gaps as a table: complete, readable in Excel, and nothing in it that a spreadsheet would calculate."""

import csv
import dataclasses
import io
from datetime import date

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from assessments.models import Assessment
from assessments.report import document, spreadsheet

STARTS = [
    "=1+1",
    "+1",
    "-1",
    "@SUM(A1)",
    "\t1",
    "\r1",
    "\n1",
    "\uff1d1",
    "\uff0b1",
    "\uff0d1",
    "\uff20x",
    "=cmd|' /C calc'!A0",
]


def rows(content):
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))


@pytest.fixture
def found(assessment):
    answers = list(assessment.answers.in_order())
    for n, row in enumerate(answers):
        row.choice = "0123"[n % 4]
        row.note = f"=HYPERLINK(1)\nŠkofja, “quoted”; {n}"
    assessment.answers.bulk_update(answers, ["choice", "note"])
    return document.build(Assessment.objects.with_names().get(pk=assessment.pk), as_of=date(2026, 11, 14))


@pytest.mark.parametrize("text", STARTS)
def test_text_that_would_be_a_formula_is_kept_from_it(text):
    assert spreadsheet.as_text(text) == "'" + text


@pytest.mark.parametrize(
    ("text", "cell"),
    [
        ('fine;=HYPERLINK("x")', 'fine;\'=HYPERLINK("x")'),
        ("x\n=1+1", "x\n'=1+1"),
        ("\n=1", "'\n'=1"),
        ("x\t@SUM(A1)", "x\t'@SUM(A1)"),
        ("Steps:\n\n- one\n- two", "Steps:\n\n'- one\n'- two"),
        ("a;  =1", "a;'  =1"),
        ('a;"=1', "a;'\"=1"),
        ("a;", "a;'"),
        ("one; two\nthree", "one; two\nthree"),
    ],
)
def test_a_formula_within_a_text_is_kept_from_it_too(text, cell):
    assert spreadsheet.as_text(text) == cell


# Mostly what could go wrong, among letters.
TEXTS = st.one_of(st.text(alphabet="=+-@\t\r\n;,'\"  \uff1da1|"), st.text())


@given(TEXTS)
@example("'=1")
@example("''+1")
@example("it's")
@example("'quoted'")
@example("")
def test_the_original_of_a_cell_is_found_again(text):
    assert spreadsheet.as_typed(spreadsheet.as_text(text)) == text


@given(st.lists(st.tuples(TEXTS, st.integers(0, 9), TEXTS), min_size=1, max_size=3), st.sampled_from(",;\t"))
@example([('a;"', 1, "b,;")], ";")
@example([("a", 1, 'b,;"'), ("c", 1, "\n=")], ";")
def test_no_cell_is_a_formula_whatever_parts_the_cells(table, delimiter):
    out = io.StringIO(newline="")
    csv.writer(out).writerows([spreadsheet.as_text(cell) for cell in row] for row in table)
    read = csv.reader(io.StringIO(out.getvalue(), newline=""), delimiter=delimiter)
    assert [cell for row in read for cell in row if cell[:1] in set("=+-@\t\r")] == []


def test_numbers_stay_numbers():
    assert spreadsheet.as_text(-1.5) == -1.5


def test_every_gap_is_a_row_with_its_arithmetic(found):
    table = rows(spreadsheet.gaps_csv(found))
    assert [row["Requirement"] for row in table] == [part.answer.code for part in found.gaps]
    for row in table:
        urgency, effort = float(row["Urgency factor"]), float(row["Effort divisor"])
        assert float(row["Priority"]) == pytest.approx(float(row["Lost points"]) * urgency / effort, abs=1e-5)
        missing = (int(row["Target level"]) - int(row["Level"])) / 3
        lost = float(row["Item points"]) * float(row["Share of weight"]) * missing
        assert float(row["Lost points"]) == pytest.approx(lost, abs=1e-4)


def test_notes_keep_every_letter_and_line(found):
    note = rows(spreadsheet.gaps_csv(found))[0]["Note"]
    assert note.startswith("'=HYPERLINK(1)\nŠkofja, “quoted”; ")


def test_excel_is_told_the_encoding(found):
    assert spreadsheet.gaps_csv(found).startswith(b"\xef\xbb\xbfRank,Requirement,")


def test_an_assessment_without_gaps_has_the_headings_alone(assessment):
    found = document.build(Assessment.objects.with_names().get(pk=assessment.pk), as_of=date(2026, 11, 14))
    content = spreadsheet.gaps_csv(found)
    assert rows(content) == []
    assert content.count(b"\r\n") == 1


def test_no_cell_of_a_hostile_document_is_a_formula(found):
    for row in csv.reader(io.StringIO(spreadsheet.gaps_csv(found).decode("utf-8-sig"), newline="")):
        assert not any(cell[:1] in "=+-@\t\r" for cell in row if cell)


def test_a_self_check_has_no_auditor(found):
    assert "What an auditor asks to see" in rows(spreadsheet.gaps_csv(found))[0]
    check = dataclasses.replace(found, verdict=dataclasses.replace(found.verdict, stage=None))
    heading = spreadsheet.gaps_csv(check).decode("utf-8-sig").splitlines()[0]
    assert "auditor" not in heading
    assert "What to ask to see" in heading
