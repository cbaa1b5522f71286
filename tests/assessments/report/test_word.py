"""The report as a Word document: the figures of the document in real tables, and a file that any office program takes."""

import dataclasses
import io
import re
import zipfile
from datetime import date

import pytest
from docx import Document as open_word
from docx.oxml.ns import qn
from lxml import etree

from assessments.models import Action
from assessments.report.word import word
from assessments.report.words import decimal
from tests import factories
from tests.assessments.shapes import DAY, build, of_the_demo
from tests.assessments.workbooks.texts import NOTES


def read(content):
    return open_word(io.BytesIO(content))


def words_of(element):
    return "".join(letters.text or "" for letters in element.iter(qn("w:t")))


def tables(file):
    """(words of the first row, the other rows) of each table."""
    for table in file.tables:
        rows = [[words_of(cell) for cell in row.iter(qn("w:tc"))] for row in table._tbl.tr_lst]
        yield rows[0], rows[1:]


def table(file, *heads):
    """The rows of every table with these headings."""
    return [row for head, rows in tables(file) if head == list(heads) for row in rows]


@pytest.fixture
def answered(assessment):
    factories.answer(assessment, PR1="30?-", PR2="12..", PF3="0321")
    return assessment


@pytest.mark.parametrize("variant", ["CSP", "OSP", "VMO"])
def test_every_figure_of_the_demo_reads_back(built, variant):
    found = build(of_the_demo(variant))
    file = read(word(found))
    figures = table(file, "Domain", "Shown so far", "Score", "Ceiling", "Target")
    assert [[row[0], *row[2:]] for row in figures] == [
        [d.title, *(f"{each}%" for each in (d.figure.percent, d.figure.ceiling_percent, d.target))]
        for d in found.domains
    ]
    assert f"Score: {found.figure.percent}%. Ceiling: {found.figure.ceiling_percent}%. " in everything(file)
    gaps = table(file, "No.", "Req.", "What has to be shown", "Now", "Lost", "Urgency, effort", "Priority")
    assert [[row[0], row[1], row[3], row[4], row[6]] for row in gaps] == [
        [str(g.gap.rank), g.answer.code, str(g.gap.level), decimal(g.gap.lost), decimal(g.gap.priority)]
        for g in found.gaps
    ]
    signs = {"unknown": "?", "na": "–"}
    answers = table(file, "Req.", "What has to be shown", "Level", "Target", "Note")
    assert [(row[0], row[2], row[3]) for row in answers] == [
        (a.code, signs.get(a.choice, a.choice), str(a.target)) for a in found.answers
    ]
    unknown = table(file, "Req.", "What has to be shown", "Worth up to", "Whom to ask, and what")
    assert {row[0] for row in unknown} == {answer.code for answer in found.unknowns}
    metrics = table(file, "Metric", "Latest", "Target", "Level", "What it says")
    assert [(row[0], row[1], row[3]) for row in metrics] == [
        (part.name, part.printed, str(part.level)) for part in found.metrics
    ]


def everything(file):
    return "\n".join(paragraph.text for paragraph in file.paragraphs)


def test_headings_are_headings_and_the_contents_lead_to_them(answered):
    file = read(word(build(answered)))
    first = [p for p in file.paragraphs if p.style.name == "Heading 1"]
    marks = {mark.get(qn("w:name")) for p in first for mark in p._p.iter(qn("w:bookmarkStart"))}
    links = [link.get(qn("w:anchor")) for link in file.element.iter(qn("w:hyperlink"))]
    assert len(first) > 5
    assert (set(links), len(links)) == (marks, len(first))
    codes = [code.text.strip() for code in file.element.iter(qn("w:instrText"))]
    assert codes == [r'TOC \o "1-1" \h \z \u']
    footer = [code.text.strip() for code in file.sections[0].footer._element.iter(qn("w:instrText"))]
    assert footer == ["PAGE", "NUMPAGES"]


def test_every_table_is_titled_and_repeats_its_head(answered):
    file = read(word(build(answered)))
    assert len(file.tables) > 6
    for each in file.tables:
        assert each.style.name == "Report Table"
        assert (
            each._tbl.tblPr.find(qn("w:tblCaption")).get(qn("w:val")).endswith(".") or len(each.columns) == 3
        )
        heads = [row.find(f"{qn('w:trPr')}/{qn('w:tblHeader')}") is not None for row in each._tbl.tr_lst]
        assert heads == [True, *[False] * (len(heads) - 1)]


def test_the_plan_stands_under_the_cards(answered, alice):
    step = Action.objects.create(assessment=answered, title="Publish it", owner=alice, due=date(2026, 11, 1))
    step.answers.set(answered.answers.in_order()[:2])
    (row,) = table(read(word(build(answered))), "Due", "Step", "Who", "Closes", "State")
    assert row == ["1 November 2026", "Publish it", "Alice", "PR1a, PR1b", "To do, overdue"]


def test_equal_documents_give_equal_bytes_whatever_the_clock_says(answered, time_machine):
    found = build(answered)
    time_machine.move_to("2026-11-20")
    first = word(found)
    time_machine.move_to("2031-01-01")
    assert word(found) == first
    core = read(first).core_properties
    assert (core.created.date(), core.modified.date(), core.author) == (DAY, DAY, "Al")
    assert (core.title, core.language) == ("Gap report: Leeds, 2026-11-20", "en-GB")
    assert "python-docx" not in core.comments


def with_note(found, note):
    """The document with `note` wherever people may type."""
    answers = [dataclasses.replace(each, note=note) for each in found.answers]
    (first, *others) = found.domains
    items = (dataclasses.replace(first.items[0], answers=tuple(answers[:4])), *first.items[1:])
    domains = (dataclasses.replace(first, items=items), *others)
    return dataclasses.replace(found, domains=domains, organisation=note, site=note, prepared_by=note)


@pytest.mark.parametrize("note", NOTES, ids=lambda note: ascii(note[:20]))
def test_odd_texts_stand_as_they_were_typed_and_do_nothing(answered, note):
    content = word(with_note(build(answered), note))
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        for name in archive.namelist():
            if name.endswith((".xml", ".rels")):
                etree.fromstring(archive.read(name))
    file = read(content)
    codes = [code.text.strip() for code in file.element.iter(qn("w:instrText"))]
    assert codes == [r'TOC \o "1-1" \h \z \u']
    assert not [each for each in file.part.rels.values() if each.is_external]
    told = next(t for t in file.tables if len(t.columns) == 5 and t.cell(0, 4).text == "Note").cell(1, 4).text
    expected = re.sub("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]", "\ufffd", note)
    assert told == expected.replace("\r\n", "\n").replace("\r", "\n")


def test_an_assessment_nobody_answered_is_a_document_too(assessment):
    file = read(word(build(assessment)))
    assert "Nothing is answered yet." in everything(file)


def test_a_self_check_has_no_auditor(answered):
    found = build(answered)
    check = dataclasses.replace(
        found, verdict=dataclasses.replace(found.verdict, stage=None, conditions={}), lead=""
    )
    file = read(word(check))
    assert "Urgent gap" in words_of(file.element)
    assert "auditor" not in words_of(file.element)
