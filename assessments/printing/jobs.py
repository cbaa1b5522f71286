"""Asking for a PDF, and making those that were asked for.

Who makes them does not matter: `manage.py printreports`, or, while no such worker is seen, a thread of the process that was
asked. Either way they are set in a process of their own (`press`), each exactly once.
"""

import logging
from hashlib import sha256
from threading import Lock, Thread

from django.db import close_old_connections, connection, transaction
from django.utils.translation import gettext as _

from assessments.models import ReportJob, ReportSource, ReportWorker
from assessments.printing import press, version
from assessments.report import options as choices
from assessments.report.plain import as_text

log = logging.getLogger("copcready.printing")
_in_house = Lock()


def ask(assessment, document, options=choices.DEFAULT, by=None):
    """The job that makes, or has made, the PDF of `document`. The same document is asked for once, by however many people.

    The PDF is there at once only where `status` says so; who may see the assessment may see the job. Raises TooMany.
    """
    texts = storable(as_text(document)), as_text(options)
    key = key_of(assessment, *texts)
    job = ReportJob.objects.filter(key=key).first()
    if job is None:
        job = asked(key, assessment, document, texts, by)
        start()
        job.refresh_from_db()
    return job


def now(document, options=choices.DEFAULT):
    """The PDF of `document`, made while the caller waits. Raises `press.Failed`."""
    return press.ours().set(storable(as_text(document)), as_text(options))


def asked(key, assessment, document, texts, by):
    """The job with that key, made here unless somebody asked in the same moment."""
    new = {
        "name": _("Gap report %(site)s %(date)s") % {"site": document.site, "date": document.as_of},
        "asked_by": by,
        "assessment": assessment,
        "with_sites": bool(document.sites),
    }
    with transaction.atomic():
        job, created = ReportJob.objects.get_or_create(key=key, defaults=new)
        if created:
            ReportSource.objects.create(job=job, document=texts[0], options=texts[1])
            ReportJob.objects.check_room(job)
    return job


def storable(text):
    """JSON text without half a character, which no database takes: it is escaped, and means the same."""
    return text.encode("utf-8", "backslashreplace").decode()


def key_of(assessment, document, options):
    """One key for equal files of one assessment; other assessments never share it, whatever their documents say."""
    parts = (str(assessment.pk), version.of_printer(), document, options)
    return sha256(b"".join(sha256(part.encode()).digest() for part in parts)).hexdigest()


def start():
    """See to it that what waits is made: by a worker where one was seen lately, otherwise from here."""
    from assessments.printing.tasks import print_waiting

    if ReportWorker.objects.seen_lately().exists():
        print_waiting.enqueue()
    else:
        print_in_house()


def look_after():
    """Nothing waits or works for ever: take up what a lost worker left behind. Cheap enough for every look at a job.

    Returns whether something waits although nothing is being made.
    """
    ReportJob.objects.free_abandoned()
    idle = ReportJob.objects.open_states() == {ReportJob.Status.WAITING}
    if idle and not ReportWorker.objects.seen_lately().exists():
        print_in_house()
    return idle


def print_in_house():
    """Make what waits in a thread of this process, one PDF after the other; nothing where such a thread is at it."""
    if _in_house.acquire(blocking=False):
        Thread(target=_print_and_leave, name="printing", daemon=True).start()


def _print_and_leave():
    try:
        close_old_connections()
        print_all()
    except Exception:  # the next look at a job starts another thread
        log.exception("Printing in this process broke off")
    finally:
        connection.close()
        _in_house.release()


def print_all():
    """Make every PDF that waits. Returns how many were taken up."""
    count = 0
    ReportJob.objects.free_abandoned()
    while job := ReportJob.objects.claim_next():
        count += 1
        try:
            pdf = press.ours().set(job.source.document, job.source.options, job.beat)
        except press.Failed as reason:
            job.fail(str(reason))
        except press.Stopped:
            job.release()
            break
        else:
            with transaction.atomic():
                job.finish(pdf)
    return count
