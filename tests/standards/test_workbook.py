"""The workbook of own wording: what the template holds, and what reading it back says of every kind of file and cell."""

import io
import json
import zipfile
from datetime import date

import pytest

from standards.models import Requirement, Wording
from standards.workbook.layout import GUIDE, TEXTS, own_heading, shipped_heading
from standards.workbook.reading import Filled, read
from standards.workbook.template import file_name
from tests.standards.workbooks import OwnWording, filled, template_of
from tests.workbooks import repacked

KEY = "pr1-thing-1"


def texts_of(release, content):
    """Key -> field -> own text, of what was written."""
    return {
        row.key: {name: after for name, (_, after) in row.texts.items()}
        for row in read(content, release).rows
    }


# ---- the template -----------------------------------------------------------------------------------------------


def test_the_template_has_a_row_for_every_requirement_with_shipped_and_own_text(release, requirement):
    Wording.objects.create(requirement=requirement, statement="In our words", weight=4)
    copy = OwnWording(template_of(release))
    assert len(copy.rows) == 13
    heading, row = copy.rows[0], copy.row(requirement.key)
    told = dict(zip(heading, row, strict=True))
    assert (told["Key"], told["Code"], told["Item"]) == (requirement.key, "PR1a", "Topic 1")
    for name in Requirement.WORDS:
        assert told[shipped_heading(name)] == getattr(requirement, name)
    assert told[own_heading("statement")] == "In our words"
    assert (told[own_heading("weight")], told[own_heading("target_level")]) == (4, "")
    assert told[own_heading("scope")] == ""


def test_the_template_explains_itself_and_says_what_it_is_of(release):
    release.note_edit()
    release.refresh_from_db()
    guide = " ".join(row[0] for row in OwnWording(template_of(release)).sheets[GUIDE] if row)
    assert "at revision 1 of Small Standard 1.0" in guide
    assert "Empty such a cell, and the shipped text comes back" in guide
    assert file_name(release) == "own-wording-small-1.0.xlsx"


def test_grey_cells_are_locked_own_cells_are_not_and_the_headings_stay_in_sight(release):
    with zipfile.ZipFile(io.BytesIO(template_of(release))) as archive:
        sheet, styles = (archive.read(f"xl/{name}.xml").decode() for name in ("worksheets/sheet2", "styles"))
        book = archive.read("xl/workbook.xml").decode()
    assert "<sheetProtection" in sheet
    assert 'state="frozen"' in sheet
    assert 'protection locked="0"' in styles
    assert 'name="copcready" sheetId="3" state="veryHidden"' in book
    assert "<f>" not in sheet.split("<dataValidations")[0]


@pytest.mark.parametrize(
    "text", ['=HYPERLINK("http://x.y","click")', "@SUM(A1)", "+1+1", "-1", "http://x.y/z"]
)
def test_a_text_that_looks_like_a_formula_or_a_link_stays_text(release, requirement, text):
    Wording.objects.create(requirement=requirement, statement=text, guidance=text)
    content = template_of(release)
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert "<hyperlink" not in archive.read("xl/worksheets/sheet2.xml").decode()
    copy = OwnWording(content)
    assert copy.row(KEY)[copy.column("statement")] == text
    assert texts_of(release, content) == {}
    assert texts_of(release, filled(release, {KEY: {"scope": text}})) == {KEY: {"scope": text}}


ODD_TEXTS = [
    "Smile \N{GRINNING FACE} and go",
    "\u202eright to left\u202c",
    "\u05e9\u05dc\u05d5\u05dd \u05dc\u05db\u05dc \u05dc\u05e7\u05d5\u05d7",
    "one\u00a0space that does not break",
    "_x000D_ is text, _x0041_ too",
    "caf\u0065\u0301",
    "a\tb",
    '<b>&amp; "quoted"</b>',
    "'apostrophe",
    "x\u2028y",
]


@pytest.mark.parametrize("text", ODD_TEXTS)
def test_odd_characters_come_back_as_the_page_of_the_requirement_would_store_them(release, requirement, text):
    (form_text,) = texts_of(release, filled(release, {KEY: {"statement": text}}))[KEY].values()
    Wording.objects.create(requirement=requirement, statement=form_text, scope=text)
    assert texts_of(release, template_of(release)) == {}, "what was not touched changes nothing"


def test_line_ends_of_every_system_and_empty_lines_are_tidied(release):
    content = filled(release, {KEY: {"guidance": "One.\r\n\r\n  Two\u00a0words. \rThree.\n"}})
    assert texts_of(release, content) == {KEY: {"guidance": "One.\nTwo words.\nThree."}}


# ---- what was written -------------------------------------------------------------------------------------------


def test_only_cells_that_were_touched_count(release, requirement):
    Wording.objects.create(requirement=requirement, statement="Ours", why="Ours too.")
    content = filled(release, {KEY: {"why": "", "weight": 3}, "pr1-thing-2": {"scope": "Every site."}})
    found = read(content, release)
    assert texts_of(release, content) == {
        KEY: {"why": None, "weight": 3},
        "pr1-thing-2": {"scope": "Every site."},
    }
    assert (found.untouched, found.refused_rows) == (10, 0)
    assert found.rows[0].against == requirement.fingerprint


def test_rows_may_be_sorted_and_left_out_and_columns_too(release):
    copy = OwnWording(template_of(release)).write(KEY, "scope", "Every site.")
    heading, *rows = copy.rows
    gone = copy.column("statement")
    copy.sheets[TEXTS] = [row[:gone] + row[gone + 1 :] for row in [heading, [], *reversed(rows[:3])]]
    found = read(copy.saved(), release)
    assert [(row.key, row.number, row.texts["scope"][1]) for row in found.rows] == [(KEY, 5, "Every site.")]
    assert [(note.heading, note.sentence) for note in found.noted] == [
        ("Statement, own", "There is no such column in the workbook: these texts stay as they are.")
    ]


def test_a_column_somebody_added_is_named_and_not_read(release):
    copy = OwnWording(template_of(release))
    copy.rows[0].append("My notes")
    (note,) = read(copy.saved(), release).noted
    assert (note.row, note.column, note.heading) == (1, "AF", "My notes")


def test_a_shipped_text_that_was_typed_over_is_told(release):
    copy = OwnWording(template_of(release))
    copy.row(KEY)[copy.column("statement") - 1] = "In our words"
    found = read(copy.saved(), release)
    assert found.rows == []
    assert [(note.row, note.column) for note in found.noted] == [(2, "D")]
    assert "Only the white column beside it is read" in found.noted[0].sentence


def test_characters_no_screen_shows_are_left_out_and_told(release):
    found = read(filled(release, {KEY: {"statement": "In\x00 our\x07 words"}}), release)
    assert found.rows[0].texts["statement"][1] == "In our words"
    assert "left out" in found.noted[0].sentence


def test_what_a_workbook_says_survives_being_written_down(release):
    copy = OwnWording(filled(release, {KEY: {"statement": "x" * 201}, "pr1-thing-2": {"weight": 2}}))
    copy.row("pr1-thing-3")[copy.column("statement") - 1] = "Typed over"
    copy.rows[0].append("My notes")
    found = read(copy.saved(), release)
    assert (len(found.rows), len(found.refused), len(found.noted)) == (1, 1, 2)
    assert Filled.from_json(json.loads(json.dumps(found.as_json()))) == found


# ---- rows that are refused --------------------------------------------------------------------------------------

REFUSED = [
    ("statement", "x" * 201, "at most 200 characters (it has 201)"),
    ("why", "x" * 301, "at most 300 characters (it has 301)"),
    ("guidance", "x" * 4001, "at most 4000 characters (it has 4001)"),
    ("guidance", "line\n" * 61, "at most 60 lines (it has 61)"),
    ("statement", "One.\nTwo.\nThree.", "This text is one line, and the cell has 3"),
    ("statement", ("formula", '="In"&" our words"', "In our words"), "holds a formula"),
    ("weight", ("formula", "=1+1"), "holds a formula"),
    ("statement", ("formula", "=NA()", "#N/A"), "holds a formula"),
    ("statement", date(2026, 5, 1), "turned into a date"),
    ("statement", 3.5, "turned into a number"),
    ("statement", True, "TRUE or FALSE"),
    ("weight", 0, "greater than or equal to 1"),
    ("weight", 10, "less than or equal to 9"),
    ("weight", 2.5, "whole number"),
    ("weight", "many", "whole number"),
    ("target_level", 4, "less than or equal to 3"),
    ("target_level", -1, "greater than or equal to 1"),
]


@pytest.mark.parametrize(("name", "cell", "sentence"), REFUSED)
def test_a_refused_row_is_explained_by_row_and_column(release, name, cell, sentence):
    copy = (
        OwnWording(template_of(release))
        .write("pr2-thing-3", name, cell)
        .write("pr2-thing-3", "scope", "Fine.")
    )
    found = read(copy.saved(), release)
    (problem,) = found.refused
    assert sentence in problem.sentence
    assert (problem.row, problem.heading) == (copy.number("pr2-thing-3"), own_heading(name))
    assert (
        problem.column == chr(65 + copy.column(name)) if copy.column(name) < 26 else problem.column[0] == "A"
    )
    assert (found.rows, found.refused_rows) == ([], 1)


def test_an_error_value_without_a_formula_is_refused_and_is_no_empty_cell(release, requirement):
    Wording.objects.create(requirement=requirement, statement="Ours")
    content = template_of(release)
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        sheet = archive.read("xl/worksheets/sheet2.xml").decode()
    start = sheet.index('<c r="E2"')
    end = sheet.index("</c>", start)
    broken = sheet[:start] + '<c r="E2" t="e"><v>#REF!</v>' + sheet[end:]
    (problem,) = read(repacked(content, xl__worksheets__sheet2_xml=broken), release).refused
    assert (problem.row, problem.column, problem.sentence) == (
        2,
        "E",
        "This cell holds an error value. Write the text itself.",
    )


def test_every_problem_of_a_row_is_told_and_other_rows_are_read(release):
    content = filled(
        release,
        {KEY: {"statement": "x" * 300, "weight": 77}, "pr1-thing-2": {"scope": "Every site."}},
    )
    found = read(content, release)
    assert [problem.heading for problem in found.refused] == ["Statement, own", "Weight, own"]
    assert [row.key for row in found.rows] == ["pr1-thing-2"]


@pytest.mark.parametrize(
    ("key", "sentence"),
    [
        ("no-such-thing", "'no-such-thing' is the key of no requirement in this template."),
        ("", "This row has no key"),
        (12.0, "This row has no key"),
        ("pr1-thing-2", "The key 'pr1-thing-2' is in rows 2, 3."),
    ],
)
def test_a_row_whose_key_leads_nowhere_is_refused(release, key, sentence):
    copy = OwnWording(template_of(release)).write(KEY, "scope", "Every site.")
    copy.row(KEY)[0] = key
    found = read(copy.saved(), release)
    assert sentence in found.refused[0].sentence
    assert (found.refused[0].row, found.refused[0].column, found.rows) == (2, "A", [])


def test_a_workbook_that_is_wrong_throughout_is_not_told_so_cell_by_cell(release):
    copy = OwnWording(template_of(release))
    copy.rows.extend([["nonsense", "x"] for _ in range(500)])
    found = read(copy.saved(), release)
    assert (len(found.refused), found.refused_rows) == (300, 500)
