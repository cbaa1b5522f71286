"""The address at which somebody's calendar fetches due actions: making it, and what it gives."""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.db import OperationalError, transaction
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_http_methods, require_safe

from assessments.forms.answers import patiently
from assessments.forms.calendar_feeds import CalendarForm
from assessments.models import Action, Activity, CalendarFeed, Verb
from assessments.report import calendar
from assessments.views import shown_once
from assessments.views.answers import RETRY_AFTER

MADE = "calendar_feed"  # in the session, from the POST that makes an address to the page that shows it
MOST_EVENTS = 2000


@require_http_methods(["GET", "HEAD", "POST"])
def page(request):
    """Make, renew or take back the address of one's own feed."""
    current = CalendarFeed.objects.in_force().filter(user=request.user).first()
    form = CalendarForm(request.POST or None, initial={"covers": current.covers if current else "mine"})
    if request.method == "POST" and "revoke" in request.POST:
        return _revoke(request, current)
    if request.method == "POST" and form.is_valid():
        with transaction.atomic():
            feed, text = CalendarFeed.objects.issue(user=request.user, covers=form.cleaned_data["covers"])
            Activity.objects.record_for_person(request.user, Verb.TOKEN_MADE, _("calendar address"))
        shown_once.keep(request, MADE, feed, text)
        return redirect("calendar")
    context = {"form": form, "current": current, "address": _shown_once(request, current)}
    return render(request, "assessments/calendar.html", context, status=422 if form.errors else 200)


def _revoke(request, current):
    if current:
        with transaction.atomic():
            current.revoke()
            Activity.objects.record_for_person(request.user, Verb.TOKEN_REVOKED, _("calendar address"))
    messages.success(request, _("The address opens nothing any more. Remove it from your calendar too."))
    return redirect("calendar")


def _shown_once(request, current):
    """The address made just now, or None. Asked again, the session has it no longer."""
    made, text = shown_once.take(request, MADE, [current] if current else [])
    return made and settings.SITE_URL + reverse("calendar-feed", args=[text])


@login_not_required
@cache_control(private=True, no_store=True)
@require_safe
def feed(request, token):
    """What is due, for a calendar: whoever knows the address may read it, and no sign-in counts."""
    found = CalendarFeed.objects.opened_by(token)
    if found is None:
        raise Http404
    try:
        wait = patiently(found.use)
    except OperationalError:
        return _refusal(503, _("The database is busy. Try again in a moment."), RETRY_AFTER)
    if wait:
        return _refusal(429, _("Too many requests. Look again in a few hours."), wait)
    text = calendar.feed(_("Due actions, copcready"), _due(found), _address)
    return HttpResponse(text, content_type="text/calendar; charset=utf-8")


def _refusal(status, sentence, wait):
    plain = "text/plain; charset=utf-8"
    return HttpResponse(sentence, status=status, content_type=plain, headers={"Retry-After": wait})


def _due(found):
    """What is still to be done and has a day, in the organisations its person belongs to now."""
    actions = Action.objects.for_user(found.user).ahead().in_use().exclude(due=None).with_names()
    if found.covers == CalendarFeed.Covers.MINE:
        actions = actions.filter(owner=found.user)
    return actions.order_by("due", "pk")[:MOST_EVENTS]


def _address(action):
    return settings.SITE_URL + reverse("action", args=[action.pk])
