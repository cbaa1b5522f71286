"""What a site can show for an answer."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from assessments.access import ANSWER, SEE, can, fetch
from assessments.forms.evidence import EvidenceForm
from assessments.models import Answer, Evidence


@require_http_methods(["GET", "HEAD", "POST"])
def evidence(request, pk):
    """Everything held for one answer, what was removed too; a POST adds to it."""
    answer = fetch(
        Answer.objects.with_names(), request.user, ANSWER if request.method == "POST" else SEE, pk=pk
    )
    answer.assessment.role = answer.role
    form = EvidenceForm(request.POST or None, instance=Evidence(answer=answer))
    if request.method == "POST" and form.is_valid():
        form.instance.add(by=request.user)
        messages.success(request, _("“%s” is added.") % form.instance)
        return redirect("evidence", pk)
    every = list(answer.evidence.select_related("added_by", "removed_by"))
    context = {
        "answer": answer,
        "assessment": answer.assessment,
        "tab": "questionnaire",
        "form": form,
        "held": [each for each in every if not each.removed_at],
        "removed": [each for each in every if each.removed_at],
        "may_answer": can(answer.role, ANSWER) and not answer.assessment.reading_only,
    }
    return render(request, "assessments/evidence.html", context, status=422 if form.errors else 200)


@require_POST
def remove(request, pk):
    found = fetch(_rows(), request.user, ANSWER, pk=pk)
    found.remove(by=request.user)
    messages.success(request, _("“%s” is removed. It can be put back.") % found)
    return redirect("evidence", found.answer_id)


@require_POST
def put_back(request, pk):
    found = fetch(_rows(), request.user, ANSWER, pk=pk)
    found.put_back()
    messages.success(request, _("“%s” is back.") % found)
    return redirect("evidence", found.answer_id)


def _rows():
    return Evidence.objects.select_related("answer__assessment")
