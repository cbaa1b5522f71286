"""Tokens by which a tool sends the readings of one site, or reads its results, without anybody signing in."""

import secrets
from datetime import timedelta
from hashlib import sha256
from math import ceil

from django.conf import settings
from django.core.cache import cache
from django.db import models, transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from assessments.models.activity import Activity, Verb
from assessments.models.people import ScopedQuerySet
from assessments.models.sites import Site

SIGN = "copc_"  # says what it is to whoever finds one, and to programs that look for secrets in files
RANDOM_BYTES = 32  # 43 characters
SHOWN = 9  # first characters, kept so that people recognise it; 234 random bits stay unknown
MOST_A_MINUTE = 60  # requests
MINUTE = 60  # seconds
USE_NOTED = timedelta(hours=1)
SOON = timedelta(days=14)  # time enough to have a new token put into a tool before the old one ends


class Ended(Exception):
    """The token was revoked, or expired, between being looked up and being used."""


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

    @transaction.atomic
    def issue(self, *, site, name, days, by, scope="readings"):
        """A new token of `site` that expires after `days`, and its text, which is kept nowhere.

        Raises IntegrityError where the site has one of that name in force.
        """
        now = timezone.now()
        expired = self.filter(site=site, name=name, revoked_at=None, expires_at__lte=now)
        expired.update(revoked_at=F("expires_at"))  # its name is free again
        text = SIGN + secrets.token_urlsafe(RANDOM_BYTES)
        token = self.create(
            site=site,
            name=name,
            scope=scope,
            sha256=hashed(text),
            begins=text[:SHOWN],
            created_by=by,
            expires_at=now + timedelta(days=days),
        )
        token.note(Verb.TOKEN_MADE, token.what, by=by)
        return token, text

    def opened_by(self, text):
        """The token in force with that text, of an organisation that is in use; otherwise None.

        It is found by its hash, so that the time this takes tells nothing of how much of a guess was right.
        """
        found = self.in_force().filter(site__organisation__binned_at=None, sha256=hashed(text))
        return found.select_related("site__organisation").first()


class ApiToken(models.Model):
    """It opens what its scope names at its site and nothing else. It belongs to the site: it goes on when its maker leaves."""

    class Scope(models.TextChoices):
        READINGS = "readings", _("Send and read monthly figures")
        RESULTS = "results", _("Read results and exports")

    class Lifetime(models.IntegerChoices):
        MONTH = 30, _("30 days")
        QUARTER = 90, _("90 days")
        YEAR = 365, _("1 year")

    site = models.ForeignKey(Site, models.CASCADE, related_name="api_tokens")
    name = models.CharField(
        max_length=80, help_text=_("The tool that uses it. It stands beside its readings.")
    )
    scope = models.CharField(max_length=8, choices=Scope, default=Scope.READINGS)
    sha256 = models.CharField(max_length=64, unique=True, editable=False)
    begins = models.CharField(max_length=SHOWN, editable=False)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    last_used_at = models.DateTimeField(
        null=True, editable=False, help_text=_("Written once an hour at most, and at the first use of a day.")
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

    @property
    def was_revoked(self):
        """By somebody, before its day: the end of an expired one is written down when its name is given to another."""
        return self.revoked_at is not None and self.revoked_at < self.expires_at

    @property
    def ends_soon(self):
        return self.is_in_force and self.expires_at <= timezone.now() + SOON

    @property
    def what(self):
        return _("“%(name)s”: %(scope)s") % {"name": self.name, "scope": self.get_scope_display()}

    def note(self, verb, what, **who):
        """Write it into the activity of the organisation."""
        Activity.objects.record(self.site.organisation_id, verb, what, site=self.site, **who)

    @transaction.atomic
    def revoke(self, *, by):
        """It opens nothing from now on; a second click changes nothing."""
        standing = ApiToken.objects.filter(pk=self.pk, revoked_at=None)
        if standing.update(revoked_by=by, revoked_at=timezone.now()):
            self.note(Verb.TOKEN_REVOKED, self.what, by=by)

    @transaction.atomic
    def use(self):
        """Count a request with it. Returns 0, or the seconds to wait where MOST_A_MINUTE were made in the last minute;
        such a request does not count. Raises Ended where it opens nothing any more."""
        kept = ApiToken.objects.in_force().filter(pk=self.pk).select_for_update().first()  # take turns
        if kept is None:
            raise Ended
        wait = seconds_to_wait(f"api-token-{self.pk}")
        if not wait:
            self._note_use(kept.last_used_at)
        return wait

    def _note_use(self, last):
        """Write down when it was used, once an hour, and the first time on each day at the site."""
        first = self.site.day_of(last) != self.site.today()
        if first:
            self.note(Verb.TOKEN_USED, self.get_scope_display(), who=self.name)
        if first or is_news(last):
            self.last_used_at = timezone.now()
            self.save(update_fields=["last_used_at"])
