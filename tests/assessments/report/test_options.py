"""What is printed, on which paper, and what travels along, is chosen; the figures are not."""

import base64
import io

import pytest
from PIL import Image
from pypdf import PdfReader

from assessments.report import paper, pdf
from assessments.report.options import LETTER, Options


@pytest.fixture
def told(found):
    return found(PR1="0121", PR2="11?0", PF3="1?20")


def read(told, **options):
    return PdfReader(io.BytesIO(pdf.render(told, Options(**options))), strict=True)


def text_of(reader):
    return "".join("".join(page.extract_text().split()) for page in reader.pages)


def test_one_page_is_one_page_that_names_site_day_and_mark(told):
    reader = read(told, one_page=True)
    (page,) = reader.pages
    text = "".join(page.extract_text().split())
    for said in (told.headline, told.site, "20 November 2026", "Confidential to Acme", "Page 1 of 1"):
        assert "".join(said.split()) in text


def test_one_page_carries_no_notes_along(told):
    assert list(read(told, one_page=True).attachments) == []
    assert list(read(told, data=False).attachments) == []
    assert sorted(read(told).attachments) == ["answers.json", "gaps.csv"]


def test_letter_is_as_large_as_the_paper_of_north_america(told):
    for page in read(told, paper=LETTER).pages:
        assert (float(page.mediabox.width), float(page.mediabox.height)) == pytest.approx((612, 792), abs=0.1)


def test_letter_and_a4_say_the_same(told):
    letter, a4 = (text_of(read(told, paper=name)) for name in (LETTER, "a4"))
    for answer in told.answers:
        assert "".join(answer.statement.split()) in letter
        assert "".join(answer.statement.split()) in a4


def test_parts_left_out_are_not_printed_and_the_others_are_numbered_anew(told):
    sections = paper.sections(told, Options(sections=("gaps", "method")))
    assert [(section.number, section.key) for section in sections] == [
        ("1", "answer"),
        ("2", "gaps"),
        ("A", "method"),
    ]
    text = text_of(read(told, sections=("gaps", "method")))
    assert "Gapcards" not in text
    assert "Howthefiguresaremade" in text


def test_the_mark_of_the_cover_is_the_one_asked_for(told):
    assert "Boardonly" in text_of(read(told, mark="Board only"))
    assert "ConfidentialtoAcme" in text_of(read(told))


def test_a_logo_stands_on_the_cover_with_its_name(told):
    drawn = io.BytesIO()
    Image.new("RGB", (60, 20), "white").save(drawn, "PNG")
    with_logo = read(told, logo=base64.b64encode(drawn.getvalue()).decode())
    assert len(with_logo.pages[0].images) == 1
    assert len(read(told).pages[0].images) == 0
    assert 'alt="Logo of Acme"' in pdf.html(told, Options(logo="x"))


def test_equal_options_make_equal_bytes(told):
    chosen = Options(paper=LETTER, mark="Board only", sections=("cards",))
    assert pdf.render(told, chosen) == pdf.render(told, chosen)
