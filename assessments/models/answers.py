"""What was answered to each requirement of an assessment, and every change anyone made to it."""

from datetime import datetime

from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from assessments.models.origin import current_address
from assessments.models.people import ScopedQuerySet
from assessments.rules import scoring
from standards.models import Requirement


class Conflict(Exception):
    """Somebody else saved the same field since the page was loaded. Carries what is stored now and who stored it."""

    def __init__(self, revision):
        self.revision = revision
        super().__init__("This answer was changed by somebody else meanwhile.")


VALUES = {"choice": ("choice", "reason", "reason_text"), "note": ("note",)}
WHO_AND_WHEN = {"choice": ("answered_by", "answered_at"), "note": ("noted_by", "noted_at")}


class AnswerQuerySet(ScopedQuerySet):
    to_site = "assessment__site"

    def unanswered(self):
        return self.filter(choice=scoring.OPEN)

    def in_item(self, code):
        return self.filter(requirement__item__code=code)

    def locked(self, pk):
        """The one of that id with its assessment, both locked until the transaction ends.

        Raises PermissionDenied where the assessment is for reading only.
        """
        rows = self.select_for_update(of=("self", "assessment")).select_related("assessment")
        stored = rows.get(pk=pk)
        if stored.assessment.reading_only:
            raise PermissionDenied(stored.assessment.reading_only)
        return stored

    def take_turns(self):
        """Lock all of them, which are of one assessment, and then the assessment; raises like `locked`.

        The answers come first, as where one is saved: two that wait for each other's row would be stopped by PostgreSQL.
        """
        rows = list(self.select_for_update(of=("self",)).order_by("pk").only("pk"))
        if rows:
            Answer.objects.locked(rows[0].pk)

    def assign_to(self, person):
        """Make all of them the work of `person`, or of nobody; how many changed hands."""
        return self.exclude(assignee=person).update(assignee=person)

    def in_order(self):
        """With requirement, item, own wording and who answered: everything an item page or the report shows."""
        return self.select_related(
            "requirement__item__domain", "requirement__wording", "answered_by", "noted_by"
        ).order_by("requirement__item__position", "requirement__position")

    def with_names(self):
        return self.select_related(
            "assessment__site__organisation",
            "assessment__release__standard",
            "assessment__variant",
            "requirement__item__domain",
            "requirement__wording",
            "answered_by",
            "noted_by",
        )


class Answer(models.Model):
    """One requirement's level, or why there is none, and a note.

    `version` counts every change. The choice (with the reason of a not-applicable) and the note are fields of their
    own: two people who change different ones never get in each other's way.
    """

    class Reason(models.TextChoices):
        OUT_OF_SCOPE = "out-of-scope", _("Outside the scope of this assessment")
        NOT_OFFERED = "not-offered", _("Channel or service not offered")
        ELSEWHERE = "elsewhere", _("Covered elsewhere in the organisation")
        OTHER = "other", _("Another reason")

    CHOICE, NOTE = FIELDS = "choice", "note"

    assessment = models.ForeignKey("Assessment", models.CASCADE, related_name="answers")
    requirement = models.ForeignKey(Requirement, models.PROTECT, related_name="answers")
    choice = models.CharField(max_length=8, blank=True, default=scoring.OPEN)
    reason = models.CharField(max_length=16, blank=True, choices=Reason)
    reason_text = models.CharField(max_length=500, blank=True)
    note = models.TextField(blank=True)
    version = models.PositiveIntegerField(default=0)
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    answered_at = models.DateTimeField(null=True)
    noted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    noted_at = models.DateTimeField(null=True)
    assignee = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        related_name="+",
        help_text=_("Whose work it is to answer."),
    )
    flagged = models.BooleanField(default=False, help_text=_("Somebody wants to come back to it."))
    carried = models.BooleanField(
        default=False, help_text=_("Comes from the assessment before and was not confirmed since.")
    )
    shown = models.PositiveSmallIntegerField(
        null=True,
        editable=False,
        help_text=_("The level its metrics show; nothing where no metric of the site is linked to it."),
    )
    overruled_because = models.CharField(
        max_length=500, blank=True, help_text=_("Why another level than its metrics show was chosen.")
    )
    objects = AnswerQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["assessment", "requirement"], name="answer_once_a_requirement"),
            models.CheckConstraint(
                condition=Q(choice__in=(scoring.OPEN, *scoring.CHOICES)), name="answer_choice_is_known"
            ),
            models.CheckConstraint(
                condition=(Q(choice=scoring.NOT_APPLICABLE) & ~Q(reason=""))
                | (~Q(choice=scoring.NOT_APPLICABLE) & Q(reason="")),
                name="answer_not_applicable_for_a_reason",
            ),
        ]

    def __str__(self):
        return f"{self.requirement} of {self.assessment}: {self.choice or 'open'}"

    @property
    def level(self):
        return scoring.level_of(self.choice)

    @property
    def saved_at(self):
        """When anything of it was last saved, or None."""
        return max((at for at in (self.answered_at, self.noted_at) if at), default=None)

    @property
    def follows_metrics(self):
        """Is its level the one its metrics show, so that only an overruling with a reason changes it?"""
        return self.shown is not None and not self.overruled_because

    def record_choice(self, choice, *, by, version, key="", reason="", reason_text=""):
        """Save what was chosen, or that nothing is any more (`scoring.OPEN`); see `_record`.

        Raises ValidationError where metrics show the level.
        """
        values = {"choice": choice, "reason": reason, "reason_text": reason_text}
        self._record(self.CHOICE, values, by=by, version=version, key=key)

    def overrule(self, choice, because, *, by, version, reason="", reason_text=""):
        """Save another choice than its metrics show, and why; see `_record`."""
        values = {
            "choice": choice,
            "reason": reason,
            "reason_text": reason_text,
            "overruled_because": because,
        }
        self._record(self.CHOICE, values, by=by, version=version, key="")

    def follow_again(self, *, by, version):
        """Take back that it was overruled: the level is what its metrics show."""
        self.overrule(str(self.shown), "", by=by, version=version)

    def record_note(self, note, *, by, version, key=""):
        """Save the note; see `_record`."""
        self._record(self.NOTE, {"note": note}, by=by, version=version, key=key)

    def _record(self, field, values, *, by, version, key):
        """Save `values`, one revision and the assessment's figures in one short transaction.

        `version` is the one the sender saw. Raises PermissionDenied where the assessment is for reading only, and
        `Conflict` if the same field was saved since by another request and holds something else now. A repeated
        request, or one that changes nothing, leaves all as it is; a carried-over choice is confirmed by it.
        """
        with transaction.atomic():
            # Both rows are locked: the figures are added up from all answers, so saves of one assessment take turns.
            stored = Answer.objects.locked(self.pk)
            for name in (*values, "version", "shown"):
                setattr(self, name, getattr(stored, name))
            differs = any(getattr(self, name) != value for name, value in values.items())
            if field == self.CHOICE and differs:
                self._check_who_decides("overruled_because" in values)
            confirms = field == self.CHOICE and stored.carried
            if not confirms and not differs:
                return
            if self.version != version:
                since = list(self.revisions.filter(field=field, version__gt=version).select_related("by"))
                if key and any(revision.key == key for revision in since):
                    return  # a repeat whose first copy arrived; what others saved on top of it stands
                if since:
                    raise Conflict(since[-1])
            self._store(field, values, by, key)
            self.assessment.rescore(by=by)

    def _check_who_decides(self, overruling):
        """Raises ValidationError where metrics show the level and it is not overruled, and the other way round."""
        if self.shown is not None and not overruling:
            raise ValidationError(
                _("This level follows from the metrics. To say otherwise, overrule it and give the reason.")
            )
        if self.shown is None and overruling:
            raise ValidationError(
                _("No metric shows this any more: answer it on its page. Nothing was saved.")
            )

    def follow(self, level):
        """Take the level its metrics show, or none; not stored yet. Returns the revision if the choice changed, or None.

        One that a person overruled keeps its choice.
        """
        self.shown = level
        if level is None:
            self.overruled_because = ""
        if level is None or self.overruled_because:
            return None
        self.carried = False
        if self.choice == str(level):
            return None
        self.choice, self.reason, self.reason_text = str(level), "", ""
        self.answered_by = self.answered_at = None  # nobody did; the revision says when
        self.version += 1
        values = {name: getattr(self, name) for name in VALUES[self.CHOICE]}
        return AnswerRevision(
            answer=self,
            version=self.version,
            field=self.CHOICE,
            values=values,
            key=AnswerRevision.FROM_METRICS,
        )

    @transaction.atomic
    def flag(self, on):
        """Mark it as something to come back to, or no longer. Raises PermissionDenied like a save."""
        Answer.objects.locked(self.pk)
        self.flagged = on
        self.save(update_fields=["flagged"])

    def restore(self, revision, *, by):
        """Save again what an earlier revision of it holds, on top of whatever stands now.

        Raises ValidationError where metrics show the level: it is overruled with a reason, not brought back.
        """
        record = {self.CHOICE: self.record_choice, self.NOTE: self.record_note}[revision.field]
        values = {name: revision.values[name] for name in VALUES[revision.field]}
        record(**values, by=by, version=self.version)

    def confirm(self, *, by):
        """Still true: what was carried over counts as answered by `by` now."""
        values = {name: getattr(self, name) for name in VALUES[self.CHOICE]}
        self.record_choice(**values, by=by, version=self.version)

    def standing(self, field):
        """What the field holds, whose it is and since when, as JSON keeps it: a save `as_it_stood` brings all of it back."""
        who, when = WHO_AND_WHEN[field]
        at = getattr(self, when)
        return {
            "values": {name: getattr(self, name) for name in VALUES[field]},
            "by": getattr(self, f"{who}_id"),
            "at": at and at.isoformat(),
            "carried": self.carried,
        }

    def _store(self, field, values, by, key, as_it_stood=None):
        for name, value in values.items():
            setattr(self, name, value)
        self.version += 1
        who, when = WHO_AND_WHEN[field]
        setattr(self, who, by)
        setattr(self, when, timezone.now())
        changed = [*values, "version", who, when]
        if field == self.CHOICE:
            self.carried = False
            changed.append("carried")
            if self.choice == scoring.OPEN:
                # Taken back: the revision says by whom, and nobody has answered it.
                self.answered_by = self.answered_at = None
        if as_it_stood:
            setattr(self, f"{who}_id", as_it_stood["by"])
            setattr(self, when, as_it_stood["at"] and datetime.fromisoformat(as_it_stood["at"]))
            self.carried = as_it_stood["carried"] if field == self.CHOICE else self.carried
        self.save(update_fields=changed)
        AnswerRevision.objects.create(
            answer=self, version=self.version, field=field, values=values, by=by, key=key
        )


class AnswerRevision(models.Model):
    """One save of one field. Only ever added to. One that followed from metrics has FROM_METRICS as its key."""

    FROM_METRICS = "metrics"

    answer = models.ForeignKey(Answer, models.CASCADE, related_name="revisions")
    version = models.PositiveIntegerField()
    field = models.CharField(max_length=8)
    values = models.JSONField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    key = models.CharField(
        max_length=40, blank=True, help_text=_("The sender's name for this save; a repeat carries the same.")
    )
    address = models.GenericIPAddressField(null=True, default=current_address, editable=False)

    class Meta:
        ordering = ["version"]
        indexes = [models.Index(fields=["-at", "-id"], name="answer_save_newest_first")]
        constraints = [models.UniqueConstraint(fields=["answer", "version"], name="revision_once_a_version")]

    def __str__(self):
        return f"{self.answer_id} version {self.version}: {self.field}"
