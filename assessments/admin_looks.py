"""Looks of the instance's staff at what belongs to tenants: each leaves a line in the log and a row in the activity of the
organisation that is looked at, which its owners and managers read. A look that is refused is none."""

import logging

from django.contrib import admin
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from assessments.models import Activity, Verb

access_log = logging.getLogger("copcready.access")


def changed_fields(message):
    """The names of the row's own fields that were changed, never a value; `message` is what the admin site made of the form."""
    changes = [part["changed"] for part in message if "changed" in part]
    return ", ".join(name for part in changes if "name" not in part for name in part["fields"]).lower()


class Watched(admin.ModelAdmin):
    """An admin page of tenants' rows. `to_organisations` is the path from a row to its organisation, or to those of a
    person; where it is not said, it is that of the model's own scope."""

    to_organisations = None
    view_on_site = False

    def changelist_view(self, request, extra_context=None):
        page = super().changelist_view(request, extra_context)  # refuses those who may not
        listed = getattr(page, "context_data", None) or {}
        if "cl" in listed:
            name = str(self.opts.verbose_name_plural)
            access_log.info("user %s listed %s: %s", request.user.pk, name, self._asked(request))
            self.note(request, Verb.STAFF_LISTED, name, [row.pk for row in listed["cl"].result_list])
        return page

    def change_view(self, request, object_id, form_url="", extra_context=None):
        page = super().change_view(request, object_id, form_url, extra_context)
        return self._looked_at(request, object_id, page)

    def history_view(self, request, object_id, extra_context=None):
        page = super().history_view(request, object_id, extra_context)
        return self._looked_at(request, object_id, page)

    def get_search_results(self, request, queryset, search_term):
        """A search is part of a list; the suggestions that other pages could fetch are offered by none of ours."""
        if request.resolver_match.url_name == "autocomplete":
            raise PermissionDenied(_("No page suggests these."))
        return super().get_search_results(request, queryset, search_term)

    def log_addition(self, request, obj, message):
        self.note(request, Verb.STAFF_CHANGED, self._named(obj), [obj.pk])
        return super().log_addition(request, obj, message)

    def log_change(self, request, obj, message):
        what = ": ".join(filter(None, (self._named(obj), changed_fields(message))))
        self.note(request, Verb.STAFF_CHANGED, what, [obj.pk])
        return super().log_change(request, obj, message)

    def _looked_at(self, request, object_id, page):
        """`page`, noted as a look where it shows the row; a change of it is noted as that."""
        row = self.get_object(request, unquote(object_id)) if page.status_code == 200 else None
        if row is not None:
            access_log.info("user %s viewed %s", request.user.pk, self._named(row))
            self.note(request, Verb.STAFF_LOOKED, self._named(row), [row.pk])
        return page

    def note(self, request, verb, what, ids):
        """Write it into the activity of the organisations of the rows with these ids."""
        rows = self.model._base_manager.filter(pk__in=ids).order_by()
        with transaction.atomic():
            organisations = rows.values_list(self._path(), flat=True).distinct()
            found = [pk for pk in organisations if pk is not None]
            if found:
                Activity.objects.record_in(found, verb, what, by=request.user, who=request.user.email)

    def _path(self):
        if self.to_organisations is not None:
            return self.to_organisations
        return self.model._default_manager.all().path_to_organisation

    def _named(self, row):
        """The row by its kind and number: what it holds has no place in a log."""
        return f"{self.opts.verbose_name} {row.pk}"

    @staticmethod
    def _asked(request):
        """By what the list was narrowed: names of filters. What was looked for may be somebody's address."""
        return ", ".join(sorted(request.GET)) or "all"
