"""Plans for tests: actions and metrics as parts of a document, without a database."""

from datetime import date
from types import SimpleNamespace

from assessments.report import roadmap
from assessments.report.parts import ActionPart
from assessments.rules.roadmap import Readings

DAY = date(2026, 11, 14)
NOW = 2026 * 12 + 10


def asked(key, *, blocker=False, fundamental=False, kind="practice"):
    return SimpleNamespace(key=key, code=key, blocker=blocker, fundamental=fundamental, kind=kind)


ANSWERS = {
    part.key: part
    for part in (
        asked("LP5a", blocker=True),
        asked("PR6b", fundamental=True),
        asked("PF1a", kind="result"),
        asked("PR9c"),
    )
}


def action(number, *keys, start=None, due=None, status="to-do", over_since=None, **fields):
    known = {
        "id": number,
        "title": f"Step {number}",
        "owner": "Bob",
        "effort": "M",
        "cost": "",
        "overdue": due is not None and due < DAY and over_since is None,
        "done_when": "",
        "note": "",
    }
    return ActionPart(
        **known | fields, start=start, due=due, status=status, over_since=over_since, keys=keys, codes=keys
    )


def metric(number, by, *shows, name="Service level"):
    """A metric that can be sustained `by` the month of that date, None without a target."""
    return SimpleNamespace(id=number, name=name, sustained_by=by, needed=5, decide=6, every=1, shows=shows)


PROVED = metric(1, date(2026, 10, 1))


def planned(*actions, metrics=(PROVED,), audit_month=None, leads=True, answers=ANSWERS):
    return roadmap.of(
        roadmap.Plan(tuple(actions), tuple(metrics), answers, Readings(5, 6), DAY, audit_month, leads)
    )
