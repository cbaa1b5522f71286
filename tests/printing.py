"""Printing without a process of its own, and PDFs as if somebody had asked for them."""

import json
from hashlib import sha256

from django.utils import timezone

from assessments.models import Assessment, ReportJob, ReportPrint, ReportSource
from assessments.report import document, pdf
from assessments.report.document import Document
from assessments.report.options import DEFAULT, Options
from assessments.report.plain import as_text, revived


class HandPress:
    """Sets in this process, so that a test may stand in for `pdf.render`."""

    def set(self, source, options, look=lambda: None):
        look()
        return pdf.render(revived(Document, json.loads(source)), revived(Options, json.loads(options)))


def text(assessment):
    found = Assessment.objects.with_names().get(pk=assessment.pk)
    return as_text(document.build(found, as_of=found.site.today()))


def job(assessment, status="waiting", key="one", **fields):
    """A job whose file, where it is done, says which one it is."""
    hashed = sha256(f"{assessment.pk} {key}".encode()).hexdigest()
    ends = {} if status in ("waiting", "working") else {"finished_at": timezone.now(), "size": 20}
    begins = (
        {}
        if status == "waiting"
        else {"started_at": timezone.now(), "beat_at": timezone.now(), "attempts": 1}
    )
    made = ReportJob.objects.create(
        assessment=assessment, key=hashed, name=f"Gap report {key}", status=status, **(ends | begins | fields)
    )
    if status == "done":
        ReportPrint.objects.create(job=made, pdf=b"%PDF-1.7 " + key.encode())
    else:
        ReportSource.objects.create(job=made, document=text(assessment), options=as_text(DEFAULT))
    return made
