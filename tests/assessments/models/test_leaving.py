"""An account that is deleted: nothing says any more who it was, and what the person wrote stays."""

import secrets

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import models
from django.utils import timezone

from assessments.models import (
    Action,
    Activity,
    AnswerImport,
    Assessment,
    CalendarFeed,
    Invitation,
    Membership,
    Metric,
    Review,
    Role,
    User,
    bins,
    leaving,
    stream,
)
from assessments.models.activity import Origin, Verb, Way, origin
from assessments.report import document, pdf
from assessments.workbooks.questionnaire import workbook
from tests import factories
from tests.assessments.workbooks.copies import begun
from tests.conftest import member
from tests.holdings import filled, tables
from tests.threads import at_once


@pytest.fixture
def zebra(db):
    """(organisation, its owner, another owner of it)"""
    organisation, owner = filled("Zebra", factories.small_release(), factories.newer_release())
    return organisation, owner, member(organisation, "Second", Role.OWNER)


def signed_in(user):
    session = SessionStore()
    session["_auth_user_id"] = user.pk
    session.create()
    UserSession.objects.create(user=user, session_key=session.session_key, ip="192.0.2.7", user_agent="Zebra")


def test_nothing_is_left_that_says_who_it_was(zebra):
    _organisation, owner, _second = zebra
    Authenticator.objects.create(user=owner, type="totp", data={"secret": "zebra"})
    CalendarFeed.objects.issue(user=owner, covers="mine")
    about = ContentType.objects.get_for_model(User)
    LogEntry.objects.create(
        user=owner, content_type=about, object_id=owner.pk, object_repr=str(owner), action_flag=CHANGE
    )
    signed_in(owner)
    token = origin.set(Origin("192.0.2.7", Way.PAGE))
    try:
        Activity.objects.record(_organisation, Verb.SITE_ADDED, by=owner)
        leaving.delete_account(owner)
    finally:
        origin.reset(token)
    named = {
        name
        for name, rows in tables().items()
        if any(word in repr(rows) for word in ("Zebra Owner", "zebra.owner@", "192.0.2.7"))
    }
    assert named <= {"assessments_milestone"}, "which keeps what was frozen"
    assert not Session.objects.exists()
    for model, field in leaving.rows_of_a_person():
        assert not models.QuerySet(model).filter(**{field: owner}).exists(), model


def test_nothing_is_left_of_tries_to_sign_in_as_them_under_any_name_they_had(acme, bob):
    elsewhere = factories.OrganisationFactory()
    token = origin.set(Origin("192.0.2.7", Way.PAGE))
    for name in ("Robert", "Bob", bob.email, "Mark"):
        Activity.objects.record(acme, Verb.SIGN_IN_FAILED, who=name)
    for name in (bob.email, "Bob"):
        Activity.objects.record(elsewhere, Verb.SIGN_IN_FAILED, who=name)
    Activity.objects.record(acme, Verb.SIGNED_IN, by=bob, who="Robert")
    origin.reset(token)
    leaving.delete_account(bob)
    rows = Activity.objects.filter(verb=Verb.SIGN_IN_FAILED).order_by("pk")
    gone = ("", None)
    assert [(row.who, row.address) for row in rows] == [
        *[gone] * 3,
        ("Mark", "192.0.2.7"),
        gone,
        ("Bob", "192.0.2.7"),
    ]
    lines, _place = stream.page(acme, stream.Asked())
    tried = {line.who for line in lines if "could not be signed in" in line.did}
    assert tried == {"A former member", "Mark"}


def test_no_invitation_is_left_that_went_to_them_whatever_became_of_it(acme, bob):
    elsewhere = factories.OrganisationFactory()
    for organisation, fields in (
        (acme, {"accepted_by": bob, "accepted_at": timezone.now(), "email": "before@example.com"}),
        (acme, {"revoked_at": timezone.now()}),
        (elsewhere, {}),
        (acme, {"email": "other@example.com"}),
    ):
        Invitation.objects.create(
            **{"email": bob.email} | fields,
            organisation=organisation,
            role=Role.VIEWER,
            sha256=secrets.token_hex(32),
            invited_at=timezone.now(),
            expires_at=timezone.now(),
        )
    leaving.delete_account(bob)
    assert [invitation.email for invitation in Invitation.objects.all()] == ["other@example.com"]


@pytest.mark.parametrize("name", ["Bob", "B" * 80])
def test_no_dry_run_of_a_workbook_that_they_downloaded_is_left(assessment, bob, mark, name):
    bob.name = name
    bob.save()
    file = workbook(Assessment.objects.with_names().get(pk=assessment.pk), by=bob, at=timezone.now())
    begun(assessment, mark, {}, file)
    leaving.delete_account(bob)
    assert not AnswerImport.objects.exists()


def test_nobody_can_sign_in_as_them_or_take_their_place(zebra):
    _organisation, owner, _second = zebra
    User.objects.filter(pk=owner.pk).update(is_staff=True, is_superuser=True)
    leaving.delete_account(User.objects.get(pk=owner.pk))
    gone = User.objects.get(pk=owner.pk)
    assert (gone.is_active, gone.is_staff, gone.is_superuser) == (False, False, False)
    assert not gone.has_usable_password()
    with pytest.raises(ValidationError):
        validate_email(gone.email)


def test_the_rows_that_go_are_found_wherever_an_application_puts_them():
    found = {model for model, _field in leaving.rows_of_a_person()}
    assert {Membership, CalendarFeed, EmailAddress, Authenticator, UserSession} <= found
    assert not found & {Action, Activity, Review, Metric, LogEntry}


def test_what_they_wrote_stays_and_is_by_a_former_member(zebra):
    organisation, owner, _second = zebra
    before = tables()
    leaving.delete_account(owner)
    after = tables()
    for table in (
        "assessments_answerrevision",
        "assessments_comment",
        "assessments_milestone",
        "assessments_site",
    ):
        assert after[table] == before[table]
    gone = User.objects.get(pk=owner.pk)
    assert (str(gone), gone.initials, gone.is_former) == ("Former member", "FM", True)
    last = Activity.objects.filter(organisation=organisation).first()
    assert (last.verb, last.who, last.address) == ("member-account-deleted", "", None)


def test_a_report_speaks_of_a_former_member(assessment, alice, bob, acme):
    for answer in assessment.answers.in_order():
        answer.record_choice("1", by=bob, version=0)
    leaving.delete_account(bob)
    found = type(assessment).objects.with_names().get(pk=assessment.pk)
    html = pdf.html(
        document.build(found, as_of=found.site.today(), prepared_by=str(User.objects.get(pk=bob.pk)))
    )
    assert "Former member" in html
    assert f"former-{bob.pk}" not in html
    assert "Bob" not in html


def test_work_that_waited_for_them_waits_for_nobody_and_what_is_done_stays_theirs(assessment, bob, alice):
    first = assessment.answers.in_order().first()
    assessment.answers.filter(pk=first.pk).update(assignee=bob)
    metric = factories.MetricFactory(site=assessment.site, owner=bob)
    ahead = Action.objects.add(assessment, [first], by=alice, title="Ahead", owner=bob)
    over = Action.objects.add(assessment, [first], by=alice, title="Over", owner=bob)
    Action.objects.filter(pk=over.pk).update(over_since="2026-10-01", status="done")
    review = Review.objects.create(
        assessment=assessment, item=first.requirement.item, submitted_by=alice, reviewer=bob
    )
    leaving.delete_account(bob)
    for row, name in ((first, "assignee"), (metric, "owner"), (ahead, "owner"), (review, "reviewer")):
        row.refresh_from_db()
        assert getattr(row, name) is None
    over.refresh_from_db()
    assert str(over.owner) == "Former member"


def test_the_last_owner_is_refused_and_nothing_changes(zebra):
    organisation, owner, second = zebra
    User.objects.filter(pk=second.pk).update(is_active=False)  # who cannot sign in is no owner to rely on
    before = tables()
    with pytest.raises(leaving.LastOwner) as refused:
        leaving.delete_account(owner)
    assert refused.value.organisations == [organisation]
    assert tables() == before


def test_an_organisation_in_the_bin_is_in_nobodys_way(acme, alice):
    bins.put_in(acme, by=alice)
    assert list(leaving.owned_alone(alice, binned=True)) == [acme]
    leaving.delete_account(alice)
    assert not User.objects.get(pk=alice.pk).is_active


def test_who_belongs_nowhere_goes_as_well(db):
    user = factories.UserFactory()
    leaving.delete_account(user)
    assert User.objects.get(pk=user.pk).is_former


@pytest.mark.django_db(transaction=True)
def test_two_last_owners_who_go_at_once_leave_one(acme, alice):
    other = member(acme, "Olga", Role.OWNER)
    ends = at_once(lambda: leaving.delete_account(alice), lambda: leaving.delete_account(other))
    assert sorted(type(end).__name__ for end in ends) == ["LastOwner", "NoneType"]
    assert Membership.objects.filter(organisation=acme, role=Role.OWNER, user__is_active=True).count() == 1
