"""Numbers that no column holds, in every part of an address and in every field that takes a number: they are refused or find
nothing, and nothing fails."""

import re
from html.parser import HTMLParser

import pytest

from assessments.models import User
from tests.access_rows import address, rows_of
from tests.access_table import MATRIX
from tests.test_hostile_requests import encoded, failed, names_of_queries, text_fields
from tests.test_security import signed_in
from tests.walk import admin_addresses

# Beyond 64 bits, and beyond what Python reads as a number.
LONG = ["9" * 19, "9" * 5000]
NUMBERS = re.compile(r"\d+(:\d+)*")


@pytest.fixture
def rows(assessment, alice, bob, newer, monkeypatch):
    monkeypatch.setattr("assessments.report.pdf.render", lambda *args, **kwargs: b"%PDF-1.7")
    return rows_of(assessment, alice, bob, newer)


@pytest.fixture
def client(alice):
    User.objects.filter(pk=alice.pk).update(is_staff=True, is_superuser=True)
    return signed_in(alice)


class Offered(HTMLParser):
    """`fields` of a page that offer numbers, by name, each with one of them."""

    def __init__(self, page):
        super().__init__()
        self.fields, self.select = {}, None
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        if tag == "select":
            self.select = attrs.get("name")
        name = self.select if tag == "option" else attrs.get("name")
        value = attrs.get("value") or ""
        if name and tag in ("input", "option", "button") and NUMBERS.fullmatch(value):
            self.fields[name] = value


def numbered(url, proper, client):
    """Name -> value of the fields that take numbers: of the table and of the page, one of those that differ by a number."""
    page = client.get(url)
    html = page.text if "text/html" in page.get("Content-Type", "") else ""
    found = {name: value for name, value in proper.items() if NUMBERS.fullmatch(str(value))}
    return {
        re.sub(r"\d+", "#", name): (name, value) for name, value in (Offered(html).fields | found).items()
    }


def test_no_number_in_a_form_is_too_long(rows, client):
    asked, found = set(), []
    for name, route in MATRIX.items():
        url, proper = address(name, route, rows), text_fields(route, rows)
        for field, value in numbered(url, proper, client).values() if route.post else ():
            asked.add((name, field))
            for number in LONG:
                sent = proper | {"where": "some", field: re.sub(r"\d+", number, value)}
                found += failed(client, "POST", url, f"{field} of {len(number)} digits", encoded(sent))
    assert found == [], "\n".join(found)
    assert {("invite", "sites"), ("person", "sites"), ("answer-restore", "version")} <= asked
    assert len(asked) > 50, "found too few to say anything"


def test_no_number_in_a_query_is_too_long(rows, client):
    urls = [address(name, route, rows) for name, route in MATRIX.items()]
    urls += [url for name, url in admin_addresses() if name.endswith("_changelist")]
    found = []
    for number in LONG:
        query = encoded(dict.fromkeys([*names_of_queries(), "release"], number))
        for url in urls:
            found += failed(client, "GET", url, f"{len(number)} digits", query)
    assert found == [], "\n".join(found)


def test_no_number_in_an_address_is_too_long(rows, client):
    """It is that of nothing."""
    urls = {address(name, route, rows) for name, route in MATRIX.items()} | {
        url for _, url in admin_addresses()
    }
    asked = [re.sub(r"(?<=/)\d+(?=/)", number, url) for url in sorted(urls) for number in LONG]
    asked = [url for url in asked if "999" in url]
    assert len(asked) > 150, "found too few to say anything"
    for method in ("GET", "POST"):
        statuses = {url: getattr(client, method.lower())(url).status_code for url in asked}
        ours = {url[:60]: status for url, status in statuses.items() if not url.startswith("/admin/")}
        assert {url: status for url, status in ours.items() if status not in (401, 404, 405)} == {}
        assert max(statuses.values()) < 500
