"""The report as a workbook, with far more rows than any site has."""

import io
import tracemalloc
from dataclasses import replace
from datetime import date
from itertools import cycle, islice

import xlsxwriter
from django.core.management import CommandError

from assessments.management.benches.measuring import Bench, Floor
from assessments.models import Assessment
from assessments.report import document
from assessments.workbooks import report_columns
from assessments.workbooks.report import workbook
from assessments.workbooks.report_table import IN_ROWS

ROWS = 10_000
PEAK = 3.0  # times the memory of a tenth of the rows: what stays is the finished file, and what a document holds anyway


def workbook_bench(scratch):
    """The workbook of ten thousand answers; beside it a plain loop that writes as many cells of the same texts."""
    assessment = Assessment.objects.with_names().get(pk=scratch.assessments[0].pk)
    value = document.build(assessment, date(2026, 1, 31), "Bench")
    large = stretched(value, ROWS)
    cells = [[column.value(row) for column in report_columns.of_answer(large)] for row in large.answers]
    peaks = [peak(stretched(value, rows)) for rows in (ROWS // 10, ROWS)]
    if peaks[1] > PEAK * peaks[0]:
        raise CommandError(
            f"Ten times the rows take {peaks[1] / peaks[0]:.1f} times the memory, more than {PEAK:g}."
        )
    return Bench(
        "workbook",
        lambda: workbook(large),
        rounds=3,
        queries=0,
        floors=[Floor("a plain loop over the same cells", lambda: plain(cells), 2.5)],
        note=f"{ROWS} answers, memory x {peaks[1] / peaks[0]:.1f} for ten times the rows",
    )


def stretched(value, rows):
    """The document with the answers of its first domain repeated until there are `rows`, in items of ten."""
    domain = value.domains[0]
    answers = list(islice(cycle([answer for item in domain.items for answer in item.answers]), rows))
    items = tuple(
        replace(domain.items[0], answers=tuple(answers[start : start + 10])) for start in range(0, rows, 10)
    )
    return replace(value, domains=(replace(domain, items=items),), gaps=())


def peak(value):
    """Bytes that making the workbook takes at most, beyond the document."""
    tracemalloc.start()
    try:
        workbook(value)
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def plain(cells):
    """The least XlsxWriter asks for so many cells: no look, no width, no height."""
    with xlsxwriter.Workbook(io.BytesIO(), IN_ROWS) as book:
        sheet = book.add_worksheet()
        for number, row in enumerate(cells):
            for column, value in enumerate(row):
                if isinstance(value, int | float):
                    sheet.write_number(number, column, value)
                else:
                    sheet.write_string(number, column, str(value or ""))
