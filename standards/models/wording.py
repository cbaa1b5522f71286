"""What an instance says in words of its own."""

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from standards.models.releases import Release
from standards.models.requirements import Requirement


class Wording(models.Model):
    """An instance's own text, weight or target for one requirement. An empty field means: as shipped."""

    requirement = models.OneToOneField(Requirement, models.CASCADE, related_name="wording")
    statement = models.CharField(max_length=200, blank=True)
    scope = models.CharField(max_length=200, blank=True)
    level_0 = models.CharField(max_length=200, blank=True)
    level_1 = models.CharField(max_length=200, blank=True)
    level_2 = models.CharField(max_length=200, blank=True)
    level_3 = models.CharField(max_length=200, blank=True)
    why = models.CharField(max_length=300, blank=True)
    first_step = models.CharField(max_length=300, blank=True)
    guidance = models.TextField(blank=True)
    evidence = models.TextField(blank=True)
    prompts = models.TextField(blank=True)
    metrics = models.TextField(blank=True)
    weight = models.PositiveSmallIntegerField(
        null=True, blank=True, validators=[MinValueValidator(1), MaxValueValidator(9)]
    )
    target_level = models.PositiveSmallIntegerField(
        null=True, blank=True, validators=[MinValueValidator(1), MaxValueValidator(3)]
    )
    written_against = models.CharField(
        max_length=64,
        blank=True,
        editable=False,
        help_text=_("Fingerprint of the shipped text this was written beside."),
    )
    history = HistoricalRecords()

    FIELDS = (*Requirement.WORDS, "weight", "target_level")

    class Meta:
        verbose_name = _("own wording")
        verbose_name_plural = _("own wording")

    def __str__(self):
        return f"Own wording of {self.requirement}"

    def get_absolute_url(self):
        return reverse("admin:standards_requirement_change", args=[self.requirement_id])

    @property
    def shipped_text_changed(self):
        return bool(self.written_against) and self.written_against != self.requirement.fingerprint

    @property
    def changed_fields(self):
        """Names of the fields in which this differs from the shipped requirement."""
        return [
            name
            for name in self.FIELDS
            if getattr(self, name) and getattr(self, name) != getattr(self.requirement, name)
        ]


class WordingImport(models.Model):
    """One workbook of own wording, applied in one go and undone in one go."""

    release = models.ForeignKey(Release, models.CASCADE, related_name="wording_imports")
    file_name = models.CharField(max_length=200)
    changes = models.JSONField(
        help_text=_("Requirement key -> field -> [own text before, own text after]; empty means as shipped.")
    )
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(auto_now_add=True)
    undone_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    undone_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-at", "-pk"]
        verbose_name = _("wording import")

    def __str__(self):
        return f"{self.file_name}, {self.release}"
