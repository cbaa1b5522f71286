"""Files that are no filled-in template: each gets a sentence, none gets further."""

import io
import random
import zipfile

import pytest

from standards.workbook import cells
from standards.workbook.layout import STATE, TEXTS
from standards.workbook.reading import Refused, read
from tests import factories
from tests.standards.workbooks import Copy, filled, repacked, template_of

KEY = "pr1-thing-1"


def refusal(release, content):
    with pytest.raises(Refused) as refused:
        read(content, release)
    return str(refused.value)


def test_a_workbook_of_another_release_is_refused(release):
    other = factories.small_release(version="2.0", position=5)
    sentence = refusal(release, template_of(other))
    assert "for release 2.0 of 'small', and this page is for Small Standard 1.0" in sentence


def old_excel(*_):
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(2000)


def with_password(*_):
    return old_excel() + "EncryptedPackage".encode("utf-16-le") + bytes(2000)


def without_sheet(name):
    def made(release):
        copy = Copy(template_of(release))
        copy.sheets["Mine" if name == TEXTS else "State"] = copy.sheets.pop(name)
        return copy.saved()

    return made


def bomb(release):
    """5 kB that unpack to 50 MB."""
    return repacked(template_of(release), xl__media=b"0" * 50_000_000)


def lying_bomb(release):
    """The same, but the zip says it is small."""
    content = bytearray(repacked(template_of(release), xl__sharedStrings_xml=b"<sst>" + b" " * 50_000_000))
    size = (50_000_005).to_bytes(4, "little")
    return bytes(content.replace(size, (1000).to_bytes(4, "little")))


def far_cell(release):
    return with_sheet(release, '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>')


def with_sheet(release, end):
    content = template_of(release)
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        sheet = archive.read("xl/worksheets/sheet2.xml").decode()
    return repacked(content, xl__worksheets__sheet2_xml=sheet.replace("</sheetData>", end))


def laughing(release):
    """An entity that doubles with every level."""
    levels = "".join(f'<!ENTITY a{n} "&a{n - 1};&a{n - 1};">' for n in range(1, 40))
    xml = f'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a0 "ha">{levels}]><worksheet>&a39;</worksheet>'
    return repacked(template_of(release), xl__worksheets__sheet2_xml=xml)


def declared(release):
    """A document type, harmless this time."""
    content = template_of(release)
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        sheet = archive.read("xl/worksheets/sheet2.xml").decode()
    declaration = '<!DOCTYPE worksheet [<!ENTITY a "ha">]>'
    return repacked(
        content, xl__worksheets__sheet2_xml=sheet.replace("<worksheet", declaration + "<worksheet", 1)
    )


def repeated(release):
    """One long shared string in very many cells: small on disk, large in memory."""
    content = template_of(release)
    cells_ = "".join(f'<row r="{r}">' + '<c t="s"><v>0</v></c>' * 150 + "</row>" for r in range(20, 1500))
    strings = f'<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><si><t>{"x" * 1_000_000}</t></si></sst>'
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        sheet = archive.read("xl/worksheets/sheet2.xml").decode()
    sheet = sheet.replace("</sheetData>", cells_ + "</sheetData>")
    return repacked(content, xl__worksheets__sheet2_xml=sheet, xl__sharedStrings_xml=strings)


def without_headings(release):
    copy = Copy(template_of(release))
    copy.texts.pop(0)
    return copy.saved()


def two_headings(release):
    copy = Copy(template_of(release))
    copy.texts[0][8] = copy.texts[0][6]
    return copy.saved()


def no_own_column(release):
    copy = Copy(template_of(release))
    copy.sheets[TEXTS] = [row[:3] for row in copy.texts]
    return copy.saved()


def scribbled_state(release):
    copy = Copy(template_of(release))
    copy.sheets[STATE] = [["what"], [], []]
    return copy.saved()


FILES = [
    (lambda _: b"", "not an Excel workbook"),
    (lambda _: b"key;statement\npr1;ours\n", "not an Excel workbook"),
    (lambda _: b"%PDF-1.7", "not an Excel workbook"),
    (old_excel, "workbook of the old kind (.xls)"),
    (with_password, "has a password"),
    (lambda r: template_of(r)[:9000], "cannot be read"),
    (lambda r: repacked(template_of(r), xl__workbook_xml=None), "not an Excel workbook"),
    (lambda r: repacked(template_of(r), xl__workbook_xml=b"<workbook"), "cannot be read"),
    (lambda r: repacked(template_of(r), xl__workbook_xml=None, content_xml=b""), "OpenDocument"),
    (lambda r: repacked(template_of(r), xl__worksheets__sheet2_xml=b"<a><b></a>"), "cannot be read"),
    (
        without_sheet(TEXTS),
        "no sheet named 'Own wording' in this workbook. Its sheets are: How to fill this in, Mine.",
    ),
    (without_sheet(STATE), "was not downloaded here"),
    (bomb, "unpacks to far more than it should"),
    (lying_bomb, "cannot be read"),
    (far_cell, "far below or far to the right"),
    (laughing, "cannot be read"),
    (declared, "cannot be read"),
    (repeated, "cannot be read"),
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
    monkeypatch.setattr(cells, "__file__", "/nowhere/cells.py")
    assert "cannot be read" in refusal(release, template_of(release))
