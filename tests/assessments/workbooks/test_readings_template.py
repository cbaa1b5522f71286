"""The workbook in which somebody enters monthly figures comes back as it went out."""

from datetime import date

from assessments.workbooks.readings_file import Known, read, template
from standards.workbook.cells import figures_of
from tests.assessments.workbooks.registers import (
    REGISTER,
    clean,
    said,
)

YEAR = [date(2026, number, 1) for number in range(1, 13)]
AWKWARD = (
    *REGISTER,
    Known("formula", "=1+1"),
    Known("mail", "mailto:x@example.org"),
    Known("marks", "???"),
    Known("long", "Ä" * 300, unit="%"),
    Known("plain ratio", "Transfers", ratio=True),
    Known("total", "Total"),
    Known("colon", "Chat: first reply", ratio=True, numerator="In time: 60 s", denominator="All"),
)


def test_a_template_reads_back_without_a_word():
    sheet = said(template(AWKWARD, YEAR), AWKWARD)
    assert (sheet.found, sheet.problems, sheet.notes) == ((), (), ())


def test_a_template_filled_in_reads_back_as_it_was_filled_in():
    rows = [[cell.value for cell in row] for row in read(template(AWKWARD, YEAR[2:4])).rows]
    for number, row in enumerate(rows[1:]):
        row[2:] = [str(100 + number), str(200 + number)]
    found = clean("\n".join("\t".join(row) for row in rows), AWKWARD)
    assert len(found) == 2 * len(AWKWARD)
    assert found[:4] == [
        ("fcr", "2026-03", (100, 101)),
        ("fcr", "2026-04", (200, 201)),
        ("aht", "2026-03", 102),
        ("aht", "2026-04", 202),
    ]
    assert found[-1] == ("colon", "2026-04", (214, 215))


def test_nothing_in_a_template_is_a_formula():
    (_name, rows), _others = figures_of(template(AWKWARD, YEAR))
    assert {type(cell) for row in rows for cell in row} == {str}
    assert "=1+1" in [row[0] for row in rows]
