"""What the figures say, in words. Screen and paper print the same sentences."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from assessments.rules import verdict as stages
from assessments.rules.scoring import whole_percent


def stage_name(stage):
    return {
        stages.FUNDAMENTALS: _("Fix fundamentals first"),
        stages.BASELINE: _("Ready for a baseline"),
        stages.IMPLEMENTING: _("Implementing"),
        stages.AUDIT: _("Ready to book the audit"),
    }[stage]


def headline(stage):
    """The verdict as a reader who stops here should remember it."""
    return {
        stages.FUNDAMENTALS: _("Fix the fundamentals first. A baseline would only confirm it."),
        stages.BASELINE: _("Ready for a baseline. Not yet ready to book the audit."),
        stages.IMPLEMENTING: _("Implementing. Not yet ready to book the audit."),
        stages.AUDIT: _("Ready to book the audit."),
    }[stage]


def condition(c):
    """What one unmet condition still lacks, with both numbers."""
    if c.today is None:
        return _("nothing is answered that could show it: %(name)s") % {"name": condition_name(c.name)}
    if c.name == "blockers":
        return ngettext(
            "%(today)s blocker open, at most %(needed)s allowed",
            "%(today)s blockers open, at most %(needed)s allowed",
            c.today,
        ) % {
            "today": c.today,
            "needed": c.needed,
        }
    return _("%(name)s at %(today)s%%, %(needed)s%% needed") % {
        "name": condition_name(c.name).lower(),
        "today": c.today,
        "needed": c.needed,
    }


def condition_name(name):
    return {
        "score": _("Score"),
        "fundamentals": _("Fundamentals"),
        "blockers": _("Blockers open"),
        "results": _("Results at target and sustained"),
    }[name]


def lead(scores, verdict):
    """One or two sentences under the verdict: what is shown, and what the next stage still takes."""
    figure = scores.overall
    if figure.score is None:
        return _("Nothing asked here applies to this site, so there is nothing to score.")
    shown = _("%(score)s%% of the applicable points are shown.") % {"score": whole_percent(figure.score)}
    if verdict.next_stage is None:
        return (
            shown + " " + _("Every condition for booking the audit is met; keep the results where they are.")
        )
    missing = "; ".join(condition(c) for c in verdict.missing)
    return (
        shown
        + " "
        + _("Still missing for “%(stage)s”: %(missing)s.")
        % {"stage": stage_name(verdict.next_stage), "missing": missing}
    )
