"""Readings as a tool sends them: from the bytes of a request to entries of the register, or to what is wrong and where."""

import json
import re
from dataclasses import dataclass, replace
from datetime import date
from math import inf, isfinite

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from assessments.models import Reading
from assessments.models.readings import FIGURES, Entry, check
from standards.text import clean_text

LARGEST_BODY = 1_000_000  # bytes
MOST_READINGS = 5_000  # in one request
FAULTS_TOLD = 100
SHOWN = 80  # characters of what was sent that a sentence repeats
MONTH = re.compile("20[0-9]{2}-(?:0[1-9]|1[0-2])")
NOTE_LIMIT = Reading._meta.get_field("note").max_length
NAMES = ("metric", "month", *FIGURES, "note")


class Refused(Exception):
    """A request of which nothing is looked at: the status of the reply, and a sentence."""

    def __init__(self, status, sentence):
        self.status = status
        super().__init__(sentence)


class Wrong(Exception):
    """One of the readings cannot be used: the name in it that is at fault, or nothing, and a sentence."""

    def __init__(self, field, sentence):
        self.field, self.sentence = field, sentence
        super().__init__(sentence)


@dataclass(frozen=True)
class Fault:
    """`index` counts the readings of the request from 0."""

    index: int
    field: str
    message: str


def sent(body):
    """The list of readings in the body of a request, not looked at yet. Raises Refused with 400 or 413."""
    try:
        said = json.loads(body.decode("utf-8-sig"), object_pairs_hook=_once_each)
    except json.JSONDecodeError as error:
        where = {"line": error.lineno, "column": error.colno}
        raise Refused(400, _("This is not JSON: line %(line)s, column %(column)s.") % where) from None
    except (ValueError, RecursionError):  # no UTF-8, a number of thousands of digits, lists in lists in lists
        raise Refused(400, _("This is not JSON in UTF-8, or not of a kind that makes sense here.")) from None
    if not isinstance(said, dict) or list(said) != ["readings"] or not isinstance(said["readings"], list):
        raise Refused(400, _('Send an object with "readings" and nothing else, and a list under it.'))
    if len(said["readings"]) > MOST_READINGS:
        raise Refused(413, _("At most %s readings go into one request. Send the rest in another.") % f"{MOST_READINGS:,}")  # fmt: skip
    return said["readings"]


def _once_each(pairs):
    """An object of JSON, in which a name that stands twice would silently hide the first of its values."""
    found = dict(pairs)
    if len(found) < len(pairs):
        raise Refused(400, _("One of the objects has the same name twice."))
    return found


def read(readings, metrics, day):
    """Entries and faults, at most one a reading, of a list from `sent`. `metrics` are those of the site, `day` is today there."""
    known = {metric.pk: metric for metric in metrics} | {metric.name: metric for metric in metrics}
    entries, faults, places = [], [], {}
    for index, said in enumerate(readings):
        try:
            entry = _entry(said, known, day)
            first = places.setdefault((entry.metric.pk, entry.month), index)
            if first != index:
                raise Wrong("month", _("The reading at index %s is of the same metric and month.") % first)
            entries.append(entry)
        except Wrong as wrong:
            faults.append(Fault(index, wrong.field, wrong.sentence))
    return entries, faults


def _entry(said, known, day):
    if not isinstance(said, dict):
        raise Wrong("", _("A reading is an object with a metric, a month and its figures."))
    for name in said:
        if name not in NAMES:
            raise Wrong(name[:SHOWN], _("A reading has no such name. It has: %s.") % ", ".join(NAMES))
    metric, month = _metric(said.get("metric"), known), _month(said.get("month"))
    entry = Entry(metric, month, _figures(said, metric) | _note(said))
    _check(entry, day)
    return entry


def _metric(said, known):
    """By its number or its name. The types are asked for because True and 1.0 would find the metric 1."""
    if type(said) not in (int, str):
        raise Wrong("metric", _("Name the metric, or give its id."))
    metric = known.get(clean_text(said) if isinstance(said, str) else said)
    if metric is None:
        shown = clean_text(str(said))[:SHOWN]
        raise Wrong("metric", _("No metric in use at this site is called “%s”. A GET of this address lists those that are.") % shown)  # fmt: skip
    return metric


def _month(said):
    if not isinstance(said, str) or not MONTH.fullmatch(said):
        raise Wrong("month", _("Write the month as year and month, such as 2026-10, from 2000 on."))
    return date(int(said[:4]), int(said[5:]), 1)


def _figures(said, metric):
    wanted = ("numerator", "denominator") if metric.is_ratio else ("value",)
    for name in FIGURES:
        if (name in said) != (name in wanted):
            raise Wrong(name, _what_it_takes(metric))
    return {name: _number(said[name], name) for name in wanted}


def _what_it_takes(metric):
    if not metric.is_ratio:
        return _("“%(metric)s” takes a value, and no counts.") % {"metric": metric}
    return _(
        "“%(metric)s” is worked out from two counts: send numerator (%(first)s) and denominator (%(second)s), and no value."
    ) % {"metric": metric, "first": metric.numerator, "second": metric.denominator}


def _number(said, name):
    if type(said) not in (int, float):  # True and False are whole numbers to Python
        raise Wrong(name, _("Write a number without quotation marks, with a point: 81.2."))
    try:
        figure = float(said)
    except OverflowError:
        figure = inf
    if not isfinite(figure):
        raise Wrong(name, _("That is no number that can be kept."))
    return figure


def _note(said):
    if "note" not in said:
        return {}
    if not isinstance(said["note"], str):
        raise Wrong("note", _("A note is text."))
    note = clean_text(said["note"])
    if len(note) > NOTE_LIMIT:
        raise Wrong("note", _("A note has at most %s characters.") % NOTE_LIMIT)
    return {"note": note}


def _check(entry, day):
    """As the register checks it, a part at a time: so a fault has its place."""
    figures = {name: figure for name, figure in entry.values.items() if name in FIGURES}
    parts = [("month", {}), *((name, {name: figure}) for name, figure in figures.items())]
    parts.append((list(figures)[-1], figures))  # together: out of 0, or out of next to nothing
    for field, values in parts:
        try:
            check(replace(entry, values=values), day)
        except ValidationError as error:
            raise Wrong(field, " ".join(error.messages)) from None
