"""The press: one warm child process that sets PDFs within limits, killed and replaced where it oversteps them.

The process that owns the press never sets type itself, so no document can take it along.
"""

import json
import logging
import os
import signal
import socket
import subprocess
import sys
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from threading import Event, Lock
from time import monotonic

from django.conf import settings
from django.utils.translation import gettext as _

from assessments.printing import frames

MODULE = "assessments.printing.child"
PATIENCE = 0.1  # seconds between two looks at a child at work
STARTING = 60  # seconds a child has to get warm
ENDING = 5  # seconds until a killed child is gone
# All that a child gets of our environment: how to find libraries, fonts and a place for passing files.
PASSED_ON = (
    "PATH",
    "HOME",
    "LANG",
    "LC_ALL",
    "TMPDIR",
    "XDG_CACHE_HOME",
    "FONTCONFIG_FILE",
    "FONTCONFIG_PATH",
    "LD_LIBRARY_PATH",
    "DYLD_FALLBACK_LIBRARY_PATH",
)
log = logging.getLogger("copcready.printing")


class Failed(Exception):
    """No PDF came of it; the message is the sentence to show."""


class Stopped(Exception):
    """The press was told to stop: the job is as good as before."""


@dataclass(frozen=True, slots=True)
class Limits:
    """Of one job: seconds on the clock, seconds of CPU, megabytes; and the jobs after which a child is replaced."""

    seconds: float
    cpu_seconds: int
    megabytes: int
    jobs: int


def took_too_long():
    return Failed(
        _("Setting this report took too long, so it was stopped. Very long notes are the usual reason.")
    )


def needed_too_much():
    return Failed(
        _(
            "Setting this report needed too much memory, so it was stopped. Very long notes are the usual reason."
        )
    )


def broke_off():
    return Failed(
        _("Setting this report broke off. Try once more; if it happens again, tell whoever runs this server.")
    )


class Child:
    """A warm process and the socket to it."""

    def __init__(self, limits):
        self.limits, self.jobs = limits, 0
        self.link, theirs = socket.socketpair()
        with theirs:
            self.process = subprocess.Popen(  # noqa: S603 - our own module
                [
                    sys.executable,
                    "-m",
                    MODULE,
                    str(theirs.fileno()),
                    str(limits.megabytes),
                ],
                cwd=settings.BASE_DIR,
                env=environment(),
                stdin=subprocess.PIPE,  # its end tells the child that we are gone
                stdout=subprocess.DEVNULL,
                pass_fds=[theirs.fileno()],
                start_new_session=True,  # Ctrl-C is for us; we tell the child
            )

    def warm_up(self, look):
        kind, content = self.reply(STARTING, look)
        if kind == frames.UNAVAILABLE:
            raise Failed(content.decode())

    def set(self, document, options, look):
        """The PDF as bytes. Raises `Failed`."""
        self.jobs += 1
        job = {"document": document, "options": options, "cpu_seconds": self.limits.cpu_seconds}
        self.link.settimeout(self.limits.seconds)
        with suppress(TimeoutError, ConnectionError):  # what is wrong shows in the reply
            frames.send(self.link, frames.JOB, json.dumps(job).encode())
        kind, content = self.reply(self.limits.seconds, look)
        if kind == frames.MEMORY:
            raise needed_too_much()
        if kind != frames.PDF:
            log.error("Setting a report ended with %s", content.decode())
            raise broke_off()
        return content

    def reply(self, seconds, look):
        """The next frame of the child, `look()` being called while we wait. Raises `Failed`."""
        ends = monotonic() + seconds
        try:
            return frames.read(Watched(self.link, lambda: self.watch(ends, look)))
        except (EOFError, ConnectionError):
            raise self.last_words() from None

    def watch(self, ends, look):
        if monotonic() > ends:
            raise took_too_long()
        if resident_megabytes(self.process.pid) > self.limits.megabytes:
            raise needed_too_much()
        look()

    def last_words(self):
        """Why a child that ended by itself did."""
        with suppress(subprocess.TimeoutExpired):
            self.process.wait(ENDING)
        log.error("The process that sets reports ended with %s", self.process.returncode)
        return took_too_long() if self.process.returncode == -signal.SIGXCPU else broke_off()

    def end(self):
        self.process.kill()
        self.process.stdin.close()
        self.link.close()
        with suppress(subprocess.TimeoutExpired):
            self.process.wait(ENDING)


class Watched:
    """A socket that calls `look` whenever nothing has come for a moment, and after every piece that has."""

    def __init__(self, link, look):
        self.link, self.look = link, look
        link.settimeout(PATIENCE)

    def recv(self, count):
        while True:
            self.look()
            with suppress(TimeoutError):
                return self.link.recv(count)


class Press:
    """Sets one document at a time. Safe to call from many threads."""

    def __init__(self, limits):
        self.limits, self.child = limits, None
        self.stopped, self.one_at_a_time = Event(), Lock()

    def set(self, document, options, look=lambda: None):
        """The PDF of the texts of a document and of its options; `look()` is called about ten times a second meanwhile.

        Raises `Failed` with a sentence, and `Stopped` after `stop`.
        """
        with self.one_at_a_time:
            try:
                made = self.ready(look).set(document, options, lambda: self.go_on(look))
            except BaseException:
                self.end_child()
                raise
            if self.child.jobs >= self.limits.jobs:
                self.end_child()
            return made

    def ready(self, look):
        if self.child and self.child.process.poll() is not None:  # it ended while nobody needed it
            self.end_child()
        if self.child is None:
            self.child = Child(self.limits)
            self.child.warm_up(lambda: self.go_on(look))
        return self.child

    def go_on(self, look):
        if self.stopped.is_set():
            raise Stopped
        look()

    def stop(self):
        """From now on nothing is set here; what is being set ends within a moment. Safe in a signal handler."""
        self.stopped.set()

    def end_child(self):
        if self.child:
            self.child.end()
            self.child = None


def environment():
    """The environment of a child: nothing of ours that could be a secret."""
    kept = {name: os.environ[name] for name in PASSED_ON if name in os.environ}
    return kept | {"DJANGO_SETTINGS_MODULE": "copcready.press_settings"}


def resident_megabytes(pid):
    """What the process really holds in memory; 0 where the system does not say."""
    try:
        with open(f"/proc/{pid}/statm") as file:
            return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1024 / 1024
    except OSError:
        return 0


@cache
def ours():
    """The press of this process."""
    return Press(Limits(**settings.REPORT_LIMITS))
