"""Somebody who works in several organisations chooses in which: the lists that gather things follow."""

import re
from html import unescape

import pytest
from django.urls import reverse
from django.utils import timezone

from assessments.models import Action, Membership, Organisation, Review, Role
from standards.models import Item
from tests import factories
from tests.assessments.views.test_fit import address as fit_address


@pytest.fixture
def beta(bob, assessment):
    """Another organisation of Bob's, with a site in York."""
    organisation = factories.OrganisationFactory(name="Beta")
    Membership.objects.create(organisation=organisation, user=bob, role=Role.MANAGER)
    factories.started(factories.SiteFactory(organisation=organisation, name="York"), assessment.release, bob)
    return organisation


@pytest.fixture
def browser(sign_in, bob, beta):
    return sign_in(bob)


def switch(browser, organisation):
    return browser.post(
        reverse("organisation-switch"), {"organisation": getattr(organisation, "pk", organisation)}
    )


def names_on(browser, name, *args):
    page = browser.get(reverse(name, args=args)).content.decode()
    return [site for site in ("Leeds", "York") if f">{site}<" in page or f"{site}," in page]


def test_who_belongs_to_one_has_nothing_to_switch(sign_in, vera, assessment):
    assert 'class="switch"' not in sign_in(vera).get(reverse("home")).content.decode()


def test_the_first_page_shows_all_until_one_is_chosen_and_all_again(browser, acme, beta):
    assert names_on(browser, "home") == ["Leeds", "York"]
    switch(browser, beta)
    assert names_on(browser, "home") == ["York"]
    page = browser.get(reverse("home")).content.decode()
    assert f'value="{beta.pk}" aria-current="true"' in page
    switch(browser, acme)
    assert names_on(browser, "home") == ["Leeds"]
    switch(browser, "")
    assert names_on(browser, "home") == ["Leeds", "York"]


def test_reviews_and_due_actions_follow(browser, assessment, beta, bob, rita):
    Membership.objects.filter(user=bob, organisation=assessment.site.organisation).update(role=Role.MANAGER)
    item = Item.objects.get(code="PF3", domain__release=assessment.release)
    Review.objects.create(assessment=assessment, item=item, submitted_by=rita)
    answer = assessment.answers.first()
    due = {"title": "List the teams", "owner": bob, "due": assessment.site.today()}
    Action.objects.add(assessment, [answer], by=bob, **due)
    for name in ("home", "reviews"):
        assert "Topic 3" in browser.get(reverse(name)).content.decode()
    assert "List the teams" in browser.get(reverse("home")).content.decode()
    switch(browser, beta)
    for name in ("home", "reviews"):
        assert "Topic 3" not in browser.get(reverse(name)).content.decode()
    assert "List the teams" not in browser.get(reverse("home")).content.decode()


def test_a_page_of_the_other_organisation_still_opens_and_says_where_it_belongs(browser, assessment, beta):
    switch(browser, beta)
    page = browser.get(reverse("assessment", args=[assessment.pk]))
    assert page.status_code == 200
    assert '<span class="place-organisation">Acme</span>' in page.content.decode()


@pytest.mark.parametrize("name", ["reviews", "fit-attach"])
def test_a_list_that_is_narrowed_says_so_and_leads_back_to_itself_with_all(browser, beta, name):
    address = fit_address(name) if name == "fit-attach" else reverse(name)
    assert "is listed" not in browser.get(address).text
    switch(browser, beta)
    page = browser.get(address).text
    assert "Only what belongs to Beta is listed." in page
    [back] = re.findall(r'name="next" value="([^"]*)"', page)
    shown = browser.post(
        reverse("organisation-switch"), {"organisation": "", "next": unescape(back)}, follow=True
    )
    assert shown.redirect_chain == [(address, 302)]
    assert "is listed" not in shown.text


def test_a_narrowed_list_that_is_empty_speaks_of_the_organisation_only(browser, acme, beta, bob):
    Membership.objects.filter(user=bob, organisation=acme).update(role=Role.MANAGER)
    Membership.objects.filter(user=bob, organisation=beta).update(role=Role.VIEWER)
    switch(browser, beta)
    page = browser.get(fit_address("fit-attach")).text
    assert "You manage no assessment in Beta." in page
    assert "You manage no assessment yet" not in page
    assert "No site of yours in Beta is called “Leeds”." in browser.get(reverse("home"), {"q": "Leeds"}).text


@pytest.mark.parametrize(
    "place", ["", "reviews", "x", "/\\evil.example", "//evil.example/", "https://evil.example/"]
)
def test_what_is_no_page_of_ours_leads_to_the_first_page(browser, place):
    answer = browser.post(reverse("organisation-switch"), {"organisation": "", "next": place})
    assert answer.url == reverse("home")


def test_the_choice_ends_with_the_membership(browser, acme, beta, bob):
    switch(browser, beta)
    Membership.objects.filter(user=bob, organisation=beta).delete()
    assert names_on(browser, "home") == ["Leeds"]


@pytest.mark.parametrize("hides", [{"binned_at": timezone.now()}, {"second_factor_required": True}])
def test_the_choice_ends_when_nothing_of_it_is_seen_any_more(browser, beta, hides):
    switch(browser, beta)
    Organisation.objects.filter(pk=beta.pk).update(**hides)
    assert names_on(browser, "home") == ["Leeds"]


@pytest.mark.parametrize("number", ["987654321", "-1", "1e3", "²", "9" * 30, "x"])
def test_nobody_switches_to_what_is_not_theirs(browser, number):
    assert switch(browser, number).status_code == 404
    assert names_on(browser, "home") == ["Leeds", "York"]


def test_somebody_elses_organisation_is_not_found(browser, charlie):
    theirs = Organisation.objects.get(memberships__user=charlie)
    assert switch(browser, theirs).status_code == 404


def test_a_chosen_organisation_costs_one_query(browser, beta, django_assert_num_queries, client):
    browser.get(reverse("reviews"))
    with django_assert_num_queries(5):
        browser.get(reverse("reviews"))
    switch(browser, beta)
    with django_assert_num_queries(6):
        browser.get(reverse("reviews"))
