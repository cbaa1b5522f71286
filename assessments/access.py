"""Who sees and does what. The only place that decides.

A row is reached through `fetch`, which starts from what the person's organisations own: for everybody else it does not
exist (404). Inside an organisation a role decides, and the sites that the person works in (403 with a sentence).
"""

from urllib.parse import urlsplit

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.utils.translation import gettext as _

from assessments.models import Role

SEE, COMMENT, ANSWER, REVIEW, MANAGE, OWN = "see", "comment", "answer", "review", "manage", "own"
ABILITIES = {
    Role.OWNER: {SEE, COMMENT, ANSWER, REVIEW, MANAGE, OWN},
    Role.MANAGER: {SEE, COMMENT, ANSWER, REVIEW, MANAGE},
    Role.CONTRIBUTOR: {SEE, COMMENT, ANSWER},
    Role.REVIEWER: {SEE, COMMENT, REVIEW},
    Role.VIEWER: {SEE},
}


def can(role, ability):
    """May somebody with this role do it? Unknown roles may nothing."""
    return ability in ABILITIES.get(role, ())


def roles_that(ability):
    """Every role that may do it, to narrow a list of rows by."""
    return [role for role in ABILITIES if can(role, ability)]


def fetch(rows, user, ability=SEE, **lookup):
    """The one row of the queryset `rows` that `user` may see, with their `role` in it.

    Raises Http404 where it belongs to somebody else or does not exist, SecondFactorNeeded where the organisation asks for
    one that the person does not have, and PermissionDenied where the role does not allow `ability`, or where somebody whose
    work is limited to some sites wants to change what belongs to the organisation as a whole.
    """
    seen = rows.for_user(user)
    row = seen.filter(**lookup).first()
    if row is None:
        if rows.for_user(user, any_factor=True).filter(**lookup).exists():
            raise SecondFactorNeeded
        raise Http404
    if row.limited and ability != SEE and seen.to_site is None:
        raise PermissionDenied(
            _("You work in some sites of this organisation. Somebody who works in all of them can do this.")
        )
    if not can(row.role, ability):
        raise PermissionDenied(
            _(
                "You are a %(role)s of this organisation. Ask an owner or a manager to do this or to change your role."
            )
            % {"role": Role(row.role).label}
        )
    return row


class SecondFactorNeeded(PermissionDenied):
    """The organisation asks for a second factor, and the person has set none up."""

    def __init__(self):
        super().__init__(
            _("This organisation asks for a second factor at sign-in. Set one up, then come back.")
        )


class AccountAdapter(DefaultAccountAdapter):
    """allauth asks here whether strangers may sign up."""

    def is_open_for_signup(self, request):
        return settings.SIGNUP == "open"

    def send_mail(self, template_prefix, email, context):
        """Every link, and the name of the site, from the settings: what a request says of its host is said by whoever sent it."""
        links = {
            name: settings.SITE_URL + urlsplit(value).path
            for name, value in context.items()
            if name.endswith("_url") and value
        }
        return super().send_mail(template_prefix, email, {**context, **links, "current_site": Site()})

    def format_email_subject(self, subject):
        return f"[{Site().name}] {subject}"


class Site:
    """What the e-mails of allauth call the site they come from."""

    def __init__(self):
        self.name = self.domain = urlsplit(settings.SITE_URL).netloc
