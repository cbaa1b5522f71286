"""Own wording whose shipped text changed after it was written."""

from copy import copy
from dataclasses import dataclass

from standards import wordings
from standards.models import Requirement, Wording


@dataclass(frozen=True)
class Outdated:
    """`texts` are the own texts beside what is shipped today; `only_metrics` says that nothing else was shipped anew."""

    requirement: Requirement
    texts: list
    only_metrics: bool


def outdated(release):
    """The requirements of `release` an editor has to look at again, in the standard's order.

    A fingerprint of the shipped text is all that is kept of it, so which of its texts changed is not known; except for
    wording that was written before requirements had metrics, where the fingerprint without them tells.
    """
    return [
        Outdated(
            requirement=requirement,
            texts=wordings.compare(requirement, wordings.AS_SHIPPED, wordings.own_values(requirement)),
            only_metrics=without_metrics(requirement).fingerprint == requirement.wording.written_against,
        )
        for requirement in Requirement.objects.of(release).in_order().filter(wording__isnull=False)
        if requirement.wording.shipped_text_changed
    ]


def unknown(release):
    """How many own wordings do not say beside which shipped text they were written: a command or script wrote them."""
    return Wording.objects.filter(requirement__item__domain__release=release, written_against="").count()


def without_metrics(requirement):
    earlier = copy(requirement)
    earlier.metrics = ""
    return earlier
