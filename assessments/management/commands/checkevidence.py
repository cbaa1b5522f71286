"""`manage.py checkevidence`: are all evidence files in the store, and is nothing else in it?"""

from datetime import timedelta
from hashlib import sha256

from django.core.management import BaseCommand, CommandError
from django.utils import timezone

from assessments.models import EvidenceFile, evidence_store

CHUNK = 1024 * 1024  # bytes
BEING_WRITTEN = timedelta(hours=1)  # a file is in the store a moment before its row is in the database


class Command(BaseCommand):
    help = (
        "Reads every evidence file in the store and compares its size and its SHA-256 with what the database says, then lists "
        "what is in the store and belongs to no evidence. Exits with 1 if a file is missing or differs."
    )

    def add_arguments(self, parser):
        parser.add_argument(
            "--remove-orphans",
            action="store_true",
            help="delete what belongs to no evidence and is older than an hour",
        )

    def handle(self, *, remove_orphans, **options):
        try:
            wrong = self.check_files()
            self.check_store(remove_orphans)
        except evidence_store.Unreachable:
            raise CommandError("The store of evidence files does not answer.") from None
        if wrong:
            raise SystemExit(1)

    def check_files(self):
        """How many files are missing or differ; each gets a line."""
        files = wrong = 0
        for file in EvidenceFile.objects.select_related("organisation").iterator(chunk_size=200):
            files += 1
            trouble = trouble_with(file)
            if trouble:
                wrong += 1
                self.stdout.write(f"File {file.pk}, {file.name} of {file.organisation}: {trouble}")
        self.stdout.write(f"{files} files checked, {wrong} wrong.")
        return wrong

    def check_store(self, remove_orphans):
        known = set(EvidenceFile.objects.values_list("stored", flat=True))
        before = timezone.now() - BEING_WRITTEN
        strangers = [name for name in evidence_store.every() if name not in known]
        orphans = [name for name in strangers if evidence_store.changed_at(name) < before]
        for name in orphans:
            if remove_orphans:
                evidence_store.remove(name)
            self.stdout.write(f"{name}: belongs to no evidence{', removed' if remove_orphans else ''}.")
        kept = "" if remove_orphans or not orphans else " --remove-orphans deletes them."
        self.stdout.write(f"{len(orphans)} in the store belong to no evidence.{kept}")


def trouble_with(file):
    """A sentence about what is wrong with the stored bytes, or nothing."""
    found, size = sha256(), 0
    try:
        with file.open() as content:
            while chunk := content.read(CHUNK):
                found.update(chunk)
                size += len(chunk)
    except evidence_store.Missing:
        return "it is not in the store."
    if size != file.size:
        return f"it has {size} bytes in the store, and {file.size} were uploaded."
    if found.hexdigest() != file.sha256:
        return "its bytes are not those that were uploaded."
    return ""
