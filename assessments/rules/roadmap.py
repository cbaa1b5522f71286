"""When the work of a plan ends, how long its proof takes, and when an audit could follow.

Months are whole numbers that count up by one (year x 12 + month - 1), `as_of` is the running month. Three things hold an
audit up: work that closes blockers, readings that have to follow the work that feeds results, and readings that are
missing whether anybody works or not. The longest of these chains sets the date, and the audit can follow in the month
after its end.
"""

from dataclasses import dataclass
from math import ceil, fsum

HORIZON = 24  # months that are drawn, the running one first: certification takes a site one to two years
SLIP = 3  # months that work is taken to slip while too little was seen: a quarter, an assumption of ours
SEEN = 3  # ends of actions that say something about the pace
# Months from an audit to the next; an assumption of ours, the rule of the standard is not public.
RECERTIFY = 24

BLOCKERS, FUNDAMENTALS, REST = "blockers", "fundamentals", "rest"
GROUPS = (BLOCKERS, FUNDAMENTALS, REST)


@dataclass(frozen=True, slots=True)
class Step:
    """An action that is not over. `results` are the codes of the results it closes; `worked` says that its work is done
    and only the proof is awaited."""

    id: int
    start: int | None = None
    due: int | None = None
    blocker: bool = False
    fundamental: bool = False
    results: frozenset[str] = frozenset()
    worked: bool = False

    @property
    def group(self):
        return BLOCKERS if self.blocker else FUNDAMENTALS if self.fundamental else REST

    @property
    def decides(self):
        """Does an audit have to wait for it?"""
        return self.blocker or bool(self.results)


@dataclass(frozen=True, slots=True)
class Proof:
    """A metric. `earliest` is the month by whose end it can be sustained, None without a target; `needed` of the last
    `window` months have to be met; `shows` are the codes of the results that follow it."""

    id: int
    earliest: int | None
    needed: int
    window: int
    shows: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Readings:
    """Months of readings after the work: at least `needed`, and `window` where one of them misses."""

    needed: int
    window: int


@dataclass(frozen=True, slots=True)
class Chain:
    """What has to happen one after the other: work until the month `work`, None where nobody works, and proof until `end`.

    `step` and `proof` are ids, None where the chain has none.
    """

    end: int
    step: int | None = None
    proof: int | None = None
    work: int | None = None


@dataclass(frozen=True, slots=True)
class Window:
    """The months in which an audit could begin, and the chain that sets the first; None where nothing is waited for."""

    earliest: int
    latest: int
    longest: Chain | None


@dataclass(frozen=True, slots=True)
class NoWindow:
    """Why no month can be said: blockers that no action closes, deciding actions without a due date, no metric to prove by,
    a score that stays too low with everything planned done."""

    unplanned: int
    undated: int
    unmeasured: bool
    short: bool = False


@dataclass(frozen=True, slots=True)
class Bar:
    """Months from `first` to `last`, both drawn; `before` and `beyond` say that it goes on over the edge."""

    first: int
    last: int
    before: bool
    beyond: bool


def audit_window(steps, proofs, rule, as_of, slip, unplanned=0, short=False):
    """A `Window`, or a `NoWindow` where it would be a guess.

    Earliest: every step that decides is done when it is due, and each month from now on meets its targets. Latest: every
    step slips by `slip` months, and of the readings that follow one misses as many as the rule forgives. `rule` are the
    `Readings` for results that no metric shows; `unplanned` counts blockers that no step closes; `short` says that the
    plan, once done, does not reach the score of the audit.
    """
    deciding = [step for step in steps if step.decides and not step.worked]
    undated = sum(step.due is None for step in deciding)
    unmeasured = all(proof.earliest is None for proof in proofs)
    if unplanned or undated or unmeasured or short:
        return NoWindow(unplanned, undated, unmeasured, short)
    soon = chains(deciding, proofs, rule, as_of)
    late = chains(deciding, proofs, rule, as_of, slip=slip, forgiving=True)
    longest = max(soon, key=lambda chain: chain.end, default=None)
    ends = [max((chain.end for chain in each), default=as_of) for each in (soon, late)]
    return Window(ends[0] + 1, ends[1] + 1, longest)


def chains(steps, proofs, rule, as_of, slip=0, forgiving=False):
    """The `Chain`s of dated `steps` and of `proofs` that are awaited; with `forgiving` each proof takes as long as its rule
    looks back."""
    found = [_chain_of(step, proofs, rule, as_of, slip, forgiving) for step in steps]
    for proof in proofs:
        if awaited(proof, as_of):
            more = proof.window - proof.needed if forgiving else 0
            found.append(Chain(proof.earliest + more, proof=proof.id))
    return found


def _chain_of(step, proofs, rule, as_of, slip, forgiving):
    worked = work_end(step, as_of) + slip
    readings = readings_after(step, proofs, rule, as_of)
    wait = readings.window if forgiving else readings.needed
    return Chain(worked + wait, step=step.id, work=worked)


def awaited(proof, as_of):
    """Is it still to come? What the month before this one proved is proved."""
    return proof.earliest is not None and proof.earliest >= as_of


def work_end(step, as_of):
    """The month in which the work of a dated step ends: what is overdue ends this month at the earliest."""
    return max(step.due, as_of)


def readings_after(step, proofs, rule, as_of):
    """The `Readings` that have to follow the work of `step`: none for practices and for what is proved already."""
    if not step.results:
        return Readings(0, 0)
    linked = [proof for proof in proofs if proof.shows & step.results and proof.earliest is not None]
    open_ones = [proof for proof in linked if awaited(proof, as_of)]
    if not linked:
        return rule
    return Readings(
        max((proof.needed for proof in open_ones), default=0),
        max((proof.window for proof in open_ones), default=0),
    )


def pace(ended, running, as_of):
    """(months that work slips, how many ends say so).

    `ended` are (due, month in which it was done) of actions that are done, `running` the due months of those that are not.
    The mean, rounded up, of at least SEEN of them; what ended early does not make up for what ended late. With fewer it is
    `SLIP`, said of 0.
    """
    slips = [max(0, done - due) for due, done in ended] + [as_of - due for due in running if due < as_of]
    if len(slips) < SEEN:
        return SLIP, 0
    return ceil(fsum(slips) / len(slips)), len(slips)


def clipped(first, last, as_of):
    """The part of the months `first` to `last` that lies in the drawn ones, as a `Bar`; at the edge where none does."""
    left, right = as_of, as_of + HORIZON - 1
    return Bar(
        first=min(max(first, left), right),
        last=min(max(last, left), right),
        before=first < left,
        beyond=last > right,
    )


def last_start(audit, wait, length):
    """The last month in which work of `length` months can begin if `wait` months of readings are to follow it before the
    month `audit`."""
    return audit - wait - length
