"""Starting an assessment, and its target audit month."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from assessments.access import MANAGE, fetch
from assessments.forms.assessments import AssessmentForm, AuditMonthForm
from assessments.models import Activity, Assessment, Site, Verb
from standards.models import Release


@require_http_methods(["GET", "HEAD", "POST"])
def add(request, pk):
    """Choose the scope; "Count the questions" shows how many will be asked before anything is started."""
    site = fetch(Site.objects.select_related("organisation"), request.user, MANAGE, pk=pk)
    releases = list(Release.objects.published().select_related("standard"))
    if not releases:
        messages.error(request, _("No standard is published here yet, so nothing can be started."))
        return redirect("site", site.pk)
    release = next((r for r in releases if str(r.pk) == request.GET.get("release")), releases[0])
    form = AssessmentForm(request.POST or None, site=site, release=release, before=request.GET.get("from"))
    context = {"form": form, "site": site, "releases": releases, "release": release}
    if request.method == "POST":
        context["asked"] = form.asked()
        if "count" in request.POST:
            return render(request, _start_template(request), context)
        if context["asked"]:
            return _start(request, form)
    return render(request, "assessments/assessment_add.html", context, status=422 if form.errors else 200)


def _start(request, form):
    try:
        with transaction.atomic():
            assessment, created = form.start(by=request.user)
            if created:
                Activity.objects.about(assessment, Verb.ASSESSMENT_STARTED, by=request.user)
    except ValidationError as error:
        messages.error(request, error.message)
        return redirect("site", form.site.pk)
    messages.success(request, _started(assessment, created))
    return redirect(assessment)


def _start_template(request):
    return "assessments/_asked.html" if request.htmx else "assessments/assessment_add.html"


def _started(assessment, created):
    if not created:
        return _("This assessment was already started and nothing is answered yet. Here it is.")
    return (
        ngettext(
            "Started. You will be asked %d requirement.",
            "Started. You will be asked %d requirements.",
            assessment.asked,
        )
        % assessment.asked
    )


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request, pk):
    assessment = fetch(Assessment.objects.with_names(), request.user, MANAGE, pk=pk)
    if not assessment.release.standard.leads_to_audit:
        raise Http404
    if assessment.reading_only:
        messages.error(request, assessment.reading_only)
        return redirect(assessment)
    form = AuditMonthForm(request.POST or None, instance=assessment)
    if request.method == "POST" and form.is_valid():
        with transaction.atomic():
            assessment.aim_at(form.cleaned_data["audit_month"])
            Activity.objects.about(assessment, Verb.ASSESSMENT_EDITED, by=request.user)
        messages.success(request, _("The target audit month is saved."))
        return redirect(assessment)
    context = {"form": form, "assessment": assessment, "tab": "questionnaire"}
    return render(request, "assessments/assessment_edit.html", context, status=422 if form.errors else 200)
