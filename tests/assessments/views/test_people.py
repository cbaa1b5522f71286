"""The people of an organisation: who sees whom, changing what somebody may do, removing, leaving, handing over."""

import re

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from assessments.models import (
    Activity,
    Invitation,
    Membership,
    Role,
    User,
    memberships,
)
from tests import factories
from tests.conftest import member

WRONG = 10**30


@pytest.fixture(autouse=True)
def _no_tries_yet(db):
    cache.clear()


@pytest.fixture
def york(acme):
    return factories.SiteFactory(organisation=acme, name="York")


@pytest.fixture
def olga(acme):
    return member(acme, "Olga", Role.OWNER)


def of(user):
    return Membership.objects.get(user=user)


def limited(organisation, name, role, *sites):
    user = member(organisation, name, role)
    Membership.objects.filter(user=user).update(limited=True)
    of(user).sites.set(sites)
    return user


def signed_in(user):
    client = Client()
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def people(organisation):
    return reverse("organisation", args=[organisation.pk])


def page_of(user, what="", organisation=None):
    """The address of the page of somebody: of what they may do, or `-remove` or `-hand-over`."""
    row = of(user)
    return reverse(f"person{what}", args=[(organisation or row.organisation).pk, row.pk])


def names_in(page):
    return re.findall(r'<span class="site-name">([^<]+)</span>', page.text)


def standing():
    rows = Membership.objects.order_by("pk")
    return [(row.pk, row.user_id, row.role, row.limited, [s.pk for s in row.sites.all()]) for row in rows]


def noted():
    return [(row.verb, row.who, row.what) for row in Activity.objects.order_by("pk")]


CONTRIBUTOR = {"role": "contributor", "where": "every"}


# ---- who sees whom ------------------------------------------------------------------------------------------------


def test_everybody_sees_everybody_and_only_who_manages_their_addresses(acme, alice, mark, bob, rita, vera):
    for user, reads in ((alice, True), (mark, True), (bob, False), (rita, False), (vera, False)):
        page = signed_in(user).get(people(acme))
        assert names_in(page) == ["Alice", "Mark", "Bob", "Rita", "Vera"]
        others = {alice, mark, bob, rita, vera} - {user}
        assert {other.email in page.text for other in others} == {reads}, user


def test_who_works_in_some_sites_sees_those_who_work_there_and_no_site_they_do_not_know(
    acme, alice, bob, site, york
):
    lena = limited(acme, "Lena", Role.MANAGER, site)
    limited(acme, "Yuri", Role.VIEWER, york)
    limited(acme, "Both", Role.VIEWER, site, york)
    limited(acme, "None", Role.VIEWER)
    page = signed_in(lena).get(people(acme))
    assert names_in(page) == ["Alice", "Lena", "Bob", "Both"]
    assert "York" not in page.text
    assert "Leeds" in page.text
    assert not [user for user in (alice, bob) if user.email in page.text]
    assert "Invite somebody" not in page.text
    everything = signed_in(alice).get(people(acme)).text
    assert "only in Leeds, York" in everything
    assert "only in no site" in everything


def test_only_an_owner_sees_who_has_no_second_factor(acme, alice, mark, bob):
    assert "no second factor" in signed_in(alice).get(people(acme)).text
    assert "no second factor" not in signed_in(mark).get(people(acme)).text


def test_names_are_printed_as_text(acme, alice):
    name = "<script>alert(1)</script>"
    odd = member(acme, name, Role.VIEWER)
    for path in (people(acme), page_of(odd), page_of(odd, "-remove"), page_of(odd, "-hand-over")):
        page = signed_in(alice).get(path)
        assert page.status_code == 200
        assert name not in page.text
        assert "&lt;script&gt;alert(1)" in page.text


def test_ways_are_offered_to_those_who_may_go_them(acme, alice, mark, bob):
    offered = {
        user: set(re.findall(r'href="/organisations/\d+/people/(\d+)/(?:remove/)?"', page.text))
        for user in (alice, mark, bob)
        for page in [signed_in(user).get(people(acme))]
    }
    every = {str(row.pk) for row in acme.memberships.all()}
    assert offered[alice] == every
    assert offered[mark] == every - {str(of(alice).pk)}
    assert offered[bob] == {str(of(bob).pk)}


def test_the_queries_of_the_page_do_not_grow(acme, alice, site, york, django_assert_num_queries):
    client = signed_in(alice)
    limited(acme, "Lena", Role.MANAGER, site)
    Invitation.objects.issue(acme, email="a@example.com", role="viewer", sites=[site], by=alice)
    client.get(people(acme))
    with CaptureQueriesContext(connection) as few:
        client.get(people(acme))
    for number in range(12):
        limited(acme, f"Limited {number}", Role.VIEWER, site, york)
        member(acme, f"Member {number}", Role.CONTRIBUTOR)
        Invitation.objects.issue(
            acme, email=f"{number}@example.com", role="viewer", sites=[site, york], by=alice
        )
    with django_assert_num_queries(len(few)):
        page = client.get(people(acme))
    assert len(names_in(page)) == 26 + 13


# ---- numbers ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("what", ["", "-remove", "-hand-over"])
def test_wrong_numbers_and_those_of_others_are_not_found(acme, alice, bob, charlie, what):
    theirs = of(charlie)
    client = signed_in(alice)
    before = standing()
    sent = CONTRIBUTOR | {"stay": "on"}
    for organisation, number in (
        (acme.pk, theirs.pk),
        (theirs.organisation_id, theirs.pk),
        (theirs.organisation_id, of(bob).pk),
        (acme.pk, 0),
        (acme.pk, WRONG),
        (WRONG, of(bob).pk),
    ):
        address = reverse(f"person{what}", args=[organisation, number])
        assert client.get(address).status_code == 404, address
        assert client.post(address, sent).status_code == 404, address
    assert signed_in(charlie).post(page_of(bob, what), sent).status_code == 404
    assert (standing(), noted()) == (before, [])


# ---- changing -----------------------------------------------------------------------------------------------------


def test_a_role_is_changed_once_however_often_one_clicks(acme, alice, bob):
    client = signed_in(alice)
    for _ in range(2):
        page = client.post(page_of(bob), {"role": "viewer", "where": "every"}, follow=True)
        assert "Saved. It holds from now on" in page.text
    assert of(bob).role == Role.VIEWER
    assert noted() == [("member-role", "Alice", "Bob, viewer")]


def test_somebody_is_limited_to_sites_and_the_form_shows_them(acme, alice, bob, site, york):
    client = signed_in(alice)
    client.post(page_of(bob), {"role": "contributor", "where": "some", "sites": [york.pk]})
    assert (of(bob).limited, list(of(bob).sites.all())) == (True, [york])
    page = client.get(page_of(bob)).text
    assert re.search(rf'value="{york.pk}"[^>]*checked|checked[^>]*value="{york.pk}"', page)
    assert "contributor, only in York" in page


def test_how_much_open_work_is_nobodys_after_a_change_is_said(acme, alice, bob, assessment):
    assessment.answers.update(assignee=bob)
    client = signed_in(alice)
    page = client.post(page_of(bob), {"role": "reviewer", "where": "every"}, follow=True).text
    assert (
        f"{assessment.asked} pieces of open work that Bob can no longer do or see are nobody&#x27;s now."
        in page
    )
    assert not assessment.answers.filter(assignee=bob).exists()
    page = client.post(page_of(bob), {"role": "viewer", "where": "every"}, follow=True).text
    assert "Saved." in page
    assert "open work" not in page


@pytest.mark.parametrize(
    "sent",
    [
        {},
        {"role": ""},
        {"role": "king"},
        {"role": "\x00"},
        {"role": "v" * 100_000},
        {"role": "owner", "where": "some", "sites": ["{site}"]},
        {"role": "viewer", "where": "some"},
        {"role": "viewer", "where": "some", "sites": ["{porto}"]},
        {"role": "viewer", "where": "some", "sites": ["{site}", "{porto}"]},
        {"role": "viewer", "where": "some", "sites": ["x", "\x00", "9" * 40]},
    ],
)
def test_what_makes_no_sense_is_said_and_changes_nothing(acme, alice, bob, site, charlie, sent):
    porto = factories.SiteFactory(organisation=of(charlie).organisation, name="Porto")
    before = standing()
    filled = sent | {"sites": [each.format(site=site.pk, porto=porto.pk) for each in sent.get("sites", [])]}
    page = signed_in(alice).post(page_of(bob), filled)
    assert page.status_code == 422
    assert "<title>Error: " in page.text
    assert (standing(), noted()) == (before, [])


def test_a_manager_touches_no_owner_and_makes_none(acme, alice, mark, bob):
    client, before = signed_in(mark), standing()
    assert client.post(page_of(bob), {"role": "owner", "where": "every"}).status_code == 422
    assert client.post(page_of(alice), CONTRIBUTOR).status_code == 403
    assert client.get(page_of(alice)).status_code == 200
    assert "Only an owner can change the role of an owner." in client.get(page_of(alice)).text
    for ask in (client.get, client.post):
        assert ask(page_of(alice, "-remove")).status_code == 403
        assert ask(page_of(bob, "-hand-over")).status_code == 403
        assert ask(page_of(mark, "-hand-over")).status_code == 403
    assert (standing(), noted()) == (before, [])


@pytest.mark.parametrize("name", ["mark", "bob", "rita", "vera"])
def test_nobody_changes_their_own_role(request, acme, alice, name):
    somebody = request.getfixturevalue(name)
    client, before = signed_in(somebody), standing()
    assert "Nobody changes their own role." in client.get(page_of(somebody)).text
    for role in Role:
        assert client.post(page_of(somebody), {"role": role, "where": "every"}).status_code == 403
    assert (standing(), noted()) == (before, [])


@pytest.mark.parametrize("name", ["bob", "rita", "vera", "limited"])
def test_who_does_not_manage_everything_changes_and_removes_nobody(request, acme, alice, mark, site, name):
    somebody = limited(acme, "Lena", Role.MANAGER, site) if name == "limited" else None
    client = signed_in(somebody or request.getfixturevalue(name))
    before = standing()
    for what in ("", "-remove", "-hand-over"):
        assert client.get(page_of(mark, what)).status_code == 403
        assert client.post(page_of(mark, what), CONTRIBUTOR).status_code == 403
    assert (standing(), noted()) == (before, [])


def test_an_owner_steps_down_where_another_stays(acme, alice, olga):
    client = signed_in(alice)
    client.post(page_of(alice), {"role": "viewer", "where": "every"})
    assert of(alice).role == Role.VIEWER
    assert client.post(page_of(alice), {"role": "owner", "where": "every"}).status_code == 403
    assert client.post(page_of(olga), CONTRIBUTOR).status_code == 403
    assert noted() == [("member-role", "Alice", "Alice, viewer")]


def test_the_last_owner_is_told_why_they_stay_one(acme, alice, mark):
    client, before = signed_in(alice), standing()
    for path, sent in ((page_of(alice), CONTRIBUTOR), (page_of(alice, "-remove"), {})):
        page = client.post(path, sent, follow=True)
        assert "An organisation keeps at least one owner." in page.text
    assert (standing(), noted()) == (before, [])
    asked = client.get(page_of(alice, "-remove")).text
    assert "You are its last owner, so you cannot leave yet." in asked
    assert "Leave the organisation" not in asked
    kept = client.post(page_of(alice), CONTRIBUTOR)
    assert kept.status_code == 422


# ---- handing over, leaving, removing ------------------------------------------------------------------------------


@pytest.mark.parametrize(("sent", "role"), [({"stay": "on"}, Role.OWNER), ({}, Role.MANAGER)])
def test_an_owner_hands_over_and_stays_one_or_not(acme, alice, bob, sent, role):
    client = signed_in(alice)
    path = page_of(bob, "-hand-over")
    assert reverse("person-hand-over", args=[acme.pk, of(bob).pk]) in client.get(page_of(bob)).text
    assert client.get(path).status_code == 200
    assert "Bob owns Acme now." in client.post(path, sent, follow=True).text
    assert client.post(path, sent).status_code == (302 if sent else 403)
    assert (of(bob).role, of(alice).role) == (Role.OWNER, role)
    assert noted() == [("member-handed-over", "Alice", "Bob")]


def test_nobody_hands_over_to_a_closed_account_or_to_themselves(acme, alice, bob):
    User.objects.filter(pk=bob.pk).update(is_active=False)
    client, before = signed_in(alice), standing()
    assert "closed their account" in client.post(page_of(bob, "-hand-over"), follow=True).text
    assert "You own it already." in client.post(page_of(alice, "-hand-over"), follow=True).text
    assert (standing(), noted()) == (before, [])


@pytest.mark.parametrize("name", ["mark", "bob", "rita", "vera", "limited"])
def test_everybody_may_leave(request, acme, alice, site, name):
    somebody = (
        limited(acme, "Lena", Role.VIEWER, site) if name == "limited" else request.getfixturevalue(name)
    )
    client, path = signed_in(somebody), page_of(somebody, "-remove")
    assert "Leave the organisation" in client.get(path).text
    page = client.post(path, follow=True)
    assert "You left Acme." in page.text
    assert client.post(path).status_code == 404
    assert client.get(people(acme)).status_code == 404
    assert noted() == [("member-left", str(somebody), "")]


def test_what_is_left_behind_is_said_and_goes_to_whoever_is_named(acme, alice, mark, bob, assessment):
    assessment.answers.update(assignee=bob)
    client, path = signed_in(alice), page_of(bob, "-remove")
    page = client.get(path).text
    assert f"{assessment.asked} requirements assigned" in page
    assert ">Mark</option>" in page
    assert ">Bob</option>" not in page
    done = client.post(path, {"heir": mark.pk}, follow=True)
    assert "Bob is removed and sees nothing of the organisation any more." in done.text
    assert assessment.answers.filter(assignee=mark).count() == assessment.asked
    assert client.post(path, {"heir": mark.pk}).status_code == 404
    assert noted() == [("member-removed", "Alice", "Bob")]


def test_links_that_go_on_are_said_and_where_they_are_taken_back(acme, alice, mark, assessment, site, york):
    where = reverse("shares", args=[acme.pk])
    said = "{} made 1 link to a milestone. It belongs to the organisation and goes on"
    assert "to a milestone" not in signed_in(alice).get(page_of(mark, "-remove")).text
    factories.shared(factories.frozen(assessment, by=alice), by=mark)
    for user, who in ((alice, "They"), (mark, "You")):
        page = signed_in(user).get(page_of(mark, "-remove")).text
        assert said.format(who) in page
        assert page.count(f'href="{where}"') == 2, "the tab and the way there"
    memberships.change(of(mark), role=Role.MANAGER, sites=[site], by=alice)
    page = signed_in(mark).get(page_of(mark, "-remove")).text
    assert said.format("You") in page
    assert where not in page
    memberships.change(of(mark), role=Role.MANAGER, sites=[york], by=alice)
    assert "to a milestone" not in signed_in(mark).get(page_of(mark, "-remove")).text


@pytest.mark.parametrize("heir", ["x", "0", "-1", "\x00", "9" * 40, "{charlie}", "{vera}", "{bob}", "²"])
def test_nobody_else_is_named_as_heir(acme, alice, bob, vera, charlie, assessment, heir):
    assessment.answers.update(assignee=bob)
    before = standing()
    named = heir.format(charlie=charlie.pk, vera=vera.pk, bob=bob.pk)
    page = signed_in(alice).post(page_of(bob, "-remove"), {"heir": named})
    assert page.status_code == 422
    assert "invalid-feedback" in page.text
    assert (standing(), noted()) == (before, [])


def test_the_heir_who_was_removed_meanwhile_gets_nothing(acme, alice, mark, bob, assessment, monkeypatch):
    assessment.answers.update(assignee=bob)
    real = memberships.remove

    def later(*args, **kwargs):
        of(mark).delete()
        return real(*args, **kwargs)

    monkeypatch.setattr(memberships, "remove", later)
    page = signed_in(alice).post(page_of(bob, "-remove"), {"heir": mark.pk}, follow=True)
    assert "Mark cannot take over the open work any more." in page.text
    assert not assessment.answers.filter(assignee=mark).exists()
    assert acme.memberships.filter(user=bob).exists()
