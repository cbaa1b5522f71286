"""Which topics of two standards treat the same clause of a published one: our reading, theme by theme.

Both sides name the clause in a `Reference`; rows with equal standard and number belong together. Nothing here knows of
answers: who has figures for items looks them up by `item.pk` or `item.code` of the items of a theme.
"""

import re
from dataclasses import dataclass
from functools import lru_cache

from standards.models import Item, Reference

ISO_18295 = "ISO 18295"  # both parts begin with it


@dataclass(frozen=True)
class Theme:
    """One clause of a published standard, with the items of ours that treat it, in the order of their standards.

    `home` are items of the release that was asked for, `others` those of every other release.
    """

    standard: str
    number: str
    title: str
    home: tuple[Item, ...]
    others: tuple[Item, ...]

    @property
    def is_shared(self):
        """Do both sides treat it?"""
        return bool(self.home and self.others)


def references(releases, published=ISO_18295):
    """The rows of `releases` that name a clause of a published standard, with item, domain and release: one query.

    `published` is how the names of the published standard's parts begin.
    """
    rows = Reference.objects.filter(standard__startswith=published, item__domain__release__in=releases)
    return rows.select_related("item__domain__release__standard").order_by(
        "item__domain__release__standard__position", "item__domain__release__position", "item__position", "pk"
    )


@lru_cache
def treats_another(release_id, revision):
    """Does any item of the release name a clause of the published standard? Kept like the catalogue, by revision."""
    return references([release_id]).exists()


def themes(references, home):
    """Every clause that the rows name as a `Theme`, in the order of the published standard.

    `home` is the release on one side of the crosswalk; the rows of all other releases stand on the other. A clause that
    one side alone names is a theme as well: that nothing stands opposite is worth knowing.
    """
    clauses = {}
    for row in references:
        clauses.setdefault((row.standard, row.number), []).append(row)
    found = []
    for standard, number in sorted(clauses, key=_in_clause_order):
        rows = clauses[standard, number]
        here = [row for row in rows if row.item.domain.release_id == home.pk]
        there = [row for row in rows if row.item.domain.release_id != home.pk]
        title = next((row.title for row in (*there, *here) if row.title), "")
        sides = (tuple(dict.fromkeys(row.item for row in side)) for side in (here, there))
        found.append(Theme(standard, number, title, *sides))
    return found


def by_item(themes):
    """The other way round: [(item of the home release, its themes, the items of others that stand opposite)]."""
    found = {}
    for theme in themes:
        for item in theme.home:
            found.setdefault(item, []).append(theme)
    return [
        (item, its_themes, tuple(dict.fromkeys(other for theme in its_themes for other in theme.others)))
        for item, its_themes in sorted(found.items(), key=lambda pair: pair[0].position)
    ]


def _in_clause_order(clause):
    """4.10 after 4.9, and annexes after the numbered clauses."""
    standard, number = clause
    return standard, [
        (0, int(part), "") if part.isdecimal() else (1, 0, part)
        for part in re.findall(r"\d+|[^\d.\s]+", number)
    ]
