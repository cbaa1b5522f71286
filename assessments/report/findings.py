"""What a document says beyond its figures: what is still missing, what its answers have in common, one sum in full.

Pure functions of a document; screen and paper print what they return.
"""

from collections import Counter
from dataclasses import dataclass
from math import fsum

from django.utils.text import capfirst, get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from assessments.report import blockers, sentences, verdicts, words
from assessments.report.words import counted
from assessments.rules.priorities import BLOCKER, FUNDAMENTAL, NORMAL
from assessments.rules.scoring import NOT_APPLICABLE, TOP_LEVEL, UNKNOWN, whole_percent
from standards.models import Requirement

PAPER_SHARE = 40  # percent of levels at 1 from which "designed, not in use" is worth saying
DISTANCE = 15  # points between ways of working and results that are no accident
SMALL_SHARE = 25  # percent of the lost points in small gaps from which they are worth a start
MOST_PATTERNS = 4


@dataclass(frozen=True, slots=True)
class Pattern:
    """A finding in a few words and in a sentence with its figures, what follows from it, and the item where it shows, if it
    is one. `keys` are the requirements it is about."""

    title: str
    finding: str
    meaning: str
    item_code: str = ""
    keys: frozenset = frozenset()


def patterns(document, most=MOST_PATTERNS):
    """What the answers have in common, the weightiest first; nothing where too little is answered to tell."""
    if verdicts.early(document.figure):
        return []
    told = (_blockers, _zeros, _untouched, _unknowns, _practice_and_results, _paper, _small_gaps)
    return [found for found in (tell(document) for tell in told) if found][:most]


def keys_of(answers, item_code=""):
    """The keys of `answers`, of those in one item where its code is given."""
    return frozenset(answer.key for answer in answers if not item_code or answer.item_code == item_code)


def _busiest_item(answers):
    code, count = Counter(answer.item_code for answer in answers).most_common(1)[0]
    return next(answer for answer in answers if answer.item_code == code), count


def _blockers(document):
    answers = [part.answer for part in document.blockers]
    if len(answers) < 2:
        return None
    where, count = _busiest_item(answers)
    if count < 2 or 2 * count < len(answers):
        return None
    told = {
        "count": capfirst(counted(count)),
        "all": blockers.number(len(answers), document.leads_to_audit),
        "item": where.item_title,
    }
    if count == len(answers):
        finding = _("All %(all)s are in one item, %(item)s.") % told
    else:
        finding = _("%(count)s of the %(all)s are in one item, %(item)s.") % told
    meaning = (
        _("Each alone stops an audit, so this is where to begin.")
        if document.leads_to_audit
        else _("This is where to begin.")
    )
    title = (
        _("The blockers have one address") if document.leads_to_audit else _("What is urgent has one address")
    )
    return Pattern(title, finding, meaning, where.item_code, keys_of(answers, where.item_code))


def _zeros(document):
    answers = [answer for answer in document.answers if answer.level == 0]
    if len(answers) < 3:
        return None
    words = {"all": counted(len(answers))}
    one_plan = _("They belong to one plan, not %(all)s.") % words
    where, count = _busiest_item(answers)
    title = _("%(item)s has not begun") % {"item": where.item_title}
    if count == len(answers):
        finding = _("All %(all)s answers at level 0 are in %(item)s.") % {**words, "item": where.item_title}
        return Pattern(title, finding, one_plan, where.item_code, keys_of(answers))
    if all(answer.automated_only for answer in answers):
        finding = _("All %(all)s answers at level 0 are about automated channels.") % words
        return Pattern(_("Automated channels have not begun"), finding, one_plan, keys=keys_of(answers))
    if count >= 3 and 2 * count >= len(answers):
        words |= {"count": capfirst(counted(count)), "item": where.item_title}
        finding = _("%(count)s of the %(all)s answers at level 0 are in %(item)s.") % words
        plan = _("One plan for that item answers them together.")
        return Pattern(title, finding, plan, where.item_code, keys_of(answers, where.item_code))
    return None


def _unknowns(document):
    if not document.unknowns:
        return None
    where, count = _busiest_item(document.unknowns)
    if count < 2:
        return None
    finding = _("%(count)s answers in %(item)s are not known.") % {
        "count": capfirst(counted(count)),
        "item": where.item_title,
    }
    title = _("Nobody knows %(item)s") % {"item": words.in_sentence(where.item_title)}
    meaning = _("Nobody can say how it stands there until somebody looks.")
    return Pattern(title, finding, meaning, where.item_code, keys_of(document.unknowns, where.item_code))


def _untouched(document):
    items = [item for item in document.items if item.figure.open == item.figure.applicable > 0]
    if not items:
        return None
    if len(items) == 1:
        finding = _("%(item)s is not answered at all.") % {"item": items[0].title}
        title = _("One item is still a blank page")
        return Pattern(title, finding, _("Its 0 is an open question, not a finding."), items[0].code)
    finding = _("%(count)s items are not answered at all: %(items)s.") % {
        "count": capfirst(counted(len(items))),
        "items": get_text_list([item.code for item in items], _("and")),
    }
    title = _("Some items are still blank pages")
    return Pattern(title, finding, _("Their 0 is an open question, not a finding."))


def _practice_and_results(document):
    sides = [
        [d for d in document.domains if d.results is results and d.figure.score is not None]
        for results in (False, True)
    ]
    if not all(sides) or any(verdicts.early(domain.figure) for side in sides for domain in side):
        return None
    practice, results = (whole_percent(_mean(side)) for side in sides)
    words = {"practice": practice, "results": results}
    if practice - results >= DISTANCE:
        finding = _("Ways of working stand at %(practice)s%%, results at %(results)s%%.") % words
        return Pattern(
            _("The methods run ahead of the results"),
            finding,
            _("What was built does not show in the figures yet: check that it is followed."),
            keys=frozenset(
                part.answer.key for part in document.gaps if part.answer.kind == Requirement.RESULT
            ),
        )
    if results - practice >= DISTANCE:
        finding = _("Results stand at %(results)s%%, ways of working at %(practice)s%%.") % words
        return Pattern(
            _("The results run ahead of the methods"),
            finding,
            _("Results that no method secures tend to slip when people leave."),
            keys=frozenset(
                part.answer.key for part in document.gaps if part.answer.kind != Requirement.RESULT
            ),
        )
    return None


def _mean(domains):
    """The percentage of several domains together, items weighed by their points as everywhere."""
    items = [item for domain in domains for item in domain.items if item.figure.score is not None]
    return fsum(item.points * item.figure.score for item in items) / sum(item.points for item in items)


def _paper(document):
    levels = [answer.level for answer in document.answers if answer.level is not None]
    share = 100 * levels.count(1) // len(levels) if levels else 0
    if share < PAPER_SHARE:
        return None
    finding = _("%(share)s%% of the levels given are 1: designed, or measured, and no further.") % {
        "share": share
    }
    return Pattern(
        _("Much is designed and little is in use"),
        finding,
        _("Putting to use what is written down moves more than writing more."),
        keys=keys_of([answer for answer in document.answers if answer.level == 1]),
    )


def _small_gaps(document):
    small = [part.gap.lost for part in document.gaps if part.gap.effort_size == "S"]
    lost = fsum(part.gap.lost for part in document.gaps)
    share = whole_percent(100 * fsum(small) / lost) if lost else 0
    if len(small) < 5 or share < SMALL_SHARE:
        return None
    finding = _("%(count)s gaps take little effort and hold %(share)s%% of the points lost.") % {
        "count": capfirst(counted(len(small))),
        "share": share,
    }
    return Pattern(
        _("A good part is small work"),
        finding,
        _("They can start while the larger ones are still being planned."),
        keys=keys_of([part.answer for part in document.gaps if part.gap.effort_size == "S"]),
    )


@dataclass(frozen=True, slots=True)
class NotKnown:
    """The not-known answers as a finding; `reach` is the score in percent if all of them were in place."""

    title: str
    meaning: str
    reach: int


def not_known(document):
    """None where every answer is known."""
    count = len(document.unknowns)
    if not count:
        return None
    points = fsum(
        _points(item, answer)
        for item in document.items
        for answer in item.answers
        if answer.choice == UNKNOWN
    )
    total = sum(item.points for item in document.items if item.figure.score is not None)
    reach = whole_percent(document.figure.score + 100 * points / total)
    title = ngettext("%(count)s answer is not known", "%(count)s answers are not known", count)
    meaning = _(
        "They count as nothing shown. If all of them are in place, the score is %(reach)s%%, not %(score)s%%."
    ) % {
        "reach": reach,
        "score": document.figure.percent,
    }
    critical = sum(answer.critical for answer in document.unknowns)
    if critical:
        meaning += " " + _would_block(critical, document.leads_to_audit)
    return NotKnown(title % {"count": capfirst(counted(count))}, meaning, reach)


def _would_block(count, leads_to_audit):
    if leads_to_audit:
        text = ngettext(
            "%(count)s of them is critical and would be a blocker at level 0 or 1.",
            "%(count)s of them are critical and would be blockers at level 0 or 1.",
            count,
        )
    else:
        text = ngettext(
            "%(count)s of them is critical and would be an urgent gap at level 0 or 1.",
            "%(count)s of them are critical and would be urgent gaps at level 0 or 1.",
            count,
        )
    return text % {"count": capfirst(counted(count))}


def applicable_weight(item):
    return sum(answer.weight for answer in item.answers if answer.choice != NOT_APPLICABLE)


def _points(item, answer):
    """What `answer` is worth at most, in points."""
    return item.points * answer.weight / applicable_weight(item)


def gaps_title(document):
    count, urgent = len(document.gaps), len(document.blockers)
    if not count:
        return _("No gap is ranked")
    title = ngettext("%(count)s gap", "%(count)s gaps", count) % {"count": count}
    if not document.leads_to_audit:
        return title + _(", %(count)s of them urgent") % {"count": counted(urgent)}
    if not urgent:
        return _("%(title)s, no blocker among them") % {"title": title}
    return title + ngettext(", %(count)s of them a blocker", ", %(count)s of them blockers", urgent) % {
        "count": counted(urgent)
    }


def gaps_cost(document):
    """What all gaps together cost, in points and as a share of all points."""
    lost = fsum(part.gap.lost for part in document.gaps)
    total = sum(item.points for item in document.items if item.figure.score is not None)
    return _("Together they cost %(lost)s of %(total)s applicable points, %(share)s%%.") % {
        "lost": words.decimal(lost),
        "total": total,
        "share": sentences.overall_percent(lost, document),
    }


def urgency_factors(document):
    """(name, factor) of every urgency, the most urgent first."""
    method, leads_to_audit = document.method, document.leads_to_audit
    factors = {BLOCKER: method.urgency_blocker, FUNDAMENTAL: method.urgency_fundamental, NORMAL: 1}
    return [
        (sentences.urgency_name(kind, leads_to_audit=leads_to_audit), words.factor(value))
        for kind, value in factors.items()
    ]


def effort_factors(method):
    """(name, divisor) of every effort, the smallest first."""
    divisors = {"S": method.effort_small, "M": method.effort_medium, "L": method.effort_large}
    return [(sentences.effort_name(size), words.factor(value)) for size, value in divisors.items()]


@dataclass(frozen=True, slots=True)
class WorkedExample:
    """The first gap's arithmetic as it would be written on paper, from the whole numbers it starts from."""

    code: str
    statement: str
    item_code: str
    item_title: str
    letter: str
    points: int
    share: str
    levels: str
    lost: str
    urgency_name: str
    effort_name: str
    priority: str


def worked_example(document):
    """The sum behind the first gap of the list; None where no gap is ranked."""
    if not document.gaps:
        return None
    part = document.gaps[0]
    gap, answer = part.gap, part.answer
    item = next(item for item in document.items if item.code == answer.item_code)
    words = sentences.gap_words(gap, leads_to_audit=document.leads_to_audit)
    share = f"{answer.weight} ÷ {applicable_weight(item)}"
    levels = f"({gap.target} − {gap.level}) ÷ {TOP_LEVEL}"
    lost = f"{gap.points} × {share} × {levels}"
    return WorkedExample(
        code=answer.code,
        statement=answer.statement,
        item_code=answer.item_code,
        item_title=answer.item_title,
        letter=answer.letter,
        points=gap.points,
        share=share,
        levels=levels,
        lost=f"{lost} = {words.lost}",
        urgency_name=words.urgency_name,
        effort_name=words.effort_name,
        priority=f"{lost} × {words.urgency} ÷ {words.effort} = {words.priority}",
    )
