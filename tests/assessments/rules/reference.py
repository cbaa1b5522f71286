"""The scoring section of the product description, word by word, in exact fractions.

Slow and plain on purpose, and it shares no arithmetic with `assessments.rules`: where the two agree on any questionnaire,
neither has misread a formula. It reads the rows that the rules read; None stands for "nothing applicable".
"""

from fractions import Fraction
from math import floor

URGENCY = {"blocker": Fraction(2), "fundamental": Fraction(3, 2), "normal": Fraction(1)}
EFFORT = {"S": Fraction(1), "M": Fraction(2), "L": Fraction(3)}


def applicable(item, choices):
    """Asked, and not N/A: the requirements that count."""
    return [r for r in item.requirements if r.key in choices and choices[r.key] != "na"]


def level(choice, unshown):
    """The level a choice counts as; `unshown` is what unanswered and not known count as."""
    return {"": unshown, "unknown": unshown, "0": 0, "1": 1, "2": 2, "3": 3}[choice]


def item_percent(item, choices, unshown=0):
    """Item % = weighted mean of level / 3 over its applicable requirements."""
    counting = applicable(item, choices)
    if not counting:
        return None
    weighted = sum(r.weight * Fraction(level(choices[r.key], unshown), 3) for r in counting)
    return 100 * weighted / sum(r.weight for r in counting)


def percent(items, choices, unshown=0):
    """Domain and overall % = item % weighted by item points."""
    counting = [item for item in items if applicable(item, choices)]
    points = sum(item.points for item in counting)
    if points == 0:
        return None
    return sum(item.points * item_percent(item, choices, unshown) for item in counting) / points


def fundamentals_percent(items, choices):
    """The overall percentage of a standard in which nothing but its fundamental requirements is asked."""
    fundamental = {r.key for item in items for r in item.requirements if r.fundamental}
    return percent(items, {key: choice for key, choice in choices.items() if key in fundamental})


def blockers(items, choices):
    """A critical requirement at level 0 or 1."""
    everything = [r for item in items for r in item.requirements]
    return [r.key for r in everything if r.critical and choices.get(r.key) in ("0", "1")]


def sustained_percent(items, choices):
    """The share of results requirements at level 3."""
    results = [choices[r.key] for item in items for r in applicable(item, choices) if r.result]
    return Fraction(100 * results.count("3"), len(results)) if results else None


def reached_percent(items, choices):
    """The share of results requirements at level 2 or 3."""
    results = [choices[r.key] for item in items for r in applicable(item, choices) if r.result]
    return Fraction(100 * (results.count("2") + results.count("3")), len(results)) if results else None


def lost_points(item, requirement, choices):
    """Item points x requirement weight share x (target level - level) / 3."""
    share = Fraction(requirement.weight, sum(r.weight for r in applicable(item, choices)))
    missing = requirement.target - int(choices[requirement.key])
    return item.points * share * Fraction(missing, 3)


def urgency_of(requirement, choices):
    if requirement.critical and choices[requirement.key] in ("0", "1"):
        return "blocker"
    return "fundamental" if requirement.fundamental else "normal"


def gaps(items, choices, urgency=URGENCY, effort=EFFORT):
    """(key, lost points, priority), the highest priority first; ties by position in the standard."""
    found = []
    for item in items:
        for r in applicable(item, choices):
            if choices[r.key] in ("0", "1", "2", "3") and int(choices[r.key]) < r.target:
                lost = lost_points(item, r, choices)
                priority = lost * urgency[urgency_of(r, choices)] / effort[r.effort]
                found.append((len(found), r.key, lost, priority))
    found.sort(key=lambda gap: (-gap[3], gap[0]))
    return [gap[1:] for gap in found]


def stage(items, choices, t):
    """The verdict: each stage needs its own conditions and those of the stages before it."""
    score = percent(items, choices)
    sustained, reached = sustained_percent(items, choices), reached_percent(items, choices)
    fundamental = fundamentals_percent(items, choices)
    open_blockers = len(blockers(items, choices))

    def at_least(value, needed):
        return value is not None and floor(value) >= needed

    if not (at_least(score, t.baseline_score) and at_least(fundamental, t.baseline_fundamentals)):
        return "fundamentals"
    implementing = at_least(score, t.implementing_score) and at_least(sustained, t.implementing_results)
    implementing = implementing and at_least(reached, t.implementing_reached)
    if not (implementing and open_blockers <= t.implementing_blockers):
        return "baseline"
    audit = at_least(score, t.audit_score) and at_least(sustained, t.audit_results)
    audit = audit and at_least(reached, t.audit_reached)
    if not (audit and open_blockers <= t.audit_blockers):
        return "implementing"
    return "audit"
