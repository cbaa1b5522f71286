"""A file of monthly figures: a template out, in with a dry run, and back."""

from hashlib import sha256

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db import OperationalError
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from assessments.access import ANSWER, MANAGE, can, fetch
from assessments.forms.answers import patiently
from assessments.forms.reading_imports import Choice, FiguresForm
from assessments.forms.readings import MONTHS
from assessments.models import ReadingImport, Site
from assessments.models.metrics import newest_month
from assessments.months import first_of, month_number
from assessments.views.answers import RETRY_AFTER
from assessments.views.reports import take_along
from assessments.workbooks import readings_plan as plans
from assessments.workbooks.readings_file import template
from standards.workbook.upload import XLSX

IMPORTS_A_PAGE = 20


def _site(request, pk):
    return fetch(Site.objects.select_related("organisation"), request.user, ANSWER, pk=pk)


@require_safe
def as_file(request, pk):
    """A workbook with a row for each metric in use, two for a ratio, and a column for each of the last months."""
    site = _site(request, pk)
    last = month_number(newest_month(site.today()))
    months = [first_of(number) for number in range(last - MONTHS + 1, last + 1)]
    content = template([plans.known(metric) for metric in plans.followed(site)], months)
    name = _("Figures %(site)s to %(month)s") % {"site": site, "month": f"{months[-1]:%Y-%m}"}
    return take_along(request, site, content, XLSX, name, "xlsx")


@require_http_methods(["GET", "HEAD", "POST"])
def upload(request, pk):
    """Where a file comes in, with every import there was."""
    site = _site(request, pk)
    metrics = plans.followed(site)
    sent = (request.POST, request.FILES) if request.method == "POST" else ()
    form = FiguresForm(*sent, read=lambda data: (data, plans.said(data, metrics)))
    if form.is_valid():
        return _begin(request, site, form)
    rows = ReadingImport.objects.applied().filter(site=site).select_related("by", "undone_by").defer("said")
    page = Paginator(rows, IMPORTS_A_PAGE).get_page(request.GET.get("p"))
    context = {"form": form, "imports": page, "metrics": metrics}
    return _show(request, "readings_import", site, context, 422 if form.errors else 200)


def _begin(request, site, form):
    data, said = form.cleaned_data["workbook"]
    done = ReadingImport.objects.begin(
        site=site, by=request.user, file_name=form.file_name, sha256=sha256(data).hexdigest(), said=said
    )
    return redirect("reading-import", site.pk, done.pk)


def _import(request, pk, number):
    """The site and the import, or None and a sentence where it is not there any more."""
    site = _site(request, pk)
    done = site.reading_imports.select_related("by", "undone_by").filter(pk=number).first()
    if done:
        done.site = site
    else:
        _tell_gone(request)
    return site, done


def _tell_gone(request):
    messages.error(request, _("That upload is not here any more: a newer one took its place, or it waited for more than a day. Upload the file again."))  # fmt: skip


@require_safe
def show(request, pk, number):
    """A dry run until it is applied, and afterwards what was applied."""
    site, done = _import(request, pk, number)
    return _page(request, site, done) if done else redirect("readings-import", pk)


def _page(request, site, done, status=200, choice=None, overtaken=()):
    context = _applied(request, site, done) if done.applied_at else _dry_run(done, choice, overtaken)
    template = "readings_applied" if done.applied_at else "readings_dry_run"
    return _show(request, template, site, context | {"done": done}, status)


def _applied(request, site, done):
    if done.undone_at:
        back, left = [], [change for change in done.changes if "undone" not in change]
    else:
        back, left = done.in_two()
    return {
        "groups": plans.told(done.changes),
        "back": back,
        "left": plans.told(left),
        "may_undo": _may_undo(request.user, site, done),
    }


def _dry_run(done, choice, overtaken):
    found = plans.plan(done)
    if choice:
        found.leave(choice.left, overtaken)
    same_file = ReadingImport.objects.applied().filter(site=done.site_id, sha256=done.sha256, undone_at=None)
    return {"plan": found, "before": same_file.select_related("by").defer("changes").first()}


def _show(request, template, site, context, status):
    context |= {"site": site, "tab": "readings"}
    response = render(request, f"assessments/{template}.html", context, status=status)
    if status == 503:
        response["Retry-After"] = RETRY_AFTER
    return response


@require_POST
def apply(request, pk, number):
    site, done = _import(request, pk, number)
    if done is None:
        return redirect("readings-import", pk)
    choice, overtaken = Choice.sent(request.POST), ()
    try:
        count = patiently(lambda: plans.apply(done, choice, by=request.user))
        status = 422 if count == 0 else 302
    except ReadingImport.DoesNotExist:  # a newer upload took its place a moment ago
        _tell_gone(request)
        return redirect("readings-import", pk)
    except plans.Overtaken as meanwhile:
        count, overtaken, status = len(meanwhile.keys), meanwhile.keys, 409
    except OperationalError:
        count, status = 0, 503
    _tell(request, status, count)
    if status == 302:
        return redirect("reading-import", pk, number)
    done.refresh_from_db()  # what was not stored is still in it
    done.site = site
    return _page(request, site, done, status, choice, overtaken)


def _tell(request, status, count):
    """How applying ended, in a sentence. `count` readings were applied, or were in the way, or None: it was done before."""
    if count is None:
        messages.info(request, _("This file was applied already. Nothing was changed a second time."))
    elif status == 302:
        messages.success(request, ngettext("%d reading is saved.", "%d readings are saved.", count) % count)
    elif status == 409:
        sentence = ngettext(
            "%d reading was saved by somebody while you were looking, so nothing was applied yet. It is marked and left out: look at it, then apply again.",
            "%d readings were saved by somebody while you were looking, so nothing was applied yet. They are marked and left out: look at them, then apply again.",
            count,
        )  # fmt: skip
        messages.warning(request, sentence % count)
    elif status == 422:
        messages.warning(request, _("Everything that would change is left out, so nothing was saved."))
    else:
        messages.error(request, _("The database is busy. Nothing was saved. Try again in a moment."))


@require_POST
def undo(request, pk, number):
    site, done = _import(request, pk, number)
    if done is None or not done.applied_at:
        return redirect("readings-import", pk)
    if not _may_undo(request.user, site, done):
        raise PermissionDenied(_("Somebody else applied this file. Ask them, an owner or a manager to undo it."))  # fmt: skip
    try:
        undone = patiently(lambda: done.undo(by=request.user))
    except OperationalError:
        _tell(request, 503, 0)
        done.refresh_from_db()
        done.site = site
        return _page(request, site, done, 503)
    if undone:
        messages.success(request, _went_back(done))
    else:
        messages.info(request, _("This was undone already."))
    return redirect("reading-import", pk, number)


def _may_undo(user, site, done):
    return done.by_id == user.pk or can(site.role, MANAGE)


def _went_back(done):
    back = sum("undone" in change for change in done.changes)
    left = len(done.changes) - back
    sentence = ngettext("%d reading went back.", "%d readings went back.", back) % back
    if left:
        sentence += " " + ngettext(
            "%d was saved by somebody since and was left alone.",
            "%d were saved by somebody since and were left alone.",
            left,
        ) % left  # fmt: skip
    return sentence
