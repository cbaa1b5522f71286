"""Own wording from a workbook: what it would change, storing that, and setting it back."""

import pytest
from django.core import serializers

from standards import imports
from standards.management.commands.loadstandards import install
from standards.models import Release, Requirement, Wording, WordingImport
from standards.shipped import read as read_shipped
from standards.workbook.reading import read
from tests.standards.texts import FOLDERS
from tests.standards.workbooks import edit, filled, own, template_of

KEY, OTHER = "pr1-thing-1", "pr1-thing-2"
NEWEST = next(folder for folder in FOLDERS if (folder.parent.name, folder.name) == ("copc-cx", "8-0"))


def plan(release, texts, content=None):
    return imports.plan(release, read(filled(release, texts, content), release))


def bring_in(release, texts, by, accepted=(), content=None):
    found = plan(release, texts, content)
    return imports.apply(release, found, accepted=accepted, file_name="ours.xlsx", by=by)


def take_back(done, by):
    found = imports.undoing(done)
    imports.undo(done, found, by=by)
    return found


def everything():
    """Every own wording, without the number of its row: one that was removed and comes back has another."""
    rows = Wording.objects.order_by("requirement__item__domain__release_id", "requirement__key")
    return [row["fields"] for row in serializers.serialize("python", rows)]


# ---- the dry run ------------------------------------------------------------------------------------------------


def test_a_dry_run_tells_changes_word_by_word_and_stores_nothing(release):
    found = plan(release, {KEY: {"statement": "The thing pr1-thing-1 is shown", "weight": 4}})
    (entry,) = found.changing
    assert [change.label for change in entry.changes] == ["Statement", "Weight"]
    assert [(piece.kind, piece.text) for piece in entry.changes[0].pieces][-2:] == [
        ("gone", "done"),
        ("new", "shown"),
    ]
    assert (found.texts, found.resets, found.same) == (2, 0, 11)
    assert not Wording.objects.exists()


def test_changes_come_in_the_standards_order_whatever_the_rows_order(release):
    found = plan(release, {"pf3-thing-1": {"scope": "All."}, KEY: {"scope": "All."}})
    assert [entry.requirement.code for entry in found.changing] == ["PR1a", "PF3a"]


def test_an_own_cell_that_was_emptied_brings_the_shipped_text_back(release):
    edit(KEY, why="Ours.", scope="Every site.")
    found = plan(release, {KEY: {"why": ""}})
    assert found.resets == found.texts == 1
    assert found.changing[0].changes[0].resets


def test_a_text_equal_to_the_shipped_one_is_no_own_wording(release, requirement):
    assert plan(release, {KEY: {"why": requirement.why}}).entries == []
    edit(KEY, why="Ours.")
    assert plan(release, {KEY: {"why": requirement.why}}).resets == 1


def test_what_is_in_force_already_counts_as_a_row_that_changes_nothing(release):
    content = template_of(release)
    edit(KEY, why="Ours.")
    found = plan(release, {KEY: {"why": "Ours."}}, content)
    assert (found.entries, found.same) == ([], 12)


def test_a_requirement_that_left_the_release_is_refused(release):
    content = filled(release, {KEY: {"why": "Ours."}})
    Requirement.objects.get(key=KEY).delete()
    found = imports.plan(release, read(content, release))
    assert [(finding.row, finding.sentence) for finding in found.refused] == [
        (2, "This requirement is in the release no longer.")
    ]
    assert found.refused_rows == 1


def test_the_digest_is_another_one_once_wording_or_shipped_text_changed(release):
    texts = {KEY: {"why": "Ours."}}
    content = filled(release, texts)
    digests = [plan(release, {}, content).digest]
    assert plan(release, {}, content).digest == digests[0]
    edit(KEY, why="Ron's.")
    digests.append(plan(release, {}, content).digest)
    Requirement.objects.filter(key=KEY).update(scope="Shipped anew.")
    digests.append(plan(release, {}, content).digest)
    assert len(set(digests)) == 3


# ---- conflicts --------------------------------------------------------------------------------------------------


@pytest.fixture
def edited_meanwhile(release):
    """A workbook with why and scope of one requirement; why was edited after its download."""
    edit(KEY, why="Ours.")
    content = filled(release, {KEY: {"why": "From the workbook.", "scope": "Every site."}})
    edit(KEY, why="Edited here.")
    return content


def test_wording_edited_after_the_download_is_a_conflict_and_stays_unless_accepted(
    release, edited_meanwhile, edith
):
    found = plan(release, {}, edited_meanwhile)
    (entry,) = found.entries
    assert [change.name for change in entry.changes] == ["scope"]
    assert [(change.name, change.before, change.after) for change in entry.conflicts] == [
        ("why", "Edited here.", "From the workbook.")
    ]
    bring_in(release, {}, edith, content=edited_meanwhile)
    assert own(KEY) == {"why": "Edited here.", "scope": "Every site."}


def test_an_accepted_conflict_takes_the_workbooks_text(release, edited_meanwhile, edith):
    bring_in(release, {}, edith, accepted=[KEY], content=edited_meanwhile)
    assert own(KEY) == {"why": "From the workbook.", "scope": "Every site."}


def test_a_conflict_says_who_edited_last(release, edited_meanwhile, ron):
    Wording.history.update(history_user=ron)
    (entry,) = plan(release, {}, edited_meanwhile).conflicting
    assert entry.edited.history_user == ron


def test_a_cell_that_was_not_touched_leaves_a_newer_wording_alone(release, edith):
    edit(KEY, why="Ours.")
    content = filled(release, {KEY: {"scope": "Every site."}})
    edit(KEY, why="Edited here.")
    bring_in(release, {}, edith, content=content)
    assert own(KEY) == {"why": "Edited here.", "scope": "Every site."}


def test_emptying_a_cell_that_was_edited_meanwhile_is_a_conflict_too(release):
    edit(KEY, why="Ours.")
    content = filled(release, {KEY: {"why": ""}})
    edit(KEY, why="Edited here.")
    found = plan(release, {}, content)
    assert (found.texts, len(found.conflicting)) == (0, 1)


# ---- apply ------------------------------------------------------------------------------------------------------


def test_an_import_is_an_edit_with_history_fingerprint_and_one_note_for_the_release(release, edith):
    done = bring_in(release, {KEY: {"why": "Ours."}, OTHER: {"weight": 4}}, edith)
    assert (own(KEY), own(OTHER)) == ({"why": "Ours."}, {"weight": 4})
    records = Wording.history.all()
    assert {record.history_user for record in records} == {edith}
    assert {record.history_change_reason for record in records} == {"Imported from ours.xlsx"}
    for wording in Wording.objects.select_related("requirement"):
        assert wording.written_against == wording.requirement.fingerprint
    assert Release.objects.get(pk=release.pk).revision == 1
    assert (done.by, imports.size(done)) == (edith, (2, 2))


def test_wording_imported_beside_an_older_shipped_text_is_one_to_look_at_again(release, edith):
    content = filled(release, {KEY: {"why": "Ours."}})
    Requirement.objects.filter(key=KEY).update(scope="Shipped anew.")
    found = plan(release, {}, content)
    assert found.changing[0].shipped_anew
    bring_in(release, {}, edith, content=content)
    assert Wording.objects.get().shipped_text_changed


def test_nothing_to_change_makes_no_import(release, edith):
    assert bring_in(release, {}, edith) is None
    assert not WordingImport.objects.exists()
    assert Release.objects.get(pk=release.pk).revision == 0


def test_the_same_workbook_twice_changes_nothing_the_second_time(release, edith):
    content = filled(release, {KEY: {"why": "Ours.", "guidance": "One.\nTwo."}})
    bring_in(release, {}, edith, content=content)
    before = everything()
    assert bring_in(release, {}, edith, content=content) is None
    assert everything() == before
    assert Wording.history.count() == 1


def test_a_long_file_name_fits_the_reason(release, edith):
    found = plan(release, {KEY: {"why": "Ours."}})
    imports.apply(release, found, accepted=[], file_name="x" * 200, by=edith)
    assert len(Wording.history.get().history_change_reason) == 100


# ---- undo -------------------------------------------------------------------------------------------------------


def test_undo_sets_back_every_text_and_what_it_was_written_against(release, edith):
    edit(KEY, why="Before.", scope="Before.")
    Wording.objects.update(written_against="of an earlier text")
    edit("pf3-thing-1", why="Before.")
    before = everything()
    done = bring_in(
        release,
        {KEY: {"why": "Ours.", "weight": 2}, OTHER: {"scope": "All."}, "pf3-thing-1": {"why": ""}},
        edith,
    )
    assert len(everything()) == 2
    found = take_back(done, edith)
    assert everything() == before
    assert (found.texts, found.left, done.undone_by) == (4, [], edith)
    assert Wording.history.first().history_change_reason == "Import from ours.xlsx undone"


def test_what_was_edited_since_is_listed_and_left_alone(release, edith):
    done = bring_in(release, {KEY: {"why": "Ours.", "scope": "All."}, OTHER: {"why": "Ours."}}, edith)
    edit(KEY, why="Edited since.")
    found = take_back(done, edith)
    assert [(change.requirement.key, change.name, change.after) for change in found.left] == [
        (KEY, "why", "Edited since.")
    ]
    assert (own(KEY), own(OTHER)) == ({"why": "Edited since."}, {})


def test_what_went_back_by_hand_is_neither_undone_nor_listed(release, edith):
    done = bring_in(release, {KEY: {"why": "Ours.", "scope": "All."}}, edith)
    edit(KEY, why=None)
    found = imports.undoing(done)
    assert [change.name for change in found.entries[0].changes] == ["scope"]
    assert found.left == []


def test_a_requirement_that_left_the_release_is_told_on_undo(release, edith):
    done = bring_in(release, {KEY: {"why": "Ours."}, OTHER: {"why": "Ours."}}, edith)
    Wording.objects.get(requirement__key=KEY).delete()
    Requirement.objects.get(key=KEY).delete()
    found = take_back(done, edith)
    assert (found.gone, found.texts) == ([KEY], 1)


def test_two_imports_are_undone_one_after_the_other(release, edith):
    first = bring_in(release, {KEY: {"why": "First."}}, edith)
    second = bring_in(release, {KEY: {"why": "Second."}}, edith)
    assert imports.undoing(first).entries == []
    take_back(second, edith)
    assert own(KEY) == {"why": "First."}
    take_back(first, edith)
    assert own(KEY) == {}


# ---- two hundred rows of the shipped standard -------------------------------------------------------------------


@pytest.fixture
def shipped_release(db):
    install(read_shipped(NEWEST))
    return Release.objects.get(standard__key="copc-cx", version="8.0")


def test_two_hundred_rows_come_in_and_go_back_and_nothing_is_left(shipped_release, edith):
    requirements = list(Requirement.objects.of(shipped_release).in_order())[:200]
    for requirement in requirements[::7]:
        edit(requirement.key, why="Before.", target_level=2)
    before = everything()
    texts = {
        requirement.key: {
            "statement": f"{requirement.code} in our words",
            "guidance": f"{requirement.guidance}\nOne more line.",
            "why": "" if number % 7 == 0 else "Ours.",
            "weight": 9,
        }
        for number, requirement in enumerate(requirements)
    }
    done = bring_in(shipped_release, texts, edith)
    assert imports.size(done) == (800, 200)
    assert own(requirements[1].key)["guidance"].endswith("\nOne more line.")
    assert "why" not in own(requirements[7].key)
    found = take_back(done, edith)
    assert (found.texts, found.left, found.gone) == (800, [], [])
    assert everything() == before
