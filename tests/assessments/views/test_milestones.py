"""Taking a milestone, the list, the page of one, its files, and two side by side."""

import json
from datetime import date
from hashlib import sha256
from pathlib import Path

import pytest
from django.urls import reverse

from assessments.models import Milestone, MilestoneReport, moves
from assessments.report import pdf
from tests import factories

STORED = Path(__file__).parent.parent / "frozen"  # a milestone as it was stored by schema 1


@pytest.fixture(autouse=True)
def _no_typesetting(monkeypatch):
    monkeypatch.setattr(pdf, "render", lambda found, options: b"%PDF-1.7 " + found.site.encode())


@pytest.fixture
def answered(assessment):
    factories.answer(assessment, PR1="0123", PR2="3-?.")
    return assessment


@pytest.fixture
def milestone(answered, alice):
    return factories.frozen(answered, by=alice)


def page(client, name, pk, query="", status=200):
    response = client.get(reverse(name, args=[pk]) + query)
    assert response.status_code == status
    return response.text


def freeze(client, assessment, name="Baseline"):
    return client.post(reverse("milestones", args=[assessment.pk]), {"name": name}, follow=True)


# ---- taking one


def test_a_manager_freezes_the_assessment_with_its_pdf(sign_in, mark, answered):
    html = freeze(sign_in(mark), answered).text
    assert "“Baseline” is frozen." in html
    taken = Milestone.objects.get()
    assert (taken.name, taken.taken_by_name) == ("Baseline", "Mark")
    assert bytes(taken.report.pdf) == b"%PDF-1.7 Leeds"
    assert taken.sha256 in html


def test_without_a_name_it_is_called_by_its_day(sign_in, alice, answered):
    freeze(sign_in(alice), answered, name="")
    taken = Milestone.objects.get()
    assert taken.name == f"Milestone of {taken.taken_on.day} {taken.taken_on:%B %Y}"


def test_a_double_click_makes_one(sign_in, alice, answered):
    client = sign_in(alice)
    freeze(client, answered)
    assert "was frozen a moment ago" in freeze(client, answered).text
    assert (Milestone.objects.count(), MilestoneReport.objects.count()) == (1, 1)


def test_a_name_that_is_too_long_is_refused_and_kept_in_the_form(sign_in, alice, answered):
    response = freeze(sign_in(alice), answered, name="x" * 81)
    assert response.status_code == 422
    assert "x" * 81 in response.text
    assert not Milestone.objects.exists()


def test_where_the_pdf_fails_the_milestone_stands_and_a_button_makes_it_later(
    sign_in, alice, vera, answered, monkeypatch
):
    render = pdf.render

    def fail(found, options):
        raise pdf.Unavailable("PDF is switched off.")

    monkeypatch.setattr(pdf, "render", fail)
    client = sign_in(alice)
    assert "It can be made later" in freeze(client, answered).text
    taken = Milestone.objects.get()
    make = reverse("milestone-report-make", args=[taken.pk])
    assert "PDF is switched off." in client.post(make, follow=True).text
    assert (
        "No PDF has been made" in client.get(reverse("milestone-report", args=[taken.pk]), follow=True).text
    )
    monkeypatch.setattr(pdf, "render", render)
    assert "Make the PDF" in page(client, "milestone", taken.pk)
    factories.answer(answered, PR1="3333")
    assert "The PDF is made and kept." in client.post(make, follow=True).text
    assert client.get(reverse("milestone-report", args=[taken.pk])).content == b"%PDF-1.7 Leeds"


# ---- looking


def test_the_list_says_who_froze_what_when_and_with_which_figures(sign_in, vera, answered, milestone):
    html = page(sign_in(vera), "milestones", answered.pk)
    for said in ("Baseline", "frozen by Alice", "results sustained", "answers.json", milestone.sha256):
        assert said in html
    assert "Freeze the assessment" not in html  # a viewer only looks


def test_the_list_shows_those_of_the_assessment_before_too(sign_in, alice, milestone, answered, ship):
    newer = ship(factories.newer_release())
    ship(answered.release)
    answered.refresh_from_db()
    moved = moves.move(answered, newer, by=alice)
    html = page(sign_in(alice), "milestones", moved.pk)
    assert "release 1.0, the assessment before" in html
    assert "Release 1.0 before, 2.0 after: 10 requirements are asked by both and compared." in html


def test_the_page_of_one_shows_its_gaps_and_hash(sign_in, vera, milestone):
    html = page(sign_in(vera), "milestone", milestone.pk)
    assert "The thing pr1-thing-1 is done" in html
    assert milestone.sha256 in html


def test_the_document_is_downloaded_byte_for_byte(sign_in, vera, milestone):
    response = sign_in(vera).get(reverse("milestone-document", args=[milestone.pk]))
    assert sha256(response.content).hexdigest() == milestone.sha256
    assert "attachment" in response["Content-Disposition"]


@pytest.mark.parametrize("count", [1, 6])
def test_the_queries_of_the_list_do_not_grow_with_the_milestones(
    sign_in, vera, answered, count, django_assert_num_queries
):
    for number in range(count):
        factories.frozen(answered, f"Number {number}")
    client = sign_in(vera)
    page(client, "milestones", answered.pk)
    # session, user, assessment; answers, evidence, metrics, actions, sites, fit check, milestones, levels of the last; the list
    with django_assert_num_queries(11):
        page(client, "milestones", answered.pk)


def test_the_results_say_what_changed_since_the_last(sign_in, vera, answered, milestone):
    factories.answer(answered, PR1="3333")
    html = page(sign_in(vera), "results", answered.pk)
    assert "Since the last milestone" in html
    assert "Three gaps closed." in html


# ---- comparing


def test_two_milestones_are_compared_with_their_notes(sign_in, vera, alice, answered, milestone):
    first = answered.answers.in_order().first()
    first.record_note("Done in May", by=alice, version=first.version)
    factories.answer(answered, PR1="3023", PR2="3-3.")
    later = factories.frozen(answered, "Later")
    html = page(sign_in(vera), "milestones-compare", answered.pk, f"?from={milestone.pk}&to={later.pk}")
    for said in ("Went up", "Went down", "Newly answered", "Done in May", "gap closed"):
        assert said in html
    swapped = page(sign_in(vera), "milestones-compare", answered.pk, f"?from={later.pk}&to={milestone.pk}")
    assert "No longer answered" in swapped


def test_by_default_the_last_is_compared_with_now(sign_in, vera, answered, milestone):
    html = page(sign_in(vera), "milestones-compare", answered.pk)
    assert "Nothing has changed." in html


def test_without_a_milestone_it_says_that_there_is_nothing_to_compare(sign_in, vera, answered):
    assert "No milestone has been taken" in page(sign_in(vera), "milestones-compare", answered.pk)


@pytest.mark.parametrize("sent", ["999999", "x", "-1", "%00", "1 OR 1"])
def test_an_address_that_names_no_milestone_gets_a_sentence(sign_in, vera, answered, milestone, sent):
    html = page(sign_in(vera), "milestones-compare", answered.pk, f"?from={sent}&to=now", status=422)
    assert "There is no such milestone here." in html


def test_a_milestone_of_another_site_cannot_be_compared(sign_in, vera, alice, answered, site):
    other = factories.started(factories.SiteFactory(organisation=site.organisation), by=alice)
    foreign = factories.frozen(other)
    query = f"?from={foreign.pk}&to=now"
    assert "no such milestone" in page(sign_in(vera), "milestones-compare", answered.pk, query, status=422)


# ---- an older schema


@pytest.fixture
def stored(answered):
    """A milestone as schema 1 stored it, put into the database by hand."""
    texts = {
        name: (STORED / f"schema-1-{name}.json").read_text("utf-8")
        for name in ("document", "figures", "levels")
    }
    return Milestone.objects.create(
        assessment=answered,
        name="From schema 1",
        taken_on=date(2026, 11, 20),
        taken_by_name="Alice",
        document=texts["document"],
        sha256=sha256(texts["document"].encode()).hexdigest(),
        figures=json.loads(texts["figures"]),
        levels=json.loads(texts["levels"]),
    )


def test_a_milestone_of_schema_1_is_listed_compared_and_downloaded(sign_in, vera, answered, stored):
    client = sign_in(vera)
    assert "From schema 1" in page(client, "milestones", answered.pk)
    assert "Small Standard 1.0" in page(client, "milestone", stored.pk)
    assert "From schema 1" in page(client, "milestones-compare", answered.pk, f"?from={stored.pk}&to=now")
    assert stored.intact
    content = client.get(reverse("milestone-document", args=[stored.pk])).content
    assert content == (STORED / "schema-1-document.json").read_bytes()
