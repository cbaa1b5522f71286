"""Files that are no filled-in template: each gets a sentence, none gets further."""

import random

import pytest

from standards import limited
from standards.workbook import cells
from standards.workbook.layout import STATE, TEXTS
from standards.workbook.reading import Refused, read
from tests import factories, workbooks
from tests.standards.workbooks import OwnWording, filled, template_of

KEY = "pr1-thing-1"


def refusal(release, content):
    with pytest.raises(Refused) as refused:
        read(content, release)
    return str(refused.value)


def test_a_workbook_of_another_release_is_refused(release):
    other = factories.small_release(version="2.0", position=5)
    sentence = refusal(release, template_of(other))
    assert "for release 2.0 of 'small', and this page is for Small Standard 1.0" in sentence


def without_sheet(name):
    def made(release):
        copy = OwnWording(template_of(release))
        copy.sheets["Mine" if name == TEXTS else "State"] = copy.sheets.pop(name)
        return copy.saved()

    return made


def without_headings(release):
    copy = OwnWording(template_of(release))
    copy.rows.pop(0)
    return copy.saved()


def two_headings(release):
    copy = OwnWording(template_of(release))
    copy.rows[0][8] = copy.rows[0][6]
    return copy.saved()


def no_own_column(release):
    copy = OwnWording(template_of(release))
    copy.sheets[TEXTS] = [row[:3] for row in copy.rows]
    return copy.saved()


def scribbled_state(release):
    copy = OwnWording(template_of(release))
    copy.sheets[STATE] = [["what"], [], []]
    return copy.saved()


FILES = [
    *(
        (lambda release, make=make: make(template_of(release)), sentence)
        for make, sentence in workbooks.FILES
    ),
    (
        without_sheet(TEXTS),
        "no sheet named 'Own wording' in this workbook. Its sheets are: How to fill this in, Mine.",
    ),
    (without_sheet(STATE), "was not downloaded here"),
    (without_headings, "The headings are missing"),
    (two_headings, "Columns G and I of the sheet are both headed 'Scope, own'"),
    (no_own_column, "has one of the template's headings"),
    (scribbled_state, "was not downloaded here"),
]


@pytest.mark.parametrize(("make", "sentence"), FILES, ids=[sentence[:30] for _, sentence in FILES])
def test_a_file_that_is_no_filled_in_template_gets_a_sentence(release, make, sentence):
    assert sentence in refusal(release, make(release))


def test_what_damage_does_to_a_file_is_a_sentence_at_most(release):
    """A hundred files with some bytes turned: read, or refused in words, and nothing else."""
    content, dice = filled(release, {KEY: {"scope": "Every site."}}), random.Random(7)
    for _ in range(100):
        damaged = bytearray(content)
        for _ in range(dice.randint(1, 20)):
            damaged[dice.randrange(len(damaged))] = dice.randrange(256)
        try:
            cells.read(bytes(damaged), (TEXTS, STATE))
        except cells.Refused:
            continue


def test_a_reader_that_dies_is_a_file_that_cannot_be_read(release, monkeypatch):
    monkeypatch.setattr(limited, "ROOT", "/")  # where no such module is
    assert "cannot be read" in refusal(release, template_of(release))
