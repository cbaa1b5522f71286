"""The workbook in which somebody enters monthly figures: a row for each metric, two for a ratio, a column for each month."""

import io

import xlsxwriter
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from standards.text import clean_text
from standards.workbook.template import FORMATS, OPTIONS

READINGS = "Readings"  # the name of the sheet
NAME_WIDTH, UNIT_WIDTH, MONTH_WIDTH = 46, 12, 11  # characters


def template(metrics, months):
    """The bytes of an .xlsx file with empty cells for the figures of `metrics` (`Known`) in `months` (first days).

    Months in which a metric is not measured are grey.
    """
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, OPTIONS) as book:
        formats = {name: book.add_format(values) for name, values in FORMATS.items()}
        open_cell, closed_cell = (
            book.add_format({**FORMATS["own"], "num_format": "General"}),
            formats["shipped"],
        )
        sheet = book.add_worksheet(READINGS)
        write_headings(sheet, formats["shipped head"], months)
        rows = [(metric, label) for metric in metrics for label in labels(metric)]
        for row, (metric, label) in enumerate(rows, 1):
            sheet.write_string(row, 0, label, formats["shipped"])
            sheet.write_string(row, 1, unit(metric), formats["shipped"])
            for column, month in enumerate(months, 2):
                is_due = month.month % metric.every == 0
                sheet.write_blank(row, column, None, open_cell if is_due else closed_cell)
    return file.getvalue()


def write_headings(sheet, head, months):
    sheet.set_column(0, 0, NAME_WIDTH)
    sheet.set_column(1, 1, UNIT_WIDTH)
    sheet.set_column(2, 1 + max(len(months), 1), MONTH_WIDTH)
    for column, text in enumerate((_("Metric"), _("Unit"), *(date_format(month, "M Y") for month in months))):
        sheet.write_string(0, column, text, head)
    sheet.freeze_panes(1, 2)


def labels(metric):
    """What the rows of a metric are headed: its name, or the name with each of its two counts."""
    name = clean_text(metric.name)
    if not metric.ratio:
        return [name]
    return [f"{name}: {clean_text(words)}" for words in metric.counts.values()]


def unit(metric):
    """A ratio is entered as two counts, so its unit is not that of the cells."""
    return _("count") if metric.ratio else clean_text(metric.unit)
