"""The rows of the grid: a whole domain, up to a hundred of them on one page.

What stays the same of a row is drawn once by a template and kept by its words, cut at the places where an answer differs;
a page only fills these places. Measured: a template loop over the same rows costs ten times as much.
"""

from datetime import date, tzinfo
from functools import lru_cache
from html import escape
from typing import NamedTuple

from django import template
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from assessments.forms.answers import LEVEL_WORDS
from assessments.models import Answer
from assessments.models.answers import VALUES
from assessments.rules.scoring import CHOICES, LEVEL_CHOICES, OPEN
from assessments.templatetags.levels import level_chip
from assessments.templatetags.moments import moment

register = template.Library()
KEPT = 1024  # requirements; a release has about 250
INVALID = ' aria-invalid="true"'
TICK = '<span class="tick" aria-hidden="true"></span>'
CUT = "\0"  # no text holds one: standards.text.clean_text drops it


class Places:
    """What a template writes where an answer differs: `{{ here.note }}`."""

    def __getitem__(self, name):
        return f"{CUT}{name}{CUT}"


HERE = Places()


@register.simple_tag(takes_context=True)
def grid_rows(context, rows):
    """The rows of `AnswerForm`s: what is asked, the choice, the note and what became of it."""
    page = {name: context[name] for name in ("may_answer", "user", "seen")} | {"now": _now()}
    return mark_safe("".join(_filled(row, page) for row in rows))  # noqa: S308 - by templates, or escaped below


@register.simple_tag
def same_for_all(name):
    """A template that says nothing of anybody: drawn once in each language."""
    return _drawn_once(name, get_language())


@lru_cache
def _drawn_once(name, language):
    return render_to_string(name)


def _filled(row, page):
    requirement = row.answer.requirement
    texts, names = _row(
        code=requirement.code,
        statement=requirement.words["statement"],
        scope=requirement.words["scope"],
        critical=requirement.critical,
        target=str(requirement.target_in_force),
        kind=requirement.kind,
        may_answer=page["may_answer"],
        language=page["now"].language,
    )
    shown = row.shown
    here = _shown(row, shown, page) | (
        _controls(row, shown, page) if page["may_answer"] else _words(row, shown)
    )
    html = [""] * (len(texts) + len(names))
    html[::2] = texts
    html[1::2] = [here.get(name, "") for name in names]
    return "".join(html)


@lru_cache(KEPT)
def _row(*, kind, language, **words):
    """The texts between the places of a row, and the names of these places."""
    levels = zip(LEVEL_CHOICES, LEVEL_WORDS[kind], strict=True)
    context = {
        **words,
        "kind": kind,
        "here": HERE,
        "levels": [(level, word, HERE[f"choice_{level}"]) for level, word in levels],
        "reasons": [(value, label, HERE[f"reason_{value}"]) for value, label in Answer.Reason.choices],
    }
    parts = str(render_to_string("assessments/_grid_row.html", context)).split(CUT)
    return parts[::2], parts[1::2]


# ---- what is filled in: place -> HTML


def _shown(row, shown, page):
    answer = row.answer
    return {
        "pk": str(answer.pk),
        "chip": _chip(answer.choice, answer.requirement.kind),
        "state": _state(row, page),
        "marks": _marks(row, page),
        "note": escape(shown["note"]),
    }


def _controls(row, shown, page):
    choice = shown["choice"] if shown["choice"] in CHOICES else OPEN
    return {
        f"choice_{choice}": " selected",
        f"reason_{shown['reason']}": " selected",
        "reason_text": escape(shown["reason_text"]),
        "choice_version": escape(str(shown["choice_version"])),
        "note_version": escape(str(shown["note_version"])),
        "locked": " disabled" if row.answer.shown is not None else "",
        "choice_refused": INVALID if "choice" in row.refused else "",
        "note_refused": INVALID if "note" in row.refused else "",
        "choice_conflict": _conflict(row, "choice", page),
        "note_conflict": _conflict(row, "note", page),
    }


def _words(row, shown):
    return {"words": escape(row.in_words({name: shown[name] for name in VALUES[Answer.CHOICE]}))}


_chip = lru_cache(level_chip)


def _marks(row, page):
    """What was answered last time, and what the page of the item tells more of; most rows have nothing of it."""
    answer, seen = row.answer, page["seen"].get(row.answer.pk, "")
    if not (answer.flagged or seen or row.last_time):
        return ""
    requirement = answer.requirement
    html = _marked(answer.flagged, seen, row.last_time, requirement.kind, page["now"].language)
    if not (answer.flagged or seen):
        return html
    address = reverse("item", args=[answer.assessment_id, requirement.item.code]) + f"#{requirement.letter}"
    return html.replace(HERE["address"], escape(address)).replace(HERE["code"], escape(requirement.code))


@lru_cache
def _marked(flagged, seen, last_time, kind, language):
    context = {"flagged": flagged, "seen": seen, "last_time": last_time, "kind": kind, "here": HERE}
    return str(render_to_string("assessments/_grid_marks.html", context))


def _conflict(row, name, page):
    if name not in row.conflicts:
        return f'<div id="conflict-{name}-{row.answer.pk}" hidden></div>'
    conflict = {"row": row, "name": name, "conflict": row.conflicts[name], "user": page["user"]}
    return render_to_string("assessments/_conflict.html", conflict)


def _state(row, page):
    """What `_answer_state.html` says, without drawing it for every row; only what went wrong is left to it."""
    if row.status != 200:
        return render_to_string("assessments/_answer_state.html", {"row": row, "user": page["user"]})
    answer = row.answer
    if answer.carried:
        words = _("Carried over, not confirmed yet.") + (_confirm(answer) if page["may_answer"] else "")
    elif answer.follows_metrics and not answer.noted_at:
        words = TICK + _("Follows from the metrics")
    elif not answer.saved_at:
        words = _("Not answered yet")
    else:
        words = _saved(answer.saved_at, _name(row.saved_by, page["user"]), not answer.choice, page["now"])
    return f'<p class="save-state" id="state-{answer.pk}">{words}</p>'


def _confirm(answer):
    code = escape(answer.requirement.code)
    return (
        f' <button type="submit" class="link confirm" name="confirm-{answer.pk}" value="1">{_("Confirm")}'
        f'<span class="visually-hidden"> {code}</span></button>'
    )


def _name(by, user):
    """Who saved, or None where it is the reader; empty for somebody who has left."""
    return None if by == user else str(by or "")


class Now(NamedTuple):
    """What the words for a moment depend on."""

    day: date
    zone: tzinfo
    language: str


def _now():
    return Now(timezone.localdate(), timezone.get_current_timezone(), get_language())


@lru_cache(4 * KEPT)
def _saved(at, by, is_open, now):
    when = moment(at)
    if is_open:
        words = _("Note saved %(when)s, not answered yet") % {"when": when}
    elif by is None:
        words = _("Saved %(when)s") % {"when": when}
    elif by:
        words = _("Saved %(when)s by %(by)s") % {"when": when, "by": by}
    else:
        words = _("Saved %(when)s by somebody who has left") % {"when": when}
    return TICK + escape(words)
