"""The addresses that monitoring asks. They tell nothing that strangers should not know."""

import shutil

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.cache import cache
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from assessments.models import ReportWorker, evidence_store

DISK_NEEDED = 200 * 1024 * 1024  # bytes; less is soon used up by uploads, PDFs and a growing database
EVIDENCE_ASKED_EVERY = 30  # seconds
_migrated = False  # migrations are never taken back while a process runs


@login_not_required
def alive(request):
    """The process answers. Whether the database does is another question."""
    return HttpResponse("ok\n", content_type="text/plain; charset=utf-8")


@login_not_required
@never_cache
@require_safe
def ready(request):
    """A line for everything that work needs; 503 where something is missing.

    A missing worker is said and is no failure: PDFs are made beside the pages then. Nor is a store of evidence that does not
    answer: everything but the files goes on.
    """
    checks = {"database": database()}
    checks["migrations"] = migrations() if checks["database"] == "ok" else "not known"
    checks["disk"] = disk()
    missing = any(state != "ok" for state in checks.values())
    known = checks["migrations"] == "ok"
    checks["worker"] = worker() if known else "not known"
    checks["evidence"] = evidence() if known else "not known"
    lines = "".join(f"{name}: {state}\n" for name, state in checks.items())
    return HttpResponse(lines, content_type="text/plain; charset=utf-8", status=503 if missing else 200)


def database():
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return "does not answer"
    return "ok"


def migrations():
    global _migrated
    if not _migrated:
        executor = MigrationExecutor(connection)
        _migrated = not executor.migration_plan(executor.loader.graph.leaf_nodes())
    return "ok" if _migrated else "not applied"


def disk():
    try:
        free = shutil.disk_usage(settings.DATA_DIR).free
    except OSError:
        return "cannot be read"
    return "ok" if free >= DISK_NEEDED else "nearly full"


def worker():
    return "ok" if ReportWorker.objects.seen_lately().exists() else "not seen lately"


def evidence():
    """Asked once in a while only: this address is open to everybody, and the store may be far away and cost a fee."""
    answers = cache.get_or_set("evidence-store-answers", evidence_store.answers, EVIDENCE_ASKED_EVERY)
    return "ok" if answers else "does not answer"
