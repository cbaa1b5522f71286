"""Files of figures that are refused with a sentence, and people to whom the pages are closed."""

from datetime import UTC, datetime

import pytest
from django.urls import reverse

from assessments.models import Membership, ReadingImport, Role
from tests import factories
from tests.assessments.workbooks.figures import TWO, address, applied, begun, dry_run, upload


@pytest.fixture(autouse=True)
def _november(time_machine):
    time_machine.move_to(datetime(2026, 11, 20, 9, 0, tzinfo=UTC), tick=False)


@pytest.fixture
def handle(site):
    return factories.MetricFactory(site=site, name="Handle time", unit="seconds", direction="lower")


@pytest.fixture
def page_address(site):
    return reverse("readings-import", args=[site.pk])


# ---- refused ----------------------------------------------------------------------------------------------------


def test_no_file_an_empty_one_and_one_too_large_get_a_sentence(sign_in, bob, site, handle, page_address):
    client = sign_in(bob)
    page = client.post(page_address)
    assert (page.status_code, "Choose the file with the figures." in page.text) == (422, True)
    assert "This file is empty." in upload(client, site, b"").text
    page = upload(client, site, b"a," * (3 * 1024 * 1024))
    assert (page.status_code, "This file is larger than 5 MB, and no more is read." in page.text) == (
        422,
        True,
    )
    assert ReadingImport.objects.count() == 0


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("report.pdf", b"%PDF-1.7", "This is a PDF."),
        ("chart.png", b"\x89PNG\r\n", "This is an image."),
        ("old.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "Save it as an Excel workbook (.xlsx)"),
        ("page.html", b"<html><table></table></html>", "This is a web page or an XML file."),
        ("broken.xlsx", b"PK\x03\x04" + b"x" * 100, "This workbook cannot be read."),
        ("program.bin", b"\x7fELF\x02\x01\x01" + bytes(range(32)) * 9, "upload that"),
        ("words.csv", b"Metric,Figure\nHandle time,3\n", "No month is named in this table."),
    ],
)
def test_a_file_of_another_kind_gets_a_sentence_with_the_form(
    sign_in, bob, site, handle, name, content, sentence
):
    page = upload(sign_in(bob), site, content, name)
    assert page.status_code == 422
    assert sentence in page.text
    assert "<title>Error: " in page.text
    assert 'type="file"' in page.text
    assert ReadingImport.objects.count() == 0


def test_a_file_of_which_nothing_can_be_used_lists_why(sign_in, bob, site, handle):
    page = dry_run(sign_in(bob), site, b"Metric,Oct 2026\nHandling time,three\nHandle time,many\n")
    assert "Nothing in this file can be used" in page.text
    assert "Is it &#x27;Handle time&#x27;? Then write that." in page.text
    assert "&#x27;many&#x27; is not a number." in page.text
    assert "btn-primary" not in page.text


# ---- who may ----------------------------------------------------------------------------------------------------


def test_viewers_and_reviewers_may_not_and_other_organisations_find_nothing(
    sign_in, alice, vera, rita, charlie, site, handle, page_address
):
    done = begun(site, alice, TWO.decode())
    for person, status in ((vera, 403), (rita, 403), (charlie, 404)):
        client = sign_in(person)
        assert client.get(page_address).status_code == status
        assert upload(client, site, TWO).status_code == status
        assert client.get(reverse("readings-template", args=[site.pk])).status_code == status
        assert client.get(address("reading-import", done)).status_code == status
        assert client.post(address("reading-import-apply", done)).status_code == status


def test_an_import_is_not_shown_through_another_site_of_the_organisation(sign_in, alice, site, handle):
    done = begun(site, alice, TWO.decode())
    other = factories.SiteFactory(organisation=site.organisation, name="York")
    client = sign_in(alice)
    for name in ("reading-import-apply", "reading-import-undo"):
        page = client.post(reverse(name, args=[other.pk, done.pk]), follow=True)
        assert "That upload is not here any more" in page.text
    page = client.get(reverse("reading-import", args=[other.pk, done.pk]), follow=True)
    assert "That upload is not here any more" in page.text


def test_who_applied_a_file_may_undo_it_and_other_contributors_may_not(
    sign_in, acme, bob, mark, site, handle
):
    done = applied(site, bob, TWO.decode())
    carol = factories.UserFactory(name="Carol")
    Membership.objects.create(organisation=acme, user=carol, role=Role.CONTRIBUTOR)
    client = sign_in(carol)
    assert "Undo this file" not in client.get(address("reading-import", done)).text
    refused = client.post(address("reading-import-undo", done))
    assert (refused.status_code, "Somebody else applied this file." in refused.text) == (403, True)
    assert (
        "2 readings went back." in sign_in(mark).post(address("reading-import-undo", done), follow=True).text
    )
