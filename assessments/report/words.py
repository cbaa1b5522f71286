"""Numbers and titles as running text and tables print them."""

from django.contrib.humanize.templatetags.humanize import apnumber
from django.utils.formats import number_format
from django.utils.translation import gettext as _


def counted(number):
    """One to nine as a word, more as figures, as running text wants it."""
    return _("none") if number == 0 else str(apnumber(number))


def in_sentence(title):
    """A title inside a sentence: its first letter small, unless it begins with an abbreviation."""
    return title if title[1:2].isupper() else title[:1].lower() + title[1:]


def decimal(value):
    """Points and priorities as every table prints them: one decimal; the arithmetic itself is never rounded."""
    return number_format(f"{value:.1f}", use_l10n=True)  # as text: of a float it would cut, not round


def factor(value):
    """A constant without needless zeros: 2, 1.5, 0.25."""
    return number_format(f"{value:g}", use_l10n=True)
