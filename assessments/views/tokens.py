"""The tokens by which tools send readings of a site, or read its results."""

from django.conf import settings
from django.contrib import messages
from django.db import IntegrityError
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from assessments.access import MANAGE, fetch
from assessments.forms.tokens import ApiTokenForm
from assessments.models import ApiToken, Metric, Site
from assessments.views import shown_once

MADE = "api_token"  # in the session, from the POST that makes a token to the page that shows it
PAST_LISTED = 20


@require_http_methods(["GET", "HEAD", "POST"])
def tokens(request, pk):
    site = fetch(Site.objects.select_related("organisation"), request.user, MANAGE, pk=pk)
    form = ApiTokenForm(request.POST or None, instance=ApiToken(site=site))
    if request.method == "POST" and form.is_valid() and _make(request, site, form):
        return redirect("api-tokens", site.pk)
    found = site.api_tokens.select_related("created_by", "revoked_by")
    in_force = list(found.in_force())
    context = {
        "site": site,
        "form": form,
        "example": _example(site),
        **_shown_once(request, site, in_force),
        "in_force": in_force,
        "past": found.exclude(pk__in=[token.pk for token in in_force])[:PAST_LISTED],
    }
    return render(request, "assessments/api_tokens.html", context, status=422 if form.errors else 200)


def _make(request, site, form):
    """Is there a new token? Its text waits in the session; otherwise the form says why there is none."""
    try:
        token, text = ApiToken.objects.issue(site=site, by=request.user, **form.cleaned_data)
    except IntegrityError:  # somebody gave the name to another token at this moment
        form.add_error("name", form.taken(form.cleaned_data["name"]))
        return False
    shown_once.keep(request, MADE, token, text)
    return True


def _shown_once(request, site, in_force):
    """The text of a token of this site that was made just now, with where to try it, or nothing. Asked again, the session
    has it no longer."""
    token, text = shown_once.take(request, MADE, in_force)
    if token is None:
        return {}
    name = "readings-api" if token.scope == ApiToken.Scope.READINGS else "assessments-api"
    return {
        "made": text,
        "sends": name == "readings-api",
        "address": settings.SITE_URL + reverse(name, args=[site.pk]),
    }


def _example(site):
    """A metric of the site and the month of its last complete period, to begin with; None where there is no metric yet."""
    metric = Metric.objects.in_use().filter(site=site).first()
    return metric and (metric, metric.month_of(metric.period_of(site.today()) - 1))


@require_POST
def revoke(request, pk, number):
    token = fetch(ApiToken.objects.select_related("site"), request.user, MANAGE, pk=number, site=pk)
    token.revoke(by=request.user)
    messages.success(request, _("%s is revoked. A tool that still sends it is refused.") % token)
    return redirect("api-tokens", pk)
