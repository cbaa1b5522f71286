"""The rows that the addresses of tests/access_table.py name, for as many organisations as a test wants."""

from datetime import timedelta

from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from assessments.forms.metrics import MetricForm, RulesForm
from assessments.forms.sites import SiteForm
from assessments.models import (
    Action,
    ApiToken,
    Assessment,
    Evidence,
    FitCheck,
    Invitation,
    Membership,
    Metric,
    MilestoneReport,
    ReportLook,
    Review,
    Role,
    bins,
    moves,
)
from standards.models import Item
from tests import factories, printing
from tests.access_table import FIT
from tests.assessments.workbooks import figures
from tests.assessments.workbooks.copies import applied, begun, downloaded


def rows_of(assessment, alice, bob, newer):
    """The rows of one organisation that addresses name: it owns `assessment`, Alice owns it, Bob works in it, and `newer` is
    a later release. One answer is given, so that starting again starts something new."""
    organisation = assessment.site.organisation
    first, second = assessment.answers.in_order()[:2]
    second.record_choice("1", by=alice, version=0)
    second.record_choice("2", by=alice, version=1)
    assessment.answers.in_item("PR2").update(choice="2")
    review = Review.objects.create(
        assessment=assessment,
        item=Item.objects.get(code="PF3", domain__release=assessment.release),
        submitted_by=bob,
    )
    FitCheck.objects.create(assessment=assessment, answers=FIT | {"fundamentals": ["coaching"]})
    ReportLook.objects.update_or_create(organisation=organisation, defaults={"logo": b"\x89PNG"})
    held, removed, older = (
        Evidence.objects.create(answer=first, title="Pack", place="Drive") for _ in range(3)
    )
    removed.remove(by=alice)
    return {
        **other_assessments(organisation, assessment.release, newer, alice),
        **figures_of(assessment, alice),
        **imports(assessment, first, second, alice),
        **prints(assessment, alice),
        **people(organisation),
        "evidence": held,
        "removed": removed,
        "newer": Evidence.objects.create(answer=first, title="New", place="Drive", replaces=older),
        "filed": factories.filed(first, by=alice),
        "organisation": organisation,
        "binned": binned(alice),
        "site": assessment.site,
        "assessment": assessment,
        "answer": first,
        "answered": second,
        "review": review,
        "gap": assessment.answers.in_item("PR2").first(),
        "action": Action.objects.add(assessment, [second], by=alice, title="List the teams"),
        "user": alice,
        "token": ApiToken.objects.issue(site=assessment.site, name="Nightly", days=30, by=alice)[0],
        "variant": newer.variants.get(),
        "seen_site": seen(SiteForm, assessment.site),
        "seen_rules": seen(RulesForm, assessment.site),
    }


def other_assessments(organisation, release, newer, alice):
    """Of other sites of the organisation, each in a state of its own."""
    quick, before, complete = (
        factories.started(factories.SiteFactory(organisation=organisation), release, alice) for _ in range(3)
    )
    Assessment.objects.filter(pk=quick.pk).update(quick=True)
    complete.answers.update(choice="2")
    checked = {f"checked_{n}": answer for n, answer in enumerate(complete.answers.in_item("PR1"))}
    moved = moves.move(before, newer, by=alice)
    return {"quick": quick, "moved": moved, "complete": complete, **checked}


def figures_of(assessment, alice):
    """Metrics and files of readings. An answer follows one of the metrics."""
    site = assessment.site
    metric, archived = (
        factories.MetricFactory(site=site, unit="percent", archived_at=at) for at in (None, timezone.now())
    )
    followed = assessment.answers.in_item("PF3").select_related("requirement").first()
    Metric.objects.filter(pk=metric.pk).update(shows=[followed.requirement.key])
    assessment.follow_metrics()
    timed = factories.MetricFactory(site=site, name="Handle time", unit="seconds")
    return {
        "metric": metric,
        "archived": archived,
        "followed": followed,
        "timed": timed,
        "seen_metric": seen(MetricForm, Metric.objects.get(pk=metric.pk)),
        "figures": b"Metric,Feb 2025\nHandle time,300\n",
        "figures_applied": figures.applied(site, alice, "Metric,Jan 2025\nHandle time,310\n"),
        "figures_dry_run": figures.begun(site, alice, "Metric,Feb 2025\nHandle time,300\n"),
    }


def seen(form, row):
    """What the form on the page of `row` says it was filled with."""
    return form(instance=row).initial["seen"]


def imports(assessment, first, second, alice):
    """Workbooks of answers: one applied, one waiting, and one to send."""
    return {
        "applied": applied(assessment, alice, {second.requirement.key: {"note": "At home"}}),
        "dry_run": begun(assessment, alice, {first.requirement.key: {"level": "2"}}),
        "workbook": downloaded(assessment),
    }


def prints(assessment, alice):
    """Milestones and the PDFs that were asked for."""
    milestone = printed(factories.frozen(assessment, by=alice))
    return {
        "milestone": milestone,
        "share": factories.shared(milestone, by=alice)[0],
        "unprinted": factories.frozen(assessment, "Later", by=alice),
        "printed": printing.job(assessment, "done", with_sites=False),
        "failed_job": printing.job(assessment, "failed", "two", with_sites=False),
    }


def people(organisation):
    """Somebody who belongs to the organisation, and somebody who was invited some time ago."""
    member = Membership.objects.create(organisation=organisation, user=factories.UserFactory())
    owner = organisation.memberships.filter(role=Role.OWNER).first().user
    email = f"ivy{member.pk}@example.com"
    invitation, _text = Invitation.objects.issue(
        organisation, email=email, role=Role.VIEWER, sites=None, by=owner
    )
    Invitation.objects.filter(pk=invitation.pk).update(invited_at=timezone.now() - timedelta(hours=1))
    return {"member": member, "invitation": invitation}


def binned(owner):
    """Another organisation of `owner`, in the bin."""
    organisation = factories.OrganisationFactory(name="Closed branch")
    Membership.objects.create(organisation=organisation, user=owner, role=Role.OWNER)
    bins.put_in(organisation, by=owner)
    return organisation


def printed(milestone):
    return MilestoneReport.objects.keep(milestone, b"%PDF-1.7").milestone


def address(name, route, rows):
    kwargs = {key: value.format(**keys(rows)) for key, value in route.kwargs.items()}
    if route.of:
        kwargs["pk"] = rows[route.of].pk
    return reverse(name, kwargs=kwargs)


def keys(rows):
    return {name: getattr(row, "pk", row) for name, row in rows.items()}


def sample(route, rows):
    """The POST of the table with the keys of the rows in it."""

    def fill(value):
        return [fill(part) for part in value] if isinstance(value, list) else value.format(**keys(rows))

    sent = {route.file: SimpleUploadedFile("ours.xlsx", rows[route.sends])} if route.file else {}
    return sent | {fill(name): fill(value) for name, value in route.data.items()}
