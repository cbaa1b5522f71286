"""The metrics of a story: two years of months that read like a real site's, the same for the same seed."""

from dataclasses import dataclass, field
from datetime import UTC, datetime

from assessments.forms.metrics import from_library
from assessments.models import AnswerRevision, Metric, Reading, ReadingRevision, Target
from assessments.months import first_of, month_number
from standards.library import library_metric

MONTHS = 26  # more than a control chart shows
FEW = 100  # clients, intervals of a day, measures of a contract: the same each time
SEASON = (1.04, 0.97, 1.0, 0.98, 0.99, 0.96, 1.02, 0.98, 1.0, 1.01, 1.05, 1.1)  # volumes, January first


@dataclass(frozen=True, slots=True)
class Measured:
    """One metric of a site. `of` is its key in the library; `volume` what its second count is about each time.

    `last` are the most recent values, the oldest first; before them the values run from `start` to `end` with `noise`
    around. `values` and `notes` are by months back from the demo's date, a value of None being a month nobody entered.
    `target` is a figure, or two for a range; `was` the earlier one, in force until so many months back.
    """

    of: str
    target: object
    why: str
    owner: str
    last: list
    start: float
    end: float
    noise: float = 0.0
    name: str = ""
    volume: int = 0
    currency: str = ""
    decimals: int = 1
    was: object = None
    until: int = 0
    values: dict = field(default_factory=dict)
    notes: dict = field(default_factory=dict)


def add(measured, site, users, as_of, rng):
    """Every metric in `measured` with its targets and readings; `users` are by the keys of the story."""
    for told in measured:
        metric = from_library(library_metric(told.of), site)
        metric.owner, metric.currency, metric.decimals = users[told.owner], told.currency, told.decimals
        metric.name = told.name or metric.name
        metric.save()
        Target.objects.bulk_create(_targets(told, metric, as_of, users[told.owner]))
        readings = list(_readings(told, metric, as_of, rng, users[told.owner]))
        Reading.objects.bulk_create(readings)
        ReadingRevision.objects.bulk_create(
            ReadingRevision(reading=r, version=r.version, values=r.standing, by=r.by, at=r.at)
            for r in readings
        )


def follow(assessment, as_of):
    """Let its levels follow from the metrics, as it would have happened in the morning of that day."""
    assessment.follow_metrics(as_of)
    made = AnswerRevision.objects.filter(answer__assessment=assessment, key=AnswerRevision.FROM_METRICS)
    made.update(at=datetime(as_of.year, as_of.month, as_of.day, 6, tzinfo=UTC))


def _targets(told, metric, as_of, by):
    steps = (
        [(MONTHS, told.was), (told.until - 1, told.target)]
        if told.was is not None
        else [(MONTHS, told.target)]
    )
    for back, figure in steps:
        low, high = figure if isinstance(figure, list) else (figure, figure)
        since = first_of(month_number(as_of) - back)
        yield Target(
            metric=metric,
            since=since,
            low=None if metric.direction == Metric.Direction.LOWER else low,
            high=None if metric.direction == Metric.Direction.HIGHER else high,
            rationale=told.why,
            set_by=by,
            set_at=_moment(since, 0),
        )


def _readings(told, metric, as_of, rng, by):
    last = metric.period_of(first_of(month_number(as_of) - metric.every))
    count = MONTHS // metric.every + 1
    for ahead in range(count):
        back = count - ahead  # rounds ago, 1 the latest
        month = metric.month_of(last - back + 1)
        value = _value(told, ahead, back, count, rng)
        busy = SEASON[month.month - 1] * rng.uniform(0.97, 1.03)
        denominator = told.volume if told.volume < FEW else round(told.volume * busy)
        if value is None or month >= as_of:
            continue
        reading = Reading(
            metric=metric, month=month, note=told.notes.get(back, ""), version=1, by=by, at=_moment(month, 5)
        )
        _enter(reading, metric, value, denominator)
        yield reading


def _value(told, ahead, back, count, rng):
    noise = rng.gauss(0, told.noise)
    if back in told.values:
        return told.values[back]
    if back <= len(told.last):
        return told.last[-back]
    earlier = max(count - len(told.last) - 1, 1)
    return told.start + (told.end - told.start) * ahead / earlier + noise


def _enter(reading, metric, value, denominator):
    if not metric.is_ratio:
        reading.value = round(value, metric.decimals)
        return
    whole = metric.worked_out(1, 1)  # what the rate is where both counts are the same
    exact = value * denominator / whole
    reading.numerator = round(exact, 2) if metric.unit == Metric.Unit.MONEY else round(exact)
    reading.denominator = denominator
    reading.value = metric.worked_out(reading.numerator, denominator)


def _moment(month, day):
    """Working hours of a day of the next month."""
    later = first_of(month_number(month) + 1)
    return datetime(later.year, later.month, day + 1, 9, 30, tzinfo=UTC)
