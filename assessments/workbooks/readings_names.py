"""Which metric, and which of its two counts, a file means by a name. Never a near miss: that is a question."""

import unicodedata
from collections import defaultdict
from dataclasses import dataclass
from difflib import get_close_matches
from functools import lru_cache

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assessments.figures import NotAFigure, quoted

VALUE, NUMERATOR, DENOMINATOR = "value", "numerator", "denominator"
PART_WORDS = {NUMERATOR: gettext_lazy("numerator"), DENOMINATOR: gettext_lazy("denominator")}
PERCENT_UNITS = {"%", "percent", "per cent", "pct", "prozent"}
SECONDS_IN = {
    **dict.fromkeys(("s", "sec", "secs", "second", "seconds"), 1),
    **dict.fromkeys(("min", "mins", "minute", "minutes"), 60),
    **dict.fromkeys(("h", "hr", "hrs", "hour", "hours"), 3600),
}
NEAR = 0.6  # of 1: how alike a name has to be to be suggested
COMPARED = 200  # characters of a name that are compared


@dataclass(frozen=True)
class Known:
    """A metric that a file may have figures of.

    With `ratio` a reading is two counts, named `numerator` and `denominator`, else one figure in `unit`. It is measured
    every `every` months: 1, 3, 6 or 12. `also` are other names that people call it by.
    """

    key: object
    name: str
    ratio: bool = False
    numerator: str = ""
    denominator: str = ""
    unit: str = ""
    every: int = 1
    also: tuple[str, ...] = ()

    @property
    def is_percent(self):
        return self.unit.strip().casefold() in PERCENT_UNITS

    @property
    def seconds(self):
        """How many seconds are one of its unit; None where it does not measure time."""
        return SECONDS_IN.get(self.unit.strip().casefold())

    @property
    def counts(self):
        """What its two counts are called."""
        return {part: getattr(self, part) or str(word) for part, word in PART_WORDS.items()}


class Names:
    """What the names in a file mean. A meaning is (`Known`, VALUE, NUMERATOR or DENOMINATOR)."""

    def __init__(self, metrics):
        # What a near miss is compared with.
        self.names = {normal(metric.name): metric.name for metric in metrics}
        own, also, parts = defaultdict(dict), defaultdict(dict), defaultdict(dict)
        for metric in metrics:
            own[letters(metric.name)][metric.key, VALUE] = (metric, VALUE)
            for name in metric.also:
                also[letters(name)][metric.key, VALUE] = (metric, VALUE)
            for name in (metric.name, *metric.also) if metric.ratio else ():
                for part, words in part_names(metric):
                    parts[letters(f"{name} {words}")][metric.key, part] = (metric, part)
        self.levels = (own, also, parts)

    def knows(self, text):
        return any(letters(text) in level for level in self.levels)

    def meaning(self, text):
        """The meaning of a text by itself, or None. Raises `NotAFigure` where it has two."""
        found = next((level[letters(text)] for level in self.levels if letters(text) in level), {})
        if len(found) > 1:
            raise NotAFigure(_("%s is the name of more than one metric.") % quoted(text))
        return next(iter(found.values()), None)

    def meaning_of(self, texts, block=None):
        """The meaning of a row or column headed by `texts`. Raises `NotAFigure` where there is none, or more than one.

        `block` is the ratio that the rows before have named, while its counts are awaited.
        """
        found = list(dict.fromkeys(meaning for text in texts if (meaning := self.meaning(text))))
        ratios = [metric for metric, part in found if metric.ratio and part == VALUE]
        for metric in (*ratios, *([block] if block and not ratios else [])):
            for text in texts:
                if part := part_of(metric, text):
                    return metric, part
        if len(found) > 1:
            raise NotAFigure(
                _("This names more than one metric: %s.")
                % ", ".join(quoted(metric.name) for metric, _part in found)
            )
        if found:
            return found[0]
        raise NotAFigure(self.unknown(texts))

    def unknown(self, texts):
        """A sentence about names that are none of ours, with the nearest one that is."""
        for text in texts:
            near = get_close_matches(normal(text)[:COMPARED], self.names, n=1, cutoff=NEAR)
            if near:
                facts = {"text": quoted(text), "near": quoted(self.names[near[0]])}
                return _("%(text)s is none of your metrics. Is it %(near)s? Then write that.") % facts
        return _("%s is none of your metrics.") % quoted(" / ".join(texts))


def part_names(metric):
    for part, word in PART_WORDS.items():
        yield part, part
        yield part, str(word)
        yield part, metric.counts[part]


def part_of(metric, text):
    """NUMERATOR or DENOMINATOR if a text names that count of a ratio by itself, else None."""
    return next((part for part, words in part_names(metric) if letters(words) == letters(text)), None)


@lru_cache(4096)
def normal(text):
    """The words of a name, in lower case and without punctuation; a name of punctuation alone as it is."""
    text = unicodedata.normalize("NFKC", text).casefold()
    words = "".join(char if char.isalnum() or unicodedata.combining(char) else " " for char in text).split()
    return " ".join(words) or text.strip()


def letters(text):
    """Of a name, what has to agree: 'C.S.A.T.' is 'CSAT', and 'hand-over' is 'Handover'."""
    return normal(text).replace(" ", "")
