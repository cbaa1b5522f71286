"""What the fit check concludes, in words. Screen and paper print the same sentences; all functions are pure.

Facts about the standard are public ones; everything else is our advice, and the page says so.
"""

from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from assessments.report.fit_questions import fundamental
from assessments.report.words import counted
from assessments.rules import fit as rules


def verdict_name(verdict):
    return {
        rules.FITS: _("Fits well"),
        rules.NEUTRAL: _("Neutral"),
        rules.OVERKILL: _("May be overkill"),
        rules.FUNDAMENTALS: _("Fix fundamentals first"),
    }[verdict]


def headline(verdict):
    """The verdict as a reader who stops here should remember it, in lines."""
    return {
        rules.FITS: [_("COPC fits you well."), _("Find out how far you are.")],
        rules.NEUTRAL: [_("COPC could help."), _("So could something lighter.")],
        rules.OVERKILL: [_("COPC may be overkill."), _("Lighter ways lead to what you want.")],
        rules.FUNDAMENTALS: [_("COPC: not yet."), _("Fix the fundamentals first.")],
    }[verdict]


def listed(words):
    """Words in a sentence: one, two and three."""
    *most, last = words
    return _("%(most)s and %(last)s") % {"most": ", ".join(most), "last": last} if most else last


def missing_names(answers):
    return listed([fundamental(name) for name in answers.missing])


def lead(fit, answers):
    """Two or three sentences under the verdict: what carries it, and what keeps it from being better."""
    if fit.verdict == rules.FUNDAMENTALS:
        return _lead_fundamentals(answers)
    if fit.verdict == rules.FITS:
        first = _("Your reasons, your size or your market call for it, and the groundwork is there.")
        before = [words for key, words in _settle_first().items() if getattr(answers, key[0]) == key[1]]
        return f"{first} " + (
            _("Settle first: %s.") % "; ".join(before) if before else _("Nothing you told us holds it back.")
        )
    first = {
        rules.NEUTRAL: _("It can pay, but it is not the only way to what you want."),
        rules.OVERKILL: _("The effort would be larger than what it brings you today."),
    }[fit.verdict]
    holds = [limit(key, answers) for key in fit.limits[:3]]
    return f"{first} " + _("What speaks most against it: %s.") % "; ".join(holds)


def _lead_fundamentals(answers):
    sentence = ngettext(
        "%(count)s of four fundamentals is missing: %(names)s.",
        "%(count)s of four fundamentals are missing: %(names)s.",
        len(answers.missing),
    ) % {"count": capfirst(counted(len(answers.missing))), "names": missing_names(answers)}
    return f"{sentence} " + _(
        "No certificate builds them. Some months of plain work will, cost far less, and are not lost whatever you choose later."
    )


def _settle_first():
    return {
        ("owner", "shared"): _("who leads it, with time set aside"),
        ("review", "sometimes"): _("a review of results in every month"),
        ("badge", "unsure"): _("whether you would do the work without the badge"),
    }


def limit(key, answers):
    """A condition that keeps the verdict from being better, inside a sentence."""
    return {
        "fundamentals": _("a fundamental is missing, %s") % missing_names(answers) if answers.missing else "",
        "small": _("there are fewer than 50 seats, and no buyer asks for it"),
        "image": _("the badge is the aim, and the work would not clearly be done without it"),
        "points-against": _("your answers speak against it at least as much as for it"),
        "horizon": _("the date is too close"),
        "budget": _("training and audit have no budget"),
        "owner": _("nobody leads it"),
        "review": _("leaders do not follow results"),
        "aim": _("there is no reason yet to measure it by"),
        "badge": _("the badge matters more than the work"),
        "regulator": _("nobody has asked the regulator whether it counts"),
        "seats": _("there are fewer than 50 seats to carry the effort"),
        "public": _("public bodies have other standards to choose from"),
        "nothing-calls": _("nothing in your size, market or reason calls for this standard in particular"),
        "points": _("your answers speak for it only a little more than against it"),
    }[key]


def reason(found, answers):
    """What an answer means for the verdict."""
    meaning = REASONS[found.question]()[found.key]
    return meaning % {"names": missing_names(answers)} if "%(names)s" in meaning else meaning


def _operation():
    return {
        "in-house": _("Leads to CSP, the version for centres with their own customers."),
        "clients": _("Leads to OSP, the version for outsourcers and their clients."),
        "vendors": _("Leads to VMO, the version for those who oversee vendors."),
        "both": _("Leads to CSP for your own centre and VMO for the vendor team."),
    }


def _seats():
    return {
        "under-50": _("A large effort for few shoulders. Lighter ways go far."),
        "50-149": _("Possible; the fixed effort weighs more than on a large centre."),
        "150-499": _("Large enough to carry the effort without starving daily work."),
        "500-up": _("At this size one way of working is worth a formal effort."),
    }


def _sites():
    return {
        "one": _("One place to change. There is nothing here to make alike."),
        "few": _("One method and one set of measures would help them agree."),
        "many": _("So many places need one method, whoever writes it."),
    }


def _why():
    return {
        "demand": _("The certificate itself has a value here. Ask if less would do."),
        "results": _("A sound reason. The method serves it, badge or no badge."),
        "consistency": _("A sound reason: the same work, measured alike, everywhere."),
        "consistency-alone": _("You named one site only, so there is nothing to make alike yet."),
        "proof": _("An audit can settle it, if leaders say now what then follows."),
        "image": _("A dear way to be seen. Published results or rankings cost less."),
        "regulator": _("Regulators know ISO standards better. Ask which one would count."),
        "unsure": _("Without a reason nobody can say later whether it was worth it."),
    }


def _badge():
    return {
        "yes": _("You want the working habits, and those stay after the audit."),
        "partly": _("Start with the parts you would do anyway; see how far they go."),
        "unsure": _("Settle this first: it tells habits from a logo."),
        "no": _("What is done for the badge alone tends to stop after the audit."),
    }


def _fundamentals():
    return {
        "all": _("The effort can go where it is still needed."),
        "one-missing": _("Missing: %(names)s. It has to work before results can hold."),
        "more-missing": _("Missing: %(names)s. An audit would only show that at length."),
    }


def _owner():
    return {
        "leader": _("Somebody has the time and the name for it. Little decides more."),
        "shared": _("Work beside the job loses against the daily queue."),
        "nobody": _("Without a leader it stops in the first busy month."),
    }


def _review():
    return {
        "monthly": _("Decisions follow figures. Everything else needs that habit."),
        "sometimes": _("Only results followed month by month can be called sustained."),
        "no": _("Nobody would notice in time that a result slips."),
    }


def _market():
    return {
        "international": _("Useful with such buyers: the name is known in many countries."),
        "domestic": _(
            "Ask if they know the name. It is best known in North America; elsewhere ISO may say more."
        ),
        "public": _("Public buyers know ISO standards better. Both can help."),
        "ourselves": _("Then the method is worth having; the certificate has no reader."),
    }


def _horizon():
    return {
        "one-year": _("Too soon: it usually takes 12 to 24 months until results hold."),
        "two-years": _("Enough if the fundamentals stand and nothing slips."),
        "open": _("Time enough for results to settle before anybody looks."),
    }


def _budget():
    return {
        "full": _("Enough for all of it. Ask for the price of each part by itself."),
        "training": _("It can work: your own people do it, others teach and check."),
        "unknown": _("Have written quotes before anybody promises a date."),
        "none": _("Training and audit are paid services. Only the text is free."),
    }


def _automation():
    return {
        "few": _("Little extra work, though release 8.0 covers bots as well."),
        "some": _("In scope: release 8.0 asks of bots what it asks of people."),
        "most": _("Release 8.0 judges bots like people, and asks for an AI policy."),
    }


REASONS = {
    "operation": _operation,
    "seats": _seats,
    "sites": _sites,
    "why": _why,
    "badge": _badge,
    "fundamentals": _fundamentals,
    "owner": _owner,
    "review": _review,
    "market": _market,
    "horizon": _horizon,
    "budget": _budget,
    "automation": _automation,
}


def signed(weight):
    """+2, −1 or a bare 0."""
    return f"{weight:+d}".replace("-", "−") if weight else "0"


def sum_of(points, limits, verdict):
    """How the signs add up, and why the sum alone does not decide."""
    words = {"points": signed(points), "fits": rules.FITS_FROM}
    if verdict == rules.FITS:
        return (
            _("The signs add up to %(points)s. “Fits well” takes +%(fits)s and no condition against it.")
            % words
        )
    if set(limits) <= {"points", "points-against"}:
        return _("The signs add up to %(points)s; “fits well” takes +%(fits)s.") % words
    return (
        _(
            "The signs add up to %(points)s, but some answers weigh more than any sum: see the sentence on top."
        )
        % words
    )
