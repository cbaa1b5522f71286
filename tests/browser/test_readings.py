"""The sheet of monthly figures as a person meets it: by keyboard, with Excel beside it, with a bad connection, beside a
colleague, and without JavaScript."""

import re

import pytest
from django.contrib.sessions.models import Session
from django.urls import reverse
from playwright.sync_api import expect

from assessments.forms.readings import cell_name
from assessments.models import Metric, Reading, readings
from assessments.models.metrics import newest_month
from assessments.models.readings import Entry
from assessments.months import first_of, month_number
from tests import factories

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
SAVED = re.compile(r"^Saved \d\d:\d\d$")


@pytest.fixture
def rate(site):
    return factories.MetricFactory(
        site=site, name="Service level", numerator="Answered in 30 s", denominator="Calls offered"
    )


@pytest.fixture
def hold(site):
    return factories.MetricFactory(site=site, name="Handle time", unit="seconds", kind="cost")


@pytest.fixture
def months(site):
    """The thirteen months of the sheet."""
    last = month_number(newest_month(site.today()))
    return [first_of(number) for number in range(last - 12, last + 1)]


@pytest.fixture
def sheet(site, rate, hold):
    return reverse("readings", args=[site.pk])


@pytest.fixture
def bobs(page, sign_in_browser, bob, sheet):
    sign_in_browser(page, bob).goto(sheet)
    return page


def cell(page, metric, month, figure="value"):
    return page.locator(f'[name="{cell_name(metric, month, figure)}"]')


def state(page):
    return page.locator("#readings-state")


def saves(page, words=SAVED):
    """Wait until the page says so."""
    expect(state(page)).to_have_text(words, use_inner_text=True)


def paste(page, text):
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.evaluate("text => navigator.clipboard.writeText(text)", text)
    page.keyboard.press("Control+v")


def held(metric, month):
    """Numerator, denominator and value as they are stored; None where there is no reading."""
    return (
        Reading.objects.filter(metric=metric, month=month)
        .values_list("numerator", "denominator", "value")
        .first()
    )


def enters(person, metric, month, **values):
    """Somebody saves figures from another page, whatever stands there."""
    readings.record(metric.site, [Entry(metric, month, values)], by=person)


def posts(page):
    """A list that grows by each POST of the page."""
    sent = []
    page.on("request", lambda request: request.method == "POST" and sent.append(request.post_data))
    return sent


def asks_before_it_leaves(page):
    """Try to leave, stay, and say whether the browser asked."""
    asked = []
    page.once("dialog", lambda dialog: (asked.append(dialog.type), dialog.dismiss()))
    page.evaluate("location.assign('about:blank')")
    page.wait_for_timeout(300)
    return asked == ["beforeunload"]


# ---- typing


def test_typing_saves_by_itself_and_works_the_rate_out(bobs, rate, months):
    rate.set_target(since=months[0], low=80, rationale="Contract", by=None)
    expect(bobs.get_by_role("button", name="Save figures")).to_be_hidden()
    cell(bobs, rate, months[-1], "numerator").press_sequentially("9 112")
    saves(bobs)
    cell(bobs, rate, months[-1], "denominator").press_sequentially("10,240")
    saves(bobs)
    output = bobs.locator(f"#rate-{rate.pk}-{months[-1]:%Y-%m}")
    expect(output).to_have_text(re.compile(r"^89\.0\s?%$"))
    expect(output).to_have_class("is-met")
    assert held(rate, months[-1]) == (9112, 10240, 100 * 9112 / 10240)
    bobs.keyboard.press("Tab")
    expect(cell(bobs, rate, months[-1], "denominator")).to_have_value("10240")


def test_leaving_a_cell_as_it_is_sends_nothing(bobs, hold, months):
    sent = posts(bobs)
    cell(bobs, hold, months[-1]).fill("4")
    saves(bobs)
    for key in ("Enter", "ArrowUp", "ArrowLeft", "Escape"):
        bobs.keyboard.press(key)
    bobs.wait_for_timeout(1000)
    assert len(sent) == 1


@pytest.mark.parametrize(
    ("keys", "where"),
    [
        (["ArrowDown"], (0, "denominator", 11)),
        (["Enter"], (0, "denominator", 11)),
        (["Enter", "Enter"], (1, "value", 11)),
        (["Enter", "Enter", "Enter"], (1, "value", 11)),
        (["Enter", "Shift+Enter"], (0, "numerator", 11)),
        (["ArrowUp"], (0, "numerator", 11)),
        (["ArrowLeft"], (0, "numerator", 10)),
        (["ArrowRight", "ArrowRight"], (0, "numerator", 12)),
        (["Tab"], (0, "numerator", 12)),
        (["1", "2", "ArrowLeft"], (0, "numerator", 11)),
        (["1", "2", "ArrowRight"], (0, "numerator", 12)),
    ],
)
def test_a_key_leads_to_the_cell_a_spreadsheet_would_lead_to(bobs, rate, hold, months, keys, where):
    cell(bobs, rate, months[11], "numerator").focus()
    for key in keys:
        bobs.keyboard.press(key)
    metric, figure, month = where
    expect(cell(bobs, (rate, hold)[metric], months[month], figure)).to_be_focused()


def test_escape_takes_back_what_is_not_saved_and_the_mark_of_what_was_refused(bobs, hold, months, alice):
    enters(alice, hold, months[-1], value=310)
    bobs.reload()
    figure = cell(bobs, hold, months[-1])
    figure.press_sequentially("5")
    bobs.keyboard.press("Escape")
    expect(figure).to_have_value("310")
    figure.fill("five")
    saves(bobs, re.compile("^Not saved: look at the cells"))
    bobs.keyboard.press("Escape")
    expect(figure).to_have_value("310")
    expect(figure).not_to_have_attribute("aria-invalid", "true")
    expect(bobs.locator("#readings-problems")).to_be_hidden()
    assert held(hold, months[-1]) == (None, None, 310)


def test_a_cell_that_has_the_focus_is_never_under_the_names_or_the_tools(
    open_page, sign_in_browser, bob, sheet, rate, months
):
    page = sign_in_browser(open_page(width=390, height=500), bob)
    page.goto(sheet)
    cell(page, rate, months[-1], "numerator").focus()
    covered = """() => { const { left, top, width, height } = document.activeElement.getBoundingClientRect();
        return document.elementFromPoint(left + width / 2, top + height / 2) !== document.activeElement }"""
    for _month in months:
        assert not page.evaluate(covered)
        page.keyboard.press("ArrowLeft")


def test_names_and_months_stay_in_sight(open_page, sign_in_browser, bob, site, months):
    metrics = [factories.MetricFactory(site=site, name=f"Count {n:02}", unit="count") for n in range(40)]
    page = sign_in_browser(open_page(width=390, height=800), bob)
    page.goto(reverse("readings", args=[site.pk]))
    cell(page, metrics[39], months[6]).focus()
    names = r"""() => ["thead th", "thead th:nth-child(8)", "tbody tr:last-child th"].map((where) => {
        const { left, top } = document.querySelector(`.readings-table ${where}`).getBoundingClientRect();
        return document.elementFromPoint(left + 30, top + 15)?.closest("th")?.innerText.trim().split(/\s+/)[0] })"""
    assert page.evaluate(names) == ["Metric", f"{months[6]:%b}", "Count"]


# ---- pasting


def test_a_year_of_sixty_metrics_is_pasted_in_one_request(page, sign_in_browser, bob, site, months):
    metrics = [
        factories.MetricFactory(site=site, name=f"Rate {n:02}", numerator="Met", denominator="Asked")
        for n in range(60)
    ]
    lines = [[f"{1000 * n + m + figure:,}" for m in range(12)] for n in range(60) for figure in (1, 100)]
    sign_in_browser(page, bob).goto(reverse("readings", args=[site.pk]))
    sent = posts(page)
    cell(page, metrics[0], months[1], "numerator").focus()
    paste(page, "\r\n".join("\t".join(line) for line in lines) + "\r\n")
    saves(page)
    assert len(sent) == 1
    assert Reading.objects.filter(metric__site=site).count() == 60 * 12
    assert held(metrics[59], months[12])[:2] == (59_012, 59_111)
    assert held(metrics[7], months[3])[:2] == (7_003, 7_102)
    assert page.locator("[id^=rate-]:not(:empty)").count() == 60 * 12


def test_a_sheet_of_sixty_metrics_is_saved_without_javascript(open_page, sign_in_browser, bob, site, months):
    metrics = [
        factories.MetricFactory(site=site, name=f"Rate {n:02}", numerator="Met", denominator="Asked")
        for n in range(60)
    ]
    page = sign_in_browser(open_page(java_script_enabled=False), bob)
    page.goto(reverse("readings", args=[site.pk]))
    cell(page, metrics[59], months[12], "numerator").fill("5")
    page.get_by_role("button", name="Save figures").click()
    expect(page.locator(".messages")).to_contain_text("1 reading is saved.")


def test_a_block_too_wide_says_what_it_left_over_and_its_empty_cells_leave_what_is_there(
    bobs, hold, rate, months, alice
):
    enters(alice, rate, months[12], denominator=200)
    bobs.reload()
    cell(bobs, rate, months[11], "numerator").focus()
    paste(bobs, "10\t20\t30\n100\t\t300\n")
    saves(bobs, re.compile(r"^Saved \d\d:\d\d\. Cells left over beyond the last row or month: 2$"))
    assert held(rate, months[11]) == (10, 100, 10)
    assert held(rate, months[12]) == (20, 200, 10)


def test_one_figure_is_pasted_where_the_caret_is(bobs, hold, months):
    cell(bobs, hold, months[-1]).focus()
    paste(bobs, "312\r\n")
    saves(bobs)
    assert held(hold, months[-1]) == (None, None, 312)


# ---- wrong figures


def test_a_wrong_cell_is_marked_named_and_saved_once_it_is_right(bobs, hold, rate, months):
    cell(bobs, rate, months[11], "numerator").focus()
    paste(bobs, "10\tten\n100\t100\n")
    saves(bobs, re.compile("^Not saved: look at the cells named below"))
    wrong = cell(bobs, rate, months[12], "numerator")
    expect(wrong).to_have_attribute("aria-invalid", "true")
    expect(bobs.locator("[aria-invalid]")).to_have_count(1)
    assert held(rate, months[11]) == (10, 100, 10)
    assert held(rate, months[12]) == (None, 100, None)
    assert asks_before_it_leaves(bobs)
    named = bobs.locator("#readings-problems li")
    expect(named).to_have_text(f"Answered in 30 s, {months[12]:%B %Y}: 'ten' is not a number.")
    named.get_by_role("link").click()
    expect(wrong).to_be_focused()
    wrong.fill("11")
    saves(bobs)
    expect(named).to_have_count(0)
    expect(wrong).not_to_have_attribute("aria-invalid", "true")
    assert held(rate, months[12]) == (11, 100, 11)


def test_a_count_that_was_refused_because_of_the_other_is_saved_with_it(bobs, rate, months):
    cell(bobs, rate, months[-1], "numerator").focus()
    paste(bobs, "-5\n100\n")
    expect(bobs.locator("[aria-invalid]")).to_have_count(2)
    cell(bobs, rate, months[-1], "numerator").fill("5")
    saves(bobs)
    assert held(rate, months[-1]) == (5, 100, 5)


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


# ---- without JavaScript


@pytest.fixture
def plain(open_page, sign_in_browser, bob, sheet):
    page = sign_in_browser(open_page(java_script_enabled=False), bob)
    page.goto(sheet)
    return page


def save(page):
    page.get_by_role("button", name="Save figures").click()


def test_without_javascript_the_button_saves_and_names_what_is_wrong(plain, rate, hold, months):
    cell(plain, rate, months[-1], "numerator").fill("10")
    cell(plain, rate, months[-1], "denominator").fill("200")
    cell(plain, hold, months[-1]).fill("five")
    save(plain)
    notice = plain.get_by_role("alert")
    expect(notice).to_contain_text("1 reading is saved.")
    expect(notice).to_contain_text(f"Handle time, {months[-1]:%B %Y}: 'five' is not a number.")
    wrong = cell(plain, hold, months[-1])
    expect(wrong).to_have_value("five")
    expect(wrong).to_have_attribute("aria-invalid", "true")
    wrong.fill("5")
    save(plain)
    expect(plain.locator(".messages")).to_contain_text("1 reading is saved.")
    expect(plain.locator(f"#rate-{rate.pk}-{months[-1]:%Y-%m}")).to_have_text(re.compile(r"^5\.0\s?%$"))
    assert held(hold, months[-1]) == (None, None, 5)


def test_without_javascript_two_people_in_one_cell_see_both_figures(plain, hold, months, alice):
    enters(alice, hold, months[-1], value=290)
    cell(plain, hold, months[-1]).fill("310")
    save(plain)
    expect(plain.get_by_role("alert")).to_contain_text("Alice entered 290")
    expect(cell(plain, hold, months[-1])).to_have_value("310")
    save(plain)
    expect(plain.locator(".messages")).to_contain_text("1 reading is saved.")
    assert held(hold, months[-1]) == (None, None, 310)


def test_without_javascript_a_double_click_saves_once(plain, hold, months):
    cell(plain, hold, months[-1]).fill("310")
    plain.get_by_role("button", name="Save figures").dblclick()
    expect(plain.locator(".messages")).to_contain_text("saved")
    expect(cell(plain, hold, months[-1])).to_have_value("310")
    assert Reading.objects.get().revisions.count() == 1


def test_who_may_only_look_sees_figures_and_nothing_to_type_in(
    page, sign_in_browser, vera, alice, sheet, hold, months
):
    enters(alice, hold, months[-1], value=290)
    sign_in_browser(page, vera).goto(sheet)
    expect(page.get_by_role("cell", name="290", exact=True)).to_be_visible()
    assert page.locator("#readings :is(input:not([type=hidden]), button)").count() == 0
    assert Metric.objects.count() == 2
