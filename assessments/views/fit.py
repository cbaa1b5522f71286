"""Is COPC for us? The questions, the result in an address of its own, its sheet of paper, and keeping it with an assessment.

Questions, result and sheet are for everybody and store nothing: the answers travel in the address.
"""

from hashlib import sha256
from threading import Lock

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.cache import caches
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from assessments.access import MANAGE, fetch, roles_that
from assessments.forms.fit import FitForm
from assessments.models import Assessment, FitCheck
from assessments.report import fit as fit_report
from assessments.report import fit_advice, fit_sheet, pdf
from assessments.report.fit_questions import questions
from assessments.rules import fit as rules
from assessments.views.reports import download
from assessments.views.switching import chosen

ASSESSMENTS_A_PAGE = 25
KEPT = 60 * 60  # seconds a sheet is kept; equal answers make equal sheets all day

# One sheet at a time, and nobody waits for it: strangers asking for a hundred would hold every thread of the process.
_press = Lock()


class Busy(Exception):
    """Another sheet is being printed."""


@login_not_required
@require_safe
def ask(request):
    """The questions, with what the address already answers marked."""
    given = {
        key: request.GET.getlist(key) if key == rules.SEVERAL else request.GET.get(key) for key in request.GET
    }
    return _questions(request, FitForm(initial=given, questions=questions()))


def _form(data):
    return FitForm(data, questions=questions())


def _questions(request, form):
    """The page of questions; what is still open or cannot be is named, and everything else stays as it was chosen."""
    return render(request, "assessments/fit.html", {"form": form}, status=422 if form.errors else 200)


@login_not_required
@require_safe
def result(request):
    form = _form(request.GET)
    if not form.is_valid():
        return _questions(request, form)
    return render(request, "assessments/fit_result.html", _said(form.answers))


def _said(answers):
    return {
        "page": fit_report.page(answers),
        "to_ask": fit_advice.to_ask(),
        "estimate": fit_advice.estimate(),
        "pdf_off": pdf.available()[1],
    }


@login_not_required
@require_safe
def sheet(request):
    """The result as a PDF of one page. Open to strangers, so equal ones are kept and only one is made at a time."""
    form = _form(request.GET)
    if not form.is_valid():
        return _questions(request, form)
    today = timezone.localdate()
    address = request.build_absolute_uri(f"{reverse('fit-result')}?{fit_report.query(form.answers)}")
    try:
        content = _printed(form.answers, today, address)
    except pdf.Unavailable as reason:
        return _no_sheet(request, address, reason)
    except Busy:
        return _no_sheet(
            request, address, _("Another sheet is being made this very moment. Try again in a few seconds.")
        )
    return download(content, "application/pdf", _("COPC fit check %(date)s") % {"date": today}, "pdf")


def _printed(answers, today, address):
    name = sha256(f"{today} {get_language()} {address}".encode()).hexdigest()
    content = caches["sheets"].get(name)
    if content is None:
        if not _press.acquire(blocking=False):
            raise Busy
        try:
            content = fit_sheet.render(fit_report.page(answers), today, address)
        finally:
            _press.release()
        caches["sheets"].set(name, content, KEPT)
    return content


def _no_sheet(request, address, reason):
    response = render(
        request, "assessments/fit_no_sheet.html", {"address": address, "reason": reason}, status=503
    )
    response["Retry-After"] = "5"
    return response


@require_safe
def choose(request):
    """Which assessment to keep the answers with: those the person may manage."""
    form = _form(request.GET)
    if not form.is_valid():
        return _questions(request, form)
    organisation = chosen(request)
    rows = (
        Assessment.objects.in_use()
        .with_names()
        .select_related("fit_check")
        .for_user(request.user)
        .within(organisation)
        .filter(role__in=roles_that(MANAGE), continued_at=None)
        .order_by("site__organisation__name", "site__name", "-started_at", "-pk")
    )
    context = {
        "answers": form.answers,
        "page": Paginator(rows, ASSESSMENTS_A_PAGE).get_page(request.GET.get("page")),
        "query": fit_report.query(form.answers),
        "chosen": organisation,
    }
    return render(request, "assessments/fit_attach.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def attached(request, pk):
    """The fit check kept with an assessment; a POST keeps another one in its place."""
    if request.method == "POST":
        return _attach(request, fetch(Assessment.objects, request.user, MANAGE, pk=pk))
    rows = Assessment.objects.with_names().select_related("fit_check__attached_by")
    assessment = fetch(rows, request.user, pk=pk)
    if not hasattr(assessment, "fit_check"):
        messages.info(request, _("No fit check is attached to this assessment."))
        return redirect(assessment)
    try:
        said = _said(rules.read(assessment.fit_check.answers))
    except ValueError:  # the questions have changed since: ask those that are open
        return redirect(f"{reverse('fit-result')}?{fit_report.query_of(assessment.fit_check.answers)}")
    return render(
        request, "assessments/assessment_fit.html", {"assessment": assessment, "tab": "fit", **said}
    )


def _attach(request, assessment):
    form = _form(request.POST)
    if not form.is_valid():
        return _questions(request, form)
    answers = form.answers.as_dict()
    try:
        before = FitCheck.objects.attach(assessment, answers, by=request.user)
    # Moved on since the list was shown: the answers stay, and another can be chosen.
    except ValidationError as error:
        messages.error(request, error.message)
        return redirect(f"{reverse('fit-attach')}?{fit_report.query(form.answers)}")
    messages.success(request, _("The fit check is attached."))
    if before and before.answers != answers:
        messages.info(request, _still_there(_("It took the place of an earlier one."), before))
    return redirect("assessment-fit", assessment.pk)


def _still_there(what, check):
    """What happened to a check, and the way back to it: its answers are an address."""
    address = f"{reverse('fit-result')}?{fit_report.query_of(check.answers)}"
    return format_html('{} <a href="{}">{}</a>', what, address, _("Its answers are still here"))


@require_POST
def remove(request, pk):
    assessment = fetch(Assessment.objects, request.user, MANAGE, pk=pk)
    try:
        check = FitCheck.objects.detach(assessment)
    except ValidationError as error:
        messages.error(request, error.message)
        return redirect(assessment)
    if check:
        messages.success(request, _still_there(_("The fit check is removed."), check))
    return redirect(assessment)
