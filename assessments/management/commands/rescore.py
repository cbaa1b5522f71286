"""`manage.py rescore`: compares the stored figures of every assessment with its answers."""

from django.core.management import BaseCommand
from django.db import transaction

from assessments.models import Assessment
from assessments.models.assessments import FIGURES


class Command(BaseCommand):
    help = "Recomputes stored figures from answers, says what differed, and exits with 1 if anything did."

    def handle(self, **options):
        differing = 0
        for pk in Assessment.objects.order_by("pk").values_list("pk", flat=True):
            with transaction.atomic():
                assessment = Assessment.objects.select_for_update().get(pk=pk)
                before = [getattr(assessment, name) for name in FIGURES]
                assessment.rescore()
                after = [getattr(assessment, name) for name in FIGURES]
            if before != after:
                differing += 1
                self.stdout.write(
                    f"Assessment {pk}: {dict(zip(FIGURES, before, strict=True))} became {after}"
                )
        self.stdout.write(f"{differing} assessments differed from their answers.")
        if differing:
            raise SystemExit(1)
