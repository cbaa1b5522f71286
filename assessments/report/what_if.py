"""What if: the document as it would be if some of its gaps were closed. Pure functions of a document and its assessment."""

from dataclasses import dataclass, replace

from assessments.models import Action
from assessments.report import verdicts
from assessments.report.document import judged_fields
from assessments.report.parts import ActionPart, GapPart
from assessments.rules import verdict as stages
from assessments.rules.what_if import Measure, Standing
from standards.models import Requirement


@dataclass(frozen=True, slots=True)
class Selection:
    """What is ticked, in the order of the document; `ignored` are words that name no gap and no open action of it."""

    gaps: tuple[GapPart, ...]
    actions: tuple[ActionPart, ...]
    ignored: tuple[str, ...] = ()

    @property
    def codes(self):
        return frozenset(part.answer.code for part in self.gaps)

    @property
    def by_action(self):
        return frozenset(key for action in self.actions for key in action.keys)


@dataclass(frozen=True, slots=True)
class Outcome:
    """`before` and `after` are documents; `closed` the gaps that count as closed, `lifted` what rises with their metrics."""

    before: object
    after: object
    closed: tuple[GapPart, ...]
    lifted: tuple


def open_actions(document):
    """The actions that are still ahead and close a gap there is."""
    gaps = {part.answer.key for part in document.gaps}
    over = Action.OVER
    return tuple(
        part for part in document.actions if part.status not in over and gaps.intersection(part.keys)
    )


def select(document, codes, numbers):
    """The `Selection` of requirement `codes` and of action `numbers`, both texts as an address holds them."""
    gaps = {part.answer.code: part for part in document.gaps}
    actions = {str(part.id): part for part in open_actions(document)}
    return Selection(
        tuple(part for code, part in gaps.items() if code in codes),
        tuple(part for number, part in actions.items() if number in numbers),
        tuple(
            dict.fromkeys([*(c for c in codes if c not in gaps), *(n for n in numbers if n not in actions)])
        ),
    )


def closed_by(document, selection):
    """The gaps that are ticked or that a ticked action closes, by rank."""
    return tuple(
        part
        for part in document.gaps
        if part.answer.code in selection.codes or part.answer.key in selection.by_action
    )


def outcome(assessment, document, closed):
    """The `Outcome` of closing the gaps `closed` of the `document` of `assessment`."""
    ids = {requirement.key: pk for pk, requirement in assessment.catalogue().items()}
    standing = standing_of(document, ids)
    then = standing.closing(assessment.scored_items(), {part.gap.key for part in closed})
    after = _as_if(assessment, document, ids, then)
    keys = {part.gap.key for part in closed}
    lifted = [part for part in document.answers if ids[part.key] not in keys]
    lifted = tuple(part for part in lifted if then.choices[ids[part.key]] != part.choice)
    return Outcome(document, after, closed, lifted)


def standing_of(document, ids):
    """The `Standing` of a document; `ids` maps keys of requirements to what the arithmetic calls them."""
    by_code = {part.code: ids[part.key] for part in document.answers}
    measures = [
        Measure(part.level, frozenset(by_code[code] for code in part.shows)) for part in document.metrics
    ]
    following = frozenset(ids[part.key] for part in document.answers if _follows(part))
    return Standing({ids[part.key]: part.choice for part in document.answers}, tuple(measures), following)


def _follows(part):
    """Is its level the one that its metrics show? As `Answer.follows_metrics` has it."""
    return part.kind == Requirement.RESULT and part.shown is not None and not part.overruled_because


def _as_if(assessment, document, ids, standing):
    """The document with the levels of `standing` and all that follows from them. Its metrics, doubts and actions stay
    those of today."""
    scores = standing.scores(assessment.scored_items())
    verdict = assessment.verdict(scores)
    domains = tuple(_domain(domain, ids, standing, scores) for domain in document.domains)
    parts = {ids[a.key]: a for domain in domains for item in domain.items for a in item.answers}
    gaps = tuple(GapPart(gap, parts[gap.key]) for gap in assessment.gaps(standing.choices))
    return replace(
        document,
        **judged_fields(scores, verdict, gaps, document.bands),
        domains=domains,
        gaps=gaps,
    )


def _domain(domain, ids, standing, scores):
    items = tuple(
        replace(
            item,
            figure=scores.items[item.code],
            answers=tuple(_answer(part, ids[part.key], standing, scores) for part in item.answers),
        )
        for item in domain.items
    )
    return replace(domain, figure=scores.domains[domain.code], items=items)


def _answer(part, pk, standing, scores):
    choice = standing.choices[pk]
    if choice == part.choice:
        return part
    shown = int(choice) if _follows(part) else part.shown
    return replace(part, choice=choice, level=int(choice), shown=shown, blocker=pk in scores.blockers)


def shortest_run(assessment, document):
    """(stage, gaps) where closing the fewest gaps down the ranking leads to a later stage than today's, or None.

    Closing more never leads to an earlier stage, so halving finds it.
    """
    if document.verdict.next_stage is None or verdicts.early(document.figure):
        return None
    ids = {requirement.key: pk for pk, requirement in assessment.catalogue().items()}
    standing, items = standing_of(document, ids), assessment.scored_items()

    def stage_after(count):
        keys = {part.gap.key for part in document.gaps[:count]}
        return assessment.verdict(standing.closing(items, keys).scores(items)).stage

    def gets_there(count):
        return stages.STAGES.index(stage_after(count)) > stages.STAGES.index(document.verdict.stage)

    low, high = 0, len(document.gaps)
    if not gets_there(high):
        return None
    while low + 1 < high:
        middle = (low + high) // 2
        low, high = (low, middle) if gets_there(middle) else (middle, high)
    return stage_after(high), document.gaps[:high]
