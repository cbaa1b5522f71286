"""Why a gap ranks where it does, in words: the arithmetic of its priority as one would say it aloud. Pure functions."""

from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from assessments.report import sentences
from assessments.report.words import counted, factor
from assessments.rules.priorities import FUNDAMENTAL, NORMAL
from assessments.rules.scoring import TOP_LEVEL


def why(document, part):
    """What makes the rank of a gap: what it loses, what makes it urgent, what it takes. What comes of it stands in its row.

    The figures that differ from gap to gap stand together, so that a page of a hundred gaps packs well.
    """
    gap, weight = part.gap, part.answer.weight
    total = round(weight / gap.share)
    sum_ = f"{gap.points} × {weight}/{total} × {gap.target - gap.level}/{TOP_LEVEL}"
    words = _("%(sum)s: points of the item, share of this requirement, missing of %(levels)s levels.") % {
        "sum": sum_,
        "levels": counted(TOP_LEVEL),
    }
    return " ".join((words, _urgency(document, gap), _effort(gap)))


def _urgency(document, gap):
    if gap.urgency_kind == NORMAL:
        return _("No more urgent than others.")
    if gap.urgency_kind == FUNDAMENTAL:
        told = _("Times %(times)s: a fundamental.")
    else:
        told = (
            _("Times %(times)s: a blocker.")
            if document.leads_to_audit
            else _("Times %(times)s: an urgent gap.")
        )
    return told % {"times": factor(gap.urgency)}


def _effort(gap):
    return _("Divided by %(by)s: %(size)s effort.") % {
        "by": factor(gap.effort),
        "size": sentences.effort_name(gap.effort_size),
    }


def fundamentals_title(parts):
    """Heads the gaps of forecasting, quality monitoring and coaching."""
    if not parts:
        return _("No gap in the fundamentals")
    return ngettext("Fundamentals first: %(count)s gap", "Fundamentals first: %(count)s gaps", len(parts)) % {
        "count": counted(len(parts))
    }


def why_fundamentals(document):
    """Why they are listed first, in one sentence."""
    if not document.leads_to_audit:
        return _(
            "Forecasting, quality monitoring and coaching come first, because all else is built on them."
        )
    return _(
        "Forecasting, quality monitoring and coaching come first, because certification measures them at length and will "
        "not fix them."
    )


def others_title(parts):
    """Heads the gaps that are in no fundamental."""
    if not parts:
        return _("No other gap")
    told = ngettext("%(count)s other gap, by rank", "%(count)s other gaps, by rank", len(parts))
    return capfirst(told % {"count": counted(len(parts))})
