"""What the templates of the printed report see: the document and everything said about it, worked out once."""

from dataclasses import dataclass

from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from assessments.places import country_name
from assessments.report import (
    action_plan,
    advice,
    blockers,
    evidence_register,
    findings,
    measures,
    milestone_words,
    paper,
    sentences,
    themes,
    trends,
    verdicts,
)
from assessments.report.options import DEFAULT
from assessments.report.words import counted
from assessments.rules.scoring import NOT_APPLICABLE, OPEN, UNKNOWN

CONTROL_CHARTS = 6  # what a page holds; the screen draws them all
FEW_CAUSES = 3  # up to which their page has room for the items that lose most
MOST_SITES = 24  # rows of the table of sites


@dataclass(frozen=True, slots=True)
class Top:
    """The table of a sponsor's page: the blockers, or the largest gaps where there is none."""

    title: str
    note: str
    gaps: list


@dataclass(frozen=True, slots=True)
class Level:
    choice: str
    words: str


def context(document, options=DEFAULT):
    """Everything the templates print. Nothing here reads the database or the clock."""
    sections = paper.sections(document, options)
    printed = {section.key: section.number for section in sections}
    figure = document.figure
    worth = paper.worth(document)
    not_known = findings.not_known(document)
    asked = advice.asks(document)
    shown = verdicts.shown_stages(document.verdict)
    all_stages = list(document.verdict.conditions)
    return {
        "document": document,
        "title": _("Gap report: %(site)s, %(date)s") % {"site": document.site, "date": document.as_of},
        "purpose": sentences.purpose(document),
        "country": country_name(document.country),
        "cover_size": cover_size(document.site),
        "facts_size": " dense" if len(document.organisation + document.site) > 70 else "",
        "options": options,
        "mark": mark(document, options),
        "foot": foot(document, options),
        "sections": sections,
        "ceiling": sentences.ceiling(figure),
        "carried": sentences.carried(document),
        "domains_finding": sentences.domains_finding(document),
        "shown_stages": [verdicts.column_name(stage) for stage in shown],
        "conditions": verdicts.condition_rows(document, shown),
        "span": measures.span(document.metrics),
        "month_table": measures.month_table(document.metrics),
        "density": density(document),
        "missing_title": _("What is still missing")
        if document.verdict.missing
        else _("Every condition is met"),
        "top": top(document, "cards" in printed, paper.on_one_page(options)),
        **_reference(document, printed),
        "asks": asked,
        "asks_title": ngettext("%(count)s ask of the sponsor", "%(count)s asks of the sponsor", len(asked))
        % {"count": capfirst(counted(len(asked)))},
        "levels": levels(),
        "weakest": weakest(document),
        "advice": advice.advice(document),
        "cost": findings.gaps_cost(document) if document.gaps else "",
        "cards": paper.cards(document),
        "unknowns": [(answer, worth[answer.key]) for answer in paper.heaviest(document, UNKNOWN)],
        "not_known": not_known.meaning if not_known else "",
        "stops": trends.table(document),
        "stop_columns": trends.columns(document),
        "since_rows": milestone_words.printed_rows(document.since),
        "since_codes": milestone_words.printed_codes(document.since),
        "domains": [
            (domain, paper.domain_summary(domain, leads_to_audit=document.leads_to_audit))
            for domain in document.domains
        ],
        "points": f"{paper.total_points(document):,}",
        "example": findings.worked_example(document),
        "stages": [verdicts.column_name(stage) for stage in all_stages],
        "all_conditions": verdicts.condition_rows(document, all_stages),
    }


def _reference(document, printed):
    """What the parts print that are read one by one; `printed` is the key of each part to its number."""
    shown, causes = sites_shown(document), themes.causes(document)
    return {
        "strengths": themes.strengths(document),
        "nearest": themes.nearest(document),
        "causes": causes,
        "losses": themes.losses(document) if len(causes) <= FEW_CAUSES else [],
        "doubts": paper.doubts(document),
        "plan": action_plan.rows(document),
        "again": action_plan.to_answer_again(action_plan.rows(document)),
        "register": evidence_register.entries(document),
        "missing": evidence_register.missing(document),
        "signals": [metric for metric in document.metrics if measures.has_signal(metric)][:CONTROL_CHARTS],
        "sites": shown,
        "sites_left_out": len(document.sites) - len(shown),
        "last_changed": paper.last_changed(document),
        "whole_note": _("(The whole note is in part %(letter)s.)") % {"letter": printed["appendix"]}
        if "appendix" in printed
        else _("(Cut here: the whole note is beside the answer.)"),
        "blockers_name": blockers.names(document.leads_to_audit),
    }


def cover_size(name):
    """A class for the title on the cover: names have up to 120 characters."""
    return "" if len(name) <= 34 else "long" if len(name) <= 70 else "longest"


def density(document):
    """A class for the heatmap: its rows are set closer, so that a whole release stays on one page."""
    rows = len(document.items) + len(document.domains)
    return "" if rows <= 32 else "tight" if rows <= 40 else "tightest"


def mark(document, options):
    """The confidentiality mark: the one asked for, or to whom it is confidential."""
    return options.mark or _("Confidential to %(name)s") % {"name": shortened(document.organisation, 48)}


def foot(document, options):
    """The line at the foot of every page. Where there is no cover, it carries the mark and who prepared it."""
    told = _("%(standard)s %(release)s gap report, %(date)s. Independent self-assessment.") % {
        "standard": shortened(document.standard, 46),
        "release": document.release,
        "date": date_format(document.as_of, "j F Y"),
    }
    if not options.one_page:
        return told
    by = (
        _("Prepared by %(name)s.") % {"name": shortened(document.prepared_by, 40)}
        if document.prepared_by
        else ""
    )
    return " ".join(filter(None, (told, by, mark(document, options) + ".")))


def shortened(text, length):
    return text if len(text) <= length else text[: length - 1].rstrip() + "…"


def sites_shown(document):
    """By their scores, the highest first; of very many the best, the lowest, and this one."""
    ordered = sorted(document.sites, key=lambda site: (site.score is None, -(site.score or 0), site.name))
    if len(ordered) <= MOST_SITES:
        return ordered
    half = MOST_SITES // 2
    return [
        site
        for place, site in enumerate(ordered)
        if site.here or place < half or place >= len(ordered) - half
    ]


def top(document, cards, most):
    """None where no gap is ranked. `cards` is whether the report has a card for each; `most` is how many there is room for."""
    urgent, gaps = document.blockers, document.gaps
    if not gaps:
        return None
    if not urgent:
        shown = list(gaps[:most])
        note = _("No blocker is open.") if document.leads_to_audit else _("No gap is urgent.")
        note += " " + _("These rank first among %(count)s gaps.") % {"count": len(gaps)}
        return Top(_("What weighs most"), note, shown)
    shown = urgent[:most]
    note = _("Critical requirements at level 0 or 1.")
    if document.leads_to_audit:
        note += " " + _("One is enough to stop an audit.")
    if len(shown) < len(urgent):
        note += " " + _("The first %(count)s are here.") % {"count": counted(len(shown))}
        if cards:
            note += " " + _("Each has a card in this report.")
    return Top(capfirst(blockers.number(len(urgent), document.leads_to_audit)), note, shown)


def levels():
    """How to read the signs, in rows of two."""
    words = [
        Level("3", _("In place everywhere and evidenced. Results: at target and sustained.")),
        Level("2", _("Partly in use. Results: at target or improving, not sustained.")),
        Level("1", _("Designed, not in use. Results: measured, below target.")),
        Level("0", _("Nothing in place. Results: not measured.")),
        Level(UNKNOWN, _("Not known: nothing in the score, everything in the ceiling.")),
        Level(NOT_APPLICABLE, _("Not applicable, for a reason; leaves the score.")),
        Level(OPEN, _("Not answered yet; counts like not known.")),
    ]
    return [words[start : start + 2] for start in range(0, len(words), 2)]


def weakest(document):
    """Codes of the items furthest below their target, about one in five; none where little is answered."""
    if verdicts.early(document.figure):
        return set()
    domains = paper.domain_of(document)
    short = {
        item.code: domains[item.code].target - item.figure.percent
        for item in document.items
        if item.figure.score is not None and item.figure.percent < domains[item.code].target
    }
    ordered = sorted(short, key=lambda code: -short[code])
    return set(ordered[: max(1, len(document.items) // 5)])
