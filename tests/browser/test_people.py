"""People of an organisation in the browser: inviting, joining, another role, removing, leaving and handing over."""

import re

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from assessments.models import Invitation, Membership, Role
from tests import factories
from tests.browser.pages import WINDOWS, again, choose, saves
from tests.conftest import member

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PASSWORD = "a long and quiet afternoon"
NEW = "nora@example.com"
BOTH = pytest.mark.parametrize("script", [True, False])


@pytest.fixture
def york(acme):
    return factories.SiteFactory(organisation=acme, name="York")


@pytest.fixture
def people(acme):
    """The address of the list."""
    return reverse("organisation", args=[acme.pk])


@pytest.fixture(autouse=True)
def _links_lead_to_the_live_server(settings, live_server):
    settings.SITE_URL = live_server.url


def row(page, name):
    return page.locator(".people > li", has_text=name)


def role_of(page, role):
    """The choice of that role; what it means is in its label too."""
    return page.get_by_role("radio", name=re.compile(f"^{role} "))


def invite(page, people, email, role, *sites):
    """Fill in the form and send it; without `sites` the role is good for every site."""
    page.goto(people)
    page.get_by_role("link", name="Invite somebody").click()
    page.get_by_label("E-mail address").fill(email)
    role_of(page, role).check()
    if sites:
        page.get_by_label("Only the sites ticked below").check()
    for site in sites:
        page.get_by_label(site).check()
    page.get_by_role("button", name="Send the invitation").click()


def link_in(mail):
    return re.search(r"https?://\S+/invitations/\S+", mail.body)[0]


def issued(acme, by, email=NEW, role=Role.CONTRIBUTOR, sites=None):
    """The path of the link of an invitation, and the invitation."""
    invitation, text = Invitation.objects.issue(acme, email=email, role=role, sites=sites, by=by)
    return reverse("invitation", args=[text]), invitation


# ---- inviting and joining


@BOTH
def test_somebody_new_is_invited_makes_an_account_and_sees_one_site_only(
    open_page, sign_in_browser, mailoutbox, alice, assessment, york, people, script
):
    page = sign_in_browser(open_page(java_script_enabled=script), alice)
    invite(page, people, "Nora@Example.com", "Contributor", "Leeds")
    expect(page.locator(".messages")).to_contain_text(f"An invitation is on its way to {NEW}.")
    expect(row(page, NEW)).to_contain_text("only in Leeds")
    assert mailoutbox[0].to == [NEW]

    door = open_page(java_script_enabled=script)
    door.goto(link_in(mailoutbox[0]))
    expect(door.locator("main")).to_contain_text(f"Alice invites {NEW} as contributor, only in Leeds.")
    expect(door.get_by_label("E-mail address")).to_have_value(NEW)
    door.get_by_label("Your name").fill("Nora")
    door.get_by_role("textbox", name="Password").fill("short")
    door.get_by_role("button", name="Make the account and join").click()
    expect(door.locator(".invalid-feedback")).to_contain_text("at least 12 characters")
    expect(door.get_by_label("Your name")).to_have_value("Nora")
    door.get_by_role("textbox", name="Password").fill(PASSWORD)
    door.get_by_role("button", name="Make the account and join").click()
    expect(door.locator(".messages")).to_contain_text("Welcome to Acme.")
    expect(door.locator("main")).to_contain_text("Leeds")
    expect(door.locator("main")).not_to_contain_text("York")
    assert door.goto(reverse("assessment", args=[assessment.pk])).status == 200
    assert door.goto(reverse("site", args=[york.pk])).status == 404
    page.goto(people)
    expect(row(page, "Nora")).to_contain_text("Contributor only in Leeds", use_inner_text=False)


@BOTH
def test_somebody_with_an_account_signs_in_and_accepts(
    open_page, sign_in_browser, mailoutbox, alice, charlie, acme, site, people, script
):
    charlie.set_password(PASSWORD)
    charlie.save()
    invite(sign_in_browser(open_page(java_script_enabled=script), alice), people, charlie.email, "Reviewer")
    page = open_page(java_script_enabled=script)
    page.goto(link_in(mailoutbox[0]))
    page.get_by_role("main").get_by_role("link", name="Sign in").click()
    page.get_by_label("E-mail address").fill(charlie.email)
    page.get_by_role("textbox", name="Password").fill(PASSWORD)
    page.get_by_role("textbox", name="Password").press("Enter")
    page.get_by_role("button", name="Accept the invitation").click()
    expect(page.locator(".messages")).to_contain_text("Welcome to Acme.")
    assert Membership.objects.get(organisation=acme, user=charlie).role == Role.REVIEWER


def test_somebody_else_is_told_whose_invitation_it_is_and_signs_out(
    open_page, sign_in_browser, acme, alice, bob
):
    path, _ = issued(acme, alice)
    page = sign_in_browser(open_page(), bob)
    page.goto(path)
    expect(page.locator("main")).to_contain_text(f"You are signed in as {bob.email}.")
    page.get_by_role("main").get_by_role("button", name="Sign out").click()
    expect(page.locator("main")).to_contain_text("Make an account for this address.")
    page.goto(path)
    expect(page.get_by_role("button", name="Make the account and join")).to_be_visible()


def test_a_link_that_is_wrong_or_taken_back_says_so_and_whom_to_ask(
    open_page, sign_in_browser, acme, alice, people
):
    path, _ = issued(acme, alice)
    stranger = open_page()
    stranger.goto(path)
    expect(stranger.locator("h1")).to_have_text("You are invited to Acme")
    page = sign_in_browser(open_page(), alice)
    page.goto(people)
    page.get_by_role("button", name=f"Take back the invitation of {NEW}").click()
    expect(page.locator(".messages")).to_contain_text("Its link opens nothing any more.")
    expect(page.locator("main")).to_contain_text("Nobody is invited at the moment.")
    for address in (path, reverse("invitation", args=["made-up"])):
        assert stranger.goto(address).status == 404
        expect(stranger.locator("h1")).to_have_text("This link opens nothing")
        expect(stranger.locator("main")).to_contain_text("Ask whoever invited you to send it again")


def test_what_is_missing_in_an_invitation_is_said_beside_it_and_nothing_is_lost(
    page, sign_in_browser, alice, site, york, people
):
    invite(sign_in_browser(page, alice), people, "bob@example.com", "Owner", "York")
    expect(page.locator(".invalid-feedback")).to_contain_text("An owner works in every site.")
    expect(page.get_by_label("E-mail address")).to_have_value("bob@example.com")
    expect(page.get_by_label("York")).to_be_checked()
    page.get_by_label("York").uncheck()
    role_of(page, "Viewer").check()
    page.get_by_role("button", name="Send the invitation").click()
    expect(page.locator(".invalid-feedback")).to_contain_text("Tick at least one site, or choose every site.")
    assert not Invitation.objects.exists()


@BOTH
def test_the_sites_show_only_while_they_count(open_page, sign_in_browser, alice, acme, site, york, script):
    page = sign_in_browser(open_page(java_script_enabled=script), alice)
    page.goto(reverse("invite", args=[acme.pk]))
    expect(page.get_by_label("York")).to_be_hidden()
    page.get_by_label("Only the sites ticked below").check()
    expect(page.get_by_label("York")).to_be_visible()
    page.get_by_label("Every site, those added later too").check()
    expect(page.get_by_label("York")).to_be_hidden()


# ---- another role, removing, leaving, handing over


@BOTH
def test_another_role_and_other_sites_hold_at_once(
    open_page, sign_in_browser, alice, bob, assessment, york, people, script
):
    theirs = sign_in_browser(open_page(java_script_enabled=script), bob)
    assert theirs.goto(reverse("site", args=[york.pk])).status == 200
    page = sign_in_browser(open_page(java_script_enabled=script), alice)
    page.goto(people)
    page.get_by_role("link", name="Change Bob").click()
    expect(role_of(page, "Contributor")).to_be_checked()
    role_of(page, "Viewer").check()
    page.get_by_label("Only the sites ticked below").check()
    page.get_by_label("Leeds").check()
    page.get_by_role("button", name="Save").click()
    expect(page.locator(".messages")).to_contain_text("Saved. It holds from now on")
    expect(row(page, "Bob")).to_contain_text("Viewer")
    expect(row(page, "Bob")).to_contain_text("only in Leeds")
    assert theirs.goto(reverse("site", args=[york.pk])).status == 404
    theirs.goto(reverse("item", args=[assessment.pk, "PR1"]))
    expect(theirs.locator(".opt input:enabled")).to_have_count(0)


def test_who_is_removed_while_answering_is_told_that_nothing_was_saved(
    open_page, sign_in_browser, bobs, alice, bob, asked, item, people
):
    asked[0].assignee = bob
    asked[0].save()
    bobs.goto(item)
    choose(bobs, "a", "Designed only")
    saves(bobs, "a")
    page = sign_in_browser(open_page(), alice)
    page.goto(people)
    page.get_by_role("link", name="Remove Bob").click()
    expect(page.locator("main")).to_contain_text("1 requirement assigned")
    page.get_by_label("Who takes over the open work?").select_option("Alice")
    page.get_by_role("button", name="Remove Bob").click()
    expect(page.locator(".messages")).to_contain_text("Bob is removed")
    choose(bobs, "b", "Designed only")
    saves(
        bobs,
        "b",
        "Not saved: this answer is no longer there for you. What you entered is kept on this device.",
    )
    assert again(asked[1]).choice == ""
    assert again(asked[0]).assignee == alice
    assert again(asked[0]).choice != ""  # what he answered before stays
    assert bobs.goto(item).status == 404


@BOTH
def test_a_member_leaves(open_page, sign_in_browser, alice, bob, acme, site, people, script):
    page = sign_in_browser(open_page(java_script_enabled=script), bob)
    page.goto(people)
    page.get_by_role("link", name="Leave").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Leave Acme")
    page.get_by_role("button", name="Leave the organisation").click()
    expect(page.locator(".messages")).to_contain_text("You left Acme.")
    assert page.goto(people).status == 404


def test_the_last_owner_cannot_leave_and_is_told_what_to_do(page, sign_in_browser, alice, bob, people):
    sign_in_browser(page, alice).goto(people)
    page.get_by_role("link", name="Leave").click()
    expect(page.locator("main")).to_contain_text("You are its last owner, so you cannot leave yet.")
    expect(page.get_by_role("button", name="Leave the organisation")).to_have_count(0)
    page.get_by_role("link", name="To the people").click()
    expect(row(page, "Alice")).to_contain_text("Owner")


@BOTH
def test_an_owner_hands_over_and_is_a_manager_from_then_on(
    open_page, sign_in_browser, alice, mark, people, script
):
    page = sign_in_browser(open_page(java_script_enabled=script), alice)
    page.goto(people)
    page.get_by_role("link", name="Change Mark").click()
    page.get_by_role("link", name="Hand the organisation over to Mark").click()
    page.get_by_label("I stay an owner too").uncheck()
    page.get_by_role("button", name="Hand over").click()
    expect(page.locator(".messages")).to_contain_text("Mark owns Acme now.")
    expect(row(page, "Mark")).to_contain_text("Owner")
    expect(row(page, "Alice")).to_contain_text("Manager")
    expect(page.get_by_role("link", name="Remove Mark")).to_have_count(0)


# ---- for everybody


def test_the_keyboard_is_enough(page, sign_in_browser, mailoutbox, alice, acme, site, york, people):
    sign_in_browser(page, alice).goto(people)
    page.get_by_role("link", name="Invite somebody").focus()
    page.keyboard.press("Enter")
    page.get_by_label("E-mail address").focus()
    page.keyboard.type(NEW)
    for key in ("Tab", "Space", "ArrowDown", "Tab", "ArrowDown", "Tab", "Tab", "Space", "Enter"):
        page.keyboard.press(key)
    expect(page.locator(".messages")).to_contain_text("An invitation is on its way")
    expect(row(page, NEW)).to_contain_text("Manager")
    expect(row(page, NEW)).to_contain_text("only in York")
    page.get_by_role("button", name="Take back").focus()
    page.keyboard.press("Enter")
    expect(page.locator(".messages")).to_contain_text("is taken back")


@pytest.fixture
def crowd(acme, alice, bob, site, york, asked):
    """Many people, with names and sites of every length; Bob has open work."""
    long = factories.SiteFactory(organisation=acme, name="Nether Wallop " + "x" * 60)
    for number, role in enumerate([*Role, *Role]):
        user = member(acme, f"{'y' * (1 + 7 * number)} {number}", role)
        if number > 5:
            Membership.objects.filter(user=user).update(limited=True)
            Membership.objects.get(user=user).sites.set([site, long])
    asked[0].assignee = bob
    asked[0].save()
    for number in range(3):
        issued(acme, alice, f"{'z' * 20 * number}{number}@example.com", Role.VIEWER, [long])


@pytest.mark.parametrize("window", WINDOWS)
def test_axe_finds_nothing_and_nothing_scrolls_sideways(
    open_page, sign_in_browser, axe, alice, bob, acme, crowd, people, window
):
    page = sign_in_browser(open_page(**window), alice)
    theirs, mine = acme.memberships.get(user=bob).pk, acme.memberships.get(user=alice).pk
    limited = acme.memberships.filter(limited=True).first().pk

    def is_right(page=page):
        assert axe(page) == [], page.url
        assert page.evaluate("document.documentElement.scrollWidth") <= window["width"], page.url

    for address in (
        people,
        reverse("person", args=[acme.pk, limited]),
        reverse("person-remove", args=[acme.pk, theirs]),
        reverse("person-remove", args=[acme.pk, limited]),
        reverse("person-remove", args=[acme.pk, mine]),
        reverse("person-hand-over", args=[acme.pk, limited]),
        reverse("help"),
    ):
        page.goto(address)
        is_right()
    page.goto(reverse("invite", args=[acme.pk]))
    is_right()
    page.get_by_label("E-mail address").fill("x" * 60 + "@example.com")
    role_of(page, "Viewer").check()
    page.get_by_label("Only the sites ticked below").check()
    page.get_by_role("button", name="Send the invitation").click()
    expect(page.locator(".invalid-feedback")).to_contain_text("Tick at least one site")
    is_right()
    viewer = sign_in_browser(open_page(**window), bob)
    for address in (people, reverse("person", args=[acme.pk, theirs])):
        viewer.goto(address)
        is_right(viewer)


@pytest.mark.parametrize("window", WINDOWS)
def test_axe_finds_nothing_where_an_invitation_leads(
    open_page, sign_in_browser, axe, alice, bob, charlie, acme, site, window
):
    known, _ = issued(acme, alice, charlie.email)
    new, _ = issued(acme, alice, f"{'n' * 50}@example.com", sites=[site])

    def is_right(page, words):
        expect(page.locator("main")).to_contain_text(words)
        assert axe(page) == [], words
        assert page.evaluate("document.documentElement.scrollWidth") <= window["width"], words

    page = open_page(**window)
    page.goto(known)
    is_right(page, "There is an account for this address.")
    page.goto(new)
    is_right(page, "Make an account for this address.")
    page.get_by_label("Your name").fill("Nora")
    page.get_by_role("textbox", name="Password").fill("short")
    page.get_by_role("button", name="Make the account and join").click()
    is_right(page, "at least 12 characters")
    page.goto(reverse("invitation", args=["made-up"]))
    is_right(page, "This link opens nothing")
    sign_in_browser(page, bob).goto(known)
    is_right(page, "The invitation is for another address")
    sign_in_browser(page, charlie).goto(known)
    is_right(page, "Accept the invitation")
