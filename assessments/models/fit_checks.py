"""A fit check kept beside the assessment that followed it."""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from assessments.models.assessments import Assessment
from assessments.models.people import ScopedQuerySet


class FitCheckQuerySet(ScopedQuerySet):
    to_site = "assessment__site"

    @transaction.atomic
    def attach(self, assessment, answers, *, by):
        """Keep `answers` with `assessment`, and give the check whose place they took, or None."""
        self._hold(assessment)
        before = self.filter(assessment=assessment).first()
        self.update_or_create(assessment=assessment, defaults={"answers": answers, "attached_by": by})
        return before

    @transaction.atomic
    def detach(self, assessment):
        """Remove the check kept with `assessment`, and give it, or None."""
        self._hold(assessment)
        check = self.filter(assessment=assessment).first()
        if check:
            check.delete()
        return check

    def _hold(self, assessment):
        """A move hands the check on: it waits until this is done, or raises ValidationError where it was first."""
        stored = Assessment.objects.select_for_update().get(pk=assessment.pk)
        if stored.reading_only:
            raise ValidationError(stored.reading_only)


class FitCheck(models.Model):
    """What was answered in the fit check. The verdict is worked out from it: one formula, and a rule mended is mended here."""

    assessment = models.OneToOneField(Assessment, models.CASCADE, related_name="fit_check")
    answers = models.JSONField(help_text=_("Question -> the choice made."))
    attached_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    attached_at = models.DateTimeField(auto_now=True)
    objects = FitCheckQuerySet.as_manager()

    def __str__(self):
        return f"Fit check of {self.assessment}"
