"""What was done in an organisation: by whom, when, and from where. Rows are added and never changed."""

from contextvars import ContextVar
from typing import NamedTuple

from django.conf import settings
from django.db import models
from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from assessments.models.people import Organisation, ScopedQuerySet
from assessments.models.sites import Site


class Origin(NamedTuple):
    """Where a request comes from: an address of the internet, and the way in."""

    address: str | None
    way: str


class Way(TextChoices):
    PAGE = "page", _("the pages")
    TOKEN = "token", _("a token")
    LINK = "link", _("a link")
    ADMIN = "admin", _("the admin site")
    COMMAND = "command", _("a command on the server")


NO_REQUEST = Origin(None, Way.COMMAND)
origin = ContextVar("origin", default=NO_REQUEST)


class Verb(TextChoices):
    """What can be done. The words follow the name of whoever did it."""

    ORGANISATION_CREATED = "organisation-created", _("created the organisation")
    INVITED = "invited", _("invited")
    INVITATION_REVOKED = "invitation-revoked", _("took back the invitation of")
    JOINED = "joined", _("joined as")
    ROLE_CHANGED = "role-changed", _("changed the role of")
    MEMBER_REMOVED = "member-removed", _("removed from the organisation")
    LEFT = "left", _("left the organisation")
    HANDED_OVER = "handed-over", _("handed the organisation over to")
    SITE_ADDED = "site-added", _("added the site")
    SITE_EDITED = "site-edited", _("changed the site")
    SECOND_FACTOR_REQUIRED = "second-factor-required", _("required a second factor at sign-in for")
    SECOND_FACTOR_OPTIONAL = "second-factor-optional", _("let a password be enough at sign-in for")
    LINK_MADE = "link-made", _("made a link to the milestone")
    LINK_REVOKED = "link-revoked", _("took back the link to the milestone")
    LINK_OPENED = "link-opened", _("opened, by a link, the milestone")
    TOKEN_MADE = "token-made", _("made the token")
    TOKEN_REVOKED = "token-revoked", _("took back the token")
    TOKEN_USED = "token-used", _("asked for the first time that day, by a token, to")
    ORGANISATION_EXPORTED = "organisation-exported", _("took an export of everything")
    ORGANISATION_BINNED = (
        "organisation-binned",
        _("deleted the organisation, which can be put back for 30 days"),
    )
    ORGANISATION_RESTORED = "organisation-restored", _("put the organisation back")
    ACCOUNT_DELETED = "account-deleted", _("deleted their account")
    EVIDENCE_ADDED = "evidence-added", _("added the evidence")
    EVIDENCE_REMOVED = "evidence-removed", _("removed the evidence")
    EVIDENCE_PUT_BACK = "evidence-put-back", _("put back the evidence")
    EVIDENCE_REPLACED = "evidence-replaced", _("replaced by newer evidence")
    EVIDENCE_TAKEN_BACK = "evidence-taken-back", _("took back the newer evidence")
    EVIDENCE_DOWNLOADED = "evidence-downloaded", _("downloaded the evidence")


class ActivityQuerySet(ScopedQuerySet):
    to_organisation = "organisation"

    def record(self, organisation, verb, what="", *, by=None, who="", site=None):
        """Note that `by` did `verb` to `what`, its name in plain words: never an answer, a note, or anything secret.
        `who` names those who have no account: a tool with its token, the reader for whom a link was made.

        From where is taken of the request that is being answered. Call it inside the transaction that does the thing.
        """
        from_where = origin.get()
        return self.create(
            organisation_id=getattr(organisation, "pk", organisation),
            site=site,
            by=by,
            who=str(by or who),
            verb=verb,
            what=str(what)[: Activity.WHAT_LIMIT],
            address=from_where.address,
            way=from_where.way,
        )


class Activity(models.Model):
    WHAT_LIMIT = 200

    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="activities")
    site = models.ForeignKey(Site, models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(auto_now_add=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    who = models.CharField(
        max_length=254, blank=True, help_text=_("The name at that time, or that of the token.")
    )
    verb = models.CharField(max_length=40)
    what = models.CharField(max_length=WHAT_LIMIT, blank=True)
    address = models.GenericIPAddressField(null=True)
    way = models.CharField(max_length=8)
    objects = ActivityQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "activities"
        ordering = ["-at", "-pk"]
        indexes = [models.Index(fields=["organisation", "-at"], name="activity_newest_first")]

    def __str__(self):
        return f"{self.who} {self.verb} {self.what}"
