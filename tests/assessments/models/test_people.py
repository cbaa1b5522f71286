"""Who finds what, and what somebody is in an organisation."""

import pytest
from django.db import IntegrityError, transaction

from assessments.models import Answer, Assessment, Membership, Organisation, Role, Site
from tests import factories


@pytest.fixture
def elsewhere(charlie, alice):
    """An assessment of Other Ltd, where Alice is a viewer; at Acme she is the owner."""
    other = Organisation.objects.get(name="Other Ltd")
    Membership.objects.create(organisation=other, user=alice, role=Role.VIEWER)
    return factories.started(factories.SiteFactory(organisation=other, name="Porto"), by=charlie)


def test_somebody_in_two_organisations_is_in_each_row_what_they_are_there(assessment, elsewhere, alice):
    roles = {row.pk: row.role for row in Assessment.objects.for_user(alice)}
    assert roles == {assessment.pk: "owner", elsewhere.pk: "viewer"}
    assert {site.name: site.role for site in Site.objects.for_user(alice)} == {
        "Leeds": "owner",
        "Porto": "viewer",
    }
    assert {o.name: o.role for o in Organisation.objects.for_user(alice)} == {
        "Acme": "owner",
        "Other Ltd": "viewer",
    }
    answers = Answer.objects.for_user(alice)
    assert answers.filter(role="owner").count() == assessment.asked
    assert answers.filter(role="viewer").count() == elsewhere.asked


def test_a_row_comes_once_however_many_members_its_organisation_has(assessment, alice, mark, bob, vera):
    for rows in (Organisation.objects, Site.objects, Assessment.objects):
        assert rows.for_user(alice).count() == 1
    assert Answer.objects.for_user(alice).count() == assessment.asked


def test_strangers_find_nothing(assessment, charlie):
    for rows in (Site.objects, Assessment.objects, Answer.objects):
        assert not rows.for_user(charlie).exists()


def test_who_left_an_organisation_finds_nothing_of_it_any_more(assessment, alice):
    Membership.objects.get(user=alice).delete()
    assert not Assessment.objects.for_user(alice).exists()


def test_scoping_survives_further_filters_and_names(assessment, elsewhere, alice):
    found = Assessment.objects.with_names().for_user(alice).filter(site__organisation__name="Other Ltd").get()
    assert (found.role, found.site.organisation.name) == ("viewer", "Other Ltd")


def test_a_person_has_one_role_an_organisation_and_a_known_one(acme, alice):
    with pytest.raises(IntegrityError), transaction.atomic():
        Membership.objects.create(organisation=acme, user=alice, role=Role.VIEWER)
    with pytest.raises(IntegrityError), transaction.atomic():
        Membership.objects.update(role="king")
