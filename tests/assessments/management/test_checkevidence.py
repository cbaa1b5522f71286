"""`manage.py checkevidence` finds every file that is missing or other, and what nothing refers to."""

import os
import time
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from assessments.models import EvidenceFile
from tests import factories


@pytest.fixture
def filed(assessment, alice, store):
    return factories.filed(assessment.answers.first(), by=alice)


def check(*arguments):
    """(exit status, what it printed)"""
    out = StringIO()
    try:
        call_command("checkevidence", *arguments, stdout=out)
    except SystemExit as end:
        return end.code, out.getvalue()
    return 0, out.getvalue()


def path_of(filed, store):
    return store / filed.file.stored


def test_whole_files_are_found_whole(filed):
    assert check() == (0, "1 files checked, 0 wrong.\n0 in the store belong to no evidence.\n")


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (lambda path: path.unlink(), "it is not in the store."),
        (lambda path: path.write_bytes(b"x"), "it has 1 bytes in the store, and 21 were uploaded."),
        (
            lambda path: path.write_bytes(b"minutes of the review"),
            "its bytes are not those that were uploaded.",
        ),
    ],
)
def test_a_file_that_is_not_what_was_uploaded_is_named(filed, store, spoil, words):
    spoil(path_of(filed, store))
    status, said = check()
    assert status == 1
    assert f"File {filed.file.pk}, Pack.txt of Acme: {words}" in said


def test_what_belongs_to_nothing_is_listed_and_removed_only_where_it_is_asked_for(filed, store):
    folder = path_of(filed, store).parent
    old, new = folder / ("0" * 32), folder / ("1" * 32)
    for path in (old, new):
        path.write_bytes(b"left over")
    os.utime(old, (time.time() - 7200,) * 2)
    status, said = check()
    assert status == 0
    assert f"{folder.name}/{old.name}: belongs to no evidence." in said
    assert new.name not in said, "it may be on its way into the database"
    assert old.exists()
    check("--remove-orphans")
    assert not old.exists()
    assert new.exists()
    assert path_of(filed, store).exists()


def test_a_store_that_does_not_answer_is_said(filed, monkeypatch):
    def fail(*args, **kwargs):
        raise OSError("planted")

    monkeypatch.setattr("django.core.files.storage.FileSystemStorage.open", fail)
    with pytest.raises(CommandError, match="does not answer"):
        check()


@pytest.mark.django_db(transaction=True)
def test_deleting_the_files_of_an_organisation_takes_its_bytes_and_nobody_elses(
    filed, store, acme, charlie, ship
):
    other = factories.started(factories.SiteFactory())
    kept = factories.filed(other.answers.first(), by=charlie)
    path = path_of(filed, store)
    filed.delete()
    EvidenceFile.objects.delete_of(acme)
    assert not path.exists()
    assert EvidenceFile.objects.get() == kept.file
    assert path_of(kept, store).exists()
