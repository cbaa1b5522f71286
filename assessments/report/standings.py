"""What of a document is compared and drawn over time: small values, taken from it once, when it is frozen."""

from dataclasses import asdict
from hashlib import sha256

from assessments.report.compare import Row, Side
from assessments.report.parts import MarkPart, MilestonePart, StandingPart
from assessments.report.plain import as_json, revived

SCHEMA = 1  # of the figures of a milestone; counts up when a field changes its meaning
FINGERPRINT = 12  # hexadecimal digits; two of a few hundred texts are alike by chance once in 10 ** 9 times


def standing(document):
    """The figures of `document`."""
    return StandingPart(
        standard=document.standard,
        release=document.release,
        headline=document.headline,
        stage=document.verdict.stage,
        score=document.figure.score,
        ceiling=document.figure.ceiling,
        asked=document.figure.asked,
        open=document.figure.open,
        unknown=document.figure.unknown,
        blockers=len(document.blockers),
        gaps=len(document.gaps),
        domains=tuple(
            MarkPart(domain.code, domain.title, domain.figure.score, domain.figure.ceiling)
            for domain in document.domains
        ),
        results=document.results,
        reached=document.reached,
        sustained=document.sustained,
        rules=_fingerprint([as_json(document.method), _thresholds(document.verdict)]),
    )


def rows(document):
    """Requirement key -> `Row`, in the order of the standard."""
    return {answer.key: _row(answer) for answer in document.answers}


def side(document):
    return Side(standing(document), rows(document))


def _row(answer):
    return Row(
        key=answer.key,
        code=answer.code,
        short=answer.short,
        choice=answer.choice,
        target=answer.target,
        weight=answer.weight,
        blocker=answer.blocker,
        kind=answer.kind,
        words=_fingerprint([answer.statement, answer.scope, answer.levels]),
    )


def _thresholds(verdict):
    return {stage: [c.needed for c in conditions] for stage, conditions in verdict.conditions.items()}


def _fingerprint(value):
    return sha256(repr(value).encode("utf-8", "backslashreplace")).hexdigest()[:FINGERPRINT]


# ---- as a milestone stores them ---------------------------------------------------------------------------------------


def figures_json(document):
    return {"schema": SCHEMA, "standing": as_json(standing(document))}


def levels_json(document):
    """A list: databases do not keep the order of keys."""
    return [asdict(row) for row in rows(document).values()]


def standing_of(milestone):
    """The `StandingPart` that a milestone holds."""
    return revived(StandingPart, milestone.figures["standing"])


def side_of(milestone):
    """The `Side` that a milestone holds."""
    return Side(standing_of(milestone), {row["key"]: Row(**row) for row in milestone.levels})


def milestone_part(milestone):
    return MilestonePart(
        id=milestone.pk,
        name=milestone.name,
        taken_on=milestone.taken_on,
        sha256=milestone.sha256,
        standing=standing_of(milestone),
    )
