"""The first page after sign-in, and help."""

from itertools import groupby

from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.db.models import Exists, OuterRef, Q
from django.shortcuts import render
from django.views.decorators.http import require_safe

from assessments.models import Assessment, Organisation, Site
from assessments.models.people import has_second_factor
from assessments.views.due_actions import due_band
from assessments.views.reviews import band
from assessments.views.switching import chosen
from standards.text import clean_text

SITES_A_PAGE = 25


@require_safe
def home(request):
    """Every site the person may see, with its latest assessment."""
    words = clean_text(request.GET.get("q", ""))[:100]
    user, organisation = request.user, chosen(request)
    found = (
        Site.objects.for_user(user)
        .within(organisation)
        .select_related("organisation")
        .order_by("organisation__name", "name", "pk")
    )
    if words:
        found = found.filter(name__icontains=words)
    page = Paginator(found, SITES_A_PAGE).get_page(request.GET.get("page"))
    sites = list(page.object_list)
    latest = Assessment.objects.latest_of(sites)
    groups = [
        (organisation, [(site, latest.get(site.pk)) for site in members])
        for organisation, members in groupby(sites, key=lambda site: site.organisation)
    ]
    mine = list(
        Organisation.objects.for_user(request.user, any_factor=True).annotate(
            has_sites=Exists(Site.objects.filter(organisation=OuterRef("pk"))),
            waits=Q(second_factor_required=True) & ~has_second_factor(request.user),
        )
    )
    organisations = [organisation for organisation in mine if not organisation.waits]
    context = {
        "groups": groups,
        "page": page,
        "words": words,
        "organisations": organisations,
        "waiting_for_factor": [organisation for organisation in mine if organisation.waits],
        "binned": Organisation.objects.restorable_by(request.user).count(),
        "chosen": organisation,
        "organisations_without_sites": [
            each for each in organisations if not each.has_sites and organisation in (None, each)
        ],
    }
    bands = band(user, organisation) | due_band(user, organisation)
    return render(request, "assessments/home.html", context | bands)


@login_not_required
@require_safe
def help_page(request):
    return render(request, "assessments/help.html")
