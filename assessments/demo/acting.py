"""The actions of a story: planned as people plan them, then dated as the story says."""

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta

from assessments.demo.answering import working_day
from assessments.models import Action


@dataclass(frozen=True, slots=True)
class Step:
    """An action that closes the gaps of the requirements `closes`. `owner` is a name of the story, `outsider` somebody else's.

    `starts_in` and `due_in` count days from the demo's date, those before it below 0; `days_ago` the working days since it
    was planned, `over_days_ago` those since it was done or dropped.
    """

    title: str
    closes: list
    by: str
    days_ago: int
    effort: str = "M"
    cost: str = ""
    owner: str = ""
    outsider: str = ""
    starts_in: int | None = None
    due_in: int | None = None
    status: str = "to-do"
    over_days_ago: int | None = None
    done_when: str = ""
    note: str = ""


def add(steps, assessment, users, as_of):
    """`users` maps the names of the story to accounts."""
    answers = {answer.requirement.key: answer for answer in assessment.answers.select_related("requirement")}
    for number, step in enumerate(steps):
        closes = [answers[key] for key in step.closes]
        values = {name: getattr(step, name) for name in ("title", "effort", "cost", "done_when", "note", "status")}  # fmt: skip
        action = Action.objects.add(
            assessment,
            closes,
            by=users[step.by],
            owner=users.get(step.owner),
            owner_name=step.outsider,
            start=_day(as_of, step.starts_in),
            due=_day(as_of, step.due_in),
            **values,
        )
        at = datetime.combine(working_day(as_of, step.days_ago), time(15, 5 + 3 * number), tzinfo=UTC)
        over = None if step.over_days_ago is None else working_day(as_of, step.over_days_ago)
        Action.objects.filter(pk=action.pk).update(created_at=at, changed_at=at, over_since=over)


def _day(as_of, days):
    return None if days is None else as_of + timedelta(days=days)
