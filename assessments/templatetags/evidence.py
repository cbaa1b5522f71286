"""How long a piece of evidence counts, in words."""

from django import template
from django.utils.dateformat import format as formatted
from django.utils.translation import gettext as _

register = template.Library()


@register.inclusion_tag("assessments/_evidence.html")
def evidence_line(each, assessment):
    """A name, the months it covers, and whether it will be too old on the day of the audit aimed at."""
    return {"each": each, "freshness": freshness(each, assessment)}


def freshness(each, assessment):
    months = assessment.release.constants.evidence_months
    until = each.fresh_until(months)
    if until is None:
        return {"old": False, "words": ""}
    if each.too_old_on(assessment.audit_month, months):
        return {"old": True, "words": _("too old by audit")}
    return {"old": False, "words": _("fresh until %s") % formatted(until, "M Y")}
