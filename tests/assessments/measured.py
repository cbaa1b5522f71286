"""Metrics with a target and months of readings, as they stand on 20 November 2026: October is the last month that is due."""

from datetime import UTC, date, datetime

from assessments.models.readings import Entry, record
from assessments.months import first_of, month_number
from tests import factories

NOON = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
OCTOBER = date(2026, 10, 1)
BEFORE = date(2025, 1, 1)  # earlier than any reading


def at(day):
    """Noon of a day, for the clock."""
    return datetime(day.year, day.month, day.day, 12, 0, tzinfo=UTC)


def enter(metric, *values, last=OCTOBER, by=None):
    """Values of consecutive periods of a metric without counts, the latest standing in the month `last`; None is a gap."""
    months = [first_of(month_number(last) - metric.every * back) for back in range(len(values))]
    entries = [
        Entry(metric, month, {"value": value})
        for month, value in zip(months, reversed(values), strict=True)
        if value is not None
    ]
    return record(metric.site, entries, by=by)


def aim(metric, low=None, high=None, since=BEFORE, by=None):
    return metric.set_target(since=since, low=low, high=high, rationale="The contract", by=by)


def measured(site, *values, low=80, **fields):
    """A metric of `site` with that target and those months up to October."""
    metric = factories.MetricFactory(site=site, **fields)
    aim(metric, low)
    enter(metric, *values)
    return metric
