"""What the answers of one assessment already say about the themes of another standard."""

from django.shortcuts import render
from django.views.decorators.http import require_safe

from assessments.access import fetch
from assessments.models import Assessment
from assessments.report import charts, sentences
from standards import crosswalk
from standards.models import Release


@require_safe
def themes(request, pk):
    assessment = fetch(Assessment.objects.with_names(), request.user, pk=pk)
    opposite = _opposite(assessment, request.user)
    releases = {assessment.release, *opposite, *_newest_of_each_other(assessment.release.standard_id)}
    found = crosswalk.themes(crosswalk.references(releases), assessment.release)
    sheets = {each: each.choices() for each in (assessment, *opposite.values())}
    asked = assessment.scores(sheets[assessment]).items
    rows = [row for theme in found if (row := _row(theme, assessment, sheets, asked))]
    context = {"assessment": assessment, "tab": "results", "rows": rows, "opposite": opposite.values()}
    return render(request, "assessments/crosswalk.html", context)


def _newest_of_each_other(standard):
    """The release offered first of every other standard."""
    newest = {}
    for release in Release.objects.published().exclude(standard=standard).select_related("standard"):
        newest.setdefault(release.standard_id, release)
    return newest.values()


def _opposite(assessment, user):
    """Release -> the newest assessment of the same site against it, of every other standard, as far as it is in use."""
    rows = (
        Assessment.objects.for_user(user)
        .in_use()
        .filter(site=assessment.site_id, continued_at=None)
        .with_names()
    )
    others = rows.exclude(release__standard=assessment.release.standard_id).order_by("started_at", "pk")
    return {other.release: other for other in others}


def _row(theme, assessment, sheets, asked):
    """What a theme's items show here and in the other assessments, or None where none of them is asked here."""
    items = [item for item in theme.home if item.code in asked]
    if not items:
        return None
    here = assessment.figure_of({item.code for item in items}, sheets[assessment])
    title = sentences.bar_title(theme.title, here, assessment.constants.practice_target)
    return {
        "theme": theme,
        "items": items,
        "figure": here,
        "bar": _bar(here, assessment.constants.practice_target, title),
        "there": [
            _percent_there(theme, other, choices) for other, choices in sheets.items() if other != assessment
        ],
    }


def _bar(figure, target, title):
    return charts.bar(
        figure.score, figure.ceiling, target, title, charts.SCREEN, width=280, height=12, label=False
    )


def _percent_there(theme, other, choices):
    """(the other assessment, its percentage over the items that treat the theme, or None where nothing is answered)"""
    codes = {item.code for item in theme.others if item.domain.release_id == other.release_id}
    figure = other.figure_of(codes, choices)
    return other, figure.percent if figure.answered else None
