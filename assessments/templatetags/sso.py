"""Whether single sign-on is set up, and with whom."""

from django import template
from django.conf import settings

register = template.Library()


@register.simple_tag
def single_sign_on():
    """The provider, or None where there is none."""
    return settings.SINGLE_SIGN_ON
