"""Saving monthly figures with a bad connection, a session that ends and a colleague in the same cell: nothing gets lost."""

import re

import pytest
from django.contrib.sessions.models import Session
from playwright.sync_api import expect

from assessments.models import Reading
from tests.browser.sheets import asks_before_it_leaves, cell, enters, held, saves, state

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def bobs(page, sign_in_browser, bob, sheet):
    sign_in_browser(page, bob).goto(sheet)
    return page


# ---- a bad connection, a session that ends


def test_a_connection_cut_in_the_middle_of_typing_loses_nothing(bobs, rate, hold, months):
    figure = cell(bobs, rate, months[-1], "numerator")
    figure.press_sequentially("91")
    bobs.context.set_offline(True)
    figure.press_sequentially("12")
    saves(bobs, re.compile("^Not saved: the server cannot be reached"))
    expect(bobs.get_by_role("button", name="Save figures")).to_be_visible()
    cell(bobs, hold, months[-1]).press_sequentially("310")
    assert asks_before_it_leaves(bobs)
    bobs.context.set_offline(False)
    saves(bobs)
    expect(bobs.get_by_role("button", name="Save figures")).to_be_hidden()
    assert held(rate, months[-1]) == (9112, None, None)
    assert held(hold, months[-1]) == (None, None, 310)
    assert not asks_before_it_leaves(bobs)


def test_a_reply_that_got_lost_and_more_typing_is_no_conflict_with_oneself(bobs, hold, months):
    def lose_the_reply(route):
        route.fetch()
        route.abort()

    bobs.route("**/readings/", lose_the_reply)
    figure = cell(bobs, hold, months[-1])
    figure.fill("31")
    saves(bobs, re.compile("^Not saved"))
    assert held(hold, months[-1]) == (None, None, 31)
    bobs.unroute("**/readings/")
    figure.fill("310")
    saves(bobs)
    assert held(hold, months[-1]) == (None, None, 310)


def test_a_figure_taken_back_while_it_is_saved_is_taken_back(bobs, hold, months):
    held_up = []
    bobs.route("**/readings/", lambda route: route.continue_() if held_up else held_up.append(route))
    figure = cell(bobs, hold, months[-1])
    figure.fill("31")
    saves(bobs, "Saving")
    figure.fill("")
    bobs.wait_for_timeout(900)
    held_up[0].continue_()
    saves(bobs)
    expect(figure).to_have_value("")
    assert held(hold, months[-1]) == (None, None, None)


def test_a_session_that_ended_is_said_and_the_figures_saved_after_signing_in_again(
    bobs, sign_in_browser, bob, hold, months
):
    cell(bobs, hold, months[-1]).press_sequentially("310")
    Session.objects.all().delete()
    saves(bobs, re.compile("^Not saved: you are signed out. Your figures are still here"))
    expect(cell(bobs, hold, months[-1])).to_have_value("310")
    with bobs.context.expect_page() as other:
        state(bobs).get_by_role("link", name="sign in in another tab").click()
    expect(other.value.locator("h1")).to_be_visible()
    sign_in_browser(other.value, bob)
    other.value.close()
    bobs.get_by_role("button", name="Save figures").click()
    saves(bobs)
    assert held(hold, months[-1]) == (None, None, 310)


def test_figures_of_one_person_are_never_saved_as_those_of_the_next_on_the_same_device(
    bobs, sign_in_browser, alice, hold, months
):
    sign_in_browser(bobs, alice)
    cell(bobs, hold, months[-1]).press_sequentially("310")
    saves(bobs, re.compile("^Not saved: somebody else is signed in"))
    assert held(hold, months[-1]) is None


def test_somebody_who_may_no_longer_enter_figures_is_told_and_keeps_what_was_typed(bobs, bob, hold, months):
    bob.memberships.update(role="viewer")
    cell(bobs, hold, months[-1]).press_sequentially("310")
    saves(bobs, re.compile("^Not saved: this account may not enter figures here"))
    expect(cell(bobs, hold, months[-1])).to_have_value("310")


# ---- two people


def test_two_people_in_one_cell_see_both_figures_and_entering_again_replaces(bobs, hold, months, alice):
    enters(alice, hold, months[-1], value=290)
    figure = cell(bobs, hold, months[-1])
    figure.fill("310")
    saves(bobs, re.compile("^Not saved"))
    named = bobs.locator("#readings-problems li")
    expect(named).to_contain_text("Alice entered 290", use_inner_text=True)
    expect(figure).to_have_value("310")
    assert held(hold, months[-1]) == (None, None, 290)
    figure.fill("310")
    saves(bobs)
    assert held(hold, months[-1]) == (None, None, 310)
    assert Reading.objects.get().revisions.count() == 2


def test_escape_after_a_conflict_takes_the_figure_of_the_other(bobs, hold, months, alice):
    enters(alice, hold, months[-1], value=290)
    figure = cell(bobs, hold, months[-1])
    figure.fill("310")
    saves(bobs, re.compile("^Not saved"))
    figure.focus()
    bobs.keyboard.press("Escape")
    expect(figure).to_have_value("290")
    expect(bobs.locator("#readings-problems")).to_be_hidden()
    bobs.wait_for_timeout(300)
    assert held(hold, months[-1]) == (None, None, 290)


def test_the_other_count_that_somebody_entered_meanwhile_comes_onto_the_page(bobs, rate, months, alice):
    enters(alice, rate, months[-1], denominator=200)
    cell(bobs, rate, months[-1], "numerator").fill("10")
    saves(bobs)
    expect(cell(bobs, rate, months[-1], "denominator")).to_have_value("200")
    assert held(rate, months[-1]) == (10, 200, 5)
