"""Contradictions in words, and where each is looked at."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from assessments.models import Answer, checks
from assessments.rules import consistency


@dataclass(frozen=True, slots=True)
class Doubt:
    """One contradiction: the answer, the sentence that names it, and the address of the field to look at."""

    answer: Answer
    sentence: str
    field: str

    @property
    def address(self):
        if self.field == consistency.EVIDENCE:
            return reverse("evidence", args=[self.answer.pk])
        if self.field == consistency.METRICS:
            return reverse("answer-overrule", args=[self.answer.pk])
        asked = self.answer.requirement
        place = reverse("item", args=[self.answer.assessment_id, asked.item.code])
        return (
            f"{place}#note-{self.answer.pk}" if self.field == consistency.NOTE else f"{place}#{asked.letter}"
        )


def doubts_of(assessment, answers, held=None, day=None):
    """`Doubt`s among `answers`, in the order of the standard. `held` is evidence by answer id, if it is at hand."""
    found = checks.contradictions_of(assessment, answers, held, day)
    return [Doubt(contradiction.key, sentence(contradiction), contradiction.field) for contradiction in found]


def sentence(found):
    """What contradicts what, and what to do about it."""
    counts = {"shown": found.shown, "months": found.months, "needed": found.needed}
    return {
        consistency.NOTHING_TO_SHOW: _(
            "In place everywhere, with nothing to show for it: name the evidence, or say in the note where it is."
        ),
        consistency.NOT_SUSTAINED: ngettext(
            "At target and sustained, and the evidence covers %(months)s month of the %(needed)s it takes: add the reports "
            "of the months.",
            "At target and sustained, and the evidence covers %(months)s months of the %(needed)s it takes: add the reports "
            "of the months.",
            found.months,
        ),
        consistency.OVERRULED: _(
            "The metrics show level %(shown)s, and it was overruled: look whether the reason given still holds."
        ),
        consistency.TOO_OLD: _(
            "The newest evidence is %(months)s months old, and at most %(needed)s count: add a newer record, or look whether "
            "it is still done."
        ),
        consistency.TOO_OLD_BY_AUDIT: _(
            "The newest evidence will be %(months)s months old in the audit month, and at most %(needed)s count: plan when "
            "a newer record comes."
        ),
        consistency.CHANNEL_IN_SCOPE: _(
            "Not applicable, although automated channels are in scope: answer it, or say why this channel is left out."
        ),
        consistency.CRITICAL_LEFT_OUT: _(
            "Nothing of this item applies, although a part of it is critical: somebody will ask why. Look at the reasons."
        ),
        consistency.SUDDEN: _(
            "Nothing in place last time and everywhere now, without a note: say what changed."
        ),
    }[found.kind] % counts
