"""Many sites of one organisation, for trying how lists, portfolio and database behave at scale."""

import random
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

import yaml
from django.db import transaction

from assessments.demo import rows
from assessments.demo.answering import choice_saved, draw_level, working_day
from assessments.demo.stories import FOLDER, Person, Place, month_after
from assessments.models import Answer, Assessment, Organisation
from assessments.rules.scoring import NOT_APPLICABLE, UNKNOWN

AT_A_TIME = 50  # sites in one transaction: memory stays flat, and other writers wait a second or two at most
SKIPPED, NOT_KNOWN, LEFT_OUT = 0.04, 0.03, 0.02  # shares of the answers given
REASONS = [Answer.Reason.OUT_OF_SCOPE, Answer.Reason.NOT_OFFERED, Answer.Reason.ELSEWHERE]


@dataclass(frozen=True, slots=True)
class Chain:
    """`cities` holds (region, city, country, time zone); a region is also the name of who answers for it."""

    organisation: str
    variant: str
    people: dict
    channels: list
    quarters: list
    cities: list

    def place(self, number, rng):
        """The site of that number, counted from 0, and its region."""
        turn, place = divmod(number, len(self.cities))
        region, city, country, zone = self.cities[place]
        quarter = self.quarters[turn] if turn < len(self.quarters) else str(turn + 1)
        name = f"{city} {quarter}".strip()
        return Place(name, country, rng.randrange(40, 900, 10), zone, rng.choice(self.channels)), region


def read():
    fields = yaml.safe_load((FOLDER / "chain.yaml").read_text(encoding="utf-8"))
    fields["people"] = {key: Person(**person) for key, person in fields["people"].items()}
    fields["cities"] = [
        (region, city, country, zone)
        for region, zones in fields.pop("regions").items()
        for zone, countries in zones.items()
        for country, cities in countries.items()
        for city in cities
    ]
    return Chain(**fields)


def build(release, count, seed, as_of, say):
    """Add what is missing to `count` sites, each with a started assessment; the number of sites added.

    Each site is drawn from a seed of its own: it is the same however many are made before or after it.
    """
    chain = read()
    organisation, users = _found(chain, as_of)
    there = organisation.sites.count()
    asked = {}
    for first in range(there, count, AT_A_TIME):
        numbers = range(first, min(first + AT_A_TIME, count))
        with transaction.atomic():
            _add(chain, organisation, release, numbers, seed, as_of, users, asked)
        if count > 2 * AT_A_TIME:
            say(f"{numbers[-1] + 1} of {count} sites")
    return max(count - there, 0)


@transaction.atomic
def _found(chain, as_of):
    """The organisation, made if it is not there yet, and its people."""
    users = {key: rows.add_user(person, as_of) for key, person in chain.people.items()}
    organisation = Organisation.objects.filter(name=chain.organisation).first()
    if organisation is None:
        members = [(users[key], person.role) for key, person in chain.people.items()]
        organisation = rows.add_organisation(chain.organisation, members, as_of)
    return organisation, users


def _add(chain, organisation, release, numbers, seed, as_of, users, asked):
    drawn = []
    for number in numbers:
        rng = random.Random(f"{seed}/{chain.organisation}/{number}")  # noqa: S311 - invented answers, no secrets
        drawn.append((rng, *chain.place(number, rng)))
    sites = rows.add_sites(organisation, [place for _, place, _ in drawn], as_of)
    variant = release.variants.get(code=chain.variant)
    sheets = []
    for site, (rng, _, region) in zip(sites, drawn, strict=True):
        assessment = Assessment(
            site=site,
            release=release,
            variant=variant,
            channels=site.channels,
            audit_month=month_after(as_of, rng.randrange(6, 30)),
            started_by=users["head"],
        )
        scope = (assessment.human, assessment.automated)
        if scope not in asked:
            asked[scope] = list(rows.asked(assessment))
        sheets.append(_sheet(assessment, asked[scope], region, as_of, rng))
    rows.store(sheets, users)


def _sheet(assessment, asked, region, as_of, rng):
    """An assessment answered from the top to somewhere, by the person of its region, item by item."""
    maturity, done = rng.uniform(0.7, 2.8), rng.uniform(0.15, 1)
    zone = ZoneInfo(assessment.site.time_zone)
    days = rng.randrange(5, 90)
    started_at = at = datetime.combine(working_day(as_of, days), time(9), tzinfo=zone)
    saves, code, offset = {}, None, 0
    for requirement in asked[: int(done * len(asked))]:
        if requirement.item != code:
            code, offset = requirement.item, rng.uniform(-0.7, 0.7)
            days = max(days - rng.randrange(0, 2), 2)
            at = max(at, datetime.combine(working_day(as_of, days), time(9), tzinfo=zone))
        at += timedelta(seconds=rng.randrange(40, 200))
        if rng.random() >= SKIPPED:
            saves[requirement.pk] = [_drawn(maturity + offset, region, at, rng)]
    return rows.Sheet(assessment, [requirement.pk for requirement in asked], saves, started_at)


def _drawn(level, by, at, rng):
    luck = rng.random()
    if luck < LEFT_OUT:
        return choice_saved(NOT_APPLICABLE, by, at, reason=str(rng.choice(REASONS)))
    if luck < LEFT_OUT + NOT_KNOWN:
        return choice_saved(UNKNOWN, by, at)
    return choice_saved(draw_level(level, rng), by, at)
