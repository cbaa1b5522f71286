"""The parts of a requirement that stay the same from one answer to the next, drawn once and kept.

Measured: drawn anew for every page, they were two thirds of its time. They are kept by their words, so a new wording or
release needs no clearing of anything.
"""

from functools import lru_cache

from django import template
from django.template.loader import render_to_string
from django.utils.html import escape
from django.utils.safestring import mark_safe
from django.utils.translation import get_language

from assessments.forms.answers import LEVEL_WORDS
from assessments.models import Answer
from assessments.rules.scoring import CHOICES, LEVEL_CHOICES

register = template.Library()
KEPT = 1024  # requirements; a release has about 250


@register.simple_tag
def question(row, may_answer):
    """What is asked, its radio buttons and its list of reasons, with what an `AnswerForm` shows marked."""
    requirement, shown = row.answer.requirement, row.shown
    words = requirement.words
    html = _question(
        letter=requirement.letter,
        statement=words["statement"],
        scope=words["scope"],
        critical=requirement.critical_reason if requirement.critical else "",
        fundamental=requirement.fundamental_reason if requirement.fundamental else "",
        target=str(requirement.target_in_force),
        kind=requirement.kind,
        sentences=tuple(requirement.levels),
        may_answer=may_answer,
        language=get_language(),
    )
    # A quotation mark inside a text is escaped, so what is replaced here can only be an attribute of ours.
    html = html.replace('-@"', f'-{row.answer.pk}"')
    if shown["choice"] in CHOICES:
        html = html.replace(f'value="{shown["choice"]}">', f'value="{shown["choice"]}" checked>', 1)
    if shown["reason"] in Answer.Reason.values:
        html = html.replace(f'value="{shown["reason"]}">', f'value="{shown["reason"]}" selected>', 1)
    if shown["reason_text"]:
        html = html.replace('type="text" value=""', f'type="text" value="{escape(shown["reason_text"])}"', 1)
    if "choice" in row.refused:
        html = html.replace("<select ", '<select aria-invalid="true" ', 1)
    return mark_safe(html)  # noqa: S308 - escaped by the template that drew it


@lru_cache(KEPT)
def _question(*, kind, sentences, language, **words):
    levels = list(zip(LEVEL_CHOICES, LEVEL_WORDS[kind], sentences, strict=True))
    context = {**words, "kind": kind, "levels": levels, "reasons": Answer.Reason.choices, "pk": "@"}
    return str(render_to_string("assessments/_question.html", context))


@register.simple_tag
def guidance(row):
    """How good looks, what an auditor asks to see, who must be able to explain it."""
    words = row.answer.requirement.words
    texts = (words[name] for name in ("guidance", "evidence", "prompts", "metrics"))
    return _guidance(*texts, get_language())


@lru_cache(KEPT)
def _guidance(good, evidence, prompts, metrics, language):
    context = {
        "good": good,
        "evidence": evidence.splitlines(),
        "prompts": _in_two(prompts),
        "metrics": _in_two(metrics),
    }
    return render_to_string("assessments/_guidance.html", context)


def _in_two(text):
    """What stands before and after the first colon of each line."""
    return [tuple(part.strip() for part in line.partition(":")[::2]) for line in text.splitlines()]
