"""`manage.py sendnotices`: one e-mail to everybody for whom something waits."""

import signal
from datetime import timedelta
from threading import Event

from django.core.management import BaseCommand
from django.utils import timezone

from assessments import digests
from assessments.models import Notice, User


class Command(BaseCommand):
    help = "Sends what waits as one e-mail a person. Safe to run twice at once: nothing is sent twice."

    def add_arguments(self, parser):
        parser.add_argument(
            "--older-than",
            type=int,
            default=10,
            metavar="MINUTES",
            help="leave out what is younger, so that an hour of work is one e-mail (default: 10)",
        )
        parser.add_argument(
            "--every", type=int, metavar="MINUTES", help="do it again and again until stopped"
        )

    def handle(self, *, older_than, every, **options):
        stopped = Event()
        if every:
            for name in (signal.SIGTERM, signal.SIGINT):
                signal.signal(name, lambda *_: stopped.set())
        while True:
            failures = self.send(timedelta(minutes=older_than))
            if not every:
                break
            if stopped.wait(every * 60):
                return
        if failures:
            raise SystemExit(1)

    def send(self, older_than):
        """One round; the sentences of what could not be sent."""
        at, failures = timezone.now(), []
        due = Notice.objects.due(at, older_than)
        for user in User.objects.filter(pk__in=due.values("user")).order_by("pk"):
            try:
                count = digests.send(user, due, at)
            except OSError as error:  # smtplib's errors are these: the next person may be luckier
                failures.append(digests.failed(user, error))
                self.stderr.write(failures[-1])
            else:
                if count:
                    self.stdout.write(f"{user.email}: {count}")
        return failures
