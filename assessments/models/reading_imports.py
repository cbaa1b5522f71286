"""Readings that came in from a file: what the file says, what was applied of it, and the way back."""

from datetime import date, timedelta

from django.conf import settings
from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assessments.models.activity import Activity, Verb
from assessments.models.metrics import Metric
from assessments.models.people import ScopedQuerySet
from assessments.models.readings import Entry, Reading, record
from assessments.models.sites import Site

WAITS = timedelta(days=1)  # a dry run that nobody applied by then is thrown away
NOTHING = Reading().standing  # what stands where nothing was entered
SOURCE_LIMIT = Reading._meta.get_field("source").max_length


class ReadingImportQuerySet(ScopedQuerySet):
    to_site = "site"

    def applied(self):
        return self.exclude(applied_at=None)

    @transaction.atomic
    def begin(self, *, site, by, **fields):
        """A dry run. It takes the place of the one that `by` had open before, so that files are not piled up unread."""
        waiting = self.filter(site=site, applied_at=None)
        waiting.filter(Q(by=by) | Q(at__lt=timezone.now() - WAITS)).delete()
        return self.create(site=site, by=by, **fields)


class ReadingImport(models.Model):
    """One file of readings: first a dry run, then applied in one go, and undone in one go.

    What the file `said` has `found`, a list of `{"metric": id, "month": "2026-10-01", "values": {...}, "place": "C7"}`,
    `problems`, pairs of a place and a sentence, and `notes`, sentences. A change that was applied has `metric` and
    `month`, `before` and `after` (see `Reading.standing`; null where there was nothing), the `version` it was saved as
    and, once it went back, `undone`.
    """

    site = models.ForeignKey(Site, models.CASCADE, related_name="reading_imports")
    file_name = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64, help_text=gettext_lazy("Of the bytes of the file."))
    said = models.JSONField(help_text=gettext_lazy("What the file says, until it is applied."))
    changes = models.JSONField(default=list, help_text=gettext_lazy("What was applied of it."))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(auto_now_add=True)
    applied_at = models.DateTimeField(null=True)
    undone_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    undone_at = models.DateTimeField(null=True)
    objects = ReadingImportQuerySet.as_manager()

    class Meta:
        ordering = ["-at", "-pk"]

    def __str__(self):
        return f"{self.file_name}, {self.site}"

    def take_turns(self):
        """Lock the site, as every save of readings does, and read the import again. Call it in the transaction of the change."""
        site = Site.objects.select_for_update().get(pk=self.site_id)
        self.refresh_from_db()
        self.site = site

    def apply(self, entries, *, by):
        """Save `entries` (checked, with the versions that stand there now). Call it after `take_turns`."""
        recorded = record(self.site, entries, by=by, source=self.file_name)
        self.changes = [
            {
                "metric": reading.metric_id,
                "month": reading.month.isoformat(),
                "before": recorded.before[reading.metric_id, reading.month],
                "after": reading.standing,
                "version": reading.version,
            }
            for reading in recorded.saved
        ]
        self.by, self.applied_at, self.said = by, timezone.now(), {}
        self.save()

    def in_two(self):
        """Its changes in two lists: those whose reading still is as it was applied, and those saved by somebody since."""
        months = {date.fromisoformat(change["month"]) for change in self.changes}
        stored = Reading.objects.as_stored({change["metric"] for change in self.changes}, months)
        versions = {(metric, month.isoformat()): each.version for (metric, month), each in stored.items()}
        still = {True: [], False: []}
        for change in self.changes:
            place = change["metric"], change["month"]
            if place in versions:
                still[versions[place] == change["version"]].append(change)
        return still[True], still[False]

    @transaction.atomic
    def undo(self, *, by):
        """Put back what stood before, but for what was saved since. False where that was done already."""
        self.take_turns()
        if self.undone_at:
            return False
        back, _since = self.in_two()
        metrics = Metric.objects.in_bulk({change["metric"] for change in back})
        entries = [_back(metrics[change["metric"]], change) for change in back]
        record(self.site, entries, by=by, source=(_("Undo of %s") % self.file_name)[:SOURCE_LIMIT])
        for change in back:
            change["undone"] = True
        self.undone_by, self.undone_at = by, timezone.now()
        self.save()
        Activity.objects.record(
            self.site.organisation_id, Verb.READINGS_IMPORT_UNDONE, self.file_name, by=by, site=self.site
        )
        return True


def _back(metric, change):
    month = date.fromisoformat(change["month"])
    return Entry(metric, month, change["before"] or NOTHING, change["version"])
