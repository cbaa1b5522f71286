"""What the page of a review says of one answer."""

from django import template

from assessments.rules.scoring import LEVEL_CHOICES

register = template.Library()


@register.filter
def chosen_sentence(answer):
    """The sentence of the level that was chosen, or why the requirement does not apply; empty where neither is."""
    if answer.choice in LEVEL_CHOICES:
        return answer.requirement.levels[int(answer.choice)]
    why = (answer.get_reason_display(), answer.reason_text) if answer.reason else ()
    return ": ".join(str(part) for part in why if part)


@register.filter
def of_answer(rows, pk):
    """The row of that answer in a dictionary by answer id, or None."""
    return rows.get(pk)
