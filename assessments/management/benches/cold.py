"""A report made by a process of its own, import included, beside Chromium printing the same HTML: CPU, memory, size of the
file without the data it carries. Both are counted with every process they start."""

import os
import subprocess
import sys
import tempfile
import time
import zlib
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from statistics import median

from django.conf import settings
from django.core.management import CommandError

from assessments.management.benches import reports
from assessments.models import Assessment
from assessments.report import document, plain

CPU, MEMORY, SIZE = 1.2, 1 / 3, 1 / 3  # of Chromium's, at most
ROUNDS = 3
LOOK = 0.02  # seconds between two looks at the memory

MAKE = """
import json, sys
from pathlib import Path
import django
django.setup()
from assessments.report import document, pdf, plain
found = plain.revived(document.Document, json.loads(Path(sys.argv[1]).read_text()))
Path(sys.argv[2]).write_bytes(pdf.render(found))
"""


@dataclass(frozen=True)
class Cost:
    """CPU in milliseconds, the most memory at once in megabytes, the file in kilobytes."""

    cpu: float
    memory: float
    size: float


def cold(scratch):
    """The figures of both as `bench` prints them."""
    from assessments.report import pdf

    chromium = reports.find_chromium()
    if not (chromium and pdf.available()[0] and sys.platform == "linux"):
        raise CommandError("This is measured on Linux, where Chromium and Pango are installed.")
    reports.count_orphans()
    assessment = Assessment.objects.with_names().get(pk=scratch.assessments[0].pk)
    found = document.build(assessment, date(2026, 1, 31), "Bench", with_sites=True)
    ours, theirs = [], []
    with tempfile.TemporaryDirectory() as folder:
        for _ in range(ROUNDS):
            ours.append(made_here(found, Path(folder)))
            theirs.append(printed_by(chromium, pdf.html(found)))
    return figure(middle(ours), middle(theirs))


def made_here(found, folder):
    kept, file = folder / "document.json", folder / "report.pdf"
    kept.write_text(plain.as_text(found), encoding="utf-8")
    command = [sys.executable, "-c", MAKE, str(kept), str(file)]
    cpu, memory = watched(command, os.environ | {"DJANGO_SETTINGS_MODULE": "copcready.settings"})
    return Cost(cpu, memory, (file.stat().st_size - carried(found)) / 1000)


def carried(found):
    """Bytes of the data inside, which Chromium's file does not have."""
    from assessments.report import pdf

    return sum(len(zlib.compress(content)) for _, _, content in pdf.attachments(found))


def printed_by(chromium, html):
    with tempfile.TemporaryDirectory() as folder:
        command, file = reports.printing(chromium, html, Path(folder))
        cpu, memory = watched(command, os.environ)
        return Cost(cpu, memory, file.stat().st_size / 1000)


def watched(command, environment):
    """(milliseconds of CPU, megabytes at once) of `command` and all that it starts."""
    before, peak = sum(os.times()[2:4]), 0
    with subprocess.Popen(  # noqa: S603 - our own interpreter, or the browser found
        command, env=environment, cwd=settings.BASE_DIR, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as process:
        while process.poll() is None:
            peak = max(peak, sum(map(memory_of, descendants(os.getpid()))))
            time.sleep(LOOK)
    if process.returncode:
        raise CommandError(f"{command[0]} ended with {process.returncode}: nothing can be measured.")
    reports.wait_for_orphans()
    return 1000 * (sum(os.times()[2:4]) - before), peak / 1e6


def descendants(ancestor):
    """The processes below `ancestor`, which takes in orphans."""
    parents = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            parents[int(stat.parent.name)] = int(stat.read_text().rsplit(")", 1)[1].split()[1])
    found = {ancestor}
    while grown := {pid for pid, parent in parents.items() if parent in found} - found:
        found |= grown
    return found - {ancestor}


def memory_of(pid):
    """Bytes of the process, each page that several share counted once between them."""
    with suppress(OSError, StopIteration):
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
        return 1024 * int(next(line for line in lines if line.startswith("Pss:")).split()[1])
    return 0


def middle(costs):
    return Cost(*(median(getattr(cost, name) for cost in costs) for name in ("cpu", "memory", "size")))


def figure(ours, theirs):
    rows = [
        ("CPU", "ms", ours.cpu, theirs.cpu, CPU),
        ("memory", "MB", ours.memory, theirs.memory, MEMORY),
        ("file", "kB", ours.size, theirs.size, SIZE),
    ]
    lines = [
        f"{mine / other:.2f} x Chromium in {name}: {mine:.0f} and {other:.0f} {unit} (at most {limit:.2f})"
        for name, unit, mine, other, limit in rows
    ]
    return {
        "name": "cold",
        "note": "a report by a process of its own",
        "lines": lines,
        "missed": [line for line, row in zip(lines, rows, strict=True) if row[2] > row[3] * row[4]],
    }
