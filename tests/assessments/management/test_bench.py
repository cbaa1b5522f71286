"""What `bench` compares is comparable, and it says what it can measure."""

import os
import re
import subprocess
import sys

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse

from assessments.management.benches import cold, latency
from assessments.management.benches.hostile import Ordeal, told
from assessments.management.benches.measuring import Bench, Floor, measure

CONTROLS = r"<(?:select|option|textarea|input|label|td|th)\b"


def test_an_unknown_name_is_answered_with_the_ones_there_are():
    with pytest.raises(
        CommandError,
        match=r"Choose from: save, item, grid, start, results, report, workbook, cold, hostile, all\.",
    ):
        call_command("bench", "everything")


def test_the_floor_of_the_grid_draws_the_same_controls_row_by_row(settings, sign_in, bob, assessment):
    settings.ROOT_URLCONF = "assessments.management.floors"
    first, second = assessment.answers.in_order()[:2]
    first.record_choice("na", by=bob, version=0, reason="elsewhere")
    second.record_note("Since May.", by=bob, version=0)
    client = sign_in(bob)
    drawn = [
        re.findall(r'<tr class="req".*?</tr>', client.get(reverse(name, args=[assessment.pk, "PR"])).content.decode(), re.DOTALL)
        for name in ("grid", "floor-grid")
    ]  # fmt: skip
    assert len(drawn[0]) == len(drawn[1]) == 8
    for ours, plain in zip(*drawn, strict=True):
        assert re.findall(CONTROLS, ours) == re.findall(CONTROLS, plain)
        assert ours.count(" selected") == plain.count(" selected")
        assert len(ours) == pytest.approx(len(plain), rel=0.05)


@pytest.mark.django_db
def test_a_ratio_above_its_limit_is_named():
    floor = Floor("nothing at all", lambda: sum(range(10)), 0.001)
    figure = measure(Bench("much", lambda: sum(range(100_000)), rounds=3, floors=[floor]), None)
    assert len(figure["missed"]) == 1
    assert figure["missed"][0].endswith("x nothing at all")


@pytest.mark.parametrize(("busy", "missed"), [(30.0, []), (31.0, ["3.10 x the same page on an idle server"])])
def test_a_page_may_take_three_times_as_long_while_reports_are_made(busy, missed):
    figure = latency.figure(idle=10.0, busy=busy, took=2000.0, kept=20.0, reports=3)
    assert figure["missed"] == missed
    assert figure["note"] == "a report is made in 2,000 ms and served again in 20 ms"


def faults(seconds=10, megabytes=1000, **trials):
    return told(Ordeal("texts", list(trials.items()), seconds, megabytes))["missed"]


def test_a_text_that_ends_the_process_fails_or_makes_no_pdf_is_named():
    assert faults(well=lambda: True) == []
    assert faults(crash=lambda: os._exit(3)) == ["crash: ended the process, exit code 3"]
    assert faults(error=lambda: 1 / 0) == ["error: ZeroDivisionError: division by zero"]
    assert faults(nothing=lambda: False) == ["nothing: is no PDF"]


def test_so_is_one_that_takes_too_long_or_too_much():
    assert faults(seconds=0.001, slow=lambda: sum(range(3_000_000)))[0].startswith("slow: took 0.")
    assert faults(megabytes=1, large=lambda: True)[0].startswith("large: took ")


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_memory_counts_what_a_child_starts():
    script = "import subprocess, sys; subprocess.run([sys.executable, '-c', 'input()'])"
    with subprocess.Popen([sys.executable, "-c", script], stdin=subprocess.PIPE) as process:
        while len(found := cold.descendants(process.pid)) < 1:
            pass
        assert all(cold.memory_of(pid) > 0 for pid in [process.pid, *found])
        process.communicate(b"\n")


def test_more_memory_than_its_share_is_missed():
    figure = cold.figure(cold.Cost(1200, 200, 300), cold.Cost(1000, 300, 900))
    assert figure["missed"] == ["0.67 x Chromium in memory: 200 and 300 MB (at most 0.33)"]
