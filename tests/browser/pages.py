"""An item page in the browser: the parts of it that tests touch; and the windows in which pages are looked at."""

import re

import pytest

from assessments.models import Answer

WINDOWS = [
    pytest.param({"width": 1280, "color_scheme": "light"}, id="wide"),
    pytest.param({"width": 768, "color_scheme": "dark"}, id="tablet-dark"),
    pytest.param(
        {"width": 320, "height": 256, "color_scheme": "light", "device_scale_factor": 4}, id="zoom-400"
    ),
    pytest.param({"width": 320, "color_scheme": "dark"}, id="phone-dark"),
]


def again(answer):
    return Answer.objects.get(pk=answer.pk)


def requirement(page, letter):
    return page.locator(f"section#{letter}")


def choose(page, letter, words):
    requirement(page, letter).locator(".opt").get_by_text(words, exact=True).click()


def note(page, letter):
    """The text field of the note, opened first where it is folded."""
    tool = requirement(page, letter).locator("details.note")
    if tool.get_attribute("open") is None:
        tool.locator("summary").click()
    return tool.locator("textarea")


def state(page, letter):
    return requirement(page, letter).locator(".save-state")


def saves(page, letter, words="Saved"):
    """Wait until the requirement says so."""
    state(page, letter).filter(has_text=re.compile(words)).wait_for()


def focused(page):
    return page.evaluate("document.activeElement.name || document.activeElement.id")
