"""How many things a release asks: by variant, domain and kind, and how many of them make the quick scan."""

from collections import Counter
from dataclasses import dataclass
from typing import NamedTuple

from django.db.models import Count
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from standards.models import Domain, Item, Requirement, Variant


@dataclass(frozen=True)
class Row:
    """One line of the table: a number for each variant, in the order of the variants, and one for all of them together."""

    name: str
    kind: str
    by_variant: list
    any_variant: int


@dataclass(frozen=True)
class Counts:
    """The table of one release. `rows` are its domains, a domain that asks for both kinds in two of them."""

    variants: list
    items: int
    rows: list
    practices: Row
    results: Row
    total: Row
    quick: Row

    @property
    def sums(self):
        """The lines below the domains; where a release asks for one kind alone, its sum would say the same twice."""
        kinds = [self.practices, self.results]
        both = all(row.any_variant for row in kinds)
        return [*kinds * both, self.total, *[self.quick] * bool(self.quick.any_variant)]

    @property
    def sentence(self):
        """What the table says, for readers who want one line."""
        number, items = self.total.any_variant, self.items
        said = [
            ngettext("%d requirement", "%d requirements", number) % number
            + " "
            + ngettext("in %d item.", "in %d items.", items) % items
        ]
        if self.practices.any_variant and self.results.any_variant:
            kinds = (self.practices.any_variant, self.results.any_variant)
            said.append(_("%d ask for a way of working, %d for a result.") % kinds)
        if len(self.variants) > 1:
            asked = zip(self.variants, self.total.by_variant, strict=True)
            said.append(
                _("Asked of %s.") % ", ".join(f"{variant.code}: {number}" for variant, number in asked)
            )
        if self.quick.any_variant:
            said.append(_("In the quick scan: %d.") % self.quick.any_variant)
        return " ".join(said)


class Cell(NamedTuple):
    """What a number counts. `variant` is an id, or None for all variants together."""

    domain: int
    kind: str
    quick: bool
    variant: int | None = None


def count(releases):
    """Release id -> `Counts`. Five queries, however many releases there are."""
    cells = _cells(releases)
    domains = list(Domain.objects.filter(release__in=releases))
    variants = list(Variant.objects.filter(release__in=releases))
    items = Counter(
        Item.objects.filter(domain__release__in=releases).values_list("domain__release_id", flat=True)
    )
    return {
        release.pk: _table(
            [variant for variant in variants if variant.release_id == release.pk],
            [domain for domain in domains if domain.release_id == release.pk],
            items[release.pk],
            cells,
        )
        for release in releases
    }


def _cells(releases):
    """`Cell` -> number of requirements."""
    asked = Requirement.objects.filter(item__domain__release__in=releases).order_by()
    together = asked.values_list("item__domain_id", "kind", "quick").annotate(Count("pk"))
    links = Requirement.variants.through.objects.filter(variant__release__in=releases)
    places = [f"requirement__{name}" for name in ("item__domain_id", "kind", "quick")]
    apart = links.values_list(*places, "variant_id").annotate(Count("pk"))
    return {Cell(*place): number for *place, number in (*together, *apart)}


def _table(variants, domains, items, cells):
    own = {cell: number for cell, number in cells.items() if cell.domain in {domain.pk for domain in domains}}
    kinds = {Requirement.PRACTICE: _("practice"), Requirement.RESULT: _("result")}
    rows = [
        _row(own, variants, domain.title, name, domain=domain.pk, kind=kind)
        for domain in domains
        for kind, name in kinds.items()
    ]
    return Counts(
        variants=variants,
        items=items,
        rows=[row for row in rows if row.any_variant],
        practices=_row(own, variants, _("All practices"), kind=Requirement.PRACTICE),
        results=_row(own, variants, _("All results"), kind=Requirement.RESULT),
        total=_row(own, variants, _("All requirements")),
        quick=_row(own, variants, _("In the quick scan"), quick=True),
    )


def _row(cells, variants, name, kind_name="", **only):
    """`only` names fields of `Cell` and the value that counts."""

    def counted(variant):
        wanted = only | {"variant": variant}
        return sum(
            number
            for cell, number in cells.items()
            if all(getattr(cell, field) == value for field, value in wanted.items())
        )

    return Row(name, kind_name, [counted(variant.pk) for variant in variants], counted(None))
