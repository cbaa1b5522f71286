"""Every state of the pages of metrics: accessible in light and dark, wide, on a phone and at 400 % zoom."""

import pytest
from django.urls import reverse
from django.utils import timezone

from assessments.models import Answer, Assessment, readings
from assessments.models.metrics import newest_month
from assessments.models.readings import Entry
from assessments.months import first_of, month_number
from tests import factories
from tests.browser.pages import WINDOWS

pytestmark = pytest.mark.browser
LONG = "Calls answered in 30 seconds, of all calls offered by customers and partners"
A_JUMP = [76, 74, 77, 75, 77, 78, 75, 77, 74, 76, 78, 75, 75, 55, 76, 78, 81, 80, 82, 80, 83, 81, 79, 82]


@pytest.fixture
def served(assessment, alice):
    """A metric with a target that shows requirement a of the results item PF3."""
    key = assessment.answers.in_item("PF3").in_order()[0].requirement.key
    metric = factories.MetricFactory(
        site=assessment.site,
        name=LONG,
        measures="How quickly customers reach a person.",
        formula="Calls answered within 30 seconds, divided by all calls offered.",
        numerator="Calls answered in 30 seconds",
        denominator="Calls offered by customers",
        owner=alice,
        data_source="Telephony, daily report 7",
        shows=[key],
    )
    metric.set_target(since=_months(metric.site, 24)[0], low=80, by=alice, rationale="Contract. " * 25)
    return metric


def _months(site, count):
    """The last `count` months that are over, the oldest first."""
    last = month_number(newest_month(site.today()))
    return [first_of(number) for number in range(last - count + 1, last + 1)]


def enter(metric, rates, by):
    """Rates of the last months, out of 61,240 calls each; the one far below has a note."""
    months = _months(metric.site, len(rates))
    entries = [
        Entry(
            metric,
            month,
            {
                "numerator": round(612.4 * rate),
                "denominator": 61240,
                "note": "Telephony outage, 9 to 11 December. " * 9 if rate < 60 else "",
            },
        )
        for month, rate in zip(months, rates, strict=True)
    ]
    readings.record(metric.site, entries, by=by)


def result_a(metric):
    """The answer whose level follows from the metric."""
    return Answer.objects.with_names().get(requirement__key=metric.shows[0])


def sheet_of(metric):
    return reverse("readings", args=[metric.site_id])


# ---- the register


def register_empty(page, metric, alice):
    metric.targets.all().delete()
    metric.delete()
    page.goto(reverse("metrics", args=[metric.site_id]))
    page.get_by_role("link", name="Pick from the library").wait_for()


def register_full(page, metric, alice):
    enter(metric, A_JUMP, alice)
    factories.MetricFactory(site=metric.site, kind="cost", unit="money", currency="£")
    factories.MetricFactory(site=metric.site, kind="people", every=3, archived_at=timezone.now())
    page.goto(reverse("metrics", args=[metric.site_id]))
    page.get_by_text("Archived:").wait_for()


def library(page, metric, alice):
    page.goto(reverse("metrics-add", args=[metric.site_id]))


def library_with_error(page, metric, alice):
    library(page, metric, alice)
    page.get_by_role("button", name="Add the ticked metrics").click()
    page.get_by_role("alert").wait_for()


def own_definition_with_errors(page, metric, alice):
    page.goto(reverse("metric-define", args=[metric.site_id]))
    page.get_by_label("First count").fill("Calls answered")
    page.locator("main form").evaluate("form => { form.noValidate = true }")
    page.locator("main button[type=submit], main input[type=submit]").last.click()
    page.locator(".is-invalid").first.wait_for()


def rules(page, metric, alice):
    page.goto(reverse("metric-rules", args=[metric.site_id]))


# ---- one metric


def target_with_errors(page, metric, alice):
    enter(metric, A_JUMP, alice)
    page.goto(reverse("metric-targets", args=[metric.pk]))
    page.locator("main form").evaluate("form => { form.noValidate = true }")
    page.locator("main button[type=submit], main input[type=submit]").last.click()
    page.locator(".is-invalid, .alert, .notice-warn").first.wait_for()


def definition(page, metric, alice):
    page.goto(reverse("metric-edit", args=[metric.pk]))


def metric_without_reading(page, metric, alice):
    page.goto(reverse("metric", args=[metric.pk]))


def metric_with_few_readings(page, metric, alice):
    enter(metric, [82, 78, 81], alice)
    page.goto(reverse("metric", args=[metric.pk]))


def metric_with_signals(page, metric, alice):
    enter(metric, A_JUMP, alice)
    page.goto(reverse("metric", args=[metric.pk]))
    page.locator("summary", has_text="Earlier").click()


def metric_archived(page, metric, alice):
    enter(metric, A_JUMP, alice)
    type(metric).objects.update(archived_at=timezone.now())
    page.goto(reverse("metric", args=[metric.pk]))


# ---- readings


def reading_with_conflict(page, metric, alice):
    enter(metric, [82], alice)
    [month] = _months(metric.site, 1)
    page.goto(reverse("reading", args=[metric.pk, f"{month:%Y-%m}"]))
    enter(metric, [79], factories.UserFactory(name="Bob"))
    page.get_by_label("Calls answered").fill("50000")
    page.get_by_role("button", name="Save reading").click()
    page.get_by_role("alert").wait_for()


def sheet(page, metric, alice):
    enter(metric, A_JUMP, alice)
    factories.MetricFactory(site=metric.site, kind="people", every=3)
    page.goto(sheet_of(metric))
    page.locator("#readings input[type=text]").first.focus()


def sheet_with_errors(page, metric, alice):
    sheet(page, metric, alice)
    page.locator("#readings input[type=text]").first.fill("many " * 15)
    page.locator("#readings-problems li").wait_for()


def sheet_without_connection(page, metric, alice):
    sheet(page, metric, alice)
    page.context.set_offline(True)
    page.locator("#readings input[type=text]").first.fill("5")
    page.get_by_text("Not saved").wait_for()


def sheet_signed_out(page, metric, alice):
    sheet(page, metric, alice)
    page.context.clear_cookies(name="sessionid")
    page.locator("#readings input[type=text]").first.fill("5")
    page.get_by_text("you are signed out").wait_for()


def sheet_for_looking(page, metric, alice):
    enter(metric, A_JUMP, alice)
    metric.site.organisation.memberships.update(role="viewer")
    page.goto(sheet_of(metric))


def sheet_without_metrics(page, metric, alice):
    type(metric).objects.update(archived_at=timezone.now())
    page.goto(sheet_of(metric))


# ---- what follows from it


def overrule(page, metric, alice):
    enter(metric, A_JUMP, alice)
    page.goto(reverse("answer-overrule", args=[result_a(metric).pk]))
    page.get_by_role("button", name="Overrule the metrics").click()


def overruled(metric, alice):
    enter(metric, A_JUMP, alice)
    answer = result_a(metric)
    answer.overrule("3", "The outage was the provider's. " * 16, by=alice, version=answer.version)
    return answer


def overrule_again(page, metric, alice):
    page.goto(reverse("answer-overrule", args=[overruled(metric, alice).pk]))
    page.get_by_role("button", name="Follow the metrics again").wait_for()


def results(page, metric, alice):
    factories.answer(Assessment.objects.get(), PR1="2103", PR2="1111")
    enter(metric, A_JUMP, alice)
    page.goto(reverse("results", args=[Assessment.objects.get().pk]))
    page.locator("#metrics-title").wait_for()


def item_that_follows(page, metric, alice):
    enter(metric, A_JUMP, alice)
    page.goto(reverse("item", args=[Assessment.objects.get().pk, "PF3"]))
    page.get_by_text("The level follows from 1 metric.").wait_for()


def item_overruled(page, metric, alice):
    page.goto(reverse("item", args=[overruled(metric, alice).assessment_id, "PF3"]))
    page.get_by_text("Overruled: the metrics show").wait_for()


def grid_that_follows(page, metric, alice):
    overruled(metric, alice)
    page.goto(reverse("grid", args=[Assessment.objects.get().pk, "PF"]))


STATES = [
    register_empty, register_full, library, library_with_error, own_definition_with_errors, rules, target_with_errors,
    definition, metric_without_reading, metric_with_few_readings, metric_with_signals, metric_archived,
    reading_with_conflict, sheet, sheet_with_errors, sheet_without_connection, sheet_signed_out, sheet_for_looking,
    sheet_without_metrics, overrule, overrule_again, results, item_that_follows, item_overruled, grid_that_follows,
]  # fmt: skip


@pytest.mark.parametrize("window", WINDOWS)
@pytest.mark.parametrize("state", STATES)
def test_axe_finds_nothing_and_nothing_scrolls_sideways(
    open_page, sign_in_browser, axe, alice, served, state, window
):
    page = sign_in_browser(open_page(**window), alice)
    state(page, served, alice)
    assert axe(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= window["width"]
