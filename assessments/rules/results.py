"""From readings to the level of a results requirement, and to the shares that the verdict asks for.

Level 0: not measured. 1: measured, below target. 2: at target, or better than the quarter before, but not sustained.
3: sustained. A requirement that several metrics show is as good as the worst of them.
"""

from dataclasses import dataclass

NOT_MEASURED, MEASURED, REACHED, SUSTAINED = 0, 1, 2, 3


def level(judgement):
    """The level, 0 to 3, that one `sustain.Judgement` shows."""
    if not judgement.measured:
        return NOT_MEASURED
    if judgement.sustained:
        return SUSTAINED
    return REACHED if judgement.at_target or judgement.better else MEASURED


@dataclass(frozen=True, slots=True)
class Shares:
    """Counts out of `all`, what results are judged by. `reached`: at target, or better than the quarter before."""

    all: int = 0
    measured: int = 0
    at_target: int = 0
    reached: int = 0
    sustained: int = 0


def shares(judgements, levels=()):
    """The `Shares` of metrics, `sustain.Judgement`s, and of results requirements that no metric shows, by their `levels`.

    A level is 0 to 3 or None. A metric without a reading or a target, and a requirement without a level, count as
    missed; of a requirement without a metric only level 3 says that it is at target.
    """
    shown = [level(judgement) for judgement in judgements]
    both = [*shown, *(answered or NOT_MEASURED for answered in levels)]
    return Shares(
        all=len(both),
        measured=sum(reached > NOT_MEASURED for reached in both),
        at_target=sum(j.at_target for j in judgements) + sum(answered == SUSTAINED for answered in levels),
        reached=sum(reached >= REACHED for reached in both),
        sustained=sum(reached == SUSTAINED for reached in both),
    )
