"""Percentages of milestones as they are printed."""

from django import template

from assessments.report.compare_words import percent

register = template.Library()


@register.filter
def whole(value):
    """46.7 -> 46%; a dash where nothing applied."""
    return percent(value)


@register.filter
def moved(before, after):
    """From one percentage to another: 46% → 52%, or one where they are the same."""
    old, new = percent(before), percent(after)
    return new if old == new else f"{old} → {new}"


@register.filter
def last_hash(trend):
    """The hash of the latest milestone of a document, in groups that a line can be broken between."""
    found = trend[-1].sha256
    return " ".join(found[start : start + 16] for start in range(0, len(found), 16))
