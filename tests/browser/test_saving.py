"""Saving in the browser: nothing that somebody entered gets lost, whatever happens to the connection or the session."""

import re

import pytest
from django.contrib.sessions.models import Session
from django.urls import reverse
from playwright.sync_api import expect

from tests.browser.pages import again, choose, note, requirement, saves, state

pytestmark = pytest.mark.browser


def test_a_note_saves_itself_while_its_writer_thinks(bobs, item, asked):
    bobs.goto(item)
    note(bobs, "a").press_sequentially("Since May.")
    saves(bobs, "a", "Note saved")
    assert again(asked[0]).note == "Since May."
    assert again(asked[0]).revisions.count() == 1


def test_leaving_a_note_that_is_saved_sends_nothing(bobs, item, asked):
    sent = []
    bobs.on("request", lambda request: request.method == "POST" and sent.append(request.post_data))
    bobs.goto(item)
    note(bobs, "a").fill("Since May.")
    saves(bobs, "a", "Note saved")
    bobs.keyboard.press("Escape")
    bobs.wait_for_timeout(300)
    assert len(sent) == 1


def test_a_note_the_server_did_not_take_stays_and_retry_sends_it_once(bobs, item, asked):
    sent = []
    bobs.route("**/note/", lambda route: (sent.append(route.request.post_data), route.abort()))
    bobs.goto(item)
    note(bobs, "a").fill("Since May.")
    saves(bobs, "a", "Not saved: the server cannot be reached. What you entered is kept on this device")
    expect(bobs.locator("#item-unsaved")).to_be_visible()
    expect(bobs.locator("#say")).to_contain_text("Not saved", use_inner_text=True)
    bobs.unroute("**/note/")
    bobs.on("request", lambda request: request.method == "POST" and sent.append(request.post_data))
    state(bobs, "a").get_by_role("button", name="Retry").click()
    saves(bobs, "a", "Note saved")
    expect(bobs.locator("#item-unsaved")).to_be_hidden()
    assert again(asked[0]).note == "Since May."
    assert len(sent) == 2
    assert len(set(sent)) == 1  # the repeat carries the same key


def test_a_reply_that_got_lost_and_more_typing_is_no_conflict_with_oneself(bobs, item, asked):
    def lose_the_reply(route):
        route.fetch()
        route.abort()

    bobs.route("**/note/", lose_the_reply)
    bobs.goto(item)
    note(bobs, "a").fill("Since May.")
    saves(bobs, "a", "Not saved")
    assert again(asked[0]).note == "Since May."
    bobs.unroute("**/note/")
    note(bobs, "a").press_sequentially(" Every team.")
    saves(bobs, "a", "Note saved")
    assert again(asked[0]).note == "Since May. Every team."
    assert again(asked[0]).revisions.count() == 2


def test_fast_choices_arrive_in_order_and_the_last_one_stands(bobs, item, asked):
    bobs.goto(item)
    under_way, most = [], []

    def count(request):
        if request.method == "POST":
            under_way.append(request)
            most.append(len(under_way))

    bobs.on("request", count)
    bobs.on("requestfinished", lambda request: request in under_way and under_way.remove(request))
    for key in "0123012":
        bobs.keyboard.press(key)
    bobs.wait_for_timeout(300)
    saves(bobs, "a", "^Saved")
    assert again(asked[0]).choice == "2"
    assert max(most) == 1


def test_not_applicable_asks_for_its_reason_before_it_saves(bobs, item, asked):
    bobs.goto(item)
    reason = requirement(bobs, "a").get_by_label("Why it does not apply")
    expect(reason).to_be_hidden()
    choose(bobs, "a", "Not applicable")
    saves(bobs, "a", "Not saved yet: choose why")
    reason.select_option("other")
    saves(bobs, "a", "Not saved yet: say in a few words")
    requirement(bobs, "a").get_by_label("In a few words").fill("No card payments.")
    saves(bobs, "a", "^Saved")
    assert again(asked[0]).reason_text == "No card payments."


def test_going_back_from_not_applicable_says_saved_again(bobs, item, asked):
    bobs.goto(item)
    choose(bobs, "a", "In place")
    saves(bobs, "a", "^Saved")
    choose(bobs, "a", "Not applicable")
    saves(bobs, "a", "Not saved yet")
    choose(bobs, "a", "In place")
    saves(bobs, "a", "^Saved")
    assert again(asked[0]).revisions.count() == 1


@pytest.mark.parametrize("side", ["mine", "theirs"])
def test_two_people_on_one_note_see_both_and_choose(bobs, item, asked, alice, side):
    bobs.goto(item)
    again(asked[0]).record_note("Theirs.", by=alice, version=0)
    text = note(bobs, "a")
    text.fill("Mine.")
    saves(bobs, "a", "somebody else changed this too")
    conflict = requirement(bobs, "a").locator(".conflict")
    for words in ("Alice changed this too", "Mine.", "Theirs."):
        expect(conflict).to_contain_text(words, use_inner_text=True)
    expect(text).to_have_value("Mine.")
    conflict.get_by_role("button", name="Keep mine" if side == "mine" else "Take theirs").click()
    saves(bobs, "a", "Note saved" if side == "mine" else "What they saved stands.")
    expect(conflict).to_have_count(0)
    wanted = "Mine." if side == "mine" else "Theirs."
    assert text.input_value() == again(asked[0]).note == wanted
    with bobs.expect_response("**/note/"):
        text.fill(f"{wanted} And more.")
    saves(bobs, "a", "Note saved")
    assert again(asked[0]).note == f"{wanted} And more."


def test_taking_their_choice_shows_it_everywhere(bobs, item, asked, alice):
    bobs.goto(item)
    again(asked[0]).record_choice("na", by=alice, version=0, reason="other", reason_text="No cards.")
    choose(bobs, "a", "In place")
    requirement(bobs, "a").get_by_role("button", name="Take theirs").click()
    saves(bobs, "a", "What they saved stands.")
    expect(requirement(bobs, "a").get_by_label("In a few words")).to_have_value("No cards.")
    assert bobs.locator(f"#chip-{asked[0].pk} .level").get_attribute("data-choice") == "na"


def test_an_expired_session_keeps_the_text_and_brings_its_writer_back_to_the_same_place(
    page, sign_in_browser, item, asked, bob
):
    bob.set_password("long enough for a test")
    bob.save()
    bobs = sign_in_browser(page, bob)
    bobs.goto(item)
    Session.objects.all().delete()
    note(bobs, "c").fill("Since May.")
    saves(bobs, "c", "Not saved: you are signed out. What you entered is kept on this device.")
    state(bobs, "c").get_by_role("link", name="Sign in and come back here").click()
    bobs.locator("[name=login]").fill(bob.email)
    bobs.locator("[name=password]").fill("long enough for a test")
    bobs.get_by_role("button", name="Sign in", exact=True).click()
    bobs.wait_for_url(f"**{item}#c")
    saves(bobs, "c", "Note saved")
    assert note(bobs, "c").input_value() == again(asked[2]).note == "Since May."
    assert kept(bobs) == []


def test_signed_in_again_in_another_tab_the_kept_choice_is_saved(bobs, item, asked, bob, sign_in_browser):
    bobs.goto(item)
    Session.objects.all().delete()
    choose(bobs, "a", "In place")
    saves(bobs, "a", "you are signed out")
    sign_in_browser(bobs, bob)
    state(bobs, "a").get_by_role("button", name="Retry").click()
    saves(bobs, "a", "^Saved")
    assert again(asked[0]).choice == "3"


# ---- without a connection


def kept(page):
    """The names under which this device keeps what is not saved."""
    names = page.evaluate("Object.keys(localStorage)")
    return sorted(name for name in names if name.startswith("copcready-unsaved"))


def test_offline_answers_wait_in_the_browser_and_are_saved_once_the_connection_is_back(bobs, item, asked):
    bobs.goto(item)
    bobs.context.set_offline(True)
    choose(bobs, "a", "In place")
    choose(bobs, "b", "Designed only")
    note(bobs, "b").fill("Since May.")
    saves(bobs, "b", "the server cannot be reached")
    assert len(kept(bobs)) == 3
    bobs.context.set_offline(False)
    saves(bobs, "a", "^Saved")
    saves(bobs, "b", "^Saved")
    bobs.wait_for_function("!Object.keys(localStorage).some((name) => name.startsWith('copcready-unsaved'))")
    assert [again(answer).choice for answer in asked[:2]] == ["3", "1"]
    assert again(asked[1]).note == "Since May."


def test_the_queue_survives_a_reload(bobs, item, asked):
    bobs.goto(item)
    bobs.route("**/answers/**", lambda route: route.abort())
    choose(bobs, "a", "In place")
    note(bobs, "b").fill("Since May.")
    saves(bobs, "b", "Not saved")
    bobs.reload()
    saves(bobs, "b", "Not saved")
    expect(note(bobs, "b")).to_have_value("Since May.")
    assert requirement(bobs, "a").locator("input:checked").get_attribute("value") == "3"
    bobs.unroute("**/answers/**")
    bobs.reload()
    saves(bobs, "a", "^Saved")
    saves(bobs, "b", "Note saved")
    assert (again(asked[0]).choice, again(asked[1]).note) == ("3", "Since May.")


def test_what_was_kept_meets_what_somebody_else_saved_meanwhile(bobs, item, asked, alice):
    bobs.goto(item)
    bobs.route("**/answers/**", lambda route: route.abort())
    note(bobs, "a").fill("Mine.")
    saves(bobs, "a", "Not saved")
    again(asked[0]).record_note("Theirs.", by=alice, version=0)
    bobs.unroute("**/answers/**")
    bobs.reload()
    saves(bobs, "a", "somebody else changed this too")
    expect(note(bobs, "a")).to_have_value("Mine.")
    expect(requirement(bobs, "a").locator(".conflict")).to_contain_text("Theirs.", use_inner_text=True)


def test_a_try_that_failed_is_repeated_by_itself_with_the_same_key(bobs, item, asked):
    sent = []

    def refuse_twice(route):
        sent.append(route.request.post_data)
        if len(sent) < 3:
            route.fulfill(status=503, body="The database is busy.")
        else:
            route.continue_()

    bobs.route("**/choice/", refuse_twice)
    bobs.goto(item)
    choose(bobs, "a", "In place")
    saves(bobs, "a", "the database is busy")
    saves(bobs, "a", "^Saved")
    assert len(sent) == 3
    assert len(set(sent)) == 1


def test_what_another_page_kept_is_saved_from_the_task_list(bobs, item, assessment, asked):
    bobs.goto(item)
    bobs.route("**/answers/**", lambda route: route.abort())
    choose(bobs, "a", "In place")
    saves(bobs, "a", "Not saved")
    bobs.evaluate("""() => { for (const [name, text] of Object.entries(localStorage)) if (name.startsWith("copcready-unsaved"))
        localStorage.setItem(name, JSON.stringify({ ...JSON.parse(text), at: Date.now() - 60000 })) }""")
    bobs.goto(reverse("assessment", args=[assessment.pk]))
    waiting = bobs.locator("#kept").filter(has_text="not saved yet")
    waiting.wait_for()
    assert waiting.get_by_role("link").get_attribute("href") == f"{item}#a"
    bobs.unroute("**/answers/**")
    bobs.reload()
    bobs.locator("#kept").filter(has_text="are saved now").wait_for()
    assert again(asked[0]).choice == "3"
    assert kept(bobs) == []


def test_signing_out_asks_about_what_is_not_saved_and_clears_it(bobs, item, asked):
    bobs.goto(item)
    bobs.route("**/answers/**", lambda route: route.abort())
    note(bobs, "a").fill("Nobody else's business.")
    saves(bobs, "a", "Not saved")
    answers = iter(["dismiss", "accept"])
    bobs.on("dialog", lambda dialog: getattr(dialog, next(answers))())
    bobs.locator(".menu-account summary").click()
    bobs.get_by_role("button", name="Sign out").click()
    assert bobs.url.endswith(item)
    assert len(kept(bobs)) == 1
    bobs.get_by_role("button", name="Sign out").click()
    bobs.wait_for_url("**/account/login/**")
    assert kept(bobs) == []


def test_nobody_else_on_this_device_sends_or_sees_what_one_kept(bobs, item, asked, alice, sign_in_browser):
    bobs.goto(item)
    bobs.route("**/answers/**", lambda route: route.abort())
    note(bobs, "a").fill("Mine.")
    saves(bobs, "a", "Not saved")
    bobs.unroute("**/answers/**")
    sign_in_browser(bobs, alice).reload()
    bobs.wait_for_timeout(300)
    expect(note(bobs, "a")).to_have_value("")
    assert again(asked[0]).version == 0


def test_where_the_device_keeps_nothing_leaving_asks_first(open_page, sign_in_browser, bob, item, asked):
    page = sign_in_browser(open_page(), bob)
    page.add_init_script("Storage.prototype.setItem = () => { throw new Error('no room') }")
    asked_to_stay = []
    page.on("dialog", lambda dialog: (asked_to_stay.append(dialog.type), dialog.dismiss()))
    page.route("**/note/", lambda route: route.abort())
    page.goto(item)
    note(page, "a").fill("Since May.")
    page.get_by_role("link", name="Back to the list").click()
    page.wait_for_timeout(500)
    assert asked_to_stay == ["beforeunload"]
    assert page.url.endswith(item)


def test_a_link_waits_for_the_save_that_is_on_its_way(bobs, item, assessment, asked):
    bobs.goto(item)
    note(bobs, "a").fill("Since May.")
    bobs.get_by_role("link", name="Back to the list").click()
    bobs.wait_for_url(re.compile(r"/assessments/\d+/#PR$"))
    assert again(asked[0]).note == "Since May."


# ---- two people at once


def test_what_somebody_else_saves_shows_within_seconds_without_a_reload(bobs, item, asked, alice):
    bobs.goto(item)
    again(asked[1]).record_choice("2", by=alice, version=0)
    again(asked[1]).record_note("Theirs.", by=alice, version=1)
    saves(bobs, "b", "by Alice")
    assert requirement(bobs, "b").locator("input:checked").get_attribute("value") == "2"
    expect(note(bobs, "b")).to_have_value("Theirs.")
    expect(bobs.locator("#item-answered")).to_have_text("1 of 4 answered", use_inner_text=True)
    expect(bobs.locator("#say")).to_contain_text("PR1b was saved by Alice", use_inner_text=True)
    choose(bobs, "b", "In place")  # on top of theirs, which was seen: no conflict
    saves(bobs, "b", r"^Saved \d\d:\d\d$")
    assert (again(asked[1]).choice, again(asked[1]).note) == ("3", "Theirs.")


def test_news_never_goes_over_what_is_being_typed(bobs, item, asked, alice):
    bobs.goto(item)
    bobs.route("**/note/", lambda route: route.abort())
    note(bobs, "a").fill("Mine.")
    saves(bobs, "a", "Not saved")
    stored = again(asked[0])
    stored.record_note("Theirs.", by=alice, version=0)
    stored.record_choice("2", by=alice, version=1)
    requirement(bobs, "a").locator("input[value='2']:checked").wait_for()
    expect(note(bobs, "a")).to_have_value("Mine.")
    expect(state(bobs, "a")).to_contain_text("Not saved", use_inner_text=True)
    bobs.unroute("**/note/")
    saves(bobs, "a", "somebody else changed this too")
    expect(requirement(bobs, "a").locator(".conflict")).to_contain_text("Theirs.", use_inner_text=True)


def test_a_viewer_sees_answers_arrive(page, sign_in_browser, vera, item, asked, alice):
    sign_in_browser(page, vera).goto(item)
    again(asked[0]).record_choice("1", by=alice, version=0)
    requirement(page, "a").locator("input[value='1']:checked").wait_for()
    assert page.locator(f"#chip-{asked[0].pk} .level").get_attribute("data-choice") == "1"
