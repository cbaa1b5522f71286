"""The parts of a document: frozen values, each what one line, card or page of the report is set from."""

from dataclasses import dataclass
from datetime import date, datetime

from assessments.rules.priorities import Gap
from assessments.rules.scoring import Figure


@dataclass(frozen=True, slots=True)
class HeldPart:
    """A piece of evidence. `fresh_until` is the last month in which it counts, None without a period; `state` a word of
    `consistency.freshness`. Of a file its name, kind, size in bytes and SHA-256; empty and None where it is none."""

    title: str
    place: str
    covers_from: date | None
    covers_to: date | None
    fresh_until: date | None
    state: str
    file_name: str = ""
    file_kind: str = ""
    file_size: int | None = None
    file_sha256: str = ""


@dataclass(frozen=True, slots=True)
class DoubtPart:
    """An answer that contradicts what is held beside it, what was said last time, or the scope."""

    code: str
    short: str
    item_code: str
    sentence: str
    address: str


@dataclass(frozen=True, slots=True)
class AnswerPart:
    """A requirement and what was answered. `level` is 0 to 3 or None; `choice` also tells open, not known and N/A apart."""

    id: int
    key: str
    code: str
    letter: str
    item_code: str
    item_title: str
    statement: str
    short: str
    scope: str
    levels: tuple[str, ...]
    why: str
    first_step: str
    evidence: tuple[str, ...]
    prompts: tuple[str, ...]
    kind: str
    critical: bool
    critical_reason: str
    fundamental: bool
    fundamental_reason: str
    automated_only: bool
    weight: int
    target: int
    effort: str
    choice: str
    level: int | None
    carried: bool
    shown: int | None  # the level its metrics show
    overruled_because: str
    blocker: bool
    reason: str
    reason_text: str
    note: str
    held: tuple[HeldPart, ...]
    answered_by: str
    answered_at: datetime | None

    @property
    def stands_at(self):
        """The sentence that is true today; empty where no level was shown."""
        return "" if self.level is None else self.levels[self.level]

    @property
    def done_when(self):
        """The sentence that has to become true."""
        return self.levels[self.target]


@dataclass(frozen=True, slots=True)
class ItemPart:
    code: str
    title: str
    purpose: str
    points: int
    figure: Figure
    answers: tuple[AnswerPart, ...]


@dataclass(frozen=True, slots=True)
class DomainPart:
    """`target` in percent."""

    code: str
    title: str
    purpose: str
    results: bool
    target: int
    figure: Figure
    items: tuple[ItemPart, ...]

    @property
    def points(self):
        return sum(item.points for item in self.items)


@dataclass(frozen=True, slots=True)
class ActionPart:
    """A step of the plan. `effort`, `cost` and `status` are the codes of `Action`, `keys` those of the requirements whose
    gaps it closes; `cost` is empty where nobody knows yet."""

    id: int
    title: str
    owner: str
    effort: str
    cost: str
    start: date | None
    due: date | None
    status: str
    over_since: date | None
    overdue: bool
    done_when: str
    note: str
    keys: tuple[str, ...]
    codes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class GapPart:
    gap: Gap
    answer: AnswerPart


@dataclass(frozen=True, slots=True)
class MarkPart:
    """Score and ceiling of one domain, in percent; None where nothing applies."""

    code: str
    title: str
    score: float | None
    ceiling: float | None


@dataclass(frozen=True, slots=True)
class StandingPart:
    """Where an assessment stood: what lists, trends and comparisons print of a document. `rules` is a short hash of the
    constants in force; `stage` is None for a self-check."""

    standard: str
    release: str
    headline: str
    stage: str | None
    score: float | None
    ceiling: float | None
    asked: int
    open: int
    unknown: int
    blockers: int
    gaps: int
    domains: tuple[MarkPart, ...]
    results: int
    reached: int
    sustained: int
    rules: str


@dataclass(frozen=True, slots=True)
class MilestonePart:
    """A milestone taken before: its figures, and the hash of the document it keeps."""

    id: int
    name: str
    taken_on: date
    sha256: str
    standing: StandingPart


@dataclass(frozen=True, slots=True)
class ChangePart:
    """A requirement whose answer changed: choices before and after, None where it was not asked; `kind` is one of
    `compare`."""

    code: str
    short: str
    kind: str
    before: str | None
    after: str | None


@dataclass(frozen=True, slots=True)
class SincePart:
    """What changed since the last milestone, in sentences first; `closed` and `opened` are codes of requirements."""

    name: str
    day: date
    sentences: tuple[str, ...]
    score_before: float | None
    ceiling_before: float | None
    closed: tuple[str, ...]
    opened: tuple[str, ...]
    changed: tuple[ChangePart, ...]


@dataclass(frozen=True, slots=True)
class Method:
    """The constants in force on the day."""

    practice_target: int
    results_target: int
    urgency_blocker: float
    urgency_fundamental: float
    effort_small: float
    effort_medium: float
    effort_large: float


@dataclass(frozen=True, slots=True)
class SitePart:
    """A site of the organisation and the stored figures of its newest assessment against the same standard, in percent."""

    name: str
    vendor: str
    release: str
    variant: str
    score: float | None
    ceiling: float | None
    blockers: int
    open: int
    asked: int
    here: bool
