"""A numbered topic, the numbers others give it, and the single things it asks to show."""

import hashlib

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from standards.models.natural import ByNaturalKey, NaturalKeys
from standards.models.releases import Domain, Variant

EFFORTS = [("S", _("small")), ("M", _("medium")), ("L", _("large"))]
LEVELS = (0, 1, 2, 3)


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

    def clean(self):
        """An item's pages are found by its code, so no other item of the release may have it, whatever its domain.

        A database constraint cannot look through the domain at its release, so publishing asks once more.
        """
        if not (self.domain_id and self.code):
            return  # the form says already what is missing
        same = Item.objects.filter(domain__release=self.domain.release_id, code=self.code)
        if twin := same.exclude(pk=self.pk).select_related("domain").first():
            raise ValidationError(
                {
                    "code": _("This release has an item %(code)s already: %(title)s, in %(domain)s.")
                    % {"code": twin.code, "title": twin.title, "domain": twin.domain}
                }
            )

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
    evidence = models.TextField(help_text=_("One thing a line that can be asked for and that shows it."))
    prompts = models.TextField(help_text=_("One interview question a line, as 'Role: question?'"))
    metrics = models.TextField(
        blank=True,
        help_text=_("For a result: one metric a line that shows it, as 'Name: how it is worked out'."),
    )
    weight = models.PositiveSmallIntegerField(
        default=1, validators=[MinValueValidator(1), MaxValueValidator(9)]
    )
    target_level = models.PositiveSmallIntegerField(
        default=3, validators=[MinValueValidator(1), MaxValueValidator(3)]
    )
    effort = models.CharField(
        max_length=1, choices=EFFORTS, default="M", help_text=_("Typical effort to close the gap.")
    )
    critical = models.BooleanField(
        default=False,
        help_text=_("Ranks first at level 0 or 1: a blocker, or an urgent gap in a self-check."),
    )
    critical_reason = models.CharField(max_length=300, blank=True)
    fundamental = models.BooleanField(
        default=False, help_text=_("Forecasting, quality monitoring or coaching.")
    )
    fundamental_reason = models.CharField(max_length=300, blank=True)
    quick = models.BooleanField(default=False, help_text=_("Asked in the quick scan as well."))
    ai_governance = models.BooleanField(
        _("AI governance"), default=False, help_text=_("Named first where releases are compared.")
    )
    replaces = models.SlugField(
        max_length=60,
        blank=True,
        help_text=_(
            "Key of the requirement of the release before that asked for less, or for something near it."
        ),
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
        "metrics",
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
            models.CheckConstraint(
                condition=Q(fundamental=False) | ~Q(fundamental_reason=""),
                name="requirement_fundamental_for_a_reason",
            ),
        ]

    def __str__(self):
        return f"{self.code} {self.statement}"

    def clean(self):
        """Fixtures, answers of another release and the demo find a requirement by its key, whatever its item."""
        if not (self.item_id and self.key):
            return  # the form says already what is missing
        same = Requirement.objects.of(self.item.domain.release_id).filter(key=self.key)
        if twin := same.exclude(pk=self.pk).select_related("item").first():
            raise ValidationError(
                {
                    "key": _("This release has a requirement with that key already: %(code)s, %(statement)s.")
                    % {"code": twin.code, "statement": twin.statement}
                }
            )

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
        """Changes when the shipped text does, so that an editor can be told.

        An empty text is left out: a field that comes with an upgrade changes it only where it says something.
        """
        texts = (getattr(self, name) for name in self.WORDS)
        return hashlib.sha256("\n".join(filter(None, texts)).encode()).hexdigest()
