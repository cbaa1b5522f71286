"""A release copied as a draft, for an editor to rework and publish."""

from django.db import transaction

from standards.models import Domain, Item, Reference, Release, Requirement, Scoring, Variant


@transaction.atomic
def copy_release(release, *, version):
    """A draft of all that `release` asks. The text, weights and targets in force become the draft's own."""
    draft = Release.objects.create(standard=release.standard, version=version, position=release.position)
    Scoring(**_values(release.constants) | {"release_id": draft.pk}).save()
    variants = _copy_rows(Variant.objects.filter(release=release), lambda row: {"release_id": draft.pk})
    domains = _copy_rows(Domain.objects.filter(release=release), lambda row: {"release_id": draft.pk})
    items = _copy_rows(
        Item.objects.filter(domain__release=release), lambda row: {"domain_id": domains[row.domain_id].pk}
    )
    _copy_rows(
        Reference.objects.filter(item__domain__release=release),
        lambda row: {"item_id": items[row.item_id].pk},
    )
    requirements = _copy_rows(
        Requirement.objects.of(release).in_order(),
        lambda row: {"item_id": items[row.item_id].pk, **_in_force(row)},
    )
    asked_of = Requirement.variants.through
    asked_of.objects.bulk_create(
        asked_of(requirement=requirements[link.requirement_id], variant=variants[link.variant_id])
        for link in asked_of.objects.filter(variant__release=release)
    )
    return draft


def _in_force(requirement):
    return requirement.words | {
        "weight": requirement.weight_in_force,
        "target_level": requirement.target_in_force,
    }


def _copy_rows(originals, change):
    """Original id -> its copy, with what `change` says of the original in place of its own values."""
    originals = list(originals)
    if not originals:
        return {}
    model = type(originals[0])
    copies = model.objects.bulk_create(model(**_values(row) | change(row)) for row in originals)
    return dict(zip((row.pk for row in originals), copies, strict=True))


def _values(row):
    return {
        field.attname: getattr(row, field.attname)
        for field in row._meta.concrete_fields
        if not field.primary_key
    }
