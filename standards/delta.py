"""What a newer release asks that an older one of the same standard did not, and the other way round.

Arithmetic on requirements that are in memory already: no request, no query, no clock. Used by the page of changes, and
wherever answers move from one release to the next:

- `same`     the key is in both: the same thing is asked, so an answer may come along;
- `changed`  another key, but `Requirement.replaces` leads to one of the older release: more is asked, or something near
             it, so the older answer is shown beside the question and not taken over;
- `new`      nothing older stands behind it;
- `dropped`  asked by the older release alone, and replaced by nothing.
"""

from typing import NamedTuple

from standards.models import Requirement
from standards.reading import variant_codes


class Pair(NamedTuple):
    """One thing in two releases."""

    old: Requirement
    new: Requirement


class Delta(NamedTuple):
    """Lists in the order of the newer release, `dropped` in that of the older one.

    Every requirement of the newer release is in exactly one of `new`, `changed` and `same`. One of the older release is
    in `dropped`, or in at least one pair: two new requirements may replace the same old one, and one that is still
    asked may have been the start of another.
    """

    new: list[Requirement]
    changed: list[Pair]
    dropped: list[Requirement]
    same: list[Pair]

    @property
    def ai_governance(self):
        """Of the new ones, those about AI and technology governance: they are named first."""
        return [requirement for requirement in self.new if requirement.ai_governance]

    @property
    def otherwise_new(self):
        return [requirement for requirement in self.new if not requirement.ai_governance]


def compare(old, new, variant_code=None, *, between=()):
    """The `Delta` from one release to a newer one of the same standard.

    `old` and `new` are the requirements of the two releases in their order, as `standards.reading.requirements(release)`
    gives them, or those of them that a site is asked. With `variant_code` only what is asked of that variant counts, on
    either side: a requirement that both releases know, but the older one did not ask of CSP, is new for CSP.

    `between` are all requirements of the releases between the two, of all variants, in any order: where a release was
    left out, `replaces` is followed through them.
    """
    older = {requirement.key: requirement for requirement in _asked(old, variant_code)}
    steps = {requirement.key: requirement.replaces for requirement in between if requirement.replaces}
    delta = Delta([], [], [], [])
    for requirement in _asked(new, variant_code):
        if requirement.key in older:
            delta.same.append(Pair(older[requirement.key], requirement))
        elif before := _before(requirement, older, steps):
            delta.changed.append(Pair(before, requirement))
        else:
            delta.new.append(requirement)
    kept = {pair.old.key for pair in (*delta.same, *delta.changed)}
    delta.dropped.extend(requirement for key, requirement in older.items() if key not in kept)
    return delta


def _asked(requirements, variant_code):
    """A requirement's variants are looked up only where one is chosen."""
    return [
        requirement
        for requirement in requirements
        if variant_code is None or variant_code in variant_codes(requirement)
    ]


def _before(requirement, older, steps):
    """The older requirement that this one replaces, in one step or in several, or None."""
    key, seen = requirement.replaces or steps.get(requirement.key), set()
    while key and key not in seen:
        if key in older:
            return older[key]
        seen.add(key)  # two releases that name each other would lead round in circles
        key = steps.get(key)
    return None
