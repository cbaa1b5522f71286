"""What a first visit to a page costs: everything a browser fetches for it, in bytes as they are sent."""

import gzip
import re
from functools import cache
from html import unescape
from urllib.parse import urljoin

import pytest
from django.test import Client
from django.urls import reverse

from assessments.models import Assessment, Site, User
from standards import browsing
from standards.models import Release

FIRST_LOAD = 200_000
NEXT_ITEM = 30_000
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
    return sign_in(User.objects.get(email="demo@copcready.example"))


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


def test_a_first_visit_of_a_member_weighs_at_most_200_kb(member, assessment):
    names = ("assessment", "results", "gaps", "method", "assessment-crosswalk")
    site = Site.objects.get(name="Gdańsk")
    addresses = [
        *map(reverse, ("home", "help", "fit", "standards")),
        *(reverse("release", args=each) for each in (["copc-cx", "8.0"], ["maturity", "1"])),
        *(reverse(name, args=[assessment.pk]) for name in names),
        *(reverse("grid", args=[assessment.pk, code]) for code in ("LP", "PR", "PE", "PF")),
        *(reverse(name, args=[site.pk]) for name in ("site", "site-edit", "assessment-add")),
    ]
    assert too_heavy(member, addresses) == {}


def test_a_first_item_weighs_at_most_200_kb_and_each_further_one_30(member, assessment):
    codes = dict.fromkeys(answer.requirement.item.code for answer in assessment.sheet())
    items = [reverse("item", args=[assessment.pk, code]) for code in codes]
    assert len(items) > 30
    assert too_heavy(member, items[:3]) == {}
    assert max(sent(member, item)[0] for item in items) < NEXT_ITEM  # all else is kept from the first


def test_letters_beyond_latin_and_scripts_that_scripts_load_are_counted(member, assessment):
    fetched = visit(member, reverse("site", args=[Site.objects.get(name="Gdańsk").pk]))
    assert sum("latin-europe" in address for address in fetched) == 2
    assert not any("latin-ext" in address for address in fetched)
    assert "/static/js/key-list.js" in visit(member, reverse("item", args=[assessment.pk, "PR1"]))


def test_a_page_with_every_text_of_a_release_would_be_found_too_heavy(built, client, monkeypatch):
    address = reverse("release", args=["copc-cx", "8.0"])
    monkeypatch.setattr(browsing, "WHOLE", 1000)
    assert too_heavy(client, [address]).keys() == {address}
