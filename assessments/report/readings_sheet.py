"""The sheet in which months are entered: the rates above their counts, and a reading in one phrase."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from assessments.report import register, units
from assessments.rules.sustain import target_at


@dataclass(frozen=True, slots=True)
class Rate:
    """The rate of one month above its two counts; `key` names its place on the page."""

    key: str
    words: str
    state: str


def rate(judged, month):
    metric = judged.metric
    period = metric.period_of(month)
    reading, target = judged.readings.get(period), target_at(judged.targets, period)
    value = reading and reading.value if metric.month_of(period) == month else None
    state = "" if value is None or target is None else "is-met" if target.meets(value) else "is-missed"
    return Rate(f"{metric.pk}-{month:%Y-%m}", _short(value, register.measure_of(metric), target), state)


def _short(value, measure, target):
    """A rate without the words of its unit, which stand once beside its name; percent and money are signs."""
    if value is None:
        return ""
    if measure.unit in ("percent", "money"):
        return units.value_words(value, measure, target)
    return units.number(value, units.decimals_of(value, measure, target))


def reading_words(metric, values):
    """The figures of a reading, `values` as `Reading.standing` has them: '49,922 of 61,480: 81.2%', '21.5 s', or a dash."""
    measure, value = register.measure_of(metric), values["value"]
    if not metric.is_ratio:
        return "–" if value is None else units.with_unit(units.target_figure(value, measure), measure)
    if values["numerator"] is values["denominator"] is None:
        return "–"
    counts = _("%(numerator)s of %(denominator)s") % {
        "numerator": register.count_words(values["numerator"]),
        "denominator": register.count_words(values["denominator"]),
    }
    return counts if value is None else f"{counts}: {units.value_words(value, measure)}"
