"""Looking one's answers through before standing by them."""

from dataclasses import dataclass
from itertools import groupby

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from assessments.access import ANSWER, SEE, can, fetch
from assessments.forms.answers import AnswerForm, read_seen
from assessments.models import Assessment, Evidence, ItemCheck
from assessments.models.checks import CheckOvertaken
from assessments.models.progress import progress
from assessments.report.contradictions import Doubt, doubts_of
from assessments.rules.scoring import OPEN


@dataclass(frozen=True)
class Line:
    """One answer as the page shows it."""

    form: AnswerForm
    held: list[Evidence]
    doubts: list[Doubt]
    newer: bool  # than on the page from which somebody confirmed

    @property
    def answer(self):
        return self.form.answer

    @property
    def words(self):
        answer = self.answer
        return self.form.in_words(
            {"choice": answer.choice, "reason": answer.reason, "reason_text": answer.reason_text}
        )


@require_http_methods(["GET", "HEAD", "POST"])
def item_check(request, pk, code):
    """Every answer of an item with what contradicts it; a POST confirms the item as it stands."""
    ability = ANSWER if request.method == "POST" else SEE
    rows = Assessment.objects.with_names().select_related("previous")
    assessment = fetch(rows, request.user, ability, pk=pk)
    answers = assessment.sheet(code)
    if not answers:
        raise Http404
    item, newer = answers[0].requirement.item, ()
    if request.method == "POST":
        try:
            return _confirm(request, assessment, item)
        except CheckOvertaken as meanwhile:
            newer, answers = meanwhile.answers, assessment.sheet(code)
    held = Evidence.objects.in_force().filter(answer__in=answers).by_answer()
    doubts = doubts_of(assessment, answers, held)
    check = ItemCheck.objects.filter(assessment=assessment, item=item).select_related("confirmed_by").first()
    context = {
        "assessment": assessment,
        "tab": "questionnaire",
        "item": item,
        "doubts": doubts,
        "lines": [
            Line(
                AnswerForm(answer),
                held.get(answer.pk, []),
                [d for d in doubts if d.answer == answer],
                answer.pk in newer,
            )
            for answer in answers
        ],
        "open": [answer for answer in answers if answer.choice == OPEN],
        "newer": [answer for answer in answers if answer.pk in newer],
        "seen": ".".join(f"{answer.pk}:{answer.version}" for answer in answers),
        "check": check if check and check.holds([answer.version for answer in answers]) else None,
        "may_answer": can(assessment.role, ANSWER) and not assessment.reading_only,
    }
    with timezone.override(assessment.site.time_zone):
        return render(request, "assessments/item_check.html", context, status=409 if newer else 200)


def _confirm(request, assessment, item):
    """Raises `CheckOvertaken` where the page showed other answers than stand by now."""
    seen = read_seen(request.POST.get("seen", ""))
    try:
        ItemCheck.objects.confirm(assessment, item, by=request.user, seen=seen)
    except ValidationError as error:
        messages.error(request, error.message)
        return redirect("item-check", assessment.pk, item.code)
    messages.success(request, _("%s is confirmed as it stands. A later edit opens it again.") % item)
    place = progress(assessment).next_open
    return redirect("item", assessment.pk, place.item_code) if place else redirect(assessment)


@require_safe
def contradictions(request, pk):
    """Everything in the assessment that contradicts itself, item by item."""
    rows = Assessment.objects.with_names().select_related("previous")
    assessment = fetch(rows, request.user, pk=pk)
    found = doubts_of(assessment, assessment.sheet())
    by_item = [
        (item, list(doubts))
        for item, doubts in groupby(found, key=lambda doubt: doubt.answer.requirement.item)
    ]
    context = {"assessment": assessment, "tab": "results", "count": len(found), "items": by_item}
    return render(request, "assessments/contradictions.html", context)
