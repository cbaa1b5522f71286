"""One site against one release and variant."""

from functools import lru_cache

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import models, transaction
from django.db.models import OuterRef, Subquery
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from assessments.models import levels
from assessments.models.answers import Answer
from assessments.models.metrics import Metric, judged_month
from assessments.models.people import ScopedQuerySet
from assessments.models.sites import Channel, Site
from assessments.rules import priorities, scoring, verdict
from standards.models import Release, Requirement, Variant, catalogue, scoring_of


@lru_cache(maxsize=32)
def asked_items(release_id, revision):
    """A release as the arithmetic sees it: `scoring.Item`s keyed by requirement id, kept in memory like its catalogue."""
    items = {}
    for r in catalogue(release_id, revision).values():
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
    to_site = "site"

    def with_names(self):
        """What headers and lists print, in one query."""
        return self.select_related("site__organisation", "release__standard", "variant")

    def in_use(self):
        """Without those whose making was undone."""
        return self.filter(set_aside_at=None)

    def to_begin_with(self, site, release):
        """Those of `site` whose answers a new assessment in `release` can begin with, the newest first."""
        return (
            self.in_use()
            .filter(site=site, continued_at=None, release__standard=release.standard_id)
            .filter(release__position__gte=release.position)  # the newest release has the lowest
            .exclude(saved_at=None)
            .select_related("release", "variant")
        )

    def newest_of(self, sites, **narrowed):
        """The newest assessment of each of `sites`, among those `narrowed` to, in one query."""
        newest = self.in_use().filter(site=OuterRef("site"), **narrowed).order_by("-started_at", "-pk")
        return self.filter(site__in=sites, pk=Subquery(newest.values("pk")[:1])).select_related(
            "site", "release__standard", "variant"
        )

    def latest_of(self, sites):
        """Site id -> its newest assessment, up to date."""
        return {assessment.site_id: assessment.up_to_date() for assessment in self.newest_of(sites)}

    def follow_metrics(self, site):
        """Let the levels of every assessment of `site` that can still be answered follow its metrics."""
        rows = self.in_use().filter(site=site, continued_at=None)
        shown = Metric.objects.levels_shown(site)  # judged once, however many assessments there are
        for assessment in rows.select_related("release__standard", "variant"):
            assessment.site = site
            assessment.follow_metrics(shown=shown)

    @transaction.atomic
    def start(self, *, site, release, variant, channels, audit_month, by, quick=False):
        """A new assessment with one open answer for each requirement its scope asks, and True.

        Where the same one was started already and nobody has answered anything or moved it on, that one and False: a
        double click or a second tab must not leave an empty twin behind.
        """
        Site.objects.select_for_update().get(pk=site.pk)
        twins = self.filter(
            site=site,
            release=release,
            variant=variant,
            quick=quick,
            previous=None,
            continued_at=None,
            saved_at=None,
        )
        for twin in twins.with_names():
            if sorted(twin.channels) == sorted(channels):
                return twin, False
        assessment = self.model(
            site=site,
            release=release,
            variant=variant,
            channels=channels,
            quick=quick,
            audit_month=audit_month,
            started_by=by,
            judged_month=judged_month(site, site.today()),
        )
        assessment.save(force_insert=True)
        assessment.ask()
        if Metric.objects.in_use().filter(site=site).exists():
            assessment.follow_metrics()
        assessment.rescore()
        return assessment, True


class Assessment(models.Model):
    site = models.ForeignKey(Site, models.PROTECT, related_name="assessments")
    release = models.ForeignKey(Release, models.PROTECT, related_name="+")
    variant = models.ForeignKey(Variant, models.PROTECT, related_name="+")
    channels = models.JSONField(
        default=list, help_text=_("The channels in scope, among those the site offers.")
    )
    quick = models.BooleanField(
        _("quick scan"), default=False, help_text=_("Only the requirements of the quick scan are asked.")
    )
    previous = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        editable=False,
        related_name="successors",
        help_text=_("The assessment whose answers were carried over into this one."),
    )
    continued_at = models.DateTimeField(
        null=True, editable=False, help_text=_("Since then its answers are continued in a successor.")
    )
    set_aside_at = models.DateTimeField(
        null=True, editable=False, help_text=_("Since then the move that made it is undone.")
    )
    audit_month = models.DateField(null=True, blank=True, help_text=_("First day of the month aimed at."))
    started_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    started_at = models.DateTimeField(auto_now_add=True)
    saved_at = models.DateTimeField(null=True, editable=False)
    saved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", editable=False
    )
    judged_month = models.DateField(
        null=True, editable=False, help_text=_("The month up to which its metrics were judged.")
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
    chosen = None  # what `rescore` worked the figures out from

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
    def reading_only(self):
        """Why nothing can be answered here any more; empty while it can."""
        if self.set_aside_at:
            return _("The move or new round that made this was undone, so nothing can be changed here.")
        if self.continued_at:
            return _("This assessment is continued in a newer one, so nothing can be changed here.")
        return ""

    @property
    def human(self):
        return any(channel in Channel.human() for channel in self.channels)

    @property
    def automated(self):
        return any(channel in Channel.automated() for channel in self.channels)

    def last_time(self, answers):
        """Requirement key -> what was chosen in the assessment before, for what `answers` of this one are about."""
        if self.previous_id is None:
            return {}
        rows = Answer.objects.filter(assessment=self.previous_id).exclude(choice=scoring.OPEN)
        rows = rows.filter(requirement__key__in=[answer.requirement.key for answer in answers])
        return dict(rows.values_list("requirement__key", "choice"))

    def in_release(self, release):
        """The same scope in another release, not stored: what it would ask can be counted and compared."""
        return Assessment(
            site=self.site,
            release=release,
            variant=release.variants.get(code=self.variant.code),
            channels=self.channels,
            quick=self.quick,
            audit_month=self.audit_month,
        )

    def requirements_in_scope(self):
        asked = Requirement.objects.of(self.release).for_scope(
            self.variant, human=self.human, automated=self.automated
        )
        return (asked.filter(quick=True) if self.quick else asked).distinct()

    def ask(self):
        """An open answer for each requirement in scope that has none yet."""
        has_one = self.answers.values("requirement")
        asked = self.requirements_in_scope().exclude(pk__in=has_one).values_list("pk", flat=True)
        Answer.objects.bulk_create([Answer(assessment=self, requirement_id=pk) for pk in asked])

    def _take_turns(self):
        """Lock it until the transaction ends. Raises PermissionDenied where it is for reading only by now."""
        stored = Assessment.objects.select_for_update().get(pk=self.pk)
        if stored.reading_only:
            raise PermissionDenied(stored.reading_only)

    @transaction.atomic
    def aim_at(self, month):
        """Set the audit month, a first day or None. Raises PermissionDenied where it is for reading only."""
        self._take_turns()
        self.audit_month = month
        self.save(update_fields=["audit_month"])

    @transaction.atomic
    def grow(self):
        """From the quick scan to everything its variant is asked. Every answer stays.

        Raises PermissionDenied where it is for reading only.
        """
        self._take_turns()
        self.quick = False
        self.save(update_fields=["quick"])
        self.ask()
        self.follow_metrics()
        self.rescore()

    @transaction.atomic(savepoint=False)
    def follow_metrics(self, day=None, shown=None):
        """Let the levels of its results requirements follow from the metrics of the site, as on `day` (today there), and
        store the figures. `shown` is what they show, where that is known already."""
        day = day or self.site.today()
        if shown is None:
            shown = Metric.objects.levels_shown(self.site, day)
        if levels.follow_metrics(self, shown):
            Assessment.objects.select_for_update().get(pk=self.pk)
            self.rescore()
        month = judged_month(self.site, day)
        if self.judged_month != month:
            self.judged_month = month
            self.save(update_fields=["judged_month"])

    def sheet(self, code=None, domain=None):
        """Its answers in the standard's order, with the words in force and who gave them.

        `code` narrows them to the item of that code, `domain` to a domain. Of a whole domain nobody is told whose work it
        is, so these names are not fetched.
        """
        given = self.answers.select_related("answered_by", "noted_by", *([] if domain else ["assignee"]))
        if code is not None:
            # Looked up in memory: an address may hold a code that a database refuses to compare with.
            asked = [pk for pk, requirement in self.catalogue().items() if requirement.item.code == code]
            given = given.filter(requirement__in=asked)
        if domain is not None:
            given = given.filter(requirement__item__domain=domain)
        by_requirement = {answer.requirement_id: answer for answer in given}
        return list(self._in_order(by_requirement))

    @property
    def constants(self):
        """The `Scoring` of its release."""
        return scoring_of(self.release_id, self.release.revision)

    def catalogue(self):
        """Requirement id -> `Requirement`, of the whole release; what is asked are those that have an answer row."""
        return catalogue(self.release_id, self.release.revision)

    def domain(self, code):
        """The domain of that code in its release, or None."""
        domains = (requirement.item.domain for requirement in self.catalogue().values())
        return next((domain for domain in domains if domain.code == code), None)

    def _in_order(self, by_requirement):
        for pk, requirement in self.catalogue().items():
            if answer := by_requirement.get(pk):
                answer.assessment, answer.requirement = self, requirement
                yield answer

    def choices(self):
        """Requirement id -> what was chosen, for every requirement asked."""
        return dict(self.answers.values_list("requirement_id", "choice"))

    def scored_items(self):
        return asked_items(self.release_id, self.release.revision)

    def scores(self, choices=None):
        return scoring.score(self.scored_items(), self.choices() if choices is None else choices)

    def figure_of(self, codes, choices):
        """The figure over the items of `codes` alone, as score and ceiling of the whole are worked out."""
        chosen = tuple(item for item in self.scored_items() if item.code in codes)
        return scoring.score(chosen, choices).overall

    def gaps(self, choices=None):
        in_force = self.constants
        weights = priorities.Weights(
            blocker=float(in_force.urgency_blocker),
            fundamental=float(in_force.urgency_fundamental),
            small=float(in_force.effort_small),
            medium=float(in_force.effort_medium),
            large=float(in_force.effort_large),
        )
        return priorities.rank_gaps(
            self.scored_items(), self.choices() if choices is None else choices, weights
        )

    def verdict(self, scores):
        in_force = self.constants
        fields = verdict.Thresholds.__dataclass_fields__
        thresholds = verdict.Thresholds(**{name: getattr(in_force, name) for name in fields})
        return verdict.judge(scores, thresholds, self.furthest_stage)

    @property
    def furthest_stage(self):
        """The last stage its answers can lead to, or None."""
        if not self.release.standard.leads_to_audit:
            return None
        return verdict.BASELINE if self.quick else verdict.AUDIT

    @property
    def score_needed(self):
        """The score in percent that the furthest stage takes; for a self-check, the target of its domains."""
        in_force = self.constants
        return {
            None: in_force.practice_target,
            verdict.BASELINE: in_force.baseline_score,
            verdict.AUDIT: in_force.audit_score,
        }[self.furthest_stage]

    def up_to_date(self):
        """Itself, its figures worked out again if a weight, a target or a constant was edited since they were stored, or if
        the figures of another month are due by now."""
        if not self.reading_only and self.judged_month != judged_month(self.site, self.site.today()):
            self.follow_metrics()
        if self.revision != self.release.revision:
            with transaction.atomic():
                Assessment.objects.select_for_update().get(pk=self.pk)
                self.rescore()
        return self

    def rescore(self, by=None):
        """Store the figures of the answers as they stand. Call inside the transaction that changed them.

        Afterwards `chosen` is what they were worked out from, as of `choices`.
        """
        self.chosen = self.choices()
        scores = self.scores(self.chosen)
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
