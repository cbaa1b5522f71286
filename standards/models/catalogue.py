"""The requirements of a release as pages read them, kept in memory.

Texts are nine tenths of what a results page would otherwise fetch, and they change a few times a year.
"""

from functools import lru_cache

from standards.models.releases import Scoring
from standards.models.requirements import Requirement

RELEASES_KEPT = 16  # about 1 MB each; seven are shipped, and editors make more


@lru_cache(RELEASES_KEPT)
def catalogue(release_id, revision):
    """Requirement id -> `Requirement` with item, domain and own wording, in the standard's order.

    Kept for the release's `revision`: an edit of wording, weight or scoring counts it up, so a process that still holds
    the old one never reads it again. Shared by all requests of a process: for reading only.
    """
    items, found = {}, {}
    for requirement in Requirement.objects.filter(item__domain__release=release_id).in_order():
        requirement.item = items.setdefault(requirement.item_id, requirement.item)
        found[requirement.pk] = requirement
    return found


@lru_cache(RELEASES_KEPT)
def scoring_of(release_id, revision):
    """The `Scoring` in force, kept like the catalogue; the shipped one until an editor saves others."""
    return Scoring.objects.filter(release=release_id).first() or Scoring(release_id=release_id)
