"""What the figures say, in words. Screen and paper print the same sentences; all functions are pure."""

from dataclasses import dataclass

from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from assessments.report.words import counted, decimal, factor, in_sentence
from assessments.rules import verdict as stages
from assessments.rules.priorities import BLOCKER, FUNDAMENTAL, NORMAL
from assessments.rules.scoring import whole_percent


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
        return _("Too early for a verdict: %(answered)s of %(asked)s answered.") % {
            "answered": figure.answered,
            "asked": figure.asked,
        }
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
    words = {"place": place + 1, "of": len(bands), "name": bands[place].lower(), "score": figure.percent}
    return _("Stage %(place)s of %(of)s: %(name)s. %(score)s%% of what is asked is in place.") % words


def condition_name(name):
    return {
        "score": _("Score"),
        "fundamentals": _("Fundamentals"),
        "blockers": _("Blockers open"),
        "results": _("Results at target and sustained"),
    }[name]


def condition_meaning(name):
    """What a condition counts, for the page that explains the method."""
    return {
        "score": _("Share of the applicable points that answers show."),
        "fundamentals": _("The score over forecasting, quality monitoring and coaching alone."),
        "blockers": _("Critical requirements answered with level 0 or 1."),
        "results": _("Applicable results requirements answered with level 3."),
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
            "%(asked)s requirement is waiting. Score, gaps and verdict build up from the first answer on.",
            "%(asked)s requirements are waiting. Score, gaps and verdict build up from the first answer on.",
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
        return ""
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


def results_needed(percent, results):
    """The smallest number of `results` that makes at least `percent` of them."""
    return -(-percent * results // 100)


def purpose(document):
    """What the report is for, under its title."""
    words = {"standard": document.standard}
    if not document.leads_to_audit:
        return _("%(standard)s: what is in place, what to fix first, and what is not known yet") % words
    if document.quick:
        return (
            _(
                "A first look at the fundamentals of the %(standard)s: what to fix first, and whether a baseline would pay"
            )
            % words
        )
    return (
        _(
            "How far this site is from %(standard)s certification, what to fix first, and what is not known yet"
        )
        % words
    )


def carried(document):
    """How many levels come from the assessment before; empty where none does."""
    count = len(document.carried)
    if not count:
        return ""
    return ngettext(
        "%(count)s answer is carried over from the assessment before and not confirmed since; it counts as it was given.",
        "%(count)s answers are carried over from the assessment before and not confirmed since; they count as they "
        "were given.",
        count,
    ) % {"count": count}


def ceiling(figure):
    """How far the score could still rise without any work, or that it cannot."""
    if figure.score is None:
        return _("Nothing applies, so there is neither a score nor a ceiling.")
    if not figure.not_shown:
        return _("Every applicable requirement has a level, so the score is also the ceiling.")
    words = {"ceiling": figure.ceiling_percent, "open": figure.open, "unknown": figure.unknown}
    if not figure.unknown:
        return (
            ngettext(
                "The ceiling is %(ceiling)s%%, if the unanswered requirement turns out to be in place.",
                "The ceiling is %(ceiling)s%%, if all %(open)s unanswered requirements turn out to be in place.",
                figure.open,
            )
            % words
        )
    if not figure.open:
        return (
            ngettext(
                "The ceiling is %(ceiling)s%%, if the requirement not known turns out to be in place.",
                "The ceiling is %(ceiling)s%%, if all %(unknown)s requirements not known turn out to be in place.",
                figure.unknown,
            )
            % words
        )
    return (
        _(
            "The ceiling is %(ceiling)s%%, if everything unanswered (%(open)s) and not known (%(unknown)s) turns out "
            "to be in place."
        )
        % words
    )


def bar_title(name, figure, target):
    """The one-sentence alternative of a bar."""
    if figure.score is None:
        return _("%(name)s: nothing applies, target %(target)s%%.") % {"name": name, "target": target}
    return _("%(name)s: %(score)s%% shown, ceiling %(ceiling)s%%, target %(target)s%%.") % {
        "name": name,
        "score": figure.percent,
        "ceiling": figure.ceiling_percent,
        "target": target,
    }


def shortfall(domain):
    """Whole percentage points a domain is below its target; 0 where it has reached it or nothing applies."""
    return 0 if domain.figure.score is None else max(domain.target - domain.figure.percent, 0)


def domain_distance(domain):
    """How far a domain is from its target, and its ceiling where that says more."""
    figure, short = domain.figure, shortfall(domain)
    if figure.score is None:
        return _("Nothing here applies to this site")
    distance = ngettext("%(short)s point short", "%(short)s points short", short) % {"short": short}
    if not short:
        distance = _("at target")
    if not figure.not_shown:
        return distance
    return _("%(distance)s; ceiling %(ceiling)s%%") % {
        "distance": distance,
        "ceiling": figure.ceiling_percent,
    }


def domain_doubt(domain):
    """How many of a domain's requirements nobody has shown a level of."""
    figure = domain.figure
    if figure.score is None:
        return ""
    return _("%(count)s open or not known") % {"count": figure.not_shown or _("none")}


def domains_finding(document):
    """What the four bars say together, as a section title."""
    domains = [domain for domain in document.domains if domain.figure.score is not None]
    if early(document.figure):
        return _("What each domain shows so far")
    short = [domain for domain in domains if shortfall(domain)]
    if not short:
        return _("Every domain is at target")
    most = max(shortfall(domain) for domain in short)
    widest = [domain for domain in short if shortfall(domain) == most]
    words = {
        "title": in_sentence(widest[0].title),
        "short": capfirst(counted(len(short))),
        "all": len(domains),
    }
    if len(short) == 1:
        return _("Only %(title)s is short of target") % words
    words["all"] = counted(len(domains))
    if len(widest) > 1:
        return _("%(short)s of %(all)s domains are short of target") % words
    if len(short) == len(domains):
        return _("Every domain is short of target, %(title)s most of all") % words
    return _("%(short)s of %(all)s domains are short of target, %(title)s most of all") % words


@dataclass(frozen=True, slots=True)
class GapWords:
    """The arithmetic of a gap as it is printed."""

    lost: str
    urgency: str
    urgency_name: str
    effort: str
    effort_name: str
    priority: str

    @property
    def sum(self):
        """The whole of it in one line."""
        return _(
            "%(lost)s points lost × %(urgency)s (%(kind)s) ÷ %(effort)s (%(size)s effort) = priority %(priority)s"
        ) % {
            "lost": self.lost,
            "urgency": self.urgency,
            "kind": self.urgency_name,
            "effort": self.effort,
            "size": self.effort_name,
            "priority": self.priority,
        }


def urgency_name(kind):
    return {BLOCKER: _("blocker"), FUNDAMENTAL: _("fundamental"), NORMAL: _("normal")}[kind]


def effort_name(size):
    return {"S": _("small"), "M": _("medium"), "L": _("large")}[size]


def gap_words(gap):
    return GapWords(
        lost=decimal(gap.lost),
        urgency=factor(gap.urgency),
        urgency_name=urgency_name(gap.urgency_kind),
        effort=factor(gap.effort),
        effort_name=effort_name(gap.effort_size),
        priority=decimal(gap.priority),
    )


def overall_percent(points, document):
    """`points` as a whole percentage of all applicable points, rounded down like every percentage shown."""
    total = sum(item.points for item in document.items if item.figure.score is not None)
    return whole_percent(100 * points / total) if total else 0
