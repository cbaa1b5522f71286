"""The fit check as a value: everything screen and paper say about a set of answers. Nothing here reads the clock."""

from dataclasses import dataclass
from urllib.parse import urlencode

from django.utils.translation import gettext as _

from assessments.report import fit_advice as advice
from assessments.report import fit_words as words
from assessments.report.fit_questions import fundamental, questions, told
from assessments.rules import fit as rules

FOR, AGAINST, NEITHER = "for", "against", "neither"


@dataclass(frozen=True, slots=True)
class Row:
    """A reason as it is printed: what was asked, what was answered, what it means, and how much it counts."""

    question: str
    name: str
    told: str
    meaning: str
    weight: int

    @property
    def side(self):
        return FOR if self.weight > 0 else AGAINST if self.weight < 0 else NEITHER

    @property
    def sign(self):
        return words.signed(self.weight)

    @property
    def spoken(self):
        """For readers who do not see the sign."""
        if not self.weight:
            return _("neither for nor against")
        side = _("speaks for it") if self.weight > 0 else _("speaks against it")
        return _("%(side)s, counts %(weight)s") % {"side": side, "weight": abs(self.weight)}


@dataclass(frozen=True, slots=True)
class Way:
    """Another way to what was wanted."""

    key: str
    name: str
    text: str


@dataclass(frozen=True, slots=True)
class Page:
    """`query` is the answers as an address carries them; `fundamentals` are pairs of a name and whether it is in place."""

    verdict: str
    name: str
    headline: list[str]
    lead: str
    step: advice.Text
    rows: list[Row]
    sum: str
    fundamentals: list[tuple[str, bool]]
    variants: list[advice.Text]
    ranges: list[advice.Text]
    pitfalls: list[advice.Text]
    ways: list[Way]
    badge_test: advice.Text
    query: str


def page(answers):
    """What there is to say about these answers."""
    fit = rules.check(answers)
    return Page(
        verdict=fit.verdict,
        name=words.verdict_name(fit.verdict),
        headline=words.headline(fit.verdict),
        lead=words.lead(fit, answers),
        step=advice.next_step(fit.verdict),
        rows=_rows(fit, answers),
        sum=words.sum_of(fit.points, fit.limits, fit.verdict),
        fundamentals=[
            (fundamental(key), key in answers.fundamentals) for key in rules.CHOICES[rules.SEVERAL]
        ],
        variants=advice.variants(fit.variants),
        ranges=[advice.time(fit.time), advice.cost(fit.cost)],
        pitfalls=_pitfalls(fit, answers),
        ways=[
            Way(way.key, advice.alternative_name(way.key), advice.alternative(way))
            for way in fit.alternatives
        ],
        badge_test=advice.badge_test(fit.badge_test),
        query=query(answers),
    )


def query(answers):
    """The answers as they stand in an address; the same answers always give the same."""
    return urlencode(list(answers.pairs()))


def query_of(stored):
    """The same for answers stored earlier, whether or not the questions are still the same.

    In the order of the questions: PostgreSQL keeps none in what it stores as JSON.
    """
    several = {**stored, rules.SEVERAL: stored.get(rules.SEVERAL) or [rules.NONE]}
    order = {key: place for place, key in enumerate(rules.CHOICES)}
    return urlencode(sorted(several.items(), key=lambda pair: order.get(pair[0], len(order))), doseq=True)


def verdict_of(stored):
    """The verdict on answers stored earlier, in words; None where the questions have changed since."""
    try:
        return words.verdict_name(rules.check(rules.read(stored)).verdict)
    except ValueError:
        return None


def _rows(fit, answers):
    given, names = told(answers), {question.key: question.name for question in questions()}
    return [
        Row(
            reason.question,
            names[reason.question],
            given[reason.question],
            words.reason(reason, answers),
            reason.weight,
        )
        for reason in fit.reasons
    ]


def _pitfalls(fit, answers):
    rows = {row.question: f"{row.name}: {row.told}" for row in _rows(fit, answers)}
    return [
        advice.Text(found.key, *advice.pitfall(found.key), because=rows.get(found.question, ""))
        for found in fit.pitfalls
    ]
