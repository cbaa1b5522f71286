"""What a long sitting meets: two hundred answers by keyboard alone, a server that dies in the middle, two people on a note."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
from contextlib import closing, suppress
from urllib.error import URLError
from urllib.request import urlopen

import pytest
from django.conf import settings
from django.db import connection
from django.urls import reverse

from tests import factories
from tests.browser.pages import again, choose, note, requirement, saves, state

pytestmark = pytest.mark.browser


def test_two_hundred_answers_by_keyboard_alone(page, sign_in_browser, transactional_db, site, alice, bob):
    assessment = factories.started(site, factories.small_release(25, 8), by=alice)
    sign_in_browser(page, bob).goto(reverse("assessment", args=[assessment.pk]))
    page.get_by_role("link", name="Start answering").press("Enter")
    keys = "0123x"
    for number in range(200):
        page.wait_for_load_state()
        page.keyboard.press(keys[number % 5])
        if number % 8 == 7:  # the last of its item: save and go on to the next page
            before = page.url
            page.keyboard.press("Control+Enter")
            page.wait_for_url(lambda url, before=before: url.split("#")[0] != before.split("#")[0])
        else:
            page.keyboard.press("j")
    assert page.url.endswith(reverse("results", args=[assessment.pk]))
    choices = list(assessment.answers.in_order().values_list("choice", flat=True))
    assert choices == ["0", "1", "2", "3", "unknown"] * 40
    assert set(assessment.answers.values_list("version", flat=True)) == {1}


def test_a_connection_cut_in_mid_typing_loses_no_letter(bobs, item, asked):
    bobs.goto(item)
    text = note(bobs, "a")
    text.press_sequentially("Since May", delay=20)
    bobs.context.set_offline(True)
    text.press_sequentially(" every team", delay=20)
    saves(bobs, "a", "cannot be reached")
    text.press_sequentially(" uses it", delay=20)
    bobs.context.set_offline(False)
    text.press_sequentially(", and half record it.", delay=20)
    saves(bobs, "a", "Note saved")
    bobs.reload()
    assert (
        note(bobs, "a").input_value()
        == again(asked[0]).note
        == "Since May every team uses it, and half record it."
    )
    assert state(bobs, "a").inner_text().startswith("Note saved")


def test_two_browsers_on_the_same_note_keep_both_texts(open_page, sign_in_browser, alice, bob, item, asked):
    hers, his = sign_in_browser(open_page(), alice), sign_in_browser(open_page(), bob)
    for page in (hers, his):
        page.goto(item)
        note(page, "a").click()
    hers.keyboard.type("Hers.")
    his.keyboard.type("His.")
    saves(hers, "a", "Note saved|changed this too")
    saves(his, "a", "Note saved|changed this too")
    loser = his if "changed" in state(his, "a").inner_text() else hers
    winner = hers if loser is his else his
    both = requirement(loser, "a").locator(".conflict").inner_text()
    assert "Hers." in both
    assert "His." in both
    requirement(loser, "a").get_by_role("button", name="Keep mine").click()
    saves(loser, "a", "^Saved|Note saved")
    requirement(winner, "b").locator("input").first.focus()
    kept = note(loser, "a").input_value()
    winner.wait_for_function(
        "([pk, text]) => document.getElementById(`note-${pk}`).value === text", arg=[asked[0].pk, kept]
    )
    assert again(asked[0]).note == kept
    assert again(asked[0]).revisions.count() == 2


# ---- a server that dies


class Server:
    """gunicorn on the database of this test, which can be killed and started again at the same address."""

    def __init__(self):
        with closing(socket.socket()) as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        self.process = None

    def start(self):
        environment = os.environ | {
            "DATABASE_URL": f"sqlite:///{connection.settings_dict['NAME']}",
            "COPCREADY_SECRET_KEY": settings.SECRET_KEY,
        }
        command = [sys.executable, "-m", "gunicorn", "copcready.wsgi", "--bind", f"127.0.0.1:{self.port}"]
        self.process = subprocess.Popen(
            [*command, "--threads", "4", "--no-control-socket", "--log-level", "error"],
            env=environment,
            cwd=settings.BASE_DIR,
            start_new_session=True,
        )
        for _ in range(200):
            with suppress(URLError, ConnectionError), urlopen(f"{self.url}/healthz", timeout=5):  # noqa: S310 - our own
                return
            time.sleep(0.1)
        raise AssertionError("the server did not start")

    def kill(self):
        if self.process:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
            self.process = None


@pytest.fixture
def server(transactional_db):
    made = Server()
    made.start()
    yield made
    made.kill()


def test_a_server_killed_while_people_save_loses_nothing(server, page, sign_in_browser, bob, item, asked):
    sign_in_browser(page, bob, at=server.url).goto(server.url + item)
    choose(page, "a", "In place")
    saves(page, "a", "^Saved")
    text = note(page, "b")
    text.press_sequentially("Since ", delay=10)
    server.kill()
    text.press_sequentially("May.", delay=10)
    choose(page, "c", "Designed only")
    saves(page, "c", "cannot be reached")
    server.start()
    saves(page, "b", "Note saved")
    saves(page, "c", "^Saved")
    assert (again(asked[0]).choice, again(asked[1]).note, again(asked[2]).choice) == ("3", "Since May.", "1")
    assert re.match("Saved|Note saved", state(page, "b").inner_text())
