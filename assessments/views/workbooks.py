"""The whole questionnaire as a workbook: out, in with a dry run, and back."""

from datetime import datetime
from hashlib import sha256

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db import OperationalError
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from assessments.access import ANSWER, MANAGE, can, fetch
from assessments.forms.answers import patiently
from assessments.forms.workbooks import QuestionnaireForm, Ticks
from assessments.models import AnswerImport, Assessment
from assessments.views.answers import RETRY_AFTER
from assessments.views.reports import take_along
from assessments.workbooks import plan as plans
from assessments.workbooks import questionnaire, reading
from standards.workbook.upload import XLSX

IMPORTS_A_PAGE = 20


@require_safe
def as_file(request, pk):
    assessment = fetch(Assessment.objects.with_names(), request.user, pk=pk)
    with timezone.override(assessment.site.time_zone):
        now = timezone.localtime()
        content = questionnaire.workbook(assessment, by=request.user, at=now)
    name = _("Questionnaire %(site)s %(date)s") % {"site": assessment.site, "date": now.date()}
    return take_along(request, assessment.site, content, XLSX, name, "xlsx")


@require_http_methods(["GET", "HEAD", "POST"])
def upload(request, pk):
    """Where a filled-in workbook comes back, with every import there was."""
    assessment = fetch(Assessment.objects.with_names(), request.user, ANSWER, pk=pk)
    if assessment.reading_only:
        messages.error(request, assessment.reading_only)
        return redirect(assessment)
    sent = (request.POST, request.FILES) if request.method == "POST" else ()
    form = QuestionnaireForm(*sent, read=lambda data: (data, reading.read(data, assessment)))
    if form.is_valid():
        return _begin(request, assessment, form)
    rows = assessment.answer_imports.applied().select_related("by", "undone_by").defer("said")
    page = Paginator(rows, IMPORTS_A_PAGE).get_page(request.GET.get("p"))
    context = {"form": form, "imports": page}
    return _show(request, "workbook", assessment, context, 422 if form.errors else 200)


def _begin(request, assessment, form):
    data, said = form.cleaned_data["workbook"]
    done = AnswerImport.objects.begin(
        assessment=assessment,
        by=request.user,
        file_name=form.file_name,
        sha256=sha256(data).hexdigest(),
        said=said.as_json(),
    )
    return redirect("workbook-import", assessment.pk, done.pk)


def _import(request, pk, number):
    """The assessment and the import, or None and a sentence where it is not there any more."""
    assessment = fetch(Assessment.objects.with_names(), request.user, ANSWER, pk=pk)
    done = assessment.answer_imports.select_related("by", "undone_by").filter(pk=number).first()
    if done:
        done.assessment = assessment
    else:
        _tell_gone(request)
    return assessment, done


def _tell_gone(request):
    messages.error(request, _("That upload is not here any more: a newer one took its place, or it waited for more than a day. Upload the workbook again."))  # fmt: skip


@require_safe
def show(request, pk, number):
    """A dry run until it is applied, and afterwards what was applied."""
    assessment, done = _import(request, pk, number)
    return _page(request, assessment, done) if done else redirect("workbook", pk)


def _page(request, assessment, done, status=200, ticks=None, overtaken=()):
    context = _applied(request, assessment, done) if done.applied_at else _dry_run(done, ticks, overtaken)
    template = "workbook_import" if done.applied_at else "workbook_dry_run"
    return _show(request, template, assessment, context | {"done": done}, status)


def _applied(request, assessment, done):
    if done.undone_at:
        back, left = [], [change for change in done.changes if "undone" not in change]
    else:
        back, left = done.in_two()
    return {
        "entries": plans.told(done, done.changes),
        "back": plans.told(done, back),
        "left": plans.told(done, left),
        "may_undo": _may_undo(request.user, assessment, done) and not assessment.reading_only,
    }


def _dry_run(done, ticks, overtaken):
    found = plans.plan(done)
    if ticks:
        found.tick(ticks, overtaken)
    same_file = AnswerImport.objects.applied().filter(assessment=done.assessment_id, sha256=done.sha256)
    return {
        "plan": found,
        "downloaded": _moment(done.said["downloaded"]),
        "before": same_file.filter(undone_at=None).select_related("by").defer("changes").first(),
    }


def _show(request, template, assessment, context, status):
    context |= {"assessment": assessment, "tab": "questionnaire"}
    response = render(request, f"assessments/{template}.html", context, status=status)
    if status == 503:
        response["Retry-After"] = RETRY_AFTER
    return response


def _moment(text):
    """The point in time an ISO text names, or None: it comes from a file."""
    try:
        return timezone.localtime(datetime.fromisoformat(text))
    except (ValueError, OverflowError):
        return None


@require_POST
def apply(request, pk, number):
    assessment, done = _import(request, pk, number)
    if done is None:
        return redirect("workbook", pk)
    ticks, overtaken = Ticks.sent(request.POST), ()
    try:
        rows = patiently(lambda: plans.apply(done, ticks, by=request.user))
        status = 422 if rows == 0 else 302
    except AnswerImport.DoesNotExist:  # a newer upload took its place a moment ago
        _tell_gone(request)
        return redirect("workbook", pk)
    except plans.Overtaken as meanwhile:
        rows, overtaken, status = len(meanwhile.answers), meanwhile.answers, 409
    except OperationalError:
        rows, status = 0, 503
    _tell(request, status, rows)
    if status == 302:
        return redirect("workbook-import", pk, number)
    done.refresh_from_db()  # what was not stored is still in it
    done.assessment = assessment
    return _page(request, assessment, done, status, ticks, overtaken)


def _tell(request, status, rows):
    """How applying ended, in a sentence. `rows` were applied, or were in the way, or are None where it was done before."""
    if rows is None:
        messages.info(request, _("This workbook was applied already. Nothing was changed a second time."))
    elif status == 302:
        messages.success(request, ngettext("%d row is saved.", "%d rows are saved.", rows) % rows)
    elif status == 409:
        sentence = ngettext(
            "%d row was saved by somebody while you were looking, so nothing was applied yet. It is marked: look at it, then apply again.",
            "%d rows were saved by somebody while you were looking, so nothing was applied yet. They are marked: look at them, then apply again.",
            rows,
        )  # fmt: skip
        messages.warning(request, sentence % rows)
    elif status == 422:
        messages.warning(request, _("No row is ticked that would change anything, so nothing was saved."))
    else:
        messages.error(request, _("The database is busy. Nothing was saved. Try again in a moment."))


@require_POST
def undo(request, pk, number):
    assessment, done = _import(request, pk, number)
    if done is None or not done.applied_at:
        return redirect("workbook", pk)
    if not _may_undo(request.user, assessment, done):
        raise PermissionDenied(_("Somebody else applied this workbook. Ask them, an owner or a manager to undo it."))  # fmt: skip
    try:
        undone = patiently(lambda: done.undo(by=request.user))
    except OperationalError:
        _tell(request, 503, 0)
        done.refresh_from_db()
        done.assessment = assessment
        return _page(request, assessment, done, 503)
    if undone:
        messages.success(request, _went_back(done))
    else:
        messages.info(request, _("This was undone already."))
    return redirect("workbook-import", pk, number)


def _may_undo(user, assessment, done):
    return done.by_id == user.pk or can(assessment.role, MANAGE)


def _went_back(done):
    back = sum("undone" in change for change in done.changes)
    left = len(done.changes) - back
    sentence = ngettext("%d change went back.", "%d changes went back.", back) % back
    if left:
        sentence += " " + ngettext(
            "%d was saved by somebody since and was left alone.",
            "%d were saved by somebody since and were left alone.",
            left,
        ) % left  # fmt: skip
    return sentence
