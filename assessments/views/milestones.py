"""Milestones: taking one, the list with the way so far, one of them, and any two side by side."""

import json
from functools import partial

from django.contrib import messages
from django.db import transaction
from django.db.models import Exists, OuterRef
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from assessments.access import MANAGE, SEE, can, fetch
from assessments.forms.milestones import NOW, CompareForm, MilestoneForm
from assessments.models import Activity, Assessment, Milestone, MilestoneReport, ReportLook, Verb
from assessments.printing import jobs, press
from assessments.report import (
    blockers,
    charts,
    compare_words,
    document,
    freezing,
    frozen,
    pdf,
    standings,
    trends,
)
from assessments.report import compare as comparing
from assessments.report.milestone_words import change_groups, edit_rows
from assessments.report.options import Options
from assessments.views.reports import take_along

WIDE, SMALL = {"width": 1136, "height": 260}, {"width": 300, "height": 150}


# ---- the list ---------------------------------------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
def milestones(request, pk):
    ability = MANAGE if request.method == "POST" else SEE
    assessment = fetch(Assessment.objects.with_names(), request.user, ability, pk=pk).up_to_date()
    form = MilestoneForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        return _freeze(request, assessment, form.cleaned_data["name"])
    found = document.build(assessment, as_of=assessment.site.today())
    taken = Milestone.objects.light().leading_to(assessment).select_related("assessment__release")
    made = MilestoneReport.objects.filter(milestone=OuterRef("pk"))
    rows = [(row, standings.standing_of(row)) for row in taken.annotate(printed=Exists(made)).reverse()]
    context = {
        "form": form,
        "rows": rows,
        "blockers_name": blockers.names(found.leads_to_audit),
        **(_way(found) if rows else {}),
    }
    return _page(request, "milestones", assessment, found, context, 422 if form.errors else 200)


def _way(found):
    """The drawings of the way so far and the table behind them."""
    return {
        "chart": trends.overall(found, charts.SCREEN, **WIDE),
        "narrow_chart": trends.overall(found, charts.SCREEN, **SMALL),
        "lines": list(trends.lines(found, charts.SCREEN, **SMALL)),
        "columns": trends.columns(found),
        "stops": trends.table(found),
    }


def _freeze(request, assessment, name):
    today = assessment.site.today()
    name = name or _("Milestone of %(day)s") % {"day": date_format(today, "j F Y")}
    with transaction.atomic():
        taken, new = freezing.freeze(assessment, name=name, by=request.user, as_of=today)
        if new:
            Activity.objects.about(assessment, Verb.MILESTONE_FROZEN, taken, by=request.user)
    if not new:
        messages.info(request, _("“%s” was frozen a moment ago, and nothing has changed since.") % taken)
        return redirect("milestones", assessment.pk)
    messages.success(request, _("“%s” is frozen. Whatever is answered or edited from now on changes nothing in it.") % taken)  # fmt: skip
    if freezing.try_report(taken, _maker(assessment)) is None:
        messages.warning(
            request, _("Its PDF could not be made yet. It can be made later, from what was frozen.")
        )
    return redirect("milestones", assessment.pk)


def _maker(assessment):
    """What makes the PDF of a milestone: in the process that makes all of them, in the look of the organisation."""
    look = ReportLook.objects.of(assessment.site.organisation)
    return partial(jobs.now, options=Options(paper=look.paper, mark=look.mark, logo=look.logo_text))


def _page(request, name, assessment, found, context, status=200):
    context |= {"assessment": assessment, "tab": "milestones", "document": found}
    context["may_freeze"] = can(assessment.role, MANAGE)
    return render(request, f"assessments/{name}.html", context, status=status)


# ---- one of them ------------------------------------------------------------------------------------------------------


def fetch_milestone(request, pk, ability=SEE):
    """The milestone and its assessment as the tabs print it, with the role of the person in it."""
    rows = Milestone.objects.select_related("assessment__site__organisation", "assessment__variant")
    rows = rows.select_related("assessment__release__standard").defer("levels")
    milestone = fetch(rows, request.user, ability, pk=pk)
    if milestone.limited and json.loads(milestone.document).get("sites"):
        raise Http404  # taken when milestones still compared the sites of the organisation
    milestone.assessment.role = milestone.role
    return milestone, milestone.assessment


@require_safe
def milestone(request, pk):
    taken, assessment = fetch_milestone(request, pk)
    shown = frozen.page(taken.document)
    context = {
        "milestone": taken,
        "page": shown,
        "blockers_name": blockers.names(shown.leads_to_audit),
        "blocker_name": blockers.name(shown.leads_to_audit),
        "report": MilestoneReport.objects.filter(milestone=taken).defer("pdf").first(),
        "pdf_off": pdf.available()[1],
    }
    return _page(request, "milestone", assessment, None, context)


@require_safe
def report(request, pk):
    taken, assessment = fetch_milestone(request, pk)
    kept = MilestoneReport.objects.filter(milestone=taken).first()
    if kept is None:
        messages.info(request, _("No PDF has been made of this milestone yet."))
        return redirect("milestone", pk)
    return take_along(request, assessment.site, bytes(kept.pdf), "application/pdf", file_name(taken), "pdf")


@require_safe
def document_json(request, pk):
    taken, assessment = fetch_milestone(request, pk)
    content = taken.document.encode("utf-8")
    kind = "application/json; charset=utf-8"
    return take_along(request, assessment.site, content, kind, file_name(taken), "json")


def file_name(taken):
    site = frozen.page(taken.document).facts.get("site", "")
    return _("Milestone %(site)s %(name)s %(day)s") % {"site": site, "name": taken, "day": taken.taken_on}


@require_POST
def make_report(request, pk):
    """The PDF that could not be made when the milestone was taken, from what was frozen then."""
    taken, assessment = fetch_milestone(request, pk, MANAGE)
    try:
        freezing.keep_report(taken, _maker(assessment))
    except (pdf.Unavailable, press.Failed) as reason:
        messages.error(request, str(reason))
    except freezing.OtherVersion:
        messages.error(request, _("This milestone was frozen by another version of copcready, which set other pages. Its answers.json is complete."))  # fmt: skip
    else:
        Activity.objects.about(assessment, Verb.MILESTONE_PRINTED, taken, by=request.user)
        messages.success(request, _("The PDF is made and kept."))
    return redirect("milestone", pk)


# ---- two of them ------------------------------------------------------------------------------------------------------


@require_safe
def compare(request, pk):
    assessment = fetch(Assessment.objects.with_names(), request.user, pk=pk).up_to_date()
    rows = Milestone.objects.for_user(request.user).comparable(assessment).light()
    taken = {str(row.pk): row for row in rows.select_related("assessment__release")}
    choices = [(NOW, _("Now")), *((key, _named(row)) for key, row in taken.items())]
    sent = {"from": next(iter(taken), NOW), "to": NOW} | request.GET.dict()
    form = CompareForm(sent, choices)
    context = {"form": form, "any": bool(taken)}
    if form.is_valid():
        sides = [_side(assessment, form.cleaned_data[name]) for name in ("from", "to")]
        names = [dict(choices)[form.cleaned_data[name]] for name in ("from", "to")]
        context |= _compared(assessment, sides, names)
    return _page(request, "milestones_compare", assessment, None, context, 422 if form.errors else 200)


def _named(row):
    return _("%(name)s, %(day)s") % {"name": row, "day": date_format(row.taken_on, "j F Y")}


def _side(assessment, key):
    """(`compare.Side`, requirement key -> note) of a milestone, or of the assessment as it stands."""
    if key == NOW:
        found = document.build(assessment, as_of=assessment.site.today())
        return standings.side(found), {answer.key: answer.note for answer in found.answers if answer.note}
    row = Milestone.objects.get(pk=key)  # one of the choices, which are those of the person
    return standings.side_of(row), frozen.page(row.document).notes


def _compared(assessment, sides, names):
    (before, old_notes), (after, new_notes) = sides
    found = comparing.compare(before, after)
    leads_to_audit = assessment.release.standard.leads_to_audit
    first, *others = compare_words.sentences(found, leads_to_audit=leads_to_audit)
    return {
        "headline": first,
        "sentences": others,
        "names": names,
        "found": found,
        "groups": change_groups(found, old_notes | new_notes),
        "edits": edit_rows(found),
        "new_blockers": found.new_blockers,
        "lifted_blockers": found.lifted_blockers,
        "blockers_name": blockers.names(leads_to_audit),
    }
