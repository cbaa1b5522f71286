"""Readings, one a period and metric, each change of them kept."""

from dataclasses import dataclass
from datetime import date

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from assessments.models.assessments import Assessment
from assessments.models.metrics import Metric
from assessments.models.origin import current_address
from assessments.models.people import ScopedQuerySet
from assessments.models.sites import Site

FIGURES = ("numerator", "denominator", "value")
FIELDS = (*FIGURES, "note")
LARGEST = 1e12  # no contact centre counts further
EARLIEST = date(2000, 1, 1)  # an older month is a slip, and pages list every month since the first reading


class ReadingQuerySet(ScopedQuerySet):
    to_site = "metric__site"

    def as_stored(self, metrics, months):
        """(metric id, month) -> `Reading` of those that exist."""
        found = self.filter(metric__in=metrics, month__in=months).select_related("by")
        return {(reading.metric_id, reading.month): reading for reading in found}


class Reading(models.Model):
    """One period's figure. `month` is the first day of the period's last month; `value` is in the metric's unit, and None
    while a count is missing. `version` counts every change."""

    metric = models.ForeignKey(Metric, models.CASCADE, related_name="readings")
    month = models.DateField()
    numerator = models.FloatField(null=True)
    denominator = models.FloatField(null=True)
    value = models.FloatField(null=True)
    note = models.CharField(max_length=500, blank=True)
    source = models.CharField(max_length=200, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    version = models.PositiveIntegerField(default=0)
    objects = ReadingQuerySet.as_manager()

    class Meta:
        ordering = ["month"]
        constraints = [models.UniqueConstraint(fields=["metric", "month"], name="reading_once_a_month")]

    def __str__(self):
        return f"{self.metric}, {self.month:%B %Y}: {self.value}"

    @property
    def standing(self):
        """What it holds, as JSON keeps it."""
        return {name: getattr(self, name) for name in FIELDS}


class ReadingRevision(models.Model):
    """One change of one reading. Only ever added to."""

    reading = models.ForeignKey(Reading, models.CASCADE, related_name="revisions")
    version = models.PositiveIntegerField()
    values = models.JSONField()
    source = models.CharField(max_length=200, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    address = models.GenericIPAddressField(null=True, default=current_address, editable=False)

    class Meta:
        ordering = ["version"]
        indexes = [models.Index(fields=["-at", "-id"], name="reading_save_newest_first")]
        constraints = [
            models.UniqueConstraint(fields=["reading", "version"], name="reading_revision_once_a_version")
        ]

    def __str__(self):
        return f"{self.reading_id} version {self.version}"


@dataclass(frozen=True)
class Entry:
    """What somebody enters for a metric and month. `values` maps names of FIELDS to what they become; what it does not
    name stays. `version` is the one the sender saw; None where whatever stands there is to be replaced."""

    metric: Metric
    month: date
    values: dict
    version: int | None = None


@dataclass(frozen=True)
class Recorded:
    """`saved` are the readings that changed; `conflicts` pairs of an entry and the reading that somebody else changed;
    `before` maps (metric id, month) to the `Reading.standing` that was replaced, None where there was nothing."""

    saved: tuple
    conflicts: tuple
    before: dict


def check(entry, day):
    """Raises ValidationError with a sentence where `entry` cannot be a reading of its metric on `day`."""
    metric, values = entry.metric, entry.values
    if entry.month < EARLIEST:
        raise ValidationError(_("Figures can be entered from January 2000 on."))
    if entry.month != metric.month_of(metric.period_of(entry.month)):
        raise ValidationError(_("%(metric)s is not measured in that month.") % {"metric": metric})
    if metric.period_of(entry.month) > metric.period_of(day) or (
        metric.every == 1 and entry.month.replace(day=1) >= day.replace(day=1)
    ):
        raise ValidationError(_("That month is not over yet, so there is no figure to enter."))
    for name in FIGURES:
        figure = values.get(name)
        if figure is not None and not abs(figure) <= LARGEST:
            raise ValidationError(_too_large())
    if metric.is_ratio:
        _check_counts(metric, values)


def _check_counts(metric, values):
    numerator, denominator = values.get("numerator"), values.get("denominator")
    if any(count is not None and count < 0 for count in (numerator, denominator)):
        raise ValidationError(_("A count cannot be below 0."))
    if denominator == 0 and numerator:
        raise ValidationError(_("Out of 0 there is nothing to count."))
    rate = metric.worked_out(numerator, denominator)
    if rate is not None and not abs(rate) <= LARGEST:  # out of next to nothing, it may even be infinite
        raise ValidationError(_too_large())


def _too_large():
    return _("That figure is too large to be one.")


def record(site, entries, *, by, source=""):
    """Save `entries` (checked) of metrics of `site` in one transaction, and let the levels follow. Returns `Recorded`.

    Only what the sender changed since `version` is saved; where somebody else changed the same figure meanwhile into
    something else, the entry is a conflict, and the others are saved all the same. A thousand entries take as many
    queries as one.
    """
    with transaction.atomic():
        Site.objects.select_for_update().get(pk=site.pk)  # saves of one site take turns
        stored = Reading.objects.as_stored(
            {entry.metric.pk for entry in entries}, {entry.month for entry in entries}
        )
        seen = _as_seen(entries, stored, by, source)
        changed, conflicts, before = {}, [], {}
        for entry in entries:
            place = entry.metric.pk, entry.month
            reading = stored.get(place) or Reading(month=entry.month)
            reading.metric = entry.metric  # it is asked below what it shows: no query for each
            was = seen.get(place, reading.standing)
            touched = {name: value for name, value in entry.values.items() if value != was[name]}
            if any(reading.standing[name] not in (was[name], value) for name, value in touched.items()):
                conflicts.append((entry, reading))
                continue
            values = _whole(entry.metric, reading.standing | touched)
            if values != reading.standing:
                before[place] = reading.standing if reading.pk else None
                _set(reading, values, by, source)
                changed[place] = reading
        _store(list(changed.values()))
        if any(reading.metric.shows for reading in changed.values()):
            Assessment.objects.follow_metrics(site)
    return Recorded(tuple(changed.values()), tuple(conflicts), before)


def _as_seen(entries, stored, by, source):
    """(metric id, month) -> what the sender of an entry saw there, where that is not what is stored.

    What the sender saved after that version counts as seen: the reply to it may have got lost on the way.
    """
    stale = {}
    for entry in entries:
        reading = stored.get((entry.metric.pk, entry.month))
        if reading and entry.version is not None and entry.version != reading.version:
            stale[reading.pk] = (entry.metric.pk, entry.month), entry.version
    if not stale:
        return {}
    held = {place: Reading().standing for place, _version in stale.values()}
    for row in ReadingRevision.objects.filter(reading__in=stale).order_by("version"):
        place, version = stale[row.reading_id]
        own = by is not None and row.by_id == by.pk and row.source == source
        if row.version == version or (row.version > version and own):
            held[place] = row.values
    return held


def _whole(metric, values):
    if metric.is_ratio:
        values["value"] = metric.worked_out(values["numerator"], values["denominator"])
    return values


def _set(reading, values, by, source):
    for name, value in values.items():
        setattr(reading, name, value)
    reading.version += 1
    reading.by, reading.at, reading.source = by, timezone.now(), source


def _store(readings):
    """The changed rows and a revision each. Known rows are inserted over themselves: `bulk_update` took 23 s for 5,000."""
    known = [reading for reading in readings if reading.pk]
    Reading.objects.bulk_create(reading for reading in readings if not reading.pk)
    Reading.objects.bulk_create(
        known,
        update_conflicts=True,
        unique_fields=["pk"],
        update_fields=[*FIELDS, "version", "by", "at", "source"],
    )
    ReadingRevision.objects.bulk_create(
        ReadingRevision(
            reading=reading,
            version=reading.version,
            values=reading.standing,
            source=reading.source,
            by=reading.by,
            at=reading.at,
        )
        for reading in readings
    )
