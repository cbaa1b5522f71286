"""The actions that are due, as the first page shows them."""

from datetime import timedelta
from zoneinfo import ZoneInfo

from django.db.models import Count
from django.utils import timezone

from assessments.access import MANAGE, roles_that
from assessments.models import Action

SOON = timedelta(days=14)
MOST_IN_BAND = 6
ZONES = timedelta(days=1)  # how far the day at a site is from the day in UTC at most


def due_band(user):
    """What `user` owns that is overdue or due soon, and for whoever manages how many of everybody are. Two queries."""
    mine = list(_due_for(user).filter(owner=user).with_names())
    late = [action for action in mine if action.is_overdue(action.assessment.site.today())]
    soon = [a for a in mine if a not in late and a.due <= a.assessment.site.today() + SOON]
    return {
        "late": late[:MOST_IN_BAND],
        "soon": soon[:MOST_IN_BAND],
        "late_of_mine": len(late),
        "soon_of_mine": len(soon),
        **_counts_of_all(user),
    }


def _due_for(user):
    newest = timezone.localdate(timezone=ZoneInfo("UTC")) + SOON + ZONES
    return Action.objects.for_user(user).ahead().in_use().filter(due__lte=newest)


def _counts_of_all(user):
    """How many are overdue and due soon where the person manages, by the day it is at each site."""
    rows = _due_for(user).filter(role__in=roles_that(MANAGE)).order_by()
    rows = rows.values_list("assessment__site__time_zone", "due").annotate(count=Count("pk"))
    counts, now = {"late_of_all": 0, "soon_of_all": 0}, timezone.now()
    for zone, due, count in rows:
        today = timezone.localdate(now, timezone=ZoneInfo(zone))
        if due < today:
            counts["late_of_all"] += count
        elif due <= today + SOON:
            counts["soon_of_all"] += count
    return counts
