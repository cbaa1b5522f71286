"""What a first visit to a page costs: everything a browser fetches for it, in bytes as they are sent."""

import gzip
import re
from functools import cache
from html import unescape
from urllib.parse import urlencode, urljoin

import pytest
from django.db.models import Count
from django.test import Client
from django.urls import reverse

from assessments.models import Assessment, Evidence, FitCheck, Metric, ReportLook, Review, Site, User, moves
from standards import browsing
from standards.models import Release
from tests import factories, printing
from tests.access_table import FIT, MATRIX
from tests.assessments.workbooks import figures
from tests.assessments.workbooks.copies import applied, begun
from tests.uploads import picture
from tests.walk import ours

SIGNED_IN_AS = "demo@copcready.example"
FIRST_LOAD = 200_000
NEXT_PAGE = 30_000
LISTS = {"gaps": 36_000}  # every gap with what it takes: 121 rows at the bank, 0.3 kB each
# What answers a script or a machine, sends elsewhere or is a file to keep; and those that hold a whole release or a whole report.
NO_PAGES = {
    "second-factor-done",
    "health",
    "ready",
    "news",
    "favicon",
    "assessment-continue",
    "calendar-feed",
    "invitation",
    "robots",
    "security-txt",
    "admin-view-on-site",
} | {
    "fit-pdf",
    "evidence-file",
    "activity-csv",
    "gaps-csv",
    "answers-json",
    "report-docx",
    "report-xlsx",
    "report",
    "report-file",
    "workbook-file",
    "readings-template",
    "milestone-report",
    "milestone-document",
    "shared",  # weighed below, with a token that is good
    "shared-report",
    "shared-document",
}
WHOLE = {"release", "release-print", "release-changes", "crosswalk", "report-page"}
SHIPPED = {
    "small": "copc-cx",
    "2.0": "8.0",
    "1.0": "6.0",
}  # what the table of addresses names -> what the demo has
HEADERS = 800  # of one response: what Chromium counts on top of its content, rounded up
TOKENS = "/static/css/tokens.css"
IMPORT = re.compile(r'^import .*?"(\./.+?)";$', re.MULTILINE)


def sent(client, address):
    """(bytes that went over the line, what they say)"""
    response = client.get(address, headers={"accept-encoding": "gzip"})
    assert response.status_code == 200, address
    content = b"".join(response)
    text = gzip.decompress(content) if response.get("Content-Encoding") == "gzip" else content
    return HEADERS + len(content), text.decode("utf-8", "replace")


@cache
def static(address):
    return sent(Client(), address)


def visit(client, address):
    """Address -> bytes of everything fetched by a browser that keeps nothing from before: what the page names and the
    scripts of these, and the fonts that have its letters."""
    weight, page = sent(client, address)
    weights, waiting = {address: weight}, [*re.findall(r'(?:href|src)="(/static/[^"]+)"', page), *fonts(page)]
    for name in waiting:  # it grows
        if name not in weights:
            weights[name], text = static(name)
            waiting += [urljoin(name, other) for other in re.findall(IMPORT, text)]
    return weights


def fonts(page):
    """The files of both families, wherever on the page a letter stands. Of two faces with a letter the later one counts."""
    faces = re.findall(r'url\("([^"]+)"\).*?unicode-range: (.*?);', static(TOKENS)[1], re.DOTALL)
    for family in ("sans", "serif"):
        left = {ord(letter) for letter in unescape(page) if letter.isprintable()}
        for file, ranges in reversed([face for face in faces if f"-{family}-" in face[0]]):
            used = {letter for letter in left if named(letter, ranges)}
            left -= used
            if used:
                yield urljoin(TOKENS, file)


def named(letter, ranges):
    bounds = (each.removeprefix("U+").split("-") for each in ranges.split(", "))
    return any(int(each[0], 16) <= letter <= int(each[-1], 16) for each in bounds)


def too_heavy(client, addresses):
    weights = {address: sum(visit(client, address).values()) for address in addresses}
    return {address: weight for address, weight in weights.items() if weight > FIRST_LOAD}


@pytest.fixture
def member(built, sign_in):
    return sign_in(User.objects.get(email=SIGNED_IN_AS))


@pytest.fixture
def assessment(member):
    return Assessment.objects.get(site__name="Leeds customer centre", release__version="8.0")


def public():
    releases = [(each.standard.key, each.version) for each in Release.objects.select_related("standard")]
    return [
        *map(reverse, ("account_login", "fit", "standards", "crosswalk")),
        *(reverse(name, args=args) for name in ("release", "release-print") for args in releases),
        reverse("release-changes", args=["copc-cx", "8.0", "6.0"]),
        *(reverse("release", args=["copc-cx", "8.0"]) + query for query in ("?q=the", "?q=a", "?quick=1")),
    ]


def test_a_first_visit_of_a_stranger_weighs_at_most_200_kb(built, client):
    assert len(public()) > 20
    assert too_heavy(client, public()) == {}


@pytest.fixture
def rows(member, assessment):
    """The rows of the demo that addresses name: among several of a kind, one that makes its page long."""
    by, answers = assessment.started_by, assessment.answers
    undecided = Review.objects.undecided().filter(assessment=assessment)
    before = Assessment.objects.with_names().get(site__name="Covilhã")
    complete = Assessment.objects.get(site__name="Braga")
    complete.answers.update(choice="3", reason="", reason_text="")
    ReportLook.objects.create(organisation=assessment.site.organisation, logo=picture())
    FitCheck.objects.create(assessment=assessment, answers=FIT | {"fundamentals": []})
    keys = answers.values_list("requirement__key", flat=True)
    metric = Metric.objects.get(site=assessment.site, name="Calls answered in 30 seconds")
    months = ",".join(f"{year}-{month:02}" for year in (2024, 2025) for month in range(1, 13))
    lines = (
        f"{metric.name}: {label}{count * 24}\n"
        for label, count in ((metric.numerator, ",48000"), (metric.denominator, ",60000"))
    )
    return {
        "metric": metric,
        "member": assessment.site.organisation.memberships.exclude(user__email=SIGNED_IN_AS).first(),
        "milestone": factories.frozen(assessment, by=by),
        "printed": printing.job(assessment, "done"),
        "followed": answers.exclude(shown=None).first(),
        "figures_dry_run": figures.begun(assessment.site, by, f"Metric,{months}\n{''.join(lines)}"),
        "organisation": assessment.site.organisation,
        "site": assessment.site,
        "assessment": assessment,
        "complete": complete,
        "older": factories.started(
            factories.SiteFactory(organisation=before.site.organisation), before.release, by
        ),
        "moved": moves.move(before, Release.objects.get(standard__key="copc-cx", version="8.0"), by=by),
        "action": assessment.actions.annotate(size=Count("answers")).order_by("-size").first(),
        "evidence": Evidence.objects.in_force().filter(answer__assessment=assessment).first(),
        "answer": answers.annotate(saves=Count("revisions")).order_by("-saves").first(),
        "review": undecided.annotate(size=Count("item__requirements")).order_by("-size").first(),
        "applied": applied(assessment, by, {key: {"note": "At home"} for key in keys}),
        "dry_run": begun(assessment, by, {key: {"level": "1", "note": "Not any more"} for key in keys}),
    }


def pages(rows, matrix=MATRIX):
    """Name -> address of every page of the URL map that an owner may look at, with the rows of the demo in it."""
    keys = {name: row.pk for name, row in rows.items()}
    found = {}
    for name in ours():
        route = matrix[name]
        if "owner" in route.get and name not in NO_PAGES:
            kwargs = {key: SHIPPED.get(value, value).format(**keys) for key, value in route.kwargs.items()}
            of = "older" if name == "assessment-move" else route.of
            kwargs |= {"pk": keys[of]} if of else {}
            answers = f"?{urlencode(FIT, doseq=True)}" if name in ("fit-result", "fit-attach") else ""
            found[name] = reverse(name, kwargs=kwargs) + answers
    return found


def test_a_first_visit_of_a_member_to_any_page_weighs_at_most_200_kb(member, rows, assessment):
    addresses = [
        *pages(rows).values(),
        reverse("release", args=["maturity", "1"]),
        reverse("workbook-import", args=[assessment.pk, rows["applied"].pk]),
        *(reverse("grid", args=[assessment.pk, code]) for code in ("LP", "PE", "PF")),
    ]
    assert too_heavy(member, addresses) == {}


def test_a_first_visit_by_a_link_weighs_at_most_200_kb(rows):
    _link, text = factories.shared(rows["milestone"])
    assert too_heavy(Client(), [reverse("shared", args=[text])]) == {}


def test_each_further_page_weighs_at_most_30_kb(member, rows):
    addresses = {name: at for name, at in pages(rows).items() if name not in WHOLE}
    weights = {name: sent(member, address)[0] for name, address in addresses.items()}
    assert {name: weight for name, weight in weights.items() if weight > LISTS.get(name, NEXT_PAGE)} == {}


def test_a_page_that_nobody_declared_stops_the_weighing(rows):
    declared = {name: route for name, route in MATRIX.items() if name != "reviews"}
    with pytest.raises(KeyError, match="reviews"):
        pages(rows, declared)


def test_a_first_item_weighs_at_most_200_kb_and_each_further_one_30(member, assessment):
    codes = dict.fromkeys(answer.requirement.item.code for answer in assessment.sheet())
    items = [reverse("item", args=[assessment.pk, code]) for code in codes]
    assert len(items) > 30
    assert too_heavy(member, items[:3]) == {}
    assert max(sent(member, item)[0] for item in items) < NEXT_PAGE  # all else is kept from the first


def test_letters_beyond_latin_and_scripts_that_scripts_load_are_counted(member, assessment):
    fetched = visit(member, reverse("site", args=[Site.objects.get(name="Gdańsk").pk]))
    assert sum("latin-europe" in address for address in fetched) == 2
    assert not any("latin-ext" in address for address in fetched)
    assert "/static/js/key-list.js" in visit(member, reverse("item", args=[assessment.pk, "PR1"]))


def test_a_page_with_every_text_of_a_release_would_be_found_too_heavy(built, client, monkeypatch):
    address = reverse("release", args=["copc-cx", "8.0"])
    monkeypatch.setattr(browsing, "WHOLE", 1000)
    assert too_heavy(client, [address]).keys() == {address}
