"""What every admin page of the standards shares, and the pages on which a published requirement gets its own wording."""

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.templatetags.admin_urls import add_preserved_filters
from django.core.paginator import Paginator
from django.db import models, transaction
from django.http import Http404, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from standards import wordings
from standards.forms import LinesField, SentenceField, WordingForm
from standards.models import Release, Requirement, Wording

VERSIONS_A_PAGE = 20
A_SENTENCE = 200  # characters from which a text gets a box of several lines


class ForEditors:
    """Open to every editor; what belongs to a published release can only be read."""

    to_release = ()
    formfield_overrides = {
        models.CharField: {"form_class": SentenceField},
        models.SlugField: {},  # a key, which has a field of its own in Django
        models.TextField: {"form_class": LinesField, "widget": forms.Textarea(attrs={"rows": 6})},
    }

    def is_open(self, obj):
        for name in self.to_release if obj else ():
            obj = getattr(obj, name)
        return obj is None or obj.status == Release.DRAFT

    def has_module_permission(self, request):
        return request.user.is_staff

    def has_view_permission(self, request, obj=None):
        return request.user.is_staff

    def has_change_permission(self, request, obj=None):
        return request.user.is_staff and self.is_open(obj)

    def has_delete_permission(self, request, obj=None):
        return request.user.is_staff and self.is_open(obj)

    def has_add_permission(self, request, obj=None):
        return request.user.is_staff and self.is_open(obj)

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        """Without the small buttons that open windows on neighbouring rows: those have pages of their own."""
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if isinstance(field, SentenceField) and field.max_length >= A_SENTENCE:
            field.widget = forms.Textarea(attrs={"rows": 2})
        if field and hasattr(field.widget, "can_add_related"):
            field.widget = field.widget.widget
        return field


class EditorAdmin(ForEditors, admin.ModelAdmin):
    actions = None  # nothing is deleted by the dozen
    list_per_page = 100

    def has_add_permission(self, request):
        """There is something to add to only while there is a draft."""
        return request.user.is_staff and Release.objects.filter(status=Release.DRAFT).exists()

    def page(self, request, template, obj, title, **context):
        """A page of our own, inside the admin site's frame."""
        context = {
            **self.admin_site.each_context(request),
            "title": title,
            "original": obj,
            "opts": self.opts,
            "change_url": self.change_url(obj),
            "list_url": self.list_url(request),
            **context,
        }
        return TemplateResponse(request, f"admin/standards/{self.opts.model_name}/{template}.html", context)

    def change_url(self, obj):
        return reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_change", args=[obj.pk])

    def list_url(self, request):
        """The list with the filters the editor came from."""
        address = reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_changelist")
        return add_preserved_filters(
            {"preserved_filters": self.get_preserved_filters(request), "opts": self.opts}, address
        )

    def the_one(self, request, object_id):
        obj = self.get_object(request, object_id)
        if obj is None:
            raise Http404
        return obj

    def own_urls(self, **views):
        """`own_urls(copy=self.copy_view)` puts copy_view under <id>/copy/, named standards_<model>_copy."""
        return [
            path(
                f"<path:object_id>/{name}/",
                self.admin_site.admin_view(view),
                name=f"{self.opts.app_label}_{self.opts.model_name}_{name}",
            )
            for name, view in views.items()
        ]


class WordingPages:
    """Own wording beside the shipped text, its history, and the way back. Mixed into the admin of requirements."""

    def get_urls(self):
        version = path(
            "<path:object_id>/history/<int:number>/",
            self.admin_site.admin_view(self.go_back_view),
            name="standards_requirement_version",
        )
        reset = path(
            "<path:object_id>/reset/<slug:name>/",
            self.admin_site.admin_view(self.reset_view),
            name="standards_requirement_reset",
        )
        return [version, reset, *super().get_urls()]

    def change_view(self, request, object_id, form_url="", extra_context=None):
        requirement = self.get_object(request, object_id)
        if requirement is None or self.is_open(requirement):
            return super().change_view(request, object_id, form_url, extra_context)
        return self.wording_view(request, requirement)

    def history_view(self, request, object_id, extra_context=None):
        requirement = self.the_one(request, object_id)
        if self.is_open(requirement):
            return super().history_view(request, object_id, extra_context)
        versions = Paginator(wordings.versions(requirement), VERSIONS_A_PAGE)
        page = versions.get_page(request.GET.get("p"))
        return self.page(request, "history", requirement, _("History"), versions=page)

    def wording_view(self, request, requirement):
        form = WordingForm(requirement=requirement)
        if request.method == "POST":
            with transaction.atomic():
                take_turns(requirement)
                form = WordingForm(request.POST, requirement=requirement)
                changed = form.is_valid() and form.save()
            if form.is_valid():
                return self.wording_saved(request, requirement, changed)
        title = requirement.words["statement"]
        return self.page(request, "wording", requirement, title, form=form, latest=form.latest)

    def wording_saved(self, request, requirement, changed):
        if changed:
            self.log_change(request, requirement, _("Own wording saved"))
            messages.success(request, _("The wording of %s is stored and in force.") % requirement.code)
        else:
            messages.info(request, _("Nothing was changed."))
        stay = "_continue" in request.POST
        return HttpResponseRedirect(self.change_url(requirement) if stay else self.list_url(request))

    def go_back_view(self, request, object_id, number):
        """Makes an earlier version the wording in force; number 0 is the shipped text. Asks first."""
        requirement = self.the_one(request, object_id)
        if self.is_open(requirement):
            raise Http404
        record = get_object_or_404(wordings.records(requirement), pk=number) if number else None
        if request.method == "POST":
            with transaction.atomic():
                take_turns(requirement)
                if request.POST.get("seen") == str(latest_number(requirement)):
                    return self.go_back(request, requirement, record)
            messages.error(
                request, _("Somebody changed the wording meanwhile. Look again at what would change.")
            )
        now = wordings.values_of(wordings.records(requirement).first())
        return self.page(
            request,
            "go_back",
            requirement,
            _("Go back to this version?") if record else _("Go back to the shipped text?"),
            record=record,
            changes=wordings.compare(requirement, now, wordings.values_of(record)),
            seen=latest_number(requirement),
        )

    def reset_view(self, request, object_id, name):
        """Sets one field back to the shipped text. Asks first."""
        requirement = self.the_one(request, object_id)
        if self.is_open(requirement) or name not in Wording.FIELDS:
            raise Http404
        if request.method == "POST":
            with transaction.atomic():
                take_turns(requirement)
                if request.POST.get("seen") == str(latest_number(requirement)):
                    return self.reset(request, requirement, name)
            messages.error(
                request, _("Somebody changed the wording meanwhile. Look again at what would change.")
            )
        now = wordings.own_values(requirement)
        return self.page(
            request,
            "reset",
            requirement,
            _("Set this text back?"),
            changes=wordings.compare(requirement, now, now | {name: None}),
            own=now[name],
            label=wordings.LABELS[name],
            seen=latest_number(requirement),
            from_list="list" in request.GET,
        )

    def reset(self, request, requirement, name):
        values, label = wordings.own_values(requirement) | {name: None}, wordings.LABELS[name]
        reason = _("%s set back to the shipped text") % label
        against = requirement.wording.written_against if hasattr(requirement, "wording") else ""
        if wordings.store(requirement, values, written_against=against, reason=reason):
            self.log_change(request, requirement, reason)
            messages.success(request, _("Done. The text you left is still in the history."))
        else:
            messages.info(request, _("That text is as shipped already. Nothing was changed."))
        if "list" in request.GET:
            release = requirement.item.domain.release
            return HttpResponseRedirect(reverse("admin:standards_release_outdated", args=[release.pk]))
        return HttpResponseRedirect(self.change_url(requirement))

    def go_back(self, request, requirement, record):
        at = record and date_format(record.history_date, "j F Y, H:i")
        reason = _("Went back to the version of %s") % at if record else ""
        against = record.written_against if record else ""
        values = wordings.values_of(record)
        if wordings.store(requirement, values, written_against=against, reason=reason):
            self.log_change(request, requirement, reason or _("Own wording removed"))
            messages.success(request, _("Done. The version you left is still in the history."))
        else:
            messages.info(request, _("That is the wording in force already. Nothing was changed."))
        return HttpResponseRedirect(self.change_url(requirement))


def latest_number(requirement):
    """The history number of the newest version, 0 where nobody ever wrote one."""
    latest = wordings.records(requirement).first()
    return latest.history_id if latest else 0


def take_turns(requirement):
    """Locks the requirement until the transaction ends: of two editors who save at once, the second sees the first."""
    Requirement.objects.select_for_update(of=("self",)).get(pk=requirement.pk)
