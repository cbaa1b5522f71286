"""The commands of docs/readings-api.md, run against a real server: the replies are those on the page."""

import json
import os
import re
import shlex
import shutil
import subprocess
from datetime import UTC, date, datetime
from itertools import pairwise
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest
from django.urls import reverse

from assessments.forms import readings_api
from assessments.models import ApiToken, Metric, Reading
from assessments.models.readings import LARGEST, Entry, record
from assessments.models.tokens import MOST_A_MINUTE
from tests import factories

PAGE = (Path(__file__).resolve().parent.parent / "docs" / "readings-api.md").read_text()
EXAMPLES = re.findall(r"```sh\n(curl .+?)```\n\n```json\n(.+?)```", PAGE, re.DOTALL)
ADDRESS = "https://copcready.example.org/api/sites/7/readings/"


@pytest.fixture
def leeds(transactional_db, acme, time_machine):
    """The site of the page, with the metrics and the token it speaks of."""
    time_machine.move_to(datetime(2026, 11, 20, 9, 0, tzinfo=UTC))
    site = factories.SiteFactory(pk=7, organisation=acme, name="Leeds")
    service = factories.MetricFactory(
        pk=12,
        site=site,
        name="Service level",
        numerator="calls answered in 30 s",
        denominator="calls offered",
    )
    factories.MetricFactory(pk=13, site=site, name="Speed of answer", unit="seconds", direction="lower")
    record(site, [Entry(service, date(2026, 9, 1), {"numerator": 40, "denominator": 50})], by=None)
    return site


def run(command, token):
    """What the command prints. Without curl on this machine, the same request is made by Python."""
    environment = os.environ | {"COPCREADY_TOKEN": token, "no_proxy": "*"}
    if shutil.which("curl"):
        done = subprocess.run(
            ["sh", "-c", command], capture_output=True, text=True, env=environment, timeout=30
        )
        assert done.returncode == 0, done.stderr
        return done.stdout
    return asked_by_python(command.replace("$COPCREADY_TOKEN", token))


def asked_by_python(command):
    words = shlex.split(command.replace("\\\n", " "))
    options = list(pairwise(words))
    headers = dict(value.split(": ", 1) for name, value in options if name == "--header")
    data = next((value.encode() for name, value in options if name == "--data"), None)
    try:
        with urlopen(Request(words[-1], data, headers), timeout=30) as reply:  # noqa: S310 - our own live server
            return reply.read().decode()
    except HTTPError as refused:
        return refused.read().decode()


def test_the_commands_are_found():
    assert len(EXAMPLES) == PAGE.count("\ncurl ") == 4
    assert all(ADDRESS in command for command, _ in EXAMPLES)


def replies(leeds, live_server):
    """The reply of each command of the page, one after the other, and what stands on the page."""
    _, token = ApiToken.objects.issue(site=leeds, name="Power BI", days=30, by=None)
    where = live_server.url + reverse("readings-api", args=[7])
    for command, shown in EXAMPLES:
        yield json.loads(run(command.replace(ADDRESS, where), token)), json.loads(shown)


def test_every_command_of_the_page_gives_the_reply_of_the_page(leeds, live_server):
    for reply, shown in replies(leeds, live_server):
        assert reply == shown
    assert Reading.objects.get(metric=13).note == "Without the flood of the 3rd"
    assert round(Reading.objects.get(metric=12, month="2026-10-01").value, 1) == 81.2


def test_a_machine_without_curl_makes_the_same_requests(leeds, live_server, monkeypatch):
    monkeypatch.setattr(shutil, "which", lambda name: None)
    for reply, shown in replies(leeds, live_server):
        assert reply == shown


def test_the_limits_of_the_page_are_those_in_force():
    for words in (
        f"1 MB ({readings_api.LARGEST_BODY:,} bytes)",
        f"more than {readings_api.MOST_READINGS:,} readings",
        f"more than {MOST_A_MINUTE} requests with one token within a minute",
        f"At most {readings_api.FAULTS_TOLD} are listed",
        f"at most {readings_api.NOTE_LIMIT} characters",
        f"to {LARGEST:,.0f}.",
    ):
        assert words in PAGE, words
    for unit in Metric.Unit.values:
        assert f"`{unit}`" in PAGE
