"""The process that sets PDFs, kept warm: `python -m assessments.printing.child LINK MEGABYTES`, which `press` starts.

It has no database and no secret, fetches nothing but our own packaged files, and ends with the process that started it.
"""

import gc
import json
import os
import resource
import socket
import sys
from contextlib import suppress
from threading import Thread

import django

from assessments.printing import frames

NICE = 10  # steps behind the processes that answer people
ADDRESS_SPACE = 2  # times the memory allowed: code and fonts that are mapped and hardly touched count here


def main(link, megabytes):
    os.umask(0o077)
    os.nice(NICE)
    Thread(target=end_with_parent, daemon=True).start()
    django.setup()
    frames.send(link, *warmed())
    limit_memory(megabytes)
    with suppress(EOFError):
        while True:
            _job, content = frames.read(link)
            frames.send(link, *answer(json.loads(content)))


def end_with_parent():
    """Standard input is a pipe that nobody writes to: it ends when the process that holds its other end does."""
    os.read(0, 1)
    os._exit(0)


def limit_memory(megabytes):
    """The last line of defence: the parent watches what is really used. Some systems know no such limit."""
    most = megabytes * ADDRESS_SPACE * 1024 * 1024
    with suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_AS, (most, most))


def limit_time(cpu_seconds):
    """What this process may use from now on; beyond it the system ends it with SIGXCPU."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    _soft, hard = resource.getrlimit(resource.RLIMIT_CPU)
    resource.setrlimit(resource.RLIMIT_CPU, (int(used.ru_utime + used.ru_stime) + 1 + cpu_seconds, hard))


def warmed():
    """Everything imported and the fonts read, by setting a page; what is left over is never looked through again."""
    from assessments.report import pdf

    possible, reason = pdf.available()
    if not possible:
        return frames.UNAVAILABLE, str(reason).encode()
    pdf.write("<html><body><p>Ready</p></body></html>", [pdf.STYLE])
    gc.collect()
    gc.freeze()
    return (frames.READY,)


def answer(job):
    """The frame to send back for `job`: the PDF, or what went wrong without a word of the document."""
    limit_time(job["cpu_seconds"])
    try:
        return frames.PDF, printed(job["document"], job["options"])
    except MemoryError:
        return (frames.MEMORY,)
    except Exception as error:
        return frames.ERROR, type(error).__name__.encode()


def printed(document, options):
    """The PDF of the texts that `report.plain.as_text` made of a document and of its options."""
    from assessments.report import pdf
    from assessments.report.document import Document
    from assessments.report.options import Options
    from assessments.report.plain import revived

    return pdf.render(revived(Document, json.loads(document)), revived(Options, json.loads(options)))


if __name__ == "__main__":
    main(socket.socket(fileno=int(sys.argv[1])), int(sys.argv[2]))
