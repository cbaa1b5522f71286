"""Several people doing something in the same moment, each with a connection of their own."""

import time
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from django.db import OperationalError, connection, connections

PATIENCE = 30  # seconds


def at_once(*works):
    """What each of `works` gives back, or the exception it raises, where all begin together."""
    together = Barrier(len(works), timeout=PATIENCE)

    def begin(work):
        try:
            together.wait()
            return patiently(work)
        except Exception as error:
            return error
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(works)) as pool:
        return list(pool.map(begin, works))


def patiently(work):
    """In the memory in which SQLite's tests run, threads share one cache, whose table locks know no patience; a file has it,
    and so has PostgreSQL."""
    until = time.monotonic() + PATIENCE
    while True:
        try:
            return work()
        except OperationalError as error:
            if connection.vendor != "sqlite" or "locked" not in str(error) or time.monotonic() > until:
                raise
            time.sleep(0.01)
