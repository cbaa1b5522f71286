"""What a file of monthly figures says of the metrics we know: what is found, what is refused and why, what was passed over.

A file is wide, a row for each metric and a column for each month or the reverse, or long, a row for each figure. It is
read with `read` (bytes) or `pasted` (text), and understood with `understand`; neither knows the database.
"""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assessments.figures import quoted
from assessments.report.spreadsheet import as_typed
from assessments.workbooks.months import named
from assessments.workbooks.readings_layout import layout_of
from assessments.workbooks.readings_lines import Reading
from assessments.workbooks.readings_names import DENOMINATOR, NUMERATOR, VALUE, Known
from assessments.workbooks.readings_table import Table, pasted, read
from assessments.workbooks.readings_template import template
from standards.text import NOTE_LIMIT, clean_text
from standards.workbook.tables import FINDINGS_TOLD, Refused

__all__ = [
    "Found",
    "Known",
    "Problem",
    "Refused",
    "Sheet",
    "Table",
    "pasted",
    "read",
    "template",
    "understand",
]
NO_MONTH = gettext_lazy(
    "No month is named in this table. Head each column or each row with its month, as in Jan 2026."
)
PLACES_SHOWN = 5  # of a figure that stands more than once


@dataclass(frozen=True)
class Found:
    """One month of one metric: `value`, or `numerator` and `denominator` of a ratio.

    `month` is its first day; of a metric measured more rarely, the first day of the last month of its period.
    """

    metric_key: object
    month: date
    value: float | None
    numerator: float | None
    denominator: float | None
    note: str
    place: str


@dataclass(frozen=True)
class Problem:
    """What is not used and why. `place` is '' where it is the whole file."""

    place: str
    sentence: str


@dataclass(frozen=True)
class Sheet:
    found: tuple[Found, ...]
    problems: tuple[Problem, ...]
    notes: tuple[str, ...]


def understand(table, metrics):
    """The `Sheet` that a `Table` says of `metrics`, an iterable of `Known`. Problems beyond FINDINGS_TOLD are only counted."""
    layout, metrics = layout_of(table), tuple(metrics)
    if layout is None:
        return Sheet((), (Problem("", str(NO_MONTH)),), table.notes)
    reading = Reading(layout, metrics)
    found = tuple(Months(reading, metrics))
    problems = [Problem(*problem) for problem in reading.problems[:FINDINGS_TOLD]]
    more = len(reading.problems) - FINDINGS_TOLD
    if more > 0:
        problems.append(Problem("", _("And %s more.") % more))
    return Sheet(found, tuple(problems), (*table.notes, *dict.fromkeys(reading.notes)))


class Months:
    """The months of all metrics, as `Found` in the order of the metrics. Those that cannot be used become problems."""

    def __init__(self, reading, metrics):
        self.reading, self.metrics = reading, metrics
        # metric's key -> month -> part -> each `Stated`
        self.months = defaultdict(lambda: defaultdict(dict))
        for (key, month, part), places in reading.stated.items():
            self.months[key][month][part] = places

    def __iter__(self):
        for metric in self.metrics:
            months = self.stated_once(metric, self.months[metric.key])
            yield from self.ratios(metric, months) if metric.ratio else self.singles(metric, months)

    def refuse(self, place, sentence, **facts):
        facts = {name: fact if isinstance(fact, str) else f"{fact:.12g}" for name, fact in facts.items()}
        self.reading.problems.append((place, sentence % facts))

    def stated_once(self, metric, months):
        """month -> part -> `Stated`. Of a figure that stands more than once nobody can tell which one is right."""
        once = {}
        for month, parts in sorted(months.items()):
            places = next(
                ([stated.place for stated in places] for places in parts.values() if len(places) > 1), None
            )
            if not places:
                once[month] = {part: stated for part, (stated,) in parts.items()}
                continue
            facts = {
                "month": named(month),
                "metric": quoted(metric.name),
                "places": _(" and ").join(places[:PLACES_SHOWN]),
            }
            self.refuse(
                places[-1],
                _("%(month)s of %(metric)s stands more than once: in %(places)s. Keep one."),
                **facts,
            )
        return once

    def singles(self, metric, months):
        counted = [stated for parts in months.values() for part, stated in parts.items() if part != VALUE]
        if counted:
            self.refuse(
                counted[0].place,
                _("%(metric)s has one figure a month, not two counts."),
                metric=quoted(metric.name),
            )
        values = {month: parts[VALUE] for month, parts in months.items() if VALUE in parts}
        shares = shares_in(metric, values.values())
        if shares:
            share = shares[0].value
            sentence = _("%(share)s looks like a share; write %(percent)s or %(percent)s %%.")
            self.refuse(shares[0].place, sentence, share=share, percent=share * 100)
        for month, stated in values.items():
            if stated not in shares:
                yield Found(
                    metric.key, month, stated.value, None, None, clean_note(stated.note), stated.place
                )

    def ratios(self, metric, months):
        self.pass_over_rates(metric, months)
        for month, parts in months.items():
            one, other = parts.get(NUMERATOR), parts.get(DENOMINATOR)
            is_told = not (one and other) and (metric.key, month) in self.reading.failed
            if (one or other) and not is_told and self.is_usable(metric, month, one, other):
                note, place = clean_note(one.note or other.note), _("%s and %s") % (one.place, other.place)
                yield Found(metric.key, month, None, one.value, other.value, note, place)

    def pass_over_rates(self, metric, months):
        """A rate beside its two counts is worked out anyway; a rate alone does not say how much it rests on."""
        rates = [(parts[VALUE], len(parts) > 1) for parts in months.values() if VALUE in parts]
        alone = [stated for stated, has_counts in rates if not has_counts]
        if alone:
            sentence = _(
                "%(metric)s needs its two counts, %(numerator)s and %(denominator)s, not one figure a month."
            )
            counts = {part: quoted(words) for part, words in metric.counts.items()}
            self.refuse(alone[0].place, sentence, metric=quoted(metric.name), **counts)
        elif rates:
            self.reading.notes.append(
                _("The rates of %s are not read: they are worked out from its two counts.")
                % quoted(metric.name)
            )

    def is_usable(self, metric, month, one, other):
        counts = {part: quoted(words) for part, words in metric.counts.items()}
        facts = counts | {"metric": quoted(metric.name), "month": named(month)}
        if not other:
            self.refuse(
                one.place, _("%(month)s of %(metric)s has %(numerator)s and no %(denominator)s."), **facts
            )
        elif not one:
            self.refuse(
                other.place, _("%(month)s of %(metric)s has %(denominator)s and no %(numerator)s."), **facts
            )
        elif other.value == 0:
            self.refuse(
                other.place, _("%(denominator)s is 0 in %(month)s, so %(metric)s has no rate."), **facts
            )
        elif metric.is_percent and one.value > other.value:
            sentence = _(
                "%(numerator)s is %(one)s and %(denominator)s %(other)s, and a percentage of %(metric)s ends at 100."
            )
            self.refuse(one.place, sentence, one=one.value, other=other.value, **facts)
        else:
            return True
        return False


def shares_in(metric, stated):
    """Of a percentage, the figures that may be meant as shares of 1: those without a percent sign, if none is above 1."""
    bare = [figure for figure in stated if not figure.is_signed]
    if (
        metric.is_percent
        and all(0 <= figure.value <= 1 for figure in bare)
        and any(figure.value for figure in bare)
    ):
        return bare
    return []


def clean_note(text):
    """A note as it was typed, also where it comes back in a CSV file of ours."""
    return clean_text(as_typed(text))[:NOTE_LIMIT]
