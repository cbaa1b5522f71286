"""Small words templates need about levels and roles."""

from django import template
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from assessments.access import can
from assessments.models import Role
from assessments.rules.scoring import NOT_APPLICABLE, OPEN, UNKNOWN
from standards.models import Requirement

register = template.Library()


CHOICE_WORDS = {  # what a choice means, for readers who cannot see its colour
    "0": _("level 0, nothing in place"),
    "1": _("level 1, designed only"),
    "2": _("level 2, partly in use"),
    "3": _("level 3, in place"),
    UNKNOWN: _("not known"),
    NOT_APPLICABLE: _("not applicable"),
    OPEN: _("not answered"),
}
RESULT_WORDS = CHOICE_WORDS | {
    "0": _("level 0, not measured"),
    "1": _("level 1, below target"),
    "2": _("level 2, at target, not sustained"),
    "3": _("level 3, at target and sustained"),
}


@register.simple_tag
def level_chip(choice, kind=Requirement.PRACTICE):
    """The square that stands for a choice everywhere: digit and colour, ? and hatch, dash, or empty.

    `kind` is the requirement's, where the chip stands for one: levels of a result mean something else.
    """
    sign = {UNKNOWN: "?", NOT_APPLICABLE: "–", OPEN: ""}.get(choice, choice)
    return format_html(
        '<span class="level" data-choice="{}"><span aria-hidden="true">{}</span>'
        '<span class="visually-hidden">{}</span></span>',
        choice or "open",
        sign,
        (RESULT_WORDS if kind == Requirement.RESULT else CHOICE_WORDS)[choice],
    )


@register.filter
def choice_words(choice, kind=Requirement.PRACTICE):
    """What a choice means, in words, for a requirement of that kind."""
    return (RESULT_WORDS if kind == Requirement.RESULT else CHOICE_WORDS)[choice]


@register.filter
def role_name(row):
    """What the person is in the organisation that the row belongs to."""
    return Role(row.role).label


@register.filter
def may(role, ability):
    """`{% if assessment.role|may:"answer" %}`"""
    return can(role, ability)
