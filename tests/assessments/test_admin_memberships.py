"""The people of an organisation as a superuser looks after them in the admin site."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from assessments.models import Answer, Membership, Organisation, Role
from tests import factories


@pytest.fixture
def rita(db):
    return factories.UserFactory(name="Rita", is_staff=True, is_superuser=True)


@pytest.fixture
def office(sign_in, rita):
    return sign_in(rita)


def page(name, *args):
    return reverse(f"admin:assessments_{name}", args=args)


def said(organisation):
    return [(row.verb, row.what, row.who, row.way) for row in organisation.activities.order_by("pk")]


def people(*rows, initial):
    data = {"memberships-TOTAL_FORMS": len(rows), "memberships-INITIAL_FORMS": initial}
    return data | {
        f"memberships-{n}-{name}": value for n, row in enumerate(rows) for name, value in row.items()
    }


def test_members_are_added_by_address(office, acme, alice, charlie):
    owner = acme.memberships.get()
    rows = [
        {"id": owner.pk, "organisation": acme.pk, "role": "owner"},
        {"email": charlie.email, "role": "viewer"},
    ]
    office.post(page("organisation_change", acme.pk), {"name": "Acme"} | people(*rows, initial=1))
    assert dict(acme.memberships.values_list("user__name", "role")) == {"Alice": "owner", "Charlie": "viewer"}


def test_an_unknown_address_is_said_beside_the_field(office, acme, alice):
    owner = acme.memberships.get()
    rows = [
        {"id": owner.pk, "organisation": acme.pk, "role": "owner"},
        {"email": "who@x.com", "role": "viewer"},
    ]
    response = office.post(page("organisation_change", acme.pk), {"name": "Acme"} | people(*rows, initial=1))
    assert "Nobody has an account with this address" in response.text


@pytest.mark.parametrize("change", [{"role": "viewer"}, {"role": "owner", "DELETE": "on"}])
def test_an_organisation_keeps_an_owner(office, acme, alice, change):
    owner = acme.memberships.get()
    row = {"id": owner.pk, "organisation": acme.pk} | change
    response = office.post(page("organisation_change", acme.pk), {"name": "Acme"} | people(row, initial=1))
    assert "keeps at least one owner" in response.text
    assert Membership.objects.get(pk=owner.pk).role == Role.OWNER


def test_an_organisation_starts_with_an_owner(office, alice):
    response = office.post(page("organisation_add"), {"name": "New Ltd"} | people(initial=0))
    assert "keeps at least one owner" in response.text
    row = {"email": alice.email, "role": "owner"}
    office.post(page("organisation_add"), {"name": "New Ltd"} | people(row, initial=0))
    assert Organisation.objects.get(name="New Ltd").memberships.get().user == alice


def changed(office, organisation, *rows, **first):
    """The page that answers when the memberships there are saved, the first with what is in `first`, and `rows` after them."""
    kept = organisation.memberships.order_by("pk")
    held = [
        {"id": row.pk, "organisation": organisation.pk, "role": row.role}
        | ({"limited": "on", "sites": [site.pk for site in row.sites.all()]} if row.limited else {})
        for row in kept
    ]
    held[0] |= first
    data = {"name": organisation.name} | people(*held, *rows, initial=len(held))
    return office.post(page("organisation_change", organisation.pk), data)


def test_somebody_is_let_into_some_sites_only(office, acme, alice, charlie, site):
    factories.SiteFactory(organisation=acme, name="York")
    changed(office, acme, {"email": charlie.email, "role": "manager", "limited": "on", "sites": [site.pk]})
    row = acme.memberships.get(user=charlie)
    assert (row.role, row.limited, [*row.sites.all()]) == ("manager", True, [site])
    shown = office.get(page("organisation_change", acme.pk)).text
    assert f'<option value="{site.pk}" selected>Leeds</option>' in shown
    # Of each member, of the row to add one in, and of the one scripts copy.
    assert shown.count(">York</option>") == 4


def test_sites_of_another_organisation_are_neither_offered_nor_taken(office, acme, alice, charlie, site):
    other = factories.SiteFactory(name="Porto", organisation=charlie.memberships.get().organisation)
    assert "Porto" not in office.get(page("organisation_change", acme.pk)).text
    row = {"email": charlie.email, "role": "viewer", "limited": "on", "sites": [other.pk]}
    assert "is not one of the available choices" in changed(office, acme, row).text
    assert not acme.memberships.filter(user=charlie).exists()


def test_an_owner_is_not_limited_and_is_told_so_once(office, acme, alice, site):
    answer = changed(office, acme, limited="on", sites=[site.pk]).text
    assert "An owner works in every site." in answer
    assert "at least one owner" not in answer
    assert "owner_works_in_every_site" not in answer
    assert not acme.memberships.get().limited


def test_sites_chosen_without_the_tick_are_no_way_into_all_of_them(office, acme, alice, charlie, site):
    row = {"email": charlie.email, "role": "viewer", "sites": [site.pk]}
    assert "Tick “in some sites only” too" in changed(office, acme, row).text
    assert not acme.memberships.filter(user=charlie).exists()


def test_the_owner_that_stays_can_sign_in(office, acme, alice, mark):
    gone = factories.UserFactory(name="Gone", is_active=False)
    Membership.objects.create(organisation=acme, user=gone, role=Role.OWNER)
    assert "keeps at least one owner who can sign in" in changed(office, acme, role="viewer").text
    assert acme.memberships.get(user=alice).role == Role.OWNER


def test_whose_membership_is_ended_has_no_open_work_there(office, acme, alice, bob, assessment):
    answer = assessment.answers.first()
    Answer.objects.filter(pk=answer.pk).update(assignee=bob)
    alices, bobs = acme.memberships.order_by("user__name")
    rows = [
        {"id": alices.pk, "organisation": acme.pk, "role": "owner"},
        {"id": bobs.pk, "organisation": acme.pk, "role": "contributor", "DELETE": "on"},
    ]
    office.post(page("organisation_change", acme.pk), {"name": "Acme"} | people(*rows, initial=2))
    assert [row.user for row in acme.memberships.all()] == [alice]
    assert Answer.objects.get(pk=answer.pk).assignee is None
    assert said(acme)[0][:2] == ("staff-member-removed", "Bob")


def test_who_is_let_do_less_by_staff_keeps_no_work_they_cannot_do(office, acme, alice, bob, assessment):
    answer = assessment.answers.first()
    Answer.objects.filter(pk=answer.pk).update(assignee=bob)
    rows = [
        {"id": row.pk, "organisation": acme.pk, "role": "owner" if row.user == alice else "viewer"}
        for row in acme.memberships.all()
    ]
    data = {"name": "Acme"} | people(*rows, initial=2)
    shown = office.post(page("organisation_change", acme.pk), data, follow=True).text
    assert Answer.objects.get(pk=answer.pk).assignee is None
    assert "1 piece of open work that Bob can no longer do or see is nobody" in shown


def test_every_change_of_a_membership_stands_in_the_activity(office, rita, acme, alice, charlie, site):
    changed(office, acme, {"email": charlie.email, "role": "manager"})
    change = {"role": "viewer", "limited": "on", "sites": [site.pk]}
    rows = [
        {"id": row.pk, "organisation": acme.pk} | (change if row.user == charlie else {"role": "owner"})
        for row in acme.memberships.order_by("pk")
    ]
    office.post(page("organisation_change", acme.pk), {"name": "Acme"} | people(*rows, initial=2))
    of_members = [line for line in said(acme) if line[0] != "staff-changed"]
    assert of_members == [
        ("staff-member-added", "Charlie, manager", rita.email, "admin"),
        ("staff-member-changed", "Charlie, viewer, Leeds", rita.email, "admin"),
    ]


def test_no_invitation_waits_for_whom_staff_added_changed_or_removed(office, rita, acme, alice, charlie):
    def invited():
        times = {"invited_at": timezone.now(), "expires_at": timezone.now() + timedelta(days=7)}
        return acme.invitations.create(
            email=charlie.email, role=Role.OWNER, invited_by=alice, sha256=charlie.email, **times
        )

    def his(**row):
        held = acme.memberships.get(user=charlie)
        owner = {"id": acme.memberships.get(user=alice).pk, "organisation": acme.pk, "role": "owner"}
        return people(owner, {"id": held.pk, "organisation": acme.pk} | row, initial=2)

    steps = [
        lambda: changed(office, acme, {"email": charlie.email, "role": "viewer"}),
        lambda: office.post(page("organisation_change", acme.pk), {"name": "Acme"} | his(role="reviewer")),
        lambda: office.post(
            page("organisation_change", acme.pk), {"name": "Acme"} | his(role="reviewer", DELETE="on")
        ),
    ]
    for step in steps:
        found = invited()
        step()
        found.refresh_from_db()
        assert found.revoked_at
        assert ("invitation-revoked", charlie.email, rita.email, "admin") in said(acme)
        found.delete()
    assert not acme.memberships.filter(user=charlie).exists()


@pytest.mark.parametrize("members", [1, 4])
def test_the_sites_are_fetched_once_for_however_many_members(
    office, acme, alice, site, members, django_assert_num_queries
):
    for _ in range(members):
        user = factories.UserFactory()
        row = Membership.objects.create(organisation=acme, user=user, role=Role.VIEWER, limited=True)
        row.sites.add(site)
    with django_assert_num_queries(15):
        assert office.get(page("organisation_change", acme.pk)).status_code == 200


def test_a_change_by_staff_stands_there_as_a_change(office, acme, alice):
    owner = acme.memberships.get()
    row = {"id": owner.pk, "organisation": acme.pk, "role": "owner"}
    office.post(page("organisation_change", acme.pk), {"name": "Acme 2"} | people(row, initial=1))
    assert [verb for verb, *_rest in said(acme)] == ["staff-changed"]
