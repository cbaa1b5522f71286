"""What the page of a milestone prints: read from the JSON text that was frozen and from nothing else.

Text of an older version may lack a field; what it lacks is left out, so that an old milestone can always be read.
"""

import json
from dataclasses import dataclass

from assessments.rules.scoring import whole_percent


@dataclass(frozen=True, slots=True)
class FrozenDomain:
    """`score`, `ceiling` and `target` in whole percent, or None."""

    code: str
    title: str
    score: int | None
    ceiling: int | None
    target: int | None


@dataclass(frozen=True, slots=True)
class FrozenGap:
    rank: int
    code: str
    statement: str
    choice: str
    kind: str
    target: int | None
    blocker: bool
    note: str


@dataclass(frozen=True, slots=True)
class FrozenPage:
    """The headline, the figures and the gaps as they were. `facts` are plain values of the document by field name."""

    facts: dict
    figure: FrozenDomain
    counts: dict
    leads_to_audit: bool
    domains: list
    gaps: list
    notes: dict

    @property
    def blockers(self):
        return sum(gap.blocker for gap in self.gaps)


def page(text):
    """The `FrozenPage` of a document's JSON text."""
    told = json.loads(text)
    answers = [
        answer
        for domain in told.get("domains", ())
        for item in domain.get("items", ())
        for answer in item.get("answers", ())
    ]
    return FrozenPage(
        facts={name: value for name, value in told.items() if not isinstance(value, list | dict)},
        figure=_figure("", "", None, told.get("figure", {})),
        counts=told.get("figure", {}),
        leads_to_audit=told.get("verdict", {}).get("stage") is not None,
        domains=[
            _figure(d.get("code", ""), d.get("title", ""), d.get("target"), d.get("figure", {}))
            for d in told.get("domains", ())
        ],
        gaps=[_gap(part.get("gap", {}), part.get("answer", {})) for part in told.get("gaps", ())],
        notes={answer.get("key"): answer["note"] for answer in answers if answer.get("note")},
    )


def _figure(code, title, target, figure):
    score, ceiling = (whole_percent(figure.get(name)) for name in ("score", "ceiling"))
    return FrozenDomain(code, title, score, ceiling, target)


def _gap(gap, answer):
    return FrozenGap(
        rank=gap.get("rank", 0),
        code=answer.get("code", ""),
        statement=answer.get("statement", ""),
        choice=answer.get("choice", ""),
        kind=answer.get("kind", ""),
        target=gap.get("target"),
        blocker=answer.get("blocker", False),
        note=answer.get("note", ""),
    )
