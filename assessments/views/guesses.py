"""Addresses that are keys: whoever tries many that open nothing has to wait, while those that are right go on opening."""

from functools import partial

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
    return seconds_to_wait(f"{kind}-guess-{origin.get().address}")
