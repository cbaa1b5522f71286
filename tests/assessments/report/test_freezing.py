"""Old reports never change: whatever is edited afterwards, bytes, hashes and pages are those of the day."""

import json
from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import replace
from datetime import date
from hashlib import sha256

import pytest
from django.db import connection, connections
from django.urls import reverse

from assessments.models import Assessment, Milestone, MilestoneReport, checks
from assessments.report import document, freezing, pdf
from assessments.report.plain import as_text
from standards.models import Requirement, Scoring, Wording
from tests import factories

DAY = date(2026, 11, 20)


@pytest.fixture
def answered(assessment, alice):
    factories.answer(assessment, PR1="0123", PR2="3-?.")
    answer = assessment.answers.in_order().first()
    answer.record_note("Since May", by=alice, version=0)
    return assessment


def fetched(assessment):
    return Assessment.objects.with_names().get(pk=assessment.pk)


def freeze(assessment, name="Baseline", by=None, as_of=DAY):
    return freezing.freeze(fetched(assessment), name=name, by=by, as_of=as_of)[0]


def as_downloaded(client, milestone):
    """The bytes of both files and the words of both pages."""
    files = [
        client.get(reverse(name, args=[milestone.pk])).content
        for name in ("milestone-document", "milestone-report")
    ]
    page = client.get(reverse("milestone", args=[milestone.pk])).text
    return files, page


def test_the_document_is_answers_json_byte_for_byte(answered, alice):
    taken = freeze(answered, by=alice)
    found = document.build(fetched(answered), as_of=DAY, prepared_by="Alice")
    alone = replace(found, trend=(), since=None)  # it was the first one
    assert taken.document.encode() == pdf.answers_json(alone)
    assert taken.sha256 == sha256(taken.document.encode()).hexdigest()
    assert as_text(freezing.revive(taken)) == taken.document


def test_a_document_with_milestones_before_it_comes_back_the_same(answered):
    freeze(answered, "First")
    factories.answer(answered, PR1="3333")
    second = freeze(answered, "Second")
    revived = freezing.revive(second)
    assert as_text(revived) == second.document
    assert [part.name for part in revived.trend] == ["First"]
    assert revived.since.closed == ("PR1a", "PR1b", "PR1c")


def test_what_was_edited_since_the_page_read_the_assessment_is_in_the_milestone(answered):
    read_before = fetched(answered)
    Assessment.objects.filter(pk=answered.pk).update(audit_month=date(2027, 9, 1))
    taken, _new = freezing.freeze(read_before, name="Baseline", by=None, as_of=DAY)
    assert freezing.revive(taken).audit_month == date(2027, 9, 1)


@pytest.mark.skipif(
    connection.vendor == "sqlite", reason="SQLite's tests run in memory, where threads share one lock"
)
@pytest.mark.django_db(transaction=True)
def test_an_answer_saved_while_a_document_is_read_waits_until_it_is_frozen(answered, alice, monkeypatch):
    before = document.build(fetched(answered), as_of=DAY)
    scope_of, saved, waited = checks.scope_of, [], []

    def save():
        answer = answered.answers.in_order().first()
        answer.record_choice(choice="3", by=alice, version=answer.version)
        connections.close_all()

    def meanwhile(*args):
        saved.append(pool.submit(save))
        waited.append(not wait(saved, timeout=1).done)
        return scope_of(*args)

    monkeypatch.setattr(checks, "scope_of", meanwhile)
    with ThreadPoolExecutor(1) as pool:
        taken = freeze(answered)
        saved[0].result()
    monkeypatch.undo()
    assert all(waited)
    assert freezing.revive(taken).answers == before.answers
    assert document.build(fetched(answered), as_of=DAY).answers != before.answers


def test_half_a_letter_is_written_out_so_that_every_database_takes_it(answered, monkeypatch):
    build = document.build
    odd = lambda *args, **named: replace(build(*args, **named), prepared_by="Al\ud800\x00")  # noqa: E731
    monkeypatch.setattr(document, "build", odd)
    taken = Milestone.objects.get(pk=freeze(answered).pk)
    assert taken.intact
    assert json.loads(taken.document)["prepared_by"] == "Al\ud800\x00"


def test_a_second_click_takes_none_although_the_first_is_in_its_document(answered, alice):
    first = freeze(answered, by=alice)
    again, new = freezing.freeze(fetched(answered), name="Baseline", by=alice, as_of=DAY)
    assert (again.pk, new) == (first.pk, False)
    factories.answer(answered, PR1="3333")
    assert freezing.freeze(fetched(answered), name="Baseline", by=alice, as_of=DAY)[1]


def test_a_milestone_after_the_day_of_a_report_is_not_in_it(answered):
    freeze(answered, as_of=date(2026, 11, 25))
    assert document.build(fetched(answered), as_of=DAY).trend == ()


def test_nothing_that_is_edited_afterwards_changes_bytes_hashes_or_pages(
    sign_in, answered, alice, bob, vera, site, restart
):
    """The proof: the real PDF, and everything that can be edited edited."""
    taken = freeze(answered, by=bob)
    kept = freezing.keep_report(taken)
    client = sign_in(vera)
    before, page = as_downloaded(client, taken)
    for requirement in Requirement.objects.all():
        Wording.objects.create(requirement=requirement, statement="Other words", weight=3, target_level=1)
    Scoring.objects.update(practice_target=1, urgency_blocker=9, audit_score=1)
    factories.answer(answered, PR1="3333", PR2="3333", PF3="3333")
    type(site).objects.update(name="Renamed")
    type(site.organisation).objects.update(name="Renamed too")
    bob.delete()
    restart()
    after, page_after = as_downloaded(client, taken)
    assert after == before
    assert [sha256(content).hexdigest() for content in after] == [taken.sha256, kept.sha256]
    assert frozen_words(page_after) == frozen_words(page)
    assert "Leeds" in frozen_words(page)
    assert "Renamed" in client.get(reverse("results", args=[answered.pk])).text
    found = Milestone.objects.get(pk=taken.pk)
    assert (found.taken_by, found.taken_by_name, found.intact) == (None, "Bob", True)


def frozen_words(html):
    """What stands on the page itself; above it are the tabs of the assessment, which follow it."""
    start = html.index("<main")
    return html[start : html.index("</main>")]


# ---- the PDF, made once


def test_the_pdf_is_made_once_from_what_was_frozen(answered, monkeypatch):
    taken = freeze(answered)
    factories.answer(answered, PR1="3333")
    drawn = []
    monkeypatch.setattr(pdf, "render", lambda found: drawn.append(found) or b"%PDF-1.7")
    assert freezing.keep_report(taken) == freezing.keep_report(taken)
    assert [as_text(found) for found in drawn] == [taken.document]
    assert MilestoneReport.objects.count() == 1


@pytest.mark.parametrize("failure", [pdf.Unavailable("No Pango."), MemoryError()])
def test_where_no_pdf_can_be_made_the_milestone_stands(answered, monkeypatch, failure):
    def fail(found):
        raise failure

    monkeypatch.setattr(pdf, "render", fail)
    taken = freeze(answered)
    assert freezing.try_report(taken) is None
    assert Milestone.objects.get() == taken
    assert not MilestoneReport.objects.exists()


def test_a_document_of_another_version_is_said_to_be_one(answered):
    taken = freeze(answered)
    told = json.loads(taken.document)
    del told["gaps"]
    taken.document = json.dumps(told)
    with pytest.raises(freezing.OtherVersion, match="gaps"):
        freezing.revive(taken)
