"""Many processes at one database: each PDF is set once, and a worker that is killed leaves nothing behind.

COPCREADY_KILLS says how many workers are killed, 2 if it says nothing.
"""

import os
import signal
import subprocess
import sys
import time
from contextlib import ExitStack, contextmanager

import pytest
from django.conf import settings

from assessments.models import ReportJob, ReportSource
from tests.faulty_child import WAIT
from tests.printing_process import COMMAND

KILLS = int(os.environ.get("COPCREADY_KILLS", 2))
pytestmark = pytest.mark.django_db(transaction=True)


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


def status(shared):
    return shared.run("SELECT status, attempts FROM assessments_reportjob")[0]


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
            until(30, lambda begun=begun: status(shared) == begun)
            worker.send_signal(signal.SIGKILL)
            worker.wait(10)
        # As if the time had passed after which it counts as lost, and as if it was the first to be.
        shared.run("UPDATE assessments_reportjob SET beat_at = '2026-01-01 00:00:00+00:00', attempts = 1")
    free.touch()
    with process(shared.address, "work"):
        until(30, lambda: status(shared)[0] == "done")
    assert status(shared) == ("done", 2)


def test_a_worker_that_is_asked_to_stop_gives_back_what_it_began(share, assessment, tmp_path):
    asked(assessment, tmp_path / "never")
    shared = share()
    with process(shared.address, "work") as worker:
        until(30, lambda: status(shared)[0] == "working")
        assert len(shared.run("SELECT name FROM assessments_reportworker")) == 1
        worker.terminate()
        worker.wait(10)
    assert status(shared) == ("waiting", 0)
    assert shared.run("SELECT name FROM assessments_reportworker") == []


def asked(assessment, file):
    """A job whose PDF is not set before `file` is there."""
    job = ReportJob.objects.create(assessment=assessment, key="k", name="Gap report")
    ReportSource.objects.create(job=job, document=f"{WAIT}{file}", options="{}")
