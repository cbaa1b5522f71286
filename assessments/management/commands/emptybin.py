"""`manage.py emptybin`: deletes for good what was in the bin for 30 days."""

import signal
from threading import Event

from django.core.management import BaseCommand

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
            self.empty(dry_run)
            if not every or stopped.wait(every * 60):
                return

    def empty(self, dry_run):
        """One round. Names no organisation: what is printed here lives longer than it."""
        for organisation in Organisation.objects.past_restoring().order_by("pk"):
            rows = sum(holding.of(organisation).count() for holding in holdings.HOLDINGS)
            if not dry_run:
                bins.delete_for_good(organisation)
            words = "would be deleted" if dry_run else "deleted"
            self.stdout.write(f"Organisation {organisation.pk}: {rows} rows {words}.")
