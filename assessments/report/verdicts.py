"""The verdict in words: where a site stands, what the next stage takes, and the rows that compare the two.

Screen and paper print the same; all functions are pure.
"""

from dataclasses import dataclass

from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from assessments.report.words import counted, in_sentence
from assessments.rules import verdict as stages

CONDITIONS = (
    "score",
    "fundamentals",
    "blockers",
    "reached",
    "results",
)  # in the order in which they are read


def stage_name(stage):
    return {
        stages.FUNDAMENTALS: _("Fix fundamentals first"),
        stages.BASELINE: _("Ready for a baseline"),
        stages.IMPLEMENTING: _("Implementing"),
        stages.AUDIT: _("Ready to book the audit"),
    }[stage]


def early(figure):
    """Is too little answered for a verdict? Less than half, or nothing that applies."""
    return figure.score is None or 2 * figure.answered < figure.asked


def headline(verdict, figure, bands=()):
    """The verdict as a reader who stops here should remember it; with less than half answered there is none yet.

    `bands` are the names of equal bands of the score, for a self-check that has some.
    """
    if figure.score is None:
        return _("Nothing here applies to this site.")
    if figure.answered == 0:
        return _("Nothing is answered yet.")
    if early(figure):
        soon = (
            _("Too early to tell: %(answered)s of %(asked)s answered.")
            if verdict.stage is None
            else _("Too early for a verdict: %(answered)s of %(asked)s answered.")
        )
        return soon % {"answered": figure.answered, "asked": figure.asked}
    if verdict.stage is None:
        return _band_headline(figure, bands)
    if (
        verdict.stage == stages.FUNDAMENTALS
        and verdict.missing
        and not _named("fundamentals", verdict.missing)
    ):
        return _("Not ready for a baseline. Too little is in place yet.")
    if verdict.stage == verdict.furthest == stages.BASELINE:
        return _("Ready for a baseline. The quick scan can say no more.")
    return {
        stages.FUNDAMENTALS: _("Fix the fundamentals first. A baseline would only confirm it."),
        stages.BASELINE: _("Ready for a baseline. Not yet ready to book the audit."),
        stages.IMPLEMENTING: _("Implementing. Not yet ready to book the audit."),
        stages.AUDIT: _("Ready to book the audit."),
    }[verdict.stage]


def band_of(figure, bands):
    """The place, from 0, of the equal band a score falls into: 100% is in the last."""
    return min(int(figure.score * len(bands) / 100), len(bands) - 1)


def _band_headline(figure, bands):
    if not bands:
        return _("%(score)s%% of what this self-check asks is in place.") % {"score": figure.percent}
    place = band_of(figure, bands)
    words = {"place": place + 1, "of": len(bands), "name": in_sentence(bands[place]), "score": figure.percent}
    return _("Stage %(place)s of %(of)s: %(name)s. %(score)s%% of what is asked is in place.") % words


def condition_name(name):
    return {
        "score": _("Score"),
        "fundamentals": _("Fundamentals"),
        "blockers": _("Blockers open"),
        "reached": _("Results at target or improving"),
        "results": _("Results at target and sustained"),
    }[name]


def condition_meaning(name):
    """What a condition counts, for the page that explains the method."""
    return {
        "score": _("Share of the applicable points that answers show."),
        "fundamentals": _("The score over forecasting, quality monitoring and coaching alone."),
        "blockers": _("Critical requirements answered with level 0 or 1."),
        "reached": _(
            "Metrics at target or better than the quarter before, and results requirements without a metric at level 2 or 3."
        ),
        "results": _("Sustained metrics, and results requirements without a metric at level 3."),
    }[name]


def lead(scores, verdict, fundamental_blockers=0):
    """One to three sentences under the verdict: what is shown, what stands in the way, what the next stage takes.

    `fundamental_blockers` counts the blockers among the fundamentals.
    """
    figure = scores.overall
    if figure.score is None:
        return _("Nothing asked here applies to this site, so there is nothing to score.")
    if figure.answered == 0:
        return ngettext(
            "%(asked)s requirement is waiting. Score and gaps build up from the first answer on.",
            "%(asked)s requirements are waiting. Score and gaps build up from the first answer on.",
            figure.asked,
        ) % {"asked": figure.asked}
    parts = [_blockers_sentence(scores, verdict, fundamental_blockers)]
    if early(figure):
        parts.insert(0, _so_far_sentence(figure))
    else:
        parts.insert(0, _points_sentence(figure, verdict))
        parts.insert(0, _fundamentals_sentence(verdict))
        parts.append(_results_sentence(scores, verdict))
    return " ".join(part for part in parts if part)


def _named(name, conditions):
    return next((c for c in conditions if c.name == name), None)


def _so_far_sentence(figure):
    return ngettext(
        "So far %(score)s%% of the applicable points are shown; the requirement still open counts as nothing shown.",
        "So far %(score)s%% of the applicable points are shown; the %(open)s requirements still open count as "
        "nothing shown.",
        figure.open,
    ) % {"score": figure.percent, "open": figure.open}


def _points_sentence(figure, verdict):
    words = {"score": figure.percent}
    if verdict.stage is None:
        return ""  # the headline says it
    if verdict.next_stage is None and verdict.stage == stages.BASELINE:
        return (
            _(
                "%(score)s%% of the applicable points are shown, enough for a baseline. Whether the audit can be booked "
                "shows only once everything is asked."
            )
            % words
        )
    if verdict.next_stage is None:
        return (
            _(
                "%(score)s%% of the applicable points are shown and every condition for booking the audit is met; "
                "keep the results where they are."
            )
            % words
        )
    missing = _named("score", verdict.missing)
    if missing:
        words["needed"] = missing.needed
        return {
            stages.BASELINE: _(
                "%(score)s%% of the applicable points are shown; a baseline takes %(needed)s%%."
            ),
            stages.IMPLEMENTING: _(
                "%(score)s%% of the applicable points are shown; implementing takes %(needed)s%%."
            ),
            stages.AUDIT: _(
                "%(score)s%% of the applicable points are shown; booking the audit takes %(needed)s%%."
            ),
        }[verdict.next_stage] % words
    return {
        stages.BASELINE: _("%(score)s%% of the applicable points are shown, enough for a baseline."),
        stages.IMPLEMENTING: _("%(score)s%% of the applicable points are shown, enough for implementing."),
        stages.AUDIT: _("%(score)s%% of the applicable points are shown, enough to book the audit."),
    }[verdict.next_stage] % words


def _fundamentals_sentence(verdict):
    missing = _named("fundamentals", verdict.missing)
    if missing is None:
        return ""
    if missing.today is None:
        return _(
            "No requirement on forecasting, quality monitoring or coaching applies, so nothing can show them."
        )
    return _(
        "Forecasting, quality monitoring and coaching stand at %(today)s%% and need %(needed)s%% before a baseline "
        "tells you anything new."
    ) % {"today": missing.today, "needed": missing.needed}


def _blockers_sentence(scores, verdict, fundamental):
    count = len(scores.blockers)
    if not count:
        return ""
    if stages.AUDIT not in verdict.conditions:
        return ngettext(
            "%(count)s critical requirement is at level 0 or 1.",
            "%(count)s critical requirements are at level 0 or 1.",
            count,
        ) % {"count": capfirst(counted(count))}
    allowed = _named("blockers", verdict.conditions[stages.AUDIT]).needed
    if count <= allowed:
        return ngettext(
            "%(count)s blocker is open, within what the audit allows.",
            "%(count)s blockers are open, within what the audit allows.",
            count,
        ) % {"count": capfirst(counted(count))}
    stand = ngettext(
        "%(count)s blocker stands in the way of the audit",
        "%(count)s blockers stand in the way of the audit",
        count,
    ) % {"count": capfirst(counted(count))}
    return stand + _fundamental_blockers(count, fundamental)


def _fundamental_blockers(count, fundamental):
    if not fundamental:
        return "."
    if count == 1:
        return _(", and it is a fundamental that certification will not fix.")
    if fundamental == count:
        return _("; all of them are fundamentals that certification will not fix.")
    return ngettext(
        "; %(count)s of them is a fundamental that certification will not fix.",
        "; %(count)s of them are fundamentals that certification will not fix.",
        fundamental,
    ) % {"count": counted(fundamental)}


def _results_sentence(scores, verdict):
    missing = _named("results", verdict.missing)
    if missing is None:
        return _reached_sentence(scores, verdict)
    if not scores.results:
        return _(
            "No results requirement applies: at least one must be answered before the audit can be booked."
        )
    words = {
        "sustained": scores.sustained,
        "results": scores.results,
        "needed": results_needed(missing.needed, scores.results),
    }
    if not scores.sustained:
        return (
            _(
                "None of the results is at target and sustained yet; the next stage takes %(needed)s of %(results)s."
            )
            % words
        )
    return (
        _(
            "%(sustained)s of %(results)s results are at target and sustained; the next stage takes %(needed)s."
        )
        % words
    )


def _reached_sentence(scores, verdict):
    missing = _named("reached", verdict.missing)
    if missing is None:
        return ""
    return _(
        "%(reached)s of %(results)s results are at target or improving; the next stage takes %(needed)s."
    ) % {
        "reached": scores.reached,
        "results": scores.results,
        "needed": results_needed(missing.needed, scores.results),
    }


def results_needed(percent, results):
    """The smallest number of `results` that makes at least `percent` of them."""
    return -(-percent * results // 100)


@dataclass(frozen=True, slots=True)
class Stage:
    """One step of the track. `place` is behind, here or ahead; with too little answered every step is ahead."""

    name: str
    place: str


def stage_track(document):
    """The stages, or the bands of a self-check that has some; empty where there is neither."""
    verdict, too_early = document.verdict, early(document.figure)
    if verdict.stage is None:
        names = document.bands
        here = -1 if too_early or not names else band_of(document.figure, names)
    else:
        names = [stage_name(stage) for stage in (stages.FUNDAMENTALS, *verdict.conditions)]
        here = -1 if too_early else stages.STAGES.index(verdict.stage)
    return [
        Stage(name, "here" if at == here else "behind" if at < here else "ahead")
        for at, name in enumerate(names)
    ]


@dataclass(frozen=True, slots=True)
class Need:
    """What a stage asks of one condition; `text` is empty where it asks nothing."""

    text: str
    met: bool


@dataclass(frozen=True, slots=True)
class ConditionRow:
    key: str
    name: str
    today: str
    needs: tuple[Need, ...]


def shown_stages(verdict):
    """The stages whose conditions are worth reading today: the next one, and the furthest."""
    last = verdict.furthest
    return list(dict.fromkeys([verdict.next_stage or last, last])) if last else []


def score_needed(document):
    """The score in percent that the furthest stage takes: the target of the overall bar.

    A self-check knows no stage: there it is the target of its domains.
    """
    last = document.verdict.furthest
    if last is None:
        return document.method.practice_target
    return next(c.needed for c in document.verdict.conditions[last] if c.name == "score")


def score_needed_words(document):
    """What the overall bar's target is called."""
    words = {
        stages.BASELINE: _("%(needed)s%% for a baseline"),
        stages.AUDIT: _("%(needed)s%% to book the audit"),
    }.get(document.verdict.furthest, _("%(needed)s%% target"))
    return words % {"needed": score_needed(document)}


def column_name(stage):
    return {
        stages.BASELINE: _("For a baseline"),
        stages.IMPLEMENTING: _("For implementing"),
        stages.AUDIT: _("To book the audit"),
    }[stage]


def condition_rows(document, of_stages):
    """Every condition of the stages `of_stages`: what holds today, and what each of them needs."""
    conditions = {stage: {c.name: c for c in document.verdict.conditions[stage]} for stage in of_stages}
    return [
        ConditionRow(
            key=name,
            name=condition_name(name),
            today=_today(next(found[name] for found in conditions.values() if name in found), document),
            needs=tuple(_need(found.get(name), document) for found in conditions.values()),
        )
        for name in CONDITIONS
        if any(name in found for found in conditions.values())
    ]


def _today(condition, document):
    counts = {"reached": document.reached, "results": document.sustained}
    if condition.name in counts and document.results:
        return _("%(count)s of %(all)s") % {"count": counts[condition.name], "all": document.results}
    if condition.today is None:
        return _("none applies")
    return str(condition.today) if condition.name == "blockers" else f"{condition.today}%"


def _need(condition, document):
    if condition is None:
        return Need("", False)
    if condition.name == "blockers":
        text = _("at most %(count)s") % {"count": condition.needed} if condition.needed else _("none")
    elif condition.name in ("reached", "results"):
        text = _results_needed(condition.needed, document.results)
    else:
        text = f"{condition.needed}%"
    return Need(text, condition.met)


def _results_needed(percent, results):
    if not results:
        return _("%(percent)s%% of at least one") % {"percent": percent}
    return _("%(count)s of %(all)s") % {
        "count": results_needed(percent, results),
        "all": results,
    }
