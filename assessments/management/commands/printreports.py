"""`manage.py printreports`: makes the PDFs that people ask for, beside the pages, until it is stopped."""

import logging
import os
import socket
import time
from datetime import timedelta
from threading import Event, Thread

from django.core.management import BaseCommand
from django.db import DatabaseError, connection
from django.utils import timezone
from django_tasks_db.management.commands.db_worker import Worker
from django_tasks_db.models import DBTaskResult

from assessments.models import ReportWorker
from assessments.printing import jobs, press
from assessments.printing.tasks import print_waiting

QUEUE = "reports"
LOOK = 0.5  # seconds between two looks for work
BEAT = 5  # seconds between two signs of life
PAUSE = 2  # seconds after the database was away
OLD = timedelta(days=1)
log = logging.getLogger("copcready.printing")


class Printer(Worker):
    """The worker of the tasks library, which gives back a PDF it has begun instead of finishing it first."""

    def shutdown(self, number, frame):
        press.ours().stop()
        super().shutdown(number, frame)


class Command(BaseCommand):
    help = "Makes the PDFs that people ask for. Any number of these may run, on any number of machines."

    def add_arguments(self, parser):
        parser.add_argument("--batch", action="store_true", help="make what waits, then end")

    def handle(self, *, batch, **options):
        name = f"{socket.gethostname()[:60]}:{os.getpid()}"
        ended = Event()
        forget_old_tasks()
        sign_of_life(name)
        Thread(target=keep_beating, args=[name, ended], daemon=True).start()
        printer = Printer(
            queue_names=[QUEUE],
            excluded_queue_names=[],
            interval=LOOK,
            batch=batch,
            backend_name="default",
            startup_delay=False,
            max_tasks=None,
            worker_id=name,
        )
        printer.configure_signals()
        try:
            work(printer)
        finally:
            ended.set()
            ReportWorker.objects.filter(name=name).delete()


def forget_old_tasks():
    """A task says only that something waits, so one of yesterday, done or dropped, says nothing."""
    DBTaskResult.objects.filter(queue_name=QUEUE, enqueued_at__lt=timezone.now() - OLD).delete()


def work(printer):
    """Until stopped. A database that is away for a moment, as while it is started again, ends nothing."""
    while printer.running:
        try:
            return printer.run()
        except DatabaseError:
            log.exception("The database does not answer; trying again")
            connection.close()
            time.sleep(PAUSE)
    return None


def keep_beating(name, ended):
    while not ended.wait(BEAT):
        try:
            sign_of_life(name)
        except DatabaseError:
            log.exception("No sign of life could be given")
            connection.close()


def sign_of_life(name):
    """Say that this worker is there, and take up what another one has dropped."""
    ReportWorker.objects.beat(name)
    if jobs.look_after():
        print_waiting.enqueue()
