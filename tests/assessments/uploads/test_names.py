"""The name of a file is words for people: nothing in it leads anywhere, hides anything or runs."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessments.uploads.kinds import Kind
from assessments.uploads.names import LIMIT, another_ending, cleaned


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("Forecast October.pdf", "Forecast October.pdf"),
        ("FORECAST.PDF", "FORECAST.pdf"),
        ("../../etc/passwd", "passwd.pdf"),
        ("C:\\temp\\x.pdf", "x.pdf"),
        ("a\0b\x1b[31m.pdf", "ab[31m.pdf"),
        ("fdp.\u202efdp.exe", "fdp.fdp.pdf"),
        ("offer\u200b.pdf", "offer.pdf"),
        ("offer.exe.pdf", "offer.pdf"),
        ("offer.pdf.exe", "offer.pdf"),
        ("offer.tar.gz", "offer.pdf"),
        ("offer.v2.final", "offer.v2.final.pdf"),
        ("CON.pdf", "_CON.pdf"),
        ("lpt1", "_lpt1.pdf"),
        (".htaccess", "htaccess.pdf"),
        ("   ", "file.pdf"),
        ("...", "file.pdf"),
        ('a"b<c>d|e?.pdf', "a b c d e.pdf"),
        ("x" * 500 + ".pdf", "x" * (LIMIT - 4) + ".pdf"),
        ("Größe 日本.pdf", "Größe 日本.pdf"),
        ("a\r\nSet-Cookie: x.pdf", "a Set-Cookie x.pdf"),
    ],
)
def test_a_name_loses_what_is_no_name(sent, kept):
    assert cleaned(sent, Kind.PDF) == kept


def test_the_ending_is_that_of_what_the_file_is():
    assert cleaned("a.jpeg", Kind.JPEG) == "a.jpeg"
    assert cleaned("a.png", Kind.JPEG) == "a.jpg"
    assert cleaned("table", Kind.CSV) == "table.csv"


@pytest.mark.parametrize(
    ("sent", "kind", "sentence"),
    [
        ("report.pdf", Kind.TXT, "report.pdf is kept as report.txt: what is in it is plain text."),
        ("report.txt", Kind.PDF, "report.txt is kept as report.pdf: what is in it is a PDF."),
        ("plan.jpg", Kind.PNG, "plan.jpg is kept as plan.png: what is in it is a PNG picture."),
        ("plan.png", Kind.JPEG, "plan.png is kept as plan.jpg: what is in it is a JPEG picture."),
        ("table.xlsx", Kind.DOCX, "table.xlsx is kept as table.docx: what is in it is a Word document."),
        ("table.docx", Kind.XLSX, "table.docx is kept as table.xlsx: what is in it is an Excel workbook."),
        ("table", Kind.CSV, "table is kept as table.csv: what is in it is a CSV table."),
        ("REPORT.PDF", Kind.PDF, ""),
        ("photo.jpeg", Kind.JPEG, ""),
    ],
)
def test_another_ending_is_told_in_a_sentence(sent, kind, sentence):
    assert another_ending(sent, cleaned(sent, kind), kind) == sentence


@given(st.text(max_size=300), st.sampled_from(Kind))
def test_any_name_is_one_that_every_system_can_store(text, kind):
    name = cleaned(text, kind)
    assert len(name) <= LIMIT + 1
    assert not set(name) & set('/\\:*?"<>|\0\r\n\u202e')
    assert name[0] not in ". "
    assert name == cleaned(name, kind), "cleaning twice changes nothing"
