"""How a metric's figures, targets and periods are printed: each figure with its unit, and never on the wrong side of its target."""

from dataclasses import dataclass
from datetime import date

from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from assessments.report.words import counted
from assessments.rules.sustain import HIGHER

MONTH, QUARTER, HALF, YEAR = 1, 3, 6, 12  # months between two readings
FINEST = 10  # decimals, beyond which the rules see no difference either


@dataclass(frozen=True, slots=True)
class Measure:
    """How a metric is measured: `unit` one of percent, per-hundred, per-thousand, seconds, minutes, hours, days, money, count,
    score, ratio; `currency` as it is written before the figure; `decimals` as printed; a reading `every` 1, 3, 6 or 12 months.
    """

    unit: str = "percent"
    decimals: int = 1
    direction: str = HIGHER
    every: int = MONTH
    currency: str = ""

    def edges(self, values):
        """(lowest, highest) that a reading can be, None where there is no such edge: `values` may show that it is none."""
        lowest = None if self.unit in ("money", "score") else 0.0
        highest = 100.0 if self.unit == "percent" else None
        if lowest is not None and min(values, default=lowest) < lowest:
            lowest = None
        if highest is not None and max(values, default=highest) > highest:
            highest = None
        return lowest, highest


# ---- figures -----------------------------------------------------------------------------------------------------------


def number(value, decimals):
    """With separators between thousands and a real minus sign; nothing is ever printed as −0."""
    text = f"{value:.{decimals}f}"
    if not text.strip("-0."):
        text = text.lstrip("-")
    return number_format(text, use_l10n=True, force_grouping=True).replace("-", "−")


def with_unit(printed, measure):
    """A printed number with its unit: 81.2%, 19 s, £4.82."""
    if measure.unit == "money":
        return _money(printed, measure.currency)
    pattern = {
        "percent": _("%(number)s%%"),
        "per-hundred": _("%(number)s per 100"),
        "per-thousand": _("%(number)s per 1,000"),
        "seconds": _("%(number)s s"),
        "minutes": _("%(number)s min"),
        "hours": _("%(number)s h"),
        "days": ngettext("%(number)s day", "%(number)s days", 1 if printed == "1" else 2),
    }.get(measure.unit, "%(number)s")
    return (pattern % {"number": printed}).replace(" ", "\u00a0")


def _money(printed, currency):
    sign, figure = ("−", printed[1:]) if printed.startswith("−") else ("", printed)
    between = "\u00a0" if currency[-1:].isalpha() else ""
    return f"{sign}{currency}{between}{figure}"


def value_words(value, measure, target=None):
    """A value with its unit, or a dash. Against a `target` it gets the decimals that show on which side of it it lies."""
    if value is None:
        return "–"
    return with_unit(number(value, decimals_of(value, measure, target)), measure)


def decimals_of(value, measure, target=None):
    """How many decimals `value` needs: 79.96 is not printed as 80.0 where the target is 80."""
    if target is None:
        return measure.decimals
    met = target.meets(value)
    return next(
        (digits for digits in range(measure.decimals, FINEST) if target.meets(round(value, digits)) == met),
        FINEST,
    )


def target_figure(bound, measure):
    """One end of a target as a number: exact, without needless zeros; money as money is written."""
    if measure.unit == "money" and round(bound, measure.decimals) == bound:
        return number(bound, measure.decimals)
    return number(
        bound, next(digits for digits in range(FINEST + 1) if round(bound, digits) == round(bound, FINEST))
    )


def aim_words(target, measure):
    """The figure of a target with its unit: 80%, or 280 to 320 s."""
    low, high = (None if end is None else target_figure(end, measure) for end in (target.low, target.high))
    if None in (low, high) or low == high:
        return with_unit(high if low is None else low, measure)
    if measure.unit == "money":
        return _("%(low)s to %(high)s") % {"low": with_unit(low, measure), "high": with_unit(high, measure)}
    return _("%(low)s to %(high)s") % {"low": low, "high": with_unit(high, measure)}


def target_words(target, measure):
    """What meets a target: at least 80%, at most 5%, 280 to 320 s."""
    if target is None:
        return _("no target")
    words = {"aim": aim_words(target, measure)}
    if target.low is None:
        return _("at most %(aim)s") % words
    if target.high is None:
        return _("at least %(aim)s") % words
    return _("exactly %(aim)s") % words if target.low == target.high else aim_words(target, measure)


# ---- periods -----------------------------------------------------------------------------------------------------------


def period_name(period, every):
    """October 2026, Q3 2026, first half 2026 or 2026. Periods count up by one from year 0, whatever their length."""
    year, place = divmod(period, 12 // every)
    if every == MONTH:
        return date_format(date(year, place + 1, 1), "F Y")
    if every == QUARTER:
        return _("Q%(quarter)s %(year)s") % {"quarter": place + 1, "year": year}
    if every == HALF:
        return (_("second half %(year)s") if place else _("first half %(year)s")) % {"year": year}
    return str(year)


def period_label(period, every):
    """The short name under a chart, (within the year, year)."""
    year, place = divmod(period, 12 // every)
    if every == MONTH:
        return date_format(date(year, place + 1, 1), "M"), str(year)
    if every == YEAR:
        return str(year), ""
    name = _("Q%(number)s") if every == QUARTER else _("H%(number)s")
    return name % {"number": place + 1}, str(year)


def axis_labels(periods, every):
    """The labels of an axis: the year only at the first period and where one begins."""
    found = []
    for period in periods:
        name, year = period_label(period, every)
        found.append((name, year if not found or period % (12 // every) == 0 else ""))
    return tuple(found)


def periods_words(count, every, *, figures=False):
    """A number of periods: one month, six months, 24 months, two quarters; with `figures` 6 months."""
    words = {
        MONTH: ngettext("%(count)s month", "%(count)s months", count),
        QUARTER: ngettext("%(count)s quarter", "%(count)s quarters", count),
        HALF: ngettext("%(count)s half-year", "%(count)s half-years", count),
        YEAR: ngettext("%(count)s year", "%(count)s years", count),
    }[every]
    return words % {"count": count if figures else counted(count)}


def period_noun(every):
    return {MONTH: _("month"), QUARTER: _("quarter"), HALF: _("half-year"), YEAR: _("year")}[every]


def periods_noun(every):
    return {MONTH: _("months"), QUARTER: _("quarters"), HALF: _("half-years"), YEAR: _("years")}[every]
