"""Where a standards editor works.

`is_staff` means standards editor here: every editor may change wording and scoring, and nobody hands out permission rows.
People and organisations are for superusers (assessments/admin.py). The structure of a published release - what is asked,
of whom, under which code - is closed to everybody, because assessments were answered against it. To change it, copy the
release, edit the draft, publish it.
"""

from allauth.account.decorators import secure_admin_login
from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import models
from django.db.models import Count
from django.http import HttpResponseRedirect
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from standards import drafts
from standards.editing import EditorAdmin, ForEditors, WordingPages
from standards.filters import REQUIREMENT_FILTERS, SEARCHED, ItemReleaseFilter, search_by_code
from standards.forms import CopyForm, ItemForm, RequirementForm
from standards.importing import WordingImports
from standards.models import Domain, Item, Reference, Release, Requirement, Scoring, Variant, Wording

admin.site.site_header = admin.site.site_title = "copcready"
admin.site.index_title = gettext_lazy("Standards")
admin.site.enable_nav_sidebar = False
admin.site.login = secure_admin_login(admin.site.login)  # one door, with its rate limits, for everybody


class ScoringInline(ForEditors, admin.StackedInline):
    model = Scoring
    can_delete = False
    classes = ["scoring"]

    def is_open(self, obj):
        """The arithmetic is ours: it may be tuned at any time, and its history is kept."""
        return True


class VariantInline(ForEditors, admin.TabularInline):
    model = Variant
    extra = 1  # adding works without JavaScript too


class DomainInline(ForEditors, admin.TabularInline):
    model = Domain
    extra = 1  # adding works without JavaScript too


@admin.register(Release)
class ReleaseAdmin(WordingImports, EditorAdmin):
    list_display = ["version", "standard", "status", "asked", "own_wording"]
    list_select_related = ["standard"]
    fields = ["standard", "version", "position", "status", "asked"]
    inlines = [ScoringInline, VariantInline, DomainInline]

    def get_queryset(self, request):
        return (
            super()
            .get_queryset(request)
            .prefetch_related(
                models.Prefetch("variants", Variant.objects.annotate(asks=Count("requirements")))
            )
        )

    @admin.display(description=gettext_lazy("requirements asked"))
    def asked(self, release):
        counts = ((variant.code, variant.asks) for variant in release.variants.all())
        return format_html_join(", ", "{} {}", counts)

    @admin.display(description=gettext_lazy("own wording"))
    def own_wording(self, release):
        return Wording.objects.filter(requirement__item__domain__release=release).count()

    def has_add_permission(self, request):
        """A release starts as a copy of another."""
        return False

    def has_change_permission(self, request, obj=None):
        return request.user.is_staff

    def get_readonly_fields(self, request, obj=None):
        closed = ["standard", "status", "asked"]
        return closed if self.is_open(obj) else [*closed, "version", "position"]

    def save_related(self, request, form, formsets, change):
        super().save_related(request, form, formsets, change)
        form.instance.note_edit()

    def get_urls(self):
        return self.own_urls(copy=self.copy_view, publish=self.publish_view) + super().get_urls()

    def copy_view(self, request, object_id):
        release = self.the_one(request, object_id)
        form = CopyForm(request.POST or None, release=release)
        if request.method == "POST" and form.is_valid():
            draft = drafts.copy_release(release, version=form.cleaned_data["version"])
            self.log_addition(request, draft, _("Copied from %s") % release)
            messages.success(
                request, _("%s is ready to be edited. Nobody is asked it before it is published.") % draft
            )
            return HttpResponseRedirect(self.change_url(draft))
        return self.page(request, "copy", release, _("Copy %s as a draft") % release, form=form)

    def publish_view(self, request, object_id):
        release = self.the_one(request, object_id)
        if not self.is_open(release):
            raise PermissionDenied(_("This release is published already."))
        if request.method != "POST":
            return self.page(
                request, "publish", release, _("Publish %s?") % release, asked=self.asked(release)
            )
        try:
            release.publish()
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
        else:
            release.note_edit()
            self.log_change(request, release, _("Published"))
            messages.success(request, _("%s is published. New assessments can choose it.") % release)
        return HttpResponseRedirect(self.change_url(release))

    def history_view(self, request, object_id, extra_context=None):
        release = self.the_one(request, object_id)
        edits = scoring_edits(release)
        return super().history_view(request, object_id, {"scoring_edits": edits, **(extra_context or {})})


def scoring_edits(release):
    """Who changed which constant from what to what, the newest first."""
    records = list(
        Scoring.history.filter(release_id=release.pk).select_related("history_user").order_by("-history_id")
    )
    edits = []
    for record, before in zip(records, [*records[1:], None], strict=False):
        delta = record.diff_against(before).changes if before else []
        changes = [
            (Scoring._meta.get_field(change.field).verbose_name, change.old, change.new) for change in delta
        ]
        edits.append({"record": record, "changes": changes})
    return edits


class ReferenceInline(ForEditors, admin.TabularInline):
    model = Reference
    extra = 1  # adding works without JavaScript too
    to_release = ("domain", "release")


@admin.register(Item)
class ItemAdmin(EditorAdmin):
    form = ItemForm
    to_release = ("domain", "release")
    list_display = ["code", "title", "domain", "points", "asks"]
    list_display_links = ["code", "title"]
    list_filter = [ItemReleaseFilter]
    search_fields = ["code", "title", "purpose", "references__number", "references__title"]
    ordering = ["domain__release__position", "domain__release__version", "position"]
    fields = ["domain", "code", "title", "purpose", "points", "position"]
    inlines = [ReferenceInline]

    def get_queryset(self, request):
        rows = super().get_queryset(request).select_related("domain__release__standard")
        return rows.annotate(requirement_count=Count("requirements"))

    @admin.display(description=gettext_lazy("requirements"))
    def asks(self, item):
        address = reverse("admin:standards_requirement_changelist")
        return format_html(
            '<a href="{}?release={}&amp;q={}">{}</a>',
            address, item.domain.release_id, item.code, item.requirement_count,
        )  # fmt: skip


@admin.register(Requirement)
class RequirementAdmin(WordingPages, EditorAdmin):
    form = RequirementForm
    to_release = ("item", "domain", "release")
    list_display = ["place", "statement_in_force", "weight_shown", "flags"]
    list_display_links = ["place", "statement_in_force"]
    list_filter = REQUIREMENT_FILTERS
    search_fields = SEARCHED
    search_help_text = gettext_lazy("A code such as PR6 or PR6b, or words from statement or guidance.")
    ordering = [
        "item__domain__release__position",
        "item__domain__release__version",
        "item__position",
        "position",
    ]
    fieldsets = [
        (gettext_lazy("Place"), {"fields": [("item", "letter", "position"), "key"]}),
        (gettext_lazy("Text"), {"fields": [*Requirement.WORDS[:2], "short", *Requirement.WORDS[2:]]}),
        (gettext_lazy("Scoring"), {"fields": [
            ("kind", "weight", "target_level", "effort"), "critical", "critical_reason",
            "fundamental", "fundamental_reason",
        ]}),
        (gettext_lazy("Asked of"), {"fields": ["human", "automated", "variants"]}),
    ]  # fmt: skip

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("item__domain__release__standard", "wording")

    def get_search_results(self, request, queryset, search_term):
        by_code = search_by_code(queryset, search_term)
        if by_code is not None:
            return by_code, False
        return super().get_search_results(request, queryset, search_term)

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if db_field.name == "variants":
            field.widget = forms.CheckboxSelectMultiple(choices=field.choices)
            field.help_text = ""
        return field

    @admin.display(description=gettext_lazy("code"), ordering="item__position")
    def place(self, requirement):
        return requirement.code

    @admin.display(description=gettext_lazy("statement in force"), ordering="statement")
    def statement_in_force(self, requirement):
        return requirement.words["statement"]

    @admin.display(description=gettext_lazy("weight"), ordering="weight")
    def weight_shown(self, requirement):
        return requirement.weight_in_force

    @admin.display(description=gettext_lazy("flags"), empty_value="")
    def flags(self, requirement):
        own = getattr(requirement, "wording", None)
        flags = {
            _("own wording"): own,
            _("shipped text changed since"): own and own.shipped_text_changed,
            _("critical"): requirement.critical,
            _("fundamental"): requirement.fundamental,
            _("result"): requirement.kind == Requirement.RESULT,
        }
        return format_html_join(
            " ", '<span class="tag">{}</span>', ((flag,) for flag, on in flags.items() if on)
        )

    def save_model(self, request, obj, form, change):
        super().save_model(request, obj, form, change)
        obj.item.domain.release.note_edit()
