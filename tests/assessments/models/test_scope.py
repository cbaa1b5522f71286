"""What somebody may see: of which organisations, and of which of their sites."""

import pytest
from allauth.mfa.models import Authenticator
from django.db import IntegrityError, transaction
from django.utils import timezone

from assessments.models import Assessment, Membership, Organisation, ReportJob, Role, Site, User
from tests import factories


@pytest.fixture
def york(acme):
    return factories.SiteFactory(organisation=acme, name="York")


def limit(user, *sites):
    membership = Membership.objects.get(user=user)
    membership.limited = True
    membership.save()
    membership.sites.set(sites)


def names(rows, user):
    return sorted(rows.for_user(user).values_list("name", flat=True))


def test_who_works_in_some_sites_sees_those_once_each(site, york, bob):
    assert names(Site.objects, bob) == ["Leeds", "York"]
    limit(bob, york)
    assert names(Site.objects, bob) == ["York"]
    limit(bob, york, site)
    assert names(Site.objects, bob) == ["Leeds", "York"]
    assert names(Organisation.objects, bob) == ["Acme"]


def test_a_limit_to_no_site_is_a_limit(site, bob):
    limit(bob)
    assert names(Site.objects, bob) == []


def test_a_limit_holds_for_what_lies_within_a_site(assessment, york, bob):
    limit(bob, york)
    assert not Assessment.objects.for_user(bob).exists()
    limit(bob, assessment.site)
    (row,) = Assessment.objects.for_user(bob)
    assert (row.role, row.limited) == (Role.CONTRIBUTOR, True)


def test_a_limit_in_one_organisation_is_none_in_another(site, york, bob):
    other = factories.OrganisationFactory(name="Beta")
    factories.SiteFactory(organisation=other, name="Bath")
    Membership.objects.create(organisation=other, user=bob, role=Role.VIEWER)
    membership = Membership.objects.get(user=bob, organisation__name="Acme")
    membership.limited = True
    membership.save()
    membership.sites.set([york])
    assert {site.name: site.role for site in Site.objects.for_user(bob)} == {
        "Bath": Role.VIEWER,
        "York": Role.CONTRIBUTOR,
    }


def test_an_owner_is_never_limited(alice):
    with pytest.raises(IntegrityError), transaction.atomic():
        Membership.objects.filter(user=alice).update(limited=True)


def test_nobody_sees_an_organisation_in_the_bin(acme, site, alice):
    Organisation.objects.update(binned_at=timezone.now())
    assert names(Organisation.objects, alice) == names(Site.objects, alice) == []


@pytest.mark.parametrize(("kind", "enough"), [("totp", True), ("webauthn", True), ("recovery_codes", False)])
def test_where_a_second_factor_is_asked_for_one_is_needed(acme, site, alice, kind, enough):
    Organisation.objects.update(second_factor_required=True)
    assert names(Site.objects, alice) == []
    assert list(Site.objects.for_user(alice, any_factor=True)) == [site]
    Authenticator.objects.create(user=alice, type=kind, data={})
    assert names(Site.objects, alice) == (["Leeds"] if enough else [])
    assert names(Organisation.objects, alice) == (["Acme"] if enough else [])


def test_the_factor_of_somebody_else_is_not_enough(acme, site, alice, bob):
    Organisation.objects.update(second_factor_required=True)
    Authenticator.objects.create(user=bob, type="totp", data={})
    assert names(Site.objects, alice) == []


def test_a_site_is_worked_at_by_whoever_is_not_limited_to_others(site, york, alice, bob, vera, charlie):
    limit(bob, york)
    limit(vera, site, york)
    assert set(User.objects.at_site(site)) == {alice, vera}
    assert set(User.objects.at_site(york)) == {alice, bob, vera}
    assert set(User.objects.at_site(york, [Role.CONTRIBUTOR])) == {bob}


def test_a_report_that_speaks_of_other_sites_is_not_for_who_is_limited(assessment, bob):
    whole, own = (
        ReportJob.objects.create(assessment=assessment, key=key, name=key, with_sites=key == "whole")
        for key in ("whole", "own")
    )
    assert set(ReportJob.objects.for_user(bob)) == {whole, own}
    limit(bob, assessment.site)
    assert set(ReportJob.objects.for_user(bob)) == {own}
