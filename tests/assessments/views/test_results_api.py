"""What a tool reads of the results of a site, and what it does not get."""

import csv
import io
import json
from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from assessments.models import ApiToken, Assessment, Membership, Role
from assessments.models.readings import Entry, record
from assessments.models.tokens import MOST_A_MINUTE
from tests import factories
from tests.walk import cookies_of, fingerprint

pytestmark = pytest.mark.usefixtures("clock")
NAMES = ("assessments-api", "metrics-api", "answers-api", "gaps-api")


@pytest.fixture
def issued(site, alice):
    """(token, text) of one that reads results."""
    return ApiToken.objects.issue(site=site, name="Data lake", days=90, by=alice, scope="results")


@pytest.fixture
def reader(issued):
    return with_token(issued[1])


@pytest.fixture
def addresses(site, assessment):
    pks = (site.pk, site.pk, assessment.pk, assessment.pk)
    return {name: reverse(name, args=[pk]) for name, pk in zip(NAMES, pks, strict=True)}


def with_token(text):
    return Client(headers={"authorization": f"Bearer {text}"}, enforce_csrf_checks=True)


def sentence(response):
    return response.json()["errors"][0]["message"]


# ---- what is read -----------------------------------------------------------------------------------------------


def test_the_assessments_of_the_site_are_listed_with_the_figures_of_the_pages(
    reader, assessment, addresses, site
):
    factories.answer(assessment, PR1="0123")
    Assessment.objects.filter(pk=assessment.pk).update(audit_month=date(2027, 5, 1))
    said = reader.get(addresses["assessments-api"]).json()
    assert said == {
        "site": "Leeds",
        "assessments": [
            {
                "id": assessment.pk,
                "standard": "small",
                "release": "1.0",
                "variant": assessment.variant.code,
                "quick": False,
                "started": "2026-11-20",
                "continued": False,
                "score": 8,
                "ceiling": 91,
                "asked": 12,
                "open": 8,
                "unknown": 0,
                "blockers": 1,
                "audit_month": "2027-05",
                "answers": "http://127.0.0.1:8000" + addresses["answers-api"],
                "gaps": "http://127.0.0.1:8000" + addresses["gaps-api"],
            }
        ],
    }


def test_the_answers_and_the_gaps_are_those_that_a_person_downloads(
    reader, sign_in, assessment, addresses, acme, site
):
    """Of somebody who works at this site alone: a token never looks at the other sites of the organisation."""
    factories.answer(assessment, PR1="0123")
    factories.started(factories.SiteFactory(organisation=acme, name="Bristol"), assessment.release)
    person = factories.UserFactory(name="Hector")
    Membership.objects.create(organisation=acme, user=person, role=Role.MANAGER, limited=True).sites.add(site)
    client = sign_in(person)
    for ours, theirs in (("answers-api", "answers-json"), ("gaps-api", "gaps-csv")):
        read = reader.get(addresses[ours])
        downloaded = client.get(reverse(theirs, args=[assessment.pk]))
        assert read.content == downloaded.content
        assert read["Content-Type"] == downloaded["Content-Type"]
        assert b"Bristol" not in read.content
    assert json.loads(reader.get(addresses["answers-api"]).content)["site"] == "Leeds"
    rows = csv.reader(io.StringIO(reader.get(addresses["gaps-api"]).content.decode("utf-8-sig")))
    assert len(list(rows)) > 1


def test_the_metrics_come_with_all_their_readings(reader, addresses, site, service, speed):
    months = [
        Entry(service, date(2026, 9, 1), {"numerator": 40, "denominator": 50}),
        Entry(service, date(2026, 8, 1), {"numerator": 30, "denominator": 50, "note": "Flood"}),
    ]
    record(site, months, by=None, source="By hand")
    said = reader.get(addresses["metrics-api"]).json()
    assert [metric["name"] for metric in said["metrics"]] == ["Service level", "Speed of answer"]
    first, second = said["metrics"]
    assert first["newest"] == "2026-09"
    assert first["readings"] == [
        {"month": "2026-08", "value": 60, "numerator": 30, "denominator": 50, "note": "Flood", "source": "By hand"},
        {"month": "2026-09", "value": 80, "numerator": 40, "denominator": 50, "note": "", "source": "By hand"},
    ]  # fmt: skip
    assert (second["newest"], second["readings"]) == (None, [])


@pytest.mark.parametrize(("name", "queries"), [("assessments-api", 11), ("metrics-api", 12)])
def test_a_list_costs_the_same_for_one_and_for_many(
    reader, addresses, site, assessment, name, queries, django_assert_num_queries
):
    for _ in range(5):
        factories.MetricFactory(site=site)
        factories.started(site, assessment.release)
    reader.get(addresses[name])
    with django_assert_num_queries(queries):  # 9 or 10 of them for the token and its count
        reader.get(addresses[name])


# ---- who gets in ------------------------------------------------------------------------------------------------


def test_without_a_token_in_force_nothing_is_read(addresses, issued, alice, site):
    gone = ApiToken.objects.issue(site=site, name="Gone", days=90, by=alice, scope="results")
    gone[0].revoke(by=alice)
    signed_in = Client()
    signed_in.cookies.load(cookies_of(alice))
    before, replies = fingerprint(), set()
    for client in (Client(), signed_in, with_token(gone[1]), with_token(issued[1][:-1])):
        for address in addresses.values():
            for asked in (address, f"{address}?token={issued[1]}&access_token={issued[1]}"):
                response = client.get(asked)
                assert response.status_code == 401
                assert response["WWW-Authenticate"] == 'Bearer realm="copcready"'
                replies.add(response.content)
    assert len(replies) == 1
    assert fingerprint() == before


def test_an_expired_token_reads_nothing(reader, addresses, clock):
    clock.shift(90 * 24 * 3600)
    assert {reader.get(address).status_code for address in addresses.values()} == {401}


def test_a_token_for_readings_is_told_that_it_is_for_something_else(tool, addresses):
    for address in addresses.values():
        response = tool.get(address)
        assert response.status_code == 403
        assert sentence(response) == "This token is for “Send and read monthly figures”. Here one is needed for “Read results and exports”."  # fmt: skip


def test_what_belongs_to_another_site_looks_like_what_never_was(reader, acme, charlie, assessment):
    elsewhere = [
        factories.started(factories.SiteFactory(organisation=organisation), assessment.release)
        for organisation in (acme, charlie.memberships.get().organisation)
    ]
    for name in NAMES:
        of_site = name in ("assessments-api", "metrics-api")
        pks = [row.site_id if of_site else row.pk for row in elsewhere]
        replies = [reader.get(reverse(name, args=[pk])) for pk in (*pks, 0, 987654321, 10**30)]
        assert {reply.status_code for reply in replies} == {404}
        assert len({reply.content for reply in replies}) == 1
        assert sentence(replies[0]) == "There is nothing at this address for this token."


def test_an_organisation_in_the_bin_is_closed_to_its_tools(reader, addresses, acme, clock):
    acme.binned_at = "2026-11-20T08:00:00Z"
    acme.save()
    assert {reader.get(address).status_code for address in addresses.values()} == {401}


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete", "options"])
def test_it_is_read_and_no_more(reader, addresses, method):
    before = fingerprint()
    for address in addresses.values():
        response = getattr(reader, method)(address)
        assert response.status_code == 405
        assert response["Allow"] == "GET, HEAD"
    assert fingerprint() == before


def test_no_cookie_is_set_no_cache_keeps_it_and_no_other_origin_is_let_in(reader, addresses):
    for address in addresses.values():
        for response in (
            reader.get(address, headers={"origin": "https://evil.example"}),
            Client().get(address),
        ):
            assert not response.cookies
            assert {"private", "no-store"} <= set(response["Cache-Control"].split(", "))
            assert not [name for name in response.headers if name.lower().startswith("access-control")]


def test_a_look_ahead_says_what_would_come(reader, addresses):
    for address in addresses.values():
        response = reader.head(address)
        assert (response.status_code, response.content) == (200, b"")


def test_after_sixty_requests_in_a_minute_a_token_waits(reader, addresses):
    statuses = [reader.get(addresses["metrics-api"]).status_code for _ in range(MOST_A_MINUTE)]
    assert set(statuses) == {200}
    response = reader.get(addresses["answers-api"])
    assert (response.status_code, response["Retry-After"]) == (429, "60")


def test_a_token_opens_no_page(reader, site, assessment):
    for name, pk in (("site", site.pk), ("results", assessment.pk), ("answers-json", assessment.pk)):
        assert reader.get(reverse(name, args=[pk])).status_code == 302
