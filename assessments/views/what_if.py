"""What if some gaps were closed: the address holds what is ticked, nothing is stored."""

from dataclasses import dataclass
from urllib.parse import urlencode

from django.shortcuts import render
from django.utils.dateformat import format as formatted
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from assessments.access import fetch
from assessments.models import Assessment
from assessments.report import blockers, charts, document, paper, sentences, verdicts, what_if
from assessments.report import what_if_words as words
from assessments.report.words import counted, in_sentence

BAR = 320  # units: what a phone shows without shrinking its letters


@dataclass(frozen=True, slots=True)
class Preset:
    """A link that ticks several at once."""

    name: str
    query: str
    current: bool


@require_safe
def show(request, pk):
    assessment = fetch(Assessment.objects.with_names(), request.user, pk=pk)
    found = document.build(assessment.up_to_date(), as_of=assessment.site.today())
    selection = what_if.select(found, request.GET.getlist("gap"), request.GET.getlist("action"))
    outcome = what_if.outcome(assessment, found, what_if.closed_by(found, selection))
    context = {
        "assessment": assessment,
        "tab": "what-if",
        "document": found,
        "outcome": outcome,
        **_told(outcome),
        "ignored": words.ignored(selection),
        "presets": list(_presets(assessment, found, selection)),
        "actions": [(part, part in selection.actions) for part in what_if.open_actions(found)],
        "gaps": _gap_rows(found, selection),
    }
    return render(request, "assessments/what_if.html", context)


def _told(outcome):
    """What the panel beside the ticks says."""
    before, after = outcome.before, outcome.after
    return {
        "summary": words.summary(outcome),
        "short": words.short(outcome),
        "missing": words.still_missing(outcome),
        "metrics_note": words.metrics_note(outcome),
        "rows": words.rows(outcome),
        "needed": words.needed_title(outcome),
        "stages": [words.stage_words(each) for each in (before, after)],
        "bars": list(_bars(before, after)),
        "counted": " ".join(part.answer.code for part in outcome.closed),
    }


def _bars(before, after):
    """(name, today's bar, the bar as it would be, the change in words) of the whole and of each domain."""
    target = verdicts.score_needed(before)
    drawn = _pair(_("Overall"), before.figure, after.figure, target)
    yield _("Overall"), *drawn, words.change(before.figure, after.figure)
    for today, then in zip(before.domains, after.domains, strict=True):
        drawn = _pair(today.title, today.figure, then.figure, today.target)
        yield today.title, *drawn, words.domain_change(today, then)


def _pair(name, today, then, target):
    titles = (_("%(name)s today") % {"name": name}, _("%(name)s then") % {"name": name})
    for title, figure, label in zip(titles, (today, then), (True, False), strict=True):
        told = sentences.bar_title(title, figure, target)
        yield charts.bar(
            figure.score, figure.ceiling, target, told, charts.SCREEN, width=BAR, height=14, label=label
        )


def _presets(assessment, found, selection):
    """Those that tick anything, each once."""
    for name, gaps, actions in (
        *_of_gaps(found),
        *_down_the_ranking(assessment, found),
        *_of_actions(assessment, what_if.open_actions(found)),
    ):
        if gaps or actions:
            query = [("gap", part.answer.code) for part in gaps] + [("action", part.id) for part in actions]
            current = set(gaps) == set(selection.gaps) and set(actions) == set(selection.actions)
            yield Preset(f"{capfirst(name)}, {len(gaps or actions)}", "?" + urlencode(query), current)


def _of_gaps(found):
    gaps = found.gaps
    yield (
        _("all %(blockers)s") % {"blockers": in_sentence(blockers.names(found.leads_to_audit))},
        found.blockers,
        (),
    )
    yield _("everything small"), [part for part in gaps if part.gap.effort_size == "S"], ()
    if len(gaps) > paper.FIRST:
        yield _("the first %(count)s") % {"count": counted(paper.FIRST)}, gaps[: paper.FIRST], ()


def _down_the_ranking(assessment, found):
    run = what_if.shortest_run(assessment, found)
    if run:
        stage, gaps = run
        yield _("down the ranking to “%(stage)s”") % {"stage": verdicts.stage_name(stage)}, gaps, ()


def _of_actions(assessment, actions):
    yield _("all actions of the plan"), (), actions
    month = assessment.audit_month
    if month:
        due = [part for part in actions if part.due and part.due < month]
        yield _("actions due before %(month)s") % {"month": formatted(month, "F Y")}, (), due


def _gap_rows(found, selection):
    """(gap, is it ticked, is it counted because of an action, the actions that close it)"""
    rows = []
    for part in found.gaps:
        key = part.answer.key
        closing = [action for action in what_if.open_actions(found) if key in action.keys]
        ticked = part.answer.code in selection.codes
        rows.append((part, ticked, key in selection.by_action, closing))
    return rows
