"""What an assessment is asked in another release and was not asked before, with the answers it gave."""

from typing import NamedTuple

from assessments.models.answers import Answer
from assessments.models.assessments import Assessment
from standards import delta
from standards.models import Requirement


class Changes(NamedTuple):
    """`changed` pairs what changed with the answer given to it before; `dropped` and `coming` are answers."""

    before: Assessment
    delta: delta.Delta
    changed: list[tuple[delta.Pair, Answer]]
    dropped: list[Answer]
    coming: list[Answer]


def changes_between(before, after):
    """What differs between an assessment and the same scope in another release, `after`, which need not be stored."""
    answers = {answer.requirement_id: answer for answer in before.sheet()}
    asked = set(after.requirements_in_scope().values_list("pk", flat=True))
    old = [row for pk, row in before.catalogue().items() if pk in answers]
    new = [row for pk, row in after.catalogue().items() if pk in asked]
    between = Requirement.objects.filter(
        item__domain__release__standard=after.release.standard_id,
        item__domain__release__position__gt=after.release.position,
        item__domain__release__position__lt=before.release.position,
    )
    found = delta.compare(old, new, between=between)
    return Changes(
        before=before,
        delta=found,
        changed=[(pair, answers[pair.old.pk]) for pair in found.changed],
        dropped=[answers[requirement.pk] for requirement in found.dropped],
        coming=[answers[pair.old.pk] for pair in found.same if answers[pair.old.pk].answered_at],
    )
