"""One requirement on the item page.

Measured, drawn anew for every page the requirements were two thirds of its time, although nearly all of one stays the same
from one answer to the next. So it is drawn once with marked places for what changes, kept in pieces by its words, and put
together for each answer. A new wording or release needs no clearing of anything.
"""

import re
from functools import lru_cache

from django import template
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.html import escape
from django.utils.safestring import mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from assessments.forms.answers import LEVEL_WORDS
from assessments.models import Answer
from assessments.rules.scoring import CHOICES, LEVEL_CHOICES, OPEN

register = template.Library()
KEPT = 1024  # requirements; a release has about 250
PLACE = re.compile("\x01([\\w-]+)\x02")  # control characters: no text that was ever cleaned holds any


@register.filter
def place_of(kind, value):
    """`{{ "choice"|place_of:"2" }}` marks the place of what is said of one choice or reason."""
    return Places()[f"{kind}_{value}"]


class Places:
    """`{{ place.note }}` in the template marks where the note of each answer goes."""

    def __getitem__(self, name):
        return mark_safe(f"\x01{name}\x02")  # noqa: S308 - a mark of ours


PK = Places()["pk"]


@register.simple_tag(takes_context=True)
def requirement(context, row):
    """What is asked, its controls with what an `AnswerForm` shows in them, and the tools below."""
    asked, may_answer = row.answer.requirement, context["may_answer"]
    words = asked.words
    pieces = _pieces(
        letter=asked.letter,
        statement=words["statement"],
        scope=words["scope"],
        critical=asked.critical_reason if asked.critical else "",
        fundamental=asked.fundamental_reason if asked.fundamental else "",
        target=str(asked.target_in_force),
        kind=asked.kind,
        sentences=tuple(asked.levels),
        texts=tuple(words[name] for name in ("guidance", "evidence", "prompts", "metrics")),
        leads_to_audit=row.answer.assessment.release.standard.leads_to_audit,
        may_answer=may_answer,
        has_note=may_answer or bool(row.answer.note),
        language=get_language(),
    )
    changing = _changing(context, row)
    return mark_safe(  # noqa: S308 - the pieces come from a template, and what goes between them is escaped below
        "".join(changing.get(piece, "") if number % 2 else piece for number, piece in enumerate(pieces))
    )


@lru_cache(KEPT)
def _pieces(*, kind, sentences, texts, language, **words):
    """The requirement as drawn, split at its places: text, name of a place, text, and so on."""
    good, evidence, prompts, metrics = texts
    context = {
        **words,
        "kind": kind,
        "levels": list(zip(LEVEL_CHOICES, LEVEL_WORDS[kind], sentences, strict=True)),
        "reasons": Answer.Reason.choices,
        "good": good,
        "evidence": evidence.splitlines(),
        "prompts": _in_two(prompts),
        "metrics": _in_two(metrics),
        "place": Places(),
        "pk": PK,
        "assign_url": reverse("answer-assign", args=[0]).replace("0", PK),
        "evidence_url": reverse("evidence", args=[0]).replace("0", PK),
        "comments_url": reverse("answer-comments", args=[0]).replace("0", PK),
        "history_url": reverse("answer-history", args=[0]).replace("0", PK),
    }
    return PLACE.split(str(render_to_string("assessments/_answer.html", context)))


def _in_two(text):
    """What stands before and after the first colon of each line."""
    return [tuple(part.strip() for part in line.partition(":")[::2]) for line in text.splitlines()]


def _changing(context, row):
    """Name of a place -> what goes there for this answer, escaped."""
    answer, shown = row.answer, row.shown
    changing = {
        "pk": str(answer.pk),
        "folded": " is-folded" if answer.choice else "",
        "choice_version": escape(shown["choice_version"]),
        "note_version": escape(shown["note_version"]),
        "reason_text": escape(shown["reason_text"]),
        "note": escape(shown["note"]),
        "note_open": " open"
        if shown["note"] or {"note"} & (row.refused.keys() | row.conflicts.keys())
        else "",
        "for": escape(_("For %(person)s") % {"person": answer.assignee} if answer.assignee else _("Assign")),
        "evidence_word": _("Evidence, %s") % len(row.held) if row.held else _("Evidence"),
        "comments": escape(_comments(len(context.get("threads", {}).get(answer.pk, ())))),
        "no_history": "" if answer.version else " hidden",
        "state": _drawn(context, "_answer_state", row=row),
        "flag": _flag(answer.requirement.letter, answer.flagged, get_language()).replace(PK, str(answer.pk)),
    }
    if shown["choice"] in CHOICES and shown["choice"] != OPEN:
        changing[f"choice_{shown['choice']}"] = " checked"
    if shown["reason"] in Answer.Reason.values:
        changing[f"reason_{shown['reason']}"] = " selected"
    for name in row.refused:
        changing[f"{name}_invalid"] = ' aria-invalid="true"'
    for field in Answer.FIELDS:
        changing[f"conflict_{field}"] = f'<div id="conflict-{field}-{answer.pk}" hidden></div>'
        if conflict := row.conflicts.get(field):
            changing[f"conflict_{field}"] = _drawn(
                context, "_conflict", row=row, name=field, conflict=conflict
            )
    if answer.shown is not None:
        changing["locked"] = " disabled" if context["may_answer"] else ""
        shown = context["shown"].get(answer.requirement.key)
        changing["metrics"] = _drawn(context, "_answer_metrics", answer=answer, shown=shown)
    if row.held:
        changing["evidence"] = _drawn(context, "_evidence_held", held=row.held)
    if finding := context.get("findings", {}).get(answer.pk):
        changing["review"] = _drawn(context, "_finding", finding=finding, answer=answer)
    if row.last_time:
        previous = answer.assessment.previous
        at, kind = previous.saved_at or previous.started_at, answer.requirement.kind
        changing["last_time"] = _drawn(context, "_last_time", at=at, choice=row.last_time, kind=kind)
    return changing


def _comments(count):
    return _("Comments, %(count)d") % {"count": count} if count else _("Comments")


@lru_cache
def _flag(letter, flagged, language):
    return render_to_string("assessments/_answer_flag.html", {"pk": PK, "letter": letter, "flagged": flagged})


def _drawn(context, name, /, **values):
    """A small template of the page, with the user and role of its context."""
    found = context.template.engine.get_template(f"assessments/{name}.html")
    with context.push(**values):
        return found.render(context)
