"""Making a link to a milestone, seeing its address once, the lists, and taking it back."""

import json
import re
from datetime import UTC, datetime

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse

from assessments.models import Activity, Membership, Milestone, MilestoneReport, Role, ShareLink
from tests import factories

NEW = {"recipient": "The board", "days": "30", "files": "on"}


@pytest.fixture
def milestone(assessment, alice):
    return factories.frozen(assessment, by=alice)


@pytest.fixture
def page(milestone):
    return reverse("milestone-shares", args=[milestone.pk])


@pytest.fixture
def marks(sign_in, mark):
    return sign_in(mark)


def text(response):
    return response.content.decode()


def words(response):
    return re.sub(r"\s+", " ", re.sub("<[^>]+>", "", text(response)))


def addresses_in(page):
    return set(re.findall(r"http://127\.0\.0\.1:8000(/shared/[\w-]{43}/)", page))


def revoke(client, link, **sent):
    return client.post(reverse("share-revoke", args=[link.pk]), sent)


def limited(organisation, *sites):
    """A manager of some sites only."""
    user = factories.UserFactory()
    Membership.objects.create(
        organisation=organisation, user=user, role=Role.MANAGER, limited=True
    ).sites.set(sites)
    return user


def test_a_new_link_is_shown_once_and_opens_the_milestone(marks, mark, milestone, page):
    made = marks.post(page, NEW)
    assert made.url == page, "the token is not in the address"
    (address,) = addresses_in(text(marks.get(page)))
    assert Client().get(address).status_code == 200
    link = ShareLink.objects.get()
    assert (link.milestone, link.recipient, link.files, link.created_by) == (
        milestone,
        "The board",
        True,
        mark,
    )
    assert (link.expires_at - link.created_at).days in (29, 30)
    assert addresses_in(text(marks.get(page))) == set()
    assert not [s for s in Session.objects.all() if "share_link" in s.get_decoded()]


def test_a_milestone_without_a_pdf_says_so_before_a_link_is_made(marks, milestone, page):
    assert "This milestone has no PDF yet." in text(marks.get(page))
    MilestoneReport.objects.keep(milestone, b"%PDF-1.7")
    assert "This milestone has no PDF yet." not in text(marks.get(page))


def test_a_look_ahead_and_the_page_of_another_milestone_do_not_use_up_the_showing(marks, page, assessment):
    marks.post(page, NEW)
    marks.head(page)
    other = factories.frozen(assessment, "Later")
    assert addresses_in(text(marks.get(reverse("milestone-shares", args=[other.pk])))) == set()
    assert addresses_in(text(marks.get(page)))


def test_after_a_double_click_the_first_link_is_still_shown(marks, page):
    marks.post(page, NEW)
    second = marks.post(page, NEW)
    assert second.status_code == 422
    assert "There is a link for “The board” already." in text(second)
    assert addresses_in(text(second))
    assert ShareLink.objects.count() == 1


def test_without_a_tick_the_files_stay_here(marks, page):
    marks.post(page, {"recipient": "The board", "days": "7"})
    assert not ShareLink.objects.get().files


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("recipient", "", "This field is required."),
        ("recipient", "\x00", "This field is required."),
        ("recipient", "x" * 121, "at most 120 characters"),
        ("days", "", "This field is required."),
        ("days", "3650", "Select a valid choice"),
        ("days", "-1", "Select a valid choice"),
    ],
)
def test_a_link_that_makes_no_sense_gets_a_sentence(marks, page, field, value, sentence):
    response = marks.post(page, NEW | {field: value})
    assert response.status_code == 422
    assert sentence in text(response)
    assert "<title>Error:" in text(response)
    assert not ShareLink.objects.exists()


def test_what_people_type_is_shown_as_text_to_the_reader(marks, page):
    marks.post(page, NEW | {"recipient": "<script>alert(1)</script>"})
    (address,) = addresses_in(text(marks.get(page)))
    assert "<script>alert" not in text(Client().get(address))


def test_the_list_says_for_whom_until_when_how_often_and_what_became_of_the_others(
    sign_in, milestone, alice, page, time_machine
):
    time_machine.move_to(datetime(2026, 11, 20, 9, tzinfo=UTC), tick=False)
    factories.shared(milestone, "Old", by=alice, days=7)
    factories.shared(milestone, "Gone", by=None, files=False)[0].revoke(by=alice)
    time_machine.move_to(datetime(2026, 12, 1, 9, tzinfo=UTC), tick=False)
    _link, token = factories.shared(milestone, "The board", by=alice)
    for _ in range(2):
        ShareLink.objects.opened_by(token).open()
    in_force, past = words(sign_in(alice).get(page)).split("No longer in force")
    assert (
        "The board made by Alice, 09:00 until 31 December 2026, with files opened 2 times, last 09:00"
        in in_force
    )
    assert "Old made by Alice, 20 November ended 27 November 2026, with files never opened" in past
    assert "Gone made by somebody who has left, 20 November taken back by Alice, 20 November, to read only never opened" in past  # fmt: skip


def test_taking_back_asks_once_ends_it_at_once_and_stands_in_the_activity(marks, mark, milestone, page):
    link, token = factories.shared(milestone)
    assert "This cannot be undone." in text(marks.get(page))
    response = revoke(marks, link)
    assert response.url == page
    assert "The link for The board is taken back." in text(marks.get(page))
    assert Client().get(f"/shared/{token}/").status_code == 404
    row = Activity.objects.get(verb="link-revoked")
    assert (row.by, row.what, row.site) == (mark, "“Baseline” for The board", milestone.assessment.site)


def test_the_organisation_lists_the_links_of_all_its_sites_and_of_no_other(marks, acme, milestone, charlie):
    theirs = charlie.memberships.get().organisation
    other = factories.started(factories.SiteFactory(organisation=acme), milestone.assessment.release)
    strange = factories.started(factories.SiteFactory(organisation=theirs), milestone.assessment.release)
    for each, name in ((milestone.assessment, "Ours"), (other, "Ours too"), (strange, "Theirs")):
        link, _text = factories.shared(factories.frozen(each), name)
    address = reverse("shares", args=[acme.pk])
    said = words(marks.get(address))
    assert "Ours Leeds, Baseline, made by" in said
    assert f"Ours too {other.site}, Baseline, made by" in said
    assert "Theirs" not in said
    assert revoke(marks, link).status_code == 404
    assert revoke(marks, ShareLink.objects.get(recipient="Ours too"), whole="1").url == address


def test_a_list_costs_the_same_for_one_link_and_for_many(
    marks, milestone, alice, acme, page, django_assert_num_queries
):
    marks.get(page)
    for count in (1, 8):
        for number in range(count):
            factories.shared(milestone, f"People {count} {number}", by=alice)
            factories.shared(milestone, f"Gone {count} {number}", by=alice)[0].revoke(by=alice)
        with django_assert_num_queries(6):
            marks.get(page)
        with django_assert_num_queries(5):
            marks.get(reverse("shares", args=[acme.pk]))


# ---- who may ----------------------------------------------------------------------------------------------------


def test_only_managers_and_owners_make_links(sign_in, bob, vera, rita, milestone, page):
    link, _text = factories.shared(milestone)
    for person in (bob, vera, rita):
        client = sign_in(person)
        assert "Share by a link" not in text(client.get(reverse("milestone", args=[milestone.pk])))
        for response in (
            client.get(page),
            client.post(page, NEW | {"recipient": "Me"}),
            revoke(client, link),
        ):
            assert response.status_code == 403
    assert ShareLink.objects.get().is_in_force


def test_the_page_of_the_milestone_leads_there(marks, milestone, page):
    assert f'href="{page}"' in text(marks.get(reverse("milestone", args=[milestone.pk])))


def test_a_manager_of_some_sites_shares_what_is_theirs_and_sees_no_list_of_the_whole(
    sign_in, acme, site, milestone, page
):
    client = sign_in(limited(acme, site))
    assert client.post(page, NEW).status_code == 302
    assert client.get(reverse("shares", args=[acme.pk])).status_code == 403
    assert reverse("shares", args=[acme.pk]) not in text(client.get(reverse("organisation", args=[acme.pk])))
    assert revoke(client, ShareLink.objects.get()).status_code == 302
    elsewhere = sign_in(limited(acme, factories.SiteFactory(organisation=acme)))
    assert (elsewhere.get(page).status_code, elsewhere.post(page, NEW).status_code) == (404, 404)
    assert revoke(elsewhere, ShareLink.objects.get()).status_code == 404


def test_what_compares_the_sites_of_the_organisation_is_shared_by_those_who_work_in_all(
    sign_in, mark, acme, site, milestone
):
    told = json.loads(milestone.document) | {"sites": [{"name": "Bristol"}]}
    whole = Milestone.objects.create(
        assessment=milestone.assessment,
        name="Whole",
        taken_on=milestone.taken_on,
        document=json.dumps(told),
        sha256="0" * 64,
        figures=milestone.figures,
    )
    address = reverse("milestone-shares", args=[whole.pk])
    hector = sign_in(limited(acme, site))
    assert (hector.get(address).status_code, hector.post(address, NEW).status_code) == (404, 404)
    assert not ShareLink.objects.exists()
    assert sign_in(mark).post(address, NEW).status_code == 302
