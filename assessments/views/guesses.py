"""Addresses that are keys: whoever tries many that open nothing has to wait, while those that are right go on opening."""

from functools import partial
from ipaddress import ip_network

from django.db import transaction

from assessments.forms.answers import patiently
from assessments.models.activity import origin
from assessments.models.tokens import seconds_to_wait


def wait_after_guess(kind):
    """Count an address of that kind that opened nothing, for whoever asks. Returns 0 or the seconds to wait."""
    return patiently(partial(_count, kind))


@transaction.atomic
def _count(kind):
    """Two of the same moment may count as one: 256 random bits stand behind this."""
    return seconds_to_wait(f"{kind}-guess-{line_of(origin.get().address)}")


def line_of(address):
    """Whose guesses count together: those from one address, and of IPv6 from all addresses of a /64, which is what one line
    gets. allauth counts tries to sign in alike."""
    return ip_network((address, 64), strict=False) if address and ":" in address else address
