"""A comparison in sentences: the score first, then gaps, blockers, verdict, results, and what was edited meanwhile. Pure."""

from django.utils.text import capfirst, get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from assessments.report import blockers, verdicts
from assessments.report import compare as kinds
from assessments.report.words import counted
from assessments.rules.scoring import whole_percent


def sentences(found, *, leads_to_audit):
    """What there is to say about a `compare.Comparison`, the most important first; one sentence where nothing changed."""
    if found.before == found.after:
        return [_("Nothing has changed.")]
    told = [
        score(found),
        _verdict(found),
        _gaps(found),
        _blockers(found, leads_to_audit),
        _levels(found),
        _results(found),
        _releases(found),
        _edits(found),
    ]
    return [sentence for sentence in told if sentence]


def score(found):
    """Score and ceiling on both sides."""
    before, after = found.before.standing, found.after.standing
    words = {
        "before": percent(before.score),
        "after": percent(after.score),
        "low": percent(before.ceiling),
        "high": percent(after.ceiling),
    }
    if (words["before"], words["low"]) == (words["after"], words["high"]):
        return _("The score is the same, %(after)s, and so is the ceiling, %(high)s.") % words
    if words["before"] == words["after"]:
        return _("The score is the same, %(after)s; the ceiling went from %(low)s to %(high)s.") % words
    if words["low"] == words["high"]:
        return _("Score from %(before)s to %(after)s; the ceiling is the same, %(high)s.") % words
    return _("Score from %(before)s to %(after)s, ceiling from %(low)s to %(high)s.") % words


def percent(value):
    """As every screen prints it; a dash where nothing applied."""
    return "–" if value is None else f"{whole_percent(value)}%"


def _releases(found):
    before, after = found.before.standing, found.after.standing
    if before.release == after.release:
        return ""
    return ngettext(
        "Release %(old)s before, %(new)s after: %(count)s requirement is asked by both and compared.",
        "Release %(old)s before, %(new)s after: %(count)s requirements are asked by both and compared.",
        found.in_common,
    ) % {"old": before.release, "new": after.release, "count": found.in_common}


def _verdict(found):
    before, after = found.before.standing.stage, found.after.standing.stage
    if before == after or None in (before, after):
        return ""
    return _("The stage went from “%(before)s” to “%(after)s”.") % {
        "before": verdicts.stage_name(before),
        "after": verdicts.stage_name(after),
    }


def _gaps(found):
    fates = {
        kinds.CLOSED: lambda count: (
            ngettext("%(count)s gap closed", "%(count)s gaps closed", count) if count else _("no gap closed")
        ),
        kinds.OPENED: lambda count: ngettext("%(count)s opened", "%(count)s opened", count),
        kinds.FOUND: lambda count: ngettext("%(count)s was found", "%(count)s were found", count),
        kinds.GONE: lambda count: ngettext("%(count)s left the list", "%(count)s left the list", count),
    }
    counts = {fate: len(found.of_fate(fate)) for fate in fates}
    if not any(counts.values()):
        return ""
    counts = {fate: count for fate, count in counts.items() if count or fate == kinds.CLOSED}
    return in_one([fates[fate](count) % {"count": counted(count)} for fate, count in counts.items()])


def _blockers(found, leads_to_audit):
    new, lifted = len(found.new_blockers), len(found.lifted_blockers)
    told = []
    if new:
        text = ngettext("%(blockers)s is new", "%(blockers)s are new", new)
        told.append(text % {"blockers": blockers.number(new, leads_to_audit)})
    if lifted:
        text = ngettext("%(blockers)s is gone", "%(blockers)s are gone", lifted)
        told.append(text % {"blockers": blockers.number(lifted, leads_to_audit)})
    return in_one(told)


def _levels(found):
    said = {
        kinds.UP: lambda count: ngettext("%(count)s level went up", "%(count)s levels went up", count),
        kinds.DOWN: lambda count: ngettext("%(count)s went down", "%(count)s went down", count),
        kinds.ANSWERED: lambda count: ngettext(
            "%(count)s requirement was answered", "%(count)s requirements were answered", count
        ),
        kinds.WITHDRAWN: lambda count: ngettext(
            "%(count)s answer was taken back", "%(count)s answers were taken back", count
        ),
        kinds.LEFT_OUT: lambda count: ngettext(
            "%(count)s became not applicable", "%(count)s became not applicable", count
        ),
        kinds.TAKEN_IN: lambda count: ngettext(
            "%(count)s became applicable", "%(count)s became applicable", count
        ),
    }
    counts = {kind: len(found.of_kind(kind)) for kind in said}
    return in_one([said[kind](count) % {"count": counted(count)} for kind, count in counts.items() if count])


def _results(found):
    before, after = found.before.standing, found.after.standing
    old, new = ((side.results, side.reached, side.sustained) for side in (before, after))
    if old == new or not (before.results or after.results):
        return ""
    return _(
        "Results at target or improving: %(reached_before)s of %(all_before)s before, %(reached)s of %(all)s now; "
        "sustained: %(held_before)s before, %(held)s now."
    ) % {
        "reached_before": before.reached,
        "all_before": before.results,
        "held_before": before.sustained,
        "reached": after.reached,
        "all": after.results,
        "held": after.sustained,
    }


def _edits(found):
    said = {
        kinds.WORDS: lambda count: ngettext(
            "the wording of %(count)s requirement", "the wording of %(count)s requirements", count
        ),
        kinds.WEIGHT: lambda count: ngettext(
            "the weight of %(count)s requirement", "the weight of %(count)s requirements", count
        ),
        kinds.TARGET: lambda count: ngettext(
            "the target of %(count)s requirement", "the target of %(count)s requirements", count
        ),
    }
    counts = {what: len(found.edited(what)) for what in said}
    told = [said[what](count) % {"count": counted(count)} for what, count in counts.items() if count]
    if found.thresholds_edited:
        told.append(_("the constants of priorities or verdict"))
    if not told:
        return ""
    return _("Edited in the standard meanwhile: %(what)s.") % {"what": get_text_list(told, _("and"))}


def in_one(clauses):
    """The clauses as one sentence; empty without any."""
    return f"{capfirst(get_text_list(clauses, _('and')))}." if clauses else ""
