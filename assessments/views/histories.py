"""What an answer said before, who said it, and the way back."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from assessments.access import ANSWER, SEE, can, fetch
from assessments.forms.answers import AnswerForm
from assessments.models import Answer, Conflict
from standards.text import whole_number


def _answer(request, pk, ability):
    """The answer, with the role of the person in its assessment too."""
    answer = fetch(Answer.objects.with_names(), request.user, ability, pk=pk)
    answer.assessment.role = answer.role
    return answer


@require_safe
def history(request, pk):
    """Every save of an answer, the newest first."""
    answer = _answer(request, pk, SEE)
    form = AnswerForm(answer)
    newest = {answer.CHOICE: True, answer.NOTE: True}
    saves = [
        (revision, form.in_words(revision.values), newest.pop(revision.field, False))
        for revision in answer.revisions.select_related("by").order_by("-version")
    ]
    context = {
        "answer": answer,
        "assessment": answer.assessment,
        "tab": "questionnaire",
        "saves": saves,
        "may_restore": can(answer.role, ANSWER) and not answer.assessment.reading_only,
    }
    with timezone.override(answer.assessment.site.time_zone):
        return render(request, "assessments/answer_history.html", context)


@require_POST
def restore(request, pk):
    """Bring one earlier save back, as a new one on top of what stands."""
    answer = _answer(request, pk, ANSWER)
    if answer.assessment.reading_only:
        raise PermissionDenied(answer.assessment.reading_only)
    revision = answer.revisions.filter(version=whole_number(request.POST.get("version", ""))).first()
    if revision is None:
        raise Http404
    try:
        answer.restore(revision, by=request.user)
    except Conflict:
        messages.error(
            request, _("Somebody saved this answer at the same moment. Look at the history and choose again.")
        )
        return redirect("answer-history", pk)
    except ValidationError as error:
        messages.error(request, error.message)
        return redirect("answer-overrule", pk)
    messages.success(request, _("Brought back. What it said before stands in the history."))
    place = reverse("item", args=[answer.assessment_id, answer.requirement.item.code])
    return redirect(f"{place}#{answer.requirement.letter}")
