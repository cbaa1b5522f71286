"""The report as a workbook to filter, sort and carry on with: the same figures as on paper, as numbers.

Equal documents give equal bytes. Nothing in it calculates, and nothing typed by people becomes a formula or a link.
"""

import io
from datetime import date, datetime, time
from functools import partial

import xlsxwriter
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from assessments.report import blockers, findings, sentences, verdicts
from assessments.workbooks import report_charts, report_columns
from assessments.workbooks.questionnaire import LEVEL_COLOURS
from assessments.workbooks.report_table import (
    IN_ROWS,
    SIGNS,
    Column,
    cell_text,
    colour_levels,
    looks_of,
    place_of,
    set_up_print,
    table,
    write_cell,
    write_head,
    write_rows,
)
from standards.workbook.template import LINE, wrapped, write_guide

FACT_WIDTH, WORDS_WIDTH, FIGURE_WIDTH = 30, 54, 12  # characters
SUMMARY_WIDTHS = (FACT_WIDTH, WORDS_WIDTH, *[FIGURE_WIDTH] * 7)


def workbook(document):
    """The bytes of an .xlsx file."""
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, IN_ROWS) as book:
        book.set_properties(properties(document))
        looks = looks_of(book)
        write_summary(book, looks, document)
        write_gaps(book, looks, document)
        write_answers(book, looks, document)
        write_items(book, looks, document)
        write_metrics(book, looks, document)
        table(book.add_worksheet(_("Plan")), looks, report_columns.of_action(), document.actions)
        unknown = report_columns.of_unknown(document)
        table(book.add_worksheet(_("Not known")), looks, unknown, report_columns.unknowns(document))
        write_guide(book.add_worksheet(_("Method")), looks, [*method(document), ("prose", document.notice)])
    return file.getvalue()


def properties(document):
    """What the file says of itself, dated by the document and not by the clock."""
    words = {
        "title": _("Gap report: %(site)s, %(date)s") % {"site": document.site, "date": document.as_of},
        "subject": document.headline,
        "author": document.prepared_by,
        "company": document.organisation,
    }
    told = {name: cell_text(text) for name, text in words.items()}
    return told | {"created": datetime.combine(document.as_of, time())}


# ---- the answer -----------------------------------------------------------------------------------------------------


def write_summary(book, looks, document):
    sheet = book.add_worksheet(_("Summary"))
    for place, width in enumerate(SUMMARY_WIDTHS):
        sheet.set_column(place, place, width)
    sheet.hide_gridlines(2)
    set_up_print(sheet)
    row = write_answer(sheet, looks, document)
    row = domains_at = write_title(sheet, looks, sentences.domains_finding(document), row + 1)
    columns = report_columns.of_domain(document)
    row = write_part(sheet, looks, columns, document.domains, row)
    report_charts.add_domains(book, sheet, document, columns, domains_at)
    row = write_conditions(sheet, looks, document, row)
    write_blockers(book, sheet, looks, document, row)


def write_answer(sheet, looks, document):
    """The verdict and what it is of. Returns the number of the next row."""
    sheet.set_row(0, 30)
    write_cell(sheet, 0, 0, document.headline, looks["title"])
    row = 1
    for name, value in facts(document):
        if value is None or value == "":
            continue
        text = str(value)
        look = looks["day" if isinstance(value, date) else "text" if isinstance(value, str) else "count"]
        sheet.set_row(row, LINE * wrapped(text, WORDS_WIDTH) + 2)
        write_cell(sheet, row, 0, name, looks["strong"])
        write_cell(sheet, row, 1, value, look)
        row += 1
    return row


def facts(document):
    """(name, value) of each line under the verdict; None or empty where there is nothing to say."""
    figure = document.figure
    return [
        (_("Score, %"), figure.percent),
        (_("Ceiling, %"), figure.ceiling_percent),
        (_("What it means"), document.lead),
        (_("How far it can rise"), sentences.ceiling(figure)),
        (_("Standing"), document.standing),
        (_("Carried over"), sentences.carried(document)),
        (_("Organisation"), document.organisation),
        (_("Site"), document.site),
        (_("Standard"), f"{document.standard} {document.release}"),
        (_("Variant"), f"{document.variant} ({document.variant_code})"),
        (_("Channels in scope"), ", ".join(document.channels)),
        (_("Day"), document.as_of),
        (_("Audit aimed at"), document.audit_month),
        (_("Prepared by"), document.prepared_by),
        (_("Asked"), figure.asked),
        (_("Not answered"), figure.open),
        (_("Not known"), figure.unknown),
        (_("Not applicable"), figure.not_applicable),
    ]


def write_title(sheet, looks, text, row):
    sheet.set_row(row, 24)
    write_cell(sheet, row, 0, text, looks["heading"])
    return row + 1


def write_part(sheet, looks, columns, rows, at):
    write_head(sheet, looks, columns, at)
    return write_rows(sheet, looks, columns, rows, at + 1)


def write_conditions(sheet, looks, document, row):
    """What is still missing. The rows before it are kept free for the charts beside the domains."""
    shown = verdicts.shown_stages(document.verdict)
    row += report_charts.ROWS
    if not shown:
        return row
    missing = document.verdict.missing
    row = write_title(
        sheet, looks, _("What is still missing") if missing else _("Every condition is met"), row
    )
    stages = [
        Column(verdicts.column_name(stage), 0, "text", lambda part, n=n: part.needs[n].text)
        for n, stage in enumerate(shown)
    ]
    columns = [
        Column(_("Condition"), FACT_WIDTH, "strong", lambda part: part.name),
        Column(_("Today"), WORDS_WIDTH, "text", lambda part: part.today),
        *(Column(each.heading, FIGURE_WIDTH, each.look, each.value) for each in stages),
    ]
    return write_part(sheet, looks, columns, verdicts.condition_rows(document, shown), row) + 1


def write_blockers(book, sheet, looks, document, row):
    urgent = document.blockers
    title = capfirst(blockers.number(len(urgent), document.leads_to_audit))
    row = write_title(sheet, looks, title, row)
    columns = [
        Column(_("Requirement"), FACT_WIDTH, "strong", lambda part: part.answer.code),
        Column(_("Where it stands"), WORDS_WIDTH, "text", lambda part: part.answer.stands_at),
        Column(_("Level"), FIGURE_WIDTH, "level", lambda part: part.gap.level),
        Column(_("Target level"), FIGURE_WIDTH, "level", lambda part: part.gap.target),
    ]
    end = write_part(sheet, looks, columns, urgent, row)
    colour_levels(book, sheet, row + 1, end, 2, 2)


# ---- the lists ------------------------------------------------------------------------------------------------------


def write_gaps(book, looks, document):
    sheet = book.add_worksheet(_("Gaps"))
    columns = report_columns.of_gap(document)
    end = table(sheet, looks, columns, document.gaps, printed_to=_("Where it stands"))
    level, priority = (place_of(columns, heading) for heading in (_("Level"), _("Priority")))
    colour_levels(book, sheet, 1, end, level, level)
    if document.gaps:
        bar = {
            "type": "data_bar",
            "bar_color": "#E0A04A",
            "bar_solid": True,
            "min_type": "num",
            "min_value": 0,
        }
        sheet.conditional_format(1, priority, end - 1, priority, bar)


def write_answers(book, looks, document):
    sheet = book.add_worksheet(_("Every answer"))
    columns = report_columns.of_answer(document)
    end = table(sheet, looks, columns, document.answers, printed_to=_("Note"))
    for heading in (_("Level"), _("The metrics show")):
        place = place_of(columns, heading)
        colour_levels(book, sheet, 1, end, place, place)


def write_items(book, looks, document):
    """The heatmap: each item with its score on a scale of colours and the level of each of its requirements."""
    sheet = book.add_worksheet(_("Items"))
    columns = report_columns.of_item(document)
    end = table(sheet, looks, columns, document.items, kept=3)
    score, first = place_of(columns, _("Score")), place_of(columns, "a")
    colour_levels(book, sheet, 1, end, first, len(columns) - 1, SIGNS)
    scale = {
        "type": "3_color_scale",
        "min_type": "num",
        "min_value": 0,
        "mid_type": "num",
        "mid_value": 50,
        "max_type": "num",
        "max_value": 100,
        "min_color": "#E8B9AB",
        "mid_color": "#FBF0DC",
        "max_color": LEVEL_COLOURS["2"][0],
    }
    if end > 1:
        sheet.conditional_format(1, score, end - 1, score, scale)


def write_metrics(book, looks, document):
    """The latest months side by side with a line in a cell for each metric, and every month as a row of its own."""
    sheet = book.add_worksheet(_("Metrics"))
    columns, months = report_columns.of_metric(), report_columns.last_months(document)
    first = len(columns)
    heads = [Column(report_columns.month_name(month), 11, "reading", lambda part: None) for month in months]
    table(
        sheet, looks, [*columns, *heads], document.metrics, cells=partial(month_cells, months, looks, first)
    )
    colour_levels(book, sheet, 1, len(document.metrics) + 1, *[place_of(columns, _("Level"))] * 2)
    for row in range(1, len(document.metrics) + 1):
        report_charts.add_line(sheet, row, first - 1, first, first + len(months) - 1)
    sheet = book.add_worksheet(_("Months"))
    table(sheet, looks, report_columns.of_month(), report_columns.all_months(document))


def month_cells(months, looks, first, metric):
    """(column, value, look) of each reading of the last months: bold on green where it met the target of its month."""
    for period in metric.months:
        month = report_columns.month_of(metric, period)
        if month in months and period.value is not None:
            has_target = period.low is not None or period.high is not None
            look = "reading" if not has_target else "met" if period.met else "missed"
            yield first + months.index(month), period.value, looks[look]


def method(document):
    """(style, text) of each line."""
    factors = document.method
    lines = [
        ("title", _("How the figures are made, and what they do not say")),
        ("heading", _("Score and ceiling")),
        ("prose", _("The score of an item is the weighted mean of level ÷ 3 over the requirements that apply; domains and the whole weigh their items by points. Open and not known count as level 0 in the score and as level 3 in the ceiling. Percentages are rounded down.")),
        ("heading", _("Priority")),
        ("prose", _("Lost points = item points × share of weight × (target level − level) ÷ 3. Priority = lost points × urgency ÷ effort. Equal priorities keep the order of the standard.")),
        *(("prose", _("Urgency, %(name)s: × %(factor)s") % {"name": name, "factor": factor}) for name, factor in findings.urgency_factors(document)),
        *(("prose", _("Effort, %(name)s: ÷ %(factor)s") % {"name": name, "factor": factor}) for name, factor in findings.effort_factors(factors)),
        ("heading", _("Targets")),
        ("prose", _("Domains of ways of working aim at %(practice)s%%, the results domain at %(results)s%%.") % {"practice": factors.practice_target, "results": factors.results_target}),
        ("heading", _("What this is not")),
    ]  # fmt: skip
    example = findings.worked_example(document)
    if example:
        lines.insert(
            5, ("prose", _("%(code)s, worked: %(sum)s") % {"code": example.code, "sum": example.priority})
        )
    if document.sustained_rule:
        lines.insert(-1, ("heading", _("Sustained")))
        lines.insert(-1, ("prose", document.sustained_rule))
    return lines
