"""The item page as a person meets it: by keyboard, by finger, without a connection, without JavaScript."""

import re

import pytest
from django.contrib.sessions.models import Session
from django.urls import reverse

from assessments.models import Answer
from tests import factories

pytestmark = pytest.mark.browser


@pytest.fixture
def assessment(transactional_db, site, alice):
    return factories.started(site, by=alice)


@pytest.fixture
def asked(assessment):
    return list(assessment.answers.filter(requirement__item__code="PR1").in_order())


@pytest.fixture
def item(assessment):
    return reverse("item", args=[assessment.pk, "PR1"])


@pytest.fixture
def bobs(page, sign_in_browser, bob):
    return sign_in_browser(page, bob)


def again(answer):
    return Answer.objects.get(pk=answer.pk)


def requirement(page, letter):
    return page.locator(f"section#{letter}")


def choose(page, letter, words):
    requirement(page, letter).locator(".opt").get_by_text(words, exact=True).click()


def state(page, letter):
    return requirement(page, letter).locator(".save-state")


def saves(page, letter, words="Saved"):
    """Wait until the requirement says so."""
    state(page, letter).filter(has_text=re.compile(words)).wait_for()


def focused(page):
    return page.evaluate("document.activeElement.name || document.activeElement.id")


def test_a_choice_saves_itself_at_once_and_everything_on_the_page_follows(bobs, item, asked):
    bobs.goto(item)
    assert bobs.get_by_role("button", name="Save this page").is_hidden()
    choose(bobs, "a", "Partly in use")
    saves(bobs, "a", r"^Saved \d\d:\d\d$")
    assert again(asked[0]).choice == "2"
    assert bobs.locator("#item-answered").inner_text() == "1 of 4 answered"
    assert bobs.locator(f"#chip-{asked[0].pk} .level").get_attribute("data-choice") == "2"
    assert "Requirement a saved" in bobs.locator("#say").inner_text()
    assert bobs.locator(".go-on:visible").inner_text() == "Next open: requirement b"


def test_an_item_is_answered_by_keyboard_alone(bobs, item, asked):
    bobs.goto(item)
    press = bobs.keyboard.press
    press("j")
    press("k")
    press("2")
    press("j")
    assert focused(bobs) == f"choice-{asked[1].pk}"
    press("x")
    press("e")
    assert focused(bobs) == f"note-{asked[1].pk}"
    bobs.keyboard.type("Ask 3 teams, next week.")  # letters and digits type here
    press("Escape")
    press("u")
    press("n")
    assert focused(bobs) == f"reason-{asked[2].pk}"
    bobs.keyboard.type("Channel")
    press("Escape")
    press("j")
    press("Space")  # native: the first option of the group that has the focus
    press("ArrowDown")
    for letter in "abcd":
        saves(bobs, letter, r"^Saved")
    assert [again(answer).choice for answer in asked] == ["2", "unknown", "na", "1"]
    assert again(asked[1]).note == "Ask 3 teams, next week."
    assert again(asked[2]).reason == "not-offered"


def test_ctrl_enter_saves_what_is_being_typed_and_goes_on(bobs, item, assessment, asked, bob):
    for answer in asked:
        answer.record_choice("1", by=bob, version=0)
    bobs.goto(item)
    requirement(bobs, "d").locator("summary", has_text="Note").click()
    requirement(bobs, "d").locator("textarea").fill("Half of the teams.")
    bobs.keyboard.press("Control+Enter")
    bobs.wait_for_url(re.compile(r"/items/PR2/#a$"))
    assert again(asked[3]).note == "Half of the teams."


def test_the_address_of_a_requirement_leads_to_its_levels(bobs, item, asked):
    bobs.goto(f"{item}#c")
    bobs.locator(f"[name=choice-{asked[2].pk}]:focus").wait_for()
    assert bobs.locator(".item-places [aria-current]").get_attribute("href") == "#c"


def test_keys_are_listed_and_can_be_switched_off_for_good(bobs, item, asked):
    bobs.goto(item)
    bobs.keyboard.press("?")
    assert bobs.get_by_role("dialog").is_visible()
    bobs.get_by_label("Use single keys on this device").uncheck()
    bobs.get_by_role("button", name="Close").click()
    for _ in range(2):
        bobs.keyboard.press("3")
        bobs.keyboard.press("?")
        assert bobs.get_by_role("dialog").is_hidden()
        assert bobs.locator(":checked[type=radio]").count() == 0
        bobs.reload()
    assert bobs.locator(".opt kbd").first.is_hidden()


def test_a_note_saves_itself_while_its_writer_thinks(bobs, item, asked):
    bobs.goto(item)
    requirement(bobs, "a").locator("summary", has_text="Note").click()
    requirement(bobs, "a").locator("textarea").press_sequentially("Since May.")
    saves(bobs, "a", "Note saved")
    assert again(asked[0]).note == "Since May."
    assert again(asked[0]).revisions.count() == 1


def test_leaving_a_note_that_is_saved_sends_nothing(bobs, item, asked):
    sent = []
    bobs.on("request", lambda request: request.method == "POST" and sent.append(request.post_data))
    bobs.goto(item)
    requirement(bobs, "a").locator("summary", has_text="Note").click()
    requirement(bobs, "a").locator("textarea").fill("Since May.")
    saves(bobs, "a", "Note saved")
    bobs.keyboard.press("Escape")
    bobs.wait_for_timeout(300)
    assert len(sent) == 1


def test_a_note_the_server_did_not_take_stays_and_retry_sends_it_once(bobs, item, asked):
    sent = []
    bobs.route("**/note/", lambda route: (sent.append(route.request.post_data), route.abort()))
    bobs.goto(item)
    requirement(bobs, "a").locator("summary", has_text="Note").click()
    requirement(bobs, "a").locator("textarea").fill("Since May.")
    saves(bobs, "a", "Not saved: the server cannot be reached. What you entered is kept here. Retry")
    assert bobs.locator("#item-unsaved").is_visible()
    assert "Not saved" in bobs.locator("#say").inner_text()
    bobs.unroute("**/note/")
    bobs.on("request", lambda request: request.method == "POST" and sent.append(request.post_data))
    state(bobs, "a").get_by_role("button", name="Retry").click()
    saves(bobs, "a", "Note saved")
    assert bobs.locator("#item-unsaved").is_hidden()
    assert again(asked[0]).note == "Since May."
    assert len(sent) == 2
    assert len(set(sent)) == 1  # the repeat carries the same key


def test_a_reply_that_got_lost_and_more_typing_is_no_conflict_with_oneself(bobs, item, asked):
    def lose_the_reply(route):
        route.fetch()
        route.abort()

    bobs.route("**/note/", lose_the_reply)
    bobs.goto(item)
    requirement(bobs, "a").locator("summary", has_text="Note").click()
    requirement(bobs, "a").locator("textarea").fill("Since May.")
    saves(bobs, "a", "Not saved")
    assert again(asked[0]).note == "Since May."
    bobs.unroute("**/note/")
    requirement(bobs, "a").locator("textarea").press_sequentially(" Every team.")
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
    assert reason.is_hidden()
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
    requirement(bobs, "a").locator("summary", has_text="Note").click()
    note = requirement(bobs, "a").locator("textarea")
    note.fill("Mine.")
    saves(bobs, "a", "somebody else changed this too")
    conflict = requirement(bobs, "a").locator(".conflict")
    for words in ("Alice changed this too", "Mine.", "Theirs."):
        assert words in conflict.inner_text()
    assert note.input_value() == "Mine."
    conflict.get_by_role("button", name="Keep mine" if side == "mine" else "Take theirs").click()
    saves(bobs, "a", "Note saved" if side == "mine" else "What they saved stands.")
    assert conflict.count() == 0
    wanted = "Mine." if side == "mine" else "Theirs."
    assert note.input_value() == again(asked[0]).note == wanted
    with bobs.expect_response("**/note/"):
        note.fill(f"{wanted} And more.")
    saves(bobs, "a", "Note saved")
    assert again(asked[0]).note == f"{wanted} And more."


def test_taking_their_choice_shows_it_everywhere(bobs, item, asked, alice):
    bobs.goto(item)
    again(asked[0]).record_choice("na", by=alice, version=0, reason="other", reason_text="No cards.")
    choose(bobs, "a", "In place")
    requirement(bobs, "a").get_by_role("button", name="Take theirs").click()
    saves(bobs, "a", "What they saved stands.")
    assert requirement(bobs, "a").get_by_label("In a few words").input_value() == "No cards."
    assert bobs.locator(f"#chip-{asked[0].pk} .level").get_attribute("data-choice") == "na"


def test_an_expired_session_keeps_the_text_and_offers_sign_in(bobs, item, asked):
    bobs.goto(item)
    Session.objects.all().delete()
    requirement(bobs, "a").locator("summary", has_text="Note").click()
    requirement(bobs, "a").locator("textarea").fill("Since May.")
    saves(bobs, "a", "Not saved: you are signed out. What you entered is kept here.")
    link = state(bobs, "a").get_by_role("link", name="Sign in in a new tab")
    assert link.get_attribute("href") == f"{reverse('account_login')}?next={item}"
    assert requirement(bobs, "a").locator("textarea").input_value() == "Since May."


def test_after_signing_in_again_the_kept_text_is_saved(bobs, item, asked, bob, sign_in_browser):
    bobs.goto(item)
    Session.objects.all().delete()
    choose(bobs, "a", "In place")
    saves(bobs, "a", "you are signed out")
    sign_in_browser(bobs, bob)
    state(bobs, "a").get_by_role("button", name="Retry").click()
    saves(bobs, "a", "^Saved")
    assert again(asked[0]).choice == "3"


def test_leaving_with_unsaved_text_warns(bobs, item, assessment, asked):
    asked_to_stay = []
    bobs.on("dialog", lambda dialog: (asked_to_stay.append(dialog.type), dialog.dismiss()))
    bobs.route("**/note/", lambda route: route.abort())
    bobs.goto(item)
    requirement(bobs, "a").locator("summary", has_text="Note").click()
    requirement(bobs, "a").locator("textarea").fill("Since May.")
    bobs.get_by_role("link", name="Back to the list").click()
    bobs.wait_for_timeout(500)
    assert asked_to_stay == ["beforeunload"]
    assert bobs.url.endswith(item)


def test_a_link_waits_for_the_save_that_is_on_its_way(bobs, item, assessment, asked):
    bobs.goto(item)
    requirement(bobs, "a").locator("summary", has_text="Note").click()
    requirement(bobs, "a").locator("textarea").fill("Since May.")
    bobs.get_by_role("link", name="Back to the list").click()
    bobs.wait_for_url(re.compile(r"/assessments/\d+/#PR$"))
    assert again(asked[0]).note == "Since May."


def test_without_javascript_one_button_saves_the_page(open_page, sign_in_browser, bob, alice, item, asked):
    page = sign_in_browser(open_page(java_script_enabled=False), bob)
    page.goto(item)
    assert page.locator("kbd:visible").count() == page.locator(".site-footer kbd").count()
    choose(page, "a", "Partly in use")
    choose(page, "b", "Not applicable")
    page.get_by_role("button", name="Save this page").click()
    assert "Choose why this does not apply." in state(page, "b").inner_text()
    requirement(page, "b").get_by_label("Why it does not apply").select_option("elsewhere")
    requirement(page, "c").locator("summary", has_text="Note").click()
    requirement(page, "c").locator("textarea").fill("Mine.")
    again(asked[2]).record_note("Theirs.", by=alice, version=0)
    page.get_by_role("button", name="Save this page").click()
    assert "Alice changed this too" in requirement(page, "c").inner_text()
    page.get_by_role("button", name="Keep mine").click()
    assert "1 change is saved." in page.locator(".messages").inner_text()
    assert [again(answer).choice for answer in asked[:2]] == ["2", "na"]
    assert again(asked[2]).note == "Mine."


def test_enter_in_a_text_field_never_decides_a_conflict(open_page, sign_in_browser, bob, alice, item, asked):
    page = sign_in_browser(open_page(java_script_enabled=False), bob)
    page.goto(item)
    again(asked[0]).record_choice("1", by=alice, version=0)
    choose(page, "a", "In place")
    choose(page, "b", "Not applicable")
    page.get_by_role("button", name="Save this page").click()
    requirement(page, "b").get_by_label("In a few words").press("Enter")
    assert requirement(page, "a").locator(".conflict").is_visible()
    assert again(asked[0]).choice == "1"


@pytest.mark.parametrize("width", [320, 390])
def test_a_phone_shows_it_without_scrolling_sideways_and_with_room_for_fingers(
    open_page, sign_in_browser, bob, item, asked, width
):
    asked[0].record_choice("2", by=bob, version=0)
    asked[0].record_note("x" * 300, by=bob, version=1)
    page = sign_in_browser(open_page(width=width), bob)
    page.goto(item)
    assert page.evaluate("document.documentElement.scrollWidth") == width
    small = page.evaluate(
        """() => [...document.querySelectorAll(".opt, main a, main summary, main button, main select")]
            .filter((e) => e.checkVisibility() && !e.closest(".item-crumbs"))
            .map((e) => [e.textContent.trim(), e.getBoundingClientRect()])
            .filter(([, box]) => box.height < 44 || box.width < 44)
            .map(([words, box]) => `${words} ${box.width} x ${box.height}`)"""
    )
    assert small == []


def test_on_a_phone_what_is_answered_folds_to_the_chosen_row(open_page, sign_in_browser, bob, item, asked):
    asked[0].record_choice("2", by=bob, version=0)
    page = sign_in_browser(open_page(width=390), bob)
    page.goto(item)
    first = requirement(page, "a")
    assert first.locator(".opt:visible").count() == 1
    assert requirement(page, "b").locator(".opt:visible").count() == 6
    first.get_by_role("button", name="Change").click()
    assert first.locator(".opt:visible").count() == 6


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390])
def test_axe_finds_nothing(open_page, sign_in_browser, bob, alice, item, asked, axe, scheme, width):
    for answer, choice in zip(asked, ("0", "1", "unknown"), strict=False):
        answer.record_choice(choice, by=bob, version=0)
    page = sign_in_browser(open_page(width=width, color_scheme=scheme), bob)
    page.goto(item)
    again(asked[3]).record_choice("na", by=alice, version=0, reason="elsewhere")
    choose(page, "d", "In place")
    saves(page, "d", "Not saved")
    for summary in page.locator(".req summary").all():
        summary.click()
    assert axe(page) == []
    page.locator(".all-keys").evaluate("button => button.click()")
    assert axe(page) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_for_a_viewer(open_page, sign_in_browser, vera, bob, item, asked, axe, scheme):
    asked[0].record_choice("na", by=bob, version=0, reason="elsewhere")
    asked[1].record_note("A note.", by=bob, version=0)
    page = sign_in_browser(open_page(color_scheme=scheme), vera)
    page.goto(item)
    page.keyboard.press("j")
    page.keyboard.press("3")
    assert axe(page) == []
    assert again(asked[1]).choice == ""
