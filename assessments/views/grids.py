"""The grid, where a whole domain is entered like a spreadsheet. Each change saves to the addresses of the item page."""

from itertools import groupby

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from assessments.access import ANSWER, SEE, can, fetch
from assessments.forms.answers import ItemForm
from assessments.models import Assessment, reviews
from assessments.rules.scoring import OPEN
from assessments.views.answers import RETRY_AFTER, saved_words


@require_http_methods(["GET", "HEAD", "POST"])
def grid(request, pk, code):
    """One domain's requirements, a row each; with POST, the whole page saved at once."""
    ability = ANSWER if request.method == "POST" else SEE
    assessment = fetch(Assessment.objects.with_names(), request.user, ability, pk=pk)
    domain = assessment.up_to_date().domain(code)
    answers = assessment.sheet(domain=domain) if domain else []
    if not answers:
        raise Http404
    data = request.POST if request.method == "POST" else None
    form = ItemForm(answers, data, last_time=assessment.last_time(answers))
    if request.method == "POST":
        form.save(by=request.user)
        if form.status == 200:
            messages.success(request, saved_words(form.saved))
            return redirect("grid", pk, code)
    return _page(request, assessment, domain, form)


def _page(request, assessment, domain, form):
    context = {
        "assessment": assessment,
        "tab": "questionnaire",
        "domain": domain,
        "form": form,
        "items": [(item, list(rows)) for item, rows in groupby(form.rows, _item)],
        "may_answer": can(assessment.role, ANSWER) and not assessment.reading_only,
        "was_saved": saved_words(form.saved) if form.saved else "",
        "seen": reviews.seen_instead(assessment),
        **_around(assessment, form, domain),
    }
    with timezone.override(assessment.site.time_zone):
        response = render(request, "assessments/grid.html", context, status=form.status)
    if form.busy:
        response["Retry-After"] = RETRY_AFTER
    return response


def _item(row):
    return row.answer.requirement.item


def _around(assessment, form, here):
    """All domains, the first open requirement here, and the first one in the domains after it, from the top if need be."""
    choices = assessment.choices()
    asked = [requirement for pk, requirement in assessment.catalogue().items() if pk in choices]
    domains = {requirement.item.domain_id: requirement.item.domain for requirement in asked}
    elsewhere = [r for r in asked if choices[r.pk] == OPEN and r.item.domain_id != here.pk]
    last = form.rows[-1].answer.requirement.item
    after = [r for r in elsewhere if r.item.position > last.position]
    open_here = [row.answer.requirement.code for row in form.rows if row.answer.choice == OPEN]
    return {
        "domains": domains.values(),
        "open_here": next(iter(open_here), ""),
        "next_open": next(iter(after or elsewhere), None),
    }
