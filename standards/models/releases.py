"""A standard, its releases with the constants of their arithmetic, their variants and domains."""

from decimal import Decimal

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Count, F
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from standards.models.natural import ByNaturalKey, NaturalKeys


class Standard(ByNaturalKey):
    key = models.SlugField(unique=True)
    name = models.CharField(max_length=120)
    notice = models.TextField(
        help_text=_("Who owns the standard, and what these pages are not. Shown on every report.")
    )
    summary = models.TextField(
        blank=True, help_text=_("What it is for and whom it suits, in two or three sentences.")
    )
    leads_to_audit = models.BooleanField(
        default=True,
        help_text=_(
            "Its assessments end in a verdict on how far a site is from an audit; a self-check ends in a score."
        ),
    )
    bands = models.TextField(
        blank=True,
        help_text=_("For a self-check: names of equal bands of the score, the lowest first, one a line."),
    )
    position = models.PositiveSmallIntegerField(default=0, help_text=_("The lowest number is offered first."))

    natural_key_fields = ("key",)

    class Meta:
        ordering = ["position", "name"]

    def __str__(self):
        return self.name


class ReleaseQuerySet(models.QuerySet):
    def published(self):
        return self.filter(status=Release.PUBLISHED)


class Release(ByNaturalKey):
    DRAFT, PUBLISHED = "draft", "published"

    standard = models.ForeignKey(Standard, models.PROTECT, related_name="releases")
    version = models.CharField(max_length=20, help_text=_("As people say it: 8.0"))
    status = models.CharField(
        max_length=10,
        choices=[(DRAFT, _("draft")), (PUBLISHED, _("published"))],
        default=DRAFT,
        editable=False,
    )
    position = models.PositiveSmallIntegerField(
        default=0, help_text=_("Newest first: the lowest number is offered first.")
    )
    summary = models.TextField(
        blank=True, help_text=_("What is particular about it, and how much of its structure is public.")
    )
    revision = models.PositiveIntegerField(
        default=0,
        editable=False,
        help_text=_("Counts edits of wording, weights and scoring; readers of cached text compare it."),
    )

    natural_key_fields = ("standard__key", "version")
    objects = NaturalKeys.from_queryset(ReleaseQuerySet)()

    class Meta:
        ordering = ["standard__position", "position", "version"]
        constraints = [
            models.UniqueConstraint(fields=["standard", "version"], name="release_once_a_standard")
        ]

    def __str__(self):
        return f"{self.standard.name} {self.version}"

    natural_key = ByNaturalKey.natural_key
    natural_key.dependencies = ["standards.standard"]

    def publish(self):
        """Close the structure. Only a release that asks something of every variant, with a code of its own for each item
        and a key for each requirement, can be published."""
        empty = self.variants.exclude(requirements__item__domain__release=self)
        if not self.variants.exists() or empty.exists():
            names = ", ".join(variant.code for variant in empty) or _("no variant exists")
            raise ValidationError(_("Nothing is asked yet of: %s. Nothing was published.") % names)
        if twins := [*self._twice("items__code"), *self._twice("items__requirements__key")]:
            text = _("There more than once: %s. Pages are found by these names. Nothing was published.")
            raise ValidationError(text % ", ".join(twins))
        self.status = self.PUBLISHED
        self.save(update_fields=["status"])

    def _twice(self, name):
        """The values of the field that its items or requirements share. Forms refuse them, but not of two people at once."""
        rows = self.domains.exclude(**{name: None}).values(name).annotate(number=Count(name))
        return rows.filter(number__gt=1).order_by(name).values_list(name, flat=True)

    @property
    def constants(self):
        """The scoring constants in force; the shipped ones until an editor saves others."""
        return getattr(self, "scoring", None) or Scoring(release=self)

    def note_edit(self):
        """Every process sees the new wording or weight at its next request."""
        Release.objects.filter(pk=self.pk).update(revision=F("revision") + 1)


class Scoring(models.Model):
    """The constants of a release's arithmetic. Ours, not the standard's: the method page of the report says so."""

    release = models.OneToOneField(Release, models.CASCADE, related_name="scoring")
    practice_target = models.PositiveSmallIntegerField(
        _("target of practice domains, %"), default=80, validators=[MaxValueValidator(100)]
    )
    results_target = models.PositiveSmallIntegerField(
        _("target of the results domain, %"), default=75, validators=[MaxValueValidator(100)]
    )
    urgency_blocker = models.DecimalField(
        max_digits=4, decimal_places=2, default=2, validators=[MinValueValidator(1)]
    )
    urgency_fundamental = models.DecimalField(
        max_digits=4, decimal_places=2, default="1.5", validators=[MinValueValidator(1)]
    )
    effort_small = models.DecimalField(
        max_digits=4, decimal_places=2, default=1, validators=[MinValueValidator(Decimal("0.1"))]
    )
    effort_medium = models.DecimalField(
        max_digits=4, decimal_places=2, default=2, validators=[MinValueValidator(Decimal("0.1"))]
    )
    effort_large = models.DecimalField(
        max_digits=4, decimal_places=2, default=3, validators=[MinValueValidator(Decimal("0.1"))]
    )
    baseline_fundamentals = models.PositiveSmallIntegerField(
        _("fundamentals needed for a baseline, %"),
        default=40,
        validators=[MaxValueValidator(100)],
        help_text=_("Score over forecasting, quality monitoring and coaching alone."),
    )
    baseline_score = models.PositiveSmallIntegerField(
        _("score needed for a baseline, %"), default=30, validators=[MaxValueValidator(100)]
    )
    implementing_score = models.PositiveSmallIntegerField(
        _("score needed for implementing, %"), default=60, validators=[MaxValueValidator(100)]
    )
    implementing_blockers = models.PositiveSmallIntegerField(
        _("blockers allowed when implementing"), default=2
    )
    audit_score = models.PositiveSmallIntegerField(
        _("score needed to book the audit, %"), default=80, validators=[MaxValueValidator(100)]
    )
    audit_blockers = models.PositiveSmallIntegerField(_("blockers allowed to book the audit"), default=0)
    implementing_reached = models.PositiveSmallIntegerField(
        _("results at target or improving when implementing, %"),
        default=50,
        validators=[MaxValueValidator(100)],
    )
    audit_reached = models.PositiveSmallIntegerField(
        _("results at target or improving to book the audit, %"),
        default=90,
        validators=[MaxValueValidator(100)],
    )
    implementing_results = models.PositiveSmallIntegerField(
        _("results sustained when implementing, %"), default=30, validators=[MaxValueValidator(100)]
    )
    audit_results = models.PositiveSmallIntegerField(
        _("results sustained to book the audit, %"), default=75, validators=[MaxValueValidator(100)]
    )
    evidence_months = models.PositiveSmallIntegerField(
        _("months evidence counts"),
        default=12,
        validators=[MinValueValidator(1)],
        help_text=_(
            "After the last month it covers. What is older than about a year says little of the work of today."
        ),
    )
    sustained_months = models.PositiveSmallIntegerField(
        _("months a result is sustained over"),
        default=3,
        validators=[MinValueValidator(1)],
        help_text=_("What the evidence of a result at level 3 has to cover at least."),
    )
    history = HistoricalRecords()

    class Meta:
        verbose_name = verbose_name_plural = _("scoring")

    def __str__(self):
        return f"Scoring of {self.release}"


class Variant(ByNaturalKey):
    release = models.ForeignKey(Release, models.CASCADE, related_name="variants")
    code = models.CharField(max_length=10)
    name = models.CharField(max_length=80)
    description = models.CharField(max_length=300)
    position = models.PositiveSmallIntegerField()

    natural_key_fields = ("release__standard__key", "release__version", "code")

    class Meta:
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["release", "code"], name="variant_once_a_release")]

    def __str__(self):
        return f"{self.code}: {self.name}"

    natural_key = ByNaturalKey.natural_key
    natural_key.dependencies = ["standards.release"]


class Domain(ByNaturalKey):
    release = models.ForeignKey(Release, models.CASCADE, related_name="domains")
    code = models.CharField(max_length=10)
    title = models.CharField(max_length=80)
    purpose = models.CharField(max_length=300)
    position = models.PositiveSmallIntegerField()
    results = models.BooleanField(
        default=False, help_text=_("Asks for results rather than for ways of working.")
    )

    natural_key_fields = ("release__standard__key", "release__version", "code")

    class Meta:
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["release", "code"], name="domain_once_a_release")]

    def __str__(self):
        return self.title

    natural_key = ByNaturalKey.natural_key
    natural_key.dependencies = ["standards.release"]
