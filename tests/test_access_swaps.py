"""Addresses and forms in which one number is that of somebody else's row: own page, foreign number.

The foreign row belongs to another organisation, or to a site of the same organisation in which neither the person who asks
nor anybody of the other site works.
"""

import re
from types import ModuleType, SimpleNamespace

import pytest
from django.http import HttpResponse
from django.urls import include, path

from assessments.models import Answer, Membership, Role
from tests import factories
from tests.access_rows import address, rows_of, sample
from tests.access_table import MATRIX, MEMBERS, WHOLE, Route
from tests.walk import ask, cookies_of, fingerprint

PLACEHOLDER = re.compile(r"{(\w+)}")
SHARED = {"variant"}  # releases belong to no organisation


def placeholders(value):
    """The rows whose keys a part of the table names."""
    if isinstance(value, dict):
        return set().union(*(placeholders(part) for pair in value.items() for part in pair))
    if isinstance(value, list):
        return set().union(*map(placeholders, value))
    return set(PLACEHOLDER.findall(value))


IN_ADDRESSES = [
    (name, row)
    for name, route in MATRIX.items()
    for row in sorted(placeholders(route.kwargs) | ({route.of} if placeholders(route.kwargs) else set()))
]
OF_ORGANISATIONS = [(name, row) for name, row in IN_ADDRESSES if MATRIX[name].of in WHOLE]
OF_SITES = [pair for pair in IN_ADDRESSES if pair not in OF_ORGANISATIONS]
IN_BODIES = [
    (name, row) for name, route in MATRIX.items() for row in sorted(placeholders(route.data) - SHARED)
]


@pytest.fixture
def rows(assessment, alice, bob, newer):
    return rows_of(assessment, alice, bob, newer)


def works_only_in(site, name, role=Role.MANAGER):
    """A new member of the organisation of `site`, limited to it."""
    user = factories.UserFactory(name=name)
    membership = Membership.objects.create(
        organisation=site.organisation, user=user, role=role, limited=role != Role.OWNER
    )
    if membership.limited:
        membership.sites.set([site])
    return user


@pytest.fixture(params=["another organisation", "another site"])
def theirs(request, rows, acme, newer):
    """The same rows elsewhere."""
    return rows_at(acme if request.param == "another site" else None, rows, newer)


def rows_at(organisation, rows, newer):
    """The same rows at another site of the organisation, or of one that is made for them."""
    role = Role.MANAGER if organisation else Role.OWNER
    organisation = organisation or factories.OrganisationFactory(name="Other Ltd")
    site = factories.SiteFactory(organisation=organisation, name="Hull")
    first, second = (works_only_in(site, name, role) for name in ("Charlie", "Cora"))
    return rows_of(factories.started(site, rows["assessment"].release, by=first), first, second, newer)


@pytest.fixture
def cookies(rows):
    """Of a manager who works in Leeds and nowhere else."""
    return cookies_of(works_only_in(rows["site"], "Hector"))


def assert_nothing_came_of_it(response, changed, name):
    assert 300 <= response.status_code < 500, name
    assert not changed, f"{name}: the database changed"
    assert b"Hull" not in response.content, name


def send_with_a_foreign_number(name, row, rows, theirs, cookies):
    data = sample(MATRIX[name], rows | {row: theirs[row]})
    response, changed = ask(cookies, "POST", address(name, MATRIX[name], rows), data, fingerprint())
    assert_nothing_came_of_it(response, changed, f"{name} with another {row}")


def test_a_form_with_a_foreign_number_in_it_saves_nothing(rows, theirs, cookies):
    for name, row in IN_BODIES:
        send_with_a_foreign_number(name, row, rows, theirs, cookies)


def test_an_address_within_an_organisation_opens_its_own_rows_only(rows, alice, newer):
    theirs, mine = rows_at(None, rows, newer), cookies_of(alice)
    for name, row in OF_ORGANISATIONS:
        assert_only_together(name, row, rows, theirs, mine)


def test_an_address_of_two_numbers_opens_only_where_they_belong_together(rows, theirs, cookies):
    for name, row in OF_SITES:
        assert_only_together(name, row, rows, theirs, cookies)


def assert_only_together(name, row, rows, theirs, cookies):
    """The same answer as for a number that never was."""
    route, before, never = MATRIX[name], fingerprint(), SimpleNamespace(pk=987654321)
    for method in ("GET", "POST"):
        data = sample(route, rows) if method == "POST" else {}
        mixed, nothing = (address(name, route, rows | {row: found}) for found in (theirs[row], never))
        response, changed = ask(cookies, method, mixed, data, before)
        absent, _ = ask(cookies, method, nothing, data, before)
        assert response.status_code in (302, 404, 405), f"{method} {mixed}"
        assert (response.status_code, response.get("Location")) == (
            absent.status_code,
            absent.get("Location"),
        )
        assert not changed


def test_there_are_such_addresses_and_forms():
    assert ("answer-assign", "user") in IN_BODIES
    assert ("api-token-revoke", "token") in IN_ADDRESSES
    assert len(IN_BODIES) >= 10
    assert len(IN_ADDRESSES) >= 20


def assign_to_anybody(request, pk):
    """A form that believes the number it is sent."""
    Answer.objects.filter(pk=pk).update(assignee=request.POST["person"])
    return HttpResponse()


def test_a_form_that_believes_its_numbers_is_found(rows, theirs, cookies, settings, monkeypatch):
    settings.ROOT_URLCONF = module = ModuleType("planted")
    module.urlpatterns = [
        path("believe/<int:pk>/", assign_to_anybody, name="believe"),
        path("", include("copcready.urls")),
    ]
    route = Route(post=MEMBERS, of="answer", data={"person": "{user}"})
    monkeypatch.setitem(MATRIX, "believe", route)
    with pytest.raises(AssertionError):
        send_with_a_foreign_number("believe", "user", rows, theirs, cookies)
