"""The document that every shape of the report is compared with."""

from datetime import date

from assessments.models import Assessment
from assessments.report import document

DAY = date(2026, 11, 20)


def build(assessment):
    return document.build(Assessment.objects.with_names().get(pk=assessment.pk), as_of=DAY, prepared_by="Al")


def of_the_demo(variant):
    """The assessment of the demo against release 8.0 in this variant."""
    return Assessment.objects.with_names().filter(variant__code=variant, release__version="8.0").first()
