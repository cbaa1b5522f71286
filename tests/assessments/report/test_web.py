"""The report as a page: the same figures in its tables, its links lead somewhere, and as a file it needs nothing besides itself."""

import dataclasses
import re
from datetime import date
from html import unescape

import pytest
from lxml import html

from assessments.models import Action, Assessment
from assessments.report import document, web
from assessments.report.words import decimal
from tests import factories
from tests.assessments.workbooks.texts import NOTES

DAY = date(2026, 11, 20)
GAPS = ["Rank", "Req.", "What has to be shown", "Now", "Points lost", "Urgency, effort", "Priority"]


def build(assessment):
    return document.build(Assessment.objects.with_names().get(pk=assessment.pk), as_of=DAY, prepared_by="Al")


@pytest.fixture
def answered(assessment):
    factories.answer(assessment, PR1="30?-", PR2="12..", PF3="0321")
    return assessment


def read(found):
    return html.fromstring(web.alone(found).decode())


def words(element):
    return " ".join(element.text_content().split())


def table(page, *heads):
    """The rows of every table with these headings; of a sign only what is seen of it."""
    for hidden in page.xpath("//*[@class='visually-hidden']"):
        hidden.drop_tree()
    return [
        [words(cell) for cell in row]
        for found in page.iter("table")
        if [words(head) for head in found.find("thead")[0]] == list(heads)
        for row in found.find("tbody")
    ]


@pytest.mark.parametrize("variant", ["CSP", "OSP", "VMO"])
def test_every_figure_of_the_demo_reads_back(built, variant):
    assessment = Assessment.objects.with_names().filter(variant__code=variant, release__version="8.0").first()
    found = build(assessment)
    page = read(found)
    figures = table(page, "Domain", "Shown so far", "Score", "Ceiling", "Target")
    assert [[row[0], *row[2:]] for row in figures] == [
        [d.title, *(f"{each}%" for each in (d.figure.percent, d.figure.ceiling_percent, d.target))]
        for d in found.domains
    ]
    assert words(page.find_class("report-numeral")[0]) == f"{found.figure.percent}%"
    assert [[row[n] for n in (0, 1, 3, 4, 6)] for row in table(page, *GAPS)] == [
        [str(g.gap.rank), g.answer.code, str(g.gap.level), decimal(g.gap.lost), decimal(g.gap.priority)]
        for g in found.gaps
    ]
    signs = {"unknown": "?", "na": "–"}
    answers = table(page, "Req.", "What has to be shown", "Level", "Target", "Note")
    assert [(row[0], row[2], row[3]) for row in answers] == [
        (a.code, signs.get(a.choice, a.choice), str(a.target)) for a in found.answers
    ]
    unknown = table(page, "Req.", "What has to be shown", "Worth up to", "Whom to ask, and what")
    assert {row[0] for row in unknown} == {answer.code for answer in found.unknowns}
    metrics = [words(metric[0]) for metric in page.xpath("//ul[@class='report-metrics']/li")]
    assert metrics == [part.name for part in found.metrics]


def test_the_contents_lead_to_every_section_and_names_are_not_used_twice(answered):
    page = read(build(answered))
    ids = page.xpath("//@id")
    assert len(ids) == len(set(ids))
    links = [link.removeprefix("#") for link in page.xpath("//nav//a/@href")]
    assert links == page.xpath("//section[@class='report-part']/@id")
    assert {*page.xpath("//@aria-labelledby")} <= set(ids)


def test_a_planned_step_gets_a_section(answered, alice):
    step = Action.objects.create(assessment=answered, title="Publish it", owner=alice, due=date(2026, 11, 1))
    step.answers.set(answered.answers.in_order()[:2])
    (row,) = table(read(build(answered)), "Due", "Step", "Who", "Closes", "State")
    assert row == ["1 Nov 2026", "Publish it", "Alice", "PR1a, PR1b", "To do, overdue"]


def test_the_file_fetches_nothing_and_runs_nothing(answered):
    text = web.alone(build(answered)).decode()
    assert not re.search(r"<script|<link|<img|<iframe|@font-face|@import|src=", text)
    assert {*re.findall(r'href="(.)', text)} == {"#"}
    assert not re.search(r'url\((?!"?data:)', text)


@pytest.mark.parametrize("note", NOTES, ids=lambda note: ascii(note[:20]))
def test_odd_texts_are_read_and_do_nothing(answered, note):
    found = build(answered)
    hostile = f"{note}<script>x</script>"
    first = found.domains[0]
    answers = tuple(dataclasses.replace(each, note=hostile) for each in first.items[0].answers)
    items = (dataclasses.replace(first.items[0], answers=answers), *first.items[1:])
    found = dataclasses.replace(
        found, site=hostile, domains=(dataclasses.replace(first, items=items), *found.domains[1:])
    )
    text = web.alone(found).decode()
    assert "<script" not in text
    assert "<script>x</script>" in unescape(text)


def test_a_self_check_has_no_auditor(answered):
    found = build(answered)
    verdict = dataclasses.replace(found.verdict, stage=None, conditions={})
    text = web.alone(dataclasses.replace(found, verdict=verdict, lead="")).decode()
    page = words(html.fromstring(text).find("body"))
    assert "Urgent gap" in page
    assert "auditor" not in page


def test_an_assessment_nobody_answered_is_a_page_too(assessment):
    assert "Nothing is answered yet." in words(read(build(assessment)))
