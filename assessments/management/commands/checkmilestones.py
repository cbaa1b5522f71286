"""`manage.py checkmilestones`: are all milestones still what was frozen?"""

import json

from django.core.management import BaseCommand

from assessments.models import Milestone, MilestoneReport


class Command(BaseCommand):
    help = (
        "Takes the hash of every milestone and of its PDF again and says which differ. A document also holds the hashes of "
        "the milestones before it, so one that is gone or was replaced is found too. Exits with 1 if anything is wrong."
    )

    def handle(self, **options):
        wrong, documents, hashes, named = 0, 0, set(), {}
        for milestone in Milestone.objects.defer("figures", "levels").order_by("pk").iterator(chunk_size=20):
            documents += 1
            hashes.add(milestone.sha256)
            if not milestone.intact:
                wrong += self.tell(
                    f"Milestone {milestone.pk}, {milestone}: the document is not what was frozen."
                )
                continue
            named |= {part["sha256"]: (part, milestone) for part in trend_of(milestone)}
        for sha256, (part, milestone) in named.items():
            if sha256 not in hashes:
                wrong += self.tell(
                    f"Milestone {part['id']}, {part['name']}: it is gone or another; milestone {milestone.pk} names it."
                )
        reports = 0
        for report in (
            MilestoneReport.objects.select_related("milestone").defer("milestone__document").iterator(20)
        ):
            reports += 1
            if not report.intact:
                wrong += self.tell(
                    f"Milestone {report.milestone_id}, {report.milestone}: the PDF is not what was made."
                )
        self.stdout.write(f"{documents} documents and {reports} PDFs checked, {wrong} wrong.")
        if wrong:
            raise SystemExit(1)

    def tell(self, sentence):
        self.stdout.write(sentence)
        return 1


def trend_of(milestone):
    """The milestones before, as the document names them."""
    return json.loads(milestone.document).get("trend", ())
