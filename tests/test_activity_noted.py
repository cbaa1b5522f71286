"""Whatever changes something of an organisation, or takes something of it out, is noted: the walk takes every address."""

import pytest
from allauth.mfa.models import Authenticator
from django.db import transaction
from django.test import Client

from assessments.models import Activity, AnswerRevision, ReadingRevision
from tests.access_rows import address, rows_of, sample
from tests.access_table import MATRIX
from tests.walk import cookies_of

# Changes that are not noted, each with its reason.
OWN = "a setting of one's own, or what waits for oneself"
BESIDE = "its rows say who and when, are kept, and can be put back"
PLAN = "a plan is worked on all day; what is deleted from it is noted"
NOTHING = "a dry run, which changes nothing yet"
UNNOTED = {
    "notices": OWN,
    "account": OWN,
    "organisation-switch": OWN,
    "answer-flag": OWN,
    "item-check": BESIDE,
    "answer-comments": BESIDE,
    "answer-assign": PLAN,
    "assignments": PLAN,
    "plan-add": PLAN,
    "plan-change": PLAN,
    "action": PLAN,
    "action-move": PLAN,
    "workbook": NOTHING,
    "readings-import": NOTHING,
    "assessment-fit": BESIDE,
    "assessment-fit-remove": BESIDE,
    "report-retry": "the report is noted when it is taken out",
}


@pytest.fixture(autouse=True)
def _no_typesetting(monkeypatch):
    monkeypatch.setattr("assessments.report.pdf.render", lambda *args, **kwargs: b"%PDF-1.7")


@pytest.fixture
def rows(assessment, alice, bob, newer):
    # Who asks for one has one.
    Authenticator.objects.create(user=alice, type=Authenticator.Type.TOTP, data={})
    return rows_of(assessment, alice, bob, newer)


def noted():
    return sum(model.objects.count() for model in (Activity, AnswerRevision, ReadingRevision))


def leaves_a_row(client, method, url, data):
    with transaction.atomic():
        before = noted()
        response = client.generic("GET", url) if method == "GET" else client.post(url, data)
        assert response.status_code < 400, url
        b"".join(response)
        grown = noted() > before
        transaction.set_rollback(True)
    return grown


def silent(rows, user, method, wanted):
    client = Client()
    client.cookies.load(cookies_of(user))
    return {
        name
        for name, route in MATRIX.items()
        if wanted(name, route)
        and not leaves_a_row(
            client, method, address(name, route, rows), sample(route, rows) if method == "POST" else {}
        )
    }


def test_whatever_changes_something_is_noted_or_has_a_reason_not_to_be(rows, alice):
    found = silent(rows, alice, "POST", lambda name, route: "owner" in route.post)
    assert (found - set(UNNOTED), set(UNNOTED) - found) == (set(), set())


def test_every_file_that_is_taken_out_is_noted(rows, alice):
    files = {name for name, route in MATRIX.items() if route.makes and "owner" in route.get}
    assert len(files) >= 10
    assert silent(rows, alice, "GET", lambda name, _route: name in files) == set()
