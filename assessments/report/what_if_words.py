"""What closing gaps would change, in sentences and rows that set today beside it. Pure functions of an `Outcome`."""

from dataclasses import dataclass

from django.utils.text import capfirst, get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from assessments.report import blockers, sentences, verdicts
from assessments.report.words import counted, in_sentence
from assessments.rules import verdict as stages

MOST_IGNORED, LONGEST_IGNORED = 5, 24  # of what an address holds, repeated in a sentence: names, characters


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the comparison, as printed; `needed` is what the furthest stage takes, empty where it asks nothing."""

    name: str
    today: str
    then: str
    needed: str
    met: bool

    @property
    def changes(self):
        return self.today != self.then


def summary(outcome):
    """What changes, in one sentence; without anything closed, what to do."""
    if not outcome.closed:
        return _("Nothing is ticked, so this is today: the score is %(score)s%%.") % {
            "score": outcome.before.figure.percent
        }
    count = len(outcome.closed)
    closing = ngettext("Closing this one gap", "Closing these %(count)s gaps", count) % {
        "count": counted(count)
    }
    parts = [part for part in (_score(outcome), _blockers(outcome)) if part]
    told = f"{closing} {get_text_list(parts, _('and'))}"
    stage = _stage(outcome)
    return f"{told}; {stage}." if stage else f"{told}."


def _score(outcome):
    words = {"before": outcome.before.figure.percent, "after": outcome.after.figure.percent}
    if words["before"] == words["after"]:
        return _("leaves the score at %(after)s%%") % words
    return _("lifts the score from %(before)s%% to %(after)s%%") % words


def _blockers(outcome):
    before, after = len(outcome.before.blockers), len(outcome.after.blockers)
    if before == after:
        return ""
    all_of_them = blockers.number(before, outcome.before.leads_to_audit)
    if after:
        return _("leaves %(left)s of %(all)s open") % {"left": counted(after), "all": all_of_them}
    if before == 1:
        return _("clears the only %(blocker)s") % {"blocker": outcome.before.blocker_in_line}
    if before == 2:
        return _("clears both %(blockers)s") % {
            "blockers": in_sentence(blockers.names(outcome.before.leads_to_audit))
        }
    return _("clears all %(all)s") % {"all": all_of_them}


def _stage(outcome):
    before, after = outcome.before.verdict.stage, outcome.after.verdict.stage
    if after is None or verdicts.early(outcome.after.figure):
        return ""
    words = {"stage": verdicts.stage_name(after)}
    if before == after:
        return _("the verdict stays “%(stage)s”") % words
    return _("the verdict becomes “%(stage)s”") % words


def short(outcome):
    """The same in a line: 46% → 58%, five blockers → none."""
    before, after = outcome.before, outcome.after
    words = {
        "before": before.figure.percent,
        "after": after.figure.percent,
        "open": len(before.blockers),
        "left": len(after.blockers),
        "blockers": in_sentence(blockers.names(before.leads_to_audit)),
    }
    return _("Score %(before)s%% → %(after)s%%, %(blockers)s %(open)s → %(left)s") % words


def still_missing(outcome):
    """What the furthest stage would still take, in one sentence; empty for a self-check and where it is too early."""
    after = outcome.after
    if after.verdict.furthest is None or verdicts.early(after.figure):
        return ""
    audit = after.verdict.furthest == stages.AUDIT
    unmet = _unmet(after.verdict)
    if not unmet:
        if outcome.closed:
            return (
                _("Then nothing is missing for the audit.")
                if audit
                else _("Then nothing is missing for a baseline.")
            )
        return _("Nothing is missing for the audit.") if audit else _("Nothing is missing for a baseline.")
    when = _("then") if outcome.closed else _("today")
    told = dict.fromkeys(_missing(condition, after, when) for condition in unmet)  # no results is said once
    text = (
        _("Still missing for the audit: %(what)s.") if audit else _("Still missing for a baseline: %(what)s.")
    )
    return text % {"what": get_text_list(list(told), _("and"))}


def _unmet(verdict):
    """The unmet conditions of every stage, each in the form that the last stage asks it."""
    last = {c.name: c for conditions in verdict.conditions.values() for c in conditions if not c.met}
    return [last[name] for name in verdicts.CONDITIONS if name in last]


def _missing(condition, document, when):
    words = {"needed": condition.needed, "value": condition.today, "when": when, "all": document.results}
    if condition.name == "blockers":
        if not condition.needed:
            return _("no open blocker (%(when)s %(value)s)") % words
        return _("at most %(needed)s open blockers (%(when)s %(value)s)") % words
    if condition.today is None:
        if condition.name == "fundamentals":
            return _("fundamentals, of which none applies")
        return _("results, of which none applies")
    if condition.name == "score":
        return _("a score of %(needed)s%% (%(when)s %(value)s%%)") % words
    if condition.name == "fundamentals":
        return _("fundamentals at %(needed)s%% (%(when)s %(value)s%%)") % words
    words["needed"] = verdicts.results_needed(condition.needed, document.results)
    if condition.name == "reached":
        words["value"] = document.reached
        return _("%(needed)s of %(all)s results at target or improving (%(when)s %(value)s)") % words
    words["value"] = document.sustained
    return _("%(needed)s of %(all)s results at target and sustained (%(when)s %(value)s)") % words


def rows(outcome):
    """Today beside what it would be: the verdict and every condition, or for a self-check its score and urgent gaps."""
    before, after = outcome.before, outcome.after
    of_stages = list(before.verdict.conditions)
    if not of_stages:
        counts = [str(len(document.blockers)) for document in (before, after)]
        name = blockers.names(before.leads_to_audit)
        return [_score_row(before, after), Row(name, *counts, "", False)]
    pairs = zip(
        verdicts.condition_rows(before, of_stages), verdicts.condition_rows(after, of_stages), strict=True
    )
    return [_row(today, then) for today, then in pairs]


def _score_row(before, after):
    needed = verdicts.score_needed(before)
    scores = [f"{document.figure.percent}%" for document in (before, after)]
    return Row(verdicts.condition_name("score"), *scores, f"{needed}%", after.figure.percent >= needed)


def _row(today, then):
    need = next(need for need in reversed(then.needs) if need.text)
    return Row(today.name, today.today, then.today, need.text, need.met)


def needed_title(outcome):
    """What the column of what is needed is called."""
    last = outcome.before.verdict.furthest
    return verdicts.column_name(last) if last else _("Target")


def stage_words(document):
    """The verdict in two or three words; what it says where it is too early, or of a self-check."""
    if document.verdict.stage is None or verdicts.early(document.figure):
        return document.headline
    return verdicts.stage_name(document.verdict.stage)


def change(before, after, distance=""):
    """From one figure to the other, as "35% → 48%", with how far the second is from its target where that is said."""
    if before.percent is None:
        return _("nothing applies")
    if before.percent == after.percent:
        told = _("stays at %(score)s%%") % {"score": after.percent}
    else:
        told = _("%(before)s%% → %(after)s%%") % {"before": before.percent, "after": after.percent}
    return f"{told}, {distance}" if distance else told


def domain_change(before, after):
    """35% → 48%, 12 points short"""
    distance = sentences.domain_distance(after) if after.figure.percent is not None else ""
    return change(before.figure, after.figure, distance)


def metrics_note(outcome):
    """How results that metrics show were counted; empty where none is among what is closed."""
    if not any(
        part.answer.shown is not None and not part.answer.overruled_because for part in outcome.closed
    ):
        return ""
    told = _(
        "Where metrics show the level, closing a gap means that each of its metrics gets there: level 3 counts them as "
        "sustained, as if enough months at target were in. That takes those months; no form can shorten them."
    )
    if outcome.lifted:
        told += " " + ngettext(
            "%(codes)s rises too, because the same metrics show it.",
            "%(codes)s rise too, because the same metrics show them.",
            len(outcome.lifted),
        ) % {"codes": get_text_list([part.code for part in outcome.lifted], _("and"))}
    return told


def ignored(selection):
    """That some words of the address say nothing here; empty where all do."""
    if not selection.ignored:
        return ""
    names = [f"“{_cut(name)}”" for name in selection.ignored]
    left = len(names) - MOST_IGNORED
    if left > 0:
        names = [*names[:MOST_IGNORED], ngettext("%(count)s more", "%(count)s more", left) % {"count": left}]
    return ngettext(
        "%(names)s names no gap and no open action of today, and was left out.",
        "%(names)s name no gap and no open action of today, and were left out.",
        len(selection.ignored),
    ) % {"names": capfirst(get_text_list(names, _("and")))}


def _cut(name):
    return name if len(name) <= LONGEST_IGNORED else name[: LONGEST_IGNORED - 1] + "…"
