"""Moving an assessment to another release, starting its next round, and the way back from both.

Neither changes what was answered: it makes a successor that takes over every answer to a requirement both releases
ask, marked until somebody confirms it. Undoing it sets the successor aside; moving again takes it up where it was left.
"""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from assessments.models.actions import Action, hand_over
from assessments.models.answers import VALUES, WHO_AND_WHEN, Answer, AnswerRevision
from assessments.models.assessments import Assessment
from assessments.models.evidence import carry
from assessments.models.fit_checks import FitCheck
from assessments.models.notices import Notice
from standards.models import Release


def newer_releases(assessment):
    """The published releases of the same standard that come after its own and ask something of its variant."""
    return (
        Release.objects.published()
        .filter(
            standard=assessment.release.standard_id,
            position__lt=assessment.release.position,  # the newest has the lowest
            variants__code=assessment.variant.code,
        )
        .select_related("standard")
    )


@transaction.atomic
def move(assessment, release, *, by):
    """The successor of `assessment` in `release`. Raises ValidationError where it cannot be moved."""
    stored = Assessment.objects.select_for_update().get(pk=assessment.pk)  # it may have grown in another tab
    if stored.set_aside_at:
        raise ValidationError(stored.reading_only)
    successor = stored.successors.filter(release=release).order_by("-pk").first()
    if stored.continued_at:
        if successor and not successor.set_aside_at:
            return successor  # a double click, or another tab
        raise ValidationError(stored.reading_only)
    if successor is None:
        successor = _make_successor(stored, release, by)
    elif successor.quick and not stored.quick:
        successor.quick = False  # it grew since
        successor.ask()
    _take_over(successor, stored, by)
    successor.set_aside_at, stored.continued_at = None, timezone.now()
    successor.save(update_fields=["set_aside_at", "quick"])
    stored.save(update_fields=["continued_at"])
    _leave(stored, successor, by)
    successor.follow_metrics()
    successor.rescore()
    return successor


@transaction.atomic
def next_round(assessment, successor, *, by):
    """Start `successor`, an unsaved assessment of the same site and standard, with the answers of `assessment`.

    The one before is for reading from then on, so that what it said last time stands. A double click gives what the first
    click started. Raises ValidationError where it is continued already.
    """
    stored = Assessment.objects.select_for_update().get(pk=assessment.pk)
    if stored.continued_at and not stored.set_aside_at:
        twin = (
            stored.successors.in_use().filter(release=successor.release, started_by=by, saved_at=None).first()
        )
        if twin:
            return twin
    if stored.reading_only:
        raise ValidationError(stored.reading_only)
    _begin(successor, stored, by)
    _take_over(successor, stored, by)
    stored.continued_at = timezone.now()
    stored.save(update_fields=["continued_at"])
    _leave(stored, successor, by)
    successor.follow_metrics()
    successor.rescore()
    return successor


def _leave(assessment, successor, by):
    """What waits in an assessment that is continued: nobody can decide there any more, so nobody is asked to, and what is
    still to be done is done for the one in use."""
    assessment.reviews.move_on(by=by)
    Notice.objects.unsent().filter(kind=Notice.Kind.REVIEW, assessment=assessment).delete()
    _hand_fit_check(assessment, successor)
    hand_over(Action.objects.ahead(), assessment, successor)


def _hand_fit_check(giver, taker):
    """It belongs beside the answers in use, and what is attached there already stays."""
    if not FitCheck.objects.filter(assessment=taker).exists():
        FitCheck.objects.filter(assessment=giver).update(assessment=taker)


def _make_successor(assessment, release, by):
    return _begin(assessment.in_release(release), assessment, by)


def _begin(successor, assessment, by):
    successor.previous, successor.started_by = assessment, by
    successor.save(force_insert=True)
    successor.ask()
    return successor


def _take_over(successor, assessment, by):
    """Each field of each answer that both ask, where it was saved later than what the successor holds, and its evidence."""
    theirs = {answer.requirement.key: answer for answer in assessment.sheet()}
    changed, revisions, pairs = [], [], {}
    for answer in successor.sheet():
        source = theirs.get(answer.requirement.key)
        if source:
            pairs[source.pk] = answer.pk
        taken = [field for field in Answer.FIELDS if source and _is_newer(field, source, answer)]
        for field in taken:
            _copy(field, source, answer)
            values = {name: getattr(answer, name) for name in VALUES[field]}
            revisions.append(
                AnswerRevision(answer=answer, version=answer.version, field=field, values=values, by=by)
            )
        handed_on = source and source.assignee_id and not answer.assignee_id
        if handed_on:
            answer.assignee_id = source.assignee_id
        if taken or handed_on:
            changed.append(answer)
    names = [*VALUES["choice"], *VALUES["note"], *WHO_AND_WHEN["choice"], *WHO_AND_WHEN["note"]]
    Answer.objects.bulk_update(changed, [*names, "version", "carried", "overruled_because", "assignee"])
    AnswerRevision.objects.bulk_create(revisions)
    carry(pairs)


def _is_newer(field, source, answer):
    _who, when = WHO_AND_WHEN[field]
    saved, here = getattr(source, when), getattr(answer, when)
    return saved is not None and (here is None or saved > here)


def _copy(field, source, answer):
    for name in (*VALUES[field], *WHO_AND_WHEN[field]):
        setattr(answer, name, getattr(source, name))
    answer.version += 1
    if field == Answer.CHOICE:
        answer.carried = True
        answer.overruled_because = source.overruled_because


@transaction.atomic
def undo(successor):
    """Back to the assessment before, with the reviews that waited there; what was answered since the move stays here.

    Raises ValidationError where it cannot.
    """
    if successor.previous_id is None:
        raise ValidationError(_("This assessment was not made from another one."))
    # The older row first, as a move does: two that wait for each other's row would be stopped by PostgreSQL.
    previous = Assessment.objects.select_for_update().get(pk=successor.previous_id)
    stored = Assessment.objects.select_for_update().get(pk=successor.pk)
    if stored.continued_at:
        raise ValidationError(_("This assessment was moved on itself. Undo that move first."))
    if not stored.set_aside_at:
        stored.set_aside_at = timezone.now()
        stored.save(update_fields=["set_aside_at"])
        previous.continued_at = None
        previous.save(update_fields=["continued_at"])
        previous.reviews.take_up()
        _hand_fit_check(stored, previous)
        hand_over(Action.objects.all(), stored, previous)
    return previous
