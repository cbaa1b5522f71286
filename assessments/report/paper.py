"""What only paper says: its sections and their titles, and which gaps get a card.

Pure functions of a document, like `findings`; a title is empty where there is nothing to say, and its section is left out.
"""

import itertools
from collections import Counter
from dataclasses import dataclass
from math import fsum
from string import ascii_uppercase

from django.utils.formats import date_format
from django.utils.text import capfirst, get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from assessments.report import action_plan, blockers, evidence_register, findings, measures, themes
from assessments.report.options import A4, DEFAULT, LETTER
from assessments.report.words import counted, decimal, in_sentence
from assessments.rules.scoring import NOT_APPLICABLE, whole_percent

FIRST = 8  # gaps named on the scatter and counted in its title: about what one site can run at a time
CARDS = 10  # ranks that get a card besides the blockers
ON_ONE_PAGE = {A4: 5, LETTER: 4}  # rows of a table on the page a sponsor reads
LOGGED = 24  # changes in the log
SCATTER_FROM = 6  # gaps; fewer are read faster in the table


@dataclass(frozen=True, slots=True)
class Section:
    """`number` is what stands beside the title: 1 to 6, then letters; `name` is short, `title` what was found."""

    key: str
    number: str
    name: str
    title: str

    @property
    def template(self):
        return f"assessments/report/{self.key}.html"


def on_one_page(options):
    return ON_ONE_PAGE[options.paper]


def sections(document, options=DEFAULT):
    """Every section that is wanted and has something to say, numbered in reading order."""
    argument = [
        ("answer", _("The answer"), document.headline),
        ("themes", _("Key themes"), themes.title(document)),
        ("results", _("Results"), measures.title(document.metrics)),
        ("heatmap", _("Heatmap"), heatmap_title(document)),
        ("impact", _("Impact and effort"), impact_title(document)),
        ("gaps", _("Prioritised gaps"), findings.gaps_title(document) if document.gaps else ""),
        ("cards", _("Gap cards"), cards_title(document)),
        ("plan", _("Plan"), action_plan.finding(document).rstrip(".") if document.actions else ""),
        ("roadmap", _("Roadmap"), document.roadmap.title if document.actions else ""),
        ("unknowns", _("Not known"), unknowns_title(document)),
        ("doubts", _("To look at again"), doubts_title(document)),
        ("register", _("Evidence"), evidence_register.title(document)),
        ("trend", _("Since the last milestone"), document.since.sentences[0] if document.since else ""),
        ("sites", _("Sites"), sites_title(document)),
        ("fit", _("Fit and cost"), document.fit.name if document.fit else ""),
    ]
    reference = [
        ("appendix", _("Every answer"), appendix_title(document)),
        ("log", _("Change log"), log_title(document)),
        ("method", _("Method"), _("How the figures are made, and what they do not say")),
    ]
    return [
        *_numbered(map(str, itertools.count(1)), argument, options),
        *_numbered(ascii_uppercase, reference, options),
    ]


def _numbered(numbers, parts, options):
    wanted = [part for part in parts if part[-1] and options.prints(part[0])]
    return [Section(key, number, name, title) for number, (key, name, title) in zip(numbers, wanted)]  # noqa: B905 - numbers never end


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


def doubts(document):
    """(sentence, its `DoubtPart`s), the sentence that is said most often first."""
    by_sentence = {}
    for doubt in document.doubts:
        by_sentence.setdefault(doubt.sentence, []).append(doubt)
    return sorted(by_sentence.items(), key=lambda pair: -len(pair[1]))


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


def sites_title(document):
    """Where this site stands among the others of its organisation; empty without any."""
    scored = [site for site in document.sites if site.score is not None]
    if len(scored) < 2 or document.figure.score is None:
        return ""
    low, high = (pick(site.score for site in scored) for pick in (min, max))
    place = 1 + sum(site.score > document.figure.score for site in scored)
    return _("%(all)s sites between %(low)s%% and %(high)s%%; this one is number %(place)s") % {
        "all": capfirst(counted(len(scored))),
        "low": whole_percent(low),
        "high": whole_percent(high),
        "place": place,
    }


def last_changed(document):
    """The answers in the order in which they were last given, the latest first; carried ones are older than this round."""
    given = [answer for answer in document.answers if answer.answered_at and not answer.carried]
    return sorted(given, key=lambda answer: answer.answered_at, reverse=True)[:LOGGED]


def log_title(document):
    given = [answer for answer in document.answers if answer.answered_at and not answer.carried]
    if not given:
        return ""
    people = {answer.answered_by for answer in given if answer.answered_by}
    days = sorted(answer.answered_at.date() for answer in given)
    said = {
        "count": counted(len(given)),
        "people": counted(len(people)),
        "first": date_format(days[0], "j M Y"),
        "last": date_format(days[-1], "j M Y"),
    }
    if days[0] == days[-1]:
        told = ngettext(
            "%(count)s answer given on %(last)s",
            "%(count)s answers given on %(last)s by %(people)s people",
            len(given),
        )
    else:
        told = _("%(count)s answers given between %(first)s and %(last)s by %(people)s people")
    return capfirst(told % said)


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
