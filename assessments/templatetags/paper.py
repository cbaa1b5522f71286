"""Drawings and small words of the report. On paper, which knows no custom properties, colours are resolved here."""

import re
from dataclasses import dataclass
from math import fsum
from textwrap import shorten

from django import template
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from assessments.models import Action
from assessments.report import (
    charts,
    evidence_register,
    impact,
    measures,
    paper,
    roadmap_picture,
    sentences,
    trends,
    verdicts,
    words,
)
from assessments.report import roadmap_chart as roadmap_layouts
from assessments.report.charts import PAPER
from assessments.rules import consistency
from assessments.rules.scoring import NOT_APPLICABLE, OPEN, TOP_LEVEL, UNKNOWN, whole_percent

register = template.Library()

SIGNS = {UNKNOWN: "?", NOT_APPLICABLE: "–", OPEN: "\u00a0"}
LONGEST_RUN = 600  # characters without a space; a run of 20,000 takes 20 s to break, one of 600 nothing
STEPS = 20  # lengths of a priority bar in the style sheet
FIGURE_SPACE = "\u2007"  # as wide as a digit
MOST_LINES = 400  # paragraphs of one note; ten thousand of a letter each take 10 s
BESIDE = 220  # characters; longer notes get a row of their own
LAST_WORDS = 11  # letters that should not stand alone on the last line of a title


def drawn(picture):
    """A chart as the template may print it: every text inside was escaped where it was drawn."""
    return SafeString(picture)


@register.simple_tag
def chip(choice):
    """The square of a choice as styled text: a drawing in each of two hundred rows would cost a third of the time."""
    return format_html('<span class="lv lv-{}">{}\u00a0</span>', choice or "open", SIGNS.get(choice, choice))


@register.simple_tag
def metric_chart(metric, palette=PAPER):
    return drawn(measures.small(metric, palette))


@register.simple_tag
def control_chart(metric):
    return drawn(measures.control(metric, PAPER))


@register.simple_tag
def trend_chart(document):
    return drawn(trends.overall(document, PAPER, width=635, height=180, size=10))


@register.simple_tag
def trend_lines(document):
    """The small drawings with their names: four in a row."""
    return list(trends.lines(document, PAPER, width=147, height=84, size=9))


@register.simple_tag
def roadmap_chart(document):
    return drawn(
        roadmap_picture.drawing(document.roadmap, document.leads_to_audit, PAPER, roadmap_layouts.ON_PAPER)
    )


@register.filter
def paragraphs(text):
    """The lines of a note, in pieces that can be set in reasonable time.

    Runs without a space are cut where they could be broken, and lines beyond the most share paragraphs with others.
    """
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    together = -(-len(lines) // MOST_LINES) or 1
    shared = (" / ".join(lines[start : start + together]) for start in range(0, len(lines), together))
    cut = rf"(\S{{{LONGEST_RUN}}})(?=\S)"
    return [piece for line in shared for piece in re.sub(cut, "\\1\n", line).split("\n")]


@dataclass(frozen=True, slots=True)
class Note:
    """What is printed of an answer in words; `beside` where it is short enough for the column beside the requirement."""

    lines: list

    @property
    def beside(self):
        return sum(map(len, self.lines)) <= BESIDE


@register.filter
def in_words(answer):
    """The reason of a not-applicable or of an overruling, and the note, whole. None where there is nothing."""
    lines = paragraphs(answer.note)
    if answer.reason:
        reason = f"{answer.reason}. {answer.reason_text}" if answer.reason_text else answer.reason
        lines = [*paragraphs(_("Not applicable: %(reason)s") % {"reason": reason}), *lines]
    if answer.overruled_because:
        said = {"shown": answer.shown, "because": answer.overruled_because}
        lines = [*paragraphs(_("Overruled: the metrics show level %(shown)s. %(because)s") % said), *lines]
    lines += [_("Evidence: %(held)s") % {"held": sentences.held_words(held)} for held in answer.held]
    return Note(lines) if lines else None


register.filter("covered", sentences.covered)
register.filter("lies", sentences.lies)


@register.filter
def freshness(held):
    """Whether a piece of evidence will still count, and until when."""
    if held.state == consistency.TOO_OLD:
        return format_html('<b class="warn">{}</b>', _("too old today"))
    if held.state == consistency.TOO_OLD_BY_AUDIT:
        return format_html('<b class="warn">{}</b>', _("too old by then"))
    if held.fresh_until:
        return _("fresh until %(month)s") % {"month": date_format(held.fresh_until, "M Y")}
    return "–"


@register.filter
def held_words(held):
    """A piece of evidence on one line."""
    return sentences.held_words(held)


@register.filter
def tied(title):
    """A title whose last words stay together, so that none of them stands alone on a line."""
    words = title.split(" ")
    end = len(words) - 1
    while end > 1 and len("".join(words[end:])) < LAST_WORDS:
        end -= 1
    return " ".join([*words[:end], "\u00a0".join(words[end:])])


@register.filter
def cut_to(text, length):
    """`text` on one line of at most `length` characters, with an ellipsis where something is left out."""
    short = shorten(text, length, placeholder="…")
    return short if len(short) > 1 or len(text) <= length else text[: length - 1] + "…"


@register.simple_tag
def mosaic(document):
    groups = [
        (
            domain.title,
            [
                charts.Column(
                    item.code.removeprefix(domain.code), tuple(answer.choice for answer in item.answers)
                )
                for item in domain.items
            ],
        )
        for domain in document.domains
    ]
    levels = [answer.level for answer in document.answers]
    words = [
        ngettext(
            "%(asked)s requirement as a square, in columns by item:",
            "%(asked)s requirements as squares, in columns by item:",
            document.figure.asked,
        ),
        _("%(n3)s at level 3, %(n2)s at level 2, %(n1)s at level 1, %(n0)s at level 0,"),
        _("%(unknown)s not known, %(open)s not answered, %(na)s not applicable."),
    ]
    counts = {f"n{level}": levels.count(level) for level in range(4)}
    figure = document.figure
    counts |= {"asked": figure.asked, "unknown": figure.unknown, "open": figure.open}
    title = " ".join(words) % {**counts, "na": figure.not_applicable}
    return drawn(charts.mosaic(groups, title, PAPER))


@register.simple_tag
def answer_bar(document, palette=PAPER):
    figure, needed = document.figure, verdicts.score_needed(document)
    words = (
        _("%(score)s%% shown") % {"score": figure.percent},
        _("%(ceiling)s%% ceiling") % {"ceiling": figure.ceiling_percent},
        verdicts.score_needed_words(document),
    )
    title = sentences.bar_title(_("Overall score"), figure, needed)
    return drawn(charts.answer_bar(figure.score, figure.ceiling, needed, words, title, palette))


@register.simple_tag
def thin_bar(part, target, width=134, palette=PAPER):
    """The bar of a domain or an item in a table row."""
    figure = part.figure
    title = sentences.bar_title(part.title, figure, target)
    return drawn(charts.thin_bar(figure.score, figure.ceiling, target, title, palette, width=width))


@register.simple_tag
def readiness(item):
    """The letter of the evidence of an item, a dash where nothing is claimed."""
    letter = evidence_register.letter(item)
    if not letter:
        return "–"
    return format_html('<span class="ev ev-{}">{}\u00a0</span>', letter, letter)


@register.simple_tag
def site_bar(site, document):
    """The bar of another site, against the same target as the score of this one."""
    needed = verdicts.score_needed(document)
    title = _("%(site)s: %(score)s%% shown") % {"site": site.name, "score": whole(site.score)}
    return drawn(charts.thin_bar(site.score, site.ceiling, needed, title, PAPER, width=134))


@register.filter
def whole(percent):
    """A percentage as printed everywhere: rounded down; a dash where nothing applies."""
    return "–" if percent is None else whole_percent(percent)


@register.simple_tag
def gaps_behind(theme, document):
    """How many gaps a theme explains and what they hold, in words; empty where it is about something else."""
    lost = [part.gap.lost for part in document.gaps if part.answer.key in theme.keys]
    if not lost:
        return ""
    return ngettext("%(count)s gap, %(lost)s points", "%(count)s gaps, %(lost)s points", len(lost)) % {
        "count": len(lost),
        "lost": paper.rounded(fsum(lost)),
    }


@dataclass(frozen=True, slots=True)
class Fact:
    """A line beside a card; `late` where its day has passed."""

    text: str
    late: bool = False


@register.simple_tag
def planned(document, key):
    """(name, `Fact`) of whose the first action for a gap is and when it is due; nothing where none is planned."""
    actions = document.actions_for(key)
    if not actions:
        return []
    first = actions[0]
    due = date_format(first.due, "j M Y") if first.due else _("no date")
    return [
        (_("Owner"), Fact(cut_to(first.owner, 28) or _("nobody yet"))),
        (_("Due"), Fact(due, first.overdue)),
        (_("Status"), Fact(str(Action.Status(first.status).label))),
    ]


@register.simple_tag
def owned(document, key):
    """The action that closes a gap, the one due first; nothing where none is planned."""
    return next(iter(document.actions_for(key)), "")


@register.filter
def actions_in(key, document):
    """The actions that close the gap of that key."""
    return document.actions_for(key)


@register.simple_tag
def level_track(gap):
    words = {"level": gap.level, "target": gap.target}
    title = _("Now at level %(level)s, target level %(target)s.") % words
    return drawn(charts.level_track(gap.level, gap.target, (_("now"), _("target")), title, PAPER))


@register.simple_tag
def scatter(document, palette=PAPER):
    return drawn(impact.drawing(document, palette))


@register.filter
def factor(value):
    """A constant of the arithmetic without needless zeros."""
    return words.factor(value)


@register.filter
def decimal(value):
    """Points and priorities, to one decimal."""
    return words.decimal(value)


@register.simple_tag
def lost_points(part):
    """What a gap loses, as a sum to check: 45 × 2/8 × 2/3 = 7.5"""
    gap = part.gap
    total = round(part.answer.weight / gap.share)
    missing = gap.target - gap.level
    return f"{gap.points} × {part.answer.weight}/{total} × {missing}/{TOP_LEVEL} = {words.decimal(gap.lost)}"


@register.simple_tag
def factors(part):
    """What follows the lost points in the sum: × 2 ÷ 3 L"""
    gap = part.gap
    return f"× {words.factor(gap.urgency)} ÷ {words.factor(gap.effort)} {gap.effort_size}"


@register.simple_tag
def priority_bar(part, document):
    """The priority and a bar of its length, in twentieths of the longest. The figures are padded, so that bars line up."""
    longest = document.gaps[0].gap.priority
    width = len(words.decimal(longest))
    steps = max(1, round(STEPS * part.gap.priority / longest)) if longest else 1
    colour = " warn" if part.gap.blocker else ""
    figure = words.decimal(part.gap.priority).rjust(width, FIGURE_SPACE)
    return format_html('{}<i class="step-{}{}"></i>', figure, steps, colour)
