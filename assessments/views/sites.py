"""The sites of an organisation."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from assessments import places
from assessments.access import MANAGE, fetch
from assessments.forms.seen import storing
from assessments.forms.sites import SiteForm
from assessments.models import Activity, Assessment, Channel, Organisation, Site, Verb


@require_http_methods(["GET", "HEAD", "POST"])
def add_site(request, pk):
    organisation = fetch(Organisation.objects, request.user, MANAGE, pk=pk)
    form = SiteForm(request.POST or None, instance=Site(organisation=organisation, seats=None))
    if request.method == "POST" and form.is_valid():
        with storing(form):
            site = form.save()
            Activity.objects.record(organisation, Verb.SITE_ADDED, site, by=request.user, site=site)
        if not form.errors:
            messages.success(request, _("%s is added. Now start its first assessment.") % site)
            return redirect("assessment-add", site.pk)
    context = {"form": form, "organisation": organisation}
    return render(request, "assessments/site_add.html", context, status=form.status)


@require_safe
def site(request, pk):
    row = fetch(Site.objects.select_related("organisation"), request.user, pk=pk)
    context = {
        "site": row,
        "country": places.country_name(row.country),
        "channels": Channel.labels_of(row.channels),
        "assessments": [a.up_to_date() for a in Assessment.objects.filter(site=row).with_names()],
    }
    return render(request, "assessments/site.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def edit_site(request, pk):
    row = fetch(Site.objects.select_related("organisation"), request.user, MANAGE, pk=pk)
    form = SiteForm(request.POST or None, instance=row)
    if request.method == "POST" and form.is_valid():
        with storing(form):
            form.save()
            Activity.objects.record(row.organisation, Verb.SITE_EDITED, row, by=request.user, site=row)
        if not form.errors:
            messages.success(
                request,
                _("%s is saved. Assessments already started keep the channels they began with.") % row,
            )
            return redirect("site", row.pk)
    context = {"form": form, "site": row, "organisation": row.organisation}
    return render(request, "assessments/site_edit.html", context, status=form.status)
