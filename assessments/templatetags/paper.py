"""Drawings and small words of the printed report. Colours are resolved here: paper knows no custom properties."""

import re
from dataclasses import dataclass
from textwrap import shorten

from django import template
from django.utils.dateformat import format as formatted
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from assessments.report import charts, measures, paper, roadmap_picture, sentences, verdicts, words
from assessments.report import roadmap_chart as roadmap_layouts
from assessments.report import scatter as scatters
from assessments.report.charts import PAPER
from assessments.rules import consistency
from assessments.rules.scoring import NOT_APPLICABLE, OPEN, TOP_LEVEL, UNKNOWN

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
def metric_chart(metric):
    return drawn(measures.small(metric, PAPER))


@register.simple_tag
def control_chart(metric):
    return drawn(measures.control(metric, PAPER))


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
    lines += [_("Evidence: %(held)s") % {"held": held_words(held)} for held in answer.held]
    return Note(lines) if lines else None


@register.filter
def held_words(held):
    """A piece of evidence on one line: what it is, the months it covers, and whether it will be too old."""
    words = [held.title]
    if held.covers_to:
        first, last = (formatted(day, "M Y") for day in (held.covers_from, held.covers_to))
        words.append(first if first == last else _("%(first)s to %(last)s") % {"first": first, "last": last})
    if held.state == consistency.TOO_OLD:
        words.append(_("too old"))
    if held.state == consistency.TOO_OLD_BY_AUDIT:
        words.append(_("too old by audit"))
    return ", ".join(words)


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
def answer_bar(document):
    figure, needed = document.figure, verdicts.score_needed(document)
    words = (
        _("%(score)s%% shown") % {"score": figure.percent},
        _("%(ceiling)s%% ceiling") % {"ceiling": figure.ceiling_percent},
        verdicts.score_needed_words(document),
    )
    title = sentences.bar_title(_("Overall score"), figure, needed)
    return drawn(charts.answer_bar(figure.score, figure.ceiling, needed, words, title, PAPER))


@register.simple_tag
def thin_bar(part, target, width=134):
    """The bar of a domain or an item in a table row."""
    figure = part.figure
    title = sentences.bar_title(part.title, figure, target)
    return drawn(charts.thin_bar(figure.score, figure.ceiling, target, title, PAPER, width=width))


@register.simple_tag
def level_track(gap):
    words = {"level": gap.level, "target": gap.target}
    title = _("Now at level %(level)s, target level %(target)s.") % words
    return drawn(charts.level_track(gap.level, gap.target, (_("now"), _("target")), title, PAPER))


@register.simple_tag
def scatter(document):
    bands = [
        scatters.Band(_("Small effort"), _("under 5 person-days"), document.method.effort_small),
        scatters.Band(_("Medium effort"), _("5 to 20 person-days"), document.method.effort_medium),
        scatters.Band(_("Large effort"), _("more than 20 person-days"), document.method.effort_large),
    ]
    first = paper.first_gaps(document)
    named = {part.gap.key for part in first}
    marks = [
        scatters.Mark(
            rank=part.gap.rank,
            label=part.answer.code if part.gap.key in named else "",
            band="SML".index(part.gap.effort_size),
            impact=part.gap.lost * part.gap.urgency,
            blocker=part.gap.blocker,
        )
        for part in document.gaps
    ]
    after = document.gaps[len(first) :]
    line = (first[-1].gap.priority + after[0].gap.priority) / 2 if after else None
    words = (_("Impact"), _("above the line: the first %(count)s") % {"count": len(first)})
    title = _("%(gaps)s gaps by impact and effort; highest are %(codes)s.") % {
        "gaps": len(document.gaps),
        "codes": paper.codes([part.answer for part in first[:3]]),
    }
    return drawn(scatters.scatter(marks, bands, line, words, title, PAPER))


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
