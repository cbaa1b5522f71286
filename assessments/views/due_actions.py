"""The actions that are due, as the first page shows them."""

from collections import Counter
from datetime import timedelta
from zoneinfo import ZoneInfo

from django.db.models import Count
from django.utils import timezone

from assessments.access import MANAGE, roles_that
from assessments.models import Action

SOON = timedelta(days=14)
MOST_IN_BAND = 6
ZONES = timedelta(days=1)  # how far the day at a site is from the day in UTC at most


def due_band(user, organisation=None):
    """What, of one organisation or of all, `user` owns that is overdue or due soon, and for whoever manages how many of everybody are. Two queries."""
    mine = list(_due_for(user, organisation).filter(owner=user).with_names())
    late = [action for action in mine if action.is_overdue(action.assessment.site.today())]
    soon = [a for a in mine if a not in late and a.due <= a.assessment.site.today() + SOON]
    return {
        "late": late[:MOST_IN_BAND],
        "soon": soon[:MOST_IN_BAND],
        "late_of_mine": len(late),
        "soon_of_mine": len(soon),
        **_counts_of_all(user, organisation),
    }


def _due_for(user, organisation):
    newest = timezone.localdate(timezone=ZoneInfo("UTC")) + SOON + ZONES
    return Action.objects.for_user(user).within(organisation).ahead().in_use().filter(due__lte=newest)


def _counts_of_all(user, organisation):
    """How many are overdue and due soon where the person manages, by the day it is at each site, and in which plans the
    overdue ones stand, the most first."""
    rows = _due_for(user, organisation).filter(role__in=roles_that(MANAGE)).order_by()
    places = "assessment", "assessment__site__name", "assessment__site__time_zone"
    late, soon, now = Counter(), 0, timezone.now()
    for pk, site, zone, due, count in rows.values_list(*places, "due").annotate(count=Count("pk")):
        today = timezone.localdate(now, timezone=ZoneInfo(zone))
        if due < today:
            late[pk, site] += count
        elif due <= today + SOON:
            soon += count
    return {
        "late_of_all": late.total(),
        "soon_of_all": soon,
        "late_plans": [(*place, count) for place, count in late.most_common(MOST_IN_BAND)],
    }
