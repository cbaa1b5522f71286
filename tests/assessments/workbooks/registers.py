"""A register of metrics, and files of their figures as people make them."""

import io

import xlsxwriter

from assessments.workbooks.readings_file import Known, pasted, read, understand

FCR = Known(
    "fcr", "First contact resolution", ratio=True, numerator="Resolved", denominator="Contacts", unit="%"
)
AHT = Known("aht", "Average handle time", unit="seconds", also=("AHT",))
CSAT = Known("csat", "Customer satisfaction", unit="%", also=("CSAT",))
VOLUME = Known("volume", "Contacts", unit="contacts")
ATTRITION = Known("attrition", "Attrition", unit="%", every=3)
BACKLOG = Known("backlog", "Backlog age", unit="hours")
REGISTER = (FCR, AHT, CSAT, VOLUME, ATTRITION, BACKLOG)


def workbook(**sheets):
    """The bytes of a workbook: sheet name -> rows of cells, each a value or (value, number format).

    A text that begins with '=' is a formula; (text, what it came to) says what Excel worked out.
    """
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, {"default_date_format": "mmm yyyy"}) as book:
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            for row, cells in enumerate(rows):
                for column, cell in enumerate(cells):
                    put(book, sheet, row, column, cell)
    return file.getvalue()


def put(book, sheet, row, column, cell):
    value, extra = cell if isinstance(cell, tuple) else (cell, None)
    if isinstance(value, str) and value.startswith("="):
        sheet.write_formula(row, column, value, None, "" if extra is None else extra)
    elif extra:
        sheet.write(row, column, value, book.add_format({"num_format": extra}))
    elif value not in ("", None):
        sheet.write(row, column, value)


def said(file, metrics=REGISTER):
    """What a pasted text or the bytes of a workbook say."""
    return understand(pasted(file) if isinstance(file, str) else read(file, "ours.xlsx"), metrics)


def figures(sheet):
    """(metric, '2026-01', value or (numerator, denominator)) of everything found."""
    return [
        (
            found.metric_key,
            found.month.strftime("%Y-%m"),
            found.value if found.value is not None else (found.numerator, found.denominator),
        )
        for found in sheet.found
    ]


def problems(sheet):
    return [(problem.place, problem.sentence) for problem in sheet.problems]


def clean(file, metrics=REGISTER):
    """The figures of a file that has no problem."""
    sheet = said(file, metrics)
    assert problems(sheet) == []
    return figures(sheet)


def refused(file, metrics=REGISTER):
    """The problems of a file of which nothing is found."""
    sheet = said(file, metrics)
    assert figures(sheet) == []
    return problems(sheet)


def one(file, metrics=REGISTER):
    ((_place, sentence),) = refused(file, metrics)
    return sentence


def cell(metric, value):
    """A table with one figure."""
    return f"Metric\tJan 2026\n{metric}\t{value}\n"


def counts(numerator, denominator):
    return (
        f"Metric,Month,Numerator,Denominator\nFirst contact resolution,Jan 2026,{numerator},{denominator}\n"
    )
