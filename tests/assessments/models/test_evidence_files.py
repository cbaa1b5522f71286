"""Chains of evidence, races for the same place or the last room, and what a move takes along."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, connection, transaction
from django.db.models import ProtectedError

from assessments.models import Answer, Assessment, Evidence, EvidenceFile, moves
from tests import factories

IN_MEMORY = pytest.mark.skipif(
    connection.vendor == "sqlite", reason="SQLite's tests run in memory, where threads share one lock"
)


@pytest.fixture(autouse=True)
def _store(store):
    return store


@pytest.fixture
def answer(assessment):
    return assessment.answers.in_order().first()


def chain(answer, by, count):
    """Evidence that replaced one another, the newest last."""
    made = [factories.filed(answer, "1.txt", by=by)]
    for number in range(2, count + 1):
        made.append(factories.filed(answer, f"{number}.txt", by=by, replaces=made[-1]))
    return made


# ---- replacing --------------------------------------------------------------------------------------------------


def test_only_the_newest_of_a_chain_is_in_force(answer, bob):
    *_, newest = made = chain(answer, bob, 4)
    assert list(answer.evidence.in_force()) == [newest]
    assert {each.newest for each in made} == {newest}


def test_undoing_goes_back_one_step_after_the_other(answer, bob):
    first, second, third = chain(answer, bob, 3)
    third.undo_replacing(by=bob)
    third.undo_replacing(by=bob)
    assert list(answer.evidence.in_force()) == [second]
    second.undo_replacing(by=bob)
    assert list(answer.evidence.in_force()) == [first]
    third.put_back(by=bob)
    assert list(answer.evidence.in_force()) == [first, third], "on its own, as it replaces nothing any more"


def test_removing_the_newest_brings_back_none_of_the_earlier(answer, bob):
    *_, newest = chain(answer, bob, 3)
    newest.remove(by=bob)
    assert not answer.evidence.in_force().exists()
    newest.put_back(by=bob)
    assert list(answer.evidence.in_force()) == [newest]


def test_what_is_not_the_newest_is_neither_removed_nor_taken_back_nor_replaced(answer, bob):
    _first, second, _third = chain(answer, bob, 3)
    for change in (second.remove, second.undo_replacing):
        with pytest.raises(ValidationError, match="has replaced it"):
            change(by=bob)
    with pytest.raises(ValidationError, match="was replaced meanwhile"):
        factories.filed(answer, by=bob, replaces=second)


def test_what_was_removed_is_not_replaced(answer, bob):
    (only,) = chain(answer, bob, 1)
    only.remove(by=bob)
    with pytest.raises(ValidationError, match="was removed meanwhile"):
        factories.filed(answer, by=bob, replaces=only)


def test_evidence_is_not_replaced_by_that_of_another_requirement(assessment, answer, bob):
    (only,) = chain(answer, bob, 1)
    with pytest.raises(PermissionDenied):
        factories.filed(assessment.answers.in_order().last(), by=bob, replaces=only)


def test_the_database_stores_no_fork_no_ring_and_no_evidence_that_is_nowhere(answer, bob):
    first, second = chain(answer, bob, 2)
    for wrong in (
        lambda: Evidence.objects.create(answer=answer, title="Fork", place="Drive", replaces=first),
        lambda: Evidence.objects.filter(pk=second.pk).update(replaces=second.pk),
        lambda: Evidence.objects.create(answer=answer, title="Nowhere"),
        lambda: EvidenceFile.objects.update(size=0),
        lambda: EvidenceFile.objects.update(kind="html"),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            wrong()


def test_a_file_is_not_deleted_under_the_evidence_that_it_is(answer, bob):
    evidence = factories.filed(answer, by=bob)
    with pytest.raises(ProtectedError):
        evidence.file.delete()


def test_a_chain_goes_with_its_answer(answer, bob):
    chain(answer, bob, 3)
    answer.assessment.answers.filter(pk=answer.pk).delete()
    assert not Evidence.objects.exists()
    assert EvidenceFile.objects.count() == 3, "their bytes are given up by delete_of"


def together(count, work):
    """`work(number)` of so many threads at the same moment: its result, or the sentence it was refused with."""
    start = Barrier(count)

    def one(number):
        start.wait()
        try:
            return work(number)
        except ValidationError as error:
            return error.messages[0]
        finally:
            connection.close()

    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(one, range(count)))


@IN_MEMORY
@pytest.mark.django_db(transaction=True)
def test_of_two_who_replace_the_same_one_at_the_same_moment_one_wins_and_the_other_is_told(
    assessment, bob, store
):
    answer = assessment.answers.in_order().first()
    older = factories.filed(answer, by=bob)

    def replace(number):
        here = Answer.objects.get(pk=answer.pk)
        factories.filed(here, f"{number}.txt", by=bob, replaces=Evidence.objects.get(pk=older.pk))
        return "won"

    said = together(4, replace)
    assert said.count("won") == 1
    assert sum("was replaced meanwhile" in each for each in said) == 3
    assert Evidence.objects.count() == EvidenceFile.objects.count() == 2
    assert len([path for path in store.rglob("*") if path.is_file()]) == 2


# ---- room -------------------------------------------------------------------------------------------------------


@IN_MEMORY
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("limit", "value"), [("EVIDENCE_FILES", 7), ("EVIDENCE_BYTES", 7 * 21 + 20)])
def test_twenty_who_upload_at_the_same_moment_fill_no_more_than_there_is(
    assessment, bob, settings, store, limit, value
):
    setattr(settings, limit, value)
    answer = assessment.answers.in_order().first()

    def upload(number):
        factories.filed(Answer.objects.get(pk=answer.pk), f"{number}.txt", by=bob)
        return "kept"

    said = together(20, upload)
    assert said.count("kept") == 7
    assert all("Nothing was added." in each for each in said if each != "kept")
    assert EvidenceFile.objects.count() == 7
    assert len([path for path in store.rglob("*") if path.is_file()]) == 7


def test_one_organisation_takes_no_room_from_another(answer, bob, charlie, settings):
    settings.EVIDENCE_FILES = 1
    factories.filed(answer, by=bob)
    other = factories.started(factories.SiteFactory())
    factories.filed(other.answers.first(), by=charlie)
    with pytest.raises(ValidationError, match="has no room for what you chose"):
        factories.filed(answer, "More.txt", by=bob)


def test_ten_thousand_small_files_are_counted_in_one_question(answer, bob, django_assert_num_queries):
    organisation = answer.assessment.site.organisation
    EvidenceFile.objects.bulk_create(
        EvidenceFile(organisation=organisation, name="a.txt", stored=str(n), kind="txt", size=3, sha256="")
        for n in range(10_000)
    )
    with django_assert_num_queries(1):
        assert EvidenceFile.objects.used(organisation.pk) == (10_000, 30_000)
    with pytest.raises(ValidationError, match="has no room for what you chose"):
        factories.filed(answer, by=bob)


# ---- moving on --------------------------------------------------------------------------------------------------


def moved(assessment, by):
    release = factories.newer_release()
    return moves.move(Assessment.objects.with_names().get(pk=assessment.pk), release, by=by)


def test_a_move_takes_evidence_along_and_counts_its_file_once(assessment, answer, bob, alice):
    _older, newest = chain(answer, bob, 2)
    gone = factories.filed(answer, "gone.txt", by=bob)
    gone.remove(by=bob)
    successor = moved(assessment, alice)
    (carried,) = Evidence.objects.filter(answer__assessment=successor)
    assert carried.answer.requirement.key == answer.requirement.key
    assert (carried.title, carried.file, carried.added_by) == ("2.txt", newest.file, bob)
    assert (carried.added_at, carried.carried_from) == (newest.added_at, newest)
    assert EvidenceFile.objects.used(assessment.site.organisation_id).files == 3


def test_moving_again_brings_what_is_new_and_nothing_twice(assessment, answer, bob, alice):
    factories.filed(answer, "1.txt", by=bob)
    successor = moved(assessment, alice)
    Evidence.objects.get(answer__assessment=successor).remove(by=bob)
    moves.undo(successor)
    answer = Answer.objects.get(pk=answer.pk)
    factories.filed(answer, "2.txt", by=bob)
    moves.move(Assessment.objects.with_names().get(pk=assessment.pk), successor.release, by=alice)
    there = Evidence.objects.filter(answer__assessment=successor)
    assert list(there.values_list("title", flat=True)) == ["1.txt", "2.txt"]
    assert [each.title for each in there.in_force()] == ["2.txt"], "what was removed there stays removed"
