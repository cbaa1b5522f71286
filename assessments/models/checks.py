"""Looking one's answers through: what contradicts itself, and that somebody confirmed an item as it stands."""

from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from assessments.models.answers import Answer
from assessments.models.assessments import Assessment
from assessments.models.evidence import Evidence
from assessments.models.people import ScopedQuerySet
from assessments.months import month_number
from assessments.rules import consistency
from assessments.rules.scoring import OPEN
from standards.models import Item, Requirement

ELSEWHERE = (Answer.Reason.ELSEWHERE, Answer.Reason.OTHER)


class CheckOvertaken(Exception):
    """Answers of the item were saved since the page was shown: their ids. Nothing is confirmed."""

    def __init__(self, answers):
        self.answers = answers
        super().__init__()


class ItemCheckQuerySet(ScopedQuerySet):
    to_site = "assessment__site"

    @transaction.atomic
    def confirm(self, assessment, item, *, by, seen=None):
        """Somebody looked at every answer of `item` and stands by it.

        `seen` holds the versions they looked at, by answer id; None means those as they stand. Raises `CheckOvertaken` where
        these are others by now, ValidationError while one is open, and PermissionDenied where the assessment is for
        reading only.
        """
        stored = Assessment.objects.select_for_update().get(pk=assessment.pk)  # saves of its answers wait
        if stored.reading_only:
            raise PermissionDenied(stored.reading_only)
        given = assessment.answers.filter(requirement__item=item).values_list("pk", "choice", "version")
        newer = {pk for pk, _choice, version in given if seen is not None and seen.get(pk) != version}
        if newer:
            raise CheckOvertaken(newer)
        if any(choice == OPEN for _pk, choice, _version in given):
            raise ValidationError(_("Something is still open here, so nothing is confirmed yet."))
        return self.update_or_create(
            assessment=assessment,
            item=item,
            defaults={
                "confirmed_by": by,
                "confirmed_at": timezone.now(),
                "asked": len(given),
                "versions": sum(version for _pk, _choice, version in given),
            },
        )[0]


class ItemCheck(models.Model):
    """`versions` adds up the versions of the item's answers when they were confirmed. They only ever grow, so a later edit
    opens the item again without a word being written at the edit."""

    assessment = models.ForeignKey(Assessment, models.CASCADE, related_name="checks")
    item = models.ForeignKey(Item, models.PROTECT, related_name="+")
    confirmed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    confirmed_at = models.DateTimeField()
    asked = models.PositiveSmallIntegerField()
    versions = models.PositiveIntegerField()
    objects = ItemCheckQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["assessment", "item"], name="check_once_an_item")]

    def __str__(self):
        return f"{self.item.code} of {self.assessment} confirmed"

    def holds(self, versions):
        """Is it still what was confirmed? `versions` are those of the item's answers now."""
        return (self.asked, self.versions) == (len(versions), sum(versions))


def contradictions_of(assessment, answers, held=None, day=None):
    """The `consistency.Contradiction`s among `answers` of `assessment`, each with an answer as its key.

    `held` is evidence by answer id, fetched here unless it is there already; `day` is today at the site unless another is
    meant.
    """
    if held is None:
        held = Evidence.objects.in_force().filter(answer__in=answers).by_answer()
    before = last_choices(assessment)
    claims = [_claim(answer, held.get(answer.pk, ()), before) for answer in answers]
    return consistency.contradictions(claims, scope_of(assessment, day or assessment.site.today()))


def scope_of(assessment, day):
    """What the rules of consistency know of the assessment on that day."""
    constants = assessment.constants
    return consistency.Scope(
        today=month_number(day),
        automated=assessment.automated,
        audit=month_number(assessment.audit_month) if assessment.audit_month else None,
        evidence_months=constants.evidence_months,
        sustained_months=constants.sustained_months,
    )


def last_choices(assessment):
    """Requirement key -> what was chosen in the assessment before, where there is one in the same release."""
    if assessment.previous_id is None or assessment.previous.release_id != assessment.release_id:
        return {}
    rows = Answer.objects.filter(assessment=assessment.previous_id)
    return dict(rows.values_list("requirement__key", "choice"))


def _claim(answer, held, before):
    asked = answer.requirement
    return consistency.Claim(
        key=answer,
        item=asked.item.code,
        choice=answer.choice,
        result=asked.kind == Requirement.RESULT,
        critical=asked.critical,
        automated_only=asked.automated and not asked.human,
        elsewhere=answer.reason in ELSEWHERE,
        has_note=bool(answer.note.strip()),
        periods=tuple(evidence.period for evidence in held),
        last_time=before.get(asked.key, OPEN),
        shown=answer.shown,
        overruled=bool(answer.overruled_because),
    )
