"""Changing a role, leaving, removing and handing over: who may, and what stays behind."""

import pytest
from django.db.models import Sum

from assessments.access import ANSWER, REVIEW, roles_that
from assessments.models import (
    Action,
    Activity,
    Answer,
    ApiToken,
    Membership,
    Metric,
    Review,
    Role,
    memberships,
)
from assessments.models.memberships import Refused
from tests import factories
from tests.conftest import member
from tests.threads import at_once


@pytest.fixture
def olga(acme):
    return member(acme, "Olga", Role.OWNER)


@pytest.fixture
def york(acme):
    return factories.SiteFactory(organisation=acme, name="York")


def of(user, organisation=None):
    rows = Membership.objects.filter(user=user)
    return rows.get(organisation=organisation) if organisation else rows.get()


def limit(user, *sites):
    row = of(user, sites[0].organisation)
    row.limited = True
    row.save()
    row.sites.set(sites)


def standing():
    rows = Membership.objects.order_by("pk")
    return [(row.user_id, row.role, row.limited, [site.pk for site in row.sites.all()]) for row in rows]


def noted():
    return [(row.verb, row.who, row.what) for row in Activity.objects.order_by("pk")]


def refused(do, *args, because, **kwargs):
    """It raises with a sentence that says `because`, changes nothing and notes nothing."""
    before = standing(), noted()
    with pytest.raises(Refused, match=because):
        do(*args, **kwargs)
    assert (standing(), noted()) == before


def change(user, role, *, by, sites=None):
    return memberships.change(of(user), role=role, sites=sites, by=by)


def test_an_owner_gives_and_takes_every_role(acme, alice, bob):
    for role in Role:
        change(bob, role, by=alice)
        assert of(bob).role == role
    assert noted()[-1] == ("member-role", "Alice", "Bob, viewer")
    assert len(noted()) == len(Role)


@pytest.mark.parametrize("role", [Role.MANAGER, Role.CONTRIBUTOR, Role.REVIEWER, Role.VIEWER])
def test_a_manager_gives_every_role_but_the_owners(mark, alice, bob, vera, role):
    change(vera if role == Role.CONTRIBUTOR else bob, role, by=mark)
    assert noted()[-1][:2] == ("member-role", "Mark")


def test_a_manager_makes_no_owners_and_touches_none(alice, mark, bob):
    refused(change, bob, Role.OWNER, by=mark, because="Ask an owner")
    refused(change, alice, Role.VIEWER, by=mark, because="Ask an owner")
    refused(memberships.remove, of(alice), by=mark, because="Only an owner")
    refused(memberships.hand_over, of(bob), by=mark, stays_owner=True, because="Only an owner")


@pytest.mark.parametrize("name", ["bob", "rita", "vera"])
def test_the_others_change_and_remove_nobody(request, alice, mark, bob, rita, vera, name):
    somebody = request.getfixturevalue(name)
    other = rita if somebody == vera else vera
    refused(change, other, Role.MANAGER, by=somebody, because="Ask an owner")
    refused(change, somebody, Role.OWNER, by=somebody, because="Ask an owner")
    refused(memberships.remove, of(other), by=somebody, because="Only an owner")
    refused(memberships.hand_over, of(other), by=somebody, stays_owner=True, because="Only an owner")


def test_a_manager_of_some_sites_changes_nobody(alice, mark, bob, site):
    limit(mark, site)
    refused(change, bob, Role.VIEWER, by=mark, because="Ask an owner")
    refused(memberships.remove, of(bob), by=mark, because="Only an owner")


def test_nobody_changes_their_own_role_but_an_owner_steps_down_where_another_stays(alice, mark):
    refused(change, mark, Role.VIEWER, by=mark, because="their own role")
    refused(change, alice, Role.MANAGER, by=alice, because="at least one owner")
    change(mark, Role.OWNER, by=alice)
    change(alice, Role.VIEWER, by=alice)
    assert of(alice).role == Role.VIEWER


def test_the_last_owner_neither_leaves_nor_is_removed_nor_lowered(alice, mark, olga):
    memberships.remove(of(olga), by=alice)
    refused(memberships.remove, of(alice), by=alice, because="at least one owner")
    refused(change, alice, Role.MANAGER, by=alice, because="at least one owner")


def test_an_owner_who_closed_their_account_is_not_one_that_stays(alice, olga):
    olga.is_active = False
    olga.save()
    refused(memberships.remove, of(alice), by=alice, because="at least one owner")
    refused(change, alice, Role.MANAGER, by=alice, because="at least one owner")
    memberships.remove(of(olga), by=alice)


def test_handing_over_makes_another_owner_and_oneself_a_manager_or_not(alice, mark, bob, site):
    limit(mark, site)
    memberships.hand_over(of(mark), by=alice, stays_owner=True)
    assert (of(mark).role, of(mark).limited, of(alice).role) == (Role.OWNER, False, Role.OWNER)
    memberships.hand_over(of(mark), by=alice, stays_owner=True)  # a second click
    memberships.hand_over(of(bob), by=mark, stays_owner=False)
    assert (of(bob).role, of(mark).role) == (Role.OWNER, Role.MANAGER)
    assert noted() == [("member-handed-over", "Alice", "Mark"), ("member-handed-over", "Mark", "Bob")]


def test_nobody_hands_over_to_themselves_or_to_a_closed_account(alice, bob):
    refused(memberships.hand_over, of(alice), by=alice, stays_owner=False, because="own it already")
    bob.is_active = False
    bob.save()
    refused(memberships.hand_over, of(bob), by=alice, stays_owner=False, because="closed their account")


def test_limits_are_set_moved_and_lifted_and_said_in_the_activity(alice, bob, site, york):
    change(bob, Role.CONTRIBUTOR, sites=[site, york], by=alice)
    change(bob, Role.CONTRIBUTOR, sites=[york, site], by=alice)  # the same in another order
    change(bob, Role.VIEWER, sites=[york], by=alice)
    assert (of(bob).limited, list(of(bob).sites.all())) == (True, [york])
    change(bob, Role.VIEWER, by=alice)
    assert (of(bob).limited, list(of(bob).sites.all())) == (False, [])
    assert [what for _verb, _who, what in noted()] == [
        "Bob, contributor, Leeds, York",
        "Bob, viewer, York",
        "Bob, viewer",
    ]


def test_an_owner_is_limited_to_nothing(alice, bob, site):
    change(bob, Role.OWNER, sites=[site], by=alice)
    assert (of(bob).limited, of(bob).sites.count()) == (False, 0)


def test_who_was_removed_meanwhile_changes_and_is_changed_no_more(alice, mark, bob):
    his = of(bob)
    memberships.remove(of(bob), by=alice)
    refused(memberships.change, his, role=Role.VIEWER, sites=None, by=alice, because="does not belong")
    refused(memberships.remove, his, by=alice, because="does not belong")
    marks = of(mark)
    memberships.remove(of(mark), by=mark)
    refused(memberships.remove, marks, by=mark, because="You do not belong")
    assert noted() == [("member-removed", "Alice", "Bob"), ("member-left", "Mark", "")]


def test_somebody_of_another_organisation_changes_nobody(alice, bob, charlie):
    refused(change, bob, Role.VIEWER, by=charlie, because="You do not belong")
    refused(memberships.remove, of(bob), by=charlie, because="You do not belong")


@pytest.fixture
def work(assessment, site, alice, bob):
    """What Bob has to do at Acme, and as much elsewhere and behind him."""
    first, second, *_ = assessment.answers.in_order()
    type(first).objects.filter(pk__in=[first.pk, second.pk]).update(assignee=bob)
    for title, status in (("Train", "to-do"), ("Trained", "done")):
        Action.objects.add(assessment, [first], by=alice, title=title, status=status, owner=bob)
    factories.MetricFactory(site=site, name="Service level", owner=bob)
    ApiToken.objects.issue(site=site, name="Power BI", days=30, by=bob)
    taken = factories.frozen(assessment, by=alice)
    factories.shared(taken, by=bob)
    factories.shared(taken, by=bob, recipient="A client")[0].revoke(by=bob)
    factories.shared(taken, by=alice, recipient="Auditors")
    elsewhere = factories.OrganisationFactory(name="Other Ltd")
    elsewhere.memberships.create(user=bob, role=Role.CONTRIBUTOR)
    other = factories.started(factories.SiteFactory(organisation=elsewhere, name="Porto"), by=bob)
    other.answers.update(assignee=bob)
    return assessment


def test_what_somebody_leaves_behind_is_counted_for_this_organisation_alone(work, acme, alice, bob):
    assert memberships.left_behind(acme, bob, alice) == (2, 1, 1, 0, 1, 1)


def test_nothing_is_counted_in_sites_that_the_reader_does_not_work_in(work, acme, alice, bob, york):
    limit(bob, york)
    factories.MetricFactory(site=york, name="Service level", owner=bob)
    assert memberships.left_behind(acme, bob, bob) == (0, 0, 1, 0, 0, 0)
    assert memberships.left_behind(acme, bob, alice) == (2, 1, 2, 0, 1, 1)


@pytest.mark.parametrize("takes", ["mark", None])
def test_open_work_goes_to_the_heir_or_to_nobody_and_the_rest_stays(
    request, work, acme, alice, bob, mark, takes
):
    heir = request.getfixturevalue(takes) if takes else None
    version = Action.objects.get(title="Train").version
    memberships.remove(of(bob, acme), by=alice, heir=heir)
    assert memberships.left_behind(acme, bob, alice)[:4] == (0, 0, 0, 0)
    assert work.answers.filter(assignee=heir).count() == (2 if heir else work.asked)
    passed = Action.objects.get(title="Train")
    assert (passed.owner, passed.version) == (heir, version + 1)
    assert Action.objects.get(title="Trained").owner == bob
    assert work.site.metrics.get().owner == heir
    assert ApiToken.objects.get().is_in_force
    assert bob.memberships.count() == 1
    elsewhere = bob.memberships.get().organisation
    assert memberships.left_behind(elsewhere, bob, bob).answers > 0


@pytest.fixture
def his(assessment, site, york, alice, bob):
    """`his()`: at which sites Bob has answers, actions, metrics and reviews, one of each at Leeds and York to begin with."""
    memberships.change(of(bob), role=Role.MANAGER, sites=None, by=alice)
    for each in (assessment, factories.started(york, by=alice)):
        first = each.answers.in_order()[0]
        type(first).objects.filter(pk=first.pk).update(assignee=bob)
        Action.objects.add(each, [first], by=alice, title="Train", owner=bob)
        factories.MetricFactory(site=each.site, name="Service level", owner=bob)
        item = first.requirement.item
        Review.objects.create(assessment=each, item=item, submitted_by=alice, reviewer=bob)

    def his():
        rows = (
            Answer.objects.filter(assignee=bob).values_list("assessment__site__name"),
            Action.objects.filter(owner=bob).values_list("assessment__site__name"),
            Metric.objects.filter(owner=bob).values_list("site__name"),
            Review.objects.filter(reviewer=bob).values_list("assessment__site__name"),
        )
        return ["".join(sorted(name[0] for (name,) in each)) for each in rows]

    return his


@pytest.mark.parametrize(
    ("role", "at", "stays"),
    [
        (Role.OWNER, None, ["LY", "LY", "LY", "LY"]),
        (Role.CONTRIBUTOR, None, ["LY", "LY", "LY", ""]),
        (Role.REVIEWER, None, ["", "", "", "LY"]),
        (Role.VIEWER, None, ["", "", "", ""]),
        (Role.MANAGER, "York", ["Y", "Y", "Y", "Y"]),
        (Role.CONTRIBUTOR, "York", ["Y", "Y", "Y", ""]),
        (Role.REVIEWER, "York", ["", "", "", "Y"]),
    ],
)
def test_what_somebody_can_no_longer_do_or_see_is_nobodys(his, acme, alice, bob, york, role, at, stays):
    count = change(bob, role, sites=at and [york], by=alice)
    assert his() == stays
    assert count == 8 - len("".join(stays))
    assert Action.objects.aggregate(sum=Sum("version"))["sum"] == 2 - len(stays[1]), (
        "whoever has it open is told"
    )
    assert change(bob, role, sites=at and [york], by=alice) == 0


def test_handing_over_leaves_all_work_where_it_is(his, alice, bob):
    memberships.hand_over(of(bob), by=alice, stays_owner=True)
    memberships.hand_over(of(alice), by=bob, stays_owner=False)
    assert his() == ["LY", "LY", "LY", "LY"]


def test_a_reader_who_was_named_for_an_action_keeps_it_while_they_see_it(assessment, alice, vera, site, york):
    answer = assessment.answers.in_order()[0]
    Action.objects.add(assessment, [answer], by=alice, title="Train", owner=vera)
    assert change(vera, Role.VIEWER, sites=[site], by=alice) == 0
    assert change(vera, Role.VIEWER, sites=[york], by=alice) == 1
    assert Action.objects.get().owner is None


def test_work_can_be_of_those_whom_access_lets_do_it():
    assert list(memberships.ANSWERING) == roles_that(ANSWER)
    assert list(memberships.REVIEWING) == roles_that(REVIEW)


@pytest.mark.parametrize("why", ["viewer", "limited", "closed", "themselves", "stranger", "gone"])
def test_only_who_works_everywhere_and_may_answer_takes_over(
    work, acme, site, alice, mark, bob, charlie, why
):
    heir = {"themselves": bob, "stranger": charlie}.get(why, mark)
    if why == "viewer":
        change(mark, Role.VIEWER, by=alice)
    if why == "limited":
        limit(mark, site)
    if why == "closed":
        type(mark).objects.filter(pk=mark.pk).update(is_active=False)
    if why == "gone":
        of(mark).delete()
    refused(memberships.remove, of(bob, acme), by=alice, heir=heir, because="cannot take over")
    assert memberships.left_behind(acme, bob, alice).answers == 2


def test_heirs_are_the_others(acme, site, alice, mark, bob, rita, vera, charlie):
    assert {row.user for row in memberships.heirs(of(bob))} == {alice, mark}
    limit(mark, site)
    assert {row.user for row in memberships.heirs(of(bob))} == {alice}


@pytest.mark.django_db(transaction=True)
def test_of_two_owners_who_step_down_remove_each_other_and_leave_at_once_one_stays(acme, alice, olga):
    hers, the_others = of(alice), of(olga)

    def works():
        for mine, me, theirs in ((hers, alice, the_others), (the_others, olga, hers)):
            yield lambda mine=mine, me=me: memberships.remove(mine, by=me)
            yield lambda theirs=theirs, me=me: memberships.remove(theirs, by=me)
            yield lambda mine=mine, me=me: memberships.change(mine, role=Role.VIEWER, sites=None, by=me)
            yield lambda theirs=theirs, me=me: memberships.change(theirs, role=Role.VIEWER, sites=None, by=me)
            yield lambda theirs=theirs, me=me: memberships.hand_over(theirs, by=me, stays_owner=False)

    ends = at_once(*works(), *works())
    assert {type(end) for end in ends} <= {type(None), int, Refused}
    assert acme.memberships.filter(role=Role.OWNER).exists()
    assert not all(isinstance(end, Refused) for end in ends)
