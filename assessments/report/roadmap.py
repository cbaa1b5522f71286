"""The roadmap of a document: what its plan comes to, month by month, and in sentences.

`part` works it out once, so that a milestone keeps it; everything else is a pure function of the document.
"""

from dataclasses import dataclass

from django.utils.formats import date_format
from django.utils.text import capfirst, get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from assessments.models import Action
from assessments.months import first_of, month_number
from assessments.report import roadmap_chart
from assessments.report.verdicts import early, results_needed
from assessments.report.words import counted
from assessments.rules import roadmap as rules
from assessments.rules import verdict as stages
from assessments.rules.scoring import TOP_LEVEL
from standards.models import Requirement

DECISION = 3  # months before the audit in which it is booked; an assumption of ours
MOCK = 2  # months before that decision in which a mock audit still helps it; ours as well


@dataclass(frozen=True, slots=True)
class RoadBar:
    """Months from `first` to `last`, as `months.month_number`; `kind` is work or wait."""

    kind: str
    first: int
    last: int
    cut: bool


@dataclass(frozen=True, slots=True)
class RoadRow:
    """An action ahead with its bars. `group` is one of `rules.GROUPS`; `codes` are the requirements it is about."""

    id: int
    title: str
    owner: str
    group: str
    codes: tuple[str, ...]
    bars: tuple[RoadBar, ...]


@dataclass(frozen=True, slots=True)
class RoadmapPart:
    """`first` is the month it begins in, `proof` the one by which enough metrics can be sustained; `earliest` and `latest`
    bound the audit window, None with the `reasons` why; `sets` is the id of the action that sets the date. `readings` are
    the months at target that results take, `score` what the plan leads to in percent."""

    first: int
    rows: tuple[RoadRow, ...]
    proof: int | None
    earliest: int | None
    latest: int | None
    sets: int | None
    reasons: tuple[str, ...]
    readings: int
    score: int | None
    needed_score: int | None

    @property
    def last(self):
        return self.first + rules.HORIZON - 1


def part(assessment, choices, parts, figure, metrics, actions, as_of):
    """The `RoadmapPart` of an assessment that leads to an audit; None for one that does not.

    `choices` by requirement id, `parts` the `AnswerPart`s by the same, `figure` the overall one.
    """
    if assessment.furthest_stage != stages.AUDIT:
        return None
    ahead = [action for action in actions if action.status not in Action.OVER]
    after = _after_the_plan(choices, parts, actions)
    scores = assessment.scores(after)
    conditions = _conditions(assessment, scores)
    today = _conditions(assessment, assessment.scores(choices))
    by_key = {answer.key: answer for answer in parts.values()}
    needed = _metrics_needed(conditions, scores, parts, after, metrics)
    found = rules.roadmap(
        [_step(action, by_key, as_of, counts=not today["score"].met) for action in ahead],
        [month_number(metric.sustained_by) for metric in metrics if metric.sustained_by],
        now=month_number(as_of),
        readings=assessment.site.months_needed,
        needed=needed,
        enough=all(c.met for name, c in conditions.items() if name in ("score", "blockers")),
        answered=not early(figure),
    )
    return RoadmapPart(
        first=found.first,
        rows=tuple(_row(chain, action) for chain, action in zip(found.chains, ahead, strict=True)),
        proof=found.proof,
        earliest=found.window.earliest,
        latest=found.window.latest,
        sets=found.window.sets,
        reasons=found.window.reasons,
        readings=assessment.site.months_needed,
        score=scores.overall.percent,
        needed_score=conditions["score"].needed,
    )


def _conditions(assessment, scores):
    return {c.name: c for c in assessment.verdict(scores).conditions[stages.AUDIT]}


def _after_the_plan(choices, parts, actions):
    """What would be chosen once every action is done: the gaps they close, at their targets."""
    closed = {key for action in actions if action.status != Action.Status.DROPPED for key in action.keys}
    return choices | {
        pk: str(answer.target)
        for pk, answer in parts.items()
        if answer.key in closed and answer.level is not None and answer.level < answer.target
    }


def _metrics_needed(conditions, scores, parts, after, metrics):
    """How many metrics have to be sustained, besides the results that no metric shows and that are sustained then."""
    shown = {code for metric in metrics for code in metric.shows}
    alone = [pk for pk, a in parts.items() if a.kind == Requirement.RESULT and a.code not in shown]
    held = sum(after[pk] == str(TOP_LEVEL) for pk in alone)
    applicable = sum(after[pk] != "na" for pk in alone) + len(metrics)
    return results_needed(conditions["results"].needed, applicable) - held


def _step(action, by_key, as_of, *, counts):
    closes = [by_key[key] for key in action.keys]
    blocker = any(answer.blocker for answer in closes)
    fundamental = any(answer.fundamental for answer in closes)
    group = rules.BLOCKERS if blocker else rules.FUNDAMENTALS if fundamental else rules.REST
    return rules.Step(
        key=action.id,
        group=group,
        start=month_number(action.start or as_of),
        due=action.due and month_number(action.due),
        decides=bool(closes) and (counts or blocker or fundamental),
        result=any(answer.kind == Requirement.RESULT for answer in closes),
    )


def _row(chain, action):
    return RoadRow(
        id=action.id,
        title=action.title,
        owner=action.owner,
        group=chain.step.group,
        codes=action.codes,
        bars=tuple(RoadBar(bar.kind, bar.first, bar.last, bar.cut) for bar in chain.bars),
    )


def month(number):
    """November 2026"""
    return date_format(first_of(number), "F Y")


def window(road):
    """January to April 2028; empty where none can be named."""
    if road is None or road.earliest is None:
        return ""
    first, last = first_of(road.earliest), first_of(road.latest)
    if first.year == last.year:
        return _("%(first)s to %(last)s") % {
            "first": date_format(first, "F"),
            "last": date_format(last, "F Y"),
        }
    return _("%(first)s to %(last)s") % {"first": month(road.earliest), "last": month(road.latest)}


def title(document):
    """What the roadmap found; empty for what leads to no audit and has no plan."""
    road = document.roadmap
    if road is None:
        return ""
    if road.earliest is not None:
        return _("The audit is credible from %(month)s, if work ends when it is due") % {
            "month": month(road.earliest)
        }
    if not road.rows and rules.TOO_EARLY not in road.reasons:
        return _("Nothing is planned yet, so no month can be named for the audit")
    return {
        rules.TOO_EARLY: _("Too little is answered to name a month for the audit"),
        rules.NOT_ENOUGH: _("What is planned does not reach the audit yet"),
        rules.UNDATED: _("Work without a day keeps the audit without a month"),
        rules.NO_RESULTS: _("Too few results can be sustained to name a month for the audit"),
    }[road.reasons[0]]


def why_not(document):
    """What has to happen before a window can be named, one sentence a reason; nothing where there is one."""
    road = document.roadmap
    told = {
        rules.TOO_EARLY: _("Less than half of the requirements are answered."),
        rules.NOT_ENOUGH: _not_enough(document),
        rules.UNDATED: _("Some actions that the audit depends on have no due day. Set one for each."),
        rules.NO_RESULTS: _(
            "Fewer results are sustained, or have a target to be sustained against, than the audit asks for. Give "
            "every metric a target, and every results requirement a metric."
        ),
    }
    return [told[reason] for reason in road.reasons]


def _not_enough(document):
    road = document.roadmap
    planned = {key for row in document.actions if row.status != Action.Status.DROPPED for key in row.keys}
    bare = [part.answer.code for part in document.blockers if part.answer.key not in planned]
    told = []
    if road.score is not None and road.score < road.needed_score:
        told.append(
            _("With every planned gap closed the score is %(score)s%%; the audit takes %(needed)s%%.")
            % {"score": road.score, "needed": road.needed_score}
        )
    if bare:
        told.append(
            ngettext(
                "No action closes %(codes)s, which blocks it.",
                "No action closes %(codes)s, which block it.",
                len(bare),
            )
            % {"codes": get_text_list(bare, _("and"))}
        )
    return " ".join(told)


def sets_the_date(document):
    """Which chain ends last; empty without a window."""
    road = document.roadmap
    if road.earliest is None:
        return ""
    if road.sets is not None:
        row = next(row for row in road.rows if row.id == road.sets)
        waits = any(bar.kind == rules.WAIT for bar in row.bars)
        told = _("%(title)s is the longest chain: its work ends in %(month)s.") % {
            "title": row.title,
            "month": month(row.bars[0].last),
        }
        if waits:
            told += " " + ngettext(
                "%(count)s reading at target has to follow.",
                "%(count)s readings at target have to follow.",
                road.readings,
            ) % {"count": capfirst(counted(road.readings))}
        return told
    if road.proof is not None:
        return _(
            "Results take longest: enough of them can be sustained by %(month)s, if every month meets its target."
        ) % {"month": month(road.proof)}
    return _("Nothing planned stands before it: every condition is met.")


def moves_it(document):
    """(earlier, later): what would bring the window forward, and why its end lies where it lies."""
    road = document.roadmap
    if road.earliest is None:
        return None
    later = _(
        "To %(month)s, if plans lose the quarter that they usually lose. That quarter is an assumption of ours."
    ) % {"month": month(road.latest)}
    if road.sets is not None:
        return _(
            "Each month that this chain ends earlier moves it a month, until the next one sets the date."
        ), later
    if road.proof is not None:
        return _("Nothing but months at target. A month missed puts it off by one."), later
    return _("It can be booked now."), later


def against_the_aim(document):
    """How the window compares with the month aimed at; empty without either."""
    road = document.roadmap
    if road is None or road.earliest is None or not document.audit_month:
        return ""
    aim = month_number(document.audit_month)
    said = {"aim": month(aim), "months": counted(abs(aim - road.earliest)), "earliest": month(road.earliest)}
    if aim < road.earliest:
        return (
            ngettext(
                "%(aim)s, the month aimed at, is %(months)s month too early.",
                "%(aim)s, the month aimed at, is %(months)s months too early.",
                road.earliest - aim,
            )
            % said
        )
    if aim == road.earliest:
        return _("%(aim)s, the month aimed at, leaves no slack.") % said
    return (
        ngettext(
            "%(aim)s, the month aimed at, leaves %(months)s month of slack.",
            "%(aim)s, the month aimed at, leaves %(months)s months of slack.",
            aim - road.earliest,
        )
        % said
    )


def afterwards(document):
    """When certification would have to be renewed; empty without a window."""
    road = document.roadmap
    if road.earliest is None:
        return ""
    return _(
        "Certification is renewed about every two years: here between %(first)s and %(last)s. Keep the monthly readings "
        "running, and renew evidence before it is too old."
    ) % {"first": month(road.earliest + rules.ROUND), "last": month(road.latest + rules.ROUND)}


def counted_back(document):
    """(month, what has to be so by then) counted back from the month aimed at, the first one first; nothing without one."""
    if document.roadmap is None or not document.audit_month:
        return []
    aim, readings = month_number(document.audit_month), document.roadmap.readings
    rows = [
        (aim - readings, _("The first of the readings at target that count on audit day")),
        (aim - DECISION - MOCK, _("Mock audit, while there is still time to mend what it finds")),
        (aim - DECISION, _("Decision to book, with this report")),
        (aim, _("Audit, the month aimed at")),
        (aim + rules.ROUND, _("Renewal, about two years later")),
    ]
    now = document.roadmap.first
    return [(month(number), text, number < now) for number, text in sorted(rows, key=lambda row: row[0])]


def spoken(row):
    """A row of the drawing in words: work to March 2027, then readings to September 2027."""
    if not row.bars:
        return _("no due day")
    told = []
    for bar in row.bars:
        said = {"first": month(bar.first), "last": month(bar.last)}
        if bar.kind == rules.WORK:
            text = _("work in %(last)s") if bar.first == bar.last else _("work from %(first)s to %(last)s")
        else:
            text = _("readings from %(first)s to %(last)s")
        told.append(text % said + (" " + _("and beyond") if bar.cut else ""))
    return capfirst(_(", then ").join(told))


def group_name(group):
    return {
        rules.BLOCKERS: _("Close the blockers"),
        rules.FUNDAMENTALS: _("Fundamentals"),
        rules.REST: _("Results and remaining gaps"),
    }[group]


def groups(road):
    """(name, its rows) of every group that has some."""
    return [
        (group_name(group), rows)
        for group in rules.GROUPS
        if (rows := [row for row in road.rows if row.group == group])
    ]


def drawn(document, palette, *, width=635):
    """The roadmap as SVG: actions by group, the wait of the metrics, the window, and the month aimed at."""
    road = document.roadmap
    lines, left = [], roadmap_chart.MOST_ROWS
    for name, rows in groups(road):
        lines.append(roadmap_chart.Line(name, head=True))
        shown, left = rows[:left], left - len(rows[:left])
        lines += [_line(road, row) for row in shown]
        if len(rows) > len(shown):
            lines.append(_more(road, rows[len(shown) :]))
    lines += [roadmap_chart.Line(_("Results and audit"), head=True), *_end(document)]
    numbers = range(road.first, road.last + 1)
    letters = [date_format(first_of(number), "M")[:1] for number in numbers]
    years = [(0, str(road.first // 12))]
    years += [(n - road.first, str(n // 12)) for n in numbers if n % 12 == 0 and n != road.first]
    return roadmap_chart.roadmap(lines, letters, years, title(document) + ".", palette, width=width)


def _line(road, row):
    bars = tuple((bar.kind, bar.first - road.first, bar.last - road.first, bar.cut) for bar in row.bars)
    name = " ".join(filter(None, (row.codes[0] if row.codes else "", row.title)))
    return roadmap_chart.Line(name, row.owner if bars else _("no due day"), bars)


def _more(road, rows):
    bars = [bar for row in rows for bar in row.bars if bar.kind == rules.WORK]
    name = ngettext("and %(count)s more", "and %(count)s more", len(rows)) % {"count": len(rows)}
    if not bars:
        return roadmap_chart.Line(name)
    first, last = min(bar.first for bar in bars), max(bar.last for bar in bars)
    return roadmap_chart.Line(name, bars=((rules.WORK, first - road.first, last - road.first, False),))


def _end(document):
    road = document.roadmap
    if road.proof is not None and road.proof >= road.first:
        last, cut = min(road.proof, road.last), road.proof > road.last
        yield roadmap_chart.Line(_("Results sustained"), bars=((rules.WAIT, 0, last - road.first, cut),))
    if road.earliest is not None and road.earliest <= road.last:
        last = min(road.latest, road.last)
        yield roadmap_chart.Line(
            _("Audit window"),
            window(road),
            bars=(("window", road.earliest - road.first, last - road.first, road.latest > road.last),),
        )
    aim = document.audit_month and month_number(document.audit_month)
    if aim and road.first <= aim <= road.last:
        yield roadmap_chart.Line(_("Month aimed at"), marks=((aim - road.first, month(aim)),))
