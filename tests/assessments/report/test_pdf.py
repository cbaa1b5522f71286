"""The PDF read back: tagged, titled, complete, closed to the outside, and the same bytes for the same document."""

import csv
import dataclasses
import io
import json
import logging
import re
import socket
from datetime import date

import pytest
from pypdf import PdfReader

from assessments.models import Assessment
from assessments.report import document, paper, pdf
from assessments.report.options import LETTER, Options
from standards.models import Release
from tests import factories

pytestmark = pytest.mark.skipif(not pdf.available()[0], reason="WeasyPrint finds no Pango here")

DAY = date(2026, 11, 14)
NAMES = "Škofja Loka – Žižkov, Kraków-Łódź Ñandú <b>O&M</b>"
NOTES = [
    "Plain prose, first line.\nSecond line: 62% of half-hours fall within 5%, target 80%.",
    "Milena Kovačević žluťoučký Łódź ŞĞİ œuvre",
    "<script>alert(1)</script> <b>O&M</b> {{ 7*7 }} {% debug %} =cmd|' /C calc'!A0",
    "<img src=http://127.0.0.1:9/x.png><link rel=attachment href=file:///etc/passwd><style>*{display:none}</style>",
    "long words follow: " + "prose of a manager who writes a lot, " * 90,
    "https://example.com/" + "x" * 3000,
]


def build(assessment, **changes):
    found = document.build(Assessment.objects.with_names().get(pk=assessment.pk), DAY, "Priya Raman")
    return dataclasses.replace(found, **changes)


def fill(assessment, choices, notes=()):
    """Give the answers these choices in turn, and these notes as long as there are any."""
    rows = list(assessment.answers.in_order())
    for n, row in enumerate(rows):
        row.choice = choices[n % len(choices)]
        row.reason = "elsewhere" if row.choice == "na" else ""
        row.reason_text = "Run by group IT in Porto." if row.reason else ""
        row.note = notes[n] if n < len(notes) else ""
        row.save()
    return assessment


def squeezed(text):
    """Text without spaces: where a line breaks is layout, not content."""
    return re.sub(r"\s+", "", text)


def words(reader):
    return squeezed("".join(page.extract_text() for page in reader.pages))


def read(found):
    return PdfReader(io.BytesIO(pdf.render(found)), strict=True)


def outline(reader):
    def flat(entries):
        for entry in entries:
            if isinstance(entry, list):
                yield from flat(entry)
            else:
                yield entry

    return list(flat(reader.outline))


def structure(reader):
    """Every element of the structure tree."""
    found, waiting = [], [reader.trailer["/Root"]["/StructTreeRoot"]]
    while waiting:
        element = waiting.pop().get_object()
        if not hasattr(element, "get"):
            continue
        found.append(element)
        kids = element.get("/K", [])
        kids = kids.get_object() if hasattr(kids, "get_object") else kids
        waiting += [kid for kid in (kids if isinstance(kids, list) else [kids]) if hasattr(kid, "get_object")]
    return found


@pytest.fixture
def uneven(site, alice):
    site.name = NAMES
    site.save()
    return fill(factories.started(site, by=alice), ["0", "1", "2", "unknown", "3", "na", "1", "0"], NOTES)


# ---- one uneven document, looked at from all sides --------------------------------------------------------------


def test_the_file_is_tagged_titled_and_complete(uneven, caplog):
    caplog.set_level(logging.WARNING, logger="weasyprint")
    found = build(uneven)
    reader = read(found)
    # The style sheet and the tags hold no mistake.
    assert [record.getMessage() for record in caplog.records] == []
    it_is_accessible(reader, found)
    it_can_be_found_one_s_way_in(reader, found)
    every_font_is_inside(reader)
    every_answer_is_there(reader, found)
    the_data_travels_inside(reader, found)


def it_is_accessible(reader, found):
    root = reader.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert root["/Lang"] == "en-gb"
    assert b"pdfuaid:part" in root["/Metadata"].get_data()
    assert reader.metadata.title == f"Gap report: {NAMES}, 2026-11-14"
    assert reader.metadata.author == "Priya Raman"
    elements = structure(reader)
    kinds = {element.get("/S") for element in elements}
    assert {"/Document", "/H1", "/H2", "/H3", "/Table", "/TH", "/TD", "/Figure", "/Link"} <= kinds
    figures = [element for element in elements if element.get("/S") == "/Figure"]
    assert len(figures) >= 2 + len(found.domains) + len(found.items) + len(paper.cards(found))
    assert all(str(figure["/Alt"]).endswith(".") for figure in figures)


def it_can_be_found_one_s_way_in(reader, found):
    entries = outline(reader)
    titles = [entry.title for entry in entries]
    for section in paper.sections(found):
        assert f"{section.number} {section.name}" in titles
    for part in paper.cards(found):
        assert f"{part.answer.code} {part.answer.short}" in titles
    pages = [squeezed(page.extract_text()) for page in reader.pages]
    for number, page in enumerate(pages[1:], start=2):
        assert f"Page{number}of{len(pages)}" in page
        assert "gapreport,14November2026" in page
    assert "Page1of" not in pages[0]
    contents = reader.pages[2].extract_text()
    for section in paper.sections(found):
        entry = next(entry for entry in entries if entry.title == f"{section.number} {section.name}")
        page = reader.get_destination_page_number(entry) + 1
        title = r"\s+".join(map(re.escape, section.title.split()))
        assert re.search(rf"{title}\s+{page}\s", contents), section.title


def every_font_is_inside(reader):
    names = set()
    for page in reader.pages:
        for font in page["/Resources"]["/Font"].values():
            (inner,) = font.get_object()["/DescendantFonts"]
            descriptor = inner.get_object()["/FontDescriptor"]
            assert "/FontFile2" in descriptor or "/FontFile3" in descriptor
            names.add(str(descriptor["/FontName"]).split("+")[-1])
    assert {name for name in names if "Source" not in name} == set()


def every_answer_is_there(reader, found):
    text = words(reader)
    for answer in found.answers:
        assert answer.code in text
        assert squeezed(answer.statement) in text
        for line in answer.note.split("\n"):
            assert squeezed(line) in text.replace("\u200b", "") or across_pages(line, reader), answer.note[
                :80
            ]
        if answer.reason:
            assert squeezed(f"{answer.reason}. {answer.reason_text}") in text
    assert "Confidentialto" in text
    assert squeezed(found.notice) in text


def across_pages(line, reader):
    """A line that runs over pages: what stands at the head and foot of each of them is between its parts."""
    body = "".join(squeezed(inner) for inner in (between(page.extract_text()) for page in reader.pages))
    return squeezed(line) in body


def between(text):
    kept = [
        row
        for row in text.split("\n")
        if not re.search(r"gap report, 14|^Every answer$|^Req\.|Page \d|^[\d ]+$|^now$|^target$", row)
    ]
    return "\n".join(row for row in kept if not row.startswith("Acme, "))


def the_data_travels_inside(reader, found):
    assert sorted(reader.attachments) == ["answers.json", "gaps.csv"]
    told = json.loads(reader.attachments["answers.json"][0])
    assert told == json.loads(pdf.answers_json(found))
    rows = list(csv.DictReader(io.StringIO(reader.attachments["gaps.csv"][0].decode("utf-8-sig"))))
    assert len(rows) == len(found.gaps)


def test_equal_documents_are_equal_bytes(uneven):
    found = build(uneven)
    assert pdf.render(found) == pdf.render(build(uneven))


def planted(
    value, keep=frozenset({"code", "item_code", "letter", "choice", "effort", "key", "kind", "country"})
):
    """`value` with live markup in front of every text people or editors write, however deep it sits."""
    if isinstance(value, str):
        return MARKUP + value
    if isinstance(value, tuple):
        return tuple(planted(inner) for inner in value)
    if dataclasses.is_dataclass(value) and type(value).__module__.endswith(
        ("report.document", "report.parts")
    ):
        names = [field.name for field in dataclasses.fields(value) if field.name not in keep]
        return dataclasses.replace(value, **{name: planted(getattr(value, name)) for name in names})
    return value


MARKUP = "<img src=x alt='y'>\"'&"


def test_no_text_becomes_markup_wherever_it_is_printed(uneven):
    made = pdf.html(planted(build(uneven)))
    assert "<img" not in made
    assert made.count("&lt;img src=x") > 100


# ---- closed to the outside --------------------------------------------------------------------------------------


def test_nothing_is_fetched_but_what_is_packaged(uneven, monkeypatch):
    asked = []
    make = pdf._fetcher

    def watched(*logo):
        fetcher = make(*logo)
        fetch = fetcher.fetch
        fetcher.fetch = lambda url, headers=None: asked.append(url) or fetch(url, headers)
        return fetcher

    monkeypatch.setattr(pdf, "_fetcher", watched)
    monkeypatch.setattr(socket.socket, "connect", lambda *args: pytest.fail("the network was asked"))
    pdf.render(build(uneven))
    assert asked
    assert set(asked) <= set(pdf.packaged())


@pytest.mark.parametrize(
    "url",
    [
        "file:///etc/passwd",
        "http://127.0.0.1:9/x.png",
        "https://example.com/x.css",
        "data:text/css,*{}",
        "ftp://example.com/x",
        pdf.BASE + "css/site.css",
        pdf.BASE + "css/report.css?x",
        pdf.BASE + "css/../../copcready/settings.py",
        pdf.BASE + "vendor/fonts/pdf/../../../../manage.py",
    ],
)
def test_the_fetcher_refuses_everything_else(url):
    with pytest.raises(ValueError, match="fetches nothing from outside"):
        pdf._fetcher().fetch(url)


def test_even_live_markup_could_bring_nothing_in():
    """What autoescape keeps out is refused once more: canary for the day a template forgets."""
    from weasyprint import HTML

    planted = (
        '<link rel="attachment" href="file:///etc/passwd"><link rel="stylesheet" href="file:///etc/passwd">'
        '<img src="file:///etc/passwd" alt="x"><a rel="attachment" href="file:///etc/passwd">x</a>'
        '<svg><image href="file:///etc/passwd"/></svg><object data="http://127.0.0.1:9/"></object>'
    )
    made = HTML(string=planted, base_url=pdf.BASE, url_fetcher=pdf._fetcher()).write_pdf()
    reader = PdfReader(io.BytesIO(made))
    assert dict(reader.attachments) == {}
    assert b"root:" not in made


# ---- odd and extreme documents ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("choices", "said"),
    [
        ([""], "Nothing is answered yet."),
        (["na"], "Nothing here applies to this site."),
        (["3"], "Ready to book the audit."),
    ],
)
def test_empty_and_full_assessments_make_a_whole_report(assessment, choices, said):
    found = build(fill(assessment, choices))
    reader = read(found)
    text = words(reader)
    assert squeezed(said) in text
    assert "Gapcards" not in text
    assert all(answer.code in text for answer in found.answers)
    assert sorted(reader.attachments) == ["answers.json", "gaps.csv"]


def test_letters_no_font_here_has_are_set_as_well_as_can_be(assessment):
    """Other scripts come from the fonts of the machine, and a bare one has none. pypdf cannot read back a page on which a
    glyph is missing, so this only prints."""
    fill(assessment, ["0"], ["🎧📞 word", "שלום مرحبا 漢字", "漢字" * 5000])
    assert read(build(assessment)).pages


def test_odd_letters_and_the_longest_notes_and_names_are_set(assessment):
    letters = "e\u0301\u0301\u0301 \u202eabc\u202c \x0b end"
    fill(assessment, ["0"], [letters, "x" * 20_000, "word " * 4000, ("y" * 599 + " ") * 33])
    found = build(assessment, site="Ł" * 120, organisation="Ó" * 120, prepared_by="Ž" * 79 + "\ud800\x00")
    reader = read(found)
    text = words(reader)
    assert text.count("x") >= 20_000
    assert text.count("y") >= 33 * 599
    assert "Ł" * 120 in text
    assert text.count("word") >= 4000
    assert all(len(page.extract_text()) > 100 for page in reader.pages)
    assert len(reader.pages) < 60


def test_without_pango_a_sentence_says_so(assessment, monkeypatch):
    monkeypatch.setattr(pdf, "available", lambda: (False, "PDF is switched off."))
    with pytest.raises(pdf.Unavailable, match="PDF is switched off"):
        pdf.render(build(assessment))


def test_a_missing_library_is_noticed_without_a_crash(monkeypatch):
    import builtins

    real = builtins.__import__

    def refuse(name, *args, **kwargs):
        if name == "weasyprint":
            raise OSError("cannot load library 'libpango-1.0-0'")
        return real(name, *args, **kwargs)

    pdf.available.cache_clear()
    monkeypatch.setattr(builtins, "__import__", refuse)
    possible, reason = pdf.available()
    pdf.available.cache_clear()
    assert not possible
    assert "Pango" in reason


# ---- the shipped release ----------------------------------------------------------------------------------------


@pytest.mark.usefixtures("shipped")
def test_the_shipped_release_makes_a_report_whose_counts_agree(site, alice):
    release = Release.objects.get(standard__key="copc-cx", version="8.0")
    for variant in release.variants.order_by("-pk"):
        assessment, _ = Assessment.objects.start(
            site=site, release=release, variant=variant, channels=site.channels, audit_month=None, by=alice
        )
        rows = list(assessment.answers.in_order())
        for n, row in enumerate(rows):
            sign = "012311223?."[n * 7 % 11]
            row.choice = {"?": "unknown", ".": ""}.get(sign, sign)
            row.carried = bool(row.choice)
        assessment.answers.bulk_update(rows, ["choice", "carried"])
        # The sentence that takes most room on a page.
        Assessment.objects.update(set_aside_at="2026-11-01T00:00Z")
        found = build(assessment)
        attached = {name: content for name, _, content in pdf.attachments(found)}
        table = list(csv.DictReader(io.StringIO(attached["gaps.csv"].decode("utf-8-sig"))))
        told = json.loads(attached["answers.json"])
        assert len(found.answers) == found.figure.asked == told["figure"]["asked"] == len(rows)
        assert len(table) == len(found.gaps) == len(told["gaps"])
    assert variant.code == "CSP"
    pages = [squeezed(page.extract_text()) for page in read(found).pages]
    text = "".join(pages)
    assert squeezed(f"{len(found.gaps)} gaps, ") in text
    assert f"of{len(rows)}requirements" in text
    assert all(squeezed(answer.statement) in text for answer in found.answers)
    assert min(map(len, pages)) > 400  # no page is nearly empty
    assert "asksofthesponsor" in pages[1]  # the answer is one page,
    letter = PdfReader(io.BytesIO(pdf.render(found, Options(paper=LETTER))))
    assert "asksofthesponsor" in squeezed(letter.pages[1].extract_text())  # on shorter paper too,
    assert "Readpage2alone" in pages[2]  # the contents the next,
    assert "Thecausesbehindmostgaps" in pages[3]  # and the themes begin
    assert "blackmarkisthetarget." in pages[4]  # and ends on one


def test_a_report_of_an_assessment_for_reading_only_says_so_on_cover_and_first_page(assessment):
    fill(assessment, ["2"])
    Assessment.objects.filter(pk=assessment.pk).update(continued_at="2026-11-01T00:00Z")
    pages = [squeezed(page.extract_text()) for page in read(build(assessment)).pages]
    said = squeezed("Continued in a newer assessment since 1 November 2026")
    assert said in pages[0]
    assert said in pages[1]
