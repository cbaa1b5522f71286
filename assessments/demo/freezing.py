"""The milestones of a story: frozen by the same code as those of a user, from the answers as they stood on the day."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db import transaction

from assessments.models import Answer, AnswerRevision, Assessment, Milestone
from assessments.models.answers import VALUES, WHO_AND_WHEN
from assessments.report import document, freezing
from assessments.rules.scoring import OPEN

EVENING = time(17, 30)


def add(milestones, assessment, users, as_of):
    """Every one of `milestones`, `stories.Kept`, the oldest first; `users` are by the keys of the story. No PDF is made of
    them: that takes seconds each, and a button on their pages does it."""
    for kept in milestones:
        day, by = as_of - timedelta(days=kept.days_ago), users[kept.by]
        at = datetime.combine(day, EVENING, tzinfo=ZoneInfo(assessment.site.time_zone))
        stood = _as_it_stood(assessment, at, by)
        Milestone.objects.freeze(
            assessment, name=kept.name, by=by, taken_on=day, taken_at=at, **freezing.as_stored(stood)
        )


def _as_it_stood(assessment, at, by):
    """The document of `assessment` at the moment `at`; nothing of the way there stays in the database."""
    with transaction.atomic():
        _rewind(assessment, at)
        found = Assessment.objects.with_names().get(pk=assessment.pk)
        found.follow_metrics(at.date())
        stood = document.build(found, as_of=at.date(), prepared_by=str(by))
        transaction.set_rollback(True)
    return stood


def _rewind(assessment, at):
    """Answers as their revisions until the moment `at` left them."""
    answers = {answer.pk: _unanswered(answer) for answer in Answer.objects.filter(assessment=assessment)}
    for revision in AnswerRevision.objects.filter(answer__in=answers, at__lte=at).order_by("version"):
        answer = answers[revision.answer_id]
        who, when = WHO_AND_WHEN[revision.field]
        for name, value in {**revision.values, f"{who}_id": revision.by_id, when: revision.at}.items():
            setattr(answer, name, value)
    names = {name for field in Answer.FIELDS for name in (*VALUES[field], *WHO_AND_WHEN[field])}
    Answer.objects.bulk_update(answers.values(), names, batch_size=100)


def _unanswered(answer):
    answer.choice, answer.reason, answer.reason_text, answer.note = OPEN, "", "", ""
    answer.answered_by = answer.answered_at = answer.noted_by = answer.noted_at = None
    return answer
