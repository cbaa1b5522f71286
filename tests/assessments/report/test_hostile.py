"""Whatever people write, a report comes of it that holds their words and nothing else. `manage.py bench hostile` takes every
text alone, with its time and memory."""

import io
import json
import logging
import re
import resource
import socket
import sys
import unicodedata

import pytest
from django.template import engines
from pypdf import PdfReader

from assessments.management.benches.payloads import LATIN, NAME, OTHER, PAYLOADS, repeated, written
from assessments.report import pdf
from tests import factories
from tests.assessments.report.test_pdf import build, fill

pytestmark = pytest.mark.skipif(not pdf.available()[0], reason="WeasyPrint finds no Pango here")

LONG = 3000  # characters of each text here; the bench takes twenty thousand


@pytest.fixture
def large(site, alice):
    """A document with room for every text, each at a gap."""
    release = factories.small_release(items=len(PAYLOADS) // 4 + 1)
    return build(fill(factories.started(site, release, by=alice), ["0"]))


@pytest.fixture
def small(site, alice):
    release = factories.small_release(items=2, requirements=2)
    return build(fill(factories.started(site, release, by=alice), ["0"]))


@pytest.fixture(autouse=True)
def asked(monkeypatch):
    """Every address that a report asks for, and no network."""
    found = []
    make = pdf._fetcher

    def watched(*args):
        fetcher = make(*args)
        fetch = fetcher.fetch
        fetcher.fetch = lambda url, headers=None: found.append(url) or fetch(url, headers)
        return fetcher

    monkeypatch.setattr(pdf, "_fetcher", watched)
    monkeypatch.setattr(socket.socket, "connect", lambda *args: pytest.fail("the network was asked"))
    yield found
    assert set(found) <= set(pdf.packaged())


def read(found):
    reader = PdfReader(io.BytesIO(pdf.render(found)), strict=True)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    assert peak * (1 if sys.platform == "darwin" else 1024) < 1e9
    return reader


def bare(text):
    """`text` as it can be compared: composed, without spaces, hyphens and signs that are not printed."""
    composed = unicodedata.normalize("NFKC", text)
    return re.sub(r"[\s\-\u2010\u00ad\u200b-\u200f\u2060\ufeff]", "", composed)


def everything_in(reader):
    """The words of all pages between their running heads, so that a text over two pages is in one piece."""
    running = re.compile(
        r"^(Acme, Leeds.*|.*gap report, 14.*|Every answer|Req\..*|Page \d.*|Prioritised gaps.*)$"
    )
    lines = [line for page in reader.pages for line in page.extract_text().split("\n")]
    return bare("".join(line for line in lines if not running.match(line)))


def only_ours(reader):
    """No file, script, form or action but the two tables of data and the links of the contents."""
    assert sorted(reader.attachments) == ["answers.json", "gaps.csv"]
    root = reader.trailer["/Root"]
    assert {"/OpenAction", "/AA", "/AcroForm"} & set(root) == set()
    assert set(root["/Names"]) <= {"/Dests", "/EmbeddedFiles"}
    for page in reader.pages:
        assert "/AA" not in page
        for annotation in page.get("/Annots", []):
            link = annotation.get_object()
            assert link["/Subtype"] == "/Link"
            assert "/A" not in link
            assert link["/Dest"] in reader.named_destinations


def the_data_is_whole(reader, texts):
    told = json.loads(reader.attachments["answers.json"][0])
    notes = [
        answer["note"] for domain in told["domains"] for item in domain["items"] for answer in item["answers"]
    ]
    whole = [text.encode("utf-8", "backslashreplace").decode() for text in texts]
    assert set(whole) <= {note.encode("utf-8", "backslashreplace").decode() for note in notes}


# ---- in notes, wording, evidence and actions --------------------------------------------------------------------


def test_there_are_many_of_them():
    assert len(PAYLOADS) >= 46
    assert len(set(PAYLOADS.values())) == len(PAYLOADS)


def test_what_our_fonts_can_set_is_found_again_word_for_word(large):
    texts = [repeated(text, max(len(text), 400)) for text in LATIN.values()]
    reader = read(written(large, texts))
    only_ours(reader)
    the_data_is_whole(reader, texts)
    printed = everything_in(reader)
    lost = [
        name
        for name, text in zip(LATIN, texts, strict=True)
        if bare(text.split("\n")[0])[:300] not in printed
    ]
    assert lost == []


def test_any_other_sign_makes_a_whole_file(large):
    texts = [repeated(text, LONG) for text in OTHER.values()]
    reader = read(written(large, texts))
    only_ours(reader)
    the_data_is_whole(reader, texts)
    assert len(reader.pages) > 10


def test_signs_that_turn_the_direction_of_writing_are_not_printed(small):
    """Two dozen of them in one paragraph would end this process."""
    text = repeated(OTHER["directions turned round"], 700)
    assert pdf.TURNING.search(text)
    assert not pdf.TURNING.search(pdf.html(written(small, [text])))


def test_signs_that_no_font_has_do_not_bring_a_note_into_the_log(small, caplog):
    caplog.set_level(logging.WARNING, logger="weasyprint")
    read(written(small, [OTHER["ancient"]]))
    assert caplog.records == []


# ---- in names ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "name",
    [
        "script element",
        "own running words",
        "one long run",
        "document operators",
        "template variable",
        "Chinese",
        "Arabic",
        "directions turned round",
        "marks on every letter",
        "emoji",
        "zero",
        "half a sign",
        "line separators",
    ],
)
def test_a_site_may_be_called_anything(small, name):
    called = repeated(PAYLOADS[name], NAME)
    reader = read(written(small, [], name=called))
    only_ours(reader)
    told = json.loads(reader.attachments["answers.json"][0])
    assert told["site"] == told["organisation"]
    if name in LATIN:
        assert bare(called) in bare(reader.pages[0].extract_text())
        assert bare(reader.metadata.title).startswith(bare(f"Gap report: {called}"[:60]))


def test_a_page_that_forgot_to_escape_would_be_noticed(small, monkeypatch):
    found = written(small, [LATIN["closing the page"]])
    assert "<h1>Free" not in pdf.html(found)
    monkeypatch.setattr(engines["django"].engine, "autoescape", False)
    assert "<h1>Free" in pdf.html(found)
