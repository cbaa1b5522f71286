"""`manage.py demo` as the tests run it, and every row it stored."""

from datetime import date
from io import StringIO

from django.core.management import call_command
from django.db import transaction

from assessments.models import (
    Action,
    Answer,
    AnswerRevision,
    Assessment,
    Comment,
    Finding,
    Membership,
    Organisation,
    Review,
    Site,
    User,
)

DAY = date(2026, 3, 2)
BANK, OUTSOURCER, VENDOR_OFFICE = "Aldermoor Bank", "Serrana Contact Services", "Quillby Home"
FERRY = "Carnsore Ferries"


def demo(*arguments, as_of=DAY):
    out = StringIO()
    call_command("demo", *arguments, f"--as-of={as_of}", stdout=out)
    return out.getvalue()


def reviewed():
    """The reviews with their findings, the comments, and the actions."""
    return [
        list(
            Review.objects.order_by("assessment__site__name", "item__code").values_list(
                "item__code",
                "submitted_by__email",
                "submitted_at",
                "reviewer__email",
                "due",
                "outcome",
                "decided_at",
                "versions",
            )
        ),
        list(Finding.objects.order_by("comment").values_list("comment", "choice", "answered")),
        list(Comment.objects.order_by("text").values_list("text", "by__email", "at")),
        list(
            Action.objects.order_by("title").values_list(
                "title", "owner__email", "start", "due", "status", "created_at", "changed_at", "over_since"
            )
        ),
    ]


def stored():
    """Every value of every demo row that has no business being random, in an order of its own."""
    people = User.objects.order_by("email").values_list(
        "email", "name", "is_staff", "joined_at", "is_superuser"
    )
    members = Membership.objects.order_by("organisation__name", "user__email")
    release = ("release__standard__key", "release__version")
    answers = Answer.objects.order_by(
        "assessment__site__name", *(f"assessment__{field}" for field in release), "requirement__key"
    )
    who = ("answered_by__email", "noted_by__email")
    return [
        list(people),
        list(
            members.values_list(
                "organisation__name", "user__email", "role", "since", "limited", "sites__name"
            )
        ),
        list(Organisation.objects.values_list("name", "created_at")),
        list(
            Site.objects.order_by("name").values_list(
                "name", "country", "seats", "time_zone", "channels", "created_at"
            )
        ),
        list(
            Assessment.objects.order_by("site__name", *release).values_list(
                "site__name",
                *release,
                "variant__code",
                "quick",
                "audit_month",
                "started_at",
                "saved_at",
                "saved_by__email",
                "score",
            )
        ),
        list(
            answers.values_list(
                "choice", "reason", "reason_text", "note", "version", *who, "answered_at", "noted_at"
            )
        ),
        list(
            AnswerRevision.objects.order_by(
                "answer__requirement__key",
                "answer__assessment__site__name",
                *(f"answer__assessment__{field}" for field in release),
                "version",
            ).values_list("version", "field", "values", "by__email", "at")
        ),
        *reviewed(),
    ]


def rolled_back(*arguments, as_of=DAY):
    """The rows the command makes, gone again afterwards."""
    with transaction.atomic():
        demo(*arguments, as_of=as_of)
        rows = stored()
        transaction.set_rollback(True)
    return rows
