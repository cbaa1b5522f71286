"""Readings as they are entered: a sheet of months, and one reading with its note."""

from collections import defaultdict
from dataclasses import dataclass, field

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from assessments import figures
from assessments.forms.figures import FigureField, plain
from assessments.forms.sites import CleanCharField, helper
from assessments.models import Metric, readings
from assessments.models.readings import Entry
from assessments.months import first_of, month_number
from standards.text import clean_text

MONTHS = 13  # a sheet shows: a year, and the same month of the year before
COUNTS = ("numerator", "denominator")
LETTERS = {"numerator": "n", "denominator": "d", "value": "v"}


@dataclass
class Cell:
    """One input. `due` where a figure counts as missed as long as it is missing; `closed` where the metric is not measured in that month or the month is not over; `error` says what is
    wrong with the text, `theirs` is the reading that somebody else saved meanwhile."""

    name: str
    metric: Metric
    label: str
    text: str
    closed: bool
    due: bool = False
    error: str = ""
    theirs: object = None


@dataclass
class Line:
    """One row of the sheet: inputs for a figure, or for one of two counts."""

    metric: Metric
    figure: str
    label: str
    cells: list[Cell] = field(default_factory=list)


class Sheet:
    """The thirteen months up to `last` of the `judged` metrics of a site, and what `data` (a POST) enters into them.

    Cells are called METRIC-YYYY-MM-x, x being n or d for the two counts and v for a figure; a POST may hold some of
    them. Its `seen` names the versions that the sender saw, as METRIC-YYYY-MM:VERSION with spaces between.
    """

    def __init__(self, site, judged, last, day, data=None):
        self.site, self.day = site, day
        self.judged = {each.metric.pk: each for each in judged}
        end = month_number(last)
        self.months = [first_of(number) for number in range(end - MONTHS + 1, end + 1)]
        self.errors, self.theirs, self.saved = {}, {}, ()
        self.texts = {} if data is None else self._posted(data)
        self.versions = {} if data is None else _versions(data.get("seen", ""))

    @property
    def status(self):
        return 409 if self.theirs else 422 if self.errors else 200

    def _places(self):
        for each in self.judged.values():
            for figure in figures_of(each.metric):
                for month in self.months:
                    yield each, figure, month

    def _posted(self, data):
        """Cell name -> text, of the cells of this sheet."""
        names = (cell_name(each.metric, month, figure) for each, figure, month in self._places())
        return {name: clean_text(data[name]).strip() for name in names if name in data}

    def save(self, *, by):
        """Save every cell that says something new. What cannot be is in `errors` and `theirs`, by cell name."""
        entered = self._entered()
        entries = [entry for place, values in entered.items() if (entry := self._entry(*place, values))]
        recorded = readings.record(self.site, entries, by=by)
        self.saved = recorded.saved
        for entry, reading in recorded.conflicts:
            for figure in entry.values:
                self.theirs[cell_name(entry.metric, entry.month, figure)] = reading
        for reading in (*recorded.saved, *self.theirs.values()):
            judged = self.judged[reading.metric_id]
            judged.readings[judged.metric.period_of(reading.month)] = reading

    def sent(self):
        """(judged metric, month) of every cell that was sent, counts of one month once."""
        return dict.fromkeys(
            (each, month)
            for each, figure, month in self._places()
            if cell_name(each.metric, month, figure) in self.texts
        )

    def _entered(self):
        """(metric id, month) -> figures as read; what cannot be read goes to `errors`."""
        decimal = figures.guess_decimal([text for text in self.texts.values() if text])
        entered = defaultdict(dict)
        for each, figure, month in self._places():
            name = cell_name(each.metric, month, figure)
            if name not in self.texts:
                continue
            sign = decimal or (figures.decimal_sign_of_count(self.texts[name]) if figure in COUNTS else None)
            try:
                entered[each.metric.pk, month][figure] = figures.number(self.texts[name], sign)
            except figures.NotAFigure as error:
                self.errors[name] = str(error)
        return entered

    def _entry(self, metric_id, month, values):
        """An `Entry`, or None where it repeats what is stored or cannot be saved."""
        judged = self.judged[metric_id]
        metric, stored = judged.metric, stored_in(judged, month)
        if all(value == getattr(stored, figure, None) for figure, value in values.items()):
            return None
        kept = {figure: getattr(stored, figure, None) for figure in figures_of(metric)}
        try:
            readings.check(Entry(metric, month, kept | values), self.day)
        except ValidationError as error:
            said = " ".join(error.messages)
            self.errors |= {cell_name(metric, month, figure): said for figure in values}
            return None
        return Entry(metric, month, values, self.versions.get(f"{metric.pk}-{month:%Y-%m}", 0))

    def rows(self):
        """(judged metric, its lines) in the order given; a saved cell shows what was understood."""
        return [
            (each, [self._line(each, figure) for figure in figures_of(each.metric)])
            for each in self.judged.values()
        ]

    def _line(self, judged, figure):
        metric = judged.metric
        label = getattr(metric, figure) if metric.is_ratio else metric.name
        cells = [self._cell(judged, figure, label, month) for month in self.months]
        return Line(metric, figure, label, cells)

    def _cell(self, judged, figure, label, month):
        name = cell_name(judged.metric, month, figure)
        refused = name in self.errors or name in self.theirs
        measured = judged.metric.month_of(judged.metric.period_of(month)) == month
        stored = getattr(stored_in(judged, month), figure, None) if measured else None
        return Cell(
            name=name,
            metric=judged.metric,
            label=f"{label}, {month:%B %Y}",
            text=self.texts[name] if refused else plain(stored),
            closed=not open_for(judged.metric, month, self.day),
            due=judged.metric.period_of(month) in judged.awaited,
            error=self.errors.get(name, ""),
            theirs=self.theirs.get(name),
        )

    def seen(self):
        """The versions that a page made now shows."""
        return " ".join(
            f"{each.metric.pk}-{reading.month:%Y-%m}:{reading.version}"
            for each in self.judged.values()
            for reading in each.readings.values()
            if reading.month in self.months
        )


def cell_name(metric, month, figure):
    return f"{metric.pk}-{month:%Y-%m}-{LETTERS[figure]}"


def figures_of(metric):
    """The names of what is entered for a metric."""
    return COUNTS if metric.is_ratio else ("value",)


def stored_in(judged, month):
    """The reading of a month, or None."""
    return judged.readings.get(judged.metric.period_of(month))


def open_for(metric, month, day):
    """Can a reading of `month` be entered on `day`?"""
    try:
        readings.check(Entry(metric, month, {}), day)
    except ValidationError:
        return False
    return True


def _versions(seen):
    """METRIC-YYYY-MM -> version."""
    pairs = (part.partition(":")[::2] for part in seen.split())
    return {key: int(version) for key, version in pairs if version.isdecimal() and len(version) < 9}


class ReadingForm(forms.Form):
    """One reading of `metric`, with its note. `version` is the one the page shows."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
    note = CleanCharField(
        label=_("Note"),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("What happened in that month: an outage, a campaign, a changed definition."),
    )

    def __init__(self, judged, month, day, *args, **kwargs):
        self.metric, self.month, self.day = judged.metric, month, day
        self.reading = stored_in(judged, month)
        names = figures_of(self.metric)
        initial = {name: getattr(self.reading, name, None) for name in names}
        initial |= {"note": getattr(self.reading, "note", ""), "version": getattr(self.reading, "version", 0)}
        super().__init__(*args, initial=initial, **kwargs)
        for name in names:
            label = getattr(self.metric, name, "") or self.metric.get_unit_display()
            self.fields[name] = FigureField(label=label, required=False, count=name in COUNTS)
        self.order_fields([*names, "note", "version"])

    @property
    def helper(self):
        return helper(*self.fields, submit=_("Save reading"))

    def clean(self):
        cleaned = super().clean()
        if not self.errors:
            values = {name: value for name, value in cleaned.items() if name != "version"}
            self.entry = Entry(self.metric, self.month, values, cleaned["version"])
            readings.check(self.entry, self.day)
        return cleaned

    def save(self, site, *, by):
        """The reading that somebody else changed meanwhile, or None where it is saved."""
        recorded = readings.record(site, [self.entry], by=by)
        return recorded.conflicts[0][1] if recorded.conflicts else None
