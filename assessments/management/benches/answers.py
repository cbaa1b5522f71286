"""Answering: one save, the page of an item, the grid of a domain."""

from itertools import count

from django.db.models import Count
from django.test import Client
from django.urls import reverse

from assessments.management.benches.measuring import Bench, Floor
from assessments.management.benches.scratch import get, post


def save(scratch):
    """One choice saved: session, access, version, revision, figures, commit."""
    stranger, client = Client(), scratch.client
    answer = scratch.assessments[0].answers.order_by("pk").first()
    # Both ways of saving count one version up, and so do we instead of asking.
    version = count(answer.version)

    def saving(name):
        def run():
            seen = next(version)
            post(client, reverse(name, args=[answer.pk]), {"choice": str((seen + 1) % 4), "version": seen})

        return run

    return Bench(
        "save",
        saving("answer-choice"),
        rounds=150,
        queries=8,
        floors=[
            Floor("a POST without database", lambda: post(stranger, reverse("health"), {}), 12),
            Floor("the same with get, ModelForm and objects", saving("floor-save"), 0.7),
        ],
    )


def item(scratch):
    """One item page; beside it its questions alone through a plain template loop."""
    assessment = scratch.assessments[0]
    code = assessment.answers.order_by("requirement__item__position").first().requirement.item.code
    return Bench(
        "item",
        lambda: get(scratch.client, reverse("item", args=[assessment.pk, code])),
        rounds=60,
        queries=12,
        floors=[
            Floor(
                "its questions alone in a plain template loop",
                lambda: get(scratch.client, reverse("floor-item", args=[assessment.pk, code])),
                2.5,
            )
        ],
    )


def grid(scratch):
    """The grid of the largest domain, the page around it included; beside it its rows alone in a plain template loop."""
    assessment = scratch.assessments[0]
    domains = assessment.answers.values_list("requirement__item__domain__code")
    code, rows = domains.annotate(rows=Count("pk")).order_by("-rows").first()
    return Bench(
        "grid",
        lambda: get(scratch.client, reverse("grid", args=[assessment.pk, code])),
        rounds=40,
        queries=6,
        floors=[
            Floor(
                "the same rows alone in a plain template loop",
                lambda: get(scratch.client, reverse("floor-grid", args=[assessment.pk, code])),
                0.3,
            )
        ],
        note=f"{rows} rows",
    )
