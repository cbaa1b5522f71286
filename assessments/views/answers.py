"""The item page, where people answer, and the two addresses to which it saves each change by itself."""

from django.contrib import messages
from django.db import OperationalError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from assessments.access import ANSWER, SEE, can, fetch
from assessments.forms.answers import AnswerForm, ItemForm, read_seen
from assessments.models import Answer, Assessment, Evidence, Metric, reviews
from assessments.models.progress import progress
from assessments.rules.scoring import OPEN

RETRY_AFTER = 5  # seconds; the waits of one save are over by then


@require_http_methods(["GET", "HEAD", "POST"])
def item(request, pk, code):
    """One item's requirements; with POST, the whole page saved at once."""
    ability = ANSWER if request.method == "POST" else SEE
    assessment = fetch(Assessment.objects.with_names(), request.user, ability, pk=pk)
    answers = assessment.up_to_date().sheet(code)
    if not answers:
        raise Http404
    data = request.POST if request.method == "POST" else None
    held = Evidence.objects.in_force().filter(answer__in=answers).by_answer()
    form = ItemForm(answers, data, last_time=assessment.last_time(answers), held=held)
    if request.method == "POST":
        form.save(by=request.user)
        if form.status == 200:
            messages.success(request, saved_words(form.saved))
            return redirect("item", pk, code)
    return _page(request, assessment, form)


def _page(request, assessment, form):
    item = form.rows[0].answer.requirement.item
    around = reviews.around(assessment, item, [row.answer for row in form.rows])
    context = {
        "assessment": assessment,
        "tab": "questionnaire",
        "item": item,
        "form": form,
        "may_answer": can(assessment.role, ANSWER) and not assessment.reading_only,
        "was_saved": saved_words(form.saved) if form.saved else "",
        "findings": around.findings,
        "threads": around.threads,
        "review": around.state,
        "shown": _shown(assessment, form),
        **_around(assessment, item.code),
    }
    with timezone.override(assessment.site.time_zone):
        response = render(request, "assessments/item.html", context, status=form.status)
    if form.busy:
        response["Retry-After"] = RETRY_AFTER
    return response


def _shown(assessment, form):
    """Requirement key -> the metrics its level follows from; three queries, and only where one does."""
    linked = any(row.answer.shown is not None for row in form.rows)
    return Metric.objects.levels_shown(assessment.site) if linked else {}


def _around(assessment, code):
    """Where the item stands among the others, and the first open requirement after it, from the top if need be."""
    items = progress(assessment).items
    here = next(index for index, item in enumerate(items) if item.code == code)
    ahead = (place for item in items[here + 1 :] + items[:here] for place in item.places if place.open)
    return {
        "number": here + 1,
        "count": len(items),
        "next_item": items[here + 1] if here + 1 < len(items) else None,
        "next_open": next(ahead, None),
    }


def saved_words(count):
    """What a page says that was saved as a whole."""
    if not count:
        return _("Nothing was changed, so nothing was saved.")
    return ngettext("%d change is saved.", "%d changes are saved.", count) % count


@require_POST
def save_choice(request, pk):
    return _save(request, pk, Answer.CHOICE)


@require_POST
def save_note(request, pk):
    return _save(request, pk, Answer.NOTE)


@require_POST
def flag(request, pk):
    """Mark an answer as something to come back to, or no longer. The reply is its button."""
    answer = fetch(_as_saved(Answer.objects), request.user, ANSWER, pk=pk)
    answer.flag(request.POST.get("flag") == "on")
    context = {"pk": answer.pk, "flagged": answer.flagged, "letter": answer.requirement.letter}
    return render(request, "assessments/_answer_flag.html", context)


def _save(request, pk, name):
    """One field of one answer. The reply is the parts of the page that change, each with the id of what it replaces."""
    if request.POST.get("person", str(request.user.pk)) != str(request.user.pk):
        # The page, or what this device kept, is of whoever was signed in before: theirs must not be saved as somebody else's.
        return HttpResponse(_("Somebody else is signed in by now. Nothing was saved."), status=401)
    answer = fetch(_as_saved(Answer.objects), request.user, ANSWER, pk=pk)
    form = AnswerForm(answer, request.POST)
    try:
        form.save(name, by=request.user)
    except OperationalError:
        busy = _("The database is busy. Nothing was saved, and what you sent is still on your page.")
        return HttpResponse(busy, status=503, headers={"Retry-After": RETRY_AFTER})
    context = {"row": form, "name": name, "conflict": form.conflicts.get(name), "may_answer": True}
    whole_domain = "grid" in request.GET  # the page around it, see views/grids.py
    if whole_domain:
        context["place"] = _asked(answer).code
    if name == Answer.CHOICE and not form.refused:
        context |= _counts(answer, whole_domain)
    with timezone.override(answer.assessment.site.time_zone):
        return render(request, "assessments/_answer_saved.html", context, status=form.status)


@require_safe
def news(request, pk):
    """What was saved since a page showed it: the parts of each answer in `seen` (as 12:3.13:0) that is newer by now."""
    assessment = fetch(Assessment.objects.with_names(), request.user, pk=pk)
    seen = read_seen(request.GET.get("seen", ""))
    rows = [AnswerForm(answer) for answer in assessment.sheet() if answer.pk in seen]
    newer = [row for row in rows if row.answer.version > seen[row.answer.pk]]
    if not newer:
        return HttpResponse(status=204)
    context = {
        "rows": newer,
        "others": [row for row in newer if row.saved_by and row.saved_by != request.user],
        "may_answer": can(assessment.role, ANSWER) and not assessment.reading_only,
        "asked": len(rows),
        "answered": sum(row.answer.choice != OPEN for row in rows),
    }
    with timezone.override(assessment.site.time_zone):
        return render(request, "assessments/_answer_news.html", context)


def _as_saved(answers):
    """With what a save needs and no more: the whole texts of a requirement double the cost of its query."""
    return answers.select_related("assessment__site", "assessment__release", "requirement").only(
        *(field.name for field in Answer._meta.concrete_fields),
        "assessment__site__time_zone",
        "assessment__release__revision",
        "assessment__continued_at",
        "assessment__set_aside_at",
        "requirement__item",
        "requirement__kind",
        "requirement__letter",
    )


def _asked(answer):
    """Its requirement with item and domain, from memory: joining them costs every save."""
    return answer.assessment.catalogue()[answer.requirement_id]


def _counts(answer, whole_domain):
    """How many requirements its page asks and how many of them are answered: those of its item, or of its domain in the
    grid. `as_of` is when that was so, in seconds: replies to several saves may arrive in another order."""
    assessment, item = answer.assessment, _asked(answer).item
    asked = assessment.catalogue()
    chosen = assessment.chosen or assessment.choices()  # a save that changed nothing added nothing up
    choices = [
        choice
        for pk, choice in chosen.items()
        if (asked[pk].item.domain_id == item.domain_id if whole_domain else asked[pk].item_id == item.pk)
    ]
    as_of = f"{assessment.saved_at.timestamp():.6f}" if assessment.chosen else ""
    return {"asked": len(choices), "answered": len(choices) - choices.count(OPEN), "as_of": as_of}
