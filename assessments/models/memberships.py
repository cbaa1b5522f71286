"""Who belongs to an organisation: changing a role, leaving, removing, handing over.

Every rule is asked under a lock on the organisation, so that of two requests at the same moment the second meets what the
first left behind.
"""

from typing import NamedTuple

from django.db import transaction
from django.db.models import F, Q
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from assessments.models.actions import Action
from assessments.models.activity import Activity, Verb
from assessments.models.answers import Answer
from assessments.models.metrics import Metric
from assessments.models.people import Membership, Organisation, Role
from assessments.models.reviews import Review
from assessments.models.share_links import ShareLink
from assessments.models.tokens import ApiToken

# Who may answer and who may review, as access.ABILITIES says.
ANSWERING = (Role.OWNER, Role.MANAGER, Role.CONTRIBUTOR)
REVIEWING = (Role.OWNER, Role.MANAGER, Role.REVIEWER)
GIVES = {Role.OWNER: list(Role), Role.MANAGER: [role for role in Role if role != Role.OWNER]}


class Refused(Exception):
    """A sentence that says why it cannot be. Nothing was changed."""


def may_give(membership):
    """The roles that somebody with this membership may give to others, and may take from them."""
    return [] if membership.limited else GIVES.get(membership.role, [])


def members_of(organisation):
    """Everybody's membership in it, those with the most say first."""
    rows = organisation.memberships.select_related("user").prefetch_related("sites")
    rank = list(Role)
    return sorted(rows, key=lambda row: (rank.index(row.role), str(row.user).lower(), row.pk))


@transaction.atomic
def change(membership, *, role, sites, by):
    """Give `membership` that role, for every site (`sites` is None) or for those listed; how much open work was set free
    by it. Raises Refused."""
    organisation, mine, theirs = _as_they_are(membership, by)
    if theirs.role not in may_give(mine) or role not in may_give(mine):
        raise Refused(_("You cannot give or take this role. Ask an owner."))
    if mine == theirs and mine.role != Role.OWNER:
        raise Refused(_("Nobody changes their own role. Ask another manager or an owner."))
    if _stands(theirs, role, sites):  # a second click changes nothing
        return 0
    if theirs.role == Role.OWNER and role != Role.OWNER:
        _leave_an_owner(theirs)
    other_role = theirs.role != role
    _set(theirs, role, sites)
    Activity.objects.record(organisation, Verb.ROLE_CHANGED, told(theirs), by=by)
    organisation.invitations.take_back(theirs.user.email, by=by)
    return set_free(theirs, other_role=other_role)


@transaction.atomic
def remove(membership, *, by, heir=None):
    """End `membership`: somebody else's, or one's own. Open work of the person goes to `heir`, or to nobody. Raises Refused."""
    organisation, mine, theirs = _as_they_are(membership, by)
    leaving = mine == theirs
    if not leaving and theirs.role not in may_give(mine):
        raise Refused(_("Only an owner can remove an owner."))
    if theirs.role == Role.OWNER:
        _leave_an_owner(theirs)
    if heir is not None and not heirs(theirs).filter(user=heir).exists():
        raise Refused(_("%s cannot take over the open work any more. Choose somebody else.") % heir)
    pass_on(organisation, theirs.user, heir)
    verb = Verb.LEFT if leaving else Verb.MEMBER_REMOVED
    Activity.objects.record(organisation, verb, "" if leaving else theirs.user, by=by)
    organisation.invitations.take_back(theirs.user.email, by=by)
    theirs.delete()


@transaction.atomic
def hand_over(membership, *, by, stays_owner):
    """Make somebody else an owner too; whoever does not stay one is a manager from then on. Raises Refused."""
    organisation, mine, theirs = _as_they_are(membership, by)
    if mine.role != Role.OWNER:
        raise Refused(_("Only an owner can hand the organisation over."))
    if mine == theirs:
        raise Refused(_("You own it already. Choose somebody else."))
    if not theirs.user.is_active:
        raise Refused(_("%s has closed their account. Choose somebody else.") % theirs.user)
    if stays_owner and theirs.role == Role.OWNER:  # a second click changes nothing
        return
    _set(theirs, Role.OWNER, None)
    if not stays_owner:
        _set(mine, Role.MANAGER, None)
    Activity.objects.record(organisation, Verb.HANDED_OVER, theirs.user, by=by)
    organisation.invitations.take_back(theirs.user.email, by=by)


def _as_they_are(membership, by):
    """The organisation, locked, the membership of `by`, and that of the person it is about, as stored now."""
    organisation = Organisation.objects.select_for_update().get(pk=membership.organisation_id)
    rows = organisation.memberships.select_related("user")
    mine, theirs = rows.filter(user=by).first(), rows.filter(pk=membership.pk).first()
    if mine is None:
        raise Refused(_("You do not belong to this organisation any more."))
    if theirs is None:
        raise Refused(_("This person does not belong to the organisation any more."))
    return organisation, mine, theirs


def is_last_owner(membership):
    """Would the organisation be left without an owner who can sign in?"""
    owners = membership.organisation.memberships.filter(role=Role.OWNER, user__is_active=True)
    return membership.role == Role.OWNER and not owners.exclude(pk=membership.pk).exists()


def _leave_an_owner(membership):
    if is_last_owner(membership):
        raise Refused(
            _("An organisation keeps at least one owner. Hand it over to somebody first, or delete it.")
        )


def _stands(membership, role, sites):
    """Is it so already?"""
    given = None if sites is None else {site.pk for site in sites}
    stored = {site.pk for site in membership.sites.all()} if membership.limited else None
    return (membership.role, stored) == (role, given)


def _set(membership, role, sites):
    if role == Role.OWNER:
        sites = None
    membership.role, membership.limited = role, sites is not None
    membership.save()
    membership.sites.set(sites or [])


def told(membership):
    """ "Bob, viewer, in Leeds, York"."""
    names = [str(site) for site in membership.sites.all()]
    return ", ".join([str(membership.user), membership.get_role_display(), *names])


# ---- what somebody leaves behind ----------------------------------------------------------------------------------


class LeftBehind(NamedTuple):
    """How much open work of an organisation is somebody's, and how many ways in they made that go on."""

    answers: int
    actions: int
    metrics: int
    reviews: int
    tokens: int
    links: int


def left_behind(organisation, user, reader):
    """What of `user` stays in `organisation`, as far as `reader` sees the sites it belongs to."""
    tokens = ApiToken.objects.filter(site__organisation=organisation, created_by=user).in_force()
    links = ShareLink.objects.filter(
        milestone__assessment__site__organisation=organisation, created_by=user
    ).in_force()
    return LeftBehind(
        *(rows.for_user(reader).count() for rows in (*_work(organisation, user), tokens, links))
    )


def pass_on(organisation, user, heir):
    """Give the open work of `user` to `heir`, or to nobody. Reviews wait for anybody who may review; tokens and links belong
    to their sites and go on."""
    _give(_work(organisation, user), heir)


def set_free(membership, *, other_role):
    """What somebody can no longer do or see, as `membership` stands now, goes to nobody; how much that was.

    Actions and metrics can be of people who only read, so with them what counts is that `other_role` was given.
    """
    answers, actions, metrics, reviews = _work(membership.organisation_id, membership.user)
    owning = ANSWERING if other_role else Role
    work = (answers, ANSWERING), (actions, owning), (metrics, owning), (reviews, REVIEWING)
    return _give([_out_of_reach(rows, membership, roles) for rows, roles in work], None)


def _out_of_reach(rows, membership, roles):
    """Those of `rows` for which one needs one of `roles`, or to work at a site, that `membership` does not give."""
    if membership.role not in roles:
        return rows
    if not membership.limited:
        return rows.none()
    return rows.exclude(**{f"{rows.to_site}__in": [site.pk for site in membership.sites.all()]})


def freed(user, count):
    """The sentence that says so, for a `count` of 1 or more."""
    return ngettext(
        "%(count)d piece of open work that %(person)s can no longer do or see is nobody's now.",
        "%(count)d pieces of open work that %(person)s can no longer do or see are nobody's now.",
        count,
    ) % {"count": count, "person": user}


def _give(work, heir):
    """How many rows changed hands."""
    answers, actions, metrics, reviews = work
    return (
        answers.update(assignee=heir)
        # Whoever has the action open is told of the change.
        + actions.update(owner=heir, version=F("version") + 1)
        + metrics.update(owner=heir)
        + reviews.update(reviewer=None)
    )


def _work(organisation, user):
    of_assessment = Q(assessment__site__organisation=organisation)
    return (
        Answer.objects.filter(of_assessment, assignee=user),
        Action.objects.filter(of_assessment, owner=user).ahead(),
        Metric.objects.filter(site__organisation=organisation, owner=user),
        Review.objects.filter(of_assessment, reviewer=user).undecided(),
    )


def heirs(membership):
    """Who could take over the open work of a person: everybody else who works in every site and may answer."""
    others = Membership.objects.filter(
        organisation=membership.organisation_id, limited=False, role__in=ANSWERING, user__is_active=True
    )
    return others.exclude(pk=membership.pk).select_related("user")
