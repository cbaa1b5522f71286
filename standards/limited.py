"""Reading what somebody sent in a process of its own, with limits on memory and time.

A file of a kilobyte can be made to unpack to gigabytes, or to keep a reader busy for hours, and a reader that meets one takes
the whole server along. So the server only asks; a module of ours, run as a program, reads. It is not given our environment,
which holds secrets, and imports no Django, so that it starts at once.
"""

import json
import logging
import os
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

MEMORY = 768 * 1024 * 1024  # bytes
CPU_SECONDS, SECONDS = 15, 25
ROOT = Path(__file__).resolve().parents[1]
PASSED_ON = ("LD_LIBRARY_PATH", "DYLD_FALLBACK_LIBRARY_PATH")  # without them some Pythons do not start


log = logging.getLogger("copcready.limited")


class GaveUp(Exception):
    """No answer came: it would have needed too much memory or time, or the reader broke off."""


def ask(module, *words, data):
    """What the program `module` answered for the bytes `data`, a dict. Raises `GaveUp`."""
    try:
        done = subprocess.run(  # noqa: S603 - a module of ours, with words of ours
            [sys.executable, "-m", module, *words],
            input=data,
            capture_output=True,
            timeout=SECONDS,
            cwd=ROOT,
            env={name: os.environ[name] for name in PASSED_ON if name in os.environ},
        )
        return json.loads(done.stdout)
    except subprocess.TimeoutExpired:
        log.warning("%s was stopped after %s seconds", module, SECONDS)
    except ValueError:
        log.warning("%s ended with %s and no answer", module, done.returncode)
    raise GaveUp


def answer(read):
    """In such a program: set the limits, and write the dict that `read` makes of the file that was sent."""
    import resource  # not known to every system that a server may be tried on

    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    with suppress(ValueError, OSError):  # macOS knows the limit and refuses to set it
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    sys.stdout.write(json.dumps(read(sys.stdin.buffer)))
