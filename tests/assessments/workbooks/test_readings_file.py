"""What files of monthly figures say of the metrics of a register, in every layout, and what of it is refused."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assessments.report.spreadsheet import as_text
from assessments.workbooks.readings_file import Known, Refused, pasted, read, understand
from standards.workbook.tables import FINDINGS_TOLD
from tests.assessments.workbooks.registers import (
    REGISTER,
    cell,
    clean,
    counts,
    figures,
    one,
    problems,
    refused,
    said,
    workbook,
)

# ---- layouts ----------------------------------------------------------------------------------------------------

TWO_MONTHS = [
    ("fcr", "2026-01", (80, 100)),
    ("fcr", "2026-02", (81, 90)),
    ("csat", "2026-01", 71.5),
    ("csat", "2026-02", 72),
    ("volume", "2026-01", 5000),
    ("volume", "2026-02", 6000),
]
LAYOUTS = {
    "a row a metric": """\
Metric;Jan 2026;Feb 2026
First contact resolution: Resolved;80;81
First contact resolution: Contacts;100;90
Customer satisfaction;71,5;72
Contacts;5000;6000""",
    "the name and then its two lines": """\
Site Berlin;All figures;
;Jan 2026;Feb 2026
First contact resolution;;
   Resolved;80;81
   Contacts;100;90
CSAT;71,5;72
Contacts;5000;6000""",
    "name and count in two columns": """\
Metric;Count;Unit;Jan 2026;Feb 2026
first  contact resolution;resolved;%;80;81
;contacts;%;100;90
customer-satisfaction;;%;71,5;72
CONTACTS;;;5000;6000""",
    "a row a month": """\
Month;First contact resolution - resolved;First contact resolution - contacts;CSAT;Contacts
2026-01;80;100;71,5;5000
2026-02;81;90;72;6000""",
    "a row a month under two rows of headings": """\
;First contact resolution;;CSAT;Contacts
Month;Resolved;Contacts;;
2026-01;80;100;71,5;5000
2026-02;81;90;72;6000""",
    "a row a figure": """\
Month;Metric;Value;Numerator;Denominator
01/2026;First contact resolution;;80;100
01/2026;CSAT;71,5;;
01/2026;Contacts;5000;;
02/2026;First contact resolution;;81;90
02/2026;CSAT;72;;
02/2026;Contacts;6000;;""",
    "a row a figure, counts by name": """\
Metric;Month;Value
First contact resolution (resolved);01/2026;80
First contact resolution (contacts);01/2026;100
First contact resolution numerator;02/2026;81
First contact resolution denominator;02/2026;90
CSAT;01/2026;71,5
CSAT;02/2026;72
Contacts;01/2026;5000
Contacts;02/2026;6000""",
}


@pytest.mark.parametrize("layout", LAYOUTS)
def test_every_layout_says_the_same(layout):
    assert clean(LAYOUTS[layout]) == TWO_MONTHS


@pytest.mark.parametrize("delimiter", ["\t", ";", "|"])
def test_every_delimiter_says_the_same(delimiter):
    assert clean(LAYOUTS["a row a figure"].replace(";", delimiter)) == TWO_MONTHS


def test_one_month_is_enough_either_way():
    assert clean("Metric\tJan 2026\nCSAT\t81.2") == [("csat", "2026-01", 81.2)]
    assert clean("Month\tCSAT\nJan 2026\t81.2") == [("csat", "2026-01", 81.2)]


def test_digits_are_months_where_no_other_months_are():
    assert clean("Metric,202601,202602\nContacts,202601,5000") == [
        ("volume", "2026-01", 202601),
        ("volume", "2026-02", 5000),
    ]
    assert clean("Metric,Jan 2026,Feb 2026\nContacts,2026,2027") == [
        ("volume", "2026-01", 2026),
        ("volume", "2026-02", 2027),
    ]
    assert clean("Metric,Jan 2026\nContacts,2026\nAHT,2027") == [
        ("aht", "2026-01", 2027),
        ("volume", "2026-01", 2026),
    ]


def test_a_title_above_the_table_is_no_figure():
    assert clean("\t\tReport\tBerlin\nMetric\tJan 2026\tFeb 2026\nCSAT\t81\t82") == [
        ("csat", "2026-01", 81),
        ("csat", "2026-02", 82),
    ]


def test_each_figure_says_where_it_stands_and_what_was_noted():
    sheet = said('Metric,Month,Value,Note\nCSAT,2026-01,81.2,"New survey,\nfewer answers"\n')
    (found,) = sheet.found
    assert (found.place, found.note) == ("row 2, column 3", "New survey,\nfewer answers")
    found = said(
        workbook(A=[["", "Jan 2026"], ["FCR: resolved", 8], ["FCR: contacts", 9]]), [FCR_SHORT]
    ).found[0]
    assert (found.place, found.note, found.month) == ("B2 and B3", "", date(2026, 1, 1))


def test_a_note_that_left_in_a_csv_file_of_ours_comes_back_as_it_was_typed():
    note = "-5 in March;=1 was a slip\n- checked"
    kept = as_text(note)
    assert kept != note
    assert said(f'Metric,Month,Value,Note\nCSAT,2026-01,81.2,"{kept}"\n').found[0].note == note


FCR_SHORT = Known(7, "FCR", ratio=True, numerator="resolved", denominator="contacts", unit="%")


def test_a_metric_measured_each_quarter_stands_under_the_last_month_of_it():
    assert clean("Metric,Q1 2026,2026 Q2\nAttrition,3,4") == [
        ("attrition", "2026-03", 3),
        ("attrition", "2026-06", 4),
    ]
    assert clean("Metric,Jan 2026,May 2026\nAttrition,3,4") == [
        ("attrition", "2026-03", 3),
        ("attrition", "2026-06", 4),
    ]


# ---- a workbook with everything in it ---------------------------------------------------------------------------

MESSY = [
    ["Figures of Berlin, made by hand"],
    [],
    ["Metric", "Unit", date(2026, 1, 1), "Febr. 2026", "2026-03", "Q1 2026", "Aprl 2026", "", "YTD 2026", "Target"],
    ["First contact resolution", "%", (0.8, "0%"), (0.9, "0%"), (0.7, "0%")],
    ["- resolved", "", 80, 120, 70],
    ["- contacts", "", "1 00", 100, 100],
    ["AHT", "s", (312 / 86400, "h:mm:ss"), (5.2 / 24, "h:mm"), "5:12", 314, 1, 2, 3, 4],
    ["Custmer satisfaction", "%", 81, 82, 83],
    ["customer SATISFACTION ", "%", (0.812, "0.0%"), "81,2 %", "eighty"],
    ["Contacts", "", date(2026, 5, 1), True, "=1+1"],
    ["Contacts", "", "", "", ("=1/0", "#DIV/0!")],
    ["Backlog age", "h", ("=NA()", "#N/A"), "n/a", ("=1+1", 2)],
    ["Backlog age", "h", "", "12 %", 3],
    ["Attrition", "%", "", "", "-", 3],
    ["Total", "", 1, 2, 3],
    ["", "", 5],
    ["Source: the telephone system"],
]  # fmt: skip


def test_a_messy_workbook_is_understood_cell_by_cell():
    sheet = said(workbook(Figures=MESSY, Other=[["x"]]))
    assert figures(sheet) == [
        ("fcr", "2026-03", (70, 100)),
        ("aht", "2026-01", 312),
        ("aht", "2026-03", 312),
        ("csat", "2026-01", 81.2),
        ("csat", "2026-02", 81.2),
        ("attrition", "2026-03", 3),
    ]


REFUSED = {
    "G3": "'Aprl 2026' is not a month. Write it as 2026-01 or Jan 2026.",
    "H7": "No month belongs to this cell.",
    "C6": "'1 00' is not a number.",
    "D5": "'Resolved' is 120 and 'Contacts' 100, and a percentage of 'First contact resolution' ends at 100.",
    "D7": "'5:12' can be minutes or hours. Write it as hours, minutes and seconds: 0:05:12.",
    "A8": "'Custmer satisfaction' is none of your metrics. Is it 'Customer satisfaction'? Then write that.",
    "E9": "'eighty' is not a number.",
    "C10": "This cell was turned into a date. Format it as a number and write the figure again.",
    "D10": "This cell holds TRUE or FALSE, and a number is needed.",
    "E10": "This cell holds a formula that nothing has worked out. Open the file in Excel, save it and upload it again.",
    "E11": "This cell holds the error '#DIV/0!'.",
    "D13": "'12 %' is a percentage, and 'Backlog age' is not measured in percent.",
    "E13": "March 2026 of 'Backlog age' stands more than once: in E12 and E13. Keep one.",
    "C16": "No metric is named here.",
}


def test_what_is_refused_in_a_messy_workbook_says_where_and_why():
    found = problems(said(workbook(Figures=MESSY)))
    assert dict(found) == REFUSED
    assert len(found) == len(REFUSED)


def test_what_is_passed_over_in_a_messy_workbook_is_told():
    assert said(workbook(Figures=MESSY, Other=[["x"]])).notes == (
        "The sheet 'Figures' was read, and not: 'Other'.",
        "'YTD 2026' at I3 was not read.",
        "'Target' at J3 was not read.",
        "'Q1 2026' at F3 was not read.",
        "'Total' at A15 was not read.",
        "The rates of 'First contact resolution' are not read: they are worked out from its two counts.",
    )


# ---- ratios -----------------------------------------------------------------------------------------------------


def test_a_rate_alone_does_not_say_how_much_it_rests_on():
    assert one(cell("First contact resolution", "81 %")) == (
        "'First contact resolution' needs its two counts, 'Resolved' and 'Contacts', not one figure a month."
    )


@pytest.mark.parametrize(
    ("numerator", "denominator", "sentence"),
    [
        ("80", "", "January 2026 of 'First contact resolution' has 'Resolved' and no 'Contacts'."),
        ("n/a", "100", "January 2026 of 'First contact resolution' has 'Contacts' and no 'Resolved'."),
        ("0", "0", "'Contacts' is 0 in January 2026, so 'First contact resolution' has no rate."),
        (
            "101",
            "100",
            "'Resolved' is 101 and 'Contacts' 100, and a percentage of 'First contact resolution' ends at 100.",
        ),
        ("-1", "100", "'-1' is below 0, and this is a count."),
        ("80 %", "100", "'80 %' is a percentage, and 'First contact resolution' needs counts here."),
        ("1:20", "100", "'1:20' is a duration, and 'First contact resolution' is not measured in time."),
    ],
)
def test_counts_that_make_no_rate_are_refused(numerator, denominator, sentence):
    assert one(counts(numerator, denominator)) == sentence


def test_a_ratio_that_is_no_percentage_may_be_above_one():
    per_contact = Known(
        "aht", "Handle time", ratio=True, numerator="Time", denominator="Contacts", unit="seconds"
    )
    text = "Metric,Month,Numerator,Denominator\nHandle time,Jan 2026,10:00:00,120\n"
    assert clean(text, [per_contact]) == [("aht", "2026-01", (36000, 120))]


def test_two_counts_of_a_single_figure_are_refused():
    text = counts(80, 100).replace("First contact resolution", "CSAT")
    assert one(text) == "'Customer satisfaction' has one figure a month, not two counts."


# ---- what the whole file decides --------------------------------------------------------------------------------


def test_the_file_decides_what_a_point_or_a_comma_means_and_says_so():
    sheet = said("\tJan 2026\tFeb 2026\nContacts\t1,234\t5\nAHT\t312.5\t")
    assert figures(sheet) == [
        ("aht", "2026-01", 312.5),
        ("volume", "2026-01", 1234),
        ("volume", "2026-02", 5),
    ]
    assert sheet.notes == (
        "Figures such as '1,234' are read with a decimal point, as the others are written.",
    )
    assert one("\tJan 2026\nContacts\t1,234").startswith(
        "'1,234' can mean 1234 or 1.234, and nothing in the file"
    )


def test_the_file_decides_the_order_of_dates_and_says_so():
    sheet = said("Metric,Month,Value\nCSAT,05/01/2026,81\nCSAT,28/02/2026,82")
    assert [month for _key, month, _value in figures(sheet)] == ["2026-01", "2026-02"]
    assert sheet.notes == ("Dates such as '05/01/2026' are read day first.",)
    assert one("Metric,Month,Value\nCSAT,05/01/2026,81").startswith(
        "'05/01/2026' can be January 2026 or May 2026"
    )


def test_a_month_that_is_none_is_said_once_for_all_its_figures():
    sheet = said("\tJan 2026\tFebuary 2026\nCSAT\t81\t82\nAHT\t300\t310")
    assert problems(sheet) == [
        ("row 1, column 3", "'Febuary 2026' is not a month. Write it as 2026-01 or Jan 2026.")
    ]
    assert len(sheet.found) == 2


def test_a_quarter_is_refused_where_its_months_are_not_beside_it():
    assert one("\tQ1 2026\nCSAT\t81") == "'Q1 2026' is a quarter, and this is measured every month."


def test_totals_of_the_long_form_are_passed_over():
    sheet = said("Metric,Month,Value,Site\nCSAT,Jan 2026,81,B\nCSAT,YTD 2026,81,B\nAverage,Jan 2026,81,B")
    assert (figures(sheet), problems(sheet)) == ([("csat", "2026-01", 81)], [])
    assert sheet.notes == (
        "'Site' at row 1, column 4 was not read.",
        "'YTD 2026' at row 3, column 2 was not read.",
        "'Average' at row 4, column 1 was not read.",
    )


@pytest.mark.parametrize("text", ["a,b\nc,d", "CSAT", "Metric,Value\nCSAT,81"])
def test_a_table_without_months_is_told_so(text):
    assert refused(text) == [
        ("", "No month is named in this table. Head each column or each row with its month, as in Jan 2026.")
    ]


def test_a_file_that_is_wrong_throughout_is_not_told_so_cell_by_cell():
    sheet = said("Metric,Month,Value\n" + "Sales,Jan 2026,1\n" * 1000)
    assert len(sheet.problems) == FINDINGS_TOLD + 1
    assert sheet.problems[-1].sentence == f"And {1000 - FINDINGS_TOLD} more."


# ---- laws -------------------------------------------------------------------------------------------------------

WORDS = st.one_of(
    st.sampled_from(
        [
            "Metric",
            "Month",
            "Value",
            "Numerator",
            "Denominator",
            "Note",
            "Total",
            "Q1 2026",
            "2026",
            "Jan 2026",
        ]
    ),
    st.sampled_from(
        ["CSAT", "First contact resolution", "resolved", "Contacts", "AHT", "Attrition", "5", "81 %", "1:23"]
    ),
    st.sampled_from(["01/02/2026", "2026-02", "1,234", "n/a", "-5", "0.8", "#N/A", ""]),
    st.text(max_size=8),
)


@settings(max_examples=300)
@given(st.lists(st.lists(WORDS, max_size=6), max_size=8))
def test_any_table_is_understood_or_refused_in_sentences(rows):
    try:
        table = pasted("\n".join("\t".join(row) for row in rows))
    except Refused:
        return
    sheet = understand(table, REGISTER)
    assert all(problem.sentence for problem in sheet.problems)
    stated = [(found.metric_key, found.month) for found in sheet.found]
    assert len(set(stated)) == len(stated)
    assert all((found.value is None) != (found.numerator is None) for found in sheet.found)


@given(
    st.one_of(
        st.binary(), st.text().map(lambda text: text.encode("utf-16")), st.binary().map(b"PK\x03\x04".__add__)
    )
)
def test_any_bytes_are_a_table_or_a_sentence(data):
    try:
        table = read(data, "any.csv")
    except Refused as refused:
        said_so = str(refused)
    else:
        said_so = understand(table, REGISTER)
    assert said_so
