"""Is COPC for us? Twelve answers in, an honest verdict with everything that led to it out.

The rules are ours. They follow what is publicly said about whom the standard suits: large centres, outsourcers that sell to
international clients, several sites that should work alike, leaders who need outside proof. Small centres and missing
fundamentals speak against it; buyers in one country and public bodies have good alternatives. The work is publicly put at
12 to 24 months and the whole cost at tens to hundreds of thousands of US dollars; no price list is public.
"""

from dataclasses import asdict, dataclass, fields

FUNDAMENTALS, OVERKILL, NEUTRAL, FITS = VERDICTS = (
    "fundamentals",
    "overkill",
    "neutral",
    "fits",
)  # worst first

# Question -> its choices. Where one is better than another for the verdict, the weaker comes first.
CHOICES = {
    "operation": ("in-house", "clients", "vendors", "both"),
    "seats": ("under-50", "50-149", "150-499", "500-up"),
    "sites": ("one", "few", "many"),
    "why": ("demand", "results", "consistency", "proof", "image", "regulator", "unsure"),
    "badge": ("no", "unsure", "partly", "yes"),
    "fundamentals": ("forecasting", "quality", "coaching", "figures"),
    "owner": ("nobody", "shared", "leader"),
    "review": ("no", "sometimes", "monthly"),
    "market": ("international", "domestic", "public", "ourselves"),
    "horizon": ("one-year", "two-years", "open"),
    "budget": ("none", "unknown", "training", "full"),
    "automation": ("few", "some", "most"),
}
SEVERAL = "fundamentals"  # the one question that takes more than one choice
NONE = "none"  # says that none of several is true, so that an empty answer is an open one

# What an answer counts; what is not named counts nothing.
WEIGHTS = {
    "seats": {"under-50": -2, "150-499": 1, "500-up": 2},
    "sites": {"few": 1, "many": 1},
    "why": {
        "demand": 2,
        "results": 1,
        "consistency": 2,
        "proof": 1,
        "image": -2,
        "regulator": -1,
        "unsure": -1,
    },
    "badge": {"yes": 2, "unsure": -1, "no": -2},
    "fundamentals": {"all": 2, "one-missing": -1, "more-missing": -2},
    "owner": {"leader": 1, "shared": -1, "nobody": -2},
    "review": {"monthly": 1, "sometimes": -1, "no": -2},
    "market": {"international": 2, "ourselves": -1},
    "horizon": {"open": 1, "one-year": -1},
    "budget": {"full": 1, "none": -1},
}
FITS_FROM, OVERKILL_TO = 6, 0  # sums of weights
MISSING_TOO_MANY = 2  # fundamentals; with one missing the rest may still be worth a look

MOST_ALTERNATIVES, MOST_PITFALLS = 4, 5  # more would be a list nobody acts on, and would not fit one page


@dataclass(frozen=True, slots=True)
class Answers:
    """One choice for each question; `fundamentals` are those in place, in the order of the question."""

    operation: str
    seats: str
    sites: str
    why: str
    badge: str
    fundamentals: tuple[str, ...]
    owner: str
    review: str
    market: str
    horizon: str
    budget: str
    automation: str

    @property
    def missing(self):
        """The fundamentals that are not in place."""
        return tuple(name for name in CHOICES[SEVERAL] if name not in self.fundamentals)

    @property
    def several_sites(self):
        return self.sites != "one"

    @property
    def asked_for(self):
        """Does somebody outside ask for this certificate, or know it well enough to?"""
        return self.why == "demand" or self.market == "international"

    def as_dict(self):
        """As it is stored: question -> the choice made, for fundamentals the list of them."""
        return asdict(self) | {SEVERAL: list(self.fundamentals)}

    def pairs(self):
        """As it stands in an address: (question, choice), the same answers always in the same order."""
        for question in CHOICES:
            if question == SEVERAL:
                yield from ((question, choice) for choice in self.fundamentals or (NONE,))
            else:
                yield question, getattr(self, question)


def read(given):
    """`Answers` from a mapping of question -> choice. Raises ValueError naming the first question not answered by it."""
    found = {}
    for field in fields(Answers):
        choice, choices = given.get(field.name), CHOICES[field.name]
        if field.name == SEVERAL:
            if not isinstance(choice, list | tuple) or not all(name in choices for name in choice):
                raise ValueError(field.name)
            choice = tuple(name for name in choices if name in choice)
        elif choice not in choices:
            raise ValueError(field.name)
        found[field.name] = choice
    return Answers(**found)


@dataclass(frozen=True, slots=True)
class Reason:
    """What an answer says: `weight` above 0 speaks for COPC, below 0 against it, 0 for neither.

    `key` is the choice, or what follows from it together with others.
    """

    question: str
    key: str
    weight: int


@dataclass(frozen=True, slots=True)
class Alternative:
    key: str
    why: str


@dataclass(frozen=True, slots=True)
class Pitfall:
    """`question` is the one whose answer leads there; empty where every answer does."""

    key: str
    question: str


@dataclass(frozen=True, slots=True)
class Cost:
    """Where in the public range, with the questions whose answers move it up and down. An estimate of ours."""

    band: str
    more: tuple[str, ...]
    less: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Time:
    """Months, from and to: first for the fundamentals (None where they stand), then for implementing. Estimates of ours."""

    prepare: tuple[int, int] | None
    implement: tuple[int, int]
    longer: tuple[str, ...]
    shorter: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Fit:
    """`limits` are the conditions that keep the verdict from being better; none where it fits well."""

    verdict: str
    reasons: tuple[Reason, ...]
    limits: tuple[str, ...]
    variants: tuple[str, ...]
    alternatives: tuple[Alternative, ...]
    cost: Cost
    time: Time
    pitfalls: tuple[Pitfall, ...]
    badge_test: str

    @property
    def reasons_for(self):
        return tuple(reason for reason in self.reasons if reason.weight > 0)

    @property
    def reasons_against(self):
        return tuple(reason for reason in self.reasons if reason.weight < 0)

    @property
    def points(self):
        return sum(reason.weight for reason in self.reasons)


def check(answers):
    """The verdict on these answers and everything said beside it."""
    reasons = tuple(_reason(question, answers) for question in CHOICES)
    verdict, limits = _judge(answers, sum(reason.weight for reason in reasons))
    return Fit(
        verdict=verdict,
        reasons=reasons,
        limits=limits,
        variants=VARIANTS[answers.operation],
        alternatives=_alternatives(answers, verdict),
        cost=_cost(answers),
        time=_time(answers),
        pitfalls=_pitfalls(answers),
        badge_test=answers.badge,
    )


VARIANTS = {"in-house": ("CSP",), "clients": ("OSP",), "vendors": ("VMO",), "both": ("CSP", "VMO")}


def _reason(question, a):
    key = getattr(a, question)
    if question == SEVERAL:
        key = "all" if not a.missing else "one-missing" if len(a.missing) == 1 else "more-missing"
    if key == "consistency" and not a.several_sites:
        return Reason(question, "consistency-alone", 0)  # nothing to make alike
    return Reason(question, key, WEIGHTS.get(question, {}).get(key, 0))


def _judge(a, points):
    """The verdict and the conditions that keep it from being better."""
    if len(a.missing) >= MISSING_TOO_MANY:
        return FUNDAMENTALS, ("fundamentals",)
    too_much = _unmet(
        ("small", a.seats == "under-50" and not a.asked_for),
        ("image", a.why == "image" and a.badge in ("no", "unsure")),
        ("points-against", points <= OVERKILL_TO),
    )
    if too_much:
        return OVERKILL, too_much
    calls_for_it = (
        a.asked_for or a.why == "proof" or a.seats == "500-up" or (a.why == "consistency" and a.several_sites)
    )
    limits = _unmet(
        ("fundamentals", bool(a.missing)),
        ("horizon", a.horizon == "one-year"),
        ("budget", a.budget == "none"),
        ("owner", a.owner == "nobody"),
        ("review", a.review == "no"),
        ("aim", a.why == "unsure"),
        ("badge", a.badge == "no" or (a.why == "image" and a.badge != "yes")),
        ("regulator", a.why == "regulator"),
        ("seats", a.seats == "under-50"),
        ("public", a.market == "public" and a.why != "demand"),
        ("nothing-calls", not calls_for_it),
        ("points", points < FITS_FROM),
    )
    return (NEUTRAL if limits else FITS), limits


def _unmet(*conditions):
    return tuple(name for name, holds_back in conditions if holds_back)


def _cost(a):
    """The drivers are the public ones: size, sites, how much is in place at the start, how much help is bought."""
    size, spread = CHOICES["seats"].index(a.seats), CHOICES["sites"].index(a.sites)
    behind, advised = len(a.missing) >= MISSING_TOO_MANY, a.budget == "full"
    height = size + spread + behind + advised
    more = {"seats": size >= 2, "sites": spread > 0, "fundamentals": bool(a.missing), "budget": advised}
    less = {
        "seats": size == 0,
        "sites": spread == 0,
        "fundamentals": not a.missing,
        "budget": a.budget in ("training", "none"),
    }
    band = "lower" if height <= 1 else "upper" if height >= 4 else "middle"
    return Cost(band, _unmet(*more.items()), _unmet(*less.items()))


def _time(a):
    """Implementing stays within the public 12 to 24 months; the fundamentals come before it and are not part of them."""
    longer = _unmet(
        ("fundamentals", bool(a.missing)),
        ("owner", a.owner != "leader"),
        ("review", a.review != "monthly"),
        ("sites", a.several_sites),
        ("automation", a.automation == "most"),
    )
    shorter = tuple(name for name in ("fundamentals", "owner", "review", "sites") if name not in longer)
    prepare = {0: None, 1: (3, 6)}.get(len(a.missing), (6, 12))
    implement = (12, 18) if not longer else (12, 24) if len(longer) < 3 else (18, 24)
    return Time(prepare, implement, longer, shorter)


# What comes first after each verdict; what does not apply to the answers is left out.
ORDER = {
    FUNDAMENTALS: ("quick", "maturity", "practitioner", "benchmark", "iso", "uncertified"),
    OVERKILL: ("benchmark", "practitioner", "uncertified", "iso", "quick", "maturity"),
    NEUTRAL: ("iso", "uncertified", "benchmark", "practitioner", "quick", "maturity"),
    FITS: ("iso", "benchmark", "uncertified", "practitioner", "quick", "maturity"),
}


def _alternatives(a, verdict):
    """Two to four, the most useful first, each with the reason it suits these answers."""
    small = a.seats in ("under-50", "50-149")
    undecided = a.why == "unsure" or a.badge == "unsure"
    whys = {
        "quick": _first(fundamentals=a.missing, small=a.seats == "under-50", unsure=undecided),
        "maturity": _first(unsure=undecided, start=len(a.missing) > 1, owner=a.owner == "nobody"),
        "practitioner": _first(small=small, domestic=a.market == "domestic", public=a.market == "public"),
        "benchmark": _first(
            image=a.why == "image",
            badge=a.badge == "no",
            proof=a.why == "proof",
            compare=a.several_sites and a.why == "consistency",
        ),
        "iso": _first(
            regulator=a.why == "regulator",
            tender=a.why == "demand",
            public=a.market == "public",
            vendors=a.operation in ("vendors", "both"),
            domestic=a.market == "domestic",
        ),
        "uncertified": _first(
            ourselves=a.market == "ourselves", budget=a.budget == "none", anyway=a.badge in ("yes", "partly")
        ),
    }
    found = [Alternative(key, whys[key]) for key in ORDER[verdict] if whys[key]]
    spare = [Alternative(key, "alongside") for key in ("benchmark", "iso") if not whys[key]]
    return tuple((found + spare[: max(0, 2 - len(found))])[:MOST_ALTERNATIVES])


def _first(**conditions):
    return next((name for name, holds in conditions.items() if holds), None)


def _pitfalls(a):
    """Up to five, the costliest first. The last one waits for everybody."""
    waiting = (
        ("fundamentals-later", SEVERAL, bool(a.missing)),
        ("badge-only", "badge", a.badge in ("no", "unsure")),
        ("badge-only", "why", a.why == "image" and a.badge not in ("no", "unsure")),
        ("deadline", "horizon", a.horizon == "one-year"),
        ("side-job", "owner", a.owner != "leader"),
        ("unread", "review", a.review != "monthly"),
        ("no-aim", "why", a.why == "unsure"),
        ("tender-words", "why", a.why == "demand"),
        ("regulator-words", "why", a.why == "regulator"),
        ("not-proof", "why", a.why == "proof"),
        ("too-heavy", "seats", a.seats == "under-50"),
        ("public-choice", "market", a.market == "public"),
        ("vendors-apart", "operation", a.operation in ("vendors", "both")),
        ("other-sites", "sites", a.several_sites and a.operation != "vendors"),
        ("machines", "automation", a.automation != "few"),
        ("one-firm", "budget", a.budget == "full"),
        ("renewal", "", True),
    )
    found = [Pitfall(key, question) for key, question, there in waiting if there]
    return tuple(found[:MOST_PITFALLS])
