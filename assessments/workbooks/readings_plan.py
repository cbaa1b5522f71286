"""What a file of monthly figures would change in the register of a site as it is now, and doing that."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from itertools import groupby

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assessments.models import Activity, Metric, Reading, Verb
from assessments.models.reading_imports import NOTHING
from assessments.models.readings import FIGURES, Entry, check
from assessments.report import register
from assessments.report.readings_sheet import reading_words
from assessments.workbooks.months import named
from assessments.workbooks.readings_file import Known, Refused, read, understand
from standards.workbook.tables import FINDINGS_TOLD

MOST = 5_000  # readings of one file: more than a page can show
OPEN_ROWS = 3  # new readings of a metric that are listed unfolded: the usual file brings one
PLACES_SHOWN = 5  # of readings that are refused for the same reason
NOTE_LIMIT = Reading._meta.get_field("note").max_length
PERIODS = {
    Metric.Every.MONTH: "%s",
    Metric.Every.QUARTER: gettext_lazy("quarter to %s"),
    Metric.Every.HALF: gettext_lazy("half-year to %s"),
    Metric.Every.YEAR: gettext_lazy("year to %s"),
}


class Overtaken(Exception):
    """Readings were saved by somebody while the dry run was looked at: their `Row.key`s. Nothing is applied."""

    def __init__(self, keys):
        self.keys = keys
        super().__init__()


# ---- what a file says -----------------------------------------------------------------------------------------------


def followed(site):
    """The metrics of a site that take readings, in the order of the register: by kind, then as they were added."""
    return sorted(Metric.objects.in_use().filter(site=site), key=register.place_of)


def known(metric):
    """A metric as the reader of files knows it."""
    return Known(
        key=metric.pk,
        name=metric.name,
        ratio=metric.is_ratio,
        numerator=metric.numerator,
        denominator=metric.denominator,
        unit=metric.currency if metric.unit == Metric.Unit.MONEY and metric.currency else metric.unit,
        every=metric.every,
    )


def said(data, metrics):
    """What the bytes of a file say of `metrics`, as `ReadingImport.said` keeps it. Raises `Refused` with a sentence."""
    sheet = understand(read(data), [known(metric) for metric in metrics])
    if not sheet.found and not (sheet.problems and sheet.problems[0].place):
        raise Refused(sheet.problems[0].sentence if sheet.problems else _("There is no figure in this file."))
    if len(sheet.found) > MOST:
        raise Refused(
            _("This file has %(count)s figures, and at most %(most)s are read at once. Upload it in parts.")
            % {"count": f"{len(sheet.found):,}", "most": f"{MOST:,}"}
        )
    return {
        "found": [as_json(found) for found in sheet.found],
        "problems": [(problem.place, problem.sentence) for problem in sheet.problems],
        "notes": list(sheet.notes),
    }


def as_json(found):
    """A `Found` without what it does not say: a note that is missing takes none away."""
    values = {name: getattr(found, name) for name in FIGURES if getattr(found, name) is not None}
    if found.note:
        values["note"] = found.note
    return {
        "metric": found.metric_key,
        "month": found.month.isoformat(),
        "values": values,
        "place": found.place,
    }


# ---- one reading ----------------------------------------------------------------------------------------------------


@dataclass
class Change:
    """One reading before and after, each as `Reading.standing` has it."""

    metric: Metric
    month: date
    before: dict
    after: dict

    @property
    def period(self):
        """March 2026, or quarter to March 2026."""
        return PERIODS[self.metric.every] % named(self.month)

    @property
    def is_new(self):
        return self.before == NOTHING

    @property
    def words_before(self):
        return reading_words(self.metric, self.before)

    @property
    def words_after(self):
        return reading_words(self.metric, self.after)

    @property
    def note(self):
        """The note that comes with it, '' where it brings none."""
        return self.after["note"] if self.after["note"] != self.before["note"] else ""


@dataclass
class Row(Change):
    """What a file says of one reading. `stored` is what stands there, None where nothing was ever entered."""

    values: dict
    stored: Reading | None
    left: bool = False
    overtaken: bool = False

    @property
    def key(self):
        return f"{self.metric.pk}-{self.month:%Y-%m}"

    @property
    def version(self):
        return self.stored.version if self.stored else 0

    @property
    def tick(self):
        """The reading, and the version of it that is on the page."""
        return f"{self.key}:{self.version}"

    @property
    def entry(self):
        return Entry(self.metric, self.month, self.values, self.version)


# ---- all of them ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Refusal:
    """Where something stands that is not used, and why."""

    place: str
    sentence: str


@dataclass
class Group:
    """The changes of one metric."""

    metric: Metric
    rows: list
    left: bool = False

    @cached_property
    def new(self):
        return [row for row in self.rows if row.is_new]

    @cached_property
    def changed(self):
        return [row for row in self.rows if not row.is_new]

    @property
    def is_open(self):
        return len(self.new) <= OPEN_ROWS or any(row.left or row.overtaken for row in self.new)

    @property
    def span(self):
        return span(self.rows)

    @property
    def span_new(self):
        return span(self.new)


def span(rows):
    """January 2026, or January 2026 to October 2026."""
    first, last = named(min(row.month for row in rows)), named(max(row.month for row in rows))
    return first if first == last else _("%(first)s to %(last)s") % {"first": first, "last": last}


@dataclass
class Plan:
    """What would happen, in the order of the register. `refused_count` counts readings and lines of the file."""

    rows: list = field(default_factory=list)
    same: list = field(default_factory=list)
    refused: list = field(default_factory=list)
    refused_count: int = 0
    notes: list = field(default_factory=list)
    left: frozenset = frozenset()

    @cached_property
    def groups(self):
        return [Group(metric, rows, str(metric.pk) in self.left) for metric, rows in by_metric(self.rows)]

    @property
    def same_groups(self):
        return [Group(metric, rows) for metric, rows in by_metric(self.same)]

    @property
    def new(self):
        return sum(len(group.new) for group in self.groups)

    @property
    def changed(self):
        return len(self.rows) - self.new

    @property
    def seen(self):
        """What the page sends back, so that nothing is overwritten that was not on it."""
        return " ".join(row.tick for row in self.rows)

    @property
    def wanted(self):
        """The rows that are not left out."""
        return [row for row in self.rows if not row.left and str(row.metric.pk) not in self.left]

    def leave(self, keys, overtaken=()):
        """Leave out what `keys` name, metrics or readings, and what was saved by somebody meanwhile."""
        self.left = frozenset(keys)
        for row in self.rows:
            row.overtaken = row.key in overtaken
            row.left = row.key in self.left or row.overtaken


def by_metric(rows):
    return [(metric, list(of_metric)) for metric, of_metric in groupby(rows, lambda row: row.metric)]


def plan(done):
    """What the file of the `ReadingImport` would change now. Two queries, however many readings it has."""
    told = done.said
    metrics = {metric.pk: metric for metric in followed(done.site)}
    months = {date.fromisoformat(each["month"]) for each in told["found"]}
    stored = Reading.objects.as_stored(metrics, months)
    found, refusals = Plan(notes=told["notes"]), defaultdict(list)
    day = done.site.today()
    places = {metric: place for place, metric in enumerate(metrics)}
    for each in sorted(told["found"], key=lambda each: (places.get(each["metric"], -1), each["month"])):
        metric, month = metrics.get(each["metric"]), date.fromisoformat(each["month"])
        if sentence := refusal(metric, month, each["values"], day):
            refusals[month, sentence].append(each["place"])
        else:
            row = row_of(metric, month, each, stored.get((metric.pk, month)))
            (found.rows if row.after != row.before else found.same).append(row)
    found.refused_count = len(told["problems"]) + sum(map(len, refusals.values()))
    found.refused = [Refusal(*problem) for problem in told["problems"]]
    found.refused += [
        Refusal(in_short(places), f"{named(month)}: {sentence}")
        for (month, sentence), places in list(refusals.items())[:FINDINGS_TOLD]
    ]
    return found


def refusal(metric, month, values, day):
    """Why the register does not take a reading; '' where it does."""
    if metric is None:
        return _("This metric is not in use any more.")
    if metric.is_ratio == ("value" in values):
        return _("%s was defined anew since the upload. Upload the file again.") % metric
    if len(values.get("note", "")) > NOTE_LIMIT:
        return _("The note of %(metric)s has more than %(limit)s characters. Shorten it.") % {
            "metric": metric,
            "limit": NOTE_LIMIT,
        }
    try:
        check(Entry(metric, month, values), day)
    except ValidationError as error:
        return " ".join(error.messages)
    return ""


def row_of(metric, month, each, stored):
    before = stored.standing if stored else NOTHING
    after = before | each["values"]
    if metric.is_ratio:
        after["value"] = metric.worked_out(after["numerator"], after["denominator"])
    return Row(metric, month, before, after, each["values"], stored)


def in_short(places):
    """The first of several places, and how many more there are."""
    shown = ", ".join(places[:PLACES_SHOWN])
    more = len(places) - PLACES_SHOWN
    return _("%(places)s and %(more)s more") % {"places": shown, "more": more} if more > 0 else shown


# ---- doing it -------------------------------------------------------------------------------------------------------


@transaction.atomic
def apply(done, choice, *, by):
    """Saves what `choice` does not leave out, all or none; how many readings, or None where it was applied already.

    Raises `Overtaken` where one of them is not as it was on the page, and DoesNotExist where the dry run is gone.
    """
    done.take_turns()
    if done.applied_at:
        return None
    found = plan(done)
    found.leave(choice.left)
    overtaken = {row.key for row in found.wanted if row.tick not in choice.seen}
    if overtaken:
        raise Overtaken(overtaken)
    if found.wanted:
        done.apply([row.entry for row in found.wanted], by=by)
        Activity.objects.record(
            done.site.organisation_id, Verb.READINGS_IMPORTED, done.file_name, by=by, site=done.site
        )
    return len(found.wanted)


def told(changes):
    """Groups of what was applied, in the order of the register, for those `changes` of it."""
    metrics = Metric.objects.in_bulk({change["metric"] for change in changes})
    rows = [
        Change(
            metrics[change["metric"]],
            date.fromisoformat(change["month"]),
            change["before"] or NOTHING,
            change["after"],
        )
        for change in changes
        if change["metric"] in metrics
    ]
    rows.sort(key=lambda row: (register.place_of(row.metric), row.month))
    return [Group(metric, of_metric) for metric, of_metric in by_metric(rows)]
