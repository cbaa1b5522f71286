"""Starting an assessment, its task list, and the way back to where one was."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from assessments.access import MANAGE, fetch
from assessments.forms.assessments import AssessmentForm, AuditMonthForm
from assessments.models import Assessment, Channel, Site, moves
from assessments.models.progress import MINUTES_A_REQUIREMENT, progress
from assessments.report import charts
from assessments.rules.scoring import whole_percent
from standards.models import Release


@require_http_methods(["GET", "HEAD", "POST"])
def add(request, pk):
    """Choose the scope; "Count the questions" shows how many will be asked before anything is started."""
    site = fetch(Site.objects.select_related("organisation"), request.user, MANAGE, pk=pk)
    releases = list(Release.objects.published().select_related("standard"))
    if not releases:
        messages.error(request, _("No standard is published here yet, so nothing can be started."))
        return redirect("site", site.pk)
    release = next((r for r in releases if str(r.pk) == request.GET.get("release")), releases[0])
    form = AssessmentForm(request.POST or None, site=site, release=release)
    context = {"form": form, "site": site, "releases": releases, "release": release}
    if request.method == "POST":
        context["asked"] = form.asked()
        if "count" in request.POST:
            return render(request, _start_template(request), context)
        if context["asked"]:
            assessment, created = form.start(by=request.user)
            messages.success(request, _started(assessment, created))
            return redirect(assessment)
    return render(request, "assessments/assessment_add.html", context, status=422 if form.errors else 200)


def _start_template(request):
    return "assessments/_asked.html" if request.htmx else "assessments/assessment_add.html"


def _started(assessment, created):
    if not created:
        return _("This assessment was already started and nothing is answered yet. Here it is.")
    return (
        ngettext(
            "Started. You will be asked %d requirement.",
            "Started. You will be asked %d requirements.",
            assessment.asked,
        )
        % assessment.asked
    )


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request, pk):
    assessment = fetch(Assessment.objects.with_names(), request.user, MANAGE, pk=pk)
    if assessment.reading_only:
        messages.error(request, assessment.reading_only)
        return redirect(assessment)
    form = AuditMonthForm(request.POST or None, instance=assessment)
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, _("The target audit month is saved."))
        return redirect(assessment)
    context = {"form": form, "assessment": assessment, "tab": "questionnaire"}
    return render(request, "assessments/assessment_edit.html", context, status=422 if form.errors else 200)


@require_safe
def task_list(request, pk):
    rows = Assessment.objects.with_names().select_related("saved_by", "previous__release", "fit_check")
    assessment = fetch(rows, request.user, pk=pk)
    assessment.up_to_date()
    whole = progress(assessment)
    shown = {"open": whole.open_only, "carried": whole.carried_only}.get(request.GET.get("show"))
    context = {
        "assessment": assessment,
        "tab": "questionnaire",
        "show": request.GET["show"] if shown else "all",
        "progress": shown() if shown else whole,
        "item_count": len(whole.items),
        "open_count": len(whole.open_only().items),
        **_ways(assessment),
        "carried": sum(place.carried for item in whole.items for place in item.places),
        "carried_count": len(whole.carried_only().items),
        "next": whole.next_open,
        "answered": assessment.asked - assessment.open,
        "channels": Channel.labels_of(assessment.channels),
        **_score_so_far(assessment),
        "minutes": _rounded_minutes(assessment.open),
    }
    return render(request, "assessments/assessment.html", context)


def _ways(assessment):
    """Where the same answers go on, or could."""
    if assessment.continued_at:
        return {"successor": assessment.successors.in_use().select_related("release").get()}
    return {"newer": moves.newer_releases(assessment).first()}


def _score_so_far(assessment):
    if assessment.score is None:
        return {}
    target = assessment.score_needed
    score, ceiling = assessment.percent, whole_percent(assessment.ceiling)
    title = _("Score %(score)s%%, ceiling %(ceiling)s%%, target %(target)s%%.") % {
        "score": score,
        "ceiling": ceiling,
        "target": target,
    }
    bar = charts.bar(assessment.score, assessment.ceiling, target, title, charts.SCREEN, width=360, height=14)
    return {"score": score, "ceiling": ceiling, "bar": mark_safe(bar)}  # noqa: S308 - charts escape what they are given


def _rounded_minutes(requirements):
    """Minutes the open ones will take, to the next five: nobody can promise more."""
    return -(-requirements * MINUTES_A_REQUIREMENT // 5) * 5


@require_safe
def resume(request, pk):
    """To the exact next open requirement, or to the results once there is none."""
    assessment = fetch(Assessment.objects.select_related("release"), request.user, pk=pk)
    place = progress(assessment).next_open
    if place is None:
        return redirect("results", assessment.pk)
    return redirect(reverse("item", args=[assessment.pk, place.item_code]) + f"#{place.letter}")
