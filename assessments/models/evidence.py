"""What a site can show for an answer: where it lies or the file itself, and the months it covers."""

from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import models, transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assessments.models.activity import Activity, Verb
from assessments.models.answers import Answer
from assessments.models.evidence_files import EvidenceFile
from assessments.models.milestones import MOMENT
from assessments.models.people import ScopedQuerySet
from assessments.months import first_of, month_number
from assessments.rules import consistency


class EvidenceQuerySet(ScopedQuerySet):
    to_site = "answer__assessment__site"

    def in_force(self):
        """Neither removed nor replaced by something newer."""
        return self.filter(removed_at=None, replaced_by=None)

    def by_answer(self):
        """Answer id -> its evidence with its files, in one query."""
        found = {}
        for evidence in self.select_related("file").order_by("pk"):
            found.setdefault(evidence.answer_id, []).append(evidence)
        return found


class Evidence(models.Model):
    """A file, a link, or a place in words. Removed and replaced ones are kept: both can be undone.

    `replaces` is what it took the place of: one after another, they are a chain of which the newest is in force. It is set when
    a row is new and after that only emptied, so that a chain never closes to a ring.
    """

    answer = models.ForeignKey(Answer, models.CASCADE, related_name="evidence")
    title = models.CharField(max_length=160)
    place = models.CharField(max_length=500, blank=True)
    file = models.ForeignKey(EvidenceFile, models.PROTECT, null=True, related_name="evidence")
    replaces = models.OneToOneField("self", models.RESTRICT, null=True, related_name="replaced_by")
    carried_from = models.ForeignKey(
        "self",
        models.SET_NULL,
        null=True,
        related_name="+",
        help_text=gettext_lazy("Of the assessment before."),
    )
    covers_from = models.DateField(
        null=True, blank=True, help_text=gettext_lazy("First day of the first month.")
    )
    covers_to = models.DateField(
        null=True, blank=True, help_text=gettext_lazy("First day of the last month.")
    )
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    added_at = models.DateTimeField(default=timezone.now, editable=False)
    removed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    removed_at = models.DateTimeField(null=True)
    objects = EvidenceQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "evidence"
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(covers_from=None, covers_to=None) | Q(covers_from__lte=F("covers_to")),
                name="evidence_period_in_order",
            ),
            models.CheckConstraint(
                condition=~Q(place="") | Q(file__isnull=False), name="evidence_is_somewhere"
            ),
            models.CheckConstraint(
                condition=Q(replaces=None) | ~Q(replaces=F("pk")), name="evidence_replaces_another"
            ),
        ]

    def __str__(self):
        return self.title

    @property
    def is_link(self):
        return self.place.lower().startswith(("https://", "http://"))

    @property
    def period(self):
        """(first, last) as month numbers, or None where no period is stated."""
        return (month_number(self.covers_from), month_number(self.covers_to)) if self.covers_to else None

    def fresh_until(self, months):
        """The last month in which it still counts, `months` after the last it covers; None without a period."""
        return first_of(month_number(self.covers_to) + months) if self.covers_to else None

    def state(self, scope):
        """A word of `consistency.freshness`, or nothing without a period."""
        return consistency.freshness(self.period[1], scope) if self.covers_to else ""

    @property
    def newest(self):
        """The end of the chain it belongs to: itself where nothing replaced it."""
        last = self
        while newer := Evidence.objects.filter(replaces=last).first():
            last = newer
        return last

    @transaction.atomic
    def add(self, *, by, file=None):
        """Store it as new, with the `StoredFile` that it is, if any; what it `replaces` is out of force from then on.

        Where the same person added the same within a minute, nothing is stored and the bytes of `file` are taken back: a double
        click makes no second. Raises PermissionDenied where the assessment is for reading only, and ValidationError where there is
        no room for the file or where what it replaces was removed or replaced meanwhile.
        """
        Answer.objects.locked(self.answer_id)
        if self._was_added_just_now(by, file):
            if file:
                transaction.on_commit(file.take_back)
            return
        if self.replaces:
            self._check_replaceable()
        if file:
            self.file = EvidenceFile.objects.keep(self._organisation_id, file, by=by)
        self.added_by = by
        self.save()
        self._note(Verb.EVIDENCE_REPLACED if self.replaces else Verb.EVIDENCE_ADDED, by)

    def _was_added_just_now(self, by, file):
        names = ("answer", "title", "place", "replaces", "covers_from", "covers_to")
        same = Evidence.objects.in_force().filter(added_by=by, added_at__gt=timezone.now() - MOMENT)
        same = same.filter(**{name: getattr(self, name) for name in names})
        return same.filter(file__sha256=file.sha256 if file else None).exists()

    def _check_replaceable(self):
        """Of two who replace the same one, the second waits here until the first is done, and is told."""
        older = Evidence.objects.select_for_update().get(pk=self.replaces_id)
        if older.answer_id != self.answer_id:
            raise PermissionDenied(_("Evidence is replaced by evidence of the same requirement."))
        if older.removed_at:
            raise ValidationError(
                _("“%s” was removed meanwhile. Put it back to replace it, or add this as new.") % older
            )
        if newer := Evidence.objects.filter(replaces=older).first():
            raise ValidationError(
                _("“%(older)s” was replaced meanwhile, by “%(newer)s”. Replace that one, or add this as new.")
                % {"older": older, "newer": newer}
            )

    @transaction.atomic
    def remove(self, *, by):
        """Out of force, with what it replaced; a second click changes nothing."""
        Answer.objects.locked(self.answer_id)
        stored = self._stored()
        if stored.removed_at is None:
            self._check_newest()
            self.removed_by, self.removed_at = by, timezone.now()
            self.save(update_fields=["removed_by", "removed_at"])
            self._note(Verb.EVIDENCE_REMOVED, by)

    @transaction.atomic
    def put_back(self, *, by):
        Answer.objects.locked(self.answer_id)
        if self._stored().removed_at:
            self.removed_by = self.removed_at = None
            self.save(update_fields=["removed_by", "removed_at"])
            self._note(Verb.EVIDENCE_PUT_BACK, by)

    @transaction.atomic
    def undo_replacing(self, *, by):
        """What it replaced is in force again, and it is itself removed; a second click changes nothing.

        Raises ValidationError where something newer replaced it meanwhile.
        """
        Answer.objects.locked(self.answer_id)
        if self._stored().replaces_id:
            self._check_newest()
            self.replaces, self.removed_by, self.removed_at = None, by, timezone.now()
            self.save(update_fields=["replaces", "removed_by", "removed_at"])
            self._note(Verb.EVIDENCE_TAKEN_BACK, by)

    def _stored(self):
        """The row as it is now, locked."""
        return Evidence.objects.select_for_update().get(pk=self.pk)

    def _check_newest(self):
        if newer := Evidence.objects.filter(replaces=self.pk).first():
            raise ValidationError(_("“%(newer)s” has replaced it. Undo that first.") % {"newer": newer})

    @property
    def _organisation_id(self):
        return self.answer.assessment.site.organisation_id

    def note_download(self, by):
        self._note(Verb.EVIDENCE_DOWNLOADED, by)

    def _note(self, verb, by):
        site = self.answer.assessment.site
        what = f"{self.answer.requirement.code}: {self.title}"
        Activity.objects.record(site.organisation_id, verb, what, by=by, site=site)


def carry(pairs):
    """Evidence in force beside answers goes on to those that take over from them: `pairs` maps ids of the one to ids of the other.

    A file is carried by its row, so that it counts once. What was carried before is not carried again, not even where somebody
    removed it since.
    """
    done = set(
        Evidence.objects.filter(answer__in=pairs.values(), carried_from__answer__in=pairs).values_list(
            "carried_from", flat=True
        )
    )
    names = ("title", "place", "file_id", "covers_from", "covers_to", "added_by_id", "added_at")
    Evidence.objects.bulk_create(
        Evidence(
            answer_id=pairs[held.answer_id],
            carried_from=held,
            **{name: getattr(held, name) for name in names},
        )
        for held in Evidence.objects.in_force().filter(answer__in=pairs).order_by("pk")
        if held.pk not in done
    )
