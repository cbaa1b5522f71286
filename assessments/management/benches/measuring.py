"""What a bench is, and how its rounds are taken."""

import os
import time
from dataclasses import dataclass, field
from statistics import median

from django.db import connection
from django.test.utils import CaptureQueriesContext

TRANSACTION_WORDS = ("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE")


@dataclass
class Floor:
    """`limit`: ours may cost at most this many times the floor; None where it is only shown."""

    name: str
    run: callable
    limit: float | None = None


@dataclass
class Bench:
    name: str
    run: callable
    rounds: int
    queries: int | None = None
    floors: list[Floor] = field(default_factory=list)
    note: str = ""


def cpu(run):
    """Milliseconds of CPU, children included."""
    before = time.process_time() + sum(os.times()[2:4])
    run()
    return 1000 * (time.process_time() + sum(os.times()[2:4]) - before)


def statements(run):
    with CaptureQueriesContext(connection) as captured:
        run()
    return sum(not query["sql"].startswith(TRANSACTION_WORDS) for query in captured.captured_queries)


def measure(bench, rounds):
    """Interleaved rounds after one warm-up; ratios of medians."""
    queries = statements(bench.run)
    for floor in bench.floors:
        floor.run()
    ours, theirs = [], [[] for _ in bench.floors]
    for _ in range(rounds or bench.rounds):
        ours.append(cpu(bench.run))
        for figures, floor in zip(theirs, bench.floors, strict=True):
            figures.append(cpu(floor.run))
    ms = median(ours)
    floors = [
        {"name": floor.name, "ms": median(figures), "ratio": ms / median(figures), "limit": floor.limit}
        for floor, figures in zip(bench.floors, theirs, strict=True)
    ]
    missed = [f"{f['ratio']:.2f} x {f['name']}" for f in floors if f["limit"] and f["ratio"] > f["limit"]]
    if bench.queries is not None and queries > bench.queries:
        missed.append(f"{queries} queries")
    return {
        "name": bench.name,
        "queries": queries,
        "query_limit": bench.queries,
        "ms": ms,
        "of": "CPU",
        "note": bench.note,
        "floors": floors,
        "missed": missed,
    }
