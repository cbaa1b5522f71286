"""How an editor finds a requirement: filters of the list, and search by code."""

import re

from django.contrib import admin
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from standards.models import Domain, Release, Variant, Wording
from standards.text import clean_text, whole_number

_CODE = re.compile(r"([a-z]+\d+)([a-z]{0,2})", re.IGNORECASE)


def search_by_code(requirements, term):
    """The requirements a term such as PR6 or pr6b names, or None if it names no code."""
    code = _CODE.fullmatch(term.strip())
    if not code:
        return None
    found = requirements.filter(item__code__iexact=code[1])
    return found.filter(letter__iexact=code[2]) if code[2] else found


class ReleaseFilter(admin.SimpleListFilter):
    """One release at a time, the newest published one unless another is chosen: drafts repeat every code."""

    title = gettext_lazy("release")
    parameter_name = "release"
    path = ""

    def lookups(self, request, model_admin):
        self.releases = list(Release.objects.select_related("standard"))
        return [(str(r.pk), f"{r} ({r.get_status_display()})") for r in self.releases]

    def value(self):
        chosen = super().value()
        if chosen is None:
            chosen = next((str(r.pk) for r in self.releases if r.status == Release.PUBLISHED), "all")
        return chosen

    def queryset(self, request, queryset):
        value = self.value()
        if value == "all":
            return queryset
        return queryset.filter(**{self.path: whole_number(value)})

    def choices(self, changelist):
        for value, title in [*self.lookup_choices, ("all", _("All"))]:
            yield {
                "selected": self.value() == value,
                "query_string": changelist.get_query_string({self.parameter_name: value}),
                "display": title,
            }


class ItemReleaseFilter(ReleaseFilter):
    path = "domain__release"


class RequirementReleaseFilter(ReleaseFilter):
    path = "item__domain__release"


class ByCode(admin.SimpleListFilter):
    """Domains or variants by their code, which means the same in every release."""

    model, name, path = None, "", ""

    def lookups(self, request, model_admin):
        return list(dict(self.model.objects.order_by("position").values_list("code", self.name)).items())

    def queryset(self, request, queryset):
        code = clean_text(self.value() or "")
        return queryset.filter(**{f"{self.path}__code": code}) if code else queryset


class DomainFilter(ByCode):
    title, parameter_name = gettext_lazy("domain"), "domain"
    model, name, path = Domain, "title", "item__domain"


class VariantFilter(ByCode):
    title, parameter_name = gettext_lazy("asked of"), "variant"
    model, name, path = Variant, "name", "variants"


class WordingFilter(admin.SimpleListFilter):
    title, parameter_name = gettext_lazy("wording"), "wording"

    def lookups(self, request, model_admin):
        return [
            ("own", _("Own wording")),
            ("changed", _("Shipped text changed since")),
            ("shipped", _("As shipped")),
        ]

    def queryset(self, request, queryset):
        if self.value() == "own":
            return queryset.filter(wording__isnull=False)
        if self.value() == "shipped":
            return queryset.filter(wording__isnull=True)
        if self.value() == "changed":
            return queryset.filter(pk__in=shipped_text_changed())
        return queryset


def shipped_text_changed(**lookup):
    """Ids of the requirements whose shipped text changed after their own wording was written."""
    rows = Wording.objects.filter(**lookup).select_related("requirement")
    return [row.requirement_id for row in rows if row.shipped_text_changed]


REQUIREMENT_FILTERS = [
    RequirementReleaseFilter,
    DomainFilter,
    VariantFilter,
    WordingFilter,
    "kind",
    "critical",
    "fundamental",
]
SEARCHED = ["key", "statement", "guidance", "wording__statement", "wording__guidance"]
