"""Answers that came in from a workbook: what the file says, what was applied of it, and the way back."""

from datetime import timedelta

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import models, transaction
from django.db.models import Max, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from assessments.models.activity import Activity, Verb
from assessments.models.answers import Answer, AnswerRevision
from assessments.models.assessments import Assessment
from assessments.models.people import ScopedQuerySet, User

WAITS = timedelta(days=1)  # a dry run that nobody applied by then is thrown away


class AnswerImportQuerySet(ScopedQuerySet):
    to_site = "assessment__site"

    def applied(self):
        return self.exclude(applied_at=None)

    @transaction.atomic
    def begin(self, *, assessment, by, **fields):
        """A dry run. It takes the place of the one that `by` had open before, so that notes are not piled up unread."""
        waiting = self.filter(assessment=assessment, applied_at=None)
        waiting.filter(Q(by=by) | Q(at__lt=timezone.now() - WAITS)).delete()
        return self.create(assessment=assessment, by=by, **fields)


class AnswerImport(models.Model):
    """One workbook of answers: first a dry run, then applied in one go, and undone in one go.

    A change is `{"answer": id, "row": n, "field": "choice" or "note", ...}`. In what the file `said` it has `seen`, the
    values at the download, and `values`; in the `changes` that were applied `before` (see `Answer.standing`), `values`,
    the `version` they were saved as and, once it went back, `undone`.
    """

    assessment = models.ForeignKey(Assessment, models.CASCADE, related_name="answer_imports")
    file_name = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64, help_text=_("Of the bytes of the file."))
    said = models.JSONField(help_text=_("What the file says, until it is applied."))
    changes = models.JSONField(default=list, help_text=_("What was applied of it."))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(auto_now_add=True)
    applied_at = models.DateTimeField(null=True)
    undone_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    undone_at = models.DateTimeField(null=True)
    objects = AnswerImportQuerySet.as_manager()

    class Meta:
        ordering = ["-at", "-pk"]

    def __str__(self):
        return f"{self.file_name}, {self.assessment}"

    def take_turns(self):
        """Lock it, the answers it is about and the assessment, until the transaction ends, and read it again.

        The answers before the assessment, as a single save does: two that wait for each other's row would be stopped by
        PostgreSQL. Raises PermissionDenied where the assessment is for reading only.
        """
        AnswerImport.objects.select_for_update().get(pk=self.pk)
        self.refresh_from_db()
        told = self.changes if self.applied_at else self.said["changes"] + self.said.get("carried", [])
        ids = {change["answer"] for change in told}
        list(Answer.objects.filter(pk__in=ids).select_for_update().order_by("pk").only("pk"))
        self.assessment = Assessment.objects.select_for_update().get(pk=self.assessment_id)
        if self.assessment.reading_only:
            raise PermissionDenied(self.assessment.reading_only)

    def apply(self, wanted, *, by):
        """Save the changes in `wanted`, pairs of an answer and what the file says of one field of it.

        One revision a field; the figures are worked out once. Call it after `take_turns`, in the same transaction.
        """
        self.changes = [self._applied(answer, change, by) for answer, change in wanted]
        self.by, self.applied_at, self.said = by, timezone.now(), {}
        self.save()
        self.assessment.rescore(by=by)

    def _applied(self, answer, change, by):
        field, before = change["field"], answer.standing(change["field"])
        answer._store(field, change["values"], by, f"workbook-{self.pk}")
        told = {name: change[name] for name in ("answer", "row", "field", "values")}
        return told | {"before": before, "version": answer.version}

    def in_two(self):
        """Its changes in two lists: those whose field still is as it was applied, and those saved by somebody since.

        A level that follows from metrics by now is theirs, even where it is what the workbook said.
        """
        ids = {change["answer"] for change in self.changes}
        rows = AnswerRevision.objects.filter(answer__in=ids).order_by()
        rows = rows.values_list("answer", "field", "answer__shown").annotate(Max("version"))
        newest = {
            (answer, field): version if field == Answer.NOTE or shown is None else None
            for answer, field, shown, version in rows
        }
        still = {True: [], False: []}
        for change in self.changes:
            place = change["answer"], change["field"]
            if place in newest:
                still[newest[place] == change["version"]].append(change)
        return still[True], still[False]

    @transaction.atomic
    def undo(self, *, by):
        """Put back what stood before, but for what was saved since. False where that was done already.

        Raises PermissionDenied where the assessment is for reading only.
        """
        self.take_turns()
        if self.undone_at:
            return False
        back, _left = self.in_two()
        answers = Answer.objects.in_bulk({change["answer"] for change in back})
        savers = User.objects.in_bulk({change["before"]["by"] for change in back} - {None})
        for change in back:
            before = change["before"]
            by_then = before["by"] if before["by"] in savers else None  # they may have left
            answers[change["answer"]]._store(
                change["field"], before["values"], by, f"workbook-{self.pk}-undone", before | {"by": by_then}
            )
            change["undone"] = True
        self.undone_by, self.undone_at = by, timezone.now()
        self.save()
        if back:
            self.assessment.rescore(by=by)
        Activity.objects.about(self.assessment, Verb.ANSWERS_IMPORT_UNDONE, self.file_name, by=by)
        return True
