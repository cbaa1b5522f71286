"""How long a page takes while reports are made, in processes of their own as in use: a server and a worker."""

import os
import socket
import sqlite3
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack, closing, contextmanager, suppress
from statistics import median
from urllib.error import HTTPError, URLError
from urllib.request import Request, build_opener

from django.conf import settings
from django.core.management import CommandError
from django.db import connection
from django.urls import reverse

IDLE = 100  # requests before the first report
LIMIT = 3  # times the latency of an idle server
PATIENCE = 120  # seconds in which three reports have to be there


def pages(scratch):
    """The median time of a page on an idle server and while three reports are made, and of a report made before."""
    with ExitStack() as stack:
        address = stack.enter_context(database())
        server = stack.enter_context(Server(address))
        browser = Browser(server.url, scratch.client.cookies[settings.SESSION_COOKIE_NAME].value)
        page = reverse("assessment", args=[scratch.assessments[0].pk])
        reports = [reverse("report", args=[each.pk]) for each in scratch.assessments[:3]]
        browser.get(page)
        idle = [browser.timed(page) for _ in range(IDLE)]
        began = time.monotonic()
        jobs = [browser.get(report).url for report in reports]
        busy = meanwhile(browser, page, jobs)
        took = (time.monotonic() - began) * 1000 / len(jobs)
        kept = median(browser.timed(report) for report in reports * 3)
    return figure(median(idle), median(busy), took, kept, len(jobs))


def meanwhile(browser, page, jobs):
    """Milliseconds of each request of `page` until every one of `jobs` has its file."""
    times, ends = [], time.monotonic() + PATIENCE
    while not all(browser.is_there(job + "report.pdf") for job in jobs):
        if time.monotonic() > ends:
            raise CommandError("The reports did not get done: nothing can be measured.")
        times += [browser.timed(page) for _ in range(5)]
    return times


def figure(idle, busy, took, kept, reports):
    """As `measuring.measure` gives them, in milliseconds on the clock."""
    floor = {"name": "the same page on an idle server", "ms": idle, "ratio": busy / idle, "limit": LIMIT}
    return {
        "name": f"page while {reports} reports are made",
        "queries": 0,
        "query_limit": None,
        "ms": busy,
        "of": "on the clock",
        "note": f"a report is made in {took:,.0f} ms and served again in {kept:,.0f} ms",
        "floors": [floor],
        "missed": [f"{floor['ratio']:.2f} x {floor['name']}"] if floor["ratio"] > LIMIT else [],
    }


@contextmanager
def database():
    """The address of the scratch database for other processes; on SQLite of a copy, because that one lives in memory."""
    if connection.vendor != "sqlite":
        its = connection.settings_dict
        yield f"postgres://{its['USER']}:{its['PASSWORD']}@{its['HOST']}:{its['PORT']}/{its['NAME']}"
        return
    with tempfile.TemporaryDirectory() as folder:
        file = os.path.join(folder, "bench.sqlite3")
        with closing(sqlite3.connect(file)) as copy:
            connection.connection.backup(copy)
        yield f"sqlite:///{file}"


class Server:
    """gunicorn as ./start runs it, and a worker beside it."""

    def __init__(self, address):
        with closing(socket.socket()) as free:
            free.bind(("127.0.0.1", 0))
            bind = f"127.0.0.1:{free.getsockname()[1]}"
        self.url = f"http://{bind}"
        gunicorn = ["-m", "gunicorn", "copcready.wsgi", "--bind", bind, "--worker-class", "gthread"]
        commands = (
            [*gunicorn, "--workers", "2", "--threads", "4", "--no-control-socket", "--log-level", "error"],
            ["manage.py", "printreports"],
        )
        environment = os.environ | {"DATABASE_URL": address, "COPCREADY_SECRET_KEY": settings.SECRET_KEY}
        self.processes = [
            subprocess.Popen(  # noqa: S603 - our own programs
                [sys.executable, *command],
                cwd=settings.BASE_DIR,
                env=environment,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )
            for command in commands
        ]

    def __enter__(self):
        for _ in range(300):
            with (
                suppress(URLError, ConnectionError),
                build_opener().open(f"{self.url}/readyz", timeout=5) as said,
            ):
                if b"worker: ok" in said.read():
                    return self
            time.sleep(0.1)
        self.__exit__()
        raise CommandError("The server did not start: nothing can be measured.")

    def __exit__(self, *_):
        for process in self.processes:
            process.terminate()
        for process in self.processes:
            process.wait(20)


class Browser:
    """Somebody who is signed in."""

    def __init__(self, url, session):
        self.url, self.opener = url, build_opener()
        self.headers = {"Cookie": f"{settings.SESSION_COOKIE_NAME}={session}"}

    def get(self, path):
        url = path if path.startswith(self.url) else self.url + path
        with self.opener.open(Request(url, headers=self.headers), timeout=60) as response:  # noqa: S310 - our own
            response.read()
            return response

    def timed(self, path):
        began = time.perf_counter()
        self.get(path)
        return (time.perf_counter() - began) * 1000

    def is_there(self, url):
        try:
            self.get(url)
        except HTTPError as error:
            if error.code != 404:
                raise
            return False
        return True
