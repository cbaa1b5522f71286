"""What a screen reader finds in the PDF, read back; and every rule of PDF/UA-1 that a machine can check."""

import io
import re
from itertools import pairwise

import page as checker
import pytest
from pypdf import PdfReader

from assessments.models import Assessment
from assessments.report import fit, fit_sheet, pdf
from standards.models import Release
from tests import factories
from tests.assessments.report import tagged
from tests.assessments.report.test_fit import ADDRESS, DAY, drawn
from tests.assessments.report.test_pdf import NAMES, NOTES, build, fill

pytestmark = pytest.mark.skipif(not pdf.available()[0], reason="WeasyPrint finds no Pango here")

CHOICES = ["0", "1", "2", "unknown", "3", "na", "1", "0", ""]
KEYS = [f"{item}-thing-{number}" for item in ("pr1", "pr2", "pf3") for number in range(1, 5)]


@pytest.fixture
def made(site, alice):
    """A report with something in every section."""
    site.name = NAMES
    site.save()
    return pdf.render(build(fill(factories.started(site, by=alice), CHOICES, NOTES)))


@pytest.fixture
def reader(made):
    return PdfReader(io.BytesIO(made))


def broken_rules(made):
    """The rules of PDF/UA-1 that `made` breaks, with what was said of each."""
    report = checker.validate_pdf_bytes(made, profile="ua1")
    assert report.rules.total > 100
    return {failure.rule_id: failure.message for failure in report.failures}


# ---- the whole standard -----------------------------------------------------------------------------------------


def test_a_report_keeps_every_rule_of_pdf_ua(made):
    assert broken_rules(made) == {}


def test_so_does_the_sheet_of_the_fit_check():
    assert broken_rules(fit_sheet.render(fit.page(next(drawn(1))), DAY, ADDRESS)) == {}


@pytest.mark.usefixtures("shipped")
@pytest.mark.parametrize(("standard", "variant"), [("copc-cx", "VMO"), ("maturity", None)])
def test_so_does_a_report_on_what_is_shipped(site, alice, standard, variant):
    release = Release.objects.filter(standard__key=standard).first()
    variants = release.variants.filter(code=variant) if variant else release.variants.all()
    assessment, _ = Assessment.objects.start(
        site=site,
        release=release,
        variant=variants.first(),
        channels=site.channels,
        audit_month=None,
        by=alice,
    )
    assert broken_rules(pdf.render(build(fill(assessment, CHOICES, NOTES)))) == {}


def test_an_untagged_file_breaks_them():
    from weasyprint import HTML

    broken = broken_rules(HTML(string="<html lang=en><title>T</title><p>Words.").write_pdf())
    assert "PDFUA1-TAGGED-DOCUMENT-001" in broken


def test_so_does_a_report_whose_tags_nobody_finished(site, alice, monkeypatch):
    monkeypatch.setattr(pdf, "finish", None)
    found = build(fill(factories.started(site, by=alice), CHOICES, NOTES))
    assert set(broken_rules(pdf.render(found))) == {"PDFUA1-TABLE-HEADERS-SCOPE-001"}


# ---- what no rule asks ------------------------------------------------------------------------------------------


def test_headings_begin_at_one_and_leave_out_no_level(reader):
    levels = [int(each.kind[1:]) for each in tagged.tree(reader).of_kind("H1", "H2", "H3", "H4", "H5", "H6")]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))


def test_every_heading_of_a_table_says_what_it_heads_and_every_cell_has_headings(reader):
    tables = tagged.tree(reader).of_kind("Table")
    assert len(tables) > 5
    for table in tables:
        names = {each.source["/ID"] for each in table.of_kind("TH")}
        assert len(names) == len(table.of_kind("TH"))
        for head in table.of_kind("TH"):
            in_head = "THead" in head.ancestors
            assert head.source["/A"]["/Scope"] == ("/Column" if in_head else "/Row")
        for cell in table.of_kind("TD"):
            headers = list(cell.source["/A"]["/Headers"])
            assert headers
            assert set(headers) <= names
            assert len(set(headers)) == len(headers)


def test_a_heading_over_two_columns_heads_both_and_one_of_a_group_its_rows(reader):
    words = tagged.words_by_mark(reader)

    def said(element):
        return " ".join(
            "".join(words.get(mark, "") for each in element.walk() for mark in each.marks).split()
        )

    (table,) = [
        each
        for each in tagged.tree(reader).of_kind("Table")
        if any(head.source["/A"].get("/ColSpan", 1) == 2 for head in each.of_kind("TH"))
    ]
    names = {head.source["/ID"]: said(head) for head in table.of_kind("TH")}
    rows = [row.of_kind("TD") for row in table.of_kind("TR")]
    (row,) = [cells for cells in rows if cells and said(cells[0]) == "PR1"]
    headings = [[names[name] for name in cell.source["/A"]["/Headers"]] for cell in row]
    assert headings[0] == ["Processes", "Item"]
    assert headings[1] == ["Processes", "Item"]
    assert headings[2] == ["Processes", "Points"]


def test_every_link_says_where_it_leads_and_prints(reader):
    links = tagged.tree(reader).of_kind("Link")
    inside = [item.get_object() for link in links for item in link.objects]
    on_pages = [item.get_object() for page in reader.pages for item in page.get("/Annots", [])]
    assert len(inside) >= 8
    assert sorted(item["/StructParent"] for item in inside) == sorted(
        item["/StructParent"] for item in on_pages
    )
    words = tagged.words_by_mark(reader)
    for link in links:
        said = "".join(words.get(mark, "") for mark in link.marks)
        for item in link.objects:
            assert " ".join(said.split()) in item["/Contents"]
            assert len(item["/Contents"].split()) > 1
            assert item["/F"] == 4


def test_every_picture_says_in_words_what_it_shows(reader):
    for figure in tagged.tree(reader).of_kind("Figure"):
        assert re.search(r"\w+ \w+.*\.$", str(figure.source["/Alt"]), re.DOTALL)


def test_everything_on_a_page_is_content_or_artifact(reader):
    owned = [mark for each in tagged.tree(reader).walk() for mark in each.marks]
    assert len(owned) == len(set(owned))
    seen = set()
    for number in range(len(reader.pages)):
        for tag, properties in tagged.painted(reader, number):
            assert tag, f"something on page {number + 1} is not marked"
            if tag != "/Artifact":
                seen.add((number, int(properties["/MCID"])))
    assert seen <= set(owned)


def test_running_heads_and_page_numbers_are_not_read_out(reader):
    words = tagged.words_by_mark(reader)
    read_out = "".join(words.get(mark, "") for each in tagged.tree(reader).walk() for mark in each.marks)
    printed = "".join(page.extract_text() for page in reader.pages)
    number = rf"Page\s+\d+\s+of\s+{len(reader.pages)}"
    assert len(re.findall(number, printed)) == len(reader.pages) - 1
    assert not re.search(number, read_out)
    assert "Every answer" in read_out


def test_the_order_of_reading_is_that_of_the_page(reader):
    """The requirements of the last section come in the order of the questionnaire."""
    words = tagged.words_by_mark(reader)
    order = [mark for each in tagged.tree(reader).walk() for mark in each.marks]
    assert [page for page, _ in order] == sorted(page for page, _ in order)
    text = "".join("".join(words.get(mark, "") for mark in order).split())
    places = [text.rindex(f"Thething{key}isdone") for key in KEYS]
    assert places == sorted(places)
