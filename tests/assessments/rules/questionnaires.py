"""Random questionnaires for the laws of the rules: any points, weights, targets and answers that the models allow."""

from math import prod

from hypothesis import settings
from hypothesis import strategies as st

from assessments.rules.scoring import Item, Requirement

LAW = settings(max_examples=20 * settings.default.max_examples)  # 2,000, or 500 where ./check is to be brief

# One requirement and its answer, plainest first: a counter-example shrinks towards the first of each.
KIND = {
    "weight": tuple(range(1, 10)),
    "target": (3, 2, 1),
    "effort": ("S", "M", "L"),
    "critical": (False, True),
    "fundamental": (False, True),
    "result": (False, True),
}
CHOICES = ("0", "1", "2", "3", "", "unknown", "na", None)  # None: not asked of this site
# The item it stands in: the same as the one before it, or a new one of these points in this domain.
POINTS = (None, None, None, None, 10, 1, 3, 7, 20, 30, 60, 90, 32767, 0)
DOMAINS = ("LP", "PR", "PE", "PF")
OPTIONS = (*KIND.values(), CHOICES, POINTS, DOMAINS)


def pick(number):
    """One of each of OPTIONS. One number a requirement is one draw a requirement: 2,000 examples take seconds."""
    for options in OPTIONS:
        number, place = divmod(number, len(options))
        yield options[place]


def build(numbers):
    """Items and choices, named by their place so that a counter-example reads easily."""
    rows, choices = [], {}
    for *kind, choice, points, domain in map(tuple, map(pick, numbers)):
        if not rows or points is not None:
            rows.append((domain, 10 if points is None else points, []))
        requirements = rows[-1][2]
        key = f"{len(rows)}{'abcdefghijklmnop'[len(requirements)]}"
        requirements.append(Requirement(key, **dict(zip(KIND, kind, strict=True))))
        if choice is not None:
            choices[key] = choice
    items = (
        Item(f"{row[0]}{place}", row[0], row[1], tuple(row[2])) for place, row in enumerate(rows, start=1)
    )
    return tuple(items), choices


questionnaires = st.lists(st.integers(0, prod(map(len, OPTIONS)) - 1), max_size=12).map(build)


def every_requirement(items):
    return [requirement for item in items for requirement in item.requirements]


def item(points=10, code="PR1", domain="PR", **levels_and_kinds):
    """An item for examples: `item(a="2", b=("0", {"weight": 3}))` gives the item and its choices."""
    requirements, choices = [], {}
    for key, value in levels_and_kinds.items():
        choice, kind = value if isinstance(value, tuple) else (value, {})
        requirements.append(Requirement(key, **kind))
        choices[key] = choice
    return Item(code, domain, points, tuple(requirements)), choices


def together(*parts):
    """Several `item(...)` as one questionnaire; the keys have to differ."""
    choices = {}
    for _, of_item in parts:
        assert not choices.keys() & of_item.keys(), "two examples use the same key"
        choices |= of_item
    return tuple(row for row, _ in parts), choices
