"""Documents at the edges: nothing said or everything, the least and the most. Each makes whole pages that lack no word."""

import dataclasses
import hashlib
import io
import os
import subprocess
import sys
from datetime import timedelta
from functools import partial

import pytest
from django.conf import settings
from pypdf import PdfReader

from assessments.management.benches.payloads import action
from assessments.models import Assessment
from assessments.report import paper, pdf, plain
from assessments.report.options import LETTER, Options
from standards.models import Release
from tests.assessments.report import placed, tagged
from tests.assessments.report.test_pdf import DAY, build, fill, outline, squeezed

pytestmark = pytest.mark.skipif(not pdf.available()[0], reason="WeasyPrint finds no Pango here")

PAPERS = {
    "a4": pdf.render,
    "letter": partial(pdf.render, options=Options(paper=LETTER)),
}  # name -> what makes the file on that paper
HEADINGS = {"H1", "H2", "H3", "H4", "THead"}
LEAST = 0.25  # of the height between running head and foot
LEAST_AT_THE_END = 0.12  # two rows of the last section may be left over
MARGIN = 18  # points, a quarter of an inch, in which office printers print nothing

# name: standard, release, variant, choices in turn
CASES = {
    "nothing answered": ("copc-cx", "8.0", "CSP", [""]),
    "nothing applies": ("copc-cx", "8.0", "OSP", ["na"]),
    "everything in place": ("copc-cx", "8.0", "VMO", ["3"]),
    "nothing in place": ("copc-cx", "8.0", "CSP", ["0"]),
    "nothing known": ("copc-cx", "7.0", "OSP", ["unknown"]),
    "one gap": ("copc-cx", "6.0", None, ["0"] + ["3"] * 400),
    "topics of a standard": ("iso-18295-1", None, None, ["0", "3", "", "na"]),
    "maturity": ("maturity", None, None, ["1", "2"]),
    "access and mastery": ("access-mastery", None, None, ["1", "0", "unknown"]),
}
# Every second one on each paper, because a file takes seconds to look through; the longest on both.
PAIRS = [(case, list(PAPERS)[number % 2]) for number, case in enumerate(CASES)]
PAIRS.append(("nothing in place", "a4"))


def begun(site, by, standard, version, variant, quick=False):
    releases = Release.objects.filter(standard__key=standard)
    release = releases.get(version=version) if version else releases.first()
    variants = release.variants.filter(code=variant) if variant else release.variants.all()
    assessment, _ = Assessment.objects.start(
        site=site,
        release=release,
        variant=variants.first(),
        channels=site.channels,
        audit_month=None,
        by=by,
        quick=quick,
    )
    return assessment


@pytest.fixture
def whole(request):
    """`whole(document)`: it makes whole pages on this paper, and every word is on them."""

    def check(found):
        reader = PdfReader(io.BytesIO(PAPERS[request.param](found)), strict=True)
        pages = [list(placed.runs(page)) for page in reader.pages]
        assert nearly_empty(reader, pages) == []
        assert headings_at_the_end(reader, pages) == []
        assert beyond_the_edge(reader, pages) == []
        assert missing(reader, found) == []
        return reader

    return check


# ---- what a whole page is ---------------------------------------------------------------------------------------


def nearly_empty(reader, pages):
    """Pages filled for less than a quarter, but for the cover, for a short section that begins there and for the last."""
    begins = {
        reader.get_destination_page_number(entry)
        for entry in outline(reader)
        if entry.title[:1].isdigit() and " " in entry.title
    }
    found = []
    for number, runs in enumerate(pages):
        if number == 0 or number in begins:
            continue
        height = float(reader.pages[number].mediabox.height)
        top, bottom = 0.9 * height, 0.09 * height
        lowest = min((run.y for run in runs if run.mark is not None), default=top)
        least = LEAST_AT_THE_END if number == len(pages) - 1 else LEAST
        if (top - lowest) / (top - bottom) < least:
            found.append(number + 1)
    return found


def headings_at_the_end(reader, pages):
    """Pages whose lowest text is a heading of what follows on the next."""
    owner = {mark: each for each in tagged.tree(reader).walk() for mark in each.marks}
    found = []
    for number, runs in enumerate(pages[1:], start=1):
        lowest = min((run for run in runs if run.mark is not None), key=lambda run: run.y)
        element = owner[number, lowest.mark]
        if HEADINGS & {element.kind, *element.ancestors}:
            found.append(number + 1)
    return found


def beyond_the_edge(reader, pages):
    """(page, run) of text that a printer would cut."""
    found = []
    for number, (page, runs) in enumerate(zip(reader.pages, pages, strict=True), start=1):
        width, height = float(page.mediabox.width), float(page.mediabox.height)
        for run in runs:
            if not (MARGIN < run.left <= run.right < width - MARGIN and MARGIN < run.y < height - MARGIN):
                found.append((number, run))
    return found


def missing(reader, found):
    """Words of the document that are on no page."""
    words = tagged.words_by_mark(reader)
    body = [each for each in tagged.tree(reader).walk() if "THead" not in each.ancestors]
    order = [mark for each in body for mark in each.marks]  # a head repeated on the next page parts no note
    text = squeezed("".join(words.get(mark, "") for mark in order))
    wanted = [line for answer in found.answers for line in [answer.statement, *answer.note.split("\n")]]
    wanted += [part.answer.done_when for part in paper.cards(found)]
    wanted += [section.title for section in paper.sections(found)]
    return [line[:80] for line in wanted if squeezed(line) not in text]


def test_the_eyes_of_these_tests_are_open():
    """Canary: a page with a line at its top, a heading at its end, and a line beyond its edge."""
    made = pdf.write(
        '<html lang="en"><head><title>T</title></head><body><section class="part"><p>Cover.</p></section>'
        '<section class="part"><p>One line.</p></section>'
        '<section class="part"><p style="margin-bottom: 200mm">Words.</p><h2>Last</h2></section>'
        '<section class="part"><p style="white-space: nowrap; margin-top: 150mm">' + "wide " * 60 + "</p></section></body></html>",
        [pdf.STYLE],
    )  # fmt: skip
    reader = PdfReader(io.BytesIO(made))
    pages = [list(placed.runs(page)) for page in reader.pages]
    assert nearly_empty(reader, pages) == [2]
    assert headings_at_the_end(reader, pages) == [3]
    assert {number for number, _ in beyond_the_edge(reader, pages)} == {4}


# ---- the documents ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("case", "whole"), PAIRS, indirect=["whole"])
@pytest.mark.usefixtures("shipped")
def test_pages_are_whole_with(case, site, alice, whole):
    *which, choices = CASES[case]
    whole(build(fill(begun(site, alice, *which), choices)))


@pytest.mark.parametrize("whole", ["a4"], indirect=True)
@pytest.mark.usefixtures("shipped")
def test_pages_are_whole_with_a_quick_scan(site, alice, whole):
    whole(build(fill(begun(site, alice, "copc-cx", "8.0", "CSP", quick=True), ["0", "2", "3", "unknown"])))


@pytest.mark.parametrize("whole", ["letter"], indirect=True)
@pytest.mark.usefixtures("shipped")
def test_pages_are_whole_with_two_hundred_actions(site, alice, whole):
    found = build(fill(begun(site, alice, "copc-cx", "8.0", "CSP"), ["0", "1", "2", "3"]))
    keys = [part.answer.key for part in found.gaps]
    actions = [
        dataclasses.replace(
            action(number, f"Step {number}: name an owner, agree a date and show the first month."),
            due=DAY + timedelta(days=3 * number),
            keys=(keys[number % len(keys)],),
        )
        for number in range(1, 201)
    ]
    whole(dataclasses.replace(found, actions=tuple(actions)))


@pytest.mark.parametrize("whole", PAPERS, indirect=True)
def test_pages_are_whole_with_the_longest_names_and_notes(assessment, whole):
    fill(assessment, ["0", "1"], ["word " * 4000, ("y" * 599 + " ") * 33, "A line.\n" * 2000])
    names = dict.fromkeys(["site", "organisation"], ("Łódź and " * 14)[:120])
    whole(build(assessment, **names, prepared_by="Ž" * 79))


def test_another_process_elsewhere_makes_the_same_bytes(assessment, tmp_path):
    found = build(fill(assessment, ["0", "1", "unknown", "na"], ["A note.", "Škofja Loka"]))
    kept = tmp_path / "document.json"
    kept.write_text(plain.as_text(found), encoding="utf-8")
    script = (
        "import django, hashlib, json, sys; django.setup(); "
        "from assessments.report import document, pdf, plain; "
        "found = plain.revived(document.Document, json.load(open(sys.argv[1], encoding='utf-8'))); "
        "print(hashlib.sha256(pdf.render(found)).hexdigest())"
    )
    elsewhere = {
        "PYTHONHASHSEED": "4711",
        "TZ": "Pacific/Auckland",
        "DJANGO_SETTINGS_MODULE": "copcready.settings",
    }
    made = subprocess.run(
        [sys.executable, "-c", script, kept],
        env=os.environ | elsewhere,
        cwd=settings.BASE_DIR,
        capture_output=True,
        text=True,
        check=True,
    )
    assert made.stdout.split()[-1] == hashlib.sha256(pdf.render(found)).hexdigest()
