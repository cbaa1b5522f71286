"""Tokens by which a tool sends the readings of one site, without anybody signing in."""

import secrets
from datetime import timedelta
from hashlib import sha256
from math import ceil

from django.conf import settings
from django.core.cache import cache
from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from assessments.models.people import ScopedQuerySet
from assessments.models.sites import Site

SIGN = "copc_"  # says what it is to whoever finds one, and to programs that look for secrets in files
RANDOM_BYTES = 32  # 43 characters
SHOWN = 9  # first characters, kept so that people recognise it; 234 random bits stay unknown
MOST_A_MINUTE = 60  # requests
MINUTE = 60  # seconds
USE_NOTED = timedelta(hours=1)


def hashed(text):
    """What is kept of a token. It is random enough that a plain hash cannot be guessed back."""
    return sha256(text.encode()).hexdigest()


def seconds_to_wait(key):
    """Count a request under `key`, in a transaction that holds a lock for it: the cache has none of its own.

    Returns 0, or the seconds to wait where MOST_A_MINUTE were made in the last minute; such a request does not count.
    """
    at = timezone.now().timestamp()
    lately = [moment for moment in cache.get(key, []) if moment > at - MINUTE]
    if len(lately) >= MOST_A_MINUTE:
        return ceil(lately[0] + MINUTE - at)
    cache.set(key, [*lately, at], MINUTE)
    return 0


def is_news(last_used_at):
    """Is it USE_NOTED ago that a use was noted, so that the next one is?"""
    return last_used_at is None or timezone.now() - last_used_at >= USE_NOTED


class ApiTokenQuerySet(ScopedQuerySet):
    to_site = "site"

    def in_force(self):
        return self.filter(revoked_at=None, expires_at__gt=timezone.now())

    def issue(self, *, site, name, days, by):
        """A new token of `site` that expires after `days`, and its text, which is kept nowhere."""
        text = SIGN + secrets.token_urlsafe(RANDOM_BYTES)
        token = self.create(
            site=site,
            name=name,
            sha256=hashed(text),
            begins=text[:SHOWN],
            created_by=by,
            expires_at=timezone.now() + timedelta(days=days),
        )
        return token, text

    def opened_by(self, text, site_pk):
        """The token in force with that text, if it is one of that site; otherwise None.

        It is found by its hash, so that the time this takes tells nothing of how much of a guess was right.
        """
        found = self.in_force().filter(site__organisation__binned_at=None, sha256=hashed(text))
        token = found.select_related("site").first()
        return token if token and token.site_id == site_pk else None


class ApiToken(models.Model):
    """It opens the readings of its site and nothing else. It belongs to the site: it goes on when its maker leaves."""

    class Lifetime(models.IntegerChoices):
        MONTH = 30, _("30 days")
        QUARTER = 90, _("90 days")
        YEAR = 365, _("1 year")

    site = models.ForeignKey(Site, models.CASCADE, related_name="api_tokens")
    name = models.CharField(
        max_length=80, help_text=_("The tool that uses it. It stands beside its readings.")
    )
    sha256 = models.CharField(max_length=64, unique=True, editable=False)
    begins = models.CharField(max_length=SHOWN, editable=False)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    last_used_at = models.DateTimeField(
        null=True, editable=False, help_text=_("Written at most once an hour.")
    )
    revoked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    revoked_at = models.DateTimeField(null=True)
    objects = ApiTokenQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["site", "name"], condition=Q(revoked_at=None), name="api_token_name_once_a_site"
            )
        ]

    def __str__(self):
        return self.name

    @property
    def source(self):
        """What its readings give as their source."""
        return f"API: {self.name}"

    @property
    def is_in_force(self):
        return self.revoked_at is None and self.expires_at > timezone.now()

    def revoke(self, *, by):
        """It opens nothing from now on; a second click changes nothing."""
        if self.revoked_at is None:
            self.revoked_by, self.revoked_at = by, timezone.now()
            self.save(update_fields=["revoked_by", "revoked_at"])

    @transaction.atomic
    def use(self):
        """Count a request with it. Returns 0, or the seconds to wait where MOST_A_MINUTE were made in the last minute;
        such a request does not count."""
        ApiToken.objects.select_for_update().get(pk=self.pk)  # take turns
        wait = seconds_to_wait(f"api-token-{self.pk}")
        if not wait and is_news(self.last_used_at):
            self.last_used_at = timezone.now()
            self.save(update_fields=["last_used_at"])
        return wait
