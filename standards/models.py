"""What is asked: a standard's releases, their domains, items and requirements, and an instance's own wording.

Everything but `Wording` and `Scoring` is shipped as fixtures and found again by its natural key, so a release can be
loaded any number of times. What an editor changes lives in those two models, which no fixture ever touches.
"""

import hashlib
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

EFFORTS = [("S", _("small")), ("M", _("medium")), ("L", _("large"))]
LEVELS = (0, 1, 2, 3)


class NaturalKeys(models.Manager):
    """Finds a row by `natural_key_fields` of its model; `release__standard__key` and the like are followed."""

    def get_by_natural_key(self, *values):
        return self.get(**dict(zip(self.model.natural_key_fields, values, strict=True)))


class ByNaturalKey(models.Model):
    """A row that fixtures name by what it is, never by a number."""

    natural_key_fields = ()
    objects = NaturalKeys()

    class Meta:
        abstract = True

    def natural_key(self):
        value = []
        for path in self.natural_key_fields:
            found = self
            for name in path.split("__"):
                found = getattr(found, name)
            value.append(found)
        return tuple(value)


class Standard(ByNaturalKey):
    key = models.SlugField(unique=True)
    name = models.CharField(max_length=120)
    notice = models.TextField(
        help_text=_("Who owns the standard, and what these pages are not. Shown on every report.")
    )

    natural_key_fields = ("key",)

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
    revision = models.PositiveIntegerField(
        default=0,
        editable=False,
        help_text=_("Counts edits of wording, weights and scoring; readers of cached text compare it."),
    )

    natural_key_fields = ("standard__key", "version")
    objects = NaturalKeys.from_queryset(ReleaseQuerySet)()

    class Meta:
        ordering = ["position", "version"]
        constraints = [
            models.UniqueConstraint(fields=["standard", "version"], name="release_once_a_standard")
        ]

    def __str__(self):
        return f"{self.standard.name} {self.version}"

    natural_key = ByNaturalKey.natural_key
    natural_key.dependencies = ["standards.standard"]

    def publish(self):
        """Close the structure. Only a release that asks something of every variant can be published."""
        empty = self.variants.exclude(pk__in=Requirement.objects.of(self).values("variants"))
        if not self.variants.exists() or empty.exists():
            names = ", ".join(variant.code for variant in empty) or _("no variant exists")
            raise ValidationError(_("Nothing is asked yet of: %s. Nothing was published.") % names)
        self.status = self.PUBLISHED
        self.save(update_fields=["status"])

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
    implementing_results = models.PositiveSmallIntegerField(
        _("results sustained when implementing, %"), default=30, validators=[MaxValueValidator(100)]
    )
    audit_results = models.PositiveSmallIntegerField(
        _("results sustained to book the audit, %"), default=75, validators=[MaxValueValidator(100)]
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


class Item(ByNaturalKey):
    domain = models.ForeignKey(Domain, models.CASCADE, related_name="items")
    code = models.CharField(max_length=10)
    title = models.CharField(max_length=120)
    purpose = models.CharField(max_length=300)
    points = models.PositiveSmallIntegerField(
        help_text=_("Weight of the item in its domain and overall. Ours, not published points.")
    )
    position = models.PositiveSmallIntegerField(help_text=_("Order in the standard; codes do not sort."))

    natural_key_fields = ("domain__release__standard__key", "domain__release__version", "code")

    class Meta:
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["domain", "code"], name="item_once_a_domain")]

    def __str__(self):
        return f"{self.code} {self.title}"

    natural_key = ByNaturalKey.natural_key
    natural_key.dependencies = ["standards.domain"]


class Reference(ByNaturalKey):
    """The number under which another release or standard treats the same topic, where that number is published."""

    item = models.ForeignKey(Item, models.CASCADE, related_name="references")
    standard = models.CharField(max_length=120)
    number = models.CharField(max_length=20)
    title = models.CharField(max_length=160, blank=True)

    natural_key_fields = (
        "item__domain__release__standard__key",
        "item__domain__release__version",
        "item__code",
        "standard",
        "number",
    )

    class Meta:
        ordering = ["item", "standard", "number"]
        constraints = [
            models.UniqueConstraint(fields=["item", "standard", "number"], name="reference_once_an_item")
        ]

    def __str__(self):
        return f"{self.standard} {self.number}"

    natural_key = ByNaturalKey.natural_key
    natural_key.dependencies = ["standards.item"]


class RequirementQuerySet(models.QuerySet):
    def of(self, release):
        return self.filter(item__domain__release=release)

    def for_scope(self, variant, *, human, automated):
        """What a site of this variant is asked: requirements for channels it does not offer are left out."""
        channels = Q(pk__in=[])
        if human:
            channels |= Q(human=True)
        if automated:
            channels |= Q(automated=True)
        return self.filter(channels, variants=variant)

    def in_order(self):
        """With everything a page or the report needs, in the standard's order, in one query."""
        return self.select_related("item__domain", "wording").order_by("item__position", "position")


class Requirement(ByNaturalKey):
    PRACTICE, RESULT = "practice", "result"

    item = models.ForeignKey(Item, models.CASCADE, related_name="requirements")
    key = models.SlugField(
        max_length=60,
        help_text=_("Names the thing asked; the same in every release that asks the same thing."),
    )
    letter = models.CharField(max_length=2)
    position = models.PositiveSmallIntegerField()
    kind = models.CharField(
        max_length=10, choices=[(PRACTICE, _("practice")), (RESULT, _("result"))], default=PRACTICE
    )
    statement = models.CharField(
        max_length=200, help_text=_("A claim that is true or false of a site, without a full stop.")
    )
    short = models.CharField(max_length=40, help_text=_("Two to four words for side lists and charts."))
    scope = models.CharField(max_length=200, help_text=_("Where, who, how often: one sentence."))
    level_0 = models.CharField(max_length=200, help_text=_("Nothing in place, or not measured."))
    level_1 = models.CharField(
        max_length=200, help_text=_("Designed, not in use; or measured, below target.")
    )
    level_2 = models.CharField(
        max_length=200, help_text=_("Partly in use; or at target or improving, not sustained.")
    )
    level_3 = models.CharField(
        max_length=200, help_text=_("In place everywhere and evidenced; or at target and sustained.")
    )
    why = models.CharField(max_length=300, help_text=_("Why a gap here matters. Printed on the gap card."))
    first_step = models.CharField(
        max_length=300, help_text=_("What to do on Monday. Printed on the gap card.")
    )
    guidance = models.TextField(help_text=_("One sentence a line: how good looks, the usual half-way state."))
    evidence = models.TextField(help_text=_("One thing a line that an auditor asks to see."))
    prompts = models.TextField(help_text=_("One interview question a line, as 'Role: question?'"))
    weight = models.PositiveSmallIntegerField(
        default=1, validators=[MinValueValidator(1), MaxValueValidator(9)]
    )
    target_level = models.PositiveSmallIntegerField(
        default=3, validators=[MinValueValidator(1), MaxValueValidator(3)]
    )
    effort = models.CharField(
        max_length=1, choices=EFFORTS, default="M", help_text=_("Typical effort to close the gap.")
    )
    critical = models.BooleanField(default=False, help_text=_("Level 0 or 1 blocks an audit."))
    critical_reason = models.CharField(max_length=300, blank=True)
    fundamental = models.BooleanField(
        default=False, help_text=_("Forecasting, quality monitoring or coaching.")
    )
    human = models.BooleanField(_("human-assisted channels"), default=True)
    automated = models.BooleanField(_("automated channels"), default=True)
    variants = models.ManyToManyField(Variant, related_name="requirements")

    natural_key_fields = ("item__domain__release__standard__key", "item__domain__release__version", "key")
    objects = NaturalKeys.from_queryset(RequirementQuerySet)()

    WORDS = (
        "statement",
        "scope",
        "level_0",
        "level_1",
        "level_2",
        "level_3",
        "why",
        "first_step",
        "guidance",
        "evidence",
        "prompts",
    )

    class Meta:
        ordering = ["item__position", "position"]
        constraints = [
            models.UniqueConstraint(fields=["item", "key"], name="requirement_key_once_an_item"),
            models.UniqueConstraint(fields=["item", "letter"], name="requirement_letter_once_an_item"),
            models.CheckConstraint(
                condition=Q(human=True) | Q(automated=True), name="requirement_applies_to_a_channel"
            ),
            models.CheckConstraint(
                condition=Q(critical=False) | ~Q(critical_reason=""), name="requirement_critical_for_a_reason"
            ),
        ]

    def __str__(self):
        return f"{self.code} {self.statement}"

    natural_key = ByNaturalKey.natural_key
    natural_key.dependencies = ["standards.item", "standards.variant"]

    @property
    def code(self):
        return f"{self.item.code}{self.letter}"

    @cached_property
    def words(self):
        """The text in force: the instance's own where an editor wrote some, the shipped text elsewhere."""
        own = getattr(self, "wording", None)
        return {name: (own and getattr(own, name)) or getattr(self, name) for name in self.WORDS}

    @property
    def weight_in_force(self):
        own = getattr(self, "wording", None)
        return own.weight if own and own.weight else self.weight

    @property
    def target_in_force(self):
        own = getattr(self, "wording", None)
        return own.target_level if own and own.target_level else self.target_level

    @property
    def levels(self):
        """The four sentences, level 0 first."""
        return [self.words[f"level_{level}"] for level in LEVELS]

    @property
    def fingerprint(self):
        """Changes when the shipped text does, so that an editor can be told."""
        return hashlib.sha256("\n".join(getattr(self, name) for name in self.WORDS).encode()).hexdigest()


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
