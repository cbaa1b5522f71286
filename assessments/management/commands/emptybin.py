"""`manage.py emptybin`: deletes for good what was in the bin for 30 days."""

import signal
from threading import Event

from django.core.management import BaseCommand
from django.db import DatabaseError, connections

from assessments.models import Organisation, bins, holdings


class Command(BaseCommand):
    help = "Deletes for good the organisations that were deleted more than 30 days ago. Killed half-way, run it again."

    def add_arguments(self, parser):
        parser.add_argument("--dry-run", action="store_true", help="only say what would be deleted")
        parser.add_argument(
            "--every", type=int, metavar="MINUTES", help="do it again and again until stopped"
        )

    def handle(self, *, dry_run, every, **options):
        stopped = Event()
        if every:
            for name in (signal.SIGTERM, signal.SIGINT):
                signal.signal(name, lambda *_: stopped.set())
        while True:
            failed = self.empty(dry_run)
            if not every:
                break
            connections.close_all()  # none outlives a long sleep
            if stopped.wait(every * 60):
                return
        if failed:
            raise SystemExit(1)

    def empty(self, dry_run):
        """One round; how many could not be deleted. Names no organisation: what is printed here lives longer than it."""
        failed = 0
        for organisation in Organisation.objects.past_restoring().order_by("pk"):
            rows = sum(holding.of(organisation).count() for holding in holdings.HOLDINGS)
            try:
                if not dry_run:
                    bins.delete_for_good(organisation)
            except (
                DatabaseError,
                OSError,
            ) as error:  # the others are deleted, and this one in the next round
                failed += 1
                self.stderr.write(f"Organisation {organisation.pk} is not deleted yet: {error}")
            else:
                words = "would be deleted" if dry_run else "deleted"
                self.stdout.write(f"Organisation {organisation.pk}: {rows} rows {words}.")
        return failed
