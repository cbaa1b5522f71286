"""Nothing lies on anything else on the cover, however long the names are."""

import dataclasses
import io
from datetime import date

import pytest
from pypdf import PdfReader

from assessments.models import Assessment
from assessments.report import document, pdf

pytestmark = pytest.mark.skipif(not pdf.available()[0], reason="WeasyPrint finds no Pango here")

ORGANISATION = (
    "Northumbrian and Borders Mutual Assurance, Pensions and Household Services (Customer Operations) plc"
)
SITE = "Kingston upon Hull and East Riding of Yorkshire Regional Contact and Complaints Centre, Building C, North Wing"
SET_ASIDE = (
    "Set aside on 1 November 2026, when the move that made this assessment was undone: it does not count."
)


def lines(content):
    """(how far above the foot of the page, in points; the text set there) of the cover, from the top."""
    found = []

    def see(text, page, place, font, size):
        if text.strip():
            found.append((place[5] * page[3] + page[5], text.strip()))

    PdfReader(io.BytesIO(content)).pages[0].extract_text(visitor_text=see)
    return sorted(found, reverse=True)


def height(found, words):
    return [at for at, text in found if words in text]


@pytest.mark.parametrize(
    ("company", "centre"),
    [("Acme", "Leeds"), (ORGANISATION, "Leeds"), (ORGANISATION, SITE), ("W" * 120, "M" * 120)],
)
def test_caption_facts_and_notice_stand_one_below_the_other(assessment, company, centre):
    found = document.build(
        Assessment.objects.with_names().get(pk=assessment.pk), date(2026, 11, 28), "Priya Raman"
    )
    changes = {
        "organisation": company,
        "site": centre,
        "standing": SET_ASIDE,
        "notice": "Our own words. " * 20,
    }
    cover = lines(pdf.render(dataclasses.replace(found, **changes)))
    caption, seats = height(cover, "an empty square is not answered"), height(cover, "120 seats")
    first, last = height(cover, "Organisation and site"), height(cover, "Small Standard 1.0")
    notice = height(cover, "Set aside on")
    assert min(caption) - 10 > max(first)
    assert min(first) > max(seats) > max(notice) + 10
    assert min(last) > max(notice) + 10
    assert min(height(cover, "Confidential to")) > max(height(cover, "Gap report:")) + 10
