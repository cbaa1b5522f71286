"""What a document asks for: three things of the sponsor, and what to do now, soon and later. Pure functions."""

from dataclasses import dataclass
from math import fsum

from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from assessments.report import blockers, verdicts
from assessments.report.paper import FIRST, codes, first_gaps, heaviest, rounded, worth
from assessments.report.words import counted
from assessments.rules import verdict as stages
from assessments.rules.scoring import OPEN, UNKNOWN

NAMED = 3  # codes in a sentence


@dataclass(frozen=True, slots=True)
class Ask:
    title: str
    text: str


def asks(document):
    """Up to three things only a sponsor can give, the weightiest first; each from the answers alone."""
    told = (_ask_answers, _ask_blockers, _ask_fundamentals, _ask_doubts, _ask_results, _ask_small, _ask_check)
    return [ask for ask in (tell(document) for tell in told) if ask][:3]


def _ask_answers(document):
    figure = document.figure
    if figure.score is None or not verdicts.early(figure):
        return None
    return Ask(
        _("Have the rest answered"),
        ngettext(
            "%(open)s requirement is open. Name who answers it, and a date.",
            "%(open)s of %(asked)s requirements are open. Name who answers each domain, and a date.",
            figure.open,
        )
        % {"open": figure.open, "asked": figure.asked},
    )


def _ask_blockers(document):
    answers = [part.answer for part in document.blockers]
    if not answers:
        return None
    words = {"codes": codes(answers[:NAMED])}
    if len(answers) == 1:
        text = _("%(codes)s: name one owner and a date.")
        stops = _("It stops an audit.")
    else:
        text = _("%(codes)s first. Name one owner and a date for each.")
        stops = _("Every single one stops an audit.")
    if document.leads_to_audit:
        text += " " + stops
    if len(answers) == 1:
        told = blockers.in_line(document.leads_to_audit)
    else:
        told = blockers.number(len(answers), document.leads_to_audit)
    return Ask(_("Close the %(blockers)s") % {"blockers": told}, text % words)


def _ask_fundamentals(document):
    answers = [part.answer for part in document.gaps if part.answer.fundamental]
    if not answers:
        return None
    words = {"count": counted(len(answers)), "codes": codes(answers[:NAMED])}
    text = ngettext(
        "%(codes)s is a gap in forecasting, quality monitoring or coaching.",
        "%(codes)s lead %(count)s gaps in forecasting, quality monitoring and coaching.",
        len(answers),
    )
    if document.leads_to_audit:
        text += " " + ngettext(
            "Certification will not close it.", "Certification will not close them.", len(answers)
        )
    return Ask(_("Put an owner on the fundamentals"), text % words)


def _ask_doubts(document):
    answers = heaviest(document, UNKNOWN, OPEN)
    if not answers or verdicts.early(document.figure):
        return None
    points = worth(document)
    words = {
        "count": counted(len(answers)),
        "codes": codes(answers[:NAMED]),
        "held": rounded(fsum(points[answer.key] for answer in answers)),
    }
    if len(answers) == 1:
        return Ask(_("Settle the open question"), _("%(codes)s holds up to %(held)s points.") % words)
    text = _("They hold up to %(held)s points and cost a question each. Start with %(codes)s.")
    return Ask(_("Settle %(count)s open questions") % words, text % words)


def _ask_results(document):
    missing = [
        c for c in document.verdict.conditions.get(stages.AUDIT, ()) if c.name == "results" and not c.met
    ]
    if not missing or verdicts.early(document.figure):
        return None
    if not document.results:
        return Ask(
            _("Bring results into the assessment"),
            _(
                "No results requirement applies here. The audit judges results: at least one must be answered."
            ),
        )
    needed = verdicts.results_needed(missing[0].needed, document.results)
    text = _(
        "%(sustained)s of %(results)s results are at target and sustained; the audit needs %(needed)s. "
        "Only months of readings show it."
    )
    words = {"sustained": document.sustained, "results": document.results, "needed": needed}
    return Ask(_("Follow the results monthly"), text % words)


def _ask_small(document):
    small = [part for part in document.gaps if part.gap.effort_size == "S" and not part.gap.blocker]
    if not small:
        return None
    chosen = small[:NAMED]
    words = {
        "codes": codes([part.answer for part in chosen]),
        "lost": rounded(fsum(part.gap.lost for part in chosen)),
    }
    text = ngettext(
        "%(codes)s takes under 5 person-days and returns %(lost)s points.",
        "%(codes)s take under 5 person-days each and return %(lost)s points together.",
        len(chosen),
    )
    return Ask(_("Release a few days now"), text % words)


def _ask_check(document):
    if verdicts.early(document.figure):
        return None
    return Ask(
        _("Have it checked"),
        _("Let somebody who answered nothing draw ten requirements and ask to see the evidence."),
    )


@dataclass(frozen=True, slots=True)
class Advice:
    """A row beside the scatter: what to do, with which gaps, why."""

    name: str
    hint: str
    text: str


def advice(document):
    """What the scatter comes to: now, soon, later, and what to ask first."""
    told = (_do_now, _start_now, _later, _ask_first)
    return [row for row in (tell(document) for tell in told) if row]


def _do_now(document):
    small = [part for part in document.gaps if part.gap.effort_size == "S"][:NAMED]
    if not small:
        return None
    words = {
        "codes": codes([part.answer for part in small]),
        "lost": rounded(fsum(part.gap.lost for part in small)),
    }
    text = ngettext(
        "%(codes)s returns %(lost)s points for under 5 person-days.",
        "%(codes)s return %(lost)s points together, for under 5 person-days each.",
        len(small),
    )
    return Advice(_("Do now"), _("small effort, large return"), text % words)


def _start_now(document):
    large = [part for part in first_gaps(document) if part.gap.effort_size != "S"]
    if not large:
        return None
    heavy = max(large, key=lambda part: part.gap.lost * part.gap.urgency)
    words = {"codes": codes([part.answer for part in large]), "heavy": heavy.answer.code}
    if len(large) == 1:
        text = _("%(codes)s takes weeks of work, and then months to show that it holds.")
    else:
        text = _(
            "%(codes)s take weeks of work, and then months to show that they hold. %(heavy)s first: it weighs most."
        )
    return Advice(_("Start now, finish later"), _("the long lead times"), text % words)


def _later(document):
    late = [part for part in document.gaps[FIRST:] if part.gap.effort_size == "L" and not part.gap.blocker]
    if not late:
        return None
    words = {"count": capfirst(counted(len(late))), "codes": codes([part.answer for part in late[:NAMED]])}
    text = ngettext(
        "%(codes)s is large and not urgent: plan it once the first gaps are closed.",
        "%(count)s more gaps are large and not urgent, %(codes)s first among them: plan them once the first are closed.",
        len(late),
    )
    return Advice(_("Plan for later"), _("large effort, slow return"), text % words)


def _ask_first(document):
    answers = heaviest(document, UNKNOWN)[:NAMED]
    if not answers:
        return None
    count = len(document.unknowns)
    text = ngettext(
        "%(codes)s is not ranked, because nobody knows how it stands. It costs a question, not a project.",
        "%(count)s requirements are not ranked, because nobody knows how they stand. The ones that weigh most: "
        "%(codes)s. They cost a question, not a project.",
        count,
    )
    return Advice(
        _("Ask first"),
        _("not known"),
        text % {"codes": codes(answers), "count": capfirst(counted(count))},
    )
