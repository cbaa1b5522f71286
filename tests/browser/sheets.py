"""The sheet of monthly figures in the browser: the parts of it that tests touch, and what it stored."""

import re

from playwright.sync_api import expect

from assessments.forms.readings import cell_name
from assessments.models import Reading, readings
from assessments.models.readings import Entry

SAVED = re.compile(r"^Saved \d\d:\d\d$")


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
