"""Every hostile text alone, in a process of its own: how long it takes and how much memory, and whether the process lives."""

import multiprocessing
import resource
import sys
import time
from dataclasses import dataclass
from datetime import date

from assessments.management.benches.payloads import NAME, NOTE, PAYLOADS, repeated, written
from assessments.models import Assessment
from assessments.report import document

PATIENCE = 100  # seconds on the clock
MAXRSS = 1 if sys.platform == "darwin" else 1024  # bytes in a unit of ru_maxrss


@dataclass
class Ordeal:
    """Things to survive one by one: (name, what to run), each within so many seconds of CPU and megabytes of memory."""

    name: str
    trials: list
    seconds: float
    megabytes: float


@dataclass
class Outcome:
    """What became of one trial; `fault` is a sentence, empty where it went well."""

    name: str
    seconds: float = 0
    megabytes: float = 0
    fault: str = ""


def hostile(scratch):
    """One report for every text, in twelve notes as long as a note may be, and in every name."""
    from assessments.report import pdf

    scratch.requirements = 12
    assessment = Assessment.objects.with_names().get(pk=scratch.start("Hostile").pk)
    plain = document.build(assessment, date(2026, 1, 31), "Bench", with_sites=True)
    made = len(pdf.render(plain))  # fonts and styles are read once, as in a worker that is warm

    def trial(text):
        found = written(plain, [repeated(text, NOTE)], name=repeated(text, NAME))
        return lambda: pdf.render(found)[:5] == b"%PDF-" and made

    return told(Ordeal("hostile", [(name, trial(text)) for name, text in PAYLOADS.items()], 10, 1000))


def endure(ordeal):
    """Every `Outcome` of `ordeal`, the slowest first."""
    outcomes = [alone(name, run, ordeal) for name, run in ordeal.trials]
    return sorted(outcomes, key=lambda outcome: -outcome.seconds)


def told(ordeal):
    """The figures of `ordeal` as `bench` prints them."""
    outcomes = endure(ordeal)
    return {
        "name": ordeal.name,
        "note": f"{len(outcomes)} texts, each alone",
        "lines": [f"{each.seconds:6.2f} s {each.megabytes:5.0f} MB  {each.name}" for each in outcomes],
        "missed": [f"{each.name}: {each.fault}" for each in outcomes if each.fault],
    }


def alone(name, run, ordeal):
    """`run` in a process of its own, so that memory counts from nothing and a crash ends only that."""
    forked = multiprocessing.get_context("fork")
    inbox, outbox = forked.Pipe(duplex=False)
    child = forked.Process(target=_report, args=(run, outbox))
    child.start()
    outbox.close()
    child.join(PATIENCE)
    if child.is_alive():
        child.kill()
        child.join()
        return Outcome(name, PATIENCE, fault="did not end")
    try:
        outcome = Outcome(name, *inbox.recv())
    except EOFError:
        return Outcome(name, fault=f"ended the process, exit code {child.exitcode}")
    if not outcome.fault and outcome.seconds > ordeal.seconds:
        outcome.fault = f"took {outcome.seconds:.1f} s"
    if not outcome.fault and outcome.megabytes > ordeal.megabytes:
        outcome.fault = f"took {outcome.megabytes:.0f} MB"
    return outcome


def _report(run, outbox):
    before = time.process_time()
    try:
        fault = "" if run() else "is no PDF"
    except Exception as error:  # whatever it is, it is what the bench has to say
        fault = f"{type(error).__name__}: {error}"
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * MAXRSS
    outbox.send((time.process_time() - before, peak / 1e6, fault))
