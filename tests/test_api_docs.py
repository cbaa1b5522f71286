"""The commands of docs/api.md, run against a real server: the replies are those on the page, and its table is complete."""

import json
import re
import shutil
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from assessments.models import ApiToken, Assessment
from assessments.models.readings import Entry, record
from assessments.models.tokens import MOST_A_MINUTE, SOON
from tests import factories
from tests.access_table import MATRIX
from tests.test_readings_docs import run
from tests.walk import ours, routes

PAGE = (Path(__file__).resolve().parent.parent / "docs" / "api.md").read_text()
EXAMPLES = re.findall(r"```sh\n(curl .+?)```\n\n```json\n(.+?)```", PAGE, re.DOTALL)
FILE = re.search(r"```sh\n(curl [^`]+gaps\.csv)\n```", PAGE)[1]
HOST = "https://copcready.example.org"


@pytest.fixture
def leeds(transactional_db, acme, time_machine, settings):
    """The site of the page, with the metric and the assessment it speaks of."""
    time_machine.move_to(datetime(2026, 11, 20, 9, 0, tzinfo=UTC))
    settings.SITE_URL = HOST
    site = factories.SiteFactory(pk=7, organisation=acme, name="Leeds")
    counts = {"numerator": "calls answered in 30 s", "denominator": "calls offered"}
    service = factories.MetricFactory(pk=12, site=site, name="Service level", **counts)
    entries = [
        Entry(service, date(2026, 8, 1), {"numerator": 30, "denominator": 50, "note": "Flood"}),
        Entry(service, date(2026, 9, 1), {"numerator": 40, "denominator": 50}),
    ]
    record(site, entries, by=None, source="API: Telephony")
    assessment = factories.started(site)
    factories.answer(assessment, PR1="0123")
    Assessment.objects.filter(pk=assessment.pk).update(audit_month=date(2027, 5, 1))
    return assessment


@pytest.fixture
def said(leeds, live_server):
    """`said(command)`: what a command of the page prints, asked of a real server."""
    _, token = ApiToken.objects.issue(site=leeds.site, name="Data lake", days=30, by=None, scope="results")

    def ask(command):
        return run(of(leeds, command).replace(HOST, live_server.url), token)

    return ask


def of(assessment, text):
    """A text of the page with the number that the assessment has here."""
    return text.replace("/assessments/31/", f"/assessments/{assessment.pk}/").replace(
        '"id": 31', f'"id": {assessment.pk}'
    )


def test_the_commands_are_found():
    assert len(EXAMPLES) + 1 == PAGE.count("\ncurl ") == 3


def test_every_command_of_the_page_gives_the_reply_of_the_page(leeds, said):
    for command, shown in EXAMPLES:
        assert json.loads(said(command)) == json.loads(of(leeds, shown))
    assert "PR1" in said(FILE.replace(" --remote-name", ""))


def test_a_machine_without_curl_makes_the_same_requests(leeds, said, monkeypatch):
    monkeypatch.setattr(shutil, "which", lambda name: None)
    for command, shown in EXAMPLES:
        assert json.loads(said(command)) == json.loads(of(leeds, shown))


def test_every_address_for_tools_stands_in_the_table_with_its_methods():
    addresses = {name: str(pattern.pattern) for name, pattern in routes() if name in ours()}
    told = set(re.findall(r"^\| `/(api/\S+)` \| (\w+) \|", PAGE, re.MULTILINE))
    there = {
        (addresses[name].replace("<int:pk>", "<number>"), method)
        for name, route in MATRIX.items()
        for method in route.by_token
        if method != "HEAD"
    }
    assert told == there


def test_the_limits_of_the_page_are_those_in_force():
    assert f"more than {MOST_A_MINUTE} requests with one token within a minute" in PAGE
    assert f"end within {SOON.days} days" in PAGE
    for scope in ApiToken.Scope:
        assert f"*{scope.label}*" in PAGE
