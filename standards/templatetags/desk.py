"""What an editor sees first: the releases, what to look at again, and who edited last."""

from django import template
from django.db.models import Count

from standards.filters import shipped_text_changed
from standards.models import Release, Variant, Wording
from standards.wordings import REMOVED

EDITS_SHOWN = 8
TABS = ["Requirement", "Item", "Release", "User", "Organisation", "Site", "Assessment", "Answer"]

register = template.Library()


@register.simple_tag
def desk_tabs(apps):
    """The admin site's lists this person may see, in the order of the work rather than of the alphabet."""
    lists = [entry for app in apps for entry in app["models"] if entry["admin_url"]]
    return sorted(
        (entry for entry in lists if entry["object_name"] in TABS), key=lambda e: TABS.index(e["object_name"])
    )


@register.simple_tag
def desk_releases():
    """Every release with its variants' counts and the state of its own wording."""
    releases = list(Release.objects.select_related("standard"))
    variants = Variant.objects.annotate(asks=Count("requirements"))
    changed = set(shipped_text_changed())
    rows = list(Wording.objects.values_list("requirement_id", "requirement__item__domain__release_id"))
    for release in releases:
        own = [requirement for requirement, owner in rows if owner == release.pk]
        release.own_wording = len(own)
        release.to_look_at = len(changed.intersection(own))
        release.asks = [variant for variant in variants if variant.release_id == release.pk]
    return releases


@register.simple_tag
def desk_edits():
    """The last edits of wording, the newest first, each of a requirement that still exists."""
    edits = (
        Wording.history.filter(requirement__isnull=False, requirement__key__isnull=False)
        .select_related("history_user", "requirement__item")
        .order_by("-history_id")[:EDITS_SHOWN]
    )
    return [{"record": edit, "removed": edit.history_type == REMOVED} for edit in edits]
