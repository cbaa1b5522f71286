"""The action plan of a document: its steps with the gaps they close as these stand now, and the finding in a sentence.

Pure functions of a document; no database and no clock.
"""

from dataclasses import dataclass

from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from assessments.models import Action
from assessments.report import blockers
from assessments.report.parts import ActionPart, AnswerPart
from assessments.report.words import counted

Status = Action.Status


@dataclass(frozen=True, slots=True)
class Closing:
    """A gap that a step closes: its answer now, whether it still is one, and the code of its domain."""

    answer: AnswerPart
    open: bool
    domain: str

    @property
    def by_metrics(self):
        """Do its metrics decide the level, so that nobody answers it?"""
        return self.answer.shown is not None and not self.answer.overruled_because


@dataclass(frozen=True, slots=True)
class PlanRow:
    part: ActionPart
    closes: tuple[Closing, ...]
    overdue_days: int

    @property
    def status(self):
        return Status(self.part.status)

    @property
    def is_over(self):
        return self.part.status in Action.OVER

    @property
    def still_open(self):
        """The gaps that are open although the step is done."""
        return [each for each in self.closes if each.open] if self.part.status == Status.DONE else []

    @property
    def overdue(self):
        if not self.part.overdue:
            return ""
        return ngettext("%d day overdue", "%d days overdue", self.overdue_days) % self.overdue_days


def rows(document):
    """A `PlanRow` for each step, in the order of the document."""
    domains = {item.code: domain.code for domain in document.domains for item in domain.items}
    answers = {answer.key: answer for answer in document.answers}
    gaps = _gap_keys(document)

    def closing(key):
        return Closing(answers[key], key in gaps, domains[answers[key].item_code])

    return [
        PlanRow(
            part=part,
            closes=tuple(closing(key) for key in part.keys),
            overdue_days=(document.as_of - part.due).days if part.overdue else 0,
        )
        for part in document.actions
    ]


def columns(found):
    """(status, its rows) of the board; what was dropped has a column only where something was."""
    by_status = [(status, [row for row in found if row.status == status]) for status in Status]
    return [(status, of) for status, of in by_status if of or status != Status.DROPPED]


def planned(document, key):
    """(step, the name of its status) for the gap of the requirement `key`."""
    return [(part, Status(part.status).label) for part in document.actions_for(key)]


def _gap_keys(document):
    return {part.answer.key for part in document.gaps}


def finding(document):
    """What the plan comes to: 'Seven actions close 9 of 67 gaps; two are overdue, four blockers have none yet.'"""
    gaps, ahead = _gap_keys(document), [part for part in document.actions if part.status not in Action.OVER]
    if not gaps:
        return _("No answer is below its target, so there is no gap to plan for.")
    if not ahead:
        said = ngettext(
            "No action is under way for the one gap", "No action is under way for any of the %(gaps)s gaps", len(gaps)
        )  # fmt: skip
        return said % {"gaps": len(gaps)} + "."
    covered = gaps.intersection(key for part in ahead for key in part.keys)
    head = ngettext(
        "%(actions)s action closes %(covered)s of %(gaps)s gaps",
        "%(actions)s actions close %(covered)s of %(gaps)s gaps",
        len(ahead),
    )
    head %= {"actions": capfirst(counted(len(ahead))), "covered": len(covered), "gaps": len(gaps)}
    tail = [*_overdue(ahead), *_blockers_without(document, covered)]
    return (f"{head}; {', '.join(tail)}" if tail else head) + "."


def _overdue(ahead):
    late = sum(part.overdue for part in ahead)
    if late:
        yield ngettext("%s is overdue", "%s are overdue", late) % counted(late)


def _blockers_without(document, covered):
    bare = sum(part.answer.key not in covered for part in document.blockers)
    if bare:
        said = ngettext("%s has none yet", "%s have none yet", bare)
        yield said % blockers.number(bare, document.leads_to_audit)


def to_answer_again(found):
    """A sentence on steps that are done while their gap is open; empty where there are none."""
    waiting = sum(bool(row.still_open) for row in found)
    if not waiting:
        return ""
    said = ngettext(
        "%s action is done, and its gap is still open. Answer it again.",
        "%s actions are done, and their gaps are still open. Answer them again.",
        waiting,
    )
    return capfirst(said % counted(waiting))
