"""Many processes at one database: each PDF is set once, and a worker that is killed leaves nothing behind.

COPCREADY_KILLS says how many workers are killed, 2 if it says nothing.
"""

import os
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass

import pytest
from django.conf import settings
from django.db import connection

from assessments.models import ReportJob, ReportSource
from tests.faulty_child import WAIT
from tests.printing_process import COMMAND

KILLS = int(os.environ.get("COPCREADY_KILLS", 2))
pytestmark = pytest.mark.django_db(transaction=True)


@dataclass
class Shared:
    """A database that other processes can open. `run` reads and changes it with plain SQL."""

    address: str
    run: callable

    def status(self):
        return self.run("SELECT status, attempts FROM assessments_reportjob")[0]


@pytest.fixture
def share(tmp_path):
    """`share()`: what is in the tests' database by then, for others. On SQLite that one lives in memory; a copy is made."""
    file = tmp_path / "shared.sqlite3"

    def in_file(sql):
        with closing(sqlite3.connect(file, timeout=20)) as link, link:
            return link.execute(sql).fetchall()

    def in_place(sql):
        with connection.cursor() as cursor:
            cursor.execute(sql)
            return cursor.fetchall() if cursor.description else []

    def now():
        if connection.vendor != "sqlite":
            its = connection.settings_dict
            return Shared(
                f"postgres://{its['USER']}:{its['PASSWORD']}@{its['HOST']}:{its['PORT']}/{its['NAME']}",
                in_place,
            )
        with closing(sqlite3.connect(file)) as copy:
            connection.connection.backup(copy)
        return Shared(f"sqlite:///{file}", in_file)

    return now


@contextmanager
def process(address, *args):
    environment = os.environ | {
        "DATABASE_URL": address,
        "DJANGO_SETTINGS_MODULE": "copcready.settings",
        "COPCREADY_SECRET_KEY": settings.SECRET_KEY,
    }
    command = [sys.executable, "-c", COMMAND, *map(str, args)]
    with subprocess.Popen(
        command, cwd=settings.BASE_DIR, env=environment, stdout=subprocess.PIPE, text=True
    ) as made:
        try:
            yield made
        finally:
            made.kill()


def until(seconds, true):
    ends = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < ends, "it did not come about"
        time.sleep(0.05)


def test_twenty_who_ask_in_four_processes_have_it_set_once(share, assessment):
    shared = share()
    with ExitStack() as stack:
        askers = [stack.enter_context(process(shared.address, "ask", assessment.pk, 5)) for _ in range(4)]
        said = [each.communicate(timeout=60)[0].split("\n") for each in askers]
    ((pk, status, attempts),) = shared.run("SELECT id, status, attempts FROM assessments_reportjob")
    assert {job for job, *_ in said} == {f"{pk} done"}
    assert sum(int(count) for _, count, *_ in said) == 1
    assert (status, attempts) == ("done", 1)


def test_a_worker_killed_at_work_leaves_nothing_undone(share, assessment, tmp_path):
    free = tmp_path / "free"
    asked(assessment, free)
    shared = share()
    for number in range(KILLS):
        with process(shared.address, "work") as worker:
            begun = ("working", 2 if number else 1)
            until(30, lambda begun=begun: shared.status() == begun)
            worker.send_signal(signal.SIGKILL)
            worker.wait(10)
        # As if the time had passed after which it counts as lost, and as if it was the first to be.
        shared.run("UPDATE assessments_reportjob SET beat_at = '2026-01-01 00:00:00+00:00', attempts = 1")
    free.touch()
    with process(shared.address, "work"):
        until(30, lambda: shared.status()[0] == "done")
    assert shared.status() == ("done", 2)


def test_a_worker_that_is_asked_to_stop_gives_back_what_it_began(share, assessment, tmp_path):
    asked(assessment, tmp_path / "never")
    shared = share()
    with process(shared.address, "work") as worker:
        until(30, lambda: shared.status()[0] == "working")
        assert len(shared.run("SELECT name FROM assessments_reportworker")) == 1
        worker.terminate()
        worker.wait(10)
    assert shared.status() == ("waiting", 0)
    assert shared.run("SELECT name FROM assessments_reportworker") == []


def asked(assessment, file):
    """A job whose PDF is not set before `file` is there."""
    job = ReportJob.objects.create(assessment=assessment, key="k", name="Gap report")
    ReportSource.objects.create(job=job, document=f"{WAIT}{file}", options="{}")
