"""Carrying the report away: who may, under which name, and what is said where no PDF can be made."""

import csv
import io
import re
import zipfile
from urllib.parse import unquote

import pytest
from django.db import connection
from django.urls import reverse

from assessments.models import Membership, Milestone, ReportJob
from assessments.report import pdf
from tests import factories

DOWNLOADS = ["report", "report-xlsx", "report-docx", "gaps-csv", "answers-json"]


@pytest.fixture
def printed(monkeypatch):
    """No real printing: the documents handed over to it."""
    documents = []
    monkeypatch.setattr(
        pdf, "render", lambda document, options: documents.append(document) or b"%PDF-1.7 printed"
    )
    return documents


def disposition(response):
    """The two file names a download carries."""
    header = response["Content-Disposition"]
    found = re.fullmatch(r"attachment; filename=\"([\x20-\x7e]+)\"; filename\*=UTF-8''([\x20-\x7e]+)", header)
    return found[1], unquote(found[2])


@pytest.mark.parametrize("who", ["alice", "mark", "bob", "vera"])
def test_every_member_takes_the_report_along(sign_in, request, assessment, printed, who):
    response = sign_in(request.getfixturevalue(who)).get(reverse("report", args=[assessment.pk]))
    assert (response.status_code, response["Content-Type"]) == (200, "application/pdf")
    assert response.content == b"%PDF-1.7 printed"
    assert printed[0].prepared_by == "Alice"
    assert printed[0].as_of == assessment.site.today()


def test_whoever_asks_for_the_report_of_a_day_it_is_printed_once(
    sign_in, alice, bob, vera, assessment, printed
):
    for person in (alice, bob, vera):
        sign_in(person).get(reverse("report", args=[assessment.pk]))
    assert len(printed) == 1


@pytest.mark.parametrize("name", DOWNLOADS)
def test_nobody_else_learns_that_it_exists(sign_in, charlie, client, assessment, printed, name):
    url = reverse(name, args=[assessment.pk])
    assert client.get(url).status_code == 302
    assert sign_in(charlie).get(url).status_code == 404
    assert sign_in(charlie).get(reverse(name, args=[0])).status_code == 404
    assert printed == []


@pytest.mark.parametrize("name", DOWNLOADS)
def test_a_download_is_nothing_a_browser_would_run_or_keep(sign_in, alice, assessment, printed, name):
    response = sign_in(alice).get(reverse(name, args=[assessment.pk]))
    assert response["X-Content-Type-Options"] == "nosniff"
    assert {"private", "no-store"} <= set(response["Cache-Control"].split(", "))
    assert response["Content-Disposition"].startswith("attachment; ")
    assert sign_in(alice).post(reverse(name, args=[assessment.pk])).status_code == 405


@pytest.mark.parametrize(
    ("called", "plain", "whole"),
    [
        ("Leeds", "gap-report-leeds-{}.pdf", "Gap report Leeds {}.pdf"),
        ("Škofja Loka", "gap-report-skofja-loka-{}.pdf", "Gap report Škofja Loka {}.pdf"),
        ("北京 🎧", "gap-report-{}.pdf", "Gap report 北京 🎧 {}.pdf"),
        ('../a\\b"c";\r\nX: y', "gap-report-abc-x-y-{}.pdf", "Gap report .. a b c ; X y {}.pdf"),
    ],
)
def test_the_file_is_named_after_the_site_and_the_day(
    sign_in, alice, assessment, printed, called, plain, whole
):
    type(assessment.site).objects.filter(pk=assessment.site_id).update(name=called)
    response = sign_in(alice).get(reverse("report", args=[assessment.pk]))
    today = assessment.site.today().isoformat()
    assert disposition(response) == (plain.format(today), whole.format(today))


def test_the_longest_name_is_still_a_file_name(sign_in, alice, assessment, printed):
    type(assessment.site).objects.filter(pk=assessment.site_id).update(name="Ł a" * 40)
    plain, whole = disposition(sign_in(alice).get(reverse("report", args=[assessment.pk])))
    assert len(plain) <= 120
    assert whole.endswith(".pdf")


def test_the_table_holds_the_gaps_of_this_assessment(sign_in, alice, assessment):
    for row in assessment.answers.in_order():
        row.record_choice("1", by=alice, version=0)
    response = sign_in(alice).get(reverse("gaps-csv", args=[assessment.pk]))
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    table = list(csv.DictReader(io.StringIO(response.content.decode("utf-8-sig"))))
    assert len(table) == 12
    assert disposition(response)[0] == f"gaps-leeds-{assessment.site.today()}.csv"


@pytest.mark.parametrize(
    ("name", "kind", "ending", "begins"),
    [
        ("report-xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "xlsx", b"PK"),
        (
            "report-docx",
            "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
            "docx",
            b"PK",
        ),
        ("answers-json", "application/json", "json", b"{"),
    ],
)
def test_each_shape_says_what_it_is(sign_in, vera, assessment, name, kind, ending, begins):
    response = sign_in(vera).get(reverse(name, args=[assessment.pk]))
    assert (response.status_code, response["Content-Type"]) == (200, kind)
    assert disposition(response)[0].endswith(f"leeds-{assessment.site.today()}.{ending}")
    assert response.content.startswith(begins)


def test_the_data_is_what_travels_inside_the_pdf(sign_in, vera, assessment, printed):
    client = sign_in(vera)
    client.get(reverse("report", args=[assessment.pk]))
    response = client.get(reverse("answers-json", args=[assessment.pk]))
    inside = {name: content for name, _about, content in pdf.attachments(printed[0])}
    assert response.content == inside["answers.json"]


def test_without_pango_the_page_says_so_and_leads_on(sign_in, alice, assessment, monkeypatch):
    monkeypatch.setattr(pdf, "available", lambda: (False, "PDF is switched off: no Pango here."))
    response = sign_in(alice).get(reverse("report", args=[assessment.pk]))
    assert response.status_code == 503
    page = response.content.decode()
    assert "PDF is switched off: no Pango here." in page
    assert reverse("gaps-csv", args=[assessment.pk]) in page
    assert reverse("results", args=[assessment.pk]) in page


@pytest.mark.django_db(transaction=True)
def test_nothing_is_locked_while_it_prints(sign_in, alice, assessment, monkeypatch):
    within = []
    monkeypatch.setattr(
        pdf, "render", lambda document, options: within.append(connection.in_atomic_block) or b"%PDF"
    )
    sign_in(alice).get(reverse("report", args=[assessment.pk]))
    assert within == [False]


@pytest.mark.parametrize("name", DOWNLOADS)
def test_its_queries_do_not_grow_with_the_requirements(
    sign_in, alice, site, printed, django_assert_max_num_queries, name
):
    assessment = factories.started(site, factories.small_release(items=9, requirements=8), by=alice)
    client = sign_in(alice)
    client.get(reverse(name, args=[assessment.pk]))
    with django_assert_max_num_queries(14):
        client.get(reverse(name, args=[assessment.pk]))


def unpacked(content):
    """What is in a file, also where it is packed."""
    if not zipfile.is_zipfile(io.BytesIO(content)):
        return content
    with zipfile.ZipFile(io.BytesIO(content)) as file:
        return b"".join(map(file.read, file.namelist()))


def test_the_sites_are_compared_for_those_only_who_work_in_all_of_them(
    sign_in, assessment, printed, vera, bob
):
    york = factories.SiteFactory(organisation=assessment.site.organisation, name="York")
    factories.started(york, assessment.release)
    membership = Membership.objects.get(user=bob)
    membership.limited = True
    membership.save()
    membership.sites.set([assessment.site])
    addresses = [
        reverse(name, args=[assessment.pk]) for name in ("answers-json", "report-page", "report-docx")
    ]
    whole = sign_in(vera).get(addresses[0]).json()
    assert [site["name"] for site in whole["sites"]] == ["Leeds", "York"]
    assert b"York" in sign_in(vera).get(addresses[1]).content
    job = sign_in(vera).get(reverse("report", args=[assessment.pk]), follow=True)
    assert job.status_code == 200
    for address in addresses:
        response = sign_in(bob).get(address)
        assert response.status_code == 200
        assert b"York" not in unpacked(response.content), address
    (made,) = ReportJob.objects.all()
    assert sign_in(bob).get(reverse("report-file", args=[assessment.pk, made.pk])).status_code == 404


def test_a_milestone_that_compares_sites_is_not_for_somebody_who_works_in_some(sign_in, assessment, bob):
    """Milestones taken before memberships could be limited may do so."""
    milestone = factories.frozen(assessment)
    text = milestone.document.replace('"sites": []', '"sites": [{"name": "York"}]')
    assert text != milestone.document
    limited = Membership.objects.get(user=bob)
    limited.limited = True
    limited.save()
    limited.sites.set([assessment.site])
    address = reverse("milestone-document", args=[milestone.pk])
    assert sign_in(bob).get(address).status_code == 200
    factories.forget_milestones()
    older = Milestone.objects.create(
        **{
            f.attname: getattr(milestone, f.attname)
            for f in Milestone._meta.concrete_fields
            if f.name != "document"
        },
        document=text,
    )
    assert sign_in(bob).get(reverse("milestone-document", args=[older.pk])).status_code == 404
