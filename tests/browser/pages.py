"""An item page in the browser: the parts of it that tests touch."""

import re

from assessments.models import Answer


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
