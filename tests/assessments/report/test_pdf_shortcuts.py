"""Where pdf.py goes a shorter way than WeasyPrint's own, both come to the same."""

import io
import zlib
from xml.etree import ElementTree

import pydyf
import pytest
from fontTools.ttLib import TTFont
from pypdf import PdfReader

from assessments.report import charts, fit, fit_sheet, pdf
from tests import factories
from tests.assessments.report.test_fit import ADDRESS, DAY, drawn
from tests.assessments.report.test_pdf import NAMES, NOTES, build, fill

pytestmark = pytest.mark.skipif(not pdf.available()[0], reason="WeasyPrint finds no Pango here")


@pytest.fixture
def report(site, alice):
    site.name = NAMES
    site.save()
    choices = ["0", "1", "2", "unknown", "3", "na", "1", "0", ""]
    return build(fill(factories.started(site, by=alice), choices, NOTES))


def long_way(text, fetcher):
    from weasyprint import HTML

    return HTML(string=text, base_url=pdf.BASE, url_fetcher=fetcher)


def test_the_report_is_the_same_bytes_read_as_html_below_the_style_sheet_of_a_browser(report, monkeypatch):
    made = pdf.render(report)
    monkeypatch.setattr(pdf, "_parsed", long_way)
    assert pdf.render(report) == made


def test_so_is_the_fit_check(monkeypatch):
    page = fit.page(next(drawn(1)))
    made = fit_sheet.render(page, DAY, ADDRESS)
    monkeypatch.setattr(pdf, "_parsed", long_way)
    assert fit_sheet.render(page, DAY, ADDRESS) == made


def test_both_are_well_formed_so_that_neither_goes_the_long_way(report):
    for text in (pdf.html(report), fit_sheet.html(fit.page(next(drawn(1))), DAY, ADDRESS)):
        assert ElementTree.fromstring(text).tag == "html"  # noqa: S314 - our own output


def test_what_is_not_well_formed_is_printed_all_the_same():
    made = pdf.write("<html lang=en><title>Terms</title><p>Questions & answers<br>on one page", [pdf.STYLE])
    (page,) = PdfReader(io.BytesIO(made)).pages
    assert page.extract_text().split("\n")[:2] == ["Questions & answers", "on one page"]


def test_what_is_deflated_here_holds_the_same_and_is_about_as_small(report, monkeypatch):
    made = pdf.render(report)
    monkeypatch.setattr(pydyf, "zlib", zlib)
    by_the_library = pdf.render(report)
    assert len(made) < 1.05 * len(by_the_library)
    for ours, theirs in zip(
        *(PdfReader(io.BytesIO(file)).pages for file in (made, by_the_library)), strict=True
    ):
        assert ours.get_contents().get_data() == theirs.get_contents().get_data()


@pytest.mark.parametrize("weight", charts.DIGIT)
def test_signs_in_drawings_are_as_wide_as_in_the_face_they_are_set_in(weight):
    (file,) = [path for path in pdf.packaged().values() if path.name == f"source-sans-3-{weight}.ttf"]
    face = TTFont(file)
    glyphs, metrics, em = face.getBestCmap(), face["hmtx"], face["head"].unitsPerEm
    assert {metrics[glyphs[ord(digit)]][0] / em for digit in "0123456789"} == {charts.DIGIT[weight]}
    sign = "–" if weight == 400 else "?"  # the weight each is drawn in
    assert metrics[glyphs[ord(sign)]][0] / em == charts.WIDTHS[sign]
