"""From the readings of a site to the levels of an assessment."""

from django.db.models import Q

from assessments.models.answers import VALUES, Answer, AnswerRevision
from standards.models import Requirement


def follow_metrics(assessment, shown):
    """Let the level of each results requirement be what the metrics linked to it show. True where any changed.

    `shown` is what `MetricQuerySet.levels_shown` gives for its site.

    Those that a person overruled keep theirs. Each change is a revision that names nobody. Call it in a transaction:
    the answers are locked, before the assessment, as a single save does.
    """
    linked = Q(requirement__key__in=shown) | Q(shown__isnull=False)
    answers = list(
        assessment.answers.filter(linked, requirement__kind=Requirement.RESULT)
        .select_related("requirement")
        .only(*(field.name for field in Answer._meta.concrete_fields), "requirement__key")
        .select_for_update(of=("self",))
        .order_by("pk")
    )
    before = [_kept(answer) for answer in answers]
    revisions = [answer.follow(_level(shown.get(answer.requirement.key))) for answer in answers]
    changed = [answer for answer, was in zip(answers, before, strict=True) if _kept(answer) != was]
    names = (
        *VALUES[Answer.CHOICE],
        "overruled_because",
        "answered_by",
        "answered_at",
        "carried",
        "version",
        "shown",
    )
    Answer.objects.bulk_update(changed, names)
    AnswerRevision.objects.bulk_create(filter(None, revisions))
    return bool(changed)


def _kept(answer):
    return answer.shown, answer.choice, answer.carried


def _level(shown):
    return shown and shown.level
