"""The sheet of monthly figures as a person meets it: by keyboard, with Excel beside it, and without JavaScript."""

import re

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from assessments.models import Metric, Reading
from tests import factories
from tests.browser.sheets import asks_before_it_leaves, cell, enters, held, paste, posts, saves

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def bobs(page, sign_in_browser, bob, sheet):
    sign_in_browser(page, bob).goto(sheet)
    return page


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
