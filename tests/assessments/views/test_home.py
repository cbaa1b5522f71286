import pytest
from django.urls import reverse

from assessments.models import Organisation
from tests import factories


def test_home_lists_the_sites_of_my_organisation_and_no_other(sign_in, alice, assessment, charlie):
    theirs = factories.SiteFactory(organisation=charlie.memberships.get().organisation, name="Elsewhere")
    page = sign_in(alice).get(reverse("home")).content.decode()
    assert "Leeds" in page
    assert theirs.name not in page


def test_home_leads_to_the_newest_assessment_of_a_site(sign_in, alice, assessment, site):
    newer = factories.started(site, by=alice, channels=["phone"])
    page = sign_in(alice).get(reverse("home")).content.decode()
    assert reverse("assessment", args=[newer.pk]) in page
    assert reverse("assessment", args=[assessment.pk]) not in page


def test_a_new_person_is_told_how_to_begin(sign_in, db):
    page = sign_in(factories.UserFactory()).get(reverse("home")).content.decode()
    assert reverse("organisation-add") in page


def test_an_organisation_without_sites_is_offered_its_first(sign_in, alice, acme):
    page = sign_in(alice).get(reverse("home")).content.decode()
    assert reverse("site-add", args=[acme.pk]) in page


def test_a_viewer_is_not_offered_what_a_manager_may_do(sign_in, vera, site):
    page = sign_in(vera).get(reverse("home")).content.decode()
    assert reverse("site-add", args=[site.organisation_id]) not in page
    assert reverse("assessment-add", args=[site.pk]) not in page


def test_many_sites_come_in_pages_and_can_be_found(sign_in, alice, acme):
    for number in range(30):
        factories.SiteFactory(organisation=acme, name=f"Site {number:02}")
    client = sign_in(alice)
    assert "Page 1 of 2" in client.get(reverse("home")).content.decode()
    found = client.get(reverse("home"), {"q": "site 29"}).content.decode()
    assert "Site 29" in found
    assert "Site 01" not in found
    assert "No site of yours" in client.get(reverse("home"), {"q": "Atlantis\x00"}).content.decode()


@pytest.mark.parametrize("sites", [2, 12])
def test_home_asks_the_database_the_same_whatever_the_number_of_sites(
    sign_in, alice, acme, sites, django_assert_num_queries
):
    release = factories.small_release(items=2, requirements=2)
    for _ in range(sites):
        factories.started(factories.SiteFactory(organisation=acme), release=release)
    client = sign_in(alice)
    # session, user, count, sites, newest assessments, organisations, two lists of reviews, due actions of
    # one's own, and how many of all, what is in the bin
    with django_assert_num_queries(11):
        client.get(reverse("home"))


def test_somebody_in_two_organisations_sees_both_with_the_right_role(sign_in, alice, acme, charlie):
    other = Organisation.objects.get(name="Other Ltd")
    other.memberships.create(user=alice, role="viewer")
    factories.SiteFactory(organisation=acme)
    factories.SiteFactory(organisation=other)
    page = sign_in(alice).get(reverse("home")).content.decode()
    assert reverse("site-add", args=[acme.pk]) in page
    assert reverse("site-add", args=[other.pk]) not in page


def test_a_self_check_is_listed_by_the_name_of_its_standard(sign_in, alice, site):
    standard = factories.StandardFactory(key="pulse", name="Small pulse", leads_to_audit=False)
    factories.started(site, factories.small_release(standard=standard, version="1"), by=alice)
    page = sign_in(alice).get(reverse("home")).content.decode()
    assert "Small pulse" in page
    assert "CSP, 1<" not in page
