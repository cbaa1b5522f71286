"""Links by which somebody without an account reads one milestone."""

import secrets
from datetime import timedelta

from django.conf import settings
from django.db import models, transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from assessments.models.activity import Activity, Verb
from assessments.models.milestones import Milestone
from assessments.models.people import ScopedQuerySet
from assessments.models.tokens import RANDOM_BYTES, USE_NOTED, hashed


class AlreadyShared(Exception):
    """The milestone has a link in force for the same people."""


class ShareLinkQuerySet(ScopedQuerySet):
    to_site = "milestone__assessment__site"

    def in_force(self):
        return self.filter(revoked_at=None, expires_at__gt=timezone.now())

    def with_names(self):
        """What lists print, in one query, without the text that a milestone holds."""
        names = "milestone__assessment__site__organisation", "created_by", "revoked_by"
        return self.select_related(*names).defer("milestone__document", "milestone__levels")

    @transaction.atomic
    def issue(self, milestone, *, recipient, days, files, by):
        """A new link to `milestone` (with its site) that ends after `days`, and the text of its token, kept nowhere.

        Raises AlreadyShared where one for the same people is in force: a double click makes no second that nobody knows.
        """
        Milestone.objects.select_for_update().only("pk").get(pk=milestone.pk)  # two clicks take turns
        if self.in_force().filter(milestone=milestone, recipient__iexact=recipient).exists():
            raise AlreadyShared
        text = secrets.token_urlsafe(RANDOM_BYTES)
        link = self.create(
            milestone=milestone,
            recipient=recipient,
            files=files,
            sha256=hashed(text),
            created_by=by,
            expires_at=timezone.now() + timedelta(days=days),
        )
        link.note(Verb.LINK_MADE, link.what, by=by)
        return link, text

    def opened_by(self, text):
        """The link in force with that token, of an organisation that is in use; otherwise None.

        It is found by its hash, so that the time this takes tells nothing of how much of a guess was right.
        """
        found = self.in_force().filter(milestone__assessment__site__organisation__binned_at=None)
        names = f"{self.to_site}__organisation", "created_by"
        return found.select_related(*names).defer("milestone__levels").filter(sha256=hashed(text)).first()


class ShareLink(models.Model):
    """It opens one milestone and nothing else. It belongs to the organisation: it goes on when its maker leaves."""

    class Lifetime(models.IntegerChoices):
        WEEK = 7, _("7 days")
        MONTH = 30, _("30 days")
        QUARTER = 90, _("90 days")

    milestone = models.ForeignKey(Milestone, models.CASCADE, related_name="share_links")
    recipient = models.CharField(max_length=120, help_text=_("For whom it is made."))
    files = models.BooleanField(default=False, help_text=_("Do the PDF and the data come with it?"))
    sha256 = models.CharField(max_length=64, unique=True, editable=False)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    revoked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    revoked_at = models.DateTimeField(null=True)
    times_opened = models.PositiveIntegerField(
        default=0, editable=False, help_text=_("The page and each file count.")
    )
    last_opened_at = models.DateTimeField(null=True, editable=False)
    noted_at = models.DateTimeField(
        null=True, editable=False, help_text=_("When an opening was last written into the activity.")
    )
    objects = ShareLinkQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-pk"]

    def __str__(self):
        return self.recipient

    @property
    def is_in_force(self):
        return self.revoked_at is None and self.expires_at > timezone.now()

    @property
    def what(self):
        return _("“%(milestone)s” for %(recipient)s") % {
            "milestone": self.milestone,
            "recipient": self.recipient,
        }

    def note(self, verb, what, **who):
        """Write it into the activity of the organisation."""
        site = self.milestone.assessment.site
        Activity.objects.record(site.organisation_id, verb, what, site=site, **who)

    @transaction.atomic
    def revoke(self, *, by):
        """It opens nothing from now on; a second click changes nothing."""
        standing = ShareLink.objects.filter(pk=self.pk, revoked_at=None)
        if standing.update(revoked_by=by, revoked_at=timezone.now()):
            self.note(Verb.LINK_REVOKED, self.what, by=by)

    @transaction.atomic
    def open(self):
        """Count an opening, and say whether it may go on: not where the link ended since it was looked up.

        The database looks and counts in one step, so that no opening is lost, and none comes after a revocation.
        """
        now, this = timezone.now(), ShareLink.objects.filter(pk=self.pk)
        if not this.in_force().update(times_opened=F("times_opened") + 1, last_opened_at=now):
            return False
        if this.filter(Q(noted_at=None) | Q(noted_at__lte=now - USE_NOTED)).update(noted_at=now):
            self.note(Verb.LINK_OPENED, self.milestone, who=self.recipient)
        return True
