"""Described centres, and what an honest adviser would tell each of them about COPC."""

from dataclasses import dataclass

from assessments.rules.fit import CHOICES, SEVERAL, read

ALL_FOUR = CHOICES[SEVERAL]
# A middling centre with everything in order; a description says where its own differs.
PLAIN = {
    "operation": "in-house",
    "seats": "150-499",
    "sites": "one",
    "why": "results",
    "badge": "yes",
    "fundamentals": ALL_FOUR,
    "owner": "leader",
    "review": "monthly",
    "market": "domestic",
    "horizon": "open",
    "budget": "training",
    "automation": "few",
}


def answers(**differences):
    return read(PLAIN | differences)


@dataclass(frozen=True)
class Centre:
    """`reason` is (question, key, weight) that has to be among those given; `limit` one that has to hold it back."""

    name: str
    answers: object
    verdict: str
    variants: tuple
    reason: tuple
    limit: str = ""


def centre(name, verdict, variants, reason, limit="", **differences):
    return Centre(name, answers(**differences), verdict, tuple(variants.split()), reason, limit)


CENTRES = [
    centre(
        "global outsourcer with eight sites whose clients name COPC in their tenders",
        "fits",
        "OSP",
        ("why", "demand", 2),
        operation="clients",
        seats="500-up",
        sites="many",
        why="demand",
        market="international",
        horizon="two-years",
        budget="full",
        automation="some",
    ),
    centre(
        "bank with 700 seats whose three sites work in three ways",
        "fits",
        "CSP",
        ("why", "consistency", 2),
        seats="500-up",
        sites="few",
        why="consistency",
    ),
    centre(
        "insurer that oversees six vendors and wants one method for all of them",
        "fits",
        "VMO",
        ("market", "ourselves", -1),
        operation="vendors",
        seats="500-up",
        sites="many",
        why="consistency",
        market="ourselves",
        budget="full",
    ),
    centre(
        "airline with its own centre and two vendors, leaders busy but willing",
        "fits",
        "CSP VMO",
        ("owner", "shared", -1),
        operation="both",
        seats="500-up",
        sites="few",
        owner="shared",
        market="international",
        horizon="two-years",
    ),
    centre(
        "energy retailer with 250 seats whose sponsor needs outside proof before investing",
        "fits",
        "CSP",
        ("why", "proof", 1),
        why="proof",
    ),
    centre(
        "well-run utility with 30 seats",
        "overkill",
        "CSP",
        ("seats", "under-50", -2),
        limit="small",
        seats="under-50",
        owner="shared",
        budget="none",
    ),
    centre(
        "outsourcer with 40 seats whose one international client asks for it",
        "neutral",
        "OSP",
        ("why", "demand", 2),
        limit="seats",
        operation="clients",
        seats="under-50",
        why="demand",
        badge="partly",
        market="international",
        horizon="two-years",
    ),
    centre(
        "city council with 120 seats that wants to serve citizens better",
        "neutral",
        "CSP",
        ("market", "public", 0),
        limit="public",
        seats="50-149",
        market="public",
        owner="shared",
    ),
    centre(
        "telecom operator whose board wants the badge and nothing else",
        "overkill",
        "CSP",
        ("why", "image", -2),
        limit="image",
        seats="500-up",
        sites="few",
        why="image",
        badge="no",
    ),
    centre(
        "retailer with 200 seats, no interval forecast and no calibrated monitoring",
        "fundamentals",
        "CSP",
        ("fundamentals", "more-missing", -2),
        limit="fundamentals",
        fundamentals=["coaching", "figures"],
    ),
    centre(
        "outsourcer with a tender in hand and three of four fundamentals missing",
        "fundamentals",
        "OSP",
        ("why", "demand", 2),
        limit="fundamentals",
        operation="clients",
        why="demand",
        market="international",
        fundamentals=["figures"],
    ),
    centre(
        "outsourcer with a tender in hand and no coaching",
        "neutral",
        "OSP",
        ("fundamentals", "one-missing", -1),
        limit="fundamentals",
        operation="clients",
        sites="few",
        why="demand",
        market="international",
        fundamentals=["forecasting", "quality", "figures"],
    ),
    centre(
        "shop with 60 seats that does not know why, and whom nobody leads",
        "overkill",
        "CSP",
        ("owner", "nobody", -2),
        limit="points-against",
        seats="50-149",
        why="unsure",
        badge="unsure",
        fundamentals=["quality", "coaching", "figures"],
        owner="nobody",
        review="no",
        budget="none",
    ),
    centre(
        "lender whose regulator expects some standard",
        "neutral",
        "CSP",
        ("why", "regulator", -1),
        limit="regulator",
        why="regulator",
        badge="partly",
        horizon="two-years",
    ),
    centre(
        "young insurer with 80 seats and mostly bots",
        "neutral",
        "CSP",
        ("automation", "most", 0),
        limit="nothing-calls",
        seats="50-149",
        automation="most",
    ),
    centre(
        "outsourcer that needs the certificate in nine months",
        "neutral",
        "OSP",
        ("horizon", "one-year", -1),
        limit="horizon",
        operation="clients",
        seats="500-up",
        sites="few",
        why="demand",
        market="international",
        horizon="one-year",
        budget="full",
    ),
    centre(
        "start-up with 15 seats that liked the logo",
        "fundamentals",
        "CSP",
        ("seats", "under-50", -2),
        limit="fundamentals",
        seats="under-50",
        why="image",
        badge="unsure",
        fundamentals=[],
        owner="nobody",
        review="no",
    ),
    centre(
        "multinational with everything in order and no money for training or audit",
        "neutral",
        "CSP",
        ("budget", "none", -1),
        limit="budget",
        seats="500-up",
        sites="many",
        market="international",
        budget="none",
    ),
    centre(
        "large group where nobody can say what it is for",
        "neutral",
        "CSP",
        ("why", "unsure", -1),
        limit="aim",
        seats="500-up",
        sites="many",
        why="unsure",
        market="international",
        budget="full",
    ),
    centre(
        "solid centre of 200 seats in one country",
        "neutral",
        "CSP",
        ("badge", "yes", 2),
        limit="nothing-calls",
    ),
]
