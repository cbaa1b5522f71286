"""Narrowing a list by what its rows are, with the number each choice would leave; which choices the gaps have, and their order."""

from dataclasses import dataclass
from urllib.parse import urlencode

from django.utils.translation import gettext as _

from assessments.report import blockers, sentences
from standards.models import EFFORTS

ORDER, FUNDAMENTALS_FIRST = "order", "fundamentals"


@dataclass(frozen=True, slots=True)
class Choice:
    """One link of a filter; `query` is the address that chooses it and keeps the other filters."""

    name: str
    count: int
    query: str
    current: bool


def _tests(document):
    """Filter -> its name and choices: value -> name and test of a gap; the empty value lets all through."""
    domain_of = {item.code: domain.code for domain in document.domains for item in domain.items}
    return {
        "domain": (
            _("Domain"),
            {
                d.code: (d.title, lambda part, code=d.code: domain_of[part.answer.item_code] == code)
                for d in document.domains
            },
        ),
        "kind": (
            _("Kind"),
            {
                "blocker": (blockers.names(document.leads_to_audit), lambda part: part.gap.blocker),
                "fundamental": (_("Fundamentals"), lambda part: part.answer.fundamental),
            },
        ),
        "effort": (
            _("Effort"),
            {
                size: (sentences.effort_name(size), lambda part, size=size: part.gap.effort_size == size)
                for size, _name in EFFORTS
            },
        ),
    }


def fundamentals_first(query):
    """Does `query` ask for the fundamentals as a group of their own, before the others?"""
    return query.get(ORDER) == FUNDAMENTALS_FIRST


def orders(document, query):
    """(name, address, is it the one) of the ways to order the list, each keeping the filters that `query` chooses."""
    kept, first = _chosen(_tests(document), query), fundamentals_first(query)
    return [
        (_("By rank"), "?" + urlencode(kept), not first),
        (_("Fundamentals first"), "?" + urlencode(kept | {ORDER: FUNDAMENTALS_FIRST}), first),
    ]


def _chosen(tests, query):
    """Filter -> the value that `query` chooses; unknown values choose nothing."""
    return {key: value for key, (_name, choices) in tests.items() if (value := query.get(key)) in choices}


def narrow(document, query):
    """The gaps that pass what `query` chooses, and the filters, as `narrowed` gives them."""
    order = [(ORDER, FUNDAMENTALS_FIRST)] if fundamentals_first(query) else []
    return narrowed(document.gaps, _tests(document), query, order)


def narrowed(rows, tests, query, kept=()):
    """The rows that pass what `query` chooses, and the filters as (name, choices). Unknown values choose nothing.

    `tests` is filter -> its name and choices; `kept` are pairs that every link carries on.
    """
    chosen = _chosen(tests, query)

    def passing(values):
        asked = [tests[key][1][value][1] for key, value in values.items()]
        return [row for row in rows if all(test(row) for test in asked)]

    def choice(key, value, name):
        values = {k: v for k, v in chosen.items() if k != key} | ({key: value} if value else {})
        link = "?" + urlencode([*kept, *values.items()])
        return Choice(name, len(passing(values)), link, chosen.get(key, "") == value)

    filters = [
        (
            name,
            [choice(key, "", _("All"))]
            + [choice(key, value, title) for value, (title, _test) in choices.items()],
        )
        for key, (name, choices) in tests.items()
    ]
    return passing(chosen), filters
