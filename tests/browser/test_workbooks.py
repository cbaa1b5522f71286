"""The questionnaire as a workbook in the browser: out, filled in, up, a row refused, applied, undone."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from tests.assessments.workbooks.copies import Questionnaire, answer, begun, downloaded

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

ONE, TWO, THREE = "pr1-thing-1", "pr1-thing-2", "pr1-thing-3"


def file(content):
    return {"name": "on the train.xlsx", "mimeType": "application/octet-stream", "buffer": content}


def upload(page, content):
    page.get_by_label("Filled-in workbook").set_input_files(file(content))
    page.get_by_role("button", name="Show what would change").click()


def test_a_workbook_goes_out_and_comes_back_is_applied_and_undone(page, sign_in_browser, bob, assessment):
    sign_in_browser(page, bob).goto(reverse("assessment", args=[assessment.pk]))
    with page.expect_download() as download:
        page.get_by_role("link", name="Download as a workbook").click()
    assert download.value.suggested_filename.startswith("Questionnaire Leeds ")
    copy = Questionnaire(download.value.path().read_bytes())
    copy.write(ONE, level="2", note="In two teams.").write(TWO, level="3").write(THREE, level="four")
    page.get_by_role("link", name="Upload a filled-in one").click()
    upload(page, copy.saved())
    expect(page.locator("h1")).to_have_text("2 rows would change answers", use_inner_text=True)
    expect(page.locator("main")).to_contain_text("'four' is not in the list", use_inner_text=True)
    button = page.locator("button[type=submit].btn-primary")
    button.filter(has_text="Apply 2 rows").wait_for()  # a script counts them
    page.get_by_label("Apply PR1b").uncheck()
    expect(button).to_have_text("Apply 1 row", use_inner_text=True)
    button.click()
    expect(page.locator("h1")).to_have_text("1 row of this workbook is saved", use_inner_text=True)
    one = answer(assessment, ONE)
    assert (one.choice, one.note, answer(assessment, TWO).choice) == ("2", "In two teams.", "")
    page.get_by_role("button", name="Undo this workbook").click()
    expect(page.locator(".messages")).to_contain_text("2 changes went back.", use_inner_text=True)
    one = answer(assessment, ONE)
    assert (one.choice, one.note) == ("", "")


def test_all_can_be_ticked_and_none_and_a_conflict_by_itself(page, sign_in_browser, alice, bob, assessment):
    content = downloaded(assessment)
    answer(assessment, ONE).record_choice("1", by=bob, version=0)
    done = begun(assessment, alice, {key: {"level": "3"} for key in (ONE, TWO, THREE)}, content)
    sign_in_browser(page, alice).goto(reverse("workbook-import", args=[assessment.pk, done.pk]))
    button = page.locator("button[type=submit].btn-primary")
    page.get_by_role("button", name="Tick none").click()
    expect(button).to_have_text("Apply the ticked rows", use_inner_text=True)
    page.get_by_label("Take what the workbook says for PR1a").check()
    expect(button).to_have_text("Apply 1 row", use_inner_text=True)
    page.get_by_role("button", name="Tick all").click()
    expect(button).to_have_text("Apply 3 rows", use_inner_text=True)
    button.click()
    expect(page.locator("h1")).to_have_text("3 rows of this workbook are saved", use_inner_text=True)
    assert answer(assessment, ONE).choice == "3"


def test_a_row_that_changes_and_is_confirmed_too_is_counted_once(page, sign_in_browser, alice, assessment):
    for key in (ONE, TWO):
        answer(assessment, key).record_choice("2", by=alice, version=0)
    assessment.answers.exclude(choice="").update(carried=True)
    done = begun(assessment, alice, {ONE: {"note": "Seen again"}})
    sign_in_browser(page, alice).goto(reverse("workbook-import", args=[assessment.pk, done.pk]))
    button = page.locator("button[type=submit].btn-primary")
    expect(button).to_have_text("Apply 1 row", use_inner_text=True)
    page.get_by_label("Unchanged: confirm 2 carried-over answers").check()
    expect(button).to_have_text("Apply 2 rows", use_inner_text=True)
    button.click()
    expect(page.locator("h1")).to_have_text("2 rows of this workbook are saved", use_inner_text=True)


def test_it_works_without_javascript(open_page, sign_in_browser, bob, assessment):
    page = sign_in_browser(open_page(java_script_enabled=False), bob)
    page.goto(reverse("workbook", args=[assessment.pk]))
    upload(page, b"%PDF-1.7")
    expect(page.get_by_role("alert")).to_contain_text("not an Excel workbook", use_inner_text=True)
    upload(page, Questionnaire(downloaded(assessment)).write(ONE, level="2").write(TWO, level="1").saved())
    page.get_by_label("Apply PR1a").uncheck()
    page.get_by_role("button", name="Apply the ticked rows").click()
    expect(page.locator(".messages")).to_contain_text("1 row is saved.", use_inner_text=True)
    page.go_back()
    # Not the dry run once more.
    expect(page.locator("h1")).to_have_text("1 row of this workbook is saved", use_inner_text=True)


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (320, "dark")])
def test_axe_finds_nothing_and_nothing_scrolls_sideways(
    open_page, sign_in_browser, axe, alice, bob, assessment, width, scheme
):
    page = sign_in_browser(open_page(width, color_scheme=scheme), alice)
    answer(assessment, "pr2-thing-2").record_choice("2", by=bob, version=0)
    assessment.answers.exclude(choice="").update(carried=True)
    content = downloaded(assessment)
    answer(assessment, ONE).record_note("Bob was here. " + "x" * 300, by=bob, version=0)
    rows = {
        ONE: {"level": "3", "note": "y" * 300},
        TWO: {"level": "n/a", "reason": "elsewhere", "note": "One\ntwo"},
        THREE: {"level": "four"},
        "pr2-thing-1": {"level": "2", "reason": "elsewhere"},
    }
    done = begun(assessment, alice, rows, content)
    shown = reverse("workbook-import", args=[assessment.pk, done.pk])

    def check(what):
        assert axe(page) == [], what
        assert page.evaluate("document.documentElement.scrollWidth") <= width, what

    page.goto(reverse("workbook", args=[assessment.pk]))
    check("upload")
    page.get_by_role("button", name="Show what would change").click()
    check("upload without a file")
    page.goto(shown)
    page.get_by_text("Which they are").click()
    check("dry run")
    answer(assessment, TWO).record_choice("1", by=bob, version=0)
    page.locator("button[type=submit].btn-primary").click()
    page.locator(".is-overtaken").first.wait_for()
    check("overtaken")
    page.locator("button[type=submit].btn-primary").click()
    page.get_by_role("button", name="Undo this workbook").wait_for()
    check("applied")
    page.get_by_role("button", name="Undo this workbook").click()
    check("undone")
    page.goto(reverse("assessment", args=[assessment.pk]))
    check("task list")
