"""The metric register of a site: what is measured, the target in force when, and what the readings say."""

from dataclasses import dataclass
from functools import cached_property

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from assessments.models.people import ScopedQuerySet
from assessments.models.sites import Site
from assessments.months import first_of, month_number
from assessments.rules import control_chart, results, sustain
from assessments.rules.scoring import NOT_APPLICABLE
from standards.models import Requirement

FACTORS = {"percent": 100, "per-hundred": 100, "per-thousand": 1000}  # of numerator over denominator
CHARTED = 24  # periods a control chart shows and works its limits out from


class MetricQuerySet(ScopedQuerySet):
    to_site = "site"

    def in_use(self):
        return self.filter(archived_at=None)

    def levels_shown(self, site, day=None):
        """Requirement key -> `Shown`, of every results requirement that a metric in use of `site` is linked to."""
        return by_requirement(self.in_use().judged(site, day))

    def judged(self, site, day=None):
        """A `Judged` for each of these metrics of `site`, as on `day` (today there). Three queries, however many."""
        metrics = list(self.filter(site=site).select_related("owner").prefetch_related("targets", "readings"))
        for metric in metrics:
            metric.site = site
        return [Judged(metric, day or site.today()) for metric in metrics]


class Metric(models.Model):
    """One figure that a site follows. With `numerator` and `denominator` its two counts are entered and the rate is worked
    out, `FACTORS` times; without them the figure is entered as it is."""

    class Kind(models.TextChoices):
        EXPERIENCE = "experience", _("Customer experience")
        SERVICE = "service", _("Service")
        QUALITY = "quality", _("Quality")
        COST = "cost", _("Cost and efficiency")
        REVENUE = "revenue", _("Revenue")
        PEOPLE = "people", _("People")
        SUPPORT = "support", _("Support processes")

    class Channel(models.TextChoices):
        HUMAN = "human", _("Human-assisted channels")
        AUTOMATED = "automated", _("Automated channels")
        BOTH = "both", _("Both")

    class Unit(models.TextChoices):
        PERCENT = "percent", _("Percent")
        PER_HUNDRED = "per-hundred", _("Per hundred")
        PER_THOUSAND = "per-thousand", _("Per thousand")
        SECONDS = "seconds", _("Seconds")
        MINUTES = "minutes", _("Minutes")
        HOURS = "hours", _("Hours")
        DAYS = "days", _("Days")
        MONEY = "money", _("Money")
        COUNT = "count", _("A count")
        SCORE = "score", _("Marks on a scale")
        RATIO = "ratio", _("A ratio")

    class Direction(models.TextChoices):
        HIGHER = sustain.HIGHER, _("Higher is better")
        LOWER = sustain.LOWER, _("Lower is better")
        WITHIN = sustain.WITHIN, _("Within a range")

    class Every(models.IntegerChoices):
        MONTH = 1, _("Every month")
        QUARTER = 3, _("Every quarter")
        HALF = 6, _("Twice a year")
        YEAR = 12, _("Once a year")

    site = models.ForeignKey(Site, models.PROTECT, related_name="metrics")
    name = models.CharField(max_length=80)
    measures = models.CharField(_("what it measures"), max_length=300, blank=True)
    process = models.CharField(_("process or journey"), max_length=80, blank=True)
    kind = models.CharField(max_length=12, choices=Kind)
    channel = models.CharField(max_length=10, choices=Channel, default=Channel.HUMAN)
    formula = models.CharField(_("formula in words"), max_length=300, blank=True)
    numerator = models.CharField(
        _("first count"), max_length=60, blank=True, help_text=_("What is counted: calls answered in 30 s.")
    )
    denominator = models.CharField(
        _("second count"), max_length=60, blank=True, help_text=_("Out of what: calls offered.")
    )
    unit = models.CharField(max_length=12, choices=Unit, default=Unit.PERCENT)
    currency = models.CharField(
        max_length=8, blank=True, help_text=_("For money, as it is written before the figure: £, EUR.")
    )
    scale = models.CharField(max_length=20, blank=True, help_text=_("For marks: 1 to 5, 0 to 10."))
    decimals = models.PositiveSmallIntegerField(
        _("decimals shown"), default=1, validators=[MaxValueValidator(3)]
    )
    direction = models.CharField(max_length=8, choices=Direction, default=Direction.HIGHER)
    every = models.PositiveSmallIntegerField(_("measured"), choices=Every, default=Every.MONTH)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    data_source = models.CharField(
        max_length=160, blank=True, help_text=_("System and report, so that anyone finds it.")
    )
    sample_size = models.PositiveIntegerField(
        null=True,
        blank=True,
        validators=[MinValueValidator(1)],
        help_text=_("Units looked at each time, where it is a sample."),
    )
    library_key = models.SlugField(max_length=60, blank=True, editable=False)
    shows = models.JSONField(
        default=list, help_text=_("Keys of the results requirements whose level follows from it.")
    )
    archived_at = models.DateTimeField(null=True, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)
    objects = MetricQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["site", "name"], name="metric_name_once_a_site"),
            models.CheckConstraint(
                condition=(Q(numerator="") & Q(denominator="")) | (~Q(numerator="") & ~Q(denominator="")),
                name="metric_has_both_counts_or_none",
            ),
        ]

    def __str__(self):
        return self.name

    @property
    def is_ratio(self):
        return bool(self.numerator)

    def worked_out(self, numerator, denominator):
        """The rate of two counts, in the metric's unit; None where one is missing or nothing was counted."""
        if numerator is None or not denominator:
            return None
        return FACTORS.get(self.unit, 1) * numerator / denominator

    def period_of(self, day):
        """The number of the period that holds `day`, as `rules.sustain` counts them."""
        return month_number(day) // self.every

    def month_of(self, period):
        """First day of the last month of a period: where its reading stands."""
        return first_of(period * self.every + self.every - 1)

    def set_target(self, *, since, by, low=None, high=None, rationale):
        """The target from the month of `since` on; what was set for that same month is replaced.

        Raises ValidationError where the range is empty or the wrong way round.
        """
        target = Target(
            metric=self, since=since.replace(day=1), low=low, high=high, rationale=rationale, set_by=by
        )
        target.clean()
        values = {name: getattr(target, name) for name in ("low", "high", "rationale", "set_by")}
        return Target.objects.update_or_create(
            metric=self, since=target.since, defaults=values | {"set_at": timezone.now()}
        )[0]


class TargetQuerySet(ScopedQuerySet):
    to_site = "metric__site"


class Target(models.Model):
    """What meets the metric from a month on: a value from `low` up to `high`, either of which may be open."""

    metric = models.ForeignKey(Metric, models.CASCADE, related_name="targets")
    since = models.DateField(help_text=_("First day of the first month it is in force."))
    low = models.FloatField(null=True, blank=True)
    high = models.FloatField(null=True, blank=True)
    rationale = models.CharField(
        max_length=300, help_text=_("Why this figure: contract, customers' needs, own best months.")
    )
    set_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    set_at = models.DateTimeField(default=timezone.now)
    objects = TargetQuerySet.as_manager()

    class Meta:
        ordering = ["since"]
        constraints = [
            models.UniqueConstraint(fields=["metric", "since"], name="target_once_a_month"),
            models.CheckConstraint(
                condition=Q(low__isnull=False) | Q(high__isnull=False), name="target_has_a_figure"
            ),
            models.CheckConstraint(
                condition=Q(low=None) | Q(high=None) | Q(low__lte=F("high")), name="target_range_in_order"
            ),
        ]

    def __str__(self):
        return f"{self.metric} from {self.since:%B %Y}"

    def clean(self):
        if self.low is None and self.high is None:
            raise ValidationError(_("Say which figure meets the target."))
        if None not in (self.low, self.high) and self.low > self.high:
            raise ValidationError(_("The range ends below where it begins."))

    def as_rule(self):
        """In the metric's periods. A target that begins within a period counts from that period on."""
        return sustain.Target(self.metric.period_of(self.since), self.low, self.high)


@dataclass(frozen=True)
class Judged:
    """A metric with what its readings say on `day`. Its targets and readings are fetched already."""

    metric: Metric
    day: object

    @cached_property
    def readings(self):
        """Period -> `Reading`, those with a value or a note."""
        return {self.metric.period_of(reading.month): reading for reading in self.metric.readings.all()}

    @cached_property
    def values(self):
        """Period -> value in the metric's unit."""
        return {
            period: reading.value
            for period, reading in sorted(self.readings.items())
            if reading.value is not None
        }

    @cached_property
    def targets(self):
        return tuple(target.as_rule() for target in self.metric.targets.all())

    @property
    def rule(self):
        site = self.metric.site
        return sustain.Rule(site.months_needed, site.months_window).for_rounds_of(self.metric.every)

    @cached_property
    def due(self):
        """The last period whose figures have to be there on `day`."""
        return _last_complete(self.metric, self.day, self.metric.site.figures_due_day)

    @cached_property
    def last(self):
        """The last period that is judged: the last due, or a later one that is over, or is not monthly, and has its reading."""
        newest = _last_complete(self.metric, self.day, 0)
        if self.metric.every > 1:
            newest = self.metric.period_of(self.day)
        return next((period for period in range(newest, self.due, -1) if period in self.values), self.due)

    @property
    def awaited(self):
        """The periods whose figures are due and not older than what decides, or than the first reading."""
        first = min(self.values, default=self.due)
        return range(min(first, self.due - self.rule.window + 1), self.due + 1)

    @cached_property
    def judgement(self):
        return sustain.judge(self.values, self.targets, self.rule, self.last, self.metric.direction)

    @cached_property
    def charted(self):
        """The periods a chart shows, and what of `values` lies in them."""
        first = self.last - CHARTED + 1
        begun = min((period for period in self.values if period >= first), default=self.last)
        periods = range(begun, self.last + 1)
        return periods, {period: self.values[period] for period in periods if period in self.values}

    @cached_property
    def chart(self):
        return control_chart.chart(self.charted[1])

    @cached_property
    def outlook(self):
        return control_chart.outlook(self.charted[1], self.chart, self.target)

    @property
    def target(self):
        """The `sustain.Target` in force in the last period, or None."""
        return sustain.target_at(self.targets, self.last)

    @property
    def level(self):
        return results.level(self.judgement)


@dataclass(frozen=True)
class Shown:
    """The metrics that show one results requirement, in the order of the register."""

    metrics: tuple[Judged, ...]

    @property
    def decisive(self):
        """The `Judged` whose level counts: the worst."""
        return min(self.metrics, key=lambda judged: judged.level)

    @property
    def level(self):
        return self.decisive.level


def by_requirement(judged):
    """Requirement key -> `Shown`, of `Judged` metrics."""
    linked = {}
    for each in judged:
        for key in each.metric.shows:
            linked.setdefault(key, []).append(each)
    return {key: Shown(tuple(of_key)) for key, of_key in linked.items()}


def shares_of(answers, judged):
    """The `results.Shares` of an assessment: its metrics, and its results requirements that no metric shows.

    `answers` are all of its answers with their requirements, `judged` the `Judged` metrics in use of its site. A metric
    counts once, however many requirements it shows, and only if one of them follows from it.
    """
    asked = [answer for answer in answers if answer.requirement.kind == Requirement.RESULT]
    following = {answer.requirement.key for answer in asked if answer.follows_metrics}
    levels = [a.level for a in asked if not a.follows_metrics and a.choice != NOT_APPLICABLE]
    return results.shares([j.judgement for j in judged if following.intersection(j.metric.shows)], levels)


def newest_month(day):
    """First day of the last month that is over on `day`: the newest whose reading can be entered."""
    return first_of(month_number(day) - 1)


def judged_month(site, day):
    """First day of the last month whose figures are due on `day`: until the next one is, no judgement changes by itself."""
    return first_of(month_number(day) - (1 if day.day > site.figures_due_day else 2))


def _last_complete(metric, day, due_day):
    """The last period whose last month is over on `day`, and whose figures are due by then."""
    closed = month_number(day) - (1 if day.day > due_day else 2)
    return (closed + 1) // metric.every - 1
