"""How the reports of an organisation look: paper, mark and logo."""

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from assessments.access import MANAGE, fetch
from assessments.forms.report_looks import ReportLookForm
from assessments.models import Activity, Organisation, ReportLook, Verb


@require_http_methods(["GET", "HEAD", "POST"])
def look(request, pk):
    organisation = fetch(Organisation.objects, request.user, MANAGE, pk=pk)
    stored = ReportLook.objects.of(organisation)
    form = ReportLookForm(request.POST or None, request.FILES or None, instance=stored)
    if request.method == "POST" and form.is_valid():
        with transaction.atomic():
            form.save(by=request.user)
            Activity.objects.record(organisation, Verb.LOOK_CHANGED, by=request.user)
        messages.success(request, _("Saved. The next report of %s looks like this.") % organisation)
        return redirect("report-look", organisation.pk)
    context = {
        "form": form,
        "organisation": organisation,
        "look": ReportLook.objects.of(organisation),
        "tab": "report",
    }
    return render(request, "assessments/report_look.html", context, status=422 if form.errors else 200)


@require_safe
def logo(request, pk):
    organisation = fetch(Organisation.objects, request.user, pk=pk)
    stored = ReportLook.objects.of(organisation)
    if not stored.logo:
        raise Http404
    return HttpResponse(bytes(stored.logo), content_type="image/png")
