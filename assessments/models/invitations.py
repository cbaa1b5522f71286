"""Asking somebody by e-mail to work in an organisation. The link proves the address: it goes there and nowhere else."""

import secrets
from datetime import timedelta

from django.conf import settings
from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assessments.models.activity import Activity, Verb
from assessments.models.memberships import Refused, may_give
from assessments.models.people import Membership, Organisation, Role
from assessments.models.sites import Site
from assessments.models.tokens import RANDOM_BYTES, hashed

GOOD_FOR = timedelta(days=7)
NEXT_MAIL = timedelta(minutes=1)  # so that nobody's inbox is filled by clicking


class InvitationQuerySet(models.QuerySet):
    """Reached through the organisation, by those who may see that."""

    def waiting(self):
        """Neither accepted nor taken back; those whose time has passed are among them, to be sent again."""
        return self.filter(accepted_at=None, revoked_at=None)

    def in_force(self):
        return self.waiting().filter(expires_at__gt=timezone.now(), organisation__binned_at=None)

    @transaction.atomic
    def issue(self, organisation, *, email, role, sites, by):
        """Invite `email` as `role`, for every site (`sites` is None) or those listed: the invitation and the text of its
        token, which is kept nowhere. Raises Refused."""
        organisation = Organisation.objects.select_for_update().get(pk=organisation.pk)
        email = email.lower()
        if organisation.binned_at:
            raise Refused(_("%s was deleted.") % organisation)
        if organisation.memberships.filter(user__email=email).exists():
            raise Refused(_("%s belongs to the organisation already.") % email)
        if role not in _gives(organisation, by):
            raise Refused(_("You cannot give this role. Ask an owner."))
        found = self.waiting().filter(organisation=organisation, email=email).first()
        if found and not found.is_over:
            raise Refused(
                _(
                    "%s is invited already. Send it again from the page of people, or take it back there first."
                )
                % email
            )
        _wait_a_minute(self.filter(organisation=organisation, email=email))
        found = found or self.model(organisation=organisation, email=email)
        found.role, found.limited, found.invited_by = role, sites is not None, by
        text = found._renew()
        found.sites.set(sites or [])
        Activity.objects.record(organisation, Verb.INVITED, f"{email}, {found.get_role_display()}", by=by)
        return found, text

    @transaction.atomic
    def take_back(self, email, *, by, who=None):
        """What waits for `email` opens nothing from now on: what that person may do was settled without it, so that an old
        link must not bring it back. Call it with the organisation locked."""
        for found in self.waiting().filter(email=email.lower()):
            found._end(by=by, who=who)

    def opened_by(self, text):
        """The invitation in force with that token, made by somebody who may still give its role; otherwise None.

        It is found by its hash, so that the time this takes tells nothing of how much of a guess was right.
        """
        found = (
            self.in_force().select_related("organisation", "invited_by").filter(sha256=hashed(text)).first()
        )
        return found if found and found.is_vouched_for else None

    def awaits(self, email):
        """Would a link to this address open something?"""
        found = self.in_force().select_related("organisation", "invited_by").filter(email=email.lower())
        return any(invitation.is_vouched_for for invitation in found)


def _wait_a_minute(mailed):
    """Raise Refused where one of the invitations `mailed` went out a moment ago, taken back since or not."""
    if mailed.filter(invited_at__gt=timezone.now() - NEXT_MAIL).exists():
        raise Refused(_("It was sent a moment ago. Wait a minute before sending it again."))


def _gives(organisation, user):
    membership = Membership.objects.filter(organisation=organisation, user=user, user__is_active=True).first()
    return may_give(membership) if membership else []


class Invitation(models.Model):
    """Good for one address, one organisation, one role and once."""

    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="invitations")
    email = models.EmailField(gettext_lazy("e-mail address"))
    role = models.CharField(max_length=12, choices=Role)
    limited = models.BooleanField(default=False)
    sites = models.ManyToManyField(Site, blank=True, related_name="+")
    sha256 = models.CharField(max_length=64, unique=True, editable=False)
    invited_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    invited_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True, help_text=gettext_lazy("When the e-mail went out."))
    expires_at = models.DateTimeField()
    accepted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    accepted_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)
    objects = InvitationQuerySet.as_manager()

    class Meta:
        ordering = ["email"]
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "email"],
                condition=Q(accepted_at=None, revoked_at=None),
                name="invitation_waits_once_an_address",
            )
        ]

    def __str__(self):
        return self.email

    @property
    def is_over(self):
        return self.expires_at <= timezone.now()

    @property
    def is_vouched_for(self):
        """May whoever sent it still give its role? Nobody gives what was taken from them since."""
        return self.role in _gives(self.organisation, self.invited_by)

    def _renew(self):
        text = secrets.token_urlsafe(RANDOM_BYTES)
        self.sha256, self.invited_at, self.sent_at = hashed(text), timezone.now(), None
        self.expires_at = self.invited_at + GOOD_FOR
        self.save()
        return text

    @transaction.atomic
    def again(self, *, by):
        """A new token, whose text is returned, and another week; the link sent before opens nothing. Raises Refused."""
        found = self._as_it_is()
        if found.role not in _gives(found.organisation, by):
            raise Refused(_("You cannot give this role. Ask an owner."))
        _wait_a_minute(Invitation.objects.filter(pk=found.pk))
        found.invited_by = by
        text = found._renew()
        Activity.objects.record(found.organisation, Verb.INVITED, f"{found}, again", by=by)
        return found, text

    @transaction.atomic
    def revoke(self, *, by):
        """The link opens nothing from now on. Raises Refused where it was accepted or taken back meanwhile."""
        found = self._as_it_is()
        if found.role not in _gives(found.organisation, by):
            raise Refused(_("You cannot take back this invitation. Ask an owner."))
        found._end(by=by)

    def _end(self, *, by, who=None):
        self.revoked_at = timezone.now()
        self.save(update_fields=["revoked_at"])
        Activity.objects.record(self.organisation_id, Verb.INVITATION_REVOKED, self.email, by=by, who=who)

    @transaction.atomic
    def accept(self, user):
        """Make `user`, whose address it is, a member. Raises Refused, also for all but the first of several at once."""
        found = self._as_it_is()
        if user.email != found.email or found.is_over or not found.is_vouched_for:
            raise Refused(_("This invitation is not for you, or not any more."))
        if Membership.objects.filter(organisation=found.organisation, user=user).exists():
            raise Refused(_("You belong to %s already.") % found.organisation)
        membership = Membership.objects.create(
            organisation=found.organisation, user=user, role=found.role, limited=found.limited
        )
        membership.sites.set(found.sites.all())
        found.accepted_by, found.accepted_at = user, timezone.now()
        found.save(update_fields=["accepted_by", "accepted_at"])
        Activity.objects.record(found.organisation, Verb.JOINED, found.get_role_display(), by=user)
        return membership

    def _as_it_is(self):
        """As stored now, with the organisation locked. Raises Refused where it waits no longer."""
        Organisation.objects.select_for_update().get(pk=self.organisation_id)
        found = Invitation.objects.waiting().select_related("organisation").filter(pk=self.pk).first()
        if found is None or found.organisation.binned_at:
            raise Refused(_("This invitation is good no longer: it was used or taken back."))
        return found
