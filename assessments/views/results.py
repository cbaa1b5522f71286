"""Where a site stands, what to fix first, and how that was worked out. All of it is read from one document."""

from dataclasses import dataclass

from django.shortcuts import render
from django.utils.text import capfirst
from django.views.decorators.http import require_safe

from assessments.access import ANSWER, can, fetch
from assessments.models import Assessment
from assessments.report import (
    action_plan,
    charts,
    document,
    findings,
    impact,
    measures,
    paper,
    pdf,
    priority_words,
    sentences,
    verdicts,
    words,
)
from assessments.report import roadmap_chart as layouts
from assessments.report.roadmap_picture import strip
from assessments.views.gap_filters import fundamentals_first, narrow, orders
from standards import crosswalk

FIRST_GAPS = 8


@require_safe
def results(request, pk):
    assessment, found = _read(request, pk)
    shown_stages = verdicts.shown_stages(found.verdict)
    context = {
        "headline": found.headline.replace(". ", ".\n").split("\n"),
        "track": verdicts.stage_track(found),
        "bar": _overall_bar(found),
        "ceiling": sentences.ceiling(found.figure),
        "carried": sentences.carried(found),
        "columns": [verdicts.column_name(stage) for stage in shown_stages],
        "conditions": verdicts.condition_rows(found, shown_stages),
        "domains_finding": sentences.domains_finding(found),
        "domains": [_domain_row(domain) for domain in found.domains],
        "gaps": _gap_rows(found, found.gaps[:FIRST_GAPS]),
        "first_count": capfirst(words.counted(FIRST_GAPS)),
        "metrics": [(part, measures.small(part, charts.SCREEN)) for part in found.metrics],
        "metrics_title": measures.title(found.metrics),
        "roadmap_wide": strip(found.roadmap, found.leads_to_audit, charts.SCREEN, layouts.WIDE),
        "roadmap_narrow": strip(found.roadmap, found.leads_to_audit, charts.SCREEN, layouts.NARROW),
        "patterns": findings.patterns(found),
        "not_known": findings.not_known(found),
        "treats_another": crosswalk.treats_another(assessment.release_id, assessment.release.revision),
        "pdf_off": pdf.available()[1],
    }
    return _page(request, "results", assessment, found, context)


@require_safe
def gaps(request, pk):
    assessment, found = _read(request, pk)
    shown, filters = narrow(found, request.GET)
    context = {
        "title": findings.gaps_title(found),
        "cost": findings.gaps_cost(found),
        "groups": _groups(found, shown, fundamentals_first(request.GET)),
        "shown": shown,
        "filters": filters,
        "orders": orders(found, request.GET),
        "impact_title": paper.impact_title(found) if len(shown) == len(found.gaps) else "",
    }
    if context["impact_title"]:
        context["drawing"] = impact.drawing(found, charts.SCREEN, **impact.SMALL)
        context["first_gaps"] = paper.first_gaps(found)
    return _page(request, "gaps", assessment, found, context)


@require_safe
def method(request, pk):
    assessment, found = _read(request, pk)
    later = list(found.verdict.conditions)
    rows = verdicts.condition_rows(found, later)
    context = {
        "columns": [verdicts.column_name(stage) for stage in later],
        "conditions": [(row, verdicts.condition_meaning(row.key)) for row in rows],
        "urgencies": findings.urgency_factors(found),
        "efforts": findings.effort_factors(found.method),
        "example": findings.worked_example(found),
    }
    return _page(request, "method", assessment, found, context)


def _read(request, pk):
    assessment = fetch(Assessment.objects.with_names(), request.user, pk=pk)
    return assessment, document.build(assessment.up_to_date(), as_of=assessment.site.today())


def _page(request, name, assessment, found, context):
    context |= {"assessment": assessment, "tab": name, "document": found}
    context["may_plan"] = can(assessment.role, ANSWER) and not assessment.reading_only
    return render(request, f"assessments/{name}.html", context)


def _overall_bar(found):
    target = verdicts.score_needed(found)
    return _bar(
        found.figure,
        target,
        sentences.bar_title(verdicts.condition_name("score"), found.figure, target),
        392,
    )


def _domain_row(domain):
    title = sentences.bar_title(domain.title, domain.figure, domain.target)
    return {
        "domain": domain,
        "wide": _bar(domain.figure, domain.target, title, 600),
        "narrow": _bar(domain.figure, domain.target, title, 320),
        "distance": sentences.domain_distance(domain),
        "doubt": sentences.domain_doubt(domain),
    }


def _bar(figure, target, title, width):
    return charts.bar(figure.score, figure.ceiling, target, title, charts.SCREEN, width=width)


@dataclass(frozen=True, slots=True)
class Group:
    """A part of the list; `heading` is the id of what names it, `why` a sentence or empty."""

    heading: str
    title: str
    why: str
    gaps: list


def _groups(found, shown, fundamentals):
    """One group without a title of its own, or the fundamentals before the others."""
    if not fundamentals:
        return [Group("gaps-title", "", "", _gap_rows(found, shown))]
    first = [part for part in shown if part.answer.fundamental]
    others = [part for part in shown if not part.answer.fundamental]
    title, why = priority_words.fundamentals_title(first), priority_words.why_fundamentals(found)
    return [
        Group("fundamentals-title", title, why if first else "", _gap_rows(found, first)),
        Group("others-title", priority_words.others_title(others), "", _gap_rows(found, others)),
    ]


def _gap_rows(found, parts):
    """(gap, its arithmetic in figures, the same in words, the actions planned for it)"""
    return [
        (
            part,
            sentences.gap_words(part.gap, leads_to_audit=found.leads_to_audit),
            priority_words.why(found, part),
            action_plan.planned(found, part.answer.key),
        )
        for part in parts
    ]
