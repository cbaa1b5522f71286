"""An assessment frozen on a day: its document, figures and PDF never change again."""

from datetime import timedelta
from hashlib import sha256

from django.conf import settings
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy

from assessments.models.assessments import Assessment
from assessments.models.kept import Kept, KeptQuerySet

MOMENT = timedelta(minutes=1)  # in which the same again is a double click


KEPT_BECAUSE = gettext_lazy(
    "A milestone is kept as it was taken. Nothing in it is changed or deleted; take a new one."
)


class MilestoneQuerySet(KeptQuerySet):
    to_site = "assessment__site"

    def light(self):
        """What lists and trends print, without the two columns that hold every requirement."""
        return self.defer("document", "levels")

    def leading_to(self, assessment):
        """Those of `assessment` and of every assessment whose answers it continues, the oldest first."""
        return self.filter(assessment__in=_line(assessment)).order_by("taken_on", "taken_at", "pk")

    def comparable(self, assessment):
        """Those of the same site against any release of the same standard, the newest first."""
        return self.filter(
            assessment__site=assessment.site_id, assessment__release__standard=assessment.release.standard_id
        )

    @transaction.atomic
    def freeze(self, assessment, *, name, by, document, figures, levels, taken_on, taken_at=None):
        """The milestone of `document`, a text, and True.

        `figures["content"]` says what the document holds besides milestones. Where an equal one of that name was taken
        within a minute, that one and False: a double click makes no second.
        """
        Assessment.objects.select_for_update().get(pk=assessment.pk)
        taken_at = taken_at or timezone.now()
        just_now = self.light().filter(assessment=assessment, name=name, taken_at__gt=taken_at - MOMENT)
        for twin in just_now:
            if twin.figures["content"] == figures["content"]:
                return twin, False
        milestone = self.model(
            assessment=assessment,
            name=name,
            taken_on=taken_on,
            taken_at=taken_at,
            taken_by=by,
            taken_by_name=str(by or ""),
            document=document,
            sha256=digest(document),
            figures=figures,
            levels=levels,
        )
        milestone.save(force_insert=True)
        return milestone, True


class Milestone(Kept):
    """`document` is the text of `report.plain.as_text`, byte for byte what `sha256` was taken of. Never changed, never
    deleted; the names in it are kept even where a person has left."""

    KEPT_BECAUSE = KEPT_BECAUSE

    assessment = models.ForeignKey(Assessment, models.PROTECT, related_name="milestones", editable=False)
    name = models.CharField(max_length=80, editable=False)
    taken_on = models.DateField(editable=False, help_text=gettext_lazy("The day at the site."))
    taken_at = models.DateTimeField(default=timezone.now, editable=False)
    taken_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", editable=False
    )
    taken_by_name = models.CharField(max_length=254, editable=False)
    document = models.TextField(editable=False)
    sha256 = models.CharField(
        max_length=64, editable=False, help_text=gettext_lazy("Of the document, in UTF-8.")
    )
    figures = models.JSONField(
        editable=False, help_text=gettext_lazy("What lists and trends print, taken from the document.")
    )
    levels = models.JSONField(
        editable=False,
        default=list,
        help_text=gettext_lazy("What comparisons are made from: each requirement with what was chosen."),
    )
    objects = MilestoneQuerySet.as_manager()

    class Meta:
        ordering = ["-taken_on", "-taken_at", "-pk"]

    def __str__(self):
        return self.name

    @property
    def intact(self):
        """Is the document still the one whose hash was taken?"""
        return digest(self.document) == self.sha256


class MilestoneReportQuerySet(KeptQuerySet):
    to_site = "milestone__assessment__site"

    @transaction.atomic
    def keep(self, milestone, pdf):
        """`pdf`, bytes, as the report of `milestone`; the one that is there already where there is one."""
        Milestone.objects.select_for_update().only("pk").get(pk=milestone.pk)
        made, _new = self.get_or_create(
            milestone=milestone, defaults={"pdf": pdf, "sha256": sha256(pdf).hexdigest()}
        )
        return made


class MilestoneReport(Kept):
    """The PDF of a milestone, made once; a row of its own, so that lists never load it."""

    KEPT_BECAUSE = KEPT_BECAUSE

    milestone = models.OneToOneField(Milestone, models.PROTECT, related_name="report", editable=False)
    pdf = models.BinaryField(editable=False)
    sha256 = models.CharField(max_length=64, editable=False, help_text=gettext_lazy("Of the PDF."))
    made_at = models.DateTimeField(auto_now_add=True)
    objects = MilestoneReportQuerySet.as_manager()

    def __str__(self):
        return f"PDF of {self.milestone}"

    @property
    def intact(self):
        """Is the PDF still the one whose hash was taken?"""
        return sha256(bytes(self.pdf)).hexdigest() == self.sha256


def digest(text):
    """The SHA-256 of a text in UTF-8, as 64 hexadecimal digits."""
    return sha256(text.encode("utf-8")).hexdigest()


def _line(assessment):
    """The ids of an assessment and of all it continues, its own first."""
    line = [assessment.pk]
    if assessment.previous_id is None:
        return line
    before = dict(Assessment.objects.filter(site=assessment.site_id).values_list("pk", "previous_id"))
    while (previous := before.get(line[-1])) and previous not in line:
        line.append(previous)
    return line
