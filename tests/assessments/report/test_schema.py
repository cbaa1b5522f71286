"""answers.json keeps to its published schema, every field of it is described, and the schema lets no wrong file pass."""

import copy
import json

import pytest
from jsonschema import Draft202012Validator, FormatChecker

from assessments.management.commands.answersschema import as_text
from assessments.models import Assessment
from assessments.report import document, pdf, schema
from tests.assessments.management.test_report import report

PUBLISHED = json.loads(schema.PUBLISHED.read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def validator():
    Draft202012Validator.check_schema(PUBLISHED)
    return Draft202012Validator(PUBLISHED, format_checker=FormatChecker(["date"]))


@pytest.fixture
def told(found):
    """The data of a document with every kind of answer, as a program reads it."""
    return json.loads(pdf.answers_json(found(PR1="03?-", PR2="12..", PF3="0321")))


def test_the_published_schema_is_that_of_the_code():
    assert schema.PUBLISHED.read_text(encoding="utf-8") == as_text(schema.schema(schema.written())), (
        "run manage.py answersschema and commit what it writes"
    )


def test_a_field_without_words_and_words_without_a_field_are_named():
    words = schema.written()
    words["Gap"] = {name: told for name, told in words["Gap"].items() if name != "lost"} | {"gone": ("", {})}
    with pytest.raises(schema.Undescribed, match=r"differ in: Gap\.gone, Gap\.lost\."):
        schema.schema(words)


def test_every_description_is_a_sentence():
    told = [words for fields in schema.written().values() for words, _keeps_to in fields.values()]
    assert [words for words in told if words[-1:] not in (".", "?")] == []


def test_every_assessment_of_the_demo_keeps_to_it(built, validator):
    assessments = Assessment.objects.with_names()
    assert len({each.variant.code for each in assessments}) > 3
    for each in assessments:
        found = document.build(each, as_of=each.site.today(), prepared_by="Priya")
        faults = [fault.message for fault in validator.iter_errors(json.loads(pdf.answers_json(found)))]
        assert faults == [], str(each)


FAULTS = {
    "a percentage above 100": lambda told: told["figure"].update(score=101),
    "a count below 0": lambda told: told["figure"].update(open=-1),
    "a level that is none": lambda told: _answer(told).update(level=4),
    "a choice that is none": lambda told: _answer(told).update(choice="yes"),
    "a field that is missing": lambda told: _answer(told).pop("note"),
    "a text where a number belongs": lambda told: told["gaps"][0]["gap"].update(priority="high"),
    "a rank of 0": lambda told: told["gaps"][0]["gap"].update(rank=0),
    "a day that is none": lambda told: told.update(as_of="2026-13-01"),
    "a stage that is none": lambda told: told["verdict"].update(stage="certified"),
    "another version": lambda told: told.update(schema=2),
    "nothing where something belongs": lambda told: told.update(site=None),
}


def _answer(told):
    return told["domains"][0]["items"][0]["answers"][0]


@pytest.mark.parametrize("fault", FAULTS)
def test_a_wrong_file_is_refused(told, validator, fault):
    assert validator.is_valid(told)
    wrong = copy.deepcopy(told)
    FAULTS[fault](wrong)
    assert not validator.is_valid(wrong)


def test_the_schema_knows_every_field_that_a_file_has(told):
    """A field may be added within a version, so the schema lets unknown ones pass: here none does."""
    closed = json.loads(
        as_text(PUBLISHED).replace('"type": "object",\n', '"unevaluatedProperties": false,\n')
    )
    assert Draft202012Validator(closed).is_valid(told)
    told["method"]["extra"] = 1
    assert not Draft202012Validator(closed).is_valid(told)


def test_the_command_line_writes_the_same_bytes(found, tmp_path):
    value = found(PR1="0123")
    said = ("--as-of", value.as_of, "--json", tmp_path / "answers.json")
    report(value.assessment_id, *said)
    assert (tmp_path / "answers.json").read_bytes() == pdf.answers_json(value)
