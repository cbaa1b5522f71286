"""One requirement of a release, drawn once and kept.

Measured: drawn anew for every page, the 240 of a release took 110 ms. They are kept by their words, so a new wording or
release needs no clearing of anything.
"""

import re
from functools import lru_cache

from django import template
from django.template.loader import render_to_string
from django.utils.safestring import mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from standards.browsing import fold
from standards.reading import levels, pairs

register = template.Library()
KEPT = 2048  # requirements; about 3 kB each
_TAG_OR_ENTITY = re.compile(r"(<[^>]*>|&[#\w]+;)")


@register.simple_tag
def requirement(text, found, words_searched="", *, several_variants=True, leads_to_audit=True):
    """A `Text` of the `Found`, with all it opens to or the way there. What a search found is marked.

    `several_variants` and `leads_to_audit` are those of its release and standard.
    """
    row = text.requirement
    html = _requirement(
        tuple(text.words.items()),
        key=row.key,
        item=row.item.code,
        code=row.code,
        kind=row.kind,
        critical_reason=row.critical_reason if row.critical else "",
        fundamental_reason=row.fundamental_reason if row.fundamental else "",
        facts=_facts(text, several_variants),
        leads_to_audit=leads_to_audit,
        whole=row.key in found.whole,
        opened=row.key in found.opened,
        language=get_language(),
    )
    if words_searched:
        html = _marked(html, fold(words_searched).split())
    return mark_safe(html)  # noqa: S308 - escaped by the template that drew it


def _facts(text, several_variants):
    """Of whom it is asked, and what else a reader should know before opening it."""
    row = text.requirement
    facts = {
        ", ".join(variant.code for variant in row.variants.all()): several_variants,
        _("human-assisted channels only"): not row.automated,
        _("automated channels only"): not row.human,
        _("quick scan"): row.quick,
        _("fundamental"): row.fundamental,
        _("AI governance"): row.ai_governance,
        _("own wording"): text.is_own,
    }
    return tuple(fact for fact, holds in facts.items() if holds)


@lru_cache(KEPT)
def _requirement(words, *, language, **context):
    words = dict(words)
    context |= {
        "words": words,
        "levels": levels(words, context["kind"]),
        "guidance": words["guidance"].splitlines(),
        "evidence": words["evidence"].splitlines(),
        "prompts": pairs(words["prompts"]),
        "metrics": pairs(words["metrics"]),
    }
    return str(render_to_string("standards/_requirement.html", context))


def _marked(html, words):
    """Marks the words where they stand in text, never inside a tag or half of an entity."""
    hit = re.compile(
        "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True)), re.IGNORECASE
    )
    pieces = _TAG_OR_ENTITY.split(html)
    pieces[::2] = [hit.sub(r"<mark>\g<0></mark>", piece) for piece in pieces[::2]]
    return "".join(pieces)
