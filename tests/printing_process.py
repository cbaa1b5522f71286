"""What a process of its own does, with a press that obeys: `ask PK TIMES` asks for a PDF, `work` makes them."""

import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from threading import Barrier

from django.core.management import call_command
from django.db import connection

from assessments.models import Assessment
from assessments.printing import jobs, press
from assessments.report import document


def ask(pk, times):
    """Ask for the same PDF from so many threads at once, and wait until it is there.
    Prints what became of it, and how often it was set here."""
    together, count = Barrier(times), []
    made = press.Press.set

    def counted(*args):
        count.append(1)
        return made(*args)

    press.Press.set = counted

    def one(_):
        try:
            assessment = Assessment.objects.with_names().get(pk=pk)
            found = document.build(assessment, as_of=date(2026, 1, 31))
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


def main():
    press.MODULE = "tests.faulty_child"
    if sys.argv[1] == "ask":
        ask(*map(int, sys.argv[2:]))
    else:
        call_command("printreports")
