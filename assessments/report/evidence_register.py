"""The evidence of an assessment as a register: what is held, what will be too old, and for which answers nothing is held.

Pure functions of a document.
"""

from dataclasses import dataclass

from django.utils.text import capfirst, get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from assessments.report.parts import AnswerPart, HeldPart
from assessments.report.words import counted
from assessments.rules import consistency
from standards.models import Requirement

HELD, PART, OLD, MISSING, NOTHING_ASKED = "A", "P", "O", "M", ""  # the letters of the heatmap


@dataclass(frozen=True, slots=True)
class Entry:
    answer: AnswerPart
    held: HeldPart


@dataclass(frozen=True, slots=True)
class Missing:
    """The answers of one item at level 2 or 3 beside which nothing is held."""

    item_code: str
    item_title: str
    codes: str


def entries(document):
    """Every piece of evidence, in the order of the standard."""
    return [Entry(answer, held) for answer in document.answers for held in answer.held]


def claims(answers):
    """The ways of working among `answers` that are said to be in use: what somebody will ask to see."""
    return [a for a in answers if a.kind != Requirement.RESULT and a.level is not None and a.level > 1]


def missing(document):
    """Items in which something is claimed and nothing held."""
    rows = []
    for item in document.items:
        codes = [answer.code for answer in claims(item.answers) if not answer.held]
        if codes:
            rows.append(Missing(item.code, item.title, ", ".join(codes)))
    return rows


def title(document):
    """What the register comes to; empty where nothing is held, which is said by the themes."""
    found = entries(document)
    if not found:
        return ""
    states = [entry.held.state for entry in found]
    old = states.count(consistency.TOO_OLD)
    ageing = states.count(consistency.TOO_OLD_BY_AUDIT)
    bare = sum(not answer.held for answer in claims(document.answers))
    told = [
        ngettext("%(held)s piece of evidence is held", "%(held)s pieces of evidence are held", len(found))
    ]
    lost = []
    if old:
        lost.append(ngettext("%(old)s is too old", "%(old)s are too old", old))
    if ageing:
        lost.append(ngettext("%(ageing)s will be by the audit", "%(ageing)s will be by the audit", ageing))
    if bare:
        lost.append(ngettext("%(bare)s claim has none", "%(bare)s claims have none", bare))
    if lost:
        told.append(get_text_list(lost, _("and")))
    said = {
        "held": counted(len(found)),
        "old": counted(old),
        "ageing": counted(ageing),
        "bare": counted(bare),
    }
    return capfirst("; ".join(told) % said)


def letter(item):
    """How ready the evidence of an item is: one of the letters of the heatmap, NOTHING_ASKED where nothing is claimed."""
    claimed = claims(item.answers)
    if not claimed:
        return NOTHING_ASKED
    fresh = [a for a in claimed if any(each.state not in _AGED for each in a.held)]
    if len(fresh) == len(claimed):
        return HELD
    aged = [a for a in claimed if a.held and a not in fresh]
    if len(fresh) + len(aged) < len(claimed) / 2:
        return MISSING
    return OLD if len(aged) >= len(fresh) else PART


_AGED = (consistency.TOO_OLD, consistency.TOO_OLD_BY_AUDIT)
