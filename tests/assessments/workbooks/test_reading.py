"""What a filled-in questionnaire says, row by row, and what of it is refused."""

import pytest

from assessments.models import Answer
from assessments.workbooks.layout import HEADINGS, KEY, QUESTIONNAIRE, STATE, VERSION
from assessments.workbooks.reading import read
from standards.workbook.tables import Refused
from tests import factories
from tests.assessments.workbooks.copies import Questionnaire, answer, downloaded, filled, said

ONE, TWO, RESULT = "pr1-thing-1", "pr1-thing-2", "pf3-thing-1"
OPEN = {"choice": "", "reason": "", "reason_text": ""}


def changes(found):
    return [(change["field"], change["values"]) for change in found.changes]


def choice(assessment, key, level, **cells):
    """The values that a level is read as."""
    (change,) = said(assessment, {key: {"level": level, **cells}}).changes
    return change["values"]


def refusal(assessment, key, **cells):
    (finding,) = said(assessment, {key: cells}).refused
    return finding


# ---- what is understood -----------------------------------------------------------------------------------------


def test_a_workbook_nobody_touched_says_nothing(assessment):
    found = read(downloaded(assessment), assessment)
    assert (found.changes, found.untouched, found.refused, found.noted) == ([], 12, [], [])


def test_a_row_says_its_level_its_note_and_the_version_it_was_written_on(assessment, bob):
    answer(assessment, ONE).record_choice("1", by=bob, version=0)
    found = said(assessment, {ONE: {"level": "2 Partly in use", "note": "In two teams."}})
    first, second = found.changes
    assert first["values"] == OPEN | {"choice": "2"}
    assert first["seen"] == OPEN | {"choice": "1"}
    assert (second["field"], second["seen"], second["values"]) == (
        "note",
        {"note": ""},
        {"note": "In two teams."},
    )
    assert {change["row"] for change in found.changes} == {2}
    assert found.untouched == 11


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("0 Nothing in place", "0"),
        ("3", "3"),
        (3, "3"),
        (3.0, "3"),
        ("3.0", "3"),
        (" 2  partly IN use ", "2"),
        ("in place", "3"),
        ("1 - designed only", "1"),
        ("2)", "2"),
        ("Not known", "unknown"),
        ("UNKNOWN", "unknown"),
        ("?", "unknown"),
    ],
)
def test_a_level_is_understood_however_it_is_written(assessment, written, meant):
    assert choice(assessment, ONE, written)["choice"] == meant


@pytest.mark.parametrize("written", ["1 Below target", "below target", "1"])
def test_levels_of_results_have_words_of_their_own(assessment, written):
    assert choice(assessment, RESULT, written)["choice"] == "1"


@pytest.mark.parametrize("written", ["Not applicable", "n/a", "NA", "n.a."])
@pytest.mark.parametrize("reason", ["Channel or service not offered", "not-offered", " CHANNEL or service  not offered"])  # fmt: skip
def test_not_applicable_is_understood_with_its_reason(assessment, written, reason):
    assert choice(assessment, ONE, written, reason=reason) == {
        "choice": "na",
        "reason": "not-offered",
        "reason_text": "",
    }


def test_a_level_that_was_emptied_takes_the_answer_back(assessment, bob):
    answer(assessment, ONE).record_choice("1", by=bob, version=0)
    assert choice(assessment, ONE, "") == OPEN


def test_a_whole_number_as_a_note_is_a_note(assessment):
    assert changes(said(assessment, {ONE: {"note": 2026}})) == [("note", {"note": "2026"})]


def test_a_reason_beside_a_level_is_not_read_and_that_is_told(assessment, bob):
    answer(assessment, ONE).record_choice("na", reason="elsewhere", by=bob, version=0)
    found = said(assessment, {ONE: {"level": "1"}})
    assert changes(found) == [("choice", OPEN | {"choice": "1"})]
    assert found.noted[0].sentence == "A reason belongs to 'Not applicable' only: it is not read."


def test_rows_may_be_sorted_and_deleted_and_columns_added_and_moved(assessment):
    copy = Questionnaire(downloaded(assessment)).write(TWO, level="2")
    copy.rows[1:] = reversed(copy.rows[3:])
    for number, row in enumerate(copy.rows):
        row.insert(0, "Who?" if number == 0 else "Bob")
    copy.rows.insert(0, ["Our own title"])
    copy.rows.insert(2, [])
    found = read(copy.saved(), assessment)
    assert (found.changes, found.untouched) == ([], 10)
    assert [(finding.row, finding.column) for finding in found.noted] == [(2, "A")]
    assert "the column is not read" in found.noted[0].sentence


def test_a_requirement_that_was_asked_only_afterwards_is_not_missed(assessment):
    content = downloaded(assessment)
    other = factories.RequirementFactory(
        item=assessment.answers.first().requirement.item, key="later", position=9
    )
    Answer.objects.create(assessment=assessment, requirement=other)
    assert read(content, assessment).untouched == 12


# ---- what is refused --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("written", ["4", "-1", "12", "1 or 2", "2 In place", "yes", "½", "\uff13", "=1", "In place, partly"])  # fmt: skip
def test_an_unknown_level_is_refused_with_row_and_column(assessment, written):
    found = refusal(assessment, TWO, level=written)
    assert (found.row, found.column, found.heading) == (3, "E", "Level")
    assert found.sentence.startswith(f"'{written}' is not in the list.")


REFUSED = [
    ({"level": "n/a"}, "F", "Choose why this does not apply."),
    ({"level": "n/a", "reason": "because"}, "F", "'because' is none of the reasons in the list."),
    ({"level": "n/a", "reason": "Another reason"}, "G", "Say in a few words why this does not apply."),
    (
        {"level": "n/a", "reason": "Another reason", "reason_text": "x" * 501},
        "G",
        "The reason has 501 characters; at most 500",
    ),
    ({"reason": "Another reason"}, "E", "There is a reason and no level."),
    ({"reason_text": "We do not chat"}, "E", "There is a reason and no level."),
    ({"note": "x" * 20_001}, "H", "The note has 20,001 characters; at most 20,000 can be saved."),
    ({"note": ("formula", "=1+1")}, "H", "This cell holds a formula."),
    ({"level": ("formula", "=1+1", 3)}, "E", "This cell holds a formula."),
    ({"note": True}, "H", "This cell holds TRUE or FALSE."),
    ({"note": 0.85}, "H", "This cell was turned into a number."),
    ({"note": 1e300}, "H", "This cell was turned into a number."),
    ({"level": 2.5}, "E", "This cell was turned into a number."),
    ({"level": "2", "reason": 3.5}, "F", "This cell was turned into a number."),
]


@pytest.mark.parametrize(("cells", "column", "sentence"), REFUSED)
def test_a_row_with_something_wrong_is_refused_alone(assessment, cells, column, sentence):
    found = said(assessment, {ONE: cells, TWO: {"level": "2"}})
    (finding,) = found.refused
    assert (finding.row, finding.column, found.refused_rows) == (2, column, 1)
    assert finding.sentence.startswith(sentence)
    assert changes(found) == [("choice", OPEN | {"choice": "2"})]


@pytest.mark.parametrize("written", ["", "x", -1, 2.5, 1e300, True])
def test_a_row_that_lost_its_version_is_refused(assessment, written):
    copy = Questionnaire(downloaded(assessment)).write(ONE, version=written, level="2")
    (finding,) = read(copy.saved(), assessment).refused
    assert (finding.row, finding.heading) == (2, "Version")


def test_a_version_that_was_never_saved_is_refused(assessment):
    finding = refusal(assessment, ONE, version=7, level="2")
    assert "based on a version that was never saved here" in finding.sentence


def test_rows_without_a_key_with_an_unknown_one_or_the_same_one_are_refused(assessment):
    copy = Questionnaire(downloaded(assessment))
    copy.write(ONE, key="").write(TWO, key="no-such-thing").write("pr2-thing-1", key="pr2-thing-2")
    found = read(copy.saved(), assessment)
    assert found.refused_rows == 4
    assert [finding.sentence for finding in found.refused] == [
        "This row has no key, so nobody can tell which requirement it means.",
        "'no-such-thing' is the key of no requirement in this release.",
        "The key 'pr2-thing-2' is in rows 6, 7. Keep one of them.",
        "The key 'pr2-thing-2' is in rows 6, 7. Keep one of them.",
    ]


def test_an_answer_that_is_asked_no_longer_is_refused(assessment):
    content = downloaded(assessment)
    answer(assessment, ONE).delete()
    (finding,) = read(content, assessment).refused
    assert finding.sentence == "This requirement is not asked in this assessment."


def test_at_most_three_hundred_refusals_are_told_and_all_counted(assessment):
    copy = Questionnaire(downloaded(assessment))
    copy.rows.extend([["x"]] * 1000)
    found = read(copy.saved(), assessment)
    assert (len(found.refused), found.refused_rows) == (300, 1000)


# ---- what is no workbook of this assessment ----------------------------------------------------------------------


def test_a_workbook_of_another_assessment_is_refused_by_its_name(assessment, site, alice):
    other = factories.started(factories.SiteFactory(organisation=site.organisation, name="York"), by=alice)
    with pytest.raises(Refused) as refused:
        read(downloaded(other), assessment)
    sentence = str(refused.value)
    assert sentence.startswith("This workbook is of another assessment, 'York, CSP 1.0, started on ")
    assert "and this page is for 'Leeds, CSP 1.0, started on " in sentence


def test_a_workbook_whose_words_are_in_another_language_is_read_by_its_own_headings(assessment):
    copy = Questionnaire(downloaded(assessment)).write(ONE, level="2")
    column = copy.column("note")
    copy.rows[0][column] = copy.sheets[STATE][2][column] = "Notiz"
    assert len(read(copy.saved(), assessment).changes) == 1


@pytest.mark.parametrize("name", ["level", "reason", "reason_text", "note", VERSION])
def test_a_workbook_without_one_of_the_columns_is_refused(assessment, name):
    copy = Questionnaire(downloaded(assessment))
    column = copy.column(name)
    for row in copy.rows:
        del row[column]
    with pytest.raises(Refused, match=f"The column '{HEADINGS[name]}' is missing."):
        read(copy.saved(), assessment)


def test_a_workbook_without_headings_is_refused(assessment):
    copy = Questionnaire(downloaded(assessment))
    copy.rows.pop(0)
    with pytest.raises(Refused, match="The headings are missing"):
        read(copy.saved(), assessment)


def test_a_heading_that_stands_there_twice_is_refused(assessment):
    copy = Questionnaire(downloaded(assessment))
    copy.rows[0][copy.column("item")] = "Note"
    with pytest.raises(Refused, match="Columns B and H of the sheet are both headed 'Note'"):
        read(copy.saved(), assessment)


def scribbled(state):
    def made(copy):
        copy.sheets[STATE] = state

    return made


def without(name):
    return lambda copy: copy.sheets.pop(name)


NOT_OURS = [
    (without(STATE), "was not downloaded here"),
    (without(QUESTIONNAIRE), "no sheet named 'Questionnaire' in this workbook. Its sheets are: Read me"),
    (scribbled([["what"], [], []]), "was not downloaded here"),
    (scribbled([]), "was not downloaded here"),
    (scribbled([["copcready answers", "2", "", "", "", ""], [], []]), "was not downloaded here"),
    (
        scribbled([["copcready own wording", "1", "small", "1.0", "0", ""], ["", "", "note"], []]),
        "not downloaded here",
    ),
    (
        scribbled([["copcready answers", "1", "print", "Ours", "now", "Bob"], ["x"], ["x"]]),
        "of another assessment",
    ),
    (scribbled([[True, 1, 2, 3, 4, 5], [True], [True]]), "was not downloaded here"),
]


@pytest.mark.parametrize(("damage", "sentence"), NOT_OURS)
def test_a_workbook_that_lost_what_it_carries_along_is_refused(assessment, damage, sentence):
    copy = Questionnaire(downloaded(assessment))
    damage(copy)
    with pytest.raises(Refused, match=sentence):
        read(copy.saved(), assessment)


def test_the_state_may_name_no_columns_of_its_own(assessment):
    copy = Questionnaire(downloaded(assessment))
    copy.sheets[STATE][1] = ["password" for _ in copy.sheets[STATE][1]]
    with pytest.raises(Refused, match="was not downloaded here"):
        read(copy.saved(), assessment)


def test_reading_asks_the_database_the_same_few_times_for_any_number_of_rows(
    assessment, bob, django_assert_max_num_queries
):
    content = downloaded(assessment)
    keys = list(assessment.answers.values_list("requirement__key", flat=True))
    for key in keys:
        answer(assessment, key).record_choice("1", by=bob, version=0)
    content = filled(assessment, {key: {"level": "2", "note": "x"} for key in keys}, content)
    with django_assert_max_num_queries(5):
        assert len(read(content, assessment).changes) == 24


def test_the_key_column_is_the_only_way_to_an_answer(assessment):
    """Codes and titles may be typed over, or belong to another release by now."""
    copy = Questionnaire(downloaded(assessment)).write(
        ONE, code="PF3a", statement="Something else", level="2"
    )
    (change,) = read(copy.saved(), assessment).changes
    assert change["answer"] == answer(assessment, ONE).pk
    assert KEY in HEADINGS
