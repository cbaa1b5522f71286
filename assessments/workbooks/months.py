"""Months and longer periods as people and programs write them, in five languages.

Nothing is guessed: a date that can be meant in two ways is decided by the rest of the file, or refused with a sentence.
"""

import calendar
import re
import unicodedata
from dataclasses import dataclass
from datetime import date

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assessments.figures import LONGEST, NotAFigure, quoted, tidy

DAY_FIRST, MONTH_FIRST = "day first", "month first"  # how a file writes dates
# English, German, French, Spanish and Portuguese, without accents.
NAMES = {
    1: "january januar janner jaenner janvier enero janeiro jan janv ene",
    2: "february februar fevrier febrero fevereiro feb febr fevr fev",
    3: "march marz maerz mars marzo marco mar mrz",
    4: "april avril abril apr avr abr",
    5: "may mai mayo maio",
    6: "june juni juin junio junho jun",
    7: "july juli juillet julio julho jul juil",
    8: "august aout agosto aug aou ago",
    9: "september septembre septiembre setiembre setembro sep sept set",
    10: "october oktober octobre octubre outubro oct okt out",
    11: "november novembre noviembre novembro nov",
    12: "december dezember decembre diciembre dezembro dec dez dic",
}
MONTH_OF = {name: number for number, names in NAMES.items() for name in names.split()}
YEARS = range(1990, 2101)
SPANS = {
    1: gettext_lazy("month"),
    3: gettext_lazy("quarter"),
    6: gettext_lazy("half-year"),
    12: gettext_lazy("year"),
}
LETTER_SPANS = {"q": 3, "t": 3, "h": 6, "s": 6}  # trimestre, semestre
TIME_OF_DAY = re.compile(r"[T ][0-9]{1,2}:[0-9]{2}.*$", re.ASCII)
SPAN = re.compile(
    r"(?:([qths])([1-4])[ /-]*'?([0-9]{4}|[0-9]{2})|([0-9]{4})[ /-]*([qths])([1-4]))",
    re.ASCII | re.IGNORECASE,
)
RUN_TOGETHER = re.compile(r"([0-9]{4})([0-9]{2})([0-9]{2})?", re.ASCII)
YEAR_FIRST = re.compile(r"([0-9]{4})[-/]([0-9]{1,2})(?:[-/]([0-9]{1,2}))?", re.ASCII)
YEAR_LAST = re.compile(r"([0-9]{1,2})[-/.]([0-9]{4})", re.ASCII)
DATE = re.compile(r"([0-9]{1,2})([-/.])([0-9]{1,2})\2([0-9]{4}|[0-9]{2})", re.ASCII)
WORDED = re.compile(r"[a-z0-9 .,'/-]+")
# What names a month and may as well be a number: 202601, 01.2026.
BARE = re.compile(r"[0-9]*\.?[0-9]*", re.ASCII)


@dataclass(frozen=True)
class Period:
    """`months` calendar months, of which `last` is the first day of the last; `text` is how the file names it."""

    last: date
    months: int
    text: str

    def all_months(self):
        """Their first days."""
        return [self.last.replace(month=self.last.month - back) for back in range(self.months)]

    def for_each(self, every):
        """The first day of the last month of the period that a metric measured every `every` months has here.

        Raises `NotAFigure` where this period is not one of the metric's.
        """
        if self.months not in (1, every):
            raise NotAFigure(
                _("%(period)s is a %(span)s, and this is measured every %(every)s.")
                % {
                    "period": quoted(self.text),
                    "span": SPANS[self.months],
                    "every": SPANS.get(every, _("%s months") % every),
                }
            )
        return self.last.replace(month=-(-self.last.month // every) * every)


def month(value, order=None, every=1):
    """The first day of a month that a cell names; of the last month of its period for a metric measured more rarely.

    `order` is how the file writes dates, DAY_FIRST or MONTH_FIRST; it decides only what can be meant in two ways.
    `every` is 1, 3, 6 or 12 months. Raises `NotAFigure`.
    """
    return period(value, order).for_each(every)


def period(value, order=None):
    """The `Period` that a cell names. Raises `NotAFigure`."""
    if isinstance(value, date):
        return in_month(value.year, value.month, value.isoformat()[:10])
    text = str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)
    found = len(text) <= LONGEST and next(filter(None, (way(tidy(text), order) for way in WAYS)), None)
    if not found:
        raise not_a_month(value)
    return found


def is_month_like(value, bare=False):
    """Does a cell look as if it named a period? With `bare`, digits that may be a number do too."""
    if isinstance(value, date):
        return True
    text = str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)
    if not bare and BARE.fullmatch(tidy(text)):
        return False
    try:
        return period(value, DAY_FIRST) is not None
    except NotAFigure:
        return MONTH_OF.get(plain(text).strip(" .")) is not None


def in_month(year, number, text, day=1):
    if year not in YEARS or not 1 <= number <= 12 or not 1 <= day <= calendar.monthrange(year, number)[1]:
        raise not_a_month(text)
    return Period(date(year, number, 1), 1, text)


def not_a_month(text):
    return NotAFigure(_("%s is not a month. Write it as 2026-01 or Jan 2026.") % quoted(text))


def full_year(digits):
    return int(digits) if len(digits) == 4 else 2000 + int(digits)


def as_year(text, order):
    if re.fullmatch("[0-9]{4}", text, re.ASCII) and int(text) in YEARS:
        return Period(date(int(text), 12, 1), 12, text)
    return None


def as_span(text, order):
    found = SPAN.fullmatch(text)
    if not found:
        return None
    letter, number, year = (found[1], found[2], found[3]) if found[1] else (found[5], found[6], found[4])
    months = LETTER_SPANS[letter.lower()]
    if int(number) * months > 12 or full_year(year) not in YEARS:
        return None
    return Period(date(full_year(year), int(number) * months, 1), months, text)


def as_digits(text, order):
    """'2026-01', '202601', '2026-01-31', '01/2026', and dates of a day, each with or without a time of day."""
    dated = TIME_OF_DAY.sub("", text)
    if found := RUN_TOGETHER.fullmatch(dated) or YEAR_FIRST.fullmatch(dated):
        return in_month(int(found[1]), int(found[2]), text, int(found[3] or 1))
    if found := YEAR_LAST.fullmatch(dated):
        return in_month(int(found[2]), int(found[1]), text)
    if found := DATE.fullmatch(dated):
        first, second, year = int(found[1]), int(found[3]), full_year(found[4])
        return (
            in_month(year, second, text, first)
            if found[2] == "."
            else as_date(text, first, second, year, order)
        )
    return None


def as_date(text, first, second, year, order):
    """A date whose day and month stand in an order that may not be known."""
    if first > 12 or first == second:
        order = DAY_FIRST
    elif second > 12:
        order = MONTH_FIRST
    if order is None and year in YEARS:
        raise NotAFigure(
            _(
                "%(text)s can be %(one)s or %(other)s, and nothing in the file decides it. Write the month as 2026-01."
            )
            % {
                "text": quoted(text),
                "one": named(date(year, second, 1)),
                "other": named(date(year, first, 1)),
            }
        )
    day, number = (second, first) if order == MONTH_FIRST else (first, second)
    return in_month(year, number, text, day)


def as_words(text, order):
    """'Jan 2026', 'January 31, 2026', "31. Januar '26", 'enero de 2026'."""
    simple = TIME_OF_DAY.sub("", plain(text))
    words = [word for word in re.findall("[a-z]+", simple) if word not in ("de", "del", "do")]
    numbers = re.findall("[0-9]+", simple)
    if not WORDED.fullmatch(simple) or len(words) != 1 or words[0] not in MONTH_OF or len(numbers) > 2:
        return None
    if not numbers:
        raise NotAFigure(_("%s has no year. Write it as in Jan 2026.") % quoted(text))
    if len(numbers) == 2 and len(numbers[0]) == 4:
        numbers.reverse()
    if len(numbers[-1]) not in (2, 4):
        return None
    day = int(numbers[0][:3]) if len(numbers) == 2 else 1
    return in_month(full_year(numbers[-1]), MONTH_OF[words[0]], text, day)


def plain(text):
    """Lower case, without accents."""
    parts = unicodedata.normalize("NFKD", tidy(text))
    return "".join(part for part in parts if not unicodedata.combining(part)).casefold()


WAYS = (as_year, as_span, as_digits, as_words)


def guess_order(texts):
    """DAY_FIRST or MONTH_FIRST if some of `texts` can be read in that way only and none in the other, else None.

    Figures of a month carry its first day or its last: where several dates are all the first of a month in one order
    only, it is that one.
    """
    dates = {(int(found[1]), int(found[3])) for text in texts if (found := slashed(text))}
    day_first, month_first = any(one > 12 for one, _two in dates), any(two > 12 for _one, two in dates)
    if not day_first and not month_first and len(dates) > 1:
        day_first, month_first = all(one == 1 for one, _two in dates), all(two == 1 for _one, two in dates)
    return {(True, False): DAY_FIRST, (False, True): MONTH_FIRST}.get((day_first, month_first))


def slashed(text):
    found = isinstance(text, str) and len(text) <= LONGEST and DATE.fullmatch(TIME_OF_DAY.sub("", tidy(text)))
    return found if found and found[2] != "." else None


def is_either_date(text):
    """Can a text be a date in either order, of two months?"""
    found = slashed(text)
    return bool(found) and int(found[1]) != int(found[3]) and int(found[1]) <= 12 and int(found[3]) <= 12


def named(first):
    """'January 2026'."""
    return date_format(first, "F Y")
