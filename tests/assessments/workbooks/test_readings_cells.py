"""What a figure is in: percentages, shares of one, durations."""

from tests.assessments.workbooks.registers import cell, clean, figures, one, problems, said, workbook


def test_a_percentage_is_read_with_and_without_its_sign():
    file = workbook(A=[["", "Jan 2026", "Feb 2026", "Mar 2026"], ["CSAT", (0.005, "0.0%"), "0,5 %", 81]])
    assert clean(file) == [("csat", "2026-01", 0.5), ("csat", "2026-02", 0.5), ("csat", "2026-03", 81)]


def test_figures_that_may_be_shares_of_one_are_asked_about():
    text = "\tJan 2026\tFeb 2026\tMar 2026\nCSAT\t0.81\t1\t0.7 %"
    sheet = said(text)
    assert figures(sheet) == [("csat", "2026-03", 0.7)]
    assert problems(sheet) == [("row 2, column 2", "0.81 looks like a share; write 81 or 81 %.")]
    assert clean("\tJan 2026\tFeb 2026\nCSAT\t0\t0") == [("csat", "2026-01", 0), ("csat", "2026-02", 0)]
    assert len(clean("\tJan 2026\tFeb 2026\nCSAT\t0.81\t1.2")) == 2


def test_a_duration_comes_in_the_unit_of_its_metric():
    assert clean(cell("AHT", "5:12")) == [("aht", "2026-01", 312)]
    assert clean(cell("Backlog age", "1:30:00")) == [("backlog", "2026-01", 1.5)]
    shown = workbook(A=[["", "Jan 2026"], ["Backlog age", (1.5, "[h]:mm")]])
    assert clean(shown) == [("backlog", "2026-01", 36)]
    assert one(cell("Backlog age", "1:30")) == (
        "'1:30' can be minutes or hours. Write it as hours, minutes and seconds: 0:05:12."
    )
    assert one(cell("Contacts", "5:12")) == "'5:12' is a duration, and 'Contacts' is not measured in time."
