"""The fit check on one sheet of paper."""

from django.template.loader import render_to_string

from assessments.report import fit_advice as advice
from assessments.report import pdf


def html(page, as_of, address):
    """The sheet as one HTML text. `address` leads back to the result; it is printed as a link and never fetched."""
    context = {
        "page": page,
        "as_of": as_of,
        "address": address,
        "to_ask": advice.to_ask(),
        "estimate": advice.estimate(),
    }
    return render_to_string("assessments/report/fit_sheet.html", context)


def render(page, as_of, address):
    """The sheet as a PDF of one page. Raises `pdf.Unavailable` where none can be made."""
    pdf.require()
    return pdf.write(html(page, as_of, address), [pdf.STYLE, pdf.SHEET_STYLE])
