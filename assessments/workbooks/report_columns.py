"""What stands in which column of the report's workbook."""

from functools import partial
from math import fsum

from django.utils.translation import gettext as _

from assessments.models import Action
from assessments.report import paper, sentences, spreadsheet, units
from assessments.report.small_series import SHOWN
from assessments.rules.scoring import UNKNOWN
from assessments.workbooks.report_table import SIGNS, Column, choice_cell, other_words

LONG, MIDDLE, SHORT, FIGURE, SIGN = 46, 24, 15, 11, 5  # characters


def text(heading, width, value):
    return Column(heading, width, "text", value)


def whole(heading, value):
    return Column(heading, FIGURE, "whole", value)


def percent(heading, value):
    return Column(heading, FIGURE, "percent", value)


def level(heading, value):
    return Column(heading, SHORT, "level", value)


def day(heading, value):
    return Column(heading, SHORT, "day", value)


def not_shown(part):
    """The distance from score to ceiling as both are printed; None where nothing applies."""
    figure = part.figure
    return None if figure.score is None else figure.ceiling_percent - figure.percent


def lost_by(document, code_of):
    """Points lost over the gaps, by the code that `code_of` gives of an item."""
    lost = {}
    for part in document.gaps:
        lost.setdefault(code_of(part.answer.item_code), []).append(part.gap.lost)
    return {code: fsum(points) for code, points in lost.items()}


def of_domain(document):
    domains = paper.domain_of(document)
    lost = lost_by(document, lambda item: domains[item].code)
    return [
        Column(_("Domain"), MIDDLE, "strong", lambda part: part.title),
        text(_("How far it is"), LONG, sentences.domain_distance),
        percent(_("Score"), lambda part: part.figure.percent),
        percent(_("Open or not known"), not_shown),
        percent(_("Ceiling"), lambda part: part.figure.ceiling_percent),
        percent(_("Target"), lambda part: part.target),
        whole(_("Points"), lambda part: part.points),
        Column(_("Lost points"), FIGURE, "decimal", lambda part: lost.get(part.code, 0)),
        Column(_("Score, exact"), FIGURE, "share", lambda part: part.figure.score),
    ]


# ---- gaps -----------------------------------------------------------------------------------------------------------


def of_gap(document):
    """The columns of the CSV, with a look for each; what a page has room for comes first."""
    domains = paper.domain_of(document)

    def cell(value, part):
        return value(part, domains[part.answer.item_code])

    looks = gap_looks()
    columns = [
        Column(heading, *looks.get(heading, (LONG, "text")), partial(cell, value))
        for heading, value in spreadsheet.gap_columns(document)
    ]
    later = {_("Key"), _("Domain"), _("Item"), _("Scope")}
    return sorted(columns, key=lambda column: column.heading in later)


def gap_looks():
    """Heading -> (width, look) where it is not a long text."""
    return {
        _("Rank"): (7, "whole"),
        _("Requirement"): (SHORT, "strong"),
        _("Key"): (SHORT, "text"),
        _("Domain"): (MIDDLE, "text"),
        _("Item"): (MIDDLE, "text"),
        _("Level"): (8, "level"),
        _("Target level"): (8, "level"),
        _("Blocker"): (FIGURE, "text"),
        _("Urgent gap"): (FIGURE, "text"),
        _("Fundamental"): (SHORT, "text"),
        _("Item points"): (FIGURE, "whole"),
        _("Share of weight"): (FIGURE, "share"),
        _("Lost points"): (FIGURE, "decimal"),
        _("Urgency factor"): (FIGURE, "factor"),
        _("Effort"): (8, "text"),
        _("Effort divisor"): (FIGURE, "factor"),
        _("Priority"): (SHORT, "decimal"),
    }


# ---- answers and items ----------------------------------------------------------------------------------------------


def of_answer(document):
    domains, doubts = paper.domain_of(document), {doubt.code: doubt.sentence for doubt in document.doubts}
    return [
        Column(_("Requirement"), SHORT, "strong", lambda part: part.code),
        text(_("What has to be shown"), LONG, lambda part: part.statement),
        level(_("Level"), partial(choice_cell, words=other_words())),
        level(_("Target level"), lambda part: part.target),
        text(_("Where it stands"), LONG, lambda part: part.stands_at),
        text(_("Note"), LONG, lambda part: part.note),
        text(_("Reason"), MIDDLE, reason),
        text(_("Evidence held"), LONG, lambda part: "\n".join(map(sentences.held_words, part.held))),
        level(_("The metrics show"), lambda part: part.shown),
        text(_("Why another level counts"), MIDDLE, lambda part: part.overruled_because),
        text(_("What does not fit"), MIDDLE, lambda part: doubts.get(part.code, "")),
        text(document.blocker_name, FIGURE, lambda part: part.blocker),
        text(_("Critical"), FIGURE, lambda part: part.critical),
        text(_("Fundamental"), SHORT, lambda part: part.fundamental),
        text(_("Carried over"), SHORT, lambda part: part.carried),
        whole(_("Weight"), lambda part: part.weight),
        text(_("Domain"), MIDDLE, lambda part: domains[part.item_code].title),
        text(_("Item"), MIDDLE, lambda part: f"{part.item_code} {part.item_title}"),
        text(_("Scope"), MIDDLE, lambda part: part.scope),
        text(_("Answered by"), MIDDLE, lambda part: part.answered_by),
        day(_("Answered on"), lambda part: part.answered_at),
        text(_("Key"), MIDDLE, lambda part: part.key),
    ]


def reason(part):
    return ". ".join(filter(None, (part.reason, part.reason_text)))


def of_item(document):
    domains, lost = paper.domain_of(document), lost_by(document, lambda item: item)
    most = max(len(item.answers) for item in document.items)
    return [
        Column(_("Item"), 8, "strong", lambda part: part.code),
        text(_("Title"), LONG, lambda part: part.title),
        percent(_("Score"), lambda part: part.figure.percent),
        percent(_("Ceiling"), lambda part: part.figure.ceiling_percent),
        percent(_("Target"), lambda part: domains[part.code].target),
        whole(_("Points"), lambda part: part.points),
        Column(_("Lost points"), FIGURE, "decimal", lambda part: lost.get(part.code, 0)),
        whole(_("Asked"), lambda part: part.figure.asked),
        whole(_("Not answered"), lambda part: part.figure.open),
        whole(_("Not known"), lambda part: part.figure.unknown),
        whole(_("Not applicable"), lambda part: part.figure.not_applicable),
        text(_("Domain"), MIDDLE, lambda part: domains[part.code].title),
        *(Column(chr(97 + n), SIGN, "level", partial(sign_of, n)) for n in range(most)),
    ]


def sign_of(number, item):
    return choice_cell(item.answers[number], SIGNS) if number < len(item.answers) else None


def of_unknown(document):
    worth = paper.worth(document)
    return [
        Column(_("Requirement"), SHORT, "strong", lambda part: part.code),
        text(_("What has to be shown"), LONG, lambda part: part.statement),
        text(_("Critical"), FIGURE, lambda part: part.critical),
        Column(_("Worth up to, points"), FIGURE, "decimal", lambda part: worth[part.key]),
        text(_("Whom to ask, and what"), LONG, lambda part: "\n".join(part.prompts)),
        text(_("Note"), LONG, lambda part: part.note),
    ]


def unknowns(document):
    """The heaviest first."""
    return paper.heaviest(document, UNKNOWN)


# ---- metrics --------------------------------------------------------------------------------------------------------


def of_metric():
    return [
        Column(_("Metric"), MIDDLE, "strong", lambda part: part.name),
        text(_("What it says"), LONG, lambda part: f"{part.headline} {part.met_words}".strip()),
        text(_("Target"), MIDDLE, lambda part: part.target),
        Column(_("Latest"), FIGURE, "reading", lambda part: part.value),
        text(_("Period"), SHORT, lambda part: part.period),
        level(_("Level"), lambda part: part.level),
        whole(_("Met"), lambda part: part.met),
        whole(_("Of"), lambda part: part.decide),
        text(_("Unit"), SHORT, lambda part: part.currency or part.unit),
        text(_("Kind"), MIDDLE, lambda part: part.kind_name),
        text(_("Shows"), SHORT, lambda part: ", ".join(part.shows)),
        text(_("Owner"), MIDDLE, lambda part: part.owner),
        text(_("The last months"), MIDDLE, lambda part: None),
    ]


def last_months(document):
    """The running numbers of the last thirteen months of all metrics, the oldest first; empty without any."""
    ends = [month_of(metric, metric.months[-1]) for metric in document.metrics if metric.months]
    return range(max(ends) - SHOWN + 1, max(ends) + 1) if ends else range(0)


def month_of(metric, period):
    """The month in which a period of the metric ends, as a running number."""
    return period.number * metric.every + metric.every - 1


def month_name(number):
    return units.period_name(number, 1)


def of_month():
    """Of (metric, month) pairs."""
    return [
        Column(_("Metric"), MIDDLE, "strong", lambda row: row[0].name),
        text(_("Period"), SHORT, lambda row: row[1].name),
        Column(_("Reading"), FIGURE, "reading", lambda row: row[1].value),
        Column(_("Target from"), FIGURE, "reading", lambda row: row[1].low),
        Column(_("Target to"), FIGURE, "reading", lambda row: row[1].high),
        text(_("Met"), FIGURE, lambda row: None if row[1].value is None else row[1].met),
        text(_("Unit"), SHORT, lambda row: row[0].currency or row[0].unit),
        text(_("Note"), LONG, lambda row: row[1].note),
    ]


def all_months(document):
    return ((metric, month) for metric in document.metrics for month in metric.months)


# ---- the plan -------------------------------------------------------------------------------------------------------


def of_action():
    efforts, costs, states = (dict(each.choices) for each in (Action.Effort, Action.Cost, Action.Status))
    return [
        day(_("Due"), lambda part: part.due),
        Column(_("Step"), LONG, "strong", lambda part: part.title),
        text(_("Who"), MIDDLE, lambda part: part.owner),
        text(_("State"), MIDDLE, lambda part: states[part.status]),
        text(_("Overdue"), FIGURE, lambda part: part.overdue),
        day(_("Start"), lambda part: part.start),
        text(_("Closes"), SHORT, lambda part: ", ".join(part.codes)),
        text(_("Effort"), MIDDLE, lambda part: efforts[part.effort]),
        text(_("Cost"), MIDDLE, lambda part: costs.get(part.cost, "")),
        text(_("Done when"), LONG, lambda part: part.done_when),
        text(_("Note"), LONG, lambda part: part.note),
        day(_("Over since"), lambda part: part.over_since),
    ]
