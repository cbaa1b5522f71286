"""When something happened, as briefly as it can be said."""

from django import template
from django.utils import timezone
from django.utils.dateformat import format as formatted

register = template.Library()


@register.filter
def moment(at):
    """14:02 today, 18 November this year, 18 November 2025 otherwise; in the time zone in force."""
    at, now = timezone.localtime(at), timezone.localtime()
    if at.date() == now.date():
        return formatted(at, "H:i")
    return formatted(at, "j F" if at.year == now.year else "j F Y")
