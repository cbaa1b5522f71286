"""What only paper says: its sections and their titles, and which gaps get a card.

Pure functions of a document, like `findings`; a title is empty where there is nothing to say, and its section is left out.
"""

from collections import Counter
from dataclasses import dataclass
from math import fsum

from django.utils.text import capfirst, get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from assessments.report import blockers, findings, measures
from assessments.report.words import counted, decimal, in_sentence
from assessments.rules.scoring import NOT_APPLICABLE

FIRST = 8  # gaps named on the scatter and counted in its title: about what one site can run at a time
CARDS = 10  # ranks that get a card besides the blockers
ON_ONE_PAGE = 5  # rows of a table on the page a sponsor reads
SCATTER_FROM = 6  # gaps; fewer are read faster in the table


@dataclass(frozen=True, slots=True)
class Section:
    """`number` is what stands beside the title: 1 to 6, then letters; `name` is short, `title` what was found."""

    key: str
    number: str
    name: str
    title: str


def sections(document):
    """Every section that has something to say, numbered in reading order."""
    found = [
        ("answer", _("The answer"), document.headline),
        ("results", _("Results"), measures.title(document.metrics)),
        ("heatmap", _("Heatmap"), heatmap_title(document)),
        ("impact", _("Impact and effort"), impact_title(document)),
        ("gaps", _("Prioritised gaps"), findings.gaps_title(document) if document.gaps else ""),
        ("cards", _("Gap cards"), cards_title(document)),
        ("roadmap", _("Roadmap"), document.roadmap.title if document.actions else ""),
        ("unknowns", _("Not known"), unknowns_title(document)),
        ("doubts", _("To look at again"), doubts_title(document)),
    ]
    numbered = [(key, name, title) for key, name, title in found if title]
    return [
        *(Section(key, str(n), name, title) for n, (key, name, title) in enumerate(numbered, start=1)),
        Section("appendix", "A", _("Every answer"), appendix_title(document)),
        Section("method", "B", _("Method"), _("How the figures are made, and what they do not say")),
    ]


def total_points(document):
    """The points of all items in which anything applies."""
    return sum(item.points for item in document.items if item.figure.score is not None)


def worth(document):
    """Requirement key -> what it carries at most, in points, for everything that applies."""
    return {
        answer.key: item.points * answer.weight / findings.applicable_weight(item)
        for item in document.items
        for answer in item.answers
        if answer.choice != NOT_APPLICABLE
    }


def rounded(points):
    """Points in a title: whole from ten on, where tenths only slow the reading."""
    return f"{points:,.0f}" if points >= 10 else decimal(points)


def codes(answers):
    """LP5a, PR6b and PR5c"""
    return get_text_list([answer.code for answer in answers], _("and"))


def domain_of(document):
    """Item code -> the domain it belongs to."""
    return {item.code: domain for domain in document.domains for item in domain.items}


def heatmap_title(document):
    domains = domain_of(document)
    items = [item for item in document.items if item.figure.score is not None]
    if not items:
        return _("No item applies to this site")
    if not document.figure.answered:
        return ngettext("The item is still open", "All %(all)s items are still open", len(items)) % {
            "all": counted(len(items))
        }
    short = {item: domains[item.code].target - item.figure.percent for item in items}
    below = [item for item in items if short[item] > 0]
    if not below:
        return ngettext(
            "%(all)s item is at its target", "All %(all)s items are at their target", len(items)
        ) % {"all": counted(len(items))}
    worst = in_sentence(max(below, key=lambda item: (short[item], item.points)).title)
    at = len(items) - len(below)
    if not at:
        return _("No item is at its target; %(worst)s is furthest below") % {"worst": worst}
    return ngettext(
        "%(at)s of %(all)s items is at its target; %(worst)s is furthest below",
        "%(at)s of %(all)s items are at their target; %(worst)s is furthest below",
        at,
    ) % {"at": capfirst(counted(at)), "all": counted(len(items)), "worst": worst}


def first_gaps(document):
    return document.gaps[:FIRST]


def impact_title(document):
    if len(document.gaps) < SCATTER_FROM:
        return ""
    first, lost = first_gaps(document), [part.gap.lost for part in document.gaps]
    words = {
        "first": counted(len(first)),
        "all": counted(len(lost)),
        "held": rounded(fsum(lost[: len(first)])),
        "lost": rounded(fsum(lost)),
    }
    if len(first) == len(lost):
        return _("All %(all)s gaps together hold %(lost)s lost points") % words
    return _("The first %(first)s of %(all)s gaps hold %(held)s of %(lost)s lost points") % words


def cards(document):
    """Every blocker and the top ranks, in the order of their priority."""
    return [part for part in document.gaps if part.gap.blocker or part.gap.rank <= CARDS]


def cards_title(document):
    chosen = [part.answer for part in cards(document)]
    if not chosen:
        return ""
    titles = {answer.item_code: answer.item_title for answer in chosen}
    (code, most), *others = Counter(answer.item_code for answer in chosen).most_common()
    words = {"count": counted(len(chosen)), "item": titles[code], "most": counted(most)}
    if not others:
        return ngettext(
            "The gap to close first is in %(item)s",
            "All %(count)s gaps to close first are in %(item)s",
            most,
        ) % {**words, "item": in_sentence(words["item"])}
    if most == 1:
        return _("The %(count)s gaps to close first are in as many different items") % words
    return _("%(item)s holds %(most)s of the %(count)s gaps to close first") % words


def unknowns_title(document):
    if not document.unknowns:
        return ""
    held = fsum(worth(document)[answer.key] for answer in document.unknowns)
    return ngettext(
        "%(count)s answer is not known, and up to %(held)s of %(total)s points hang on it",
        "%(count)s answers are not known, and up to %(held)s of %(total)s points hang on them",
        len(document.unknowns),
    ) % {
        "count": capfirst(counted(len(document.unknowns))),
        "held": rounded(held),
        "total": f"{total_points(document):,}",
    }


def doubts_title(document):
    count = len(document.doubts)
    if not count:
        return ""
    return ngettext(
        "%(count)s answer does not fit what is held beside it",
        "%(count)s answers do not fit what is held beside them",
        count,
    ) % {"count": capfirst(counted(count))}


def heaviest(document, *choices):
    """The answers with one of `choices`, critical ones first, then by what they carry."""
    points = worth(document)
    found = [answer for answer in document.answers if answer.choice in choices]
    return sorted(found, key=lambda answer: (not answer.critical, -points[answer.key]))


def appendix_title(document):
    figure = document.figure
    words = {"all": figure.asked}
    if not figure.answered:
        return (
            ngettext(
                "The one requirement asked is not answered yet",
                "None of %(all)s requirements is answered yet",
                figure.asked,
            )
            % words
        )
    if not figure.applicable:
        return (
            ngettext(
                "The one requirement asked does not apply here",
                "None of %(all)s requirements applies here",
                figure.asked,
            )
            % words
        )
    levels = Counter(answer.level for answer in document.answers)
    top, bottom = levels[3], levels[0]
    words |= {"top": capfirst(counted(top)), "bottom": counted(bottom)}
    told = ngettext(
        "%(top)s of %(all)s requirements is in place",
        "%(top)s of %(all)s requirements are in place",
        max(top, 1),
    )
    if bottom:
        told += "; " + ngettext("%(bottom)s has nothing in place", "%(bottom)s have nothing in place", bottom)
    else:
        told += "; " + _("none is at level 0")
    return told % words


def domain_summary(domain, *, leads_to_audit):
    """What the requirements of a domain come to: 27 requirements: one blocker, two not known."""
    figure = domain.figure
    urgent = sum(answer.blocker for item in domain.items for answer in item.answers)
    parts = [
        (urgent, blockers.number(urgent, leads_to_audit)),
        (figure.unknown, _("%(count)s not known")),
        (figure.open, _("%(count)s not answered")),
        (figure.not_applicable, _("%(count)s not applicable")),
    ]
    asked = ngettext("%(count)s requirement", "%(count)s requirements", figure.asked) % {
        "count": figure.asked
    }
    told = ", ".join(text % {"count": counted(count)} for count, text in parts if count)
    return f"{asked}: {told}" if told else asked
