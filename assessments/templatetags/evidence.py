"""How long a piece of evidence counts, in words."""

from django import template
from django.utils.dateformat import format as formatted
from django.utils.translation import gettext as _

from assessments.models import checks
from assessments.rules import consistency

register = template.Library()


@register.inclusion_tag("assessments/_evidence.html")
def evidence_line(each, assessment):
    """A name, the months it covers, and whether it will be too old on the day of the audit aimed at."""
    return {"each": each, "freshness": freshness(each, assessment)}


def freshness(each, assessment):
    state = each.state(checks.scope_of(assessment, assessment.site.today()))
    if state == consistency.FRESH:
        until = each.fresh_until(assessment.constants.evidence_months)
        return {"old": False, "words": _("fresh until %s") % formatted(until, "M Y")}
    words = {consistency.TOO_OLD: _("too old"), consistency.TOO_OLD_BY_AUDIT: _("too old by audit")}
    return {"old": bool(state), "words": words.get(state, "")}
