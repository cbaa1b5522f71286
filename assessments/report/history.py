"""The milestones of an assessment as part of its document: those taken before, and what changed since the last."""

from assessments.models import Milestone
from assessments.report import compare_words, standings
from assessments.report.compare import CLOSED, OPENED, compare
from assessments.report.parts import ChangePart, SincePart


def parts(assessment, document):
    """The fields `trend` and `since` of `document`, which is the one of `assessment` without them."""
    taken = list(Milestone.objects.light().leading_to(assessment).filter(taken_on__lte=document.as_of))
    return {
        "trend": tuple(map(standings.milestone_part, taken)),
        "since": since(taken[-1], document) if taken else None,
    }


def since(milestone, document):
    """The `SincePart` from `milestone` to `document`."""
    found = compare(standings.side_of(milestone), standings.side(document))
    before = found.before.standing
    return SincePart(
        name=milestone.name,
        day=milestone.taken_on,
        sentences=tuple(compare_words.sentences(found, leads_to_audit=document.leads_to_audit)),
        score_before=before.score,
        ceiling_before=before.ceiling,
        closed=tuple(change.row.code for change in found.of_fate(CLOSED)),
        opened=tuple(change.row.code for change in found.of_fate(OPENED)),
        changed=tuple(map(change_part, (change for change in found.changes if change.kind))),
    )


def change_part(change):
    return ChangePart(
        code=change.row.code,
        short=change.row.short,
        kind=change.kind,
        before=None if change.before is None else change.before.choice,
        after=None if change.after is None else change.after.choice,
    )
