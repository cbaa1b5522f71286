"""From one release to a newer one and back, and from the quick scan to the whole questionnaire."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from assessments.access import MANAGE, fetch
from assessments.models import Activity, Assessment, Verb, moves
from assessments.models.changes import changes_between
from assessments.views.reviews import tell_reviewers


@require_http_methods(["GET", "HEAD", "POST"])
def move(request, pk):
    """What a move would bring, and the move."""
    assessment = fetch(Assessment.objects.with_names(), request.user, MANAGE, pk=pk)
    releases = list(moves.newer_releases(assessment))
    if request.method == "POST":
        return _move(request, assessment, releases)
    if not releases or assessment.reading_only:
        messages.error(request, assessment.reading_only or _("There is no newer release to move to."))
        return redirect(assessment)
    release = next((each for each in releases if each.version == request.GET.get("to")), releases[0])
    context = {
        "assessment": assessment,
        "releases": releases,
        "to": release,
        "again": assessment.successors.filter(release=release).exists(),
        **changes_between(assessment, assessment.in_release(release))._asdict(),
    }
    return render(request, "assessments/assessment_move.html", context)


def _move(request, assessment, releases):
    """Only to the release that was asked for: what the page showed of another one would not be true of it."""
    release = next((each for each in releases if each.version == request.POST.get("to")), None)
    try:
        if release is None:
            raise ValidationError(
                _("That release is not offered for this assessment.")
                if releases
                else _("There is no newer release to move to.")
            )
        with transaction.atomic():
            successor = moves.move(assessment, release, by=request.user)
            Activity.objects.about(successor, Verb.ASSESSMENT_MOVED, by=request.user)
    except ValidationError as error:
        messages.error(request, error.message)
        return redirect(assessment)
    messages.success(request, _moved(successor))
    return redirect("assessment-changes", successor.pk)


def _moved(successor):
    carried = successor.answers.filter(carried=True).count()
    if not carried:
        return _("Moved to release %s. No answer came along.") % successor.release.version
    return ngettext(
        "Moved to release %(version)s. %(count)s answer came along; confirm it where it is still true.",
        "Moved to release %(version)s. %(count)s answers came along; confirm them item by item.",
        carried,
    ) % {"version": successor.release.version, "count": carried}


@require_safe
def changes(request, pk):
    """The delta report of a moved assessment: what its release asks that the one before did not."""
    rows = Assessment.objects.with_names().select_related(
        "previous__release", "previous__variant", "previous__site"
    )
    assessment = fetch(rows, request.user, pk=pk)
    if assessment.previous is None:
        raise Http404
    # In the scope it was moved with: a quick scan that grew since is asked more, but not because of the release.
    moved = assessment.previous.in_release(assessment.release)
    context = {
        "assessment": assessment,
        "to": assessment.release,
        **changes_between(assessment.previous, moved)._asdict(),
    }
    return render(request, "assessments/assessment_changes.html", context)


@require_POST
def undo(request, pk):
    assessment = fetch(Assessment.objects.with_names(), request.user, MANAGE, pk=pk)
    try:
        with transaction.atomic():
            previous = moves.undo(assessment)
            Activity.objects.about(assessment, Verb.ASSESSMENT_MOVE_UNDONE, by=request.user)
    except ValidationError as error:
        messages.error(request, error.message)
        return redirect(assessment)
    if not assessment.set_aside_at:  # the move took away what nobody had been told yet
        waiting = previous.reviews.undecided().select_related("item", "reviewer")
        tell_reviewers(previous, waiting, request.user)
    messages.success(
        request,
        _(
            "The move is undone and this assessment is as it was. What was answered since is kept: move again to take it up."
        ),
    )
    return redirect(previous)


@require_POST
def grow(request, pk):
    assessment = fetch(Assessment.objects.with_names(), request.user, MANAGE, pk=pk)
    if assessment.reading_only or not assessment.quick:
        messages.error(request, assessment.reading_only or _("This assessment asks everything already."))
        return redirect(assessment)
    before = assessment.asked
    with transaction.atomic():
        assessment.grow()
        Activity.objects.about(assessment, Verb.ASSESSMENT_GROWN, by=request.user)
    added = assessment.asked - before
    messages.success(
        request,
        ngettext(
            "%d requirement is added. Every answer given so far is kept.",
            "%d requirements are added. Every answer given so far is kept.",
            added,
        )
        % added,
    )
    return redirect(assessment)
