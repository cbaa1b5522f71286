"""Numbers as people and programs write them; workbooks/months.py does the same for months.

Nothing is guessed: what can be meant in two ways is decided by the rest of the file, or refused with a sentence.
"""

import re
from decimal import Decimal

from django.template.defaultfilters import floatformat
from django.utils.html import avoid_wrapping
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

SHOWN = 60  # characters of a cell that a sentence repeats
LARGEST = 1e12  # more than any contact centre counts; beyond it a float no longer tells cents apart
LONGEST = 100  # characters of a text that may be a number or a month
NO_VALUE = {"", "-", "–", "—", "n/a", "na", "n.a.", "#n/a"}
POINT, COMMA = ".", ","  # how a file writes decimals
UNSEEN = dict.fromkeys(map(ord, "\u200b\u200e\u200f\u2060\ufeff"))
FULL_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}


class NotAFigure(Exception):
    """A text is no number or no month that can be used. The message is a sentence."""


def is_empty(value):
    """Does a cell say that there is no value?"""
    return value is None or (isinstance(value, str) and tidy(value).casefold() in NO_VALUE)


def tidy(text):
    """Full-width forms as ordinary characters, every kind of space as one space.

    Superscripts stay what they are: the mark of a footnote is no digit.
    """
    return " ".join(text.translate(UNSEEN).translate(FULL_WIDTH).split())


# ---- numbers --------------------------------------------------------------------------------------------------------

MINUS = str.maketrans({"\u2212": "-", "\u2013": "-"})
MARK = r"(?:[ %€$£¥₹₺₽₩₪₫₱฿]|EUR|USD|GBP|CHF)+"
MARKS = re.compile(f"^{MARK}|{MARK}$", re.IGNORECASE)
TIME = re.compile(r"(-?)(?:([0-9]{1,6}):)?([0-9]{1,4}):([0-5][0-9])(?:[.,]([0-9]{1,6}))?", re.ASCII)
EXPONENT = re.compile(r"e([+-]?[0-9]{1,4})$", re.IGNORECASE | re.ASCII)
SPACED = re.compile(r"[0-9]{1,3}(?:[ '\u2019][0-9]{3})+(?=[.,]|$)", re.ASCII)
PLAIN = re.compile(r"[0-9]*[.,]?[0-9]*", re.ASCII)
# Thousands, or lakhs and crores, and a fraction behind the other sign.
GROUPED = re.compile(
    r"(?:[1-9][0-9]{0,2}(?P<sign>[.,])[0-9]{3}(?:(?P=sign)[0-9]{3})*|[1-9][0-9]?(?:,[0-9]{2})+,[0-9]{3})"
    r"(?:(?P<point>[.,])[0-9]*)?",
    re.ASCII,
)
EITHER = re.compile(r"[1-9][0-9]{0,2}[.,][0-9]{3}", re.ASCII)  # '1,234'


def number(value, decimal=None, percent=False):
    """The number that a cell says, or None if it says that there is none.

    `decimal`, POINT or COMMA, is how the file writes decimals; it decides only what can be meant in two ways. A percent
    sign is dropped: '81.2 %' is 81.2. With `percent` the number is one that a spreadsheet shows as a percentage: 0.812
    is 81.2. '1:23' and '01:23:45' are durations, in seconds. Raises `NotAFigure` for what is no number, for infinities
    and for what is beyond LARGEST.
    """
    if is_empty(value):
        return None
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise NotAFigure(_("%s is not a number.") % quoted(value))
    found = read(value, decimal) if isinstance(value, str) else Decimal(str(value))
    if not found.is_finite():
        raise NotAFigure(_("%s is not a number.") % quoted(value))
    found = float(found.scaleb(2) if percent else found)
    if abs(found) > LARGEST:
        raise NotAFigure(_("%s is too large: at most 1,000,000,000,000 is read.") % quoted(value))
    return found


def count(value, decimal=None):
    """The number that a cell says of things counted. Raises `NotAFigure`, for what is below 0 too."""
    found = number(value, decimal)
    if found is not None and found < 0:
        raise NotAFigure(_("%s is below 0, and this is a count.") % quoted(value))
    return found


def read(text, decimal):
    """The Decimal that a text says. Raises `NotAFigure`."""
    if len(text) > LONGEST:
        raise NotAFigure(_("%s is not a number.") % quoted(text))
    if is_time(text):
        return seconds(text)
    sign, digits, power = taken_apart(text)
    meanings = {meaning for meaning in (as_fraction(digits), as_grouped(digits)) if meaning is not None}
    if len(meanings) > 1 and power is None:
        if decimal is None:
            raise NotAFigure(
                _(
                    "%(text)s can mean %(whole)s or %(fraction)s, and nothing in the file decides it. Write %(whole)s or %(longer)s."
                )
                % {"text": quoted(text), **both_ways(digits)}
            )
        meanings = {as_fraction(digits) if decimal in digits else as_grouped(digits)}
    elif power is not None:
        meanings = {as_fraction(digits)} - {None}
    if not meanings:
        raise NotAFigure(_("%s is not a number.") % quoted(text))
    return sign * meanings.pop().scaleb(power or 0)


def both_ways(digits):
    """What '1,234' can mean, and how to write the second so that it means nothing else."""
    whole, fraction = re.sub("[.,]", "", digits), digits.replace(",", ".")
    return {"whole": whole, "fraction": fraction, "longer": f"{fraction}0"}


def taken_apart(text):
    """(1 or -1, digits with their signs, power of ten or None) of a text without its percent sign and its currency."""
    text, sign = MARKS.sub("", tidy(text).translate(MINUS)), 1
    if text.startswith("(") and text.endswith(")"):
        sign, text = -1, text[1:-1]
    elif text.startswith(("-", "+")):
        sign, text = -1 if text[0] == "-" else 1, text[1:]
    elif text.endswith("-"):
        sign, text = -1, text[:-1]
    text = MARKS.sub("", text)
    power = EXPONENT.search(text)
    return sign, text[: power.start()] if power else text, int(power[1]) if power else None


def as_fraction(digits):
    """Read so that a point or comma begins the fraction, or None."""
    if spaced := SPACED.match(digits):
        digits = re.sub(r"[ '\u2019]", "", spaced[0]) + digits[spaced.end() :]
    if not PLAIN.fullmatch(digits) or not re.search("[0-9]", digits):
        return None
    return Decimal(digits.replace(",", "."))


def as_grouped(digits):
    """Read so that points or commas set off thousands, or None."""
    found = GROUPED.fullmatch(digits)
    if not found:
        return None
    sign, point = found["sign"] or COMMA, found["point"]
    if point == sign:
        return None
    whole, _point, fraction = digits.partition(point) if point else (digits, "", "")
    return Decimal(f"{whole.replace(sign, '')}.{fraction or 0}")


def has_percent_sign(text):
    return tidy(text).strip("()").endswith("%")


def is_time(text):
    """Is it a duration, such as '1:23' or '01:23:45'?"""
    return TIME.fullmatch(tidy(text).translate(MINUS)) is not None


def seconds(text):
    """'1:23' -> 83, '01:23:45' -> 5025. `text` is a time."""
    minus, hours, minutes, rest, fraction = TIME.fullmatch(tidy(text).translate(MINUS)).groups()
    found = Decimal(f"{int(hours or 0) * 3600 + int(minutes) * 60 + int(rest)}.{fraction or 0}")
    return -found if minus else found


def guess_decimal(texts):
    """POINT or COMMA if those of `texts` that can be read in one way only use that one and never the other, else None."""
    signs = {sign for text in texts if (sign := decimal_sign(text))}
    return signs.pop() if len(signs) == 1 else None


def decimal_sign(text):
    """Which sign begins the fraction in a text that can be read in one way only; None where it does not show."""
    if not isinstance(text, str) or len(text) > LONGEST or is_time(text):
        return None
    _sign, digits, power = taken_apart(text)
    fraction, grouped = as_fraction(digits), as_grouped(digits)
    if (fraction is None and grouped is None) or (EITHER.fullmatch(digits) and power is None):
        return None
    found = re.findall("[.,]", digits)
    if not found:
        return None
    if grouped is not None and len(set(found)) == 1:  # '1.234.567': what groups is not what begins a fraction
        return COMMA if found[0] == POINT else POINT
    return found[-1]


def decimal_sign_of_count(text):
    """Which sign begins a fraction where a count is written '61,240' or '61.240'; None elsewhere.

    Nobody counts in thousandths, so what can be meant in two ways are thousands.
    """
    found = tidy(text)
    return (POINT if "," in found else COMMA) if EITHER.fullmatch(found) else None


def quoted(value):
    """What a cell says, in quotation marks, as far as a sentence can repeat it."""
    text = " ".join(str(value).split())
    return f"'{text[:SHOWN]}…'" if len(text) > SHOWN else f"'{text}'"


# ---- sizes of files -------------------------------------------------------------------------------------------------

KILO = 1024  # bytes, and of each unit in the next


def file_size(size):
    """A whole number of bytes as people read it: '21 bytes', '440 KB', '1.4 MB', '1 GB'; never parted at the end of a line."""
    if size < KILO:
        words = ngettext("%(size)s byte", "%(size)s bytes", size)
    elif (size := size / KILO) < KILO - 0.5:
        size, words = round(size), _("%(size)s KB")
    elif (size := size / KILO) < KILO - 0.05:
        size, words = floatformat(round(size, 1)), _("%(size)s MB")
    else:
        size, words = floatformat(round(size / KILO, 1)), _("%(size)s GB")
    return avoid_wrapping(words % {"size": size})
