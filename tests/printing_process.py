"""What a process of its own does, with a press that obeys: `ask PK TIMES` asks for a PDF, `flood PK TIMES` for so many
different ones, `work` makes them."""

import os
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import date
from threading import Barrier, BrokenBarrierError

from django.core.management import call_command
from django.db import connection

from assessments.models import Assessment
from assessments.models.report_jobs import ReportJobQuerySet, TooMany
from assessments.printing import jobs, press
from assessments.report import document
from tests.threads import PATIENCE, patiently


def ask(pk, times):
    """Ask for the same PDF from so many threads at once, and wait until it is there.
    Prints what became of it, and how often it was set here."""
    together, count = Barrier(times, timeout=PATIENCE), []
    made = press.Press.set

    def counted(*args):
        count.append(1)
        return made(*args)

    press.Press.set = counted

    def one(_):
        try:
            assessment = patiently(lambda: Assessment.objects.with_names().get(pk=pk))
            found = patiently(lambda: document.build(assessment, as_of=date(2026, 1, 31)))
            together.wait()
            job = jobs.ask(assessment, found)
            while job.is_open:
                jobs.look_after()
                job.refresh_from_db()
            return f"{job.pk} {job.status}"
        finally:
            connection.close()

    with ThreadPoolExecutor(times) as pool:
        print(*sorted(set(pool.map(one, range(times)))), sep=", ")
    print(len(count))


def flood(pk, times):
    """Ask for so many different PDFs, of which none is made. Each is counted once all are asked for, where the database
    lets them be asked for at once."""
    together, check_room = Barrier(times), ReportJobQuerySet.check_room
    jobs.start = lambda: None

    def checked(*args):
        with suppress(BrokenBarrierError):
            together.wait(1)
        check_room(*args)

    ReportJobQuerySet.check_room = checked

    def one(number):
        try:
            assessment = Assessment.objects.with_names().get(pk=pk)
            found = document.build(assessment, as_of=date(2026, 1, 31), prepared_by=f"{os.getpid()} {number}")
            with suppress(TooMany):
                jobs.ask(assessment, found)
        finally:
            connection.close()

    with ThreadPoolExecutor(times) as pool:
        list(pool.map(one, range(times)))


def main():
    press.MODULE = "tests.faulty_child"
    deeds = {"ask": ask, "flood": flood}
    if sys.argv[1] in deeds:
        deeds[sys.argv[1]](*map(int, sys.argv[2:]))
    else:
        call_command("printreports")
