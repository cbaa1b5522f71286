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


def decisive(judgements):
    """The key whose judgement decides, of `judgements`: key -> `sustain.Judgement`; the first among equals."""
    return min(judgements, key=lambda key: level(judgements[key]))


@dataclass(frozen=True, slots=True)
class Shares:
    """Counts of metrics, each out of `all`; one that is not measured or has no target counts as missed."""

    all: int = 0
    measured: int = 0
    at_target: int = 0
    reached: int = 0
    sustained: int = 0


def shares(judgements):
    """The `Shares` of any number of judgements. `reached`: at target, or better than the quarter before."""
    levels = [(level(judgement), judgement) for judgement in judgements]
    return Shares(
        all=len(levels),
        measured=sum(judgement.measured for _, judgement in levels),
        at_target=sum(judgement.at_target for _, judgement in levels),
        reached=sum(reached >= REACHED for reached, _ in levels),
        sustained=sum(reached == SUSTAINED for reached, _ in levels),
    )
