"""An assessment as a whole: started, and its results."""

from django.urls import reverse

from assessments.management.benches.measuring import Bench, Floor
from assessments.management.benches.scratch import get
from assessments.models import Answer, Assessment


def start(scratch):
    """An assessment started; beside it the bare bulk insert of its answers."""
    sites = [scratch.site(f"New {number}") for number in range(100)]
    spare = iter(sites)
    asked = list(scratch.assessments[0].answers.values_list("requirement_id", flat=True))
    bare = [
        Assessment.objects.create(
            site=site, release=scratch.release, variant=scratch.variant, channels=["phone"]
        )
        for site in sites
    ]
    hosts = iter(bare)

    def ours():
        Assessment.objects.start(
            site=next(spare),
            release=scratch.release,
            variant=scratch.variant,
            channels=["phone", "chatbot"],
            audit_month=None,
            by=scratch.user,
        )

    def insert():
        host = next(hosts)
        Answer.objects.bulk_create([Answer(assessment=host, requirement_id=pk) for pk in asked])

    return Bench(
        "start",
        ours,
        rounds=20,
        queries=15,
        floors=[Floor("one bulk insert of as many answers", insert, 2.5)],
    )


def results(scratch):
    """The results page; beside it one query and the score alone."""
    assessment = Assessment.objects.with_names().get(pk=scratch.assessments[0].pk)
    return Bench(
        "results",
        lambda: get(scratch.client, reverse("results", args=[assessment.pk])),
        rounds=30,
        queries=15,
        floors=[Floor("one query and the score", assessment.scores)],
    )
