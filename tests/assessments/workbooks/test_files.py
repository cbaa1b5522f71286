"""Files that are no filled-in questionnaire: each gets a sentence, none gets further."""

import random

import pytest

from assessments.workbooks.layout import QUESTIONNAIRE, STATE
from assessments.workbooks.reading import read
from standards.workbook import cells
from standards.workbook.tables import Refused
from tests import workbooks
from tests.assessments.workbooks.copies import Questionnaire, downloaded, filled
from tests.standards.workbooks import template_of

KEY = "pr1-thing-1"
FILES = [
    *workbooks.FILES,
    (lambda c: workbooks.with_table(c, "<worksheet/>"), "The headings are missing"),
]


@pytest.mark.parametrize(("make", "sentence"), FILES)
def test_a_file_that_is_no_filled_in_questionnaire_gets_a_sentence(assessment, make, sentence):
    with pytest.raises(Refused, match=sentence.replace("(", r"\(").replace(")", r"\)")):
        read(make(downloaded(assessment)), assessment)


def test_the_workbook_of_own_wording_is_not_one_of_answers(assessment):
    with pytest.raises(Refused, match="There is no sheet named 'Questionnaire'"):
        read(template_of(assessment.release), assessment)


def test_what_damage_does_to_a_file_is_a_sentence_at_most(assessment):
    """A hundred files with some bytes turned: read, or refused in words, and nothing else."""
    content, dice = filled(assessment, {KEY: {"note": "Every site."}}), random.Random(8)
    for _ in range(100):
        damaged = bytearray(content)
        for _ in range(dice.randint(1, 20)):
            damaged[dice.randrange(len(damaged))] = dice.randrange(256)
        try:
            cells.read(bytes(damaged), (QUESTIONNAIRE, STATE))
        except cells.Refused:
            continue


ODD = [
    None,
    "",
    "x",
    "\x00",
    "=1",
    -1,
    0,
    1.5,
    1e300,
    True,
    ("formula", "=1/0"),
    "n/a",
    "9" * 400,
    "_x000D_",
    "2",
]


def test_what_confused_people_do_to_cells_is_a_sentence_at_most(assessment, monkeypatch):
    """Two hundred tables with cells mixed up, read past the zip: refused, row by row or whole, or understood."""
    good, dice = Questionnaire(downloaded(assessment)), random.Random(9)
    for _ in range(200):
        table = [list(row) for row in good.rows]
        state = [list(row) for row in good.sheets[STATE]]
        for _ in range(dice.randint(1, 12)):
            row = dice.choice(dice.choice([table, table, table, state]))
            cell = dice.choice(ODD)
            row[dice.randrange(len(row))] = {"is": "formula"} if isinstance(cell, tuple) else cell or ""
        monkeypatch.setattr(
            "standards.workbook.tables.cells.cells_of",
            lambda data, sheets, table=table, state=state: ({QUESTIONNAIRE: table, STATE: state}, []),
        )
        try:
            found = read(b"", assessment)
        except Refused:
            continue
        assert len(found.changes) <= 24
