"""Who gets in where tools send readings, what everybody else is told, and what is left behind."""

import json
import logging
from datetime import UTC, datetime

import pytest
from django.test import Client
from django.urls import reverse

from assessments.models import ApiToken, Reading
from assessments.views import readings_api
from tests import factories
from tests.walk import cookies_of, fingerprint

pytestmark = pytest.mark.usefixtures("clock")
SPEED = {
    "data": json.dumps({"readings": [{"metric": "Speed of answer", "month": "2026-10", "value": 21.5}]}),
    "content_type": "application/json",
}


def refusals(site, alice, clock):
    """Everything that is no token in force, by name."""
    issue = ApiToken.objects.issue
    revoked, revoked_text = issue(site=site, name="Revoked", days=90, by=alice)
    revoked.revoke(by=alice)
    expired = issue(site=site, name="Expired", days=30, by=alice)[1]
    good = issue(site=site, name="Good", days=365, by=alice)[1]
    clock.move_to(datetime(2026, 12, 24, tzinfo=UTC), tick=False)
    return {
        "missing": None,
        "empty": "",
        "no scheme": good,
        "another scheme": f"Basic {good}",
        "nothing after it": "Bearer",
        "wrong": f"Bearer {good[:-1]}x",
        "not of these letters": "Bearer caf\xe9",
        "two": f"Bearer {good}, Bearer {good}",
        "revoked": f"Bearer {revoked_text}",
        "expired": f"Bearer {expired}",
    }, f"bearer {good}"


@pytest.mark.usefixtures("speed")
def test_whatever_is_no_token_in_force_gets_the_same_words(site, alice, address, clock):
    headers, good = refusals(site, alice, clock)
    before, replies = fingerprint(), set()
    for name, header in headers.items():
        client = Client(headers={"authorization": header} if header is not None else {})
        for response in (client.get(address), client.post(address, **SPEED)):
            assert response.status_code == 401, name
            assert response["WWW-Authenticate"] == 'Bearer realm="copcready"'
            replies.add(response.content)
    assert len(replies) == 1
    assert fingerprint() == before
    assert Client(headers={"authorization": good}).get(address).status_code == 200, (
        "the scheme in small letters"
    )


@pytest.mark.parametrize("number", [0, 987654321, 10**30])
def test_a_site_that_never_was_looks_like_one_the_token_is_not_of(tool, address, site, acme, number):
    other = factories.SiteFactory(organisation=acme)
    nowhere, elsewhere = (tool.get(address.replace(f"/{site.pk}/", f"/{pk}/")) for pk in (number, other.pk))
    assert nowhere.status_code == elsewhere.status_code == 404
    assert nowhere.content == elsewhere.content


@pytest.mark.usefixtures("speed")
def test_a_token_for_results_neither_sends_nor_lists_readings(site, address, push):
    reader = ApiToken.objects.issue(site=site, name="Reader", days=90, by=None, scope="results")[1]
    client = Client(headers={"authorization": f"Bearer {reader}"})
    for response in (client.get(address), client.post(address, **SPEED)):
        assert response.status_code == 403
        assert "This token is for “Read results and exports”." in response.json()["errors"][0]["message"]
    assert not Reading.objects.exists()


def test_a_sign_in_opens_nothing_here_and_no_cookie_is_set(site, alice, address, tool, push):
    browser = Client()
    browser.cookies.load(cookies_of(alice))
    assert browser.get(address).status_code == 401
    for response in (tool.get(address), push()):
        assert response.status_code == 200
        assert not response.cookies
        assert {"private", "no-store"} <= set(response["Cache-Control"].split(", "))


def test_refusals_stay_out_of_caches_too(address, push):
    for response in (Client().get(address), push(body="{")):
        assert {"private", "no-store"} <= set(response["Cache-Control"].split(", "))


def test_a_token_opens_no_page(tool, site, assessment):
    for name, pk in (("site", site.pk), ("api-tokens", site.pk), ("assessment", assessment.pk)):
        assert tool.get(reverse(name, args=[pk])).status_code == 302


@pytest.mark.parametrize("method", ["put", "patch", "delete", "options"])
def test_other_methods_are_not_known(tool, address, method):
    assert getattr(tool, method)(address).status_code == 405


# ---- what is left behind ----------------------------------------------------------------------------------------


@pytest.mark.usefixtures("speed")
def test_no_log_line_holds_a_token_whatever_goes_wrong(token, address, caplog, monkeypatch, acme):
    caplog.set_level(logging.DEBUG)
    client = Client(headers={"authorization": f"Bearer {token[1]}"}, raise_request_exception=False)
    elsewhere = reverse("readings-api", args=[factories.SiteFactory(organisation=acme).pk])
    client.post(elsewhere, **SPEED)
    client.post(address, data="{", content_type="application/json")
    client.post(address, **SPEED)
    monkeypatch.setattr(readings_api, "record", None)
    assert client.post(address, **SPEED).status_code == 500
    said = caplog.text + "".join(str(vars(line).get("params", "")) for line in caplog.records)
    assert "Not Found" in said
    assert "TypeError" in said
    assert token[1] not in said
    assert token[1][9:] not in said


def test_the_last_use_is_noted(tool, address, token):
    tool.get(address)
    assert ApiToken.objects.get(pk=token[0].pk).last_used_at == datetime(2026, 11, 20, 9, tzinfo=UTC)
