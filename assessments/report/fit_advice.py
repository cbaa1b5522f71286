"""What follows from a fit check, in words: next step, ranges, pitfalls, alternatives, the badge test. Pure functions."""

from dataclasses import dataclass

from django.utils.text import capfirst
from django.utils.translation import gettext as _

from assessments.report.fit_words import listed
from assessments.rules import fit as rules


@dataclass(frozen=True, slots=True)
class Text:
    """`key` says what it is about; templates and tests find it by that."""

    key: str
    title: str
    text: str
    because: str = ""


def next_step(verdict):
    """What to do now, whatever is decided later. Both steps are assessments of this application."""
    if verdict in (rules.FITS, rules.NEUTRAL):
        return Text(
            "full",
            _("Start a self-assessment"),
            _("Every requirement of your version, in as many sittings as it takes"),
        )
    return Text("quick", _("Start with a quick scan"), _("About thirty requirements, fundamentals first"))


def variants(codes):
    named = {
        "CSP": Text("CSP", _("CSP"), _("the version for in-house centres")),
        "OSP": Text("OSP", _("OSP"), _("the version for outsourcers")),
        "VMO": Text("VMO", _("VMO"), _("the version for vendor management")),
    }
    return [named[code] for code in codes]


def badge_test(key):
    """What the answer to the honest question says about the money."""
    return {
        "yes": Text(
            key,
            _("You pass the badge test"),
            _("You would do the work without a certificate, so the money buys something that stays."),
        ),
        "partly": Text(
            key,
            _("You half pass the badge test"),
            _("Do the parts you believe in first. If they help, the rest is easier to believe."),
        ),
        "unsure": Text(
            key,
            _("The badge test is open"),
            _("Ask those who would pay: would they still, if nobody outside ever heard of it?"),
        ),
        "no": Text(
            key,
            _("You do not pass the badge test"),
            _("The money would buy a sign on the door, and there are cheaper signs."),
        ),
    }[key]


# ---- ranges ---------------------------------------------------------------------------------------------------------


def time(found):
    """How long, as a range of ours, and what moves it."""
    months = _("%(low)s to %(high)s months") % dict(zip(("low", "high"), found.implement, strict=True))
    text = _("For implementing, until results hold.")
    if found.prepare:
        words = dict(zip(("low", "high"), found.prepare, strict=True))
        text = _("For implementing. Before it, %(low)s to %(high)s months for the fundamentals.") % words
    return Text("time", months, text, _drivers(_("longer"), found.longer, _("shorter"), found.shorter))


def cost(found):
    """How much, as a part of the public range, and what moves it."""
    amount = {
        "lower": _("Tens of thousands of US dollars"),
        "middle": _("Tens to low hundreds of thousands of US dollars"),
        "upper": _("Hundreds of thousands of US dollars"),
    }[found.band]
    text = _("For training, advice and audit, with the time of your own people.")
    return Text("cost", amount, text, _drivers(_("more"), found.more, _("less"), found.less))


def _drivers(more, raising, less, lowering):
    """“Longer with several sites or vendors; shorter with a named leader.”"""
    parts = [
        _("%(more)s with %(names)s") % {"more": word, "names": listed(names)}
        for word, names in (
            (more, [_raising()[key] for key in raising]),
            (less, [_lowering()[key] for key in lowering]),
        )
        if names
    ]
    return f"{capfirst('; '.join(parts))}." if parts else ""


def _raising():
    return {
        "seats": _("your size"),
        "sites": _("several sites or vendors"),
        "fundamentals": _("missing fundamentals"),
        "budget": _("consultants"),
        "owner": _("nobody free to lead it"),
        "review": _("reviews not held monthly"),
        "automation": _("much automation"),
    }


def _lowering():
    return {
        "seats": _("few seats"),
        "sites": _("one site"),
        "fundamentals": _("the fundamentals in place"),
        "budget": _("your own people doing the work"),
        "owner": _("a leader with time"),
        "review": _("monthly reviews"),
    }


def to_ask():
    return _(
        "COPC Inc. publishes no prices. Ask it in writing for: the baseline, training for each person, the audit for each "
        "site with travel, and the renewal about every two years."
    )


def estimate():
    return _(
        "Our estimates, not offers. Public sources speak of 12 to 24 months, and of tens to hundreds of thousands of US "
        "dollars for everything together; your answers place you within that."
    )


# ---- pitfalls -------------------------------------------------------------------------------------------------------


def pitfall(key):
    return PITFALLS[key]()


PITFALLS = {
    "fundamentals-later": lambda: (
        _("Hoping the project builds the fundamentals"),
        _("It measures them. Build what is missing first, then count the months."),
    ),
    "badge-only": lambda: (
        _("Buying the badge"),
        _("Decide now what customers should notice afterwards, and measure that too."),
    ),
    "deadline": lambda: (
        _("Promising a date"),
        _("One good month proves nothing. Offer a dated plan with its first results instead."),
    ),
    "side-job": lambda: (
        _("Leading it as a side job"),
        _("Free half a week of one person, in writing, before anything is signed."),
    ),
    "unread": lambda: (
        _("Figures that nobody acts on"),
        _("Begin with one monthly meeting in which every missed target gets an owner."),
    ),
    "no-aim": lambda: (
        _("Starting without an aim"),
        _("Write down one sentence that says what should be different in two years."),
    ),
    "tender-words": lambda: (
        _("Reading the tender too narrowly"),
        _("Ask whether an equivalent or a dated plan is accepted, and keep the answer in writing."),
    ),
    "regulator-words": lambda: (
        _("Guessing what the regulator wants"),
        _("Ask which standards count before you choose one."),
    ),
    "not-proof": lambda: (
        _("Taking the certificate for quality"),
        _("Good centres exist without it. Show leaders results beside it."),
    ),
    "too-heavy": lambda: (
        _("A frame too large for the centre"),
        _("Take from it what helps a few dozen people, and leave the rest."),
    ),
    "public-choice": lambda: (
        _("Overlooking open standards"),
        _("A public body may prefer a standard no single firm owns. Look at ISO 18295 first."),
    ),
    "vendors-apart": lambda: (
        _("Thinking vendors are covered"),
        _("VMO looks at your office. A site of a vendor would need its own certificate."),
    ),
    "other-sites": lambda: (
        _("Certifying one site, speaking of all"),
        _("A certificate covers a named scope. Say from the start which sites are in it."),
    ),
    "machines": lambda: (
        _("Leaving out the bots"),
        _("Release 8.0 covers them: name an owner, a policy for AI and measures for each."),
    ),
    "one-firm": lambda: (
        _("One seller for everything"),
        _("The firm that owns the standard sells training, advice and audit. Compare offers for advice."),
    ),
    "renewal": lambda: (
        _("Forgetting the second round"),
        _("A certificate is renewed about every two years. Plan for the habit, not for the day."),
    ),
}


# ---- alternatives ---------------------------------------------------------------------------------------------------


def alternative_name(key):
    return {
        "quick": _("Quick scan, here"),
        "maturity": _("Maturity check"),
        "practitioner": _("ACXPA CX Standards"),
        "benchmark": _("Benchmarking"),
        "iso": _("ISO 18295"),
        "uncertified": _("Without the audit"),
    }[key]


def alternative(found):
    """Why it suits these answers."""
    return ALTERNATIVES[found.key]()[found.why]


def _quick():
    return {
        "fundamentals": _("Shows in an afternoon which fundamentals are missing and what to do first."),
        "small": _(
            "About thirty questions instead of well over a hundred: enough for a centre of your size."
        ),
        "unsure": _("Shows where you stand before you choose anything. It costs nothing but the time."),
    }


def _maturity():
    return {
        "unsure": _(
            "Places each area of work on a few steps: a way to agree on what you want before choosing."
        ),
        "start": _(
            "Places each area of work on a few steps, so that progress shows long before an audit would."
        ),
        "owner": _("Small enough to do without a project and a leader."),
    }


def _practitioner():
    return {
        "small": _(
            "Written by practitioners for centres of any size: how easily people reach you, how well agents serve them."
        ),
        "domestic": _(
            "Looks at what callers meet: how easily they reach a person, and how well they are served."
        ),
        "public": _("Applies in every sector, and looks at what citizens meet when they get in touch."),
    }


def _benchmark():
    return {
        "image": _("Results that beat those of others say more in public than a badge."),
        "badge": _("Gives you a result to show, without a way of working you would not keep."),
        "proof": _("Shows leaders how your results compare with those of others, without a long project."),
        "compare": _("Sets your sites or vendors beside each other, and beside others, by results."),
        "alongside": _("Tests what customers get, not how you work. Useful beside any standard."),
    }


def _iso():
    return {
        "regulator": _("The international standard for contact centres, and a name that authorities know."),
        "tender": _(
            "Ask if the client takes it as an equivalent. Part 1 is for centres, part 2 for their clients."
        ),
        "public": _(
            "The international standard for contact centres, made by a standards body and not by one firm."
        ),
        "vendors": _("Part 2 is written for those who commission contact centres, part 1 for the centres."),
        "domestic": _("Known beyond the trade: it helps with buyers who have never heard of COPC."),
        "alongside": _("Overlaps in theme. Worth knowing if a buyer ever asks for an ISO standard."),
    }


def _uncertified():
    return {
        "ourselves": _(
            "The text is free to download. Work to it, check yourselves here, leave out the audit."
        ),
        "budget": _("The text is free for your contact details. Working to it costs your own time only."),
        "anyway": _("You would do the work anyway: begin, and decide about the audit once results hold."),
    }


ALTERNATIVES = {
    "quick": _quick,
    "maturity": _maturity,
    "practitioner": _practitioner,
    "benchmark": _benchmark,
    "iso": _iso,
    "uncertified": _uncertified,
}
