"""An invitation: what of it is kept, how long its link is good, for whom, and by whose leave."""

import re
from datetime import UTC, datetime

import pytest

from assessments.access import is_awaited
from assessments.models import Activity, Invitation, Membership, Role, bins, memberships
from assessments.models.memberships import Refused
from tests import factories
from tests.conftest import member
from tests.threads import at_once

NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
WEEK = 7 * 24 * 3600  # seconds
EMAIL = "nina@example.com"


@pytest.fixture
def clock(time_machine):
    """`clock(seconds)` moves on; the time stands still otherwise."""
    time_machine.move_to(NOW, tick=False)
    return lambda seconds: time_machine.shift(seconds)


@pytest.fixture
def nina(db):
    return factories.UserFactory(name="Nina", email=EMAIL)


def issue(organisation, *, by, email=EMAIL, role=Role.VIEWER, sites=None):
    return Invitation.objects.issue(organisation, email=email, role=role, sites=sites, by=by)


@pytest.fixture
def sent(clock, acme, alice, mark):
    """(the invitation, the text of its token), sent by Mark"""
    return issue(acme, by=mark)


def opened(text):
    return Invitation.objects.opened_by(text)


def noted():
    return [(row.verb, row.who, row.what) for row in Activity.objects.order_by("pk")]


def refused(do, *args, because, **kwargs):
    before = noted(), Membership.objects.count(), list(Invitation.objects.order_by("pk").values())
    with pytest.raises(Refused, match=because):
        do(*args, **kwargs)
    assert (noted(), Membership.objects.count(), list(Invitation.objects.order_by("pk").values())) == before


# ---- the token ----------------------------------------------------------------------------------------------------


def test_only_the_hash_of_its_token_is_kept(sent):
    found, text = sent
    assert re.fullmatch("[A-Za-z0-9_-]{43}", text)
    kept = [str(value) for value in Invitation.objects.values_list().get(pk=found.pk)]
    kept += [str(value) for row in Activity.objects.values_list() for value in row]
    assert not [value for value in kept if text[:6] in value]
    assert opened(text) == found


def test_nothing_but_the_whole_token_opens_anything(sent):
    _found, text = sent
    for place, letter in enumerate(text):
        assert opened(text[:place] + ("A" if letter != "A" else "B") + text[place + 1 :]) is None, place
    for other in ("", text[:-1], text[1:], text + "A", f" {text}", f"{text}\x00", text.swapcase(), text * 2):
        assert opened(other) is None
    assert opened(sent[0].sha256) is None


def test_it_opens_for_a_week_and_then_no_more(sent, clock, nina):
    found, text = sent
    clock(WEEK - 1)
    assert opened(text) == found
    assert is_awaited(EMAIL.upper())
    clock(1)
    assert opened(text) is None
    assert not is_awaited(EMAIL)
    refused(found.accept, nina, because="not any more")


def test_it_is_good_once(sent, acme, nina):
    found, text = sent
    membership = found.accept(nina)
    assert (membership.organisation, membership.role, membership.limited) == (acme, Role.VIEWER, False)
    assert opened(text) is None
    membership.delete()
    refused(found.accept, nina, because="used or taken back")
    assert noted() == [("invitation-made", "Mark", f"{EMAIL}, viewer"), ("member-joined", "Nina", "viewer")]


def test_it_gives_the_sites_it_names(clock, acme, alice, site, nina):
    york = factories.SiteFactory(organisation=acme, name="York")
    found, _text = issue(acme, by=alice, sites=[york])
    membership = found.accept(nina)
    assert (membership.limited, list(membership.sites.all())) == (True, [york])


def test_taken_back_it_opens_nothing(sent, alice, nina):
    found, text = sent
    found.revoke(by=alice)
    assert opened(text) is None
    assert not is_awaited(EMAIL)
    refused(found.accept, nina, because="used or taken back")
    refused(found.revoke, by=alice, because="used or taken back")
    refused(found.again, by=alice, because="used or taken back")
    assert noted()[1:] == [("invitation-revoked", "Alice", EMAIL)]


def test_sent_again_the_link_before_is_dead_and_there_is_another_week(sent, clock, alice):
    found, text = sent
    clock(WEEK - 60)
    again, newer = found.again(by=alice)
    assert (again.pk, opened(text), opened(newer)) == (found.pk, None, found)
    clock(WEEK - 1)
    assert opened(newer) == found
    assert noted()[1:] == [("invitation-made", "Alice", f"{EMAIL}, again")]


def test_one_a_minute_goes_out_also_after_taking_back(sent, clock, acme, alice):
    found, _text = sent
    clock(59)
    refused(found.again, by=alice, because="Wait a minute")
    found.revoke(by=alice)
    refused(issue, acme, by=alice, because="Wait a minute")
    refused(issue, acme, by=alice, email=EMAIL.title(), because="Wait a minute")
    issue(acme, by=alice, email="omar@example.com")
    clock(2)
    assert issue(acme, by=alice)[0].pk != found.pk


def test_one_that_is_over_is_sent_again_or_made_anew_in_its_place(sent, clock, acme, alice, site):
    found, text = sent
    clock(WEEK)
    anew, newer = issue(acme, by=alice, role=Role.CONTRIBUTOR, sites=[site])
    assert (anew.pk, anew.role, list(anew.sites.all())) == (found.pk, Role.CONTRIBUTOR, [site])
    assert (opened(text), opened(newer)) == (None, found)


# ---- for whom -----------------------------------------------------------------------------------------------------


def test_nobody_else_can_use_it(sent, bob, charlie, nina):
    found, _text = sent
    for other in (bob, charlie):
        refused(found.accept, other, because="not for you")
    found.accept(nina)


def test_an_address_in_other_letter_case_is_the_same_address(clock, acme, alice, nina):
    found, text = issue(acme, by=alice, email="NINA@Example.COM")
    assert found.email == EMAIL
    refused(issue, acme, by=alice, email="Nina@example.com", because="invited already")
    opened(text).accept(nina)
    refused(issue, acme, by=alice, email="nina@EXAMPLE.com", because="belongs to the organisation already")


def test_who_is_a_member_meanwhile_does_not_become_one_twice(sent, acme, nina):
    found, _text = sent
    Membership.objects.create(organisation=acme, user=nina, role=Role.MANAGER)
    refused(found.accept, nina, because="You belong to Acme already")


def test_another_organisation_may_invite_the_same_address(sent, charlie, nina):
    elsewhere = charlie.memberships.get().organisation
    found, text = issue(elsewhere, by=charlie)
    assert (opened(text), opened(sent[1])) == (found, sent[0])


@pytest.mark.parametrize("since", ["removed", "left", "lowered", "made an owner"])
def test_an_old_link_brings_nobody_back_to_what_was_settled_without_it(sent, acme, alice, nina, since):
    found, text = sent
    hers = Membership.objects.create(organisation=acme, user=nina, role=Role.MANAGER)
    if since == "removed":
        memberships.remove(hers, by=alice)
    elif since == "left":
        memberships.remove(hers, by=nina)
    elif since == "lowered":
        memberships.change(hers, role=Role.VIEWER, sites=None, by=alice)
    else:
        memberships.hand_over(hers, by=alice, stays_owner=True)
    assert opened(text) is None
    refused(found.accept, nina, because="used or taken back")
    assert noted()[-1] == ("invitation-revoked", "Nina" if since == "left" else "Alice", EMAIL)


def test_only_what_waits_for_that_address_there_is_taken_back(sent, clock, acme, alice, bob, charlie, nina):
    elsewhere = charlie.memberships.get().organisation
    issue(elsewhere, by=charlie, email=bob.email)
    memberships.remove(bob.memberships.get(organisation=acme), by=alice)
    assert not Invitation.objects.exclude(revoked_at=None).exists()
    assert noted()[-1] == ("member-removed", "Alice", "Bob")


# ---- by whose leave -----------------------------------------------------------------------------------------------


def lower(mark, alice, _acme, _site):
    memberships.change(mark.memberships.get(), role=Role.CONTRIBUTOR, sites=None, by=alice)


def limit(mark, alice, _acme, site):
    memberships.change(mark.memberships.get(), role=Role.MANAGER, sites=[site], by=alice)


def remove(mark, alice, _acme, _site):
    memberships.remove(mark.memberships.get(), by=alice)


def close(mark, _alice, _acme, _site):
    type(mark).objects.filter(pk=mark.pk).update(is_active=False)


def vanish(mark, _alice, _acme, _site):
    mark.delete()


def bin_it(_mark, alice, acme, _site):
    bins.put_in(acme, by=alice)


@pytest.mark.parametrize("since", [lower, limit, remove, close, vanish, bin_it])
def test_it_is_void_once_whoever_sent_it_may_not_any_more(sent, acme, alice, mark, site, nina, since):
    found, text = sent
    since(mark, alice, acme, site)
    assert opened(text) is None
    assert not is_awaited(EMAIL)
    refused(found.accept, nina, because="not any more|used or taken back")


def test_somebody_who_may_sends_it_again_and_it_is_good(sent, clock, acme, alice, mark, site):
    lower(mark, alice, acme, site)
    clock(60)
    found, text = sent[0].again(by=alice)
    assert opened(text) == found
    assert found.invited_by == alice


def test_an_owners_invitation_to_own_it_is_void_once_they_are_a_manager(clock, acme, alice, mark):
    memberships.change(mark.memberships.get(), role=Role.OWNER, sites=None, by=alice)
    _found, text = issue(acme, by=mark, role=Role.OWNER)
    assert opened(text)
    memberships.change(mark.memberships.get(), role=Role.MANAGER, sites=None, by=alice)
    assert opened(text) is None


def test_a_manager_invites_no_owner_nor_sends_or_takes_back_an_owners_invitation(clock, acme, alice, mark):
    refused(issue, acme, by=mark, role=Role.OWNER, because="Ask an owner")
    found, text = issue(acme, by=alice, role=Role.OWNER)
    clock(60)
    refused(found.again, by=mark, because="Ask an owner")
    refused(found.revoke, by=mark, because="Ask an owner")
    assert opened(text) == found


@pytest.mark.parametrize("name", ["bob", "rita", "vera", "charlie", "limited"])
def test_nobody_but_owners_and_managers_of_the_whole_invites(request, clock, acme, alice, site, name):
    if name == "limited":
        somebody = member(acme, "Lena", Role.MANAGER)
        memberships.change(somebody.memberships.get(), role=Role.MANAGER, sites=[site], by=alice)
    else:
        somebody = request.getfixturevalue(name)
    refused(issue, acme, by=somebody, because="Ask an owner")


def test_an_organisation_in_the_bin_invites_nobody(clock, acme, alice, mark, site):
    bin_it(mark, alice, acme, site)
    refused(issue, acme, by=alice, because="was deleted")


# ---- at once ------------------------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_accepted_while_it_is_taken_back_it_is_one_of_both(acme, alice):
    won = []
    for number in range(10):
        user = factories.UserFactory(email=f"n{number}@example.com")
        found, _text = issue(acme, by=alice, email=user.email)
        ends = at_once(
            *[lambda found=found, user=user: bool(found.accept(user))],
            *[lambda found=found: found.revoke(by=alice)],
        )
        found.refresh_from_db()
        joined = acme.memberships.filter(user=user).exists()
        assert joined == bool(found.accepted_at) != bool(found.revoked_at)
        assert sum(isinstance(end, Refused) for end in ends) == 1
        won.append(joined)
    assert Activity.objects.filter(verb="member-joined").count() == sum(won)
    assert Activity.objects.filter(verb="invitation-revoked").count() == 10 - sum(won)


@pytest.mark.django_db(transaction=True)
def test_of_twenty_who_accept_one_makes_a_member(acme, alice, nina):
    found, _text = issue(acme, by=alice)
    ends = at_once(*[lambda: found.accept(nina)] * 20)
    assert sorted(type(end).__name__ for end in ends) == ["Membership"] + ["Refused"] * 19
    assert acme.memberships.filter(user=nina).count() == 1
    assert Activity.objects.filter(verb="member-joined").count() == 1


@pytest.mark.django_db(transaction=True)
def test_of_twenty_who_invite_one_address_one_does(acme, alice, mark):
    works = [
        lambda by=by, n=n: issue(acme, by=by, email=EMAIL.title() if n % 2 else EMAIL)
        for n in range(10)
        for by in (alice, mark)
    ]
    ends = at_once(*works)
    assert sorted(type(end).__name__ for end in ends) == ["Refused"] * 19 + ["tuple"]
    assert Invitation.objects.count() == Activity.objects.filter(verb="invitation-made").count() == 1
    (text,) = [end[1] for end in ends if isinstance(end, tuple)]
    assert opened(text)


@pytest.mark.django_db(transaction=True)
def test_accepted_while_whoever_sent_it_is_removed_it_is_before_or_never(acme, alice, mark, nina):
    found, text = issue(acme, by=mark)
    his = mark.memberships.get()
    accepted, _removed = at_once(lambda: found.accept(nina), lambda: memberships.remove(his, by=alice))
    assert acme.memberships.filter(user=nina).exists() == isinstance(accepted, Membership)
    assert not acme.memberships.filter(user=mark).exists()
    assert opened(text) is None
