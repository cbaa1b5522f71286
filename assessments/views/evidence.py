"""What a site can show for an answer."""

from typing import NamedTuple

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from assessments.access import ANSWER, MANAGE, SEE, can, fetch
from assessments.forms.evidence import EvidenceForm
from assessments.models import Answer, Evidence, EvidenceFile
from assessments.models.evidence_store import Unreachable


class Chain(NamedTuple):
    """A piece of evidence and what it replaced, the newest first."""

    newest: Evidence
    earlier: list[Evidence]


@require_http_methods(["GET", "HEAD", "POST"])
def evidence(request, pk):
    """Everything held for one answer, what was removed too; a POST adds to it."""
    answer = _answer(request, ANSWER if request.method == "POST" else SEE, pk)
    form = _form(request, Evidence(answer=answer))
    status, added = _kept(request, form)
    if added:
        messages.success(request, " ".join([_added_words(added), *form.renamed()]))
        return redirect("evidence", pk)
    chains = _chains(answer)
    context = _context(answer, form) | {
        "held": [chain for chain in chains if not chain.newest.removed_at],
        "removed": [chain for chain in chains if chain.newest.removed_at],
    }
    return render(request, "assessments/evidence.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def replace(request, pk):
    """Something newer takes the place of one piece of evidence, which stays to be read."""
    older = fetch(_rows(), request.user, ANSWER, pk=pk)
    answer = _answer(request, ANSWER, older.answer_id)
    form = _form(request, Evidence(answer=answer, replaces=older, title=older.title))
    status, added = _kept(request, form)
    if added:
        replaced = _("“%s” is replaced. The earlier version stays beside the new one.") % older
        messages.success(request, " ".join([replaced, *form.renamed()]))
        return redirect("evidence", older.answer_id)
    context = _context(answer, form) | {"older": older}
    return render(request, "assessments/evidence_replace.html", context, status=status)


@require_POST
def remove(request, pk):
    found = fetch(_rows(), request.user, ANSWER, pk=pk)
    return _done(request, found, found.remove, _("“%s” is removed. It can be put back."))


@require_POST
def put_back(request, pk):
    found = fetch(_rows(), request.user, ANSWER, pk=pk)
    return _done(request, found, found.put_back, _("“%s” is back."))


@require_POST
def undo_replacing(request, pk):
    found = fetch(_rows(), request.user, ANSWER, pk=pk)
    return _done(
        request,
        found,
        found.undo_replacing,
        _("“%s” is taken back, and what it had replaced is in force again."),
    )


def _done(request, found, change, words):
    try:
        change(by=request.user)
    except ValidationError as error:
        messages.error(request, error.message)
    else:
        messages.success(request, words % found)
    return redirect("evidence", found.answer_id)


def _answer(request, ability, pk):
    answer = fetch(Answer.objects.with_names(), request.user, ability, pk=pk)
    answer.assessment.role = answer.role
    return answer


def _form(request, instance):
    sent = request.method == "POST"
    return EvidenceForm(request.POST if sent else None, request.FILES if sent else None, instance=instance)


def _kept(request, form):
    """(status of the page where the form is shown again, what was added)."""
    if request.method != "POST":
        return 200, []
    if not form.is_valid():
        return 422, []
    try:
        return 302, form.keep(by=request.user)
    except Unreachable as trouble:
        form.add_error("files", str(trouble))
        return 503, []
    except ValidationError as error:
        form.add_error(None, error.messages)
        return 422, []


def _added_words(added):
    words = ngettext("“%(first)s” is added.", "%(count)s files are added.", len(added))
    return words % {"first": added[0], "count": len(added)}


def _context(answer, form):
    room = can(answer.role, MANAGE) and not answer.limited
    return {
        "answer": answer,
        "assessment": answer.assessment,
        "tab": "questionnaire",
        "form": form,
        "may_answer": can(answer.role, ANSWER) and not answer.assessment.reading_only,
        "used": EvidenceFile.objects.used(answer.assessment.site.organisation_id) if room else None,
        "most_bytes": settings.EVIDENCE_BYTES,
        "most_files": settings.EVIDENCE_FILES,
    }


def _chains(answer):
    rows = answer.evidence.select_related("added_by", "removed_by", "file")
    by_id = {row.pk: row for row in rows}
    replaced = {row.replaces_id for row in by_id.values()}
    return [Chain(row, list(_before(row, by_id))) for row in by_id.values() if row.pk not in replaced]


def _before(row, by_id):
    while row := by_id.get(row.replaces_id):
        yield row


def _rows():
    return Evidence.objects.select_related("answer__assessment__site", "answer__requirement__item", "file")
