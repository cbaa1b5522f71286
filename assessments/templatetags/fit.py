"""The verdict of a fit check that is kept with an assessment."""

from django import template

from assessments.report import fit

register = template.Library()


@register.filter
def fit_verdict(check):
    """In words; None where the questions have changed since it was attached."""
    return fit.verdict_of(check.answers)
