"""The tokens by which tools send readings of a site."""

from django.conf import settings
from django.contrib import messages
from django.db import transaction
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from assessments.access import MANAGE, fetch
from assessments.forms.tokens import ApiTokenForm
from assessments.models import Activity, ApiToken, Metric, Site, Verb

MADE = "api_token"  # in the session, from the POST that makes a token to the page that shows it
PAST_LISTED = 20


@require_http_methods(["GET", "HEAD", "POST"])
def tokens(request, pk):
    site = fetch(Site.objects.select_related("organisation"), request.user, MANAGE, pk=pk)
    form = ApiTokenForm(request.POST or None, instance=ApiToken(site=site))
    if request.method == "POST" and form.is_valid():
        with transaction.atomic():
            token, text = ApiToken.objects.issue(site=site, by=request.user, **form.cleaned_data)
            _note(site, Verb.TOKEN_MADE, token, request.user)
        request.session[MADE] = {"token": token.pk, "text": text}
        return redirect("api-tokens", site.pk)
    found = site.api_tokens.select_related("created_by", "revoked_by")
    in_force = list(found.in_force())
    context = {
        "site": site,
        "form": form,
        "made": _shown_once(request, in_force),
        "address": settings.SITE_URL + reverse("readings-api", args=[site.pk]),
        "example": _example(site),
        "in_force": in_force,
        "past": found.exclude(pk__in=[token.pk for token in in_force])[:PAST_LISTED],
    }
    return render(request, "assessments/api_tokens.html", context, status=422 if form.errors else 200)


def _note(site, verb, token, by):
    Activity.objects.record(site.organisation_id, verb, token, by=by, site=site)


def _shown_once(request, in_force):
    """The text of a token of this site that was made just now, or None. Asked again, the session has it no longer."""
    made = request.session.get(MADE)
    if request.method == "HEAD" or not made or made["token"] not in [token.pk for token in in_force]:
        return None
    return request.session.pop(MADE)["text"]


def _example(site):
    """A metric of the site and the month of its last complete period, to begin with; None where there is no metric yet."""
    metric = Metric.objects.in_use().filter(site=site).first()
    return metric and (metric, metric.month_of(metric.period_of(site.today()) - 1))


@require_POST
def revoke(request, pk, number):
    token = fetch(ApiToken.objects.select_related("site"), request.user, MANAGE, pk=number, site=pk)
    with transaction.atomic():
        token.revoke(by=request.user)
        _note(token.site, Verb.TOKEN_REVOKED, token, request.user)
    messages.success(request, _("%s is revoked. A tool that still sends it is refused.") % token)
    return redirect("api-tokens", pk)
