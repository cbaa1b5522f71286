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
from standards.workbook.template import OPTIONS

ROWS = 10_000
PEAK = 0.3  # of the memory that the same cells take where they are kept until the end


def workbook_bench(scratch):
    """The workbook of ten thousand answers; beside it a plain loop that writes the same cells."""
    assessment = Assessment.objects.with_names().get(pk=scratch.assessments[0].pk)
    large = stretched(document.build(assessment, date(2026, 1, 31), "Bench", with_sites=True), ROWS)
    cells = [[column.value(row) for column in report_columns.of_answer(large)] for row in large.answers]
    share = peak(lambda: workbook(large)) / peak(lambda: plain(cells, OPTIONS))
    if share > PEAK:
        raise CommandError(
            f"The workbook takes {share:.2f} of the memory of all its cells, more than {PEAK:g}."
        )
    return Bench(
        "workbook",
        lambda: workbook(large),
        rounds=3,
        queries=0,
        floors=[Floor("a plain loop over the same cells", lambda: plain(cells, IN_ROWS), 2.5)],
        note=f"{ROWS:,} answers, {share:.2f} of the memory of all cells at once (at most {PEAK:g})",
    )


def stretched(value, rows):
    """The document with the answers of its first domain repeated until there are `rows`, in items of ten."""
    domain, item = value.domains[0], value.domains[0].items[0]
    found = [replace(answer, item_code=item.code) for each in domain.items for answer in each.answers]
    answers = list(islice(cycle(found), rows))
    items = tuple(replace(item, answers=tuple(answers[start : start + 10])) for start in range(0, rows, 10))
    return replace(value, domains=(replace(domain, items=items),), gaps=())


def peak(run):
    """Bytes that `run` takes at most, beyond what was there before it."""
    tracemalloc.start()
    try:
        run()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def plain(cells, options):
    """The least XlsxWriter asks for so many cells: no look, no width, no height."""
    with xlsxwriter.Workbook(io.BytesIO(), options) as book:
        sheet = book.add_worksheet()
        for number, row in enumerate(cells):
            for column, value in enumerate(row):
                if isinstance(value, int | float):
                    sheet.write_number(number, column, value)
                else:
                    sheet.write_string(number, column, str(value or ""))
