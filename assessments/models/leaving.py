"""Deleting one's account: the person goes, what they wrote in their organisations stays."""

from allauth.usersessions.models import UserSession
from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.db.models import CASCADE, Exists, OuterRef, Q, QuerySet

from assessments.models.activity import Activity, Verb
from assessments.models.answers import AnswerRevision
from assessments.models.invitations import Invitation
from assessments.models.memberships import pass_on
from assessments.models.people import Membership, Organisation, Role, User
from assessments.models.readings import ReadingRevision
from assessments.models.report_jobs import ReportJob
from assessments.models.workbook_imports import AnswerImport

# Rows that go with an account elsewhere, and stay: what was done in the admin site is a record of the instance.
STAYING = (LogEntry,)


class LastOwner(Exception):
    """Organisations would be left without an owner. Carries them."""

    def __init__(self, organisations):
        self.organisations = organisations
        super().__init__("They are the last owner of an organisation.")


def owned_alone(user, *, binned=False):
    """The organisations in use, or those in the bin, of which nobody else who may sign in is an owner."""
    others = Membership.objects.filter(
        organisation=OuterRef("pk"), role=Role.OWNER, user__is_active=True
    ).exclude(user=user)
    owned = Organisation.objects.filter(
        memberships__user=user, memberships__role=Role.OWNER, binned_at__isnull=not binned
    )
    return owned.exclude(Exists(others))


@transaction.atomic
def delete_account(user):
    """Nothing stays that says who `user` was, and nobody can sign in as them; what they wrote is a former member's.

    Raises LastOwner, and then changes nothing. The names in frozen milestones stay, and so do those in what others are noted
    to have done to them (`Activity.what`): these never change.
    """
    organisations = Organisation.objects.filter(memberships__user=user).order_by("pk")
    # Two owners who go at the same time take turns, so that the second sees that it is the last.
    joined = list(
        Organisation.objects.select_for_update().filter(pk__in=organisations.values("pk")).order_by("pk")
    )
    alone = list(owned_alone(user))
    if alone:
        raise LastOwner(alone)
    for organisation in joined:
        pass_on(organisation, user, None)
    _throw_away_drafts(user, joined)
    Invitation.objects.filter(Q(email=user.email) | Q(accepted_by=user)).delete()
    for session in UserSession.objects.filter(user=user):
        session.end()
    for model, field in rows_of_a_person():
        QuerySet(model).filter(**{field: user}).delete()
    email, name = user.email, user.name
    _become_nobody(user)
    for organisation in joined:
        Activity.objects.record(organisation, Verb.ACCOUNT_DELETED, by=user)
    _forget_failed_sign_ins(user, email, name)
    _forget_in_logs(user)


def rows_of_a_person():
    """(model, field) of everything that belongs to one person and goes with the account: memberships, second factors,
    sessions, notices, whatever an installed application adds."""
    for relation in User._meta.get_fields(include_hidden=True):
        if relation.auto_created and not relation.concrete and relation.field.related_model is User:
            goes = relation.many_to_many is False and relation.on_delete is CASCADE
            if goes and relation.related_model not in STAYING:
                yield relation.related_model, relation.field.name


def _throw_away_drafts(user, organisations):
    """What may name them and is made again at any time: reports that were asked for, dry runs of their workbooks."""
    ReportJob.objects.filter(assessment__site__organisation__in=organisations).delete()
    AnswerImport.objects.filter(
        assessment__site__organisation__in=organisations, applied_at=None, said__downloaded_by=str(user)
    ).delete()


def _become_nobody(user):
    user.email, user.name, user.last_login = user.former_email, "", None
    user.is_active = user.is_staff = user.is_superuser = False
    user.set_unusable_password()
    user.save()


def _forget_failed_sign_ins(user, email, name):
    """They are noted as nobody's doing: found by the address, and, where they belonged, by each name they ever had."""
    noted = QuerySet(Activity).filter(by=user).order_by()
    names = {name, *noted.values_list("who", flat=True).distinct()}
    tried = Q(who=email) | Q(who__in=names, organisation__in=noted.values("organisation"))
    QuerySet(Activity).filter(tried, verb=Verb.SIGN_IN_FAILED).update(who="", address=None)


def _forget_in_logs(user):
    """The lines stay, without the name, and without the address from which each thing was done."""
    QuerySet(Activity).filter(by=user).update(who="", address=None)
    for revisions in (AnswerRevision, ReadingRevision):
        QuerySet(revisions).filter(by=user).update(address=None)
    about = ContentType.objects.get_for_model(User)
    LogEntry.objects.filter(content_type=about, object_id=str(user.pk)).update(
        object_repr=str(user), change_message=""
    )
