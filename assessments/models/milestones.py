"""An assessment frozen on a day: its document, figures and PDF never change again."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from assessments.models.assessments import Assessment
from assessments.models.people import ScopedQuerySet


class MilestoneQuerySet(ScopedQuerySet):
    to_memberships = "assessment__site__organisation__memberships"


class Milestone(models.Model):
    """`document` is the text of `report.plain.as_text`, byte for byte what `sha256` was taken of. Never changed, never
    deleted; the names in it are kept even where a person has left."""

    assessment = models.ForeignKey(Assessment, models.PROTECT, related_name="milestones", editable=False)
    name = models.CharField(max_length=80, editable=False)
    taken_on = models.DateField(editable=False, help_text=_("The day at the site."))
    taken_at = models.DateTimeField(auto_now_add=True)
    taken_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", editable=False
    )
    taken_by_name = models.CharField(max_length=254, editable=False)
    document = models.TextField(editable=False)
    sha256 = models.CharField(max_length=64, editable=False, help_text=_("Of the document, in UTF-8."))
    figures = models.JSONField(
        editable=False, help_text=_("What lists, trends and comparisons print, taken from the document.")
    )
    objects = MilestoneQuerySet.as_manager()

    class Meta:
        ordering = ["-taken_at", "-pk"]

    def __str__(self):
        return self.name


class MilestoneReport(models.Model):
    """The PDF of a milestone, made once; a row of its own, so that lists never load it."""

    milestone = models.OneToOneField(Milestone, models.PROTECT, related_name="report", editable=False)
    pdf = models.BinaryField(editable=False)
    sha256 = models.CharField(max_length=64, editable=False, help_text=_("Of the PDF."))
    made_at = models.DateTimeField(auto_now_add=True)

    def __str__(self):
        return f"PDF of {self.milestone}"
