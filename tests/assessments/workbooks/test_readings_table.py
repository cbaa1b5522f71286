"""Files and pasted blocks as rows of cells that know where they stand, and files that are no tables."""

import io
import random
import zipfile
from datetime import date

import pytest

from assessments.workbooks.readings_file import Refused, pasted, read
from assessments.workbooks.readings_table import ERROR, FORMULA, LOGICAL, MINUTES, PERCENT, TIME
from standards.workbook import cells
from standards.workbook.upload import FILE_LIMIT
from tests import workbooks
from tests.assessments.workbooks.registers import workbook

TEXT = "Metric;Jän 2026\nZufriedenheit – €;81,2\n"
ROWS = [["Metric", "Jän 2026"], ["Zufriedenheit – €", "81,2"]]
SAVE_AS = "Save the table as CSV or as an Excel workbook (.xlsx) and upload that."


def values(table):
    return [[cell.value for cell in row] for row in table.rows]


def refusal(data, name="ours.csv"):
    with pytest.raises(Refused) as refused:
        read(data, name)
    return str(refused.value)


# ---- text -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_letters_are_told_in_every_encoding(encoding):
    assert values(read(TEXT.encode(encoding))) == ROWS


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_wide_letters_are_told_without_a_mark(encoding):
    text = "Metric\tJan 2026\nCSAT\t81"
    assert values(read(text.encode(encoding))) == [["Metric", "Jan 2026"], ["CSAT", "81"]]


@pytest.mark.parametrize(
    "text",
    [
        "a,b\n1,2",
        "a;b\n1;2",
        "a\tb\r\n1\t2\r\n",
        "a|b\r1|2",
        "sep=;\na;b\n1;2",
        "sep=,\r\na,b\r\n1,2",
        '"a","b"\n"1","2"',
    ],
)
def test_the_delimiter_is_found(text):
    assert values(pasted(text)) == [["a", "b"], ["1", "2"]]


def test_a_comma_in_figures_is_not_taken_for_the_delimiter():
    assert values(pasted("Metric;Jan;Feb\nCSAT;81,2;82,0\nAHT;1,5;2,5")) == [
        ["Metric", "Jan", "Feb"],
        ["CSAT", "81,2", "82,0"],
        ["AHT", "1,5", "2,5"],
    ]
    assert values(pasted("CSAT;81,2\nAHT;1,5")) == [["CSAT", "81,2"], ["AHT", "1,5"]]


def test_a_quoted_cell_keeps_its_delimiters_and_lines():
    assert values(pasted('a,b\n"x, y\nz",2')) == [["a", "b"], ["x, y\nz", "2"]]


def test_a_cell_of_a_text_says_its_row_and_column():
    assert pasted("a,b\n\n1,2").rows[2][1].place == "row 3, column 2"


def test_characters_that_no_database_keeps_are_left_out():
    assert values(pasted("a\ud800b\x7f,1\n2,3")) == [["ab", "1"], ["2", "3"]]


# ---- workbooks --------------------------------------------------------------------------------------------------


def test_a_cell_of_a_workbook_says_its_letter_and_number_and_what_it_is():
    cells_ = [
        *("text ", 5, (0.812, "0.0%"), (0.07, "0%;[Red]-0%"), (81, '0"%"'), (3, "[White]0")),
        *((312 / 86400, "h:mm:ss"), (5.2 / 24, "h:mm"), (1.5, "[h]:mm"), (1.5, "h:mm:ss")),
        *(
            date(2026, 1, 31),
            (46022.5, "d/m/yyyy h:mm"),
            True,
            ("=1/0", "#DIV/0!"),
            "=1+1",
            ("=1+1", 2),
            ("=A1", "text"),
        ),
    ]
    (row,) = read(workbook(A=[cells_])).rows
    assert [(cell.value, cell.kind) for cell in row] == [
        *(("text", ""), (5, ""), (0.812, PERCENT), (0.07, PERCENT), (81, ""), (3, "")),
        *((312, TIME), (18720, MINUTES), (129600, MINUTES), (129600, TIME)),
        *(
            (date(2026, 1, 31), ""),
            (date(2025, 12, 31), ""),
            ("", LOGICAL),
            ("#DIV/0!", ERROR),
            ("", FORMULA),
            (2, ""),
            ("text", ""),
        ),
    ]
    assert [cell.place for cell in row[:3]] == ["A1", "B1", "C1"]


def part(file, name):
    with zipfile.ZipFile(io.BytesIO(file)) as archive:
        return archive.read(name)


def test_a_formula_that_came_to_an_empty_text_is_an_empty_cell():
    file = workbook(A=[["x", ("=A2", 7)]])
    xml = part(file, "xl/worksheets/sheet1.xml").replace(b'<c r="B1">', b'<c r="B1" t="str">')
    (row,) = read(
        workbooks.repacked(file, xl__worksheets__sheet1_xml=xml.replace(b"<v>7</v>", b"<v></v>"))
    ).rows
    assert [bool(cell) for cell in row] in ([True, False], [True])


def test_the_first_sheet_with_numbers_is_read_and_the_others_are_named():
    table = read(workbook(Cover=[["About"]], Empty=[], Mine=[["CSAT", 81]], Later=[["AHT", 5]]))
    assert values(table) == [["CSAT", 81]]
    assert table.notes == ("The sheet 'Mine' was read, and not: 'Cover', 'Later'.",)
    assert values(read(workbook(Empty=[], Texts=[["CSAT", "81"]]))) == [["CSAT", "81"]]


def test_a_hidden_sheet_is_passed_over():
    file = workbook(Secret=[["AHT", 5]], Mine=[["CSAT", 81]])
    hidden = part(file, "xl/workbook.xml").replace(b'name="Secret"', b'name="Secret" state="hidden"')
    table = read(workbooks.repacked(file, xl__workbook_xml=hidden))
    assert (values(table), table.notes) == ([["CSAT", 81]], ())


# ---- files that are no tables -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "'ours.csv' is empty."),
        (b"\xef\xbb\xbf \r\n", "'ours.csv' is empty."),
        (b";;;\n;;;", "There is nothing in it."),
        (b"%PDF-1.7 ...", f"This is a PDF. {SAVE_AS}"),
        (b"\x89PNG\r\n\x1a\n...", f"This is an image. {SAVE_AS}"),
        (b"\xff\xd8\xff\xe0...", f"This is an image. {SAVE_AS}"),
        (b"\x1f\x8b...", f"This is a compressed file. {SAVE_AS}"),
        (b"\n<html><table>", f"This is a web page or an XML file. {SAVE_AS}"),
        (b"MZ\x90\x00\x03\x00\x00\x00\x04\x01", f"This file is no table. {SAVE_AS}"),
        (
            b"a,b\n\x81\x8d,2",
            "The letters of this file cannot be told. Save it as CSV UTF-8 and upload that.",
        ),
        (
            b'a,b\n1,2\n"open,3\n4,5',
            "From row 3 on the cells cannot be told apart. A quotation mark may be missing.",
        ),
        (b"x" * (FILE_LIMIT + 1), "This file has more than 5 MB. Keep the rows of figures only."),
        (
            b"1\n" * 10_001,
            "This is more than the 10000 rows and 500 columns that are read. Upload it in parts.",
        ),
        (b"," * 500, "This is more than the 10000 rows and 500 columns that are read. Upload it in parts."),
        (
            workbooks.old_excel(),
            "This is a workbook of the old kind (.xls). Save it as an Excel workbook (.xlsx) and upload that.",
        ),
        (workbooks.with_password(), "This workbook has a password. Save it without one and upload it again."),
        (workbook(A=[], B=[]), "All sheets of this workbook are empty."),
        (
            workbook(A=[["x"], *[[]] * 10_000, [5]]),
            "This workbook reaches too far down or to the right. Copy the table into a new workbook and upload that.",
        ),
    ],
)
def test_a_file_that_is_no_table_gets_a_sentence(data, sentence):
    assert refusal(data) == sentence


@pytest.mark.parametrize(
    ("make", "sentence"),
    [
        (workbooks.bomb, "unpacks to far more than it should"),
        (workbooks.lying_bomb, "cannot be read"),
        (workbooks.many_entries, "unpacks to far more than it should"),
        (workbooks.locked_entries, "has a password"),
        (workbooks.far_cell, "reaches too far"),
        (workbooks.laughing, "cannot be read"),
        (workbooks.reading_a_file, "cannot be read"),
        (lambda c: c[: len(c) // 2], "cannot be read"),
        (lambda c: workbooks.repacked(c, xl__workbook_xml=None), "a zip file, and not an Excel workbook"),
        (lambda c: workbooks.repacked(c, xl__workbook_xml=None, word__document_xml=b""), "a Word document"),
        (lambda c: workbooks.repacked(c, xl__workbook_xml=None, content_xml=b""), "OpenDocument"),
        (lambda c: workbooks.repacked(c, xl__styles_xml=b"<styleSheet"), "cannot be read"),
        (
            lambda c: workbooks.with_ending(c, '<row r="0"><c r="A0"><v>1</v></c></row></sheetData>'),
            "cannot be read",
        ),
        (
            lambda c: workbooks.with_ending(c, '<row><c r="A9" s="x"><v>1</v></c></row></sheetData>'),
            "cannot be read",
        ),
    ],
)
def test_a_workbook_that_means_harm_gets_a_sentence(make, sentence):
    assert sentence in refusal(make(workbook(Cover=[["About"]], Mine=[["CSAT", (81, "0%")]])))


def test_what_damage_does_to_a_workbook_is_a_sentence_at_most():
    """A hundred files with some bytes turned: read, or refused in a word, and nothing else."""
    content, dice = (
        workbook(Mine=[["CSAT", (0.8, "0%"), date(2026, 1, 1), ("=1/0", "#DIV/0!")]] * 20),
        random.Random(8),
    )
    for _ in range(100):
        damaged = bytearray(content)
        for _ in range(dice.randint(1, 20)):
            damaged[dice.randrange(len(damaged))] = dice.randrange(256)
        try:
            cells.read_figures(bytes(damaged))
        except cells.Refused:
            continue
