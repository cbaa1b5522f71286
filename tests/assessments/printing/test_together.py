"""Many processes at one database: each PDF is set once, and a worker that is killed leaves nothing behind.

COPCREADY_KILLS says how many workers are killed, 2 if it says nothing.
"""

import os
import signal
import time
from contextlib import ExitStack

import pytest

from assessments.models import ReportJob, ReportSource
from tests import together
from tests.faulty_child import WAIT

KILLS = int(os.environ.get("COPCREADY_KILLS", 2))
pytestmark = pytest.mark.django_db(transaction=True)


def process(address, *args):
    return together.process(address, "printing_process", *args)


def status(shared):
    return shared.run("SELECT status, attempts FROM assessments_reportjob")[0]


def until(seconds, true):
    ends = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < ends, "it did not come about"
        time.sleep(0.05)


def test_twenty_who_ask_in_four_processes_have_it_set_once(share, assessment):
    at = share()
    with ExitStack() as stack:
        askers = [stack.enter_context(process(at.address, "ask", assessment.pk, 5)) for _ in range(4)]
        said = [each.communicate(timeout=60)[0].split("\n") for each in askers]
    ((pk, status, attempts),) = at.run("SELECT id, status, attempts FROM assessments_reportjob")
    assert {job for job, *_ in said} == {f"{pk} done"}
    assert sum(int(count) for _, count, *_ in said) == 1
    assert (status, attempts) == ("done", 1)


def test_twenty_different_ones_at_once_are_no_more_than_one_after_the_other(share, assessment):
    at = share()
    with process(at.address, "flood", assessment.pk, 20) as flood:
        assert flood.wait(60) == 0
    assert at.run("SELECT count(*) FROM assessments_reportjob") == [(5,)]


def test_a_worker_killed_at_work_leaves_nothing_undone(share, assessment, tmp_path):
    free = tmp_path / "free"
    asked(assessment, free)
    at = share()
    for number in range(KILLS):
        with process(at.address, "work") as worker:
            begun = ("working", 2 if number else 1)
            until(30, lambda begun=begun: status(at) == begun)
            worker.send_signal(signal.SIGKILL)
            worker.wait(10)
        # As if the time had passed after which it counts as lost, and as if it was the first to be.
        at.run("UPDATE assessments_reportjob SET beat_at = '2026-01-01 00:00:00+00:00', attempts = 1")
    free.touch()
    with process(at.address, "work"):
        until(30, lambda: status(at)[0] == "done")
    assert status(at) == ("done", 2)


def test_a_worker_that_is_asked_to_stop_gives_back_what_it_began(share, assessment, tmp_path):
    asked(assessment, tmp_path / "never")
    at = share()
    with process(at.address, "work") as worker:
        until(30, lambda: status(at)[0] == "working")
        assert len(at.run("SELECT name FROM assessments_reportworker")) == 1
        worker.terminate()
        worker.wait(10)
    assert status(at) == ("waiting", 0)
    assert at.run("SELECT name FROM assessments_reportworker") == []


def asked(assessment, file):
    """A job whose PDF is not set before `file` is there."""
    job = ReportJob.objects.create(assessment=assessment, key="k", name="Gap report")
    ReportSource.objects.create(job=job, document=f"{WAIT}{file}", options="{}")
