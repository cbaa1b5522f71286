"""The plan over time as part of the document: what is worked on when, what is waited for, and when an audit could follow.

Months are numbers as `months.month_number` counts them. Everything is worked out from parts of the document, so screen and
paper draw the same, and a frozen document keeps its roadmap.
"""

from dataclasses import dataclass
from datetime import date

from assessments.models import Action
from assessments.months import month_number
from assessments.report import roadmap_words as words
from assessments.rules import roadmap as rules
from assessments.rules.roadmap import NoWindow, Proof, Readings, Step, Window
from standards.models import Requirement

LENGTHS = {"S": 1, "M": 2, "L": 3}  # months of work that has no two dates, by effort; ours


@dataclass(frozen=True, slots=True)
class RoadmapRow:
    """One line: `id` of the action, 0 for the readings of metrics. Months are None where there is no such bar; `work_words`
    and `wait_words` say both bars, `readings` is what stands in the second."""

    id: int
    group: str
    label: str
    owner: str
    work_from: int | None
    work_to: int | None
    wait_from: int | None
    wait_to: int | None
    readings: str
    work_words: str
    wait_words: str


@dataclass(frozen=True, slots=True)
class CalendarRow:
    """Counted backwards: the last months in which work can begin and end; `late` where the plan is later than that."""

    id: int
    label: str
    start_by: str
    done_by: str
    late: bool


@dataclass(frozen=True, slots=True)
class Roadmap:
    """`first` is the first drawn month; `earliest` and `latest` bound the window, None where none can be said. Empty texts
    have nothing to say."""

    first: int
    title: str
    rows: tuple[RoadmapRow, ...]
    done: int
    earliest: int | None
    latest: int | None
    aim: int | None
    window: str
    window_short: str
    aimed: str
    sets: str
    earlier: str
    later: str
    after: str
    backwards: str
    calendar: tuple[CalendarRow, ...]


@dataclass(frozen=True, slots=True)
class Plan:
    """What a roadmap is worked out from. `answers` maps keys to `AnswerPart`s, `rule` is how the site calls months
    sustained, `leads` says whether an audit is what it is for."""

    actions: tuple
    metrics: tuple
    answers: dict
    rule: Readings
    as_of: date
    audit_month: date | None
    leads: bool
    reach: tuple[int | None, int] | None = None  # score once every action is done, score the audit takes

    @property
    def short(self):
        """Does the score stay too low for the audit with everything planned done?"""
        return self.reach is not None and (self.reach[0] or 0) < self.reach[1]

    @property
    def now(self):
        return month_number(self.as_of)

    @property
    def ahead(self):
        return [part for part in self.actions if part.status not in Action.OVER]

    @property
    def done(self):
        return [part for part in self.actions if part.status == Action.Status.DONE]

    @property
    def aim(self):
        return self.audit_month and month_number(self.audit_month)

    def steps(self):
        """Action id -> its `Step`."""
        return {part.id: self._step(part) for part in self.ahead}

    def _step(self, part):
        closes = [self.answers[key] for key in part.keys]
        return Step(
            id=part.id,
            start=part.start and month_number(part.start),
            due=part.due and month_number(part.due),
            blocker=any(answer.blocker for answer in closes),
            fundamental=any(answer.fundamental for answer in closes),
            results=frozenset(answer.code for answer in closes if answer.kind == Requirement.RESULT),
            worked=part.status == Action.Status.WAITING,
        )

    def proofs(self):
        return [
            Proof(
                id=metric.id,
                earliest=metric.sustained_by and month_number(metric.sustained_by),
                needed=metric.needed * metric.every,
                window=metric.decide * metric.every,
                shows=frozenset(metric.shows),
            )
            for metric in self.metrics
        ]

    def unplanned(self):
        """How many blockers no action closes."""
        closed = {key for part in self.actions if part.status != Action.Status.DROPPED for key in part.keys}
        return sum(answer.blocker and key not in closed for key, answer in self.answers.items())

    def pace(self):
        """(months of slip, how many ends say so)"""
        ended = [
            (month_number(part.due), month_number(part.over_since))
            for part in self.done
            if part.due and part.over_since
        ]
        running = [month_number(part.due) for part in self.ahead if part.due]
        return rules.pace(ended, running, self.now)


def of(plan):
    """The `Roadmap` of a `Plan`."""
    steps, proofs = plan.steps(), plan.proofs()
    slip, seen = plan.pace()
    found = (
        rules.audit_window(
            list(steps.values()), proofs, plan.rule, plan.now, slip, plan.unplanned(), plan.short
        )
        if plan.leads
        else None
    )
    known = found if isinstance(found, Window) else None
    return Roadmap(
        first=plan.now,
        title=_title(plan, steps, found),
        rows=tuple(_rows(plan, steps, proofs)),
        done=len(plan.done),
        earliest=known and known.earliest,
        latest=known and known.latest,
        aim=plan.aim,
        window=words.span(known.earliest, known.latest) if known else "",
        window_short=words.short_span(known.earliest, known.latest) if known else "",
        aimed=words.aimed(plan.aim, known) if plan.leads else "",
        sets=_sets(plan, found),
        earlier=words.earlier(known) if known else "",
        later=words.later(known, slip, seen) if known else "",
        after=words.after(known) if known else "",
        backwards=words.backwards(plan.aim, plan.rule.needed) if plan.leads and plan.aim else "",
        calendar=tuple(_calendar(plan, steps, proofs)) if plan.leads and plan.aim else (),
    )


# ---- rows --------------------------------------------------------------------------------------------------------------


def _rows(plan, steps, proofs):
    """In groups, in each the next due first; then the metrics that no open action feeds."""
    rows = [_row(plan, part, steps[part.id], proofs) for part in plan.ahead]
    yield from sorted(rows, key=lambda row: rules.GROUPS.index(row.group))
    fed = frozenset().union(*(step.results for step in steps.values()))
    waiting = [proof for proof in proofs if rules.awaited(proof, plan.now) and not proof.shows & fed]
    if waiting:
        names = {metric.id: metric.name for metric in plan.metrics}
        last = max(proof.earliest for proof in waiting)
        yield RoadmapRow(
            id=0,
            group=rules.REST,
            label=words.readings_of([names[proof.id] for proof in waiting]),
            owner="",
            work_from=None,
            work_to=None,
            wait_from=plan.now,
            wait_to=last,
            readings=words.months_of_readings(last - plan.now + 1),
            work_words="",
            wait_words=words.waits(last),
        )


def _row(plan, part, step, proofs):
    start, end = _worked(plan, step)
    wait = _wait_to(plan, step, proofs)
    begins = None if wait is None else plan.now if end is None else end + 1
    return RoadmapRow(
        id=part.id,
        group=step.group,
        label=words.label(part),
        owner=part.owner,
        work_from=start,
        work_to=end,
        wait_from=begins,
        wait_to=wait,
        readings=words.months_of_readings(wait - begins + 1) if wait else "",
        work_words=words.work(step, part.overdue),
        wait_words=words.waits(wait) if wait else "",
    )


def _worked(plan, step):
    """The first and last month of the bar of work; a month of its own where only one of the dates is there."""
    if step.worked or (step.start is None and step.due is None):
        return None, None
    if step.due is None:
        return max(step.start, plan.now), max(step.start, plan.now)
    end = rules.work_end(step, plan.now)
    return (end if step.start is None else step.start), end


def _wait_to(plan, step, proofs):
    """The last month of the readings that follow; None where none do, or nobody knows from when."""
    if step.worked:
        linked = [
            proof.earliest
            for proof in proofs
            if proof.shows & step.results and rules.awaited(proof, plan.now)
        ]
        return max(linked, default=None)
    if step.due is None:
        return None
    readings = rules.readings_after(step, proofs, plan.rule, plan.now).needed
    return rules.work_end(step, plan.now) + readings if readings else None


def _calendar(plan, steps, proofs):
    """What an audit waits for, the first that has to begin first."""
    rows = []
    for part in plan.ahead:
        step = steps[part.id]
        if not step.decides or step.worked:
            continue
        wait = rules.readings_after(step, proofs, plan.rule, plan.now).needed
        start_by = rules.last_start(plan.aim, wait, _length(part, step))
        done_by = plan.aim - 1 - wait
        late = done_by < (plan.now if step.due is None else rules.work_end(step, plan.now))
        rows.append((start_by, _calendar_row(part, start_by, done_by, late)))
    return [row for _start, row in sorted(rows, key=lambda pair: pair[0])]


def _calendar_row(part, start_by, done_by, late):
    return CalendarRow(part.id, words.label(part), words.month(start_by), words.month(done_by), late)


def _length(part, step):
    """Months of work: as planned, or by effort where a date is missing."""
    if step.start is None or step.due is None:
        return LENGTHS[part.effort]
    return step.due - step.start + 1


# ---- sentences ---------------------------------------------------------------------------------------------------------


def _title(plan, steps, found):
    if not plan.actions:
        return words.nothing_planned()
    if not steps:
        return words.all_done(found if isinstance(found, Window) else None, plan.now)
    dated = [step for step in steps.values() if step.due is not None and not step.worked]
    if not dated:
        return words.no_dates(len(steps))
    deciding = [step for step in dated if step.decides] if plan.leads else []
    last = max(deciding or dated, key=lambda step: (rules.work_end(step, plan.now), step.blocker))
    kind = "" if not deciding else rules.BLOCKERS if last.blocker else rules.REST
    return words.work_ends(kind, rules.work_end(last, plan.now), found)


def _sets(plan, found):
    if found is None:
        return ""
    if isinstance(found, NoWindow):
        return words.no_window(found, plan.reach)
    chain = found.longest
    if chain is None:
        return words.nothing_to_wait_for()
    if chain.step is None:
        name = next(metric.name for metric in plan.metrics if metric.id == chain.proof)
        return words.set_by_readings(name, chain)
    return words.set_by_work(next(part for part in plan.ahead if part.id == chain.step), chain)
