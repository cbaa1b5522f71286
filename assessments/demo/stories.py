"""The organisations of the demo as they are written in fixtures/demo, for a given day."""

import calendar
import re
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import yaml
from django.conf import settings

from assessments.demo.acting import Step
from assessments.demo.measuring import Measured

FOLDER = Path(settings.BASE_DIR) / "fixtures" / "demo"
NAMES = ("bank", "outsourcer", "vendor-office", "covilha", "ferry", "iso-check")
SHARED = ("organisation", "people", "sites")  # what a story takes over from the one it is written beside


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody in the organisation of the story; `only` names the sites they work in where those are not all."""

    name: str
    email: str
    role: str
    only: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Place:
    """A site."""

    name: str
    country: str
    seats: int
    time_zone: str
    channels: list
    vendor: str = ""


@dataclass(frozen=True, slots=True)
class Said:
    """What somebody decided on one requirement; `was` is the choice before they changed their mind."""

    choice: str
    note: str = ""
    reason: str = ""
    reason_text: str = ""
    by: str = ""
    was: str = ""


@dataclass(frozen=True, slots=True)
class Topic:
    """An item: who answers it on which working day, how mature the site is in it (0 to 3), and how many of its
    requirements, from the first, are answered; all of them where that is not said."""

    by: str
    day: int
    level: float
    answers: dict
    answered: int | None = None


@dataclass(frozen=True, slots=True)
class Held:
    """A piece of evidence; `first` and `last` count back the months it covers from the one before the demo's date. `text` is
    what is in the file called `file`, where it is one."""

    title: str
    by: str
    as_of: date
    place: str = ""
    file: str = ""
    text: str = ""
    first: int | None = None
    last: int | None = None

    @property
    def months(self):
        """The first days of the first and the last month, or two Nones."""
        return [back and month_after(self.as_of, -back) for back in (self.first, self.last)]


@dataclass(frozen=True, slots=True)
class Look:
    """An item sent for review, and what was decided where it was: `findings` maps requirement keys to choice and comment."""

    item: str
    by: str
    days_ago: int
    to: str = ""
    due_in: int | None = None
    message: str = ""
    decided_by: str = ""
    decided_days_ago: int = 0
    verdict: str = ""
    findings: dict = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Remark:
    """A comment on the requirement of that key."""

    key: str
    by: str
    days_ago: int
    text: str


@dataclass(frozen=True, slots=True)
class Kept:
    """A milestone taken by somebody so many days before the demo's date. With `behind` there was an earlier round of answers
    just before it, in which that share of the levels was one lower."""

    name: str
    by: str
    days_ago: int
    behind: float | None = None


@dataclass(frozen=True, slots=True)
class Story:
    """One assessment, of `site`. `items` maps item codes to topics, `answers` of a topic requirement keys to what was said.

    Where `quick` is true only the requirements of the quick scan are asked. `evidence` maps requirement keys to what is
    held; `metrics` are those of the site; `confirmed` and `assigned` map item codes to who stands by them and whose work they are.
    """

    organisation: str
    variant: str
    working_days: int
    people: dict
    sites: list
    site: Place
    items: dict
    standard: str = "copc-cx"
    release: str = "8.0"
    quick: bool = False
    audit_in_months: int | None = None
    evidence: dict = field(default_factory=dict)
    confirmed: dict = field(default_factory=dict)
    assigned: dict = field(default_factory=dict)
    reviews: tuple[Look, ...] = ()
    comments: tuple[Remark, ...] = ()
    metrics: tuple[Measured, ...] = ()
    actions: tuple[Step, ...] = ()
    milestones: tuple[Kept, ...] = ()  # the oldest first


def read(name, as_of):
    """One story, its months and years counted from `as_of`."""
    fields = _written(name, as_of)
    if "beside" in fields:
        other = _written(fields.pop("beside"), as_of)
        fields |= {part: other[part] for part in SHARED}
    fields["people"] = {key: Person(**person) for key, person in fields["people"].items()}
    fields["sites"] = [Place(**place) for place in fields["sites"]]
    assessed = fields.get("site", fields["sites"][0].name)
    fields["site"] = next(place for place in fields["sites"] if place.name == assessed)
    fields["evidence"] = {
        key: [Held(**held, as_of=as_of) for held in pieces]
        for key, pieces in fields.pop("evidence", {}).items()
    }
    fields["items"] = {code: _topic(**topic) for code, topic in fields["items"].items()}
    fields["reviews"] = tuple(Look(**look) for look in fields.get("reviews", ()))
    fields["comments"] = tuple(Remark(**remark) for remark in fields.get("comments", ()))
    fields["metrics"] = tuple(Measured(**measured) for measured in fields.get("metrics", ()))
    fields["actions"] = tuple(Step(**step) for step in fields.get("actions", ()))
    fields["milestones"] = tuple(Kept(**kept) for kept in fields.get("milestones", ()))
    return Story(**fields)


def _written(name, as_of):
    return yaml.safe_load(dated((FOLDER / f"{name}.yaml").read_text(encoding="utf-8"), as_of))


def _topic(answers=None, **fields):
    said = {
        key: Said(choice=value) if isinstance(value, str) else Said(**value)
        for key, value in (answers or {}).items()
    }
    return Topic(answers=said, **fields)


def dated(text, as_of):
    """`text` with {month-2} and the like replaced by the month's name, so that a note never speaks of a far-off year."""

    def name(match):
        return calendar.month_name[(as_of.month - 1 + int(match[1])) % 12 + 1]

    return re.sub(r"\{month([+-]\d+)\}", name, text)


def month_after(as_of, months):
    """The first day of the month so many months after that of `as_of`."""
    years, month = divmod(as_of.month - 1 + months, 12)
    return as_of.replace(year=as_of.year + years, month=month + 1, day=1)
