"""The metric register of a site, and one metric's own page."""

from itertools import groupby

from django.contrib import messages
from django.db import transaction
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from assessments.access import ANSWER, MANAGE, can, fetch
from assessments.forms.metrics import LibraryForm, MetricForm, RulesForm, TargetForm
from assessments.forms.seen import storing
from assessments.models import Activity, Assessment, Metric, Site, Verb
from assessments.report import register
from standards.library import library_metric

SITES = Site.objects.select_related("organisation")
METRICS = Metric.objects.select_related("site__organisation", "owner")


@require_safe
def metrics(request, pk):
    """Every metric in use, by kind, with what its readings say."""
    site = fetch(SITES.all(), request.user, pk=pk)
    judged = Metric.objects.in_use().judged(site)
    rows = [register.row(each) for each in register.in_order(judged)]
    context = {
        "site": site,
        "tab": "metrics",
        "found": register.summary(site, judged),
        "kinds": [(kind, list(of_kind)) for kind, of_kind in groupby(rows, lambda row: row.kind)],
        "archived": Metric.objects.filter(site=site).exclude(archived_at=None),
        "may_enter": can(site.role, ANSWER),
    }
    return render(request, "assessments/metrics.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def add(request, pk):
    """Pick from the library."""
    site = fetch(SITES.all(), request.user, MANAGE, pk=pk)
    form = LibraryForm(site, request.POST or None)
    if request.method == "POST" and form.is_valid():
        with transaction.atomic():
            added = form.save()
            names = ", ".join(map(str, added))
            _note(site, Verb.METRIC_ADDED, names, request.user)
            Assessment.objects.follow_metrics(site)
        messages.success(
            request,
            ngettext(
                "%d metric is added. Give it a target, then enter its months.",
                "%d metrics are added. Give each a target, then enter their months.",
                len(added),
            )
            % len(added),
        )
        return redirect("metrics", site.pk)
    context = {"site": site, "form": form}
    return render(request, "assessments/metrics_add.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def define(request, pk):
    """A definition of the site's own."""
    site = fetch(SITES.all(), request.user, MANAGE, pk=pk)
    return _edit(request, Metric(site=site), "assessments/metric_define.html")


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request, pk):
    return _edit(request, fetch(METRICS.all(), request.user, MANAGE, pk=pk), "assessments/metric_edit.html")


def _edits(metric):
    """What storing `metric` is."""
    return Verb.METRIC_EDITED if metric.pk else Verb.METRIC_ADDED


def _note(site, verb, what, by):
    Activity.objects.record(site.organisation_id, verb, what, by=by, site=site)


def _edit(request, metric, template):
    form, verb = MetricForm(request.POST or None, instance=metric), _edits(metric)
    if request.method == "POST" and form.is_valid():
        with storing(form):
            saved = form.save()
            _note(saved.site, verb, saved, request.user)
            Assessment.objects.follow_metrics(saved.site)
        if not form.errors:
            messages.success(request, _("%s is saved.") % saved)
            return redirect("metric", saved.pk)
    context = {"site": metric.site, "metric": metric, "form": form}
    return render(request, template, context, status=form.status)


@require_safe
def metric(request, pk):
    row = fetch(METRICS.all(), request.user, pk=pk)
    [judged] = Metric.objects.filter(pk=row.pk).judged(row.site)
    audit = Assessment.objects.in_use().filter(site=row.site, continued_at=None).exclude(audit_month=None)
    context = {
        "site": row.site,
        "metric": row,
        "page": register.page(
            judged, audit.order_by("audit_month").values_list("audit_month", flat=True).first()
        ),
        "may_enter": can(row.role, ANSWER) and not row.archived_at,
        "may_manage": can(row.role, MANAGE),
    }
    with timezone.override(row.site.time_zone):
        return render(request, "assessments/metric.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def targets(request, pk):
    """The targets of a metric over time, and a new one."""
    row = fetch(METRICS.all(), request.user, MANAGE, pk=pk)
    form = TargetForm(row, request.POST or None)
    if request.method == "POST" and form.is_valid():
        with storing(form):
            form.save(by=request.user)
            _note(row.site, Verb.METRIC_TARGET, row, request.user)
            Assessment.objects.follow_metrics(row.site)
        if not form.errors:
            messages.success(request, _("The target of %s is set.") % row)
            return redirect("metric", row.pk)
    entry = library_metric(row.library_key)
    context = {
        "site": row.site,
        "metric": row,
        "form": form,
        "targets": register.targets(row),
        "hint": entry and entry.target_hint,
    }
    return render(request, "assessments/metric_targets.html", context, status=form.status)


@require_http_methods(["GET", "HEAD", "POST"])
def rules(request, pk):
    """How many months make a metric sustained, and when figures are due."""
    site = fetch(SITES.all(), request.user, MANAGE, pk=pk)
    form = RulesForm(request.POST or None, instance=site)
    if request.method == "POST" and form.is_valid():
        with storing(form):
            form.save()
            _note(site, Verb.RULES_CHANGED, site, request.user)
            Assessment.objects.follow_metrics(site)
        if not form.errors:
            messages.success(request, _("Months are judged by the new rule from now on."))
            return redirect("metrics", site.pk)
    context = {"site": site, "form": form}
    return render(request, "assessments/metric_rules.html", context, status=form.status)


@require_POST
def archive(request, pk):
    """Out of use: no longer judged, its readings kept."""
    return _put(request, pk, timezone.now(), _("%s is archived. Its readings are kept."))


@require_POST
def restore(request, pk):
    return _put(request, pk, None, _("%s is in use again."))


def _put(request, pk, archived_at, said):
    row = fetch(METRICS.all(), request.user, MANAGE, pk=pk)
    row.archived_at = archived_at
    with transaction.atomic():
        row.save(update_fields=["archived_at"])
        verb = Verb.METRIC_ARCHIVED if archived_at else Verb.METRIC_RESTORED
        _note(row.site, verb, row, request.user)
        Assessment.objects.follow_metrics(row.site)
    messages.success(request, said % row)
    return redirect("metric", row.pk)
