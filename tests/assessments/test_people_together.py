"""Twenty requests at the same moment, in a process of their own: one link makes one account, and one owner stays."""

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from assessments.models import Invitation, Role
from tests import factories
from tests.conftest import member
from tests.test_door_together import ask, at_once

pytestmark = pytest.mark.django_db(transaction=True)
EMAIL = "nina@example.com"
TWENTY = range(20)


@pytest.fixture(autouse=True)
def _no_tries_yet(transactional_db):
    cache.clear()


def signed_in(user):
    client = Client()
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def link(acme, alice):
    _found, text = Invitation.objects.issue(acme, email=EMAIL, role=Role.VIEWER, sites=None, by=alice)
    return reverse("invitation", args=[text])


def statuses(answers):
    return sorted(status for status, *_ in answers)


def notes(at):
    return at.run("SELECT verb, COUNT(*) FROM assessments_activity GROUP BY verb ORDER BY verb")


def test_of_twenty_newcomers_with_one_link_one_has_an_account_and_is_a_member(share, acme, alice):
    path = link(acme, alice)
    data = [{"name": f"Nina {n}", "password": f"heron lamp velvet {n}"} for n in TWENTY]
    at = share()
    answers = at_once(at, [ask(path, data[n], number=n) for n in TWENTY])
    # Who came when all was over was told to sign in; who came earlier and lost, that the link opens nothing.
    assert [status for status in statuses(answers) if status == 302] == [302]
    assert set(statuses(answers)) <= {200, 302, 404}
    assert at.run("SELECT COUNT(*) FROM assessments_user WHERE name LIKE 'Nina %'") == [(1,)]
    assert at.run("SELECT COUNT(*) FROM assessments_membership") == [(2,)]
    confirmed = at.run("SELECT verified FROM account_emailaddress WHERE email = 'nina@example.com'")
    assert confirmed == [(1,)]
    assert at.run("SELECT COUNT(*) FROM usersessions_usersession") == [(1,)]
    assert notes(at) == [("invitation-made", 1), ("member-joined", 1), ("signin-in", 1)]


def test_of_twenty_clicks_on_accept_one_makes_a_member(share, acme, alice):
    path, client = link(acme, alice), signed_in(factories.UserFactory(name="Nina", email=EMAIL))
    at = share()
    answers = at_once(at, [ask(path, {}, client, n) for n in TWENTY])
    assert set(statuses(answers)) <= {302, 404}
    assert at.run("SELECT COUNT(*) FROM assessments_membership") == [(2,)]
    assert notes(at) == [("invitation-made", 1), ("member-joined", 1)]


def test_of_twenty_who_invite_one_address_one_does(share, acme, alice, mark):
    clients = [signed_in(user) for user in (alice, mark)]
    path, data = reverse("invite", args=[acme.pk]), {"email": EMAIL, "role": "viewer", "where": "every"}
    at = share()
    answers = at_once(at, [ask(path, data, clients[n % 2], n) for n in TWENTY])
    assert statuses(answers) == [302] + [422] * 19
    assert at.run("SELECT email FROM assessments_invitation") == [(EMAIL,)]
    assert notes(at) == [("invitation-made", 1)]


def test_of_two_owners_who_leave_and_are_removed_one_stays(share, acme, alice):
    olga = member(acme, "Olga", Role.OWNER)
    clients = {user: signed_in(user) for user in (alice, olga)}
    rows = {user: user.memberships.get() for user in clients}
    asked = [
        ask(reverse(name, args=[acme.pk, rows[whom].pk]), data, clients[who], number)
        for number in range(5)
        for who, whom in ((alice, alice), (olga, olga), (alice, olga), (olga, alice))
        for name, data in [
            ("person-remove", {}) if number % 2 else ("person", {"role": "viewer", "where": "every"})
        ]
    ]
    at = share()
    answers = at_once(at, asked)
    assert set(statuses(answers)) <= {302, 403, 404, 422}
    assert at.run("SELECT COUNT(*) FROM assessments_membership WHERE role = 'owner'") == [(1,)]
    changes = dict(notes(at))
    assert changes.get("member-role", 0) + changes.get("member-left", 0) + changes.get(
        "member-removed", 0
    ) in (
        1,
        2,
    )
