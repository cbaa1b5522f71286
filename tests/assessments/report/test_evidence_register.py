"""The register says what is held, what ages, and what is claimed with nothing beside it."""

from dataclasses import replace
from datetime import date

import pytest

from assessments.report import document, sentences
from assessments.report import evidence_register as register
from assessments.report.parts import HeldPart
from assessments.rules import consistency
from tests import factories


def held(state=consistency.FRESH):
    return HeldPart("Minutes", "Share", date(2026, 1, 1), date(2026, 6, 1), date(2027, 6, 1), state)


def item(found, *evidence):
    """The first item, its answers with `evidence` beside them, one after another."""
    first = found.items[0]
    answers = [replace(answer, held=each) for answer, each in zip(first.answers, evidence, strict=True)]
    return replace(first, answers=tuple(answers))


def test_nothing_held_is_no_register(found):
    assert register.title(found(PR1="2222")) == ""


def test_the_title_counts_what_is_held_what_ages_and_what_is_missing(found):
    told = found(PR1="2222", PR2="0000", PF3="0000")
    first = item(told, (held(), held(consistency.TOO_OLD)), (held(consistency.TOO_OLD_BY_AUDIT),), (), ())
    domain = replace(told.domains[0], items=(first,))
    assert register.title(replace(told, domains=(domain,))) == (
        "Three pieces of evidence are held; one is too old, one will be by the audit and two claims have none"
    )


def test_claims_with_nothing_held_are_listed_by_item(found):
    told = found(PR1="21x3".replace("x", "0"), PR2="0000", PF3="3333")
    assert [(row.item_code, row.codes) for row in register.missing(told)] == [("PR1", "PR1a, PR1d")]


@pytest.mark.parametrize(
    ("evidence", "letter"),
    [
        (((held(),),) * 4, register.HELD),
        (((held(),), (held(),), (), ()), register.PART),
        (((held(consistency.TOO_OLD),),) * 4, register.OLD),
        (((held(),), (), (), ()), register.MISSING),
    ],
)
def test_an_item_gets_the_letter_of_its_evidence(found, evidence, letter):
    assert register.letter(item(found(PR1="2222"), *evidence)) == letter


def test_where_nothing_is_claimed_nothing_is_asked_for(found):
    assert register.letter(found(PR1="0101").items[0]) == register.NOTHING_ASKED


def test_a_file_is_told_by_its_name_and_the_beginning_of_its_hash():
    file = replace(
        held(), file_name="Pack.pdf", file_kind="pdf", file_size=9, file_sha256="0123456789abcdef" * 4
    )
    assert sentences.lies(replace(file, place="")) == "Pack.pdf (SHA-256 0123456789ab…)"
    assert sentences.lies(file) == "Pack.pdf (SHA-256 0123456789ab…), Share"
    assert sentences.lies(held()) == "Share"


def test_the_document_says_of_a_file_what_it_is(assessment, alice):
    evidence = factories.filed(assessment.answers.in_order().first(), by=alice)
    (entry,) = register.entries(document.build(assessment, as_of=assessment.site.today()))
    told = entry.held
    assert (told.file_name, told.file_kind, told.file_size) == ("Pack.txt", "txt", 21)
    assert told.file_sha256 == evidence.file.sha256
