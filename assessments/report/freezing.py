"""Freezing an assessment: the document as text, what is compared of it, and its PDF, once and for good."""

import json
import logging
from dataclasses import replace

from django.db import transaction

from assessments.models import Assessment, Milestone, MilestoneReport
from assessments.models.milestones import digest
from assessments.report import document as documents
from assessments.report import pdf, standings
from assessments.report.document import Document
from assessments.report.plain import revived

log = logging.getLogger("copcready.milestones")


class OtherVersion(Exception):
    """The document was frozen by another version of this product, which no longer sets it on paper."""


@transaction.atomic
def freeze(assessment, *, name, by, as_of, taken_at=None):
    """The milestone of `assessment` as it stands on the date `as_of`, and whether it is new.

    `taken_at` is the moment, now where left out. The PDF is made apart, by `keep_report`.
    """
    # Saves of its answers wait: a document is read by many queries, and what never changes again has to be of one moment.
    assessment = Assessment.objects.with_names().select_for_update(of=("self",)).get(pk=assessment.pk)
    found = documents.build(assessment, as_of=as_of, prepared_by=str(by or ""))
    return Milestone.objects.freeze(
        assessment, name=name, by=by, taken_on=as_of, taken_at=taken_at, **as_stored(found)
    )


def as_stored(document):
    """The columns of a milestone that follow from its document."""
    alone = replace(document, trend=(), since=None)  # a first click must not make the second one differ
    return {
        "document": text_of(document),
        "figures": standings.figures_json(document) | {"content": digest(text_of(alone))},
        "levels": standings.levels_json(document),
    }


def text_of(document):
    """The text of `answers.json`, in characters that every database stores."""
    return pdf.answers_json(document).decode("utf-8")


def revive(milestone):
    """The `Document` that a milestone holds. Raises `OtherVersion` where its fields are not today's."""
    try:
        return revived(Document, json.loads(milestone.document))
    except (KeyError, TypeError) as missing:
        raise OtherVersion(str(missing)) from missing


def keep_report(milestone, make=None):
    """The `MilestoneReport` of a milestone, made from its frozen document if there is none yet.

    `make` gives the PDF of a document and decides where it is made, here if it is left out. Raises `OtherVersion`, `pdf.Unavailable` where no PDF
    can be made here, and what `make` raises.
    """
    kept = MilestoneReport.objects.filter(milestone=milestone).first()
    if kept:
        return kept
    pdf.require()
    return MilestoneReport.objects.keep(milestone, (make or pdf.render)(revive(milestone)))


def try_report(milestone, make=None):
    """As `keep_report`, but None where it fails: the milestone stands, and its PDF can be made later."""
    try:
        return keep_report(milestone, make)
    except pdf.Unavailable:
        return None
    except Exception:  # whatever the library stumbles over, what was frozen is stored
        log.exception("The PDF of milestone %s could not be made", milestone.pk)
        return None
