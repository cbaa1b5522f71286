"""The document is one value with everything in it, read in a fixed number of queries."""

import json
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from assessments.models import Assessment
from assessments.report import document
from assessments.report.plain import as_json
from standards.models import Wording
from tests import factories

DAY = date(2026, 11, 14)


def build(assessment):
    return document.build(Assessment.objects.with_names().get(pk=assessment.pk), as_of=DAY)


def test_it_holds_every_requirement_asked_in_the_order_of_the_standard(assessment):
    found = build(assessment)
    codes = [answer.code for answer in found.answers]
    assert codes == [f"{item}{letter}" for item in ("PR1", "PR2", "PF3") for letter in "abcd"]
    assert [(domain.code, domain.points) for domain in found.domains] == [("PR", 30), ("PF", 30)]


def test_equal_answers_on_equal_days_are_equal_values(assessment):
    assert build(assessment) == build(assessment)


def test_an_answer_says_where_it_stands_and_when_it_is_done(assessment, alice):
    answer = assessment.answers.in_order().first()
    answer.record_choice("1", by=alice, version=0)
    part = build(assessment).answers[0]
    assert part.stands_at == "A method is written down."
    assert part.done_when == "Every team does it and can show it."
    assert part.prompts == ("Team leader: When did you last do it?",)
    assert part.evidence == ("The list", "The record of last month")
    assert part.answered_by == "Alice"


def test_an_open_answer_stands_nowhere(assessment):
    assert {part.stands_at for part in build(assessment).answers} == {""}


def test_the_words_of_this_instance_are_the_words_of_the_document(assessment, restart):
    requirement = assessment.answers.in_order().first().requirement
    Wording.objects.create(requirement=requirement, statement="Our own claim", level_3="Ours is in place.")
    restart()
    part = build(assessment).answers[0]
    assert (part.statement, part.done_when) == ("Our own claim", "Ours is in place.")


def test_blockers_come_in_the_order_of_their_priority_and_unknowns_in_the_standards(assessment, alice):
    for row in assessment.answers.in_order():
        choice = {"b": "0", "d": "unknown"}.get(row.requirement.letter, "3")
        row.record_choice(choice, by=alice, version=0)
    found = build(assessment)
    assert [part.answer.code for part in found.blockers] == ["PF3b", "PR2b", "PR1b"]
    assert [answer.code for answer in found.unknowns] == ["PR1d", "PR2d", "PF3d"]


def test_as_json_is_plain_and_keeps_every_answer(assessment):
    plain = as_json(build(assessment))
    told = json.loads(json.dumps(plain))
    assert told == plain
    assert (told["schema"], told["as_of"], told["organisation"]) == (1, "2026-11-14", "Acme")
    answers = [a for domain in told["domains"] for item in domain["items"] for a in item["answers"]]
    assert len(answers) == told["figure"]["asked"] == 12


@pytest.mark.parametrize("items", [1, 8])
def test_its_queries_do_not_grow_with_the_requirements(site, alice, items):
    assessment = factories.started(site, factories.small_release(items=items), by=alice)
    build(assessment)  # the release's structure is kept in memory from here on
    fetched = Assessment.objects.with_names().get(pk=assessment.pk)
    with CaptureQueriesContext(connection) as queries:
        document.build(fetched, as_of=DAY)
    assert len(queries) == 6  # answers, evidence, metrics, actions, fit check, milestones
