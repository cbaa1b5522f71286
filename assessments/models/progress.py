"""How far the answering is: what the task list shows and where Continue leads."""

from dataclasses import dataclass
from itertools import groupby

from assessments.rules import scoring

MINUTES_A_REQUIREMENT = (
    2  # reading four sentences, choosing one, a line of note: our estimate, shown as "about"
)


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

    @property
    def open(self):
        return self.choice == scoring.OPEN


@dataclass(frozen=True, slots=True)
class ItemProgress:
    code: str
    title: str
    places: tuple[Place, ...]
    next: bool

    @property
    def answered(self):
        return sum(not place.open for place in self.places)

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

    def open_only(self):
        """The same list with nothing but items somebody still has to answer."""
        return self._only(lambda item: item.answered < len(item.places))

    def carried_only(self):
        """The same list with nothing but items in which somebody still has to confirm what was carried over."""
        return self._only(lambda item: any(place.carried for place in item.places))

    def _only(self, wanted):
        domains = (DomainProgress(d.code, d.title, tuple(filter(wanted, d.items))) for d in self.domains)
        return Progress(tuple(d for d in domains if d.items), self.next_open)


def next_open(places):
    """The first open place after the one answered last, or from the top; None when everything is answered.

    After, not simply the first: somebody who left a requirement open on purpose is not led back to it each time.
    """
    latest = max(
        (i for i, place in enumerate(places) if place.answered_at),
        key=lambda i: places[i].answered_at,
        default=-1,
    )
    ahead = places[latest + 1 :] + places[: latest + 1]
    return next((place for place in ahead if place.open), None)


def _place(requirement, choice, answered_at, carried):
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
    )


def progress(assessment):
    """How far `assessment` is, in one query however many requirements it asks."""
    rows = assessment.answers.values_list("requirement", "choice", "answered_at", "carried")
    given = {pk: row for pk, *row in rows}
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
