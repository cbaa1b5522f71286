"""Who may read a milestone without an account: making a link, seeing its address once, the lists, and taking it back."""

from django.conf import settings
from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from assessments.access import MANAGE, fetch
from assessments.forms.share_links import ShareLinkForm
from assessments.models import MilestoneReport, Organisation, ShareLink
from assessments.models.share_links import AlreadyShared
from assessments.views import shown_once
from assessments.views.milestones import fetch_milestone

MADE = "share_link"  # in the session, from the POST that makes a link to the page that shows its address
PAST_LISTED = 50


@require_http_methods(["GET", "HEAD", "POST"])
def of_milestone(request, pk):
    taken, assessment = fetch_milestone(request, pk, MANAGE)
    form = ShareLinkForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and _make(request, taken, form):
        return redirect("milestone-shares", pk)
    lists = _lists(taken.share_links.all())
    context = {
        "milestone": taken,
        "assessment": assessment,
        "tab": "milestones",
        "form": form,
        "address": _shown_once(request, lists["in_force"]),
        "printed": MilestoneReport.objects.filter(milestone=taken).exists(),
        **lists,
    }
    return render(request, "assessments/milestone_shares.html", context, status=422 if form.errors else 200)


def _make(request, taken, form):
    """Is there a new link? Its address waits in the session; otherwise the form says why there is none."""
    try:
        link, text = ShareLink.objects.issue(taken, by=request.user, **form.cleaned_data)
    except AlreadyShared:
        sentence = _("There is a link for “%s” already. Take it back, or write whom this one is for.")
        form.add_error("recipient", sentence % form.cleaned_data["recipient"])
        return False
    shown_once.keep(request, MADE, link, text)
    return True


def _lists(links):
    """Those in force, and of the others the newest."""
    links = links.with_names()
    in_force = list(links.in_force())
    past = links.exclude(pk__in=[link.pk for link in in_force])[:PAST_LISTED]
    return {"in_force": in_force, "past": list(past)}


def _shown_once(request, in_force):
    """The address of a link made just now, or None. Asked again, the session has it no longer."""
    link, text = shown_once.take(request, MADE, in_force)
    return link and settings.SITE_URL + reverse("shared", args=[text])


@require_safe
def of_organisation(request, pk):
    organisation = fetch(Organisation.objects, request.user, MANAGE, pk=pk)
    links = ShareLink.objects.for_user(request.user).filter(
        milestone__assessment__site__organisation=organisation
    )
    context = {"organisation": organisation, "tab": "shares", "whole": True, **_lists(links)}
    return render(request, "assessments/shares.html", context)


@require_POST
def revoke(request, pk):
    link = fetch(ShareLink.objects.with_names(), request.user, MANAGE, pk=pk)
    link.revoke(by=request.user)
    messages.success(request, _("The link for %s is taken back. It opens nothing any more.") % link)
    if "whole" in request.POST:
        return redirect("shares", link.milestone.assessment.site.organisation_id)
    return redirect("milestone-shares", link.milestone_id)
