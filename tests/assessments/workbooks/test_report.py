"""The report as a workbook: its figures are those of the document, as numbers, and no text in it does anything."""

import dataclasses
import io
import re
import warnings
import zipfile
from datetime import date

import pytest
from python_calamine import CalamineWorkbook

from assessments.models import Action
from assessments.report.parts import HeldPart
from assessments.workbooks.report import workbook
from tests import factories
from tests.assessments.shapes import DAY, build, of_the_demo
from tests.assessments.workbooks.texts import NOTES

SHEETS = ["Summary", "Gaps", "Every answer", "Items", "Metrics", "Months", "Plan", "Not known", "Method"]


@pytest.fixture(autouse=True)
def _no_warnings():
    """XlsxWriter warns where it leaves something out."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        yield


def sheets(content):
    """Name -> rows of every sheet."""
    book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    return {name: book.get_sheet_by_name(name).to_python() for name in book.sheet_names}


def records(rows):
    """The rows of a sheet that is one table, each as heading -> cell."""
    return [dict(zip(rows[0], row, strict=True)) for row in rows[1:]]


def part(rows, heading):
    """The table in the middle of a sheet that begins with `heading`, up to the first row that is none of it."""
    start = next(number for number, row in enumerate(rows) if row[0] == heading)
    end = next((n for n, row in enumerate(rows[start:], start) if row[0] == ""), len(rows))
    return [dict(zip(rows[start], row, strict=True)) for row in rows[start + 1 : end]]


def xml(content):
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name).decode() for name in archive.namelist()}


@pytest.fixture
def answered(assessment):
    factories.answer(assessment, PR1="30?-", PR2="12..", PF3="0321")
    return assessment


@pytest.mark.parametrize("variant", ["CSP", "OSP", "VMO"])
def test_every_figure_of_the_demo_reads_back(built, variant):
    found = build(of_the_demo(variant))
    told = sheets(workbook(found))
    assert list(told) == SHEETS
    facts = {row[0]: row[1] for row in told["Summary"] if row[0]}
    assert (facts["Score, %"], facts["Ceiling, %"]) == (found.figure.percent, found.figure.ceiling_percent)
    counts = [facts[name] for name in ("Asked", "Not answered", "Not known", "Not applicable")]
    figure = found.figure
    assert counts == [figure.asked, figure.open, figure.unknown, figure.not_applicable]
    assert (facts["Day"], facts["Site"]) == (DAY, found.site)
    domains_read_back(found, part(told["Summary"], "Domain"))
    gaps_read_back(found, records(told["Gaps"]))
    answers_read_back(found, records(told["Every answer"]))
    metrics_read_back(found, told)


def domains_read_back(found, rows):
    assert [row["Domain"] for row in rows] == [domain.title for domain in found.domains]
    for row, domain in zip(rows, found.domains, strict=True):
        assert (row["Score"], row["Ceiling"]) == (domain.figure.percent, domain.figure.ceiling_percent)
        assert row["Score, exact"] == pytest.approx(domain.figure.score)
        lost = [p.gap.lost for p in found.gaps if p.answer in [a for i in domain.items for a in i.answers]]
        assert row["Lost points"] == pytest.approx(sum(lost))


def gaps_read_back(found, rows):
    assert len(rows) == len(found.gaps) > 5
    for row, gap in zip(rows, found.gaps, strict=True):
        told = (row["Rank"], row["Requirement"], row["Level"], row["Target level"])
        assert told == (gap.gap.rank, gap.answer.code, gap.gap.level, gap.gap.target)
        assert row["Lost points"] == pytest.approx(gap.gap.lost, abs=1e-6)
        assert row["Priority"] == pytest.approx(gap.gap.priority, abs=1e-6)
        missing = (row["Target level"] - row["Level"]) / 3
        assert row["Lost points"] == pytest.approx(
            row["Item points"] * row["Share of weight"] * missing, abs=1e-4
        )


def answers_read_back(found, rows):
    words = {"unknown": "Not known", "na": "Not applicable", "": ""}
    assert [(row["Requirement"], row["Level"]) for row in rows] == [
        (answer.code, words.get(answer.choice, answer.level)) for answer in found.answers
    ]
    assert [row["Note"] for row in rows] == [answer.note for answer in found.answers]


def metrics_read_back(found, told):
    rows = records(told["Metrics"])
    assert [(row["Metric"], row["Level"], row["Met"]) for row in rows] == [
        (metric.name, metric.level, metric.met) for metric in found.metrics
    ]
    months = [month for metric in found.metrics for month in metric.months]
    read = records(told["Months"])
    assert [row["Reading"] for row in read] == pytest.approx(
        ["" if month.value is None else month.value for month in months]
    )


def test_the_unknown_answers_stand_alone_with_what_they_are_worth(answered):
    (row,) = records(sheets(workbook(build(answered)))["Not known"])
    assert row["Requirement"] == "PR1c"
    assert row["Worth up to, points"] > 0


def test_the_plan_says_who_does_what_by_when(answered, alice):
    step = Action.objects.create(
        assessment=answered, title="=Publish", owner=alice, due=date(2026, 11, 1), cost="under-5"
    )
    step.answers.set(answered.answers.in_order()[:2])
    (row,) = records(sheets(workbook(build(answered)))["Plan"])
    told = [row[name] for name in ("Step", "Who", "Due", "Overdue", "Closes", "State", "Cost")]
    assert told == ["=Publish", "Alice", date(2026, 11, 1), "yes", "PR1a, PR1b", "To do", "Up to 5,000"]


def test_equal_documents_give_equal_bytes_whatever_the_clock_says(answered, time_machine):
    found = build(answered)
    time_machine.move_to("2026-11-20")
    first = workbook(found)
    time_machine.move_to("2031-01-01")
    assert workbook(found) == first
    assert "2026-11-20T00:00:00Z" in xml(first)["docProps/core.xml"]


def with_note(found, note):
    """The document with `note` wherever people may type."""
    answers = [dataclasses.replace(each, note=note) for each in found.answers]
    held = HeldPart(note, note, None, None, None, "")
    answers[0] = dataclasses.replace(answers[0], held=(held,), overruled_because=note, reason_text=note)
    (first, *others) = found.domains
    items = (dataclasses.replace(first.items[0], answers=tuple(answers[:4])), *first.items[1:])
    domains = (dataclasses.replace(first, items=items), *others)
    return dataclasses.replace(found, domains=domains, organisation=note, site=note, prepared_by=note)


@pytest.mark.parametrize("note", NOTES, ids=lambda note: ascii(note[:20]))
def test_odd_texts_stand_in_their_cells_and_do_nothing(answered, note):
    content = workbook(with_note(build(answered), note))
    for name, text in xml(content).items():
        if "worksheets/" in name:
            assert not re.search(r"<f[ >]|<hyperlink|t=\"e\"|t=\"str\"", text), name
    cell = records(sheets(content)["Every answer"])[0]["Note"]
    if "_x005F" in note or "_x00" in note:
        return  # readers differ on these: what they may not do is above
    expected = re.sub("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]", "\ufffd", note)
    expected = expected.replace("\r\n", "\n").replace("\r", "\n")
    if len(note) <= 20_000 and len(note.encode("utf-16-le", "surrogatepass")) // 2 <= 32_767:
        assert cell == expected
    else:
        assert cell.endswith(" … (cut off here: a cell holds no more)")
        assert len(cell.encode("utf-16-le")) // 2 <= 32_767


def test_an_assessment_nobody_answered_is_a_workbook_too(assessment):
    told = sheets(workbook(build(assessment)))
    assert list(told) == SHEETS
    assert told["Summary"][0][0] == "Nothing is answered yet."
    assert len(told["Every answer"]) == 13


def test_each_list_keeps_its_head_in_sight_and_can_be_filtered_and_printed(answered):
    text = xml(workbook(build(answered)))
    for number in range(2, 9):
        sheet = text[f"xl/worksheets/sheet{number}.xml"]
        for word in ('state="frozen"', "<autoFilter", 'orientation="landscape"', "fitToPage", "fitToHeight"):
            assert word in sheet, (number, word)
    assert text["xl/workbook.xml"].count("_xlnm.Print_Titles") == 7
    assert len([name for name in text if name.startswith("xl/charts/")]) == 2
    assert 'type="dataBar"' in text["xl/worksheets/sheet2.xml"]


def test_levels_are_coloured_where_a_number_stands_only(answered):
    sheet = xml(workbook(build(answered)))["xl/worksheets/sheet3.xml"]
    assert "<formula>AND(ISNUMBER(C2),C2=0)</formula>" in sheet


def test_a_self_check_has_no_auditor(answered):
    found = build(answered)
    check = dataclasses.replace(found, verdict=dataclasses.replace(found.verdict, stage=None, conditions={}))
    told = sheets(workbook(check))
    heads = {*told["Gaps"][0], *told["Every answer"][0]}
    assert {"Urgent gap", "What to ask to see"} < heads
    assert not [head for head in heads if "locker" in head or "auditor" in head]
