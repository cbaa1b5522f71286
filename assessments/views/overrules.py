"""A level that follows from metrics: what they show, saying otherwise with a reason, and taking that back."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from assessments.access import ANSWER, SEE, can, fetch
from assessments.forms.overrules import OverruleForm
from assessments.models import Answer, Conflict, Metric
from assessments.report import register
from standards.text import whole_number


@require_http_methods(["GET", "HEAD", "POST"])
def overrule(request, pk):
    """Why the level is what it is; with POST, another one, or the one that the metrics show again."""
    ability = ANSWER if request.method == "POST" else SEE
    answer = fetch(Answer.objects.with_names(), request.user, ability, pk=pk)
    assessment = answer.assessment
    assessment.role = answer.role
    assessment.up_to_date()
    _read_again(answer)
    if answer.shown is None:
        raise Http404
    if request.method == "POST" and assessment.reading_only:
        raise PermissionDenied(assessment.reading_only)
    again, theirs = "follow" in request.POST, None
    form = OverruleForm(answer, None if again else request.POST or None)
    if request.method == "POST" and (again or form.is_valid()):
        try:
            return _save(request, answer, form, again)
        except Conflict as conflict:
            theirs = conflict.revision
            _read_again(answer)
            typed = None if again else request.POST.dict() | {"version": answer.version}
            form = OverruleForm(answer, typed)
    context = {
        "answer": answer,
        "assessment": assessment,
        "tab": "questionnaire",
        "form": form,
        "theirs": theirs,
        "again": again,
        "reasons": _reasons(answer),
        "may_answer": can(answer.role, ANSWER) and not assessment.reading_only,
    }
    with timezone.override(assessment.site.time_zone):
        status = 409 if theirs else 422 if form.errors else 200
        return render(request, "assessments/answer_overrule.html", context, status=status)


def _read_again(answer):
    answer.refresh_from_db(fields=["choice", "shown", "overruled_because", "answered_by", "version"])


def _reasons(answer):
    """Of the metrics as they are; none where a continued assessment keeps the level of metrics that are gone by now."""
    shown = Metric.objects.levels_shown(answer.assessment.site).get(answer.requirement.key)
    return register.reasons(shown) if shown else []


def _save(request, answer, form, again):
    """Raises `Conflict` where somebody saved the answer since the page was shown."""
    try:
        if again:
            answer.follow_again(by=request.user, version=_version_shown(request.POST))
        else:
            form.save(by=request.user)
    except ValidationError as error:
        messages.error(request, error.message)
        return _to_item(answer)
    said = (
        _("The level follows from the metrics again.")
        if again
        else _("The metrics are overruled, and your reason stands beside it.")
    )
    messages.success(request, said)
    return _to_item(answer)


def _to_item(answer):
    place = reverse("item", args=[answer.assessment_id, answer.requirement.item.code])
    return redirect(f"{place}#{answer.requirement.letter}")


def _version_shown(data):
    """Of the answer on the page; where it says none, 0, after which every save counts as one that was not seen."""
    return whole_number(data.get("version", "")) or 0
