"""What a site can show for an answer: where it lies, and the months it covers."""

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from assessments.models.answers import Answer
from assessments.models.people import ScopedQuerySet
from assessments.months import first_of, month_number
from assessments.rules import consistency


class EvidenceQuerySet(ScopedQuerySet):
    to_site = "answer__assessment__site"

    def in_force(self):
        return self.filter(removed_at=None)

    def by_answer(self):
        """Answer id -> its evidence, in one query."""
        found = {}
        for evidence in self.order_by("pk"):
            found.setdefault(evidence.answer_id, []).append(evidence)
        return found


class Evidence(models.Model):
    """A link, or a place in words. Removed ones are kept: removing can be undone."""

    answer = models.ForeignKey(Answer, models.CASCADE, related_name="evidence")
    title = models.CharField(max_length=160)
    place = models.CharField(max_length=500)
    covers_from = models.DateField(null=True, blank=True, help_text=_("First day of the first month."))
    covers_to = models.DateField(null=True, blank=True, help_text=_("First day of the last month."))
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    added_at = models.DateTimeField(auto_now_add=True)
    removed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    removed_at = models.DateTimeField(null=True)
    objects = EvidenceQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "evidence"
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(covers_from=None, covers_to=None) | Q(covers_from__lte=F("covers_to")),
                name="evidence_period_in_order",
            )
        ]

    def __str__(self):
        return self.title

    @property
    def is_link(self):
        return self.place.lower().startswith(("https://", "http://"))

    @property
    def period(self):
        """(first, last) as month numbers, or None where no period is stated."""
        return (month_number(self.covers_from), month_number(self.covers_to)) if self.covers_to else None

    def fresh_until(self, months):
        """The last month in which it still counts, `months` after the last it covers; None without a period."""
        return first_of(month_number(self.covers_to) + months) if self.covers_to else None

    def state(self, scope):
        """A word of `consistency.freshness`, or nothing without a period."""
        return consistency.freshness(self.period[1], scope) if self.covers_to else ""

    def add(self, *, by):
        """Store it as new. Raises PermissionDenied where the assessment is for reading only."""
        self._writable()
        self.added_by = by
        self.save()

    def remove(self, *, by):
        """Out of force; a second click changes nothing."""
        self._writable()
        if self.removed_at is None:
            self.removed_by, self.removed_at = by, timezone.now()
            self.save(update_fields=["removed_by", "removed_at"])

    def put_back(self):
        self._writable()
        self.removed_by = self.removed_at = None
        self.save(update_fields=["removed_by", "removed_at"])

    def _writable(self):
        if self.answer.assessment.reading_only:
            raise PermissionDenied(self.answer.assessment.reading_only)
