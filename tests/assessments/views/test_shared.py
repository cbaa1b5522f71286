"""What a reader without an account finds behind a link, and what everybody finds behind anything else."""

import json
import re
from datetime import UTC, datetime

import pytest
from django.db import OperationalError
from django.test import Client
from django.urls import reverse

from assessments.models import Activity, Milestone, MilestoneReport, ShareLink
from assessments.models.milestones import digest
from assessments.models.tokens import MOST_A_MINUTE
from tests import factories
from tests.walk import cookies_of, fingerprint

DAY = 24 * 3600
NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
KEPT_OUT = {
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex, nofollow, noarchive",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}
NAMES = ("shared", "shared-report", "shared-document")


@pytest.fixture
def milestone(time_machine, assessment, alice):
    time_machine.move_to(NOW, tick=False)
    factories.answer(assessment, PR1="0123")
    taken = factories.frozen(assessment, by=alice)
    MilestoneReport.objects.keep(taken, b"%PDF-1.7 frozen")
    return taken


@pytest.fixture
def made(milestone, alice):
    """(link, the text of its token)"""
    return factories.shared(milestone, by=alice)


def at(text, name="shared"):
    return reverse(name, args=[text])


def get(text, name="shared", client=None):
    return (client or Client()).get(at(text, name))


def words(response):
    return re.sub(r"\s+", " ", re.sub("<[^>]+>", "", response.content.decode()))


def opened(link):
    return ShareLink.objects.get(pk=link.pk).times_opened


# ---- what is read -----------------------------------------------------------------------------------------------


def test_a_reader_sees_the_report_and_who_shares_it_with_whom_until_when(made):
    response = get(made[1])
    assert response.status_code == 200
    said = words(response)
    assert "Alice of Acme shares this report with The board." in said
    assert "It was frozen on 20 November 2026 as “Baseline”" in said
    assert "The link opens until 20 December 2026." in said
    assert "Report of 20 November 2026: Acme, Leeds" in said
    assert "alice@example.com" not in said


def test_it_stays_as_it_was_frozen_whatever_is_answered_later(made, assessment):
    before = get(made[1]).content
    factories.answer(assessment, PR1="3333", PR2="0000")
    nonces = re.compile(rb'nonce="[^"]*"')
    assert nonces.sub(b"", get(made[1]).content) == nonces.sub(b"", before)


def test_the_files_are_the_frozen_bytes(made, milestone):
    pdf, data = get(made[1], "shared-report"), get(made[1], "shared-document")
    assert (pdf.content, pdf["Content-Type"]) == (b"%PDF-1.7 frozen", "application/pdf")
    assert digest(data.content.decode()) == milestone.sha256
    for response in (pdf, data):
        assert response["Content-Disposition"].startswith("attachment; ")


def test_a_link_to_read_only_hands_out_no_files(milestone, alice):
    link, text = factories.shared(milestone, by=alice, files=False)
    assert "report.pdf" not in get(text).content.decode()
    for name in ("shared-report", "shared-document"):
        assert get(text, name).content == get("guess", name).content
    assert opened(link) == 1


def test_a_milestone_without_a_pdf_offers_none(assessment, alice):
    _link, text = factories.shared(factories.frozen(assessment, by=alice), by=alice)
    page = get(text).content.decode()
    assert 'href="answers.json"' in page
    assert 'href="report.pdf"' not in page
    assert get(text, "shared-report").status_code == 404


def test_what_another_version_froze_is_told_as_far_as_every_version_tells_it(milestone):
    told = json.loads(milestone.document)
    del told["verdict"]
    text = json.dumps(told)
    older = Milestone.objects.create(
        assessment=milestone.assessment,
        name="Older",
        taken_on=milestone.taken_on,
        document=text,
        sha256=digest(text),
        figures=milestone.figures,
    )
    response = get(factories.shared(older)[1])
    assert response.status_code == 200
    assert "gaps as they ranked then" in words(response)


def test_a_page_names_no_token_and_no_private_address(made, milestone, site):
    page = get(made[1]).content.decode()
    assert made[1] not in page
    for address in (
        f"/sites/{site.pk}/",
        f"/milestones/{milestone.pk}/",
        f"/assessments/{milestone.assessment_id}/",
    ):
        assert address not in page


def test_a_page_costs_few_queries(made, django_assert_num_queries):
    get(made[1])
    with django_assert_num_queries(6):
        get(made[1])


# ---- how often --------------------------------------------------------------------------------------------------


def test_the_page_and_each_file_count_and_a_look_ahead_does_not(made):
    for name in NAMES:
        get(made[1], name)
        assert Client().head(at(made[1], name)).status_code == 200
    assert opened(made[0]) == 3
    row = Activity.objects.get(verb="link-opened")
    assert (row.way, row.who, row.address, row.by) == ("link", "The board", "127.0.0.1", None)


def test_a_link_works_again_and_again_until_it_ends(made, time_machine):
    assert [get(made[1]).status_code for _ in range(5)] == [200] * 5
    time_machine.shift(30 * DAY)
    assert get(made[1]).status_code == 404
    assert opened(made[0]) == 5


# ---- nothing else -----------------------------------------------------------------------------------------------


def ended(milestone, alice, acme, clock):
    """Name -> the text of a token that opens nothing, each for a reason of its own."""
    good = factories.shared(milestone, by=alice)[1]
    revoked, its_text = factories.shared(milestone, "Revoked", by=alice)
    revoked.revoke(by=alice)
    expired = factories.shared(milestone, "Expired", by=alice, days=7)[1]
    clock.shift(8 * DAY)
    return {
        "never was": "guess",
        "flipped": good[:-1] + ("A" if good[-1] != "A" else "B"),
        "cut short": good[:-1],
        "longer": good + "A",
        "revoked": its_text,
        "expired": expired,
        "no letters": "%00",
        "beyond them": "é",
        "very long": "x" * 4000,
    }, good


def test_whatever_is_wrong_with_it_the_reply_is_the_same(milestone, alice, acme, time_machine):
    texts, good = ended(milestone, alice, acme, time_machine)
    before, replies = fingerprint(), set()
    for name, text in texts.items():
        for address in NAMES:
            response = get(text, address)
            assert response.status_code == 404, name
            headers = sorted(
                (key, value) for key, value in response.headers.items() if key != "Content-Security-Policy"
            )
            replies.add((response.content, str(headers)))
    assert len(replies) == 1
    assert fingerprint() == before
    assert "This link opens nothing" in next(iter(replies))[0].decode()
    acme.binned_at = NOW
    acme.save()
    assert get(good).content == next(iter(replies))[0]


def test_a_link_that_ends_while_it_is_opened_is_like_one_that_never_was(made, monkeypatch):
    real = ShareLink.open

    def too_late(self):
        ShareLink.objects.get(pk=self.pk).revoke(by=None)
        return real(self)

    monkeypatch.setattr(ShareLink, "open", too_late)
    assert get(made[1]).content == get("guess").content
    assert opened(made[0]) == 0


def test_every_reply_stays_out_of_caches_search_engines_and_referrers(made):
    replies = [get(text, name) for text in (made[1], "guess") for name in NAMES]
    replies += [Client().post(at(made[1])), Client().options(at(made[1]))]
    for response in replies:
        assert KEPT_OUT.items() <= dict(response.headers).items()
        assert {"private", "no-store"} <= set(response["Cache-Control"].split(", "))
        assert "default-src 'none'" in response["Content-Security-Policy"]
        assert not response.cookies


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete", "options"])
def test_a_link_is_read_and_no_more(made, method):
    before = fingerprint()
    for name in NAMES:
        response = getattr(Client(enforce_csrf_checks=True), method)(at(made[1], name))
        assert response.status_code in (403, 405)
    assert fingerprint() == before


def test_a_link_opens_nothing_but_its_milestone(made, milestone, assessment, site, alice):
    other = factories.frozen(assessment, "Later", by=alice)
    client = Client(headers={"authorization": f"Bearer {made[1]}"})
    get(made[1], client=client)
    for name, pk in (
        ("milestone", milestone.pk),
        ("milestone-document", other.pk),
        ("results", assessment.pk),
        ("answers-json", assessment.pk),
        ("site", site.pk),
    ):
        assert client.get(reverse(name, args=[pk]) + f"?token={made[1]}").status_code == 302
    assert client.get(reverse("readings-api", args=[site.pk])).status_code == 401
    assert client.get(reverse("calendar-feed", args=[made[1]])).status_code == 404
    assert "Later" not in get(made[1]).content.decode()


def test_a_signed_in_stranger_sees_what_the_link_opens_and_nothing_else(made, milestone, charlie):
    client = Client()
    client.cookies.load(cookies_of(charlie))
    assert "shares this report with The board" in words(get(made[1], client=client))
    assert client.get(reverse("milestone", args=[milestone.pk])).status_code == 404


def test_many_guesses_wait_while_good_links_go_on_opening(made, time_machine):
    for _ in range(MOST_A_MINUTE):
        assert get("guess").status_code == 404
    slow = get("guess")
    assert (slow.status_code, slow["Retry-After"]) == (429, "60")
    assert "Please try again in a minute" in words(slow)
    assert KEPT_OUT.items() <= dict(slow.headers).items()
    assert get(made[1]).status_code == 200
    assert Client(REMOTE_ADDR="192.0.2.7").get(at("guess")).status_code == 404, "somebody else"
    time_machine.shift(60)
    assert get("guess").status_code == 404


def test_a_busy_database_is_no_end_of_a_link(made, monkeypatch):
    def busy(self):
        raise OperationalError("database is locked")

    monkeypatch.setattr("assessments.forms.answers.sleep", lambda seconds: None)
    monkeypatch.setattr(ShareLink, "open", busy)
    response = get(made[1])
    assert response.status_code == 503
    assert response["Retry-After"]
    assert "Nothing is wrong with a link" in words(response)


def test_search_engines_are_asked_to_leave_addresses_alone_that_are_keys(client):
    response = client.get("/robots.txt")
    assert response["Content-Type"] == "text/plain; charset=utf-8"
    assert response.content.decode().split("\n")[:2] == ["User-agent: *", "Disallow: /shared/"]
