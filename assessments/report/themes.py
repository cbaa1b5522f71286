"""What runs through the answers: up to three strengths to keep, and the causes behind most of the gaps.

Pure functions of a document. A strength or a cause is named only where the answers carry it; with little answered there is
nothing to say, and the section is left out.
"""

from dataclasses import dataclass
from math import fsum

from django.utils.text import capfirst, get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from assessments.models import Action
from assessments.report import findings, verdicts
from assessments.report.findings import Pattern, keys_of
from assessments.report.words import counted, in_sentence
from assessments.rules import consistency
from assessments.rules.results import SUSTAINED
from assessments.rules.scoring import TOP_LEVEL, whole_percent
from standards.models import Requirement

STRENGTHS, CAUSES = 3, 5
FEWEST = 2  # strengths and causes together; one finding is no theme
ITEMS = 6  # rows of the table of lost points
UNPROVEN_SHARE = 40  # percent of the levels 2 and 3 without evidence from which it is worth a theme
BEHIND = 15  # points by which automated channels stand below the rest
NAMED = 4  # metrics or codes in a sentence


def title(document):
    """What section "Key themes" found; empty where too little is answered or nothing stands out."""
    kept, behind = strengths(document), causes(document)
    if len(kept) + len(behind) < FEWEST:
        return ""
    explained = frozenset().union(*(cause.keys for cause in behind))
    gaps = sum(part.answer.key in explained for part in document.gaps)
    said = {
        "kept": counted(len(kept)),
        "causes": counted(len(behind)),
        "all": len(document.gaps),
        "gaps": gaps,
    }
    told = []
    if kept:
        told.append(ngettext("%(kept)s strength to keep", "%(kept)s strengths to keep", len(kept)))
    if behind and gaps:
        told.append(
            ngettext(
                "%(causes)s cause stands behind %(gaps)s of %(all)s gaps",
                "%(causes)s causes stand behind %(gaps)s of %(all)s gaps",
                len(behind),
            )
        )
    elif behind:
        told.append(ngettext("%(causes)s thing to settle", "%(causes)s things to settle", len(behind)))
    return capfirst("; ".join(told) % said)


def causes(document):
    """Up to five `Pattern`s, those that weigh most in lost points first."""
    if verdicts.early(document.figure):
        return []
    told = (_unproven, _ageing, _not_held, _unmeasured, _automated, _unowned)
    found = [*findings.patterns(document, most=CAUSES), *(tell(document) for tell in told)]
    lost = {part.answer.key: part.gap.lost for part in document.gaps}

    def weight(pattern):
        return -fsum(lost.get(key, 0) for key in sorted(pattern.keys))

    return sorted(filter(None, found), key=weight)[:CAUSES]


def strengths(document):
    """Up to three `Pattern`s: results that hold, items in place, evidence at hand."""
    if verdicts.early(document.figure):
        return []
    items = _items_in_place(document)
    first = [
        _kind_that_holds(document) or _metrics_that_hold(document),
        *items[:1],
        _evidence_at_hand(document),
    ]
    return [found for found in (*first, *items[1:]) if found][:STRENGTHS]


def _kind_that_holds(document):
    held = [kind for kind in document.kinds if kind.shares.sustained >= 2]
    if not held:
        return None
    best = max(held, key=lambda kind: (kind.shares.sustained / kind.shares.all, kind.shares.all))
    if 2 * best.shares.sustained < best.shares.all:
        return None
    names = [m.name for m in document.metrics if m.kind_name == best.name and m.level == SUSTAINED]
    return Pattern(
        _("%(kind)s holds, month after month") % {"kind": best.name},
        _("%(count)s of %(all)s metrics sustained: %(names)s.")
        % {
            "count": capfirst(counted(best.shares.sustained)),
            "all": counted(best.shares.all),
            "names": get_text_list(names[:NAMED], _("and")),
        },
        _("Results are what an audit judges. Leave alone what feeds these while the rest changes."),
    )


def _metrics_that_hold(document):
    names = [metric.name for metric in document.metrics if metric.level == SUSTAINED]
    if not names:
        return None
    return Pattern(
        ngettext(
            "One result holds, month after month", "%(count)s results hold, month after month", len(names)
        )
        % {"count": capfirst(counted(len(names)))},
        ngettext("%(names)s, of %(all)s metrics.", "%(names)s are sustained, of %(all)s metrics.", len(names))
        % {"names": get_text_list(names[:NAMED], _("and")), "all": counted(len(document.metrics))},
        _("Results are what an audit judges. Leave alone what feeds these while the rest changes."),
    )


def _items_in_place(document):
    """Items at or above the target of their domain with no level below 2, the heaviest first."""
    found = []
    for domain in document.domains:
        for item in domain.items:
            levels = [answer.level for answer in item.answers if answer.level is not None]
            complete = levels and not item.figure.not_shown
            if complete and item.figure.percent >= domain.target and min(levels) > 1:
                found.append((item.points, item, levels.count(TOP_LEVEL), len(levels)))
    found.sort(key=lambda entry: -entry[0])
    return [_in_place(item, top, of) for _points, item, top, of in found[:STRENGTHS]]


def _in_place(item, top, of):
    weighty = max(item.answers, key=lambda answer: (answer.level or 0, answer.critical, answer.weight))
    return Pattern(
        _("%(item)s is in place") % {"item": item.title},
        ngettext(
            "Score %(score)s%%; the one requirement is at level 3.",
            "Score %(score)s%%; %(top)s of %(of)s requirements at level 3, none below 2.",
            of,
        )
        % {"score": item.figure.percent, "top": counted(top), "of": counted(of)},
        weighty.why,
        item.code,
    )


def _evidence_at_hand(document):
    shown = _practice_shown(document)
    held = [answer for answer in shown if any(each.state != consistency.TOO_OLD for each in answer.held)]
    share = 100 * len(held) // len(shown) if shown else 0
    if len(held) < 5 or share <= 100 - UNPROVEN_SHARE:
        return None
    return Pattern(
        _("What is claimed can be shown"),
        _("%(held)s of %(all)s answers at level 2 or 3 have evidence beside them that is not too old.")
        % {"held": len(held), "all": len(shown)},
        _("An audit is a search for evidence; most of that search is done."),
    )


def _practice_shown(document):
    """Ways of working answered with level 2 or 3: what an auditor will ask to see."""
    return [
        a for a in document.answers if a.kind != Requirement.RESULT and a.level is not None and a.level > 1
    ]


def _unproven(document):
    shown = _practice_shown(document)
    bare = [answer for answer in shown if not answer.held]
    if len(bare) < 5 or 100 * len(bare) < UNPROVEN_SHARE * len(shown):
        return None
    return Pattern(
        _("Much is claimed that nothing shows yet"),
        _("%(bare)s of %(all)s answers at level 2 or 3 have no evidence beside them.")
        % {"bare": len(bare), "all": len(shown)},
        _("What cannot be shown counts as not done. Collect it before somebody asks.")
        if document.leads_to_audit
        else _("What cannot be shown is a memory. Write down where it lies."),
        keys=keys_of(bare),
    )


def _ageing(document):
    states = (consistency.TOO_OLD, consistency.TOO_OLD_BY_AUDIT)
    ageing = [a for a in document.answers if a.held and all(each.state in states for each in a.held)]
    if len(ageing) < 3:
        return None
    return Pattern(
        _("Evidence ages faster than it is renewed"),
        _("For %(count)s answers everything held is too old, or will be by the audit.")
        % {"count": counted(len(ageing))},
        _("Each needs a newer month. The last part on evidence lists them with their dates."),
        keys=keys_of(ageing),
    )


def _not_held(document):
    metrics = [m for m in document.metrics if m.level != SUSTAINED and m.months and m.months[-1].met]
    if len(metrics) < 2:
        return None
    codes = {code for metric in metrics for code in metric.shows}
    return Pattern(
        _("Targets are reached, then lost"),
        _("%(count)s metrics met their target last month and are not sustained: %(names)s.")
        % {
            "count": capfirst(counted(len(metrics))),
            "names": get_text_list([metric.name for metric in metrics[:NAMED]], _("and")),
        },
        _("Only sustained results count. Each month missed puts the date off by a month."),
        keys=keys_of([answer for answer in document.answers if answer.code in codes]),
    )


def _unmeasured(document):
    absent = [a for a in document.answers if a.kind == Requirement.RESULT and a.level == 0]
    if len(absent) < 3:
        return None
    return Pattern(
        _("Some results are not measured at all"),
        _("%(count)s results requirements have no figures: %(codes)s.")
        % {
            "count": capfirst(counted(len(absent))),
            "codes": get_text_list([answer.code for answer in absent[:NAMED]], _("and")),
        },
        _(
            "Every month without a figure is a month later that it can be sustained. Start the counting first."
        ),
        keys=keys_of(absent),
    )


def _automated(document):
    sides = [
        [a.level for a in document.answers if a.level is not None and a.automated_only is only]
        for only in (True, False)
    ]
    if min(map(len, sides)) < 3:
        return None
    machines, people = (100 * sum(levels) // (TOP_LEVEL * len(levels)) for levels in sides)
    if people - machines < BEHIND:
        return None
    return Pattern(
        _("Automated channels run outside the rules that people follow"),
        _("Requirements on automated channels stand at %(machines)s%%, all others at %(people)s%%.")
        % {"machines": machines, "people": people},
        _("What is measured and reviewed for people has to be so for machines: name one owner for them."),
        keys=keys_of([answer for answer in document.answers if answer.automated_only]),
    )


def _unowned(document):
    owned = {
        key
        for action in document.actions
        if action.owner and action.status != Action.Status.DROPPED
        for key in action.keys
    }
    unowned = [part.answer for part in document.blockers if part.answer.key not in owned]
    if not document.actions or not unowned:
        return None
    return Pattern(
        _("What weighs most has no owner"),
        ngettext(
            "%(codes)s is in nobody's plan.",
            "%(count)s of the first to close are in nobody's plan: %(codes)s.",
            len(unowned),
        )
        % {
            "count": capfirst(counted(len(unowned))),
            "codes": get_text_list([answer.code for answer in unowned[:NAMED]], _("and")),
        },
        _("A plan that leaves these out does not change the verdict."),
        keys=keys_of(unowned),
    )


@dataclass(frozen=True, slots=True)
class Loss:
    """An item and what its gaps lose together, in points and as a share of all lost points in percent."""

    code: str
    title: str
    gaps: int
    lost: float
    share: int


def losses(document):
    """The items that lose most, the heaviest first."""
    items = {}
    for part in document.gaps:
        items.setdefault(part.answer.item_code, []).append(part)
    total = fsum(part.gap.lost for part in document.gaps)
    rows = [
        Loss(code, parts[0].answer.item_title, len(parts), lost, whole_percent(100 * lost / total))
        for code, parts in items.items()
        if (lost := fsum(part.gap.lost for part in parts))
    ]
    return sorted(rows, key=lambda row: -row.lost)[:ITEMS]


def nearest(document):
    """Where nothing can be named a strength: the item nearest to its target, in a sentence; empty where none is scored."""
    distances = [
        (domain.target - item.figure.percent, -item.points, item)
        for domain in document.domains
        for item in domain.items
        if item.figure.score is not None
    ]
    if not distances:
        return ""
    item = min(distances, key=lambda entry: entry[:2])[-1]
    return _("No item and no kind of result is in place yet. %(item)s is nearest, at %(score)s%%.") % {
        "item": capfirst(in_sentence(item.title)) if item.title[:1].islower() else item.title,
        "score": item.figure.percent,
    }
