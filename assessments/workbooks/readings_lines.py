"""The lines of a table, one after the other, as figures of known metrics in known months; what cannot be one says why."""

from collections import defaultdict

from django.utils.translation import gettext as _

from assessments.figures import EITHER, POINT, NotAFigure, guess_decimal, quoted, tidy
from assessments.workbooks.months import DAY_FIRST, guess_order, is_either_date, period
from assessments.workbooks.readings_cells import Figure, figure
from assessments.workbooks.readings_layout import is_aside, is_total, passed_over
from assessments.workbooks.readings_names import DENOMINATOR, NUMERATOR, VALUE, Names, part_of


class Stated:
    """A `figure` where a file states it, with the note beside it."""

    def __init__(self, figure: Figure, place, note):
        self.value, self.is_signed = figure.value, figure.is_signed
        self.place, self.note = place, note


class Reading:
    """What the lines of a layout say.

    `stated` maps (metric's key, month, part) to each place that states it. `problems` holds (place, sentence).
    """

    def __init__(self, layout, metrics):
        self.names = Names(metrics)
        self.problems, self.notes = list(layout.problems), list(layout.notes)
        self.block, self.awaited = (
            None,
            set(),
        )  # the ratio whose counts the next lines may name, and which of them
        self.stated = defaultdict(list)
        self.failed = set()  # (metric's key, month) of which a figure was refused already
        self.periods = {}  # place of a cell -> its Period, None where it names none
        figures = [(month, cell) for line in layout.lines for _part, month, cell in line.figures]
        self.order = self.decided_order({month.text for month, _cell in figures})
        self.decimal = self.decided_decimal({cell.text for _month, cell in figures})
        self.plain_months = self.months_named({month.place: month for month, _cell in figures}.values())
        for line in layout.lines:
            self.take(line)

    # ---- what the whole file decides

    def decided_order(self, texts):
        order = guess_order(texts)
        example = next(filter(is_either_date, sorted(texts)), None)
        if order and example:
            words = _("day first") if order == DAY_FIRST else _("month first")
            self.notes.append(
                _("Dates such as %(text)s are read %(order)s.") % {"text": quoted(example), "order": words}
            )
        return order

    def decided_decimal(self, texts):
        decimal = guess_decimal(texts)
        example = next((text for text in sorted(texts) if EITHER.fullmatch(tidy(text))), None)
        if decimal and example:
            words = _("a decimal point") if decimal == POINT else _("a decimal comma")
            self.notes.append(
                _("Figures such as %(text)s are read with %(sign)s, as the others are written.")
                % {"text": quoted(example), "sign": words}
            )
        return decimal

    def months_named(self, cells):
        """The months that have a heading of their own: a quarter or a year beside them is a total."""
        found = set()
        for cell in cells:
            try:
                named = period(cell.value, self.order)
            except NotAFigure:
                continue
            if named.months == 1:
                found.add(named.last)
        return found

    # ---- line by line

    def take(self, line):
        if line.names and self.is_passed_over(line):
            return
        try:
            metric, part = self.meaning_of(line)
        except NotAFigure as wrong:
            if line.figures:
                self.problems.append((line.place, str(wrong)))
            return
        self.await_counts(metric, part, line)
        for column, month, cell in line.figures:
            self.take_figure(metric, part if column == VALUE else column, month, cell, line.note)

    def is_passed_over(self, line):
        """Is it a total, or a note or a target, and not a metric that happens to be called so?"""
        if any(self.names.knows(name) or (self.block and part_of(self.block, name)) for name in line.names):
            return False
        odd = next((name for name in line.names if is_total(name) or is_aside(name)), None)
        if odd and line.figures:
            self.notes.append(passed_over(odd, line.place))
        return odd is not None

    def meaning_of(self, line):
        if not line.names:
            raise NotAFigure(_("No metric is named here."))
        return self.names.meaning_of(line.names, self.block)

    def await_counts(self, metric, part, line):
        """After the bare name of a ratio the next two lines may name its counts only; after one of them, the other."""
        if part == VALUE:
            self.block, self.awaited = (metric, {NUMERATOR, DENOMINATOR}) if metric.ratio else (None, set())
        elif any(part_of(metric, name) for name in line.names):
            if self.block != metric:
                self.block, self.awaited = metric, {NUMERATOR, DENOMINATOR}
            self.awaited.discard(part)
        else:
            self.awaited = set()
        if not self.awaited:
            self.block = None

    def take_figure(self, metric, part, month_cell, cell, note):
        named = self.period_of(month_cell)
        if named is None:
            return
        if named.months > metric.every and any(month in self.plain_months for month in named.all_months()):
            self.notes.append(passed_over(named.text, month_cell.place))
            return
        month = None
        try:
            month = named.for_each(metric.every)
            found = figure(cell, metric, part, self.decimal)
        except NotAFigure as wrong:
            self.problems.append((cell.place, str(wrong)))
            self.failed.add((metric.key, month))
            return
        if found:
            self.stated[metric.key, month, part].append(Stated(found, cell.place, note))

    def period_of(self, cell):
        """The `Period` that a cell names; None, said once, where it names none."""
        if cell.place not in self.periods:
            try:
                self.periods[cell.place] = period(cell.value, self.order)
            except NotAFigure as wrong:
                self.periods[cell.place] = None
                self.problems.append((cell.place, str(wrong)))
        return self.periods[cell.place]
