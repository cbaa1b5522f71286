"""What somebody without an account finds behind a link: one milestone as it was frozen, and nothing else.

The address is the key. Whatever is wrong with it, the reply is the same, so that nobody learns which links there were.
"""

from functools import wraps

from django.contrib.auth.decorators import login_not_required
from django.db import OperationalError
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from assessments.forms.answers import patiently
from assessments.models import MilestoneReport, ShareLink
from assessments.report import blockers, freezing, frozen, web
from assessments.views.answers import RETRY_AFTER
from assessments.views.guesses import wait_after_guess
from assessments.views.milestones import file_name
from assessments.views.reports import download

NOTHING = "assessments/shared_nothing.html"
NOT_FOR_ROBOTS = "/shared/", "/invitations/", "/calendar/"


class Nothing(Exception):
    """The address opens nothing."""


def by_link(view):
    """`view(request, link)` for the link of the address; every reply stays out of caches, search engines and the Referer."""

    @login_not_required
    @cache_control(private=True, no_store=True)
    @wraps(view)
    def reply(request, token):
        response = _reply(view, request, token)
        response["Referrer-Policy"] = "no-referrer"
        response["X-Robots-Tag"] = "noindex, nofollow, noarchive"
        return response

    return reply


def _reply(view, request, token):
    try:
        try:
            return require_safe(lambda request: view(request, _link(token)))(request)
        except Nothing:
            return _nothing(request)
    except OperationalError:
        return _later(request, 503, RETRY_AFTER)


def _link(token):
    link = ShareLink.objects.opened_by(token)
    if link is None:
        raise Nothing
    return link


def _nothing(request):
    """Not found. Too many of these from one address have to wait, while links that are right go on opening."""
    wait = wait_after_guess("shared")
    return _later(request, 429, wait) if wait else render(request, NOTHING, status=404)


def _later(request, status, seconds):
    response = render(request, NOTHING, {"later": True}, status=status)
    response["Retry-After"] = seconds
    return response


def _count(request, link):
    """Count that something is handed out. A look ahead with HEAD hands out nothing."""
    if request.method != "HEAD" and not patiently(link.open):
        raise Nothing


@by_link
def page(request, link):
    _count(request, link)
    taken, site = link.milestone, link.milestone.assessment.site
    context = _told(taken) | {
        "link": link,
        "milestone": taken,
        "site": site,
        "until": site.day_of(link.expires_at),
        "printed": link.files and MilestoneReport.objects.filter(milestone=taken).exists(),
    }
    return render(request, "assessments/shared.html", context)


def _told(taken):
    """The whole report; of what another version froze, what every version tells of it."""
    try:
        return web.context(freezing.revive(taken))
    except freezing.OtherVersion:
        shown = frozen.page(taken.document)
        return {
            "page": shown,
            "blockers_name": blockers.names(shown.leads_to_audit),
            "blocker_name": blockers.name(shown.leads_to_audit),
        }


@by_link
def report(request, link):
    kept = link.files and MilestoneReport.objects.filter(milestone=link.milestone_id).first()
    if not kept:
        raise Nothing
    _count(request, link)
    return download(bytes(kept.pdf), "application/pdf", file_name(link.milestone), "pdf")


@by_link
def document_json(request, link):
    if not link.files:
        raise Nothing
    _count(request, link)
    content = link.milestone.document.encode("utf-8")
    return download(content, "application/json; charset=utf-8", file_name(link.milestone), "json")


@login_not_required
@require_safe
def robots(request):
    """What search engines are asked to leave alone: addresses that are keys."""
    lines = ["User-agent: *", *(f"Disallow: {start}" for start in NOT_FOR_ROBOTS)]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")
