"""A fit check kept beside the assessment that followed it."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from assessments.models.assessments import Assessment
from assessments.models.people import ScopedQuerySet


class FitCheckQuerySet(ScopedQuerySet):
    to_memberships = "assessment__site__organisation__memberships"


class FitCheck(models.Model):
    """What was answered in the fit check. The verdict is worked out from it: one formula, and a rule mended is mended here."""

    assessment = models.OneToOneField(Assessment, models.CASCADE, related_name="fit_check")
    answers = models.JSONField(help_text=_("Question -> the choice made."))
    attached_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    attached_at = models.DateTimeField(auto_now=True)
    objects = FitCheckQuerySet.as_manager()

    def __str__(self):
        return f"Fit check of {self.assessment}"
