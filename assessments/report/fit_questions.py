"""What the fit check asks, in words: each question with its choices, for the form, the result and the paper alike."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from assessments.rules.fit import CHOICES, NONE, SEVERAL


@dataclass(frozen=True, slots=True)
class Question:
    """`name` is what it is called in a list of reasons; `choices` are pairs of key and words."""

    key: str
    name: str
    asked: str
    hint: str
    choices: tuple[tuple[str, str], ...]
    several: bool = False


def questions():
    """Every question in the order of the rules; the one that takes several choices ends with "none of these"."""
    return [_question(key) for key in CHOICES]


def _question(key):
    name, asked, hint, words = TEXTS[key]()
    choices = [(choice, words[choice]) for choice in CHOICES[key]]
    if key in WEAKEST_FIRST:
        choices.reverse()  # people look for the good answer at the top; the rules order by strength
    if key == SEVERAL:
        choices.append((NONE, _("None of these")))
    return Question(key, name, asked, hint, tuple(choices), key == SEVERAL)


WEAKEST_FIRST = {"badge", "owner", "review", "budget"}


def told(answers):
    """Question -> the answer given, in words; fundamentals as the list of those in place."""
    words = {key: TEXTS[key]()[3] for key in CHOICES}
    found = {key: words[key][getattr(answers, key)] for key in CHOICES if key != SEVERAL}
    names = ", ".join(fundamental(key) for key in answers.fundamentals)
    if not answers.missing:
        return found | {SEVERAL: _("All four in place")}
    return found | {SEVERAL: _("Only %s") % names if names else _("None in place")}


def fundamental(key):
    """As it stands inside a sentence."""
    return {
        "forecasting": _("forecasting"),
        "quality": _("quality monitoring"),
        "coaching": _("coaching"),
        "figures": _("monthly figures"),
    }[key]


def _operation():
    return (
        _("Operation"),
        _("What do you run?"),
        _("This decides which version of the standard would be yours."),
        {
            "in-house": _("A centre for our own customers"),
            "clients": _("A centre that works for clients"),
            "vendors": _("An office that manages vendors"),
            "both": _("Our own centre, and vendors too"),
        },
    )


def _seats():
    return (
        _("Size"),
        _("How many seats does it have?"),
        _("A seat is a place where one person answers. If you manage vendors, count theirs too."),
        {
            "under-50": _("Fewer than 50"),
            "50-149": _("50 to 149"),
            "150-499": _("150 to 499"),
            "500-up": _("500 or more"),
        },
    )


def _sites():
    return (
        _("Sites or vendors"),
        _("How many sites or vendors do that work?"),
        "",
        {"one": _("One"), "few": _("Two to four"), "many": _("Five or more")},
    )


def _why():
    return (
        _("Main reason"),
        _("What is the main reason for wanting it?"),
        _("Choose the one you would give if you could give only one."),
        {
            "demand": _("A client or a tender asks for it"),
            "results": _("To serve customers better"),
            "consistency": _("To make sites or vendors work alike"),
            "proof": _("Leaders want outside proof first"),
            "image": _("A wish of the board, or marketing"),
            "regulator": _("A regulator expects a standard"),
            "unsure": _("Not sure yet"),
        },
    )


def _badge():
    return (
        _("Without the badge"),
        _("Would you do the same work if no certificate came at the end?"),
        _("The most telling question of all. Answer for those who would pay for it, not for yourself."),
        {
            "yes": _("Yes, all of it"),
            "partly": _("Yes, parts of it"),
            "unsure": _("Not sure"),
            "no": _("No"),
        },
    )


def _fundamentals():
    return (
        _("Fundamentals"),
        _("Which of these work today?"),
        _(
            "Tick what you could show a visitor tomorrow. Where vendors do the work, count what they do and you check."
        ),
        {
            "forecasting": _("Forecasting: staff are planned from a forecast for each part of the day"),
            "quality": _("Quality monitoring: contacts are sampled, and two reviewers score them alike"),
            "coaching": _("Coaching: every agent has regular one-to-ones, and they are written down"),
            "figures": _("Monthly figures: service, quality, satisfaction and cost, each with a target"),
        },
    )


def _owner():
    return (
        _("Leader"),
        _("Who would lead it?"),
        "",
        {
            "leader": _("One named leader, half their time or more"),
            "shared": _("Several people, beside their jobs"),
            "nobody": _("Nobody yet"),
        },
    )


def _review():
    return (
        _("Monthly review"),
        _("Do leaders look at the results every month and decide something?"),
        "",
        {"monthly": _("Yes, every month"), "sometimes": _("Now and then"), "no": _("No")},
    )


def _market():
    return (
        _("Who looks"),
        _("Who outside your company should be convinced?"),
        _("Choose those whose opinion matters most."),
        {
            "international": _("Large buyers in several countries"),
            "domestic": _("Customers or buyers in one country"),
            "public": _("A public body, or citizens"),
            "ourselves": _("Nobody: it is for ourselves"),
        },
    )


def _horizon():
    return (
        _("Date"),
        _("When would you need the certificate?"),
        "",
        {
            "one-year": _("Within 12 months"),
            "two-years": _("In 12 to 24 months"),
            "open": _("Later, or no fixed date"),
        },
    )


def _budget():
    return (
        _("Outside budget"),
        _("What could you pay others for?"),
        _("The time of your own people comes on top in any case."),
        {
            "full": _("Training, consultants and the audit"),
            "training": _("Training and the audit"),
            "unknown": _("Not settled"),
            "none": _("Nothing"),
        },
    )


def _automation():
    return (
        _("Automation"),
        _("How many contacts are finished by bots or self-service alone?"),
        _("A guess is good enough."),
        {
            "few": _("Fewer than one in ten"),
            "some": _("One in ten up to half"),
            "most": _("More than half"),
        },
    )


TEXTS = {
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
