"""How far a site is: four stages, each with the conditions that lead into it.

The thresholds are ours and editable; no public source states the certification arithmetic of the standard.
"""

from dataclasses import dataclass

from assessments.rules.scoring import whole_percent

FUNDAMENTALS, BASELINE, IMPLEMENTING, AUDIT = STAGES = ("fundamentals", "baseline", "implementing", "audit")
AT_LEAST, AT_MOST = "at least", "at most"


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Percentages are whole numbers 0 to 100; blockers are counts."""

    baseline_score: int = 30
    baseline_fundamentals: int = 40
    implementing_score: int = 60
    implementing_blockers: int = 2
    implementing_reached: int = 50
    implementing_results: int = 30
    audit_score: int = 80
    audit_blockers: int = 0
    audit_reached: int = 90
    audit_results: int = 75


@dataclass(frozen=True, slots=True)
class Condition:
    """`name` is score, fundamentals, blockers, reached or results; `today` is None where nothing is applicable.

    What nothing can show is not met. Results are the gatekeeper of the standard: a site to which no results requirement
    applies has nothing that could be sustained, however good its ways of working are.
    """

    name: str
    today: int | None
    bound: str
    needed: int

    @property
    def met(self):
        if self.today is None:
            return False
        return self.today >= self.needed if self.bound == AT_LEAST else self.today <= self.needed


@dataclass(frozen=True, slots=True)
class Verdict:
    """`conditions` maps each stage that can be reached to what it takes to enter it; the first stage takes nothing.

    `stage` is None where figures lead to no stage at all, as those of a self-check do.
    """

    stage: str | None
    conditions: dict[str, tuple[Condition, ...]]

    @property
    def next_stage(self):
        ahead = list(self.conditions)
        place = 0 if self.stage in (None, FUNDAMENTALS) else ahead.index(self.stage) + 1
        return ahead[place] if place < len(ahead) else None

    @property
    def furthest(self):
        """The last stage that can be reached, or None."""
        return next(reversed(self.conditions), None)

    @property
    def missing(self):
        """The unmet conditions of the next stage; empty once the furthest is reached."""
        return [c for c in self.conditions.get(self.next_stage, ()) if not c.met]


def judge(scores, thresholds=Thresholds(), furthest=AUDIT):
    """The highest stage all of whose conditions, and all earlier stages' conditions, are met.

    `furthest` is the last stage that answers can lead to: those of a quick scan show at most readiness for a baseline,
    those of a self-check lead to no stage (None).
    """
    if furthest is None:
        return Verdict(None, {})
    score = whole_percent(scores.overall.score)
    fundamentals = whole_percent(scores.fundamentals.score)
    reached, results = (
        whole_percent(100 * count / scores.results) if scores.results else None
        for count in (scores.reached, scores.sustained)
    )
    blockers = len(scores.blockers)
    t = thresholds
    conditions = {
        BASELINE: (
            Condition("score", score, AT_LEAST, t.baseline_score),
            Condition("fundamentals", fundamentals, AT_LEAST, t.baseline_fundamentals),
        ),
        IMPLEMENTING: (
            Condition("score", score, AT_LEAST, t.implementing_score),
            Condition("blockers", blockers, AT_MOST, t.implementing_blockers),
            Condition("reached", reached, AT_LEAST, t.implementing_reached),
            Condition("results", results, AT_LEAST, t.implementing_results),
        ),
        AUDIT: (
            Condition("score", score, AT_LEAST, t.audit_score),
            Condition("blockers", blockers, AT_MOST, t.audit_blockers),
            Condition("reached", reached, AT_LEAST, t.audit_reached),
            Condition("results", results, AT_LEAST, t.audit_results),
        ),
    }
    reachable = STAGES[1 : STAGES.index(furthest) + 1]
    conditions = {stage: conditions[stage] for stage in reachable}
    stage = FUNDAMENTALS
    for candidate in reachable:
        if not all(condition.met for condition in conditions[candidate]):
            break
        stage = candidate
    return Verdict(stage, conditions)
