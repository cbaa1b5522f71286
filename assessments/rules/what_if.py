"""What would follow if some gaps were closed: the levels, and by the rules of every day the figures.

A gap is closed by raising its answer to its target. Where metrics show the level, each of them has to reach it, and what
else they show rises with them: as good as the worst of its metrics, like today. Nothing ever falls.
"""

from dataclasses import dataclass, replace

from assessments.rules import results, scoring


@dataclass(frozen=True, slots=True)
class Measure:
    """A metric: the level, 0 to 3, that it shows, and the keys of the requirements whose level follows from it."""

    level: int
    shows: frozenset


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a site stands: `choices` as for `scoring.score`, its metrics, and which requirements follow some metric."""

    choices: dict
    measures: tuple[Measure, ...] = ()
    following: frozenset = frozenset()

    def closing(self, items, keys):
        """The `Standing` once the gaps named by `keys` are closed. Whatever else they name is left as it is.

        What is open, not known or not applicable has no level that could be raised.
        """
        targets = {
            requirement.key: requirement.target
            for item in items
            for requirement in item.requirements
            if requirement.key in keys and is_gap(requirement, self.choices)
        }
        measures = tuple(self._reaching(measure, targets) for measure in self.measures)
        choices = {key: str(targets.get(key, choice)) for key, choice in self.choices.items()}
        return replace(self, choices=choices | self._following(choices, measures), measures=measures)

    def _reaching(self, measure, targets):
        asked = [targets[key] for key in measure.shows & self.following if key in targets]
        return replace(measure, level=max([measure.level, *asked]))

    def _following(self, choices, measures):
        """Requirement key -> the choice that metrics show now, of those that a raised metric lifts."""
        lifted = {
            key
            for before, after in zip(self.measures, measures, strict=True)
            if after.level > before.level
            for key in after.shows & self.following
        }
        shown = {key: min(measure.level for measure in measures if key in measure.shows) for key in lifted}
        today = {key: scoring.level_of(choices.get(key)) for key in shown}
        return {key: str(shown[key]) for key in shown if today[key] is not None and shown[key] > today[key]}

    def scores(self, items):
        """The `scoring.Scores`, results judged by the metrics and by the requirements that no metric shows."""
        answered = [
            scoring.level_of(self.choices[requirement.key])
            for item in items
            for requirement in item.requirements
            if requirement.result
            and requirement.key not in self.following
            and self.choices.get(requirement.key, scoring.NOT_APPLICABLE) != scoring.NOT_APPLICABLE
        ]
        counted = [measure.level for measure in self.measures if measure.shows & self.following]
        judged = results.shares((), [*counted, *answered])
        return scoring.score(items, self.choices).with_metrics(judged)


def is_gap(requirement, choices):
    """Is it answered with a level below its target? As `priorities.rank_gaps` has it."""
    level = scoring.level_of(choices.get(requirement.key, scoring.NOT_APPLICABLE))
    return level is not None and level < requirement.target
