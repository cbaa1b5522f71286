"""The workbook that is downloaded: what it shows, that nothing in it calculates, and that it comes back unchanged."""

import io
import re
import zipfile

import pytest
from django.utils import timezone
from python_calamine import CalamineWorkbook

from assessments.models import Assessment
from assessments.rules.scoring import CHOICES
from assessments.workbooks import questionnaire
from assessments.workbooks.layout import GUIDE, HEADINGS, KEY, QUESTIONNAIRE, STATE, VERSION
from assessments.workbooks.reading import read
from standards.text import clean_text
from tests import factories
from tests.assessments.workbooks.copies import Questionnaire, answer, downloaded
from tests.assessments.workbooks.texts import NOTES

ONE, RESULT = "pr1-thing-1", "pf3-thing-1"


def parts(content):
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name).decode() for name in archive.namelist() if name.endswith(".xml")}


@pytest.fixture
def noted(site, alice, bob):
    """As many requirements as there are odd notes, each with one of them, and every kind of answer."""
    count = len(NOTES)
    assessment = factories.started(site, factories.small_release(items=2, requirements=count // 2 + 1), alice)
    for number, each in enumerate(assessment.answers.in_order()[:count]):
        choice = (*CHOICES, "")[number % 7]
        reason = "other" if choice == "na" else ""
        text = NOTES[number][:200] if reason else ""
        each.record_choice(choice, reason=reason, reason_text=clean_text(text) or reason, by=bob, version=0)
        each.record_note(clean_text(NOTES[number]), by=bob, version=each.version)
    return Assessment.objects.with_names().get(pk=assessment.pk)


def test_what_was_downloaded_comes_back_unchanged(noted):
    found = read(downloaded(noted), noted)
    assert (found.changes, found.refused, found.noted) == ([], [], [])
    assert found.untouched == noted.answers.count()


def test_every_note_stands_in_its_cell_as_it_is_stored_or_says_that_it_cannot(noted):
    copy = Questionnaire(downloaded(noted))
    for each in noted.answers.select_related("requirement").exclude(note=""):
        cell = copy.cells(each.requirement.key)["note"]
        if clean_text(cell) != each.note:
            assert cell.startswith("This text cannot be shown in a workbook."), each.note[:40]
            assert "_x005F" in each.note or len(each.note.encode("utf-16-le")) > 2 * 32_767


def test_a_note_that_no_cell_can_hold_is_not_overwritten_by_what_stands_in_its_place(noted):
    key = noted.answers.get(note="👍" * 20_000).requirement.key
    copy = Questionnaire(downloaded(noted)).write(key, note="Shorter now")
    (finding,) = read(copy.saved(), noted).refused
    assert finding.sentence == "This text could not be shown in the workbook. Edit it on its page."


def test_notes_that_were_stored_before_they_were_cleaned_come_back_unchanged_too(assessment, bob):
    for each, note in zip(assessment.answers.in_order(), NOTES[6:18], strict=True):
        each.record_note(note, by=bob, version=0)
    assert read(downloaded(assessment), assessment).changes == []


def test_no_cell_is_a_formula_a_link_or_an_error(noted):
    content = downloaded(noted)
    for name, xml in parts(content).items():
        if "worksheets/" in name:
            assert not re.search(r"<f[ >]|<hyperlink|t=\"e\"|t=\"str\"", xml), name
    assert "hyperlink" not in "".join(parts(content)).lower()


def test_another_reader_opens_it_and_finds_three_sheets(noted):
    book = CalamineWorkbook.from_filelike(io.BytesIO(downloaded(noted)))
    assert book.sheet_names == [GUIDE, QUESTIONNAIRE, STATE]
    rows = book.get_sheet_by_name(QUESTIONNAIRE).to_python()
    assert len(rows) == noted.answers.count() + 1
    assert rows[0] == [str(heading) for heading in HEADINGS.values()]


def test_a_row_shows_what_is_asked_and_what_was_answered(assessment, bob):
    answer(assessment, ONE).record_choice("na", reason="elsewhere", reason_text="At group", by=bob, version=0)
    answer(assessment, RESULT).record_choice("2", by=bob, version=0)
    answer(assessment, RESULT).record_note("Since May", by=bob, version=1)
    copy = Questionnaire(downloaded(assessment))
    row = dict(zip(HEADINGS, copy.row(ONE), strict=True))
    assert (row["code"], row["item"], row["statement"]) == (
        "PR1a",
        "PR1 Topic 1",
        "The thing pr1-thing-1 is done",
    )
    assert (row["level_3"], row["level_0"]) == ("Every team does it and can show it.", "Nobody does it.")
    assert (row["guidance"], row[KEY], row[VERSION]) == ("Good is plain.\nHalf-way is one team.", ONE, 1)
    assert copy.cells(ONE) == {
        "level": "Not applicable",
        "reason": "Covered elsewhere in the organisation",
        "reason_text": "At group",
        "note": "",
    }
    assert (copy.cells(RESULT)["level"], copy.cells(RESULT)["note"]) == (
        "2 At target, not sustained",
        "Since May",
    )
    assert [row[copy.column(KEY)] for row in copy.rows[1:3]] == [ONE, "pr1-thing-2"]


def test_the_words_in_force_are_shown_not_the_shipped_ones(assessment):
    requirement = answer(assessment, ONE).requirement
    requirement.item.domain.release.note_edit()
    requirement.wording = requirement._meta.get_field("wording").related_model.objects.create(
        requirement=requirement, statement="Said in our words"
    )
    assert "Said in our words" in Questionnaire(downloaded(assessment)).row(ONE)


def test_answer_cells_offer_their_lists_and_nothing_is_locked(assessment):
    xml = parts(downloaded(assessment))["xl/worksheets/sheet2.xml"]
    assert "sheetProtection" not in xml
    assert f"<formula1>{STATE}!$A$5:$A$10</formula1>" in xml  # levels of practices
    assert f"<formula1>{STATE}!$B$5:$B$10</formula1>" in xml  # levels of results
    assert f"<formula1>{STATE}!$C$5:$C$8</formula1>" in xml  # reasons
    assert xml.count("<cfRule") == 6
    assert 'topLeftCell="D2"' in xml
    assert 'state="frozen"' in xml
    assert '<autoFilter ref="A1:R13"' in xml
    assert xml.count('hidden="1"') == 1  # one range: key and version
    state = Questionnaire(downloaded(assessment)).sheets[STATE]
    assert [row[0] for row in state[4:10]] == [
        "0 Nothing in place",
        "1 Designed only",
        "2 Partly in use",
        "3 In place",
        "Not known",
        "Not applicable",
    ]
    assert state[6][1] == "2 At target, not sustained"


def test_the_first_sheet_says_whose_it_is_and_when_and_how_to_fill_it_in(assessment, alice):
    guide = "\n".join(row[0] for row in Questionnaire(downloaded(assessment)).sheets[GUIDE])
    assert "Acme: Leeds, CSP 1.0, started on" in guide
    assert "In scope: Phone, E-mail and letters, Chatbot." in guide
    assert "Downloaded by Alice on" in guide
    assert "Nothing is locked." in guide
    assert "cannot be uploaded" not in guide


def test_a_workbook_of_an_assessment_for_reading_says_so(assessment):
    Assessment.objects.filter(pk=assessment.pk).update(continued_at=timezone.now())
    guide = "\n".join(row[0] for row in Questionnaire(downloaded(assessment)).sheets[GUIDE])
    assert "It can be read but not uploaded. This assessment is continued in a newer one" in guide


def test_an_assessment_that_asks_nothing_has_a_workbook_too(assessment):
    assessment.answers.all().delete()
    content = downloaded(assessment)
    assert read(content, assessment).untouched == 0


def test_the_same_few_queries_for_any_number_of_requirements(
    assessment, alice, django_assert_max_num_queries
):
    assessment = Assessment.objects.with_names().get(pk=assessment.pk)
    with django_assert_max_num_queries(3):
        questionnaire.workbook(assessment, by=alice, at=timezone.now())
