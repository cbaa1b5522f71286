"""How far the answering is: what the task list shows and where Continue leads."""

from dataclasses import dataclass, replace
from itertools import groupby

from assessments.models.people import User
from assessments.rules import scoring
from standards.models import Requirement

# Reading four sentences, choosing one, a line of note: our estimate, shown as "about".
MINUTES_A_REQUIREMENT = 2


@dataclass(frozen=True, slots=True)
class Place:
    """One requirement asked, as the list needs it."""

    domain: str
    domain_code: str
    item_code: str
    item: str
    letter: str
    short: str
    choice: str
    answered_at: object
    carried: bool = False
    flagged: bool = False
    version: int = 0
    assignee: User | None = None
    target: int = scoring.TOP_LEVEL
    requirement: Requirement | None = None

    @property
    def open(self):
        return self.choice == scoring.OPEN

    @property
    def unknown(self):
        return self.choice == scoring.UNKNOWN

    @property
    def gap(self):
        level = scoring.level_of(self.choice)
        return level is not None and level < self.target

    def speaks_of(self, words):
        """Do all of the words stand in what it asks, in any case and order?"""
        asked = self.requirement.words
        text = " ".join(
            (self.item_code + self.letter, self.item, self.short, asked["statement"], asked["scope"])
        )
        return all(word in text.casefold() for word in words.casefold().split())


def mine(user):
    """The condition of a place that it is `user`'s work."""
    return lambda place: place.assignee is not None and place.assignee.pk == user.pk


@dataclass(frozen=True, slots=True)
class ItemProgress:
    code: str
    title: str
    places: tuple[Place, ...]
    next: bool
    found: tuple[Place, ...] = ()  # those that a filter looked for
    review: object = None  # its `reviews.ReviewState`, where one is known

    @property
    def pk(self):
        return self.places[0].requirement.item_id

    @property
    def answered(self):
        return sum(not place.open for place in self.places)

    @property
    def versions(self):
        """Of its answers: what `ItemCheck.holds` compares."""
        return [place.version for place in self.places]

    @property
    def assignees(self):
        """Whose work it is, once each, in the order of the requirements; empty if nobody's in particular."""
        return list({place.assignee.pk: place.assignee for place in self.places if place.assignee}.values())

    @property
    def status(self):
        """not-applicable, not-started, part or complete."""
        if all(place.choice == scoring.NOT_APPLICABLE for place in self.places):
            return "not-applicable"
        if not self.answered:
            return "not-started"
        return "complete" if self.answered == len(self.places) else "part"


@dataclass(frozen=True, slots=True)
class DomainProgress:
    code: str
    title: str
    items: tuple[ItemProgress, ...]

    @property
    def asked(self):
        return sum(len(item.places) for item in self.items)

    @property
    def answered(self):
        return sum(item.answered for item in self.items)


@dataclass(frozen=True, slots=True)
class Progress:
    domains: tuple[DomainProgress, ...]
    next_open: Place | None

    @property
    def items(self):
        return [item for domain in self.domains for item in domain.items]

    @property
    def places(self):
        return [place for item in self.items for place in item.places]

    @property
    def versions(self):
        """Item id -> the sum of the versions of its answers, by which later edits are noticed."""
        return {item.pk: sum(place.version for place in item.places) for item in self.items}

    def with_reviews(self, states):
        """The same list, each item with its state out of `states`, item id -> `reviews.ReviewState`."""
        return replace(
            self,
            domains=tuple(
                replace(
                    domain, items=tuple(replace(item, review=states.get(item.pk)) for item in domain.items)
                )
                for domain in self.domains
            ),
        )

    def count(self, wanted):
        return sum(map(wanted, self.places))

    def only(self, wanted):
        """The same list with nothing but items that hold a place that is `wanted`, and those places in `found`."""
        domains = []
        for domain in self.domains:
            items = (replace(item, found=tuple(filter(wanted, item.places))) for item in domain.items)
            if items := tuple(item for item in items if item.found):
                domains.append(replace(domain, items=items))
        return replace(self, domains=tuple(domains))


def next_open(places):
    """The first open place after the one answered last, or from the top; where none is open, the first to be confirmed.

    None when nothing waits. After, not simply the first: somebody who left a requirement open on purpose is not led back to
    it each time.
    """
    latest = max(
        (i for i, place in enumerate(places) if place.answered_at),
        key=lambda i: places[i].answered_at,
        default=-1,
    )
    ahead = places[latest + 1 :] + places[: latest + 1]
    return next(
        (place for place in ahead if place.open), next((place for place in places if place.carried), None)
    )


def _place(requirement, choice, answered_at, carried, flagged, version, assignee):
    item = requirement.item
    return Place(
        domain=item.domain.title,
        domain_code=item.domain.code,
        item_code=item.code,
        item=item.title,
        letter=requirement.letter,
        short=requirement.short,
        choice=choice,
        answered_at=answered_at,
        carried=carried,
        flagged=flagged,
        version=version,
        assignee=assignee,
        target=requirement.target_in_force,
        requirement=requirement,
    )


STORED = ("requirement", "choice", "answered_at", "carried", "flagged", "version")
WHOSE = ("assignee", "assignee__name", "assignee__email")


def progress(assessment):
    """How far `assessment` is, in one query however many requirements it asks."""
    people, given = {}, {}
    for pk, *row, assignee, name, email in assessment.answers.values_list(*STORED, *WHOSE):
        whose = assignee and people.setdefault(assignee, User(pk=assignee, name=name, email=email))
        given[pk] = (*row, whose)
    places = [_place(asked, *given[pk]) for pk, asked in assessment.catalogue().items() if pk in given]
    following = next_open(places)
    domains = []
    for (code, title), of_domain in groupby(places, key=lambda place: (place.domain_code, place.domain)):
        items = tuple(
            ItemProgress(
                item_code, item, tuple(of_item), bool(following) and following.item_code == item_code
            )
            for (item_code, item), of_item in groupby(
                of_domain, key=lambda place: (place.item_code, place.item)
            )
        )
        domains.append(DomainProgress(code, title, items))
    return Progress(tuple(domains), following)
