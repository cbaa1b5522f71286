"""Small words the pages of an account need."""

from django import template
from django.conf import settings
from django.utils.translation import gettext as _

from assessments.models import Organisation, Role

register = template.Library()

# Most browsers name others too, to be taken for them: the first of these that is named is the one.
BROWSERS = {
    "Edg": "Edge",
    "OPR": "Opera",
    "Firefox": "Firefox",
    "Chrome": "Chrome",
    "CriOS": "Chrome",
    "Safari": "Safari",
}
SYSTEMS = {
    "iPhone": "iPhone",
    "iPad": "iPad",
    "Android": "Android",
    "Windows": "Windows",
    "Mac OS": "macOS",
    "CrOS": "ChromeOS",
    "Linux": "Linux",
}


@register.filter
def browser(user_agent):
    """Chrome on Windows; what a browser says of itself runs to a hundred characters."""
    name = named(BROWSERS, user_agent) or _("A browser")
    system = named(SYSTEMS, user_agent)
    return _("%(browser)s on %(system)s") % {"browser": name, "system": system} if system else name


def named(known, text):
    return next((word for sign, word in known.items() if sign in text), None)


@register.filter
def role_label(role):
    return Role(role).label


@register.simple_tag
def organisations_lost_with(authenticator):
    """Those that its owner sees nothing of any more once it is removed."""
    from assessments import (
        second_factors,  # allauth is not installed where PDFs are set, and these tags are read there too
    )

    if authenticator is None or not second_factors.is_last(authenticator):
        return []
    mine = Organisation.objects.for_user(authenticator.user, any_factor=True)
    return list(mine if settings.SECOND_FACTOR == "required" else mine.filter(second_factor_required=True))


@register.simple_tag
def has_factor(user, kind):
    """Did `user` set up a second factor of that kind, "totp" or "webauthn"?"""
    return user.authenticator_set.filter(type=kind).exists()


@register.simple_tag
def strangers_sign_up():
    """May somebody without an account make one?"""
    return settings.SIGNUP == "open"
