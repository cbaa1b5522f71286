"""Series to draw and to speak of: those of the picture, and all that is awkward."""

from assessments.report.series import Moved, Series, Words
from assessments.rules import control_chart
from assessments.rules.sustain import Target, target_at

OCTOBER = 2026 * 12 + 9
PICTURE = [
    76.2, 73.9, 77.1, 74.7, 77, 78.4, 75.3, 77.5, 74.2, 76.7, 78.1, 75.5, 74.9, 66.2, 75.8, 77.9, 80.6, 79.8, 81.7, 79.4,
    82.3, 80.9, 78.9, 81.2,
]  # fmt: skip
EIGHTY = (Target(0, low=80),)
MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
WORDS = Words(
    "upper limit",
    "lower limit",
    "average",
    "now",
    "target",
    "at least",
    "at most",
    "no reading",
    "No reading yet",
)


def number(value, decimals):
    return f"{value:,.{decimals}f}"


def readings(values, last=OCTOBER):
    """Period -> value; a None among `values` is a period without a reading."""
    first = last - len(values) + 1
    return {first + place: value for place, value in enumerate(values) if value is not None}


def series(values, targets=EIGHTY, last=OCTOBER, decimals=1, notes=None, **edges):
    """As the pages build it, with plain words."""
    known = readings(values, last)
    periods = tuple(range(last - len(values) + 1, last + 1))
    chart = control_chart.chart(known)
    outlook = control_chart.outlook(known, chart, target_at(targets, last))
    return Series(
        periods=periods,
        labels=tuple(
            (MONTHS[period % 12], str(period // 12) if period % 12 == 0 or period == periods[0] else "")
            for period in periods
        ),
        values=tuple(values),
        targets=tuple(target_at(targets, period) for period in periods),
        chart=chart,
        number=number,
        decimals=decimals,
        notes=notes or {},
        signals={signal: f"{signal.kind} {signal.first}" for signal in chart.signals},
        moved=Moved(outlook.moved, outlook.mean) if outlook.moved else None,
        **edges,
    )


AWKWARD = {
    "picture": lambda: series(PICTURE, notes={OCTOBER - 10: "Telephony outage, 9 to 11 December"}, floor=0, ceiling=100),
    "nothing": lambda: series([None] * 6),
    "no periods": lambda: series([]),
    "nothing, no target": lambda: series([None], ()),
    "one": lambda: series([80.0]),
    "equal": lambda: series([80.0] * 12),
    "equal zero": lambda: series([0.0] * 12, (), floor=0, ceiling=100),
    "negative": lambda: series([-5.2, 3, -2, 0, 1, -4, -6, -3, 2, 1, 0.5], (Target(0, high=0),)),
    "three years": lambda: series([70 + (i * 7) % 5 + (6 if i > 20 else 0) for i in range(36)]),
    "huge": lambda: series([1.02e9, 1.1e9, 0.98e9, 1.05e9, 1.2e9, 1.01e9, 1.3e9], (Target(0, low=1e9),), decimals=0),
    "near the ceiling": lambda: series([99.1, 98, 99.9, 97.2, 99, 99.5, 92, 99.9, 98.4], floor=0, ceiling=100),
    "gaps": lambda: series([76, None, 77, 74, None, None, 78, 75, 77, 74, 76, None, 75, 83], (Target(0, low=75),)),
    "range": lambda: series([300, 310, 290, 340, 280, 300, 305], (Target(0, low=280, high=320),), decimals=0),
    "new target": lambda: series(PICTURE, (Target(0, low=75), Target(OCTOBER - 9, low=80))),
    "many signals": lambda: series([80, 80.1] * 3 + [95, 80, 60] + [80, 80.1] * 6 + [95, 80.1, 60]),
}  # fmt: skip
