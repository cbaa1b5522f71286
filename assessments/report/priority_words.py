"""Why a gap ranks where it does, in words: the arithmetic of its priority as one would say it aloud. Pure functions."""

from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from assessments.report import sentences
from assessments.report.words import counted, decimal, factor
from assessments.rules.priorities import FUNDAMENTAL, NORMAL
from assessments.rules.scoring import TOP_LEVEL


def why(document, part):
    """What makes the rank of a gap: what it loses, what makes it urgent, what it takes."""
    return " ".join((_lost(part), _urgency(document, part.gap), _effort(part.gap), _rank(document, part.gap)))


def _lost(part):
    gap, weight = part.gap, part.answer.weight
    total = round(weight / gap.share)
    told = [
        ngettext("%(item)s is worth %(points)s point;", "%(item)s is worth %(points)s points;", gap.points),
        _("this requirement carries all of them")
        if weight == total
        else _("this requirement carries %(weight)s of %(total)s parts of them"),
        _("and lacks %(missing)s of %(levels)s levels, so it loses %(lost)s."),
    ]
    return " ".join(told) % {
        "item": part.answer.item_code,
        "points": gap.points,
        "weight": weight,
        "total": total,
        "missing": gap.target - gap.level,
        "levels": TOP_LEVEL,
        "lost": decimal(gap.lost),
    }


def _urgency(document, gap):
    if gap.urgency_kind == NORMAL:
        return _("Nothing makes it more urgent than others.")
    if gap.urgency_kind == FUNDAMENTAL:
        told = _("A fundamental counts %(times)s times.")
    else:
        told = (
            _("A blocker counts %(times)s times.")
            if document.leads_to_audit
            else _("An urgent gap counts %(times)s times.")
        )
    return told % {"times": factor(gap.urgency)}


def _effort(gap):
    words = {"size": sentences.effort_name(gap.effort_size), "by": factor(gap.effort)}
    if gap.effort == 1:
        return _("The effort is %(size)s, which divides by nothing.") % words
    return _("The effort is %(size)s, which divides by %(by)s.") % words


def _rank(document, gap):
    words = {"rank": gap.rank, "all": len(document.gaps), "priority": decimal(gap.priority)}
    if len(document.gaps) == 1:
        return _("That makes a priority of %(priority)s, the only one.") % words
    return _("That makes a priority of %(priority)s, number %(rank)s of %(all)s.") % words


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
