"""A place that is assessed."""

from zoneinfo import ZoneInfo

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from assessments.models.people import Organisation, ScopedQuerySet


class Channel(models.TextChoices):
    """How customers reach a site, and whether a person or a machine answers."""

    PHONE = "phone", _("Phone")
    OUTBOUND = "outbound", _("Outbound calls")
    EMAIL = "email", _("E-mail and letters")
    CHAT = "chat", _("Live chat")
    MESSAGING = "messaging", _("Messaging apps")
    SOCIAL = "social", _("Social media")
    CASES = "cases", _("Back-office cases")
    VOICE_MENU = "voice-menu", _("Voice menu (self-service)")
    VOICEBOT = "voicebot", _("Voice bot")
    CHATBOT = "chatbot", _("Chatbot")
    SELF_SERVICE = "self-service", _("App and web self-service")
    ROBOTS = "robots", _("Process automation (RPA)")

    @classmethod
    def automated(cls):
        return [cls.VOICE_MENU, cls.VOICEBOT, cls.CHATBOT, cls.SELF_SERVICE, cls.ROBOTS]

    @classmethod
    def human(cls):
        return [channel for channel in cls if channel not in cls.automated()]

    @classmethod
    def labels_of(cls, values):
        return [channel.label for channel in cls if channel in values]


class SiteQuerySet(ScopedQuerySet):
    to_site = "pk"
    to_organisation = "organisation"


class Site(models.Model):
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="sites")
    name = models.CharField(max_length=120)
    country = models.CharField(max_length=2, help_text=_("ISO 3166 code, such as GB."))
    seats = models.PositiveIntegerField(validators=[MinValueValidator(1), MaxValueValidator(100_000)])
    time_zone = models.CharField(max_length=60, default="UTC")
    channels = models.JSONField(default=list, help_text=_("What the site offers its customers."))
    vendor = models.CharField(max_length=120, blank=True, help_text=_("Who runs it, if it is outsourced."))
    months_needed = models.PositiveSmallIntegerField(
        _("months at target"),
        default=5,
        validators=[MinValueValidator(1), MaxValueValidator(24)],
        help_text=_(
            "A metric is sustained when its target was met in at least this many of the last months."
        ),
    )
    months_window = models.PositiveSmallIntegerField(
        _("out of the last months"), default=6, validators=[MinValueValidator(1), MaxValueValidator(24)]
    )
    figures_due_day = models.PositiveSmallIntegerField(
        _("figures are due on day"),
        default=10,
        validators=[MaxValueValidator(28)],
        help_text=_("Of the next month. Until then a month without a reading is not counted as missed."),
    )
    created_at = models.DateTimeField(auto_now_add=True)
    objects = SiteQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(fields=["organisation", "name"], name="site_name_once_an_organisation"),
            models.CheckConstraint(
                condition=Q(months_needed__gte=1) & Q(months_needed__lte=F("months_window")),
                name="site_asks_for_months_it_looks_at",
            ),
        ]

    def __str__(self):
        return self.name

    def today(self):
        """The calendar day it is at the site."""
        return timezone.localdate(timezone=ZoneInfo(self.time_zone))

    def day_of(self, moment):
        """The calendar day it was at the site; None for None."""
        return moment and timezone.localdate(moment, timezone=ZoneInfo(self.time_zone))
