"""What the figures say, in words. Screen and paper print the same sentences; all functions are pure."""

from dataclasses import dataclass

from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from assessments.report import blockers, verdicts
from assessments.report.words import counted, decimal, factor, in_sentence
from assessments.rules import consistency
from assessments.rules.priorities import BLOCKER, FUNDAMENTAL, NORMAL
from assessments.rules.scoring import whole_percent

HASH_SHOWN = 12  # characters of the 64 of a SHA-256, enough to tell two files of a centre apart


def purpose(document):
    """What the report is for, under its title."""
    words = {"standard": document.standard}
    if not document.leads_to_audit:
        return _("%(standard)s: what is in place, what to fix first, and what is not known yet") % words
    if document.quick:
        return (
            _(
                "A first look at the fundamentals of the %(standard)s: what to fix first, and whether a baseline would pay"
            )
            % words
        )
    return (
        _(
            "How far this site is from %(standard)s certification, what to fix first, and what is not known yet"
        )
        % words
    )


def standing(continued_on, set_aside_on):
    """That these are not the answers in use any more, and since which day; empty while they are."""
    if set_aside_on:
        return _(
            "Set aside on %(day)s, when the move or new round that made this assessment was undone: it does not count."
        ) % {"day": date_format(set_aside_on, "j F Y")}
    if continued_on:
        return _(
            "Continued in a newer assessment since %(day)s: these answers stand as they were on that day."
        ) % {"day": date_format(continued_on, "j F Y")}
    return ""


def carried(document):
    """How many levels come from the assessment before; empty where none does."""
    count = len(document.carried)
    if not count:
        return ""
    return ngettext(
        "%(count)s answer is carried over from the assessment before and not confirmed since; it counts as it was given.",
        "%(count)s answers are carried over from the assessment before and not confirmed since; they count as they "
        "were given.",
        count,
    ) % {"count": count}


def covered(held):
    """The months a piece of evidence covers, in words; that none are stated where none are."""
    if not held.covers_to:
        return _("no period stated")
    first, last = (date_format(day, "M Y") for day in (held.covers_from, held.covers_to))
    return first if first == last else _("%(first)s to %(last)s") % {"first": first, "last": last}


def lies(held):
    """Where a piece of evidence is: the file kept here, by its name and the beginning of its hash, or the place named."""
    file = _("%(name)s (SHA-256 %(hash)s…)") % {"name": held.file_name, "hash": held.file_sha256[:HASH_SHOWN]}
    return ", ".join(filter(None, (held.file_name and file, held.place)))


def held_words(held):
    """A piece of evidence on one line: what it is, the months it covers, and whether it will be too old."""
    words = [held.title, *([covered(held)] if held.covers_to else [])]
    if held.state == consistency.TOO_OLD:
        words.append(_("too old"))
    if held.state == consistency.TOO_OLD_BY_AUDIT:
        words.append(_("too old by audit"))
    return ", ".join(words)


def ceiling(figure):
    """How far the score could still rise without any work, or that it cannot."""
    if figure.score is None:
        return _("Nothing applies, so there is neither a score nor a ceiling.")
    if not figure.not_shown:
        return _("Every applicable requirement has a level, so the score is also the ceiling.")
    words = {"ceiling": figure.ceiling_percent, "open": figure.open, "unknown": figure.unknown}
    if not figure.unknown:
        return (
            ngettext(
                "The ceiling is %(ceiling)s%%, if the unanswered requirement turns out to be in place.",
                "The ceiling is %(ceiling)s%%, if all %(open)s unanswered requirements turn out to be in place.",
                figure.open,
            )
            % words
        )
    if not figure.open:
        return (
            ngettext(
                "The ceiling is %(ceiling)s%%, if the requirement not known turns out to be in place.",
                "The ceiling is %(ceiling)s%%, if all %(unknown)s requirements not known turn out to be in place.",
                figure.unknown,
            )
            % words
        )
    return (
        _(
            "The ceiling is %(ceiling)s%%, if everything unanswered (%(open)s) and not known (%(unknown)s) turns out "
            "to be in place."
        )
        % words
    )


def bar_title(name, figure, target):
    """The one-sentence alternative of a bar."""
    if figure.score is None:
        return _("%(name)s: nothing applies, target %(target)s%%.") % {"name": name, "target": target}
    return _("%(name)s: %(score)s%% shown, ceiling %(ceiling)s%%, target %(target)s%%.") % {
        "name": name,
        "score": figure.percent,
        "ceiling": figure.ceiling_percent,
        "target": target,
    }


def shortfall(domain):
    """Whole percentage points a domain is below its target; 0 where it has reached it or nothing applies."""
    return 0 if domain.figure.score is None else max(domain.target - domain.figure.percent, 0)


def domain_distance(domain):
    """How far a domain is from its target, and its ceiling where that says more."""
    figure, short = domain.figure, shortfall(domain)
    if figure.score is None:
        return _("Nothing here applies to this site")
    distance = ngettext("%(short)s point short", "%(short)s points short", short) % {"short": short}
    if not short:
        distance = _("at target")
    if not figure.not_shown:
        return distance
    return _("%(distance)s; ceiling %(ceiling)s%%") % {
        "distance": distance,
        "ceiling": figure.ceiling_percent,
    }


def domain_doubt(domain):
    """How many of a domain's requirements nobody has shown a level of."""
    figure = domain.figure
    if figure.score is None:
        return ""
    return _("%(count)s open or not known") % {"count": figure.not_shown or _("none")}


def domains_finding(document):
    """What the four bars say together, as a section title."""
    domains = [domain for domain in document.domains if domain.figure.score is not None]
    if verdicts.early(document.figure):
        return _("What each domain shows so far")
    short = [domain for domain in domains if shortfall(domain)]
    if not short:
        return _("Every domain is at target")
    most = max(shortfall(domain) for domain in short)
    widest = [domain for domain in short if shortfall(domain) == most]
    words = {
        "title": in_sentence(widest[0].title),
        "short": capfirst(counted(len(short))),
        "all": len(domains),
    }
    if len(short) == 1:
        return _("Only %(title)s is short of target") % words
    words["all"] = counted(len(domains))
    if len(widest) > 1 and len(short) == len(domains):
        return _("Every domain is short of target")
    if len(widest) > 1:
        return _("%(short)s of %(all)s domains are short of target") % words
    if len(short) == len(domains):
        return _("Every domain is short of target, %(title)s most of all") % words
    return _("%(short)s of %(all)s domains are short of target, %(title)s most of all") % words


@dataclass(frozen=True, slots=True)
class GapWords:
    """The arithmetic of a gap as it is printed."""

    lost: str
    urgency: str
    urgency_name: str
    effort: str
    effort_name: str
    priority: str

    @property
    def sum(self):
        """The whole of it in one line."""
        return _(
            "%(lost)s points lost × %(urgency)s (%(kind)s) ÷ %(effort)s (%(size)s effort) = priority %(priority)s"
        ) % {
            "lost": self.lost,
            "urgency": self.urgency,
            "kind": self.urgency_name,
            "effort": self.effort,
            "size": self.effort_name,
            "priority": self.priority,
        }


def urgency_name(kind, *, leads_to_audit):
    return {BLOCKER: blockers.in_line(leads_to_audit), FUNDAMENTAL: _("fundamental"), NORMAL: _("normal")}[
        kind
    ]


def effort_name(size):
    return {"S": _("small"), "M": _("medium"), "L": _("large")}[size]


def gap_words(gap, *, leads_to_audit):
    return GapWords(
        lost=decimal(gap.lost),
        urgency=factor(gap.urgency),
        urgency_name=urgency_name(gap.urgency_kind, leads_to_audit=leads_to_audit),
        effort=factor(gap.effort),
        effort_name=effort_name(gap.effort_size),
        priority=decimal(gap.priority),
    )


def overall_percent(points, document):
    """`points` as a whole percentage of all applicable points, rounded down like every percentage shown."""
    total = sum(item.points for item in document.items if item.figure.score is not None)
    return whole_percent(100 * points / total) if total else 0
