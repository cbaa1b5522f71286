"""The library of metrics: well-defined figures that a site can pick from, and the results requirements they show.

Read once from fixtures/metrics/library.yaml. Its texts are ours, and none of them holds a threshold: docs/metrics.md
says why, and what each field means.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, fields
from functools import lru_cache
from typing import NamedTuple

import yaml
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

LONGEST_NAME = 60  # characters, of a metric and of the two counts it is worked out from
CHANNELS = ("human", "automated", "both")
KINDS = ("service", "quality", "cost", "experience", "revenue", "people", "support")
SHARES = ("percent", "per-thousand", "per-hundred")  # always worked out from two counts
UNITS = (*SHARES, "seconds", "minutes", "hours", "days", "money", "count", "score", "ratio")
DIRECTIONS = ("higher", "lower", "within")
EVERY = (1, 3, 6, 12)  # months
_SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_YAML = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # the C loader is eight times as fast


@dataclass(frozen=True, slots=True)
class LibraryMetric:
    """One metric as the library defines it.

    `measures`, `formula`, `target_hint` and `pitfall` are one sentence each. `numerator` and `denominator` name two
    counts, or are both empty where the figure is entered as it is. `every` is in months. `sample` is true where the
    figure stands for more than was looked at. `requirements` are the keys of the results requirements it shows.
    """

    key: str
    name: str
    measures: str
    process: str
    channel: str
    kind: str
    formula: str
    numerator: str
    denominator: str
    unit: str
    direction: str
    every: int
    sample: bool
    data_source: str
    target_hint: str
    pitfall: str
    requirements: tuple[str, ...]


@lru_cache
def library():
    """Every `LibraryMetric`, in the order of the file. Raises ImproperlyConfigured where the file is broken."""
    return read(settings.BASE_DIR / "fixtures" / "metrics" / "library.yaml")


def library_metric(key):
    """The `LibraryMetric` with that key, or None."""
    return next((metric for metric in library() if metric.key == key), None)


def shown_by(requirement_key):
    """The metrics that show a results requirement, in the order of the file; none for any other requirement."""
    return tuple(metric for metric in library() if requirement_key in metric.requirements)


def read(path):
    """Every `LibraryMetric` in a file. Raises ImproperlyConfigured with a sentence that names the entry and the field."""
    try:
        rows = yaml.load(path.read_text(encoding="utf-8"), _YAML)  # noqa: S506 - a safe loader, see above
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise ImproperlyConfigured(f"{path} cannot be read: {error}.") from error
    if not isinstance(rows, list):
        raise ImproperlyConfigured(f"{path} has to hold a list of metrics.")
    metrics = tuple(_metric(f"{path.name}, entry {number}", row) for number, row in enumerate(rows, 1))
    for name in ("key", "name"):
        _check_unique(path, name, [getattr(metric, name) for metric in metrics])
    return metrics


def _metric(place, row):
    if not isinstance(row, dict):
        raise ImproperlyConfigured(f"{place} has to be a mapping of fields, not {row!r}.")
    place = f"{place} ('{row.get('key', '')}')"
    for name in row:
        if name not in _RULES:
            raise ImproperlyConfigured(f"{place}: there is no field '{name}'.")
    for name, rule in _RULES.items():
        if name not in row:
            raise ImproperlyConfigured(f"{place}: the field '{name}' is missing.")
        if not rule.holds(row[name]):
            raise ImproperlyConfigured(f"{place}: '{name}' has to be {rule.wanted}, not {row[name]!r}.")
    _check_counts(place, row)
    return LibraryMetric(**{**row, "requirements": tuple(row["requirements"])})


def _check_counts(place, row):
    """Two counts or none: one alone gives no figure, and a share without them could not be checked."""
    if bool(row["numerator"]) != bool(row["denominator"]):
        raise ImproperlyConfigured(
            f"{place}: 'numerator' and 'denominator' have to be both named or both empty."
        )
    if row["unit"] in SHARES and not row["numerator"]:
        raise ImproperlyConfigured(f"{place}: 'numerator' has to be named, because 'unit' is {row['unit']}.")
    if row["unit"] == "count" and row["numerator"]:
        raise ImproperlyConfigured(
            f"{place}: 'numerator' has to be empty, because a count is entered as it is."
        )


def _check_unique(path, name, values):
    for number, value in enumerate(values, 1):
        first = values.index(value) + 1
        if first != number:
            raise ImproperlyConfigured(
                f"{path.name}, entry {number}: '{name}' is {value!r}, as it is in entry {first} already."
            )


class _Rule(NamedTuple):
    """What a field has to be; `wanted` says so in words, after 'has to be'."""

    holds: Callable[[object], bool]
    wanted: str


def _is_line(value):
    return isinstance(value, str) and value != "" and value == " ".join(value.split())


def _is_slug(value):
    return isinstance(value, str) and _SLUG.fullmatch(value) is not None


def _is_name(value):
    return _is_line(value) and len(value) <= LONGEST_NAME


def _one_of(choices):
    """YAML's true is 1 to Python, so the type counts as well."""
    words = ", ".join(map(str, choices))
    return _Rule(lambda value: type(value) is type(choices[0]) and value in choices, f"one of {words}")


_LINE = _Rule(_is_line, "a text of one line")
_NAME = _Rule(_is_name, f"a text of one line and at most {LONGEST_NAME} characters")
_COUNT = _Rule(lambda value: value == "" or _is_name(value), f"empty or {_NAME.wanted}")
_RULES = {field.name: _LINE for field in fields(LibraryMetric)} | {
    "key": _Rule(_is_slug, "a slug, such as on-time-share"),
    "name": _NAME,
    "channel": _one_of(CHANNELS),
    "kind": _one_of(KINDS),
    "numerator": _COUNT,
    "denominator": _COUNT,
    "unit": _one_of(UNITS),
    "direction": _one_of(DIRECTIONS),
    "every": _one_of(EVERY),
    "sample": _one_of((True, False)),
    "requirements": _Rule(
        lambda value: isinstance(value, list) and bool(value) and all(map(_is_slug, value)),
        "a list of at least one requirement key",
    ),
}
