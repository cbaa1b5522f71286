"""One site against one release and variant, its answers, and every change anyone made to them."""

from functools import lru_cache

from django.conf import settings
from django.db import models, transaction
from django.db.models import OuterRef, Q, Subquery
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from assessments.models.people import ScopedQuerySet
from assessments.models.sites import Channel, Site
from assessments.rules import priorities, scoring, verdict
from standards.models import Release, Requirement, Variant


@lru_cache(maxsize=32)
def asked_items(release_id, revision):
    """A release as the arithmetic sees it: `scoring.Item`s keyed by requirement id.

    Kept in memory for the release's `revision`: an edit of wording, weight or scoring counts it up, so a process that
    still holds the old one never reads it again.
    """
    items = {}
    for r in Requirement.objects.filter(item__domain__release_id=release_id).in_order():
        items.setdefault(r.item, []).append(
            scoring.Requirement(
                key=r.pk,
                weight=r.weight_in_force,
                target=r.target_in_force,
                effort=r.effort,
                critical=r.critical,
                fundamental=r.fundamental,
                result=r.kind == Requirement.RESULT,
            )
        )
    return tuple(
        scoring.Item(item.code, item.domain.code, item.points, tuple(requirements))
        for item, requirements in items.items()
    )


FIGURES = ("score", "ceiling", "asked", "open", "unknown", "blockers", "revision")


class AssessmentQuerySet(ScopedQuerySet):
    to_memberships = "site__organisation__memberships"

    def with_names(self):
        """What headers and lists print, in one query."""
        return self.select_related("site__organisation", "release__standard", "release__scoring", "variant")

    def latest_of(self, sites):
        """Site id -> its newest assessment, in one query for all of `sites`."""
        newest = self.filter(site=OuterRef("site")).order_by("-started_at", "-pk").values("pk")[:1]
        rows = self.filter(site__in=sites, pk=Subquery(newest)).select_related("release", "variant")
        return {assessment.site_id: assessment.up_to_date() for assessment in rows}

    @transaction.atomic
    def start(self, *, site, release, variant, channels, audit_month, by):
        """A new assessment with one open answer for each requirement its scope asks, and True.

        Where the same one was started already and nobody has answered anything, that one and False: a double click or a
        second tab must not leave an empty twin behind.
        """
        Site.objects.select_for_update().get(pk=site.pk)
        twins = self.filter(site=site, release=release, variant=variant, saved_at=None)
        for twin in twins.with_names():
            if sorted(twin.channels) == sorted(channels):
                return twin, False
        assessment = self.model(
            site=site,
            release=release,
            variant=variant,
            channels=channels,
            audit_month=audit_month,
            started_by=by,
        )
        assessment.save(force_insert=True)
        asked = assessment.requirements_in_scope().values_list("pk", flat=True)
        Answer.objects.bulk_create([Answer(assessment=assessment, requirement_id=pk) for pk in asked])
        assessment.rescore()
        return assessment, True


class Assessment(models.Model):
    site = models.ForeignKey(Site, models.PROTECT, related_name="assessments")
    release = models.ForeignKey(Release, models.PROTECT, related_name="+")
    variant = models.ForeignKey(Variant, models.PROTECT, related_name="+")
    channels = models.JSONField(
        default=list, help_text=_("The channels in scope, among those the site offers.")
    )
    audit_month = models.DateField(null=True, blank=True, help_text=_("First day of the month aimed at."))
    started_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    started_at = models.DateTimeField(auto_now_add=True)
    saved_at = models.DateTimeField(null=True, editable=False)
    saved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", editable=False
    )
    # The figures of the answers as last saved, kept in the same transaction, so that lists of sites need not add up.
    score = models.FloatField(null=True, editable=False)
    ceiling = models.FloatField(null=True, editable=False)
    asked = models.PositiveIntegerField(default=0, editable=False)
    open = models.PositiveIntegerField(default=0, editable=False)
    unknown = models.PositiveIntegerField(default=0, editable=False)
    blockers = models.PositiveIntegerField(default=0, editable=False)
    revision = models.PositiveIntegerField(
        default=0,
        editable=False,
        help_text=_("The release's revision with which the figures were worked out."),
    )
    objects = AssessmentQuerySet.as_manager()

    class Meta:
        ordering = ["-started_at", "-pk"]

    def __str__(self):
        return f"{self.site}, {self.variant.code} {self.release.version}"

    def get_absolute_url(self):
        return reverse("assessment", args=[self.pk])

    @property
    def percent(self):
        """The stored score as printed; None where nothing applies."""
        return scoring.whole_percent(self.score)

    @property
    def human(self):
        return any(channel in Channel.human() for channel in self.channels)

    @property
    def automated(self):
        return any(channel in Channel.automated() for channel in self.channels)

    def requirements_in_scope(self):
        return (
            Requirement.objects.of(self.release)
            .for_scope(self.variant, human=self.human, automated=self.automated)
            .distinct()
        )

    def choices(self):
        """Requirement id -> what was chosen, for every requirement asked."""
        return dict(self.answers.values_list("requirement_id", "choice"))

    def scored_items(self):
        return asked_items(self.release_id, self.release.revision)

    def scores(self, choices=None):
        return scoring.score(self.scored_items(), self.choices() if choices is None else choices)

    def gaps(self, choices=None):
        constants = self.release.constants
        weights = priorities.Weights(
            blocker=float(constants.urgency_blocker),
            fundamental=float(constants.urgency_fundamental),
            small=float(constants.effort_small),
            medium=float(constants.effort_medium),
            large=float(constants.effort_large),
        )
        return priorities.rank_gaps(
            self.scored_items(), self.choices() if choices is None else choices, weights
        )

    def verdict(self, scores):
        constants = self.release.constants
        fields = verdict.Thresholds.__dataclass_fields__
        return verdict.judge(
            scores, verdict.Thresholds(**{name: getattr(constants, name) for name in fields})
        )

    def up_to_date(self):
        """Itself, its figures worked out again if a weight, a target or a constant was edited since they were stored."""
        if self.revision != self.release.revision:
            with transaction.atomic():
                Assessment.objects.select_for_update().get(pk=self.pk)
                self.rescore()
        return self

    def rescore(self, by=None):
        """Store the figures of the answers as they stand. Call inside the transaction that changed them."""
        scores = self.scores()
        self.score, self.ceiling = scores.overall.score, scores.overall.ceiling
        self.asked, self.open, self.unknown = (
            scores.overall.asked,
            scores.overall.open,
            scores.overall.unknown,
        )
        self.blockers, self.revision = len(scores.blockers), self.release.revision
        fields = {name: getattr(self, name) for name in FIGURES}
        if by is not None:
            self.saved_at, self.saved_by = timezone.now(), by
            fields |= {"saved_at": self.saved_at, "saved_by": by}
        Assessment.objects.filter(pk=self.pk).update(**fields)


class Conflict(Exception):
    """Somebody else saved the same field since the page was loaded. Carries what is stored now and who stored it."""

    def __init__(self, revision):
        self.revision = revision
        super().__init__("This answer was changed by somebody else meanwhile.")


class AnswerQuerySet(ScopedQuerySet):
    to_memberships = "assessment__site__organisation__memberships"

    def unanswered(self):
        return self.filter(choice=scoring.OPEN)

    def in_order(self):
        """With requirement, item, own wording and who answered: everything an item page or the report shows."""
        return self.select_related(
            "requirement__item__domain", "requirement__wording", "answered_by", "noted_by"
        ).order_by("requirement__item__position", "requirement__position")

    def with_names(self):
        return self.select_related(
            "assessment__site__organisation",
            "assessment__release__scoring",
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

    CHOICE, NOTE = "choice", "note"

    assessment = models.ForeignKey(Assessment, models.CASCADE, related_name="answers")
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

    def record_choice(self, choice, *, by, version, key="", reason="", reason_text=""):
        """Save what was chosen; see `_record`."""
        values = {"choice": choice, "reason": reason, "reason_text": reason_text}
        self._record(self.CHOICE, values, by=by, version=version, key=key)

    def record_note(self, note, *, by, version, key=""):
        """Save the note; see `_record`."""
        self._record(self.NOTE, {"note": note}, by=by, version=version, key=key)

    def _record(self, field, values, *, by, version, key):
        """Save `values`, one revision and the assessment's figures in one short transaction.

        `version` is the one the sender saw. Raises `Conflict` if the same field was saved since by another request and
        holds something else now. A repeated request, or one that changes nothing, leaves all as it is.
        """
        with transaction.atomic():
            # Both rows are locked: the figures are added up from all answers, so saves of one assessment take turns.
            stored = (
                Answer.objects.select_for_update(of=("self", "assessment"))
                .select_related("assessment")
                .get(pk=self.pk)
            )
            for name in (*values, "version"):
                setattr(self, name, getattr(stored, name))
            if all(getattr(self, name) == value for name, value in values.items()):
                return
            if self.version != version:
                since = list(self.revisions.filter(field=field, version__gt=version).select_related("by"))
                if since:
                    raise Conflict(since[-1])
            self._store(field, values, by, key)
            self.assessment.rescore(by=by)

    def _store(self, field, values, by, key):
        for name, value in values.items():
            setattr(self, name, value)
        self.version += 1
        who, when = ("answered_by", "answered_at") if field == self.CHOICE else ("noted_by", "noted_at")
        setattr(self, who, by)
        setattr(self, when, timezone.now())
        self.save(update_fields=[*values, "version", who, when])
        AnswerRevision.objects.create(
            answer=self, version=self.version, field=field, values=values, by=by, key=key
        )


class AnswerRevision(models.Model):
    """One save of one field. Only ever added to."""

    answer = models.ForeignKey(Answer, models.CASCADE, related_name="revisions")
    version = models.PositiveIntegerField()
    field = models.CharField(max_length=8)
    values = models.JSONField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(auto_now_add=True)
    key = models.CharField(
        max_length=40, blank=True, help_text=_("The sender's name for this save; a repeat carries the same.")
    )

    class Meta:
        ordering = ["version"]
        constraints = [models.UniqueConstraint(fields=["answer", "version"], name="revision_once_a_version")]

    def __str__(self):
        return f"{self.answer_id} version {self.version}: {self.field}"
