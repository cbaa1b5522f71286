"""The task list of an assessment, and the way back to where one was."""

from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from assessments.access import ANSWER, can, fetch
from assessments.models import Assessment, Channel, moves, reviews
from assessments.models.progress import MINUTES_A_REQUIREMENT, mine, progress
from assessments.report import charts
from assessments.rules.scoring import whole_percent
from assessments.views.reviews import band_of
from standards.text import clean_text

SEARCH_LIMIT = 100  # characters


@require_safe
def task_list(request, pk):
    rows = Assessment.objects.with_names().select_related("saved_by", "previous__release", "fit_check")
    assessment = fetch(rows, request.user, pk=pk)
    assessment.up_to_date()
    whole = progress(assessment)
    found = reviews.states(assessment, whole.versions)
    whole = whole.with_reviews(found)
    confirmed = _confirmed(assessment, whole)
    left = reviews.left_behind(assessment, whole)
    context = {
        "assessment": assessment,
        "tab": "questionnaire",
        "may_assign": can(assessment.role, ANSWER) and not assessment.reading_only,
        "confirmed": confirmed,
        "left_behind": [(item, review) for item, review in left if item.code not in confirmed],
        **_shown(request, whole, {item for item, state in found.items() if state.waits}),
        **band_of(assessment, request.user, found),
        "today": assessment.site.today(),
        **_ways(assessment),
        "carried": whole.count(lambda place: place.carried),
        "next": whole.next_open,
        "answered": assessment.asked - assessment.open,
        "channels": Channel.labels_of(assessment.channels),
        **_score_so_far(assessment),
        "minutes": _rounded_minutes(assessment.open),
    }
    return render(request, "assessments/assessment.html", context)


def _shown(request, whole, in_review):
    """The list through the filter that was asked for, and how many requirements each filter would show."""
    filters = {
        "open": (_("Open"), lambda place: place.open),
        "unknown": (_("Not known"), lambda place: place.unknown),
        "gaps": (_("Gaps"), lambda place: place.gap),
        "flagged": (_("Flagged"), lambda place: place.flagged),
        "mine": (_("Mine"), mine(request.user)),
        "carried": (_("To confirm"), lambda place: place.carried),
        "to-review": (_("To review"), lambda place: place.requirement.item_id in in_review),
    }
    show = request.GET.get("show")
    show = show if show in filters else "all"
    words = clean_text(request.GET.get("q", ""))[:SEARCH_LIMIT].strip()
    shown = whole.only(filters[show][1]) if show != "all" else whole
    if words:
        shown = shown.only(
            lambda place: place.speaks_of(words) and (show == "all" or filters[show][1](place))
        )
    counts = [(name, label, whole.count(wanted)) for name, (label, wanted) in filters.items()]
    return {
        "progress": shown,
        "show": show,
        "words": words,
        "item_count": len(whole.items),
        "filters": [(name, label, count) for name, label, count in counts if count or name in ("open", show)],
    }


def _confirmed(assessment, whole):
    """Codes of the items that stand as somebody confirmed them."""
    checks = {check.item.code: check for check in assessment.checks.select_related("item")}
    return {
        item.code for item in whole.items if item.code in checks and checks[item.code].holds(item.versions)
    }


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
