"""Whose work it is to answer."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from assessments.access import ANSWER, fetch
from assessments.forms.assignments import AssignForm, AssignmentsForm
from assessments.models import Answer, Assessment, Notice
from assessments.models.notices import tell
from assessments.models.progress import progress
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


def _tell(assessment, domains, given, by):
    """Everybody of the items that are theirs now."""
    items = {item.code: item.pk for domain in domains for item in domain.items}
    for person, codes in given.items():
        for item in Item.objects.filter(pk__in=[items[code] for code in codes]):
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
    domains = progress(assessment).domains
    form = AssignmentsForm(
        assessment, [item for domain in domains for item in domain.items], request.POST or None
    )
    if request.method == "POST" and form.is_valid():
        given = form.save()
        _tell(assessment, domains, given, request.user)
        count = sum(map(len, given.values()))
        said = ngettext("%d item changed hands.", "%d items changed hands.", count) % count
        messages.success(request, said if count else _("Nothing was changed."))
        return redirect(assessment)
    context = {
        "form": form,
        "assessment": assessment,
        "tab": "questionnaire",
        "domains": [(domain.title, [form[item.code] for item in domain.items]) for domain in domains],
    }
    return render(request, "assessments/assignments.html", context, status=422 if form.errors else 200)
