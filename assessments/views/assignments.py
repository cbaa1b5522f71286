"""Whose work it is to answer."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from assessments.access import ANSWER, fetch
from assessments.forms.assignments import AssignForm, AssignmentsForm
from assessments.models import Answer, Assessment, Notice
from assessments.models.notices import tell
from standards.models import Item


def _still_open(assessment):
    if assessment.reading_only:
        raise PermissionDenied(assessment.reading_only)


@require_http_methods(["GET", "HEAD", "POST"])
def assign(request, pk):
    """One requirement, or its item."""
    answer = fetch(Answer.objects.with_names(), request.user, ANSWER, pk=pk)
    _still_open(answer.assessment)
    form = AssignForm(answer, request.POST or None)
    if request.method == "POST" and form.is_valid():
        person, count = form.save()
        if count:
            item = answer.requirement.item
            tell([person], Notice.Kind.ASSIGNED, answer.assessment, by=request.user, item=item)
        messages.success(request, _assigned(person, count))
        item = answer.requirement.item
        return redirect(
            reverse("item", args=[answer.assessment_id, item.code]) + f"#{answer.requirement.letter}"
        )
    context = {"form": form, "answer": answer, "assessment": answer.assessment, "tab": "questionnaire"}
    context["assessment"].role = answer.role
    return render(request, "assessments/answer_assign.html", context, status=422 if form.errors else 200)


def _tell(assessment, items, given, by):
    """Everybody of those of `items`, code -> `ItemProgress`, that are theirs now."""
    for person, codes in given.items():
        for item in Item.objects.filter(pk__in=[items[code].pk for code in codes]):
            tell([person], Notice.Kind.ASSIGNED, assessment, by=by, item=item)


def _assigned(person, count):
    if not count:
        return _("That is how it was already.")
    if person is None:
        return ngettext(
            "%(count)s requirement is given to nobody in particular now.",
            "%(count)s requirements are given to nobody in particular now.",
            count,
        ) % {"count": count}
    return ngettext(
        "%(person)s answers %(count)s requirement more.",
        "%(person)s answers %(count)s requirements more.",
        count,
    ) % {"person": person, "count": count}


@require_http_methods(["GET", "HEAD", "POST"])
def assignments(request, pk):
    """Every item of an assessment at once."""
    assessment = fetch(Assessment.objects.with_names(), request.user, ANSWER, pk=pk)
    _still_open(assessment)
    if request.method == "POST":
        form, given = _saved(assessment, request.POST)
        if form.is_valid():
            _tell(assessment, form.items, given, request.user)
            count = sum(map(len, given.values()))
            said = ngettext("%d item changed hands.", "%d items changed hands.", count) % count
            messages.success(request, said if count else _("Nothing was changed."))
            return redirect(assessment)
    else:
        form = AssignmentsForm(assessment)
    context = {"form": form, "assessment": assessment, "tab": "questionnaire"}
    status = 409 if form.is_bound and form.overtaken else 422 if form.errors else 200
    return render(request, "assessments/assignments.html", context, status=status)


@transaction.atomic
def _saved(assessment, data):
    """The form, compared with what is stored while nobody else changes it, and what it gave to whom."""
    assessment.answers.take_turns()
    form = AssignmentsForm(assessment, data)
    return form, form.save() if form.is_valid() else {}
