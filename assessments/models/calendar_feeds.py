"""The address at which the calendar of one person fetches the days on which actions are due."""

import secrets

from django.conf import settings
from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from assessments.models.people import User
from assessments.models.tokens import RANDOM_BYTES, hashed, is_news, seconds_to_wait


class CalendarFeedQuerySet(models.QuerySet):
    def in_force(self):
        return self.filter(revoked_at=None)

    @transaction.atomic
    def issue(self, *, user, covers):
        """A new feed of `user` in the place of the one before, and the text of its token, which is kept nowhere."""
        User.objects.select_for_update().get(pk=user.pk)  # two clicks take turns
        self.filter(user=user).in_force().update(revoked_at=timezone.now())
        text = secrets.token_urlsafe(RANDOM_BYTES)
        return self.create(user=user, covers=covers, sha256=hashed(text)), text

    def opened_by(self, text):
        """The feed in force with that token, of somebody who may still sign in; otherwise None."""
        found = self.in_force().filter(user__is_active=True).select_related("user")
        return found.filter(sha256=hashed(text)).first()


class CalendarFeed(models.Model):
    """Whoever knows its address reads what is due, and nothing else. A person has one in force at a time."""

    class Covers(models.TextChoices):
        MINE = "mine", _("What I own")
        ALL = "all", _("Everything in my organisations")

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="calendar_feeds")
    covers = models.CharField(max_length=4, choices=Covers, default=Covers.MINE)
    sha256 = models.CharField(max_length=64, unique=True, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)
    last_used_at = models.DateTimeField(
        null=True, editable=False, help_text=_("Written at most once an hour.")
    )
    revoked_at = models.DateTimeField(null=True, editable=False)
    objects = CalendarFeedQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["user"], condition=Q(revoked_at=None), name="calendar_feed_one_in_force"
            )
        ]

    def __str__(self):
        return f"{self.user}: {self.get_covers_display()}"

    def revoke(self):
        """Its address opens nothing from now on; a second click changes nothing."""
        if self.revoked_at is None:
            self.revoked_at = timezone.now()
            self.save(update_fields=["revoked_at"])

    @transaction.atomic
    def use(self):
        """Count a request with it: 0, or the seconds to wait, as for the tokens of tools."""
        CalendarFeed.objects.select_for_update().get(pk=self.pk)  # take turns
        wait = seconds_to_wait(f"calendar-feed-{self.pk}")
        if not wait and is_news(self.last_used_at):
            self.last_used_at = timezone.now()
            self.save(update_fields=["last_used_at"])
        return wait
