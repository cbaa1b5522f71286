"""Charts that the spreadsheet program draws itself, from the cells they stand beside."""

from django.utils.translation import gettext as _
from xlsxwriter.utility import quote_sheetname, xl_range

from assessments.workbooks.report_table import place_of

ROWS = 17  # rows of the sheet that the charts under the domains take
SHOWN, OPEN, TARGET, LOST = "#0F5E63", "#CBC7BB", "#1C2430", "#A63A1E"
SIZE = {"width": 560, "height": 300}  # pixels
FONT = {"name": "Calibri", "size": 10, "color": "#465061"}


def add_domains(book, sheet, document, columns, head):
    """Score against target and points lost by domain, under the table whose head is the row `head`."""
    place = {heading: place_of(columns, heading) for heading in (each.heading for each in columns)}
    rows = list(document.domains)

    def series(heading, **look):
        values = [column.value(part) for part in rows for column in columns if column.heading == heading]
        first, last = head + 1, head + len(rows)
        return {
            "name": heading,
            "categories": [sheet.name, first, 0, last, 0],
            "values": [sheet.name, first, place[heading], last, place[heading]],
            # Rows are written out at once, so the chart is told what it shows.
            "categories_data": [part.title for part in rows],
            "values_data": values,
            **look,
        }

    below = head + len(rows) + 1
    against = against_target(book, series)
    against.set_title({"name": _("Score against target, %"), "name_font": FONT | {"size": 12}})
    alternative = _("Each domain: what is shown, what is open or not known, and its target.")
    sheet.insert_chart(below, 0, against, {"description": alternative, "x_offset": 4, "y_offset": 8})
    lost = book.add_chart({"type": "bar"})
    lost.add_series(
        series(_("Lost points"), fill={"color": LOST}, data_labels={"value": True, "num_format": "0.0"})
    )
    lost.set_title({"name": _("Points lost by domain"), "name_font": FONT | {"size": 12}})
    lost.set_legend({"none": True})
    lost.set_y_axis({"reverse": True, "num_font": FONT})
    lost.set_x_axis({"min": 0, "num_font": FONT, "major_gridlines": {"visible": False}})
    lost.set_size(SIZE)
    alternative = _("Points that the gaps of each domain lose.")
    sheet.insert_chart(below, 1, lost, {"description": alternative, "x_offset": 370, "y_offset": 8})


def against_target(book, series):
    """Columns of what is shown and what is open, one on the other, with a mark at each target."""
    chart = book.add_chart({"type": "column", "subtype": "stacked"})
    chart.add_series(series(_("Score"), fill={"color": SHOWN}, gap=60))
    pattern = {"pattern": "wide_upward_diagonal", "fg_color": OPEN, "bg_color": "#FFFFFF"}
    chart.add_series(series(_("Open or not known"), pattern=pattern))
    marks = book.add_chart({"type": "line"})
    mark = {"type": "long_dash", "size": 12, "fill": {"color": TARGET}, "border": {"color": TARGET}}
    marks.add_series(series(_("Target"), line={"none": True}, marker=mark))
    chart.combine(marks)
    chart.set_y_axis(
        {
            "min": 0,
            "max": 100,
            "num_font": FONT,
            "major_gridlines": {"visible": True, "line": {"color": "#E2DFD6"}},
        }
    )
    chart.set_x_axis({"num_font": FONT})
    chart.set_legend({"position": "bottom", "font": FONT})
    chart.set_size(SIZE)
    return chart


def add_line(sheet, row, column, first, last):
    """A line in the cell of `row` and `column` over the readings from the column `first` to `last`."""
    look = {"series_color": SHOWN, "markers": True, "empty_cells": "gaps", "last_point": True}
    cells = f"{quote_sheetname(sheet.name)}!{xl_range(row, first, row, last)}"
    sheet.add_sparkline(row, column, {"range": cells, **look})
