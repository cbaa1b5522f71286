"""The fit check in words and on paper: something is said for every answer, and one page holds it all."""

import dataclasses
import hashlib
import io
import logging
import random
import re
from datetime import date
from pathlib import Path

import pytest
from pypdf import PdfReader

from assessments.report import fit, fit_advice, fit_sheet, fit_words, pdf
from assessments.report.fit_questions import questions
from assessments.rules.fit import CHOICES, MOST_ALTERNATIVES, MOST_PITFALLS, NONE, SEVERAL, read
from tests.assessments.report.test_pdf import every_font_is_inside, squeezed, structure
from tests.assessments.rules.centres import ALL_FOUR, CENTRES, answers

DAY = date(2026, 9, 30)
ADDRESS = "https://copcready.example/fit/result/?seats=500-up"
SEED = Path(__file__).resolve().parents[2] / "standards" / "seed_sentences.txt"

paper = pytest.mark.skipif(not pdf.available()[0], reason="WeasyPrint finds no Pango here")


def drawn(number, seed=7):
    """That many sets of answers, each choice as likely as the next."""
    dice = random.Random(seed)
    for _ in range(number):
        choices = {question: dice.choice(choices) for question, choices in CHOICES.items()}
        yield read(choices | {SEVERAL: [name for name in ALL_FOUR if dice.random() < 0.5]})


def texts(value):
    """Every text in a page, however deep."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from texts(inner)
    elif dataclasses.is_dataclass(value):
        yield from texts([getattr(value, field.name) for field in dataclasses.fields(value)])


# ---- words ------------------------------------------------------------------------------------------------------


def test_every_question_is_asked_with_all_its_choices():
    asked = {question.key: {key for key, _ in question.choices} for question in questions()}
    assert asked == {
        key: {*choices, NONE} if key == SEVERAL else set(choices) for key, choices in CHOICES.items()
    }
    assert all(question.asked.endswith("?") for question in questions())


def test_something_is_said_for_any_answers_and_nothing_is_left_to_fill_in():
    for found in drawn(2000):
        page = fit.page(found)
        assert len(page.rows) == len(CHOICES)
        for text in texts(page):
            assert "%" not in text or text == page.query
            assert "  " not in text
            assert "None" not in text.replace("None in place", "")


@pytest.mark.parametrize("centre", CENTRES, ids=lambda centre: centre.name)
def test_the_sentences_agree_with_the_rules(centre):
    page = fit.page(centre.answers)
    question, _, weight = centre.reason
    (row,) = [row for row in page.rows if row.question == question]
    assert row.weight == weight
    assert row.side == ("for" if weight > 0 else "against" if weight < 0 else "neither")
    assert row.sign == (f"{weight:+d}".replace("-", "−") if weight else "0")
    if centre.limit:
        assert fit_words.limit(centre.limit, centre.answers) in page.lead or centre.verdict == "fundamentals"


def test_the_lead_names_what_is_missing_and_what_to_settle_first():
    two = fit.page(answers(fundamentals=["coaching", "figures"]))
    assert two.lead.startswith("Two of four fundamentals are missing: forecasting and quality monitoring.")
    one = fit.page(answers(seats="500-up", fundamentals=["forecasting", "quality", "figures"]))
    assert "a fundamental is missing, coaching" in one.lead
    busy = fit.page(answers(seats="500-up", sites="many", owner="shared", review="sometimes"))
    assert "Settle first: who leads it, with time set aside; a review of results in every month." in busy.lead


def test_ranges_are_called_estimates_of_ours_and_prices_are_not_invented():
    assert "Our estimates, not offers." in fit_advice.estimate()
    assert "publishes no prices" in fit_advice.to_ask()
    for found in drawn(300):
        time, cost = fit.page(found).ranges
        assert " to " in time.title
        assert re.search(r"[Tt]ens|[Hh]undreds", cost.title)
        assert not re.search(r"\d", cost.title)


def test_a_pitfall_names_the_answer_that_leads_there():
    found = fit.page(answers(horizon="one-year", fundamentals=["quality"]))
    because = {pitfall.key: pitfall.because for pitfall in found.pitfalls}
    assert because["deadline"] == "Date: Within 12 months"
    assert because["fundamentals-later"] == "Fundamentals: Only quality monitoring"
    assert because["renewal"] == ""


def all_that_is_said():
    for tell in (*fit_words.REASONS.values(), *fit_advice.ALTERNATIVES.values()):
        yield from tell().values()
    for tell in fit_advice.PITFALLS.values():
        yield from tell()
    for found in drawn(400):
        yield from texts(fit.page(found))
    for question in questions():
        yield from texts(question)
    yield from (fit_advice.estimate(), fit_advice.to_ask())


def test_no_sentence_comes_from_the_page_that_started_the_project():
    known = set(SEED.read_text(encoding="utf-8").split("\n"))
    parts = {part for text in all_that_is_said() for part in re.split(r"[.?!:;–—\n]", text.lower())}
    plain = {" ".join(re.findall(r"[a-z0-9]+", part)) for part in parts}
    assert len(plain) > 250
    assert [text for text in plain if hashlib.sha256(text.encode()).hexdigest() in known] == []


def test_the_same_answers_are_the_same_address_and_the_address_is_the_answers():
    found = answers(fundamentals=["figures", "coaching"])
    assert fit.query(found) == fit.query_of(found.as_dict())
    shuffled = dict(sorted(found.as_dict().items()))  # as PostgreSQL may give it back
    assert fit.query(found) == fit.query_of(shuffled)
    assert "fundamentals=coaching&fundamentals=figures" in fit.query(found)
    assert "fundamentals=none" in fit.query(answers(fundamentals=[]))


def test_answers_to_questions_that_have_changed_have_no_verdict():
    assert fit.verdict_of(answers().as_dict()) == "Neutral"
    assert fit.verdict_of({"seats": "a few"}) is None
    assert "seats=a+few" in fit.query_of({"seats": "a few"})


# ---- paper ------------------------------------------------------------------------------------------------------


def printed(page):
    return PdfReader(io.BytesIO(fit_sheet.render(page, DAY, ADDRESS)), strict=True)


def longest(values, measure=len):
    return max(values, key=measure)


def size(text):
    return sum(map(len, texts(text)))


def everything_at_its_longest():
    """A page no answers lead to: each of its parts is the longest any answers bring. What holds it, holds them all."""
    pages = [fit.page(found) for found in drawn(3000)]
    return dataclasses.replace(
        pages[0],
        headline=longest([page.headline for page in pages], size),
        lead=longest([page.lead for page in pages]),
        badge_test=longest([page.badge_test for page in pages], size),
        rows=[
            dataclasses.replace(
                rows[0],
                told=longest([row.told for row in rows]),
                meaning=longest([row.meaning for row in rows]),
            )
            for rows in zip(*(page.rows for page in pages), strict=True)
        ],
        sum=longest([page.sum for page in pages]),
        variants=fit_advice.variants(("CSP", "VMO")),
        ranges=[
            dataclasses.replace(
                found[0],
                title=longest([each.title for each in found]),
                text=longest([each.text for each in found]),
                because=longest([each.because for each in found]),
            )
            for found in zip(*(page.ranges for page in pages), strict=True)
        ],
        pitfalls=sorted(
            (fit_advice.Text(key, *tell()) for key, tell in fit_advice.PITFALLS.items()),
            key=size,
            reverse=True,
        )[:MOST_PITFALLS],
        ways=sorted(
            (
                fit.Way(key, fit_advice.alternative_name(key), longest(tell().values()))
                for key, tell in fit_advice.ALTERNATIVES.items()
            ),
            key=size,
            reverse=True,
        )[:MOST_ALTERNATIVES],
        step=longest([page.step for page in pages], size),
    )


@paper
def test_the_longest_of_everything_at_once_is_still_one_page():
    reader = printed(everything_at_its_longest())
    assert len(reader.pages) == 1
    assert "Openthischeck" in squeezed(reader.pages[0].extract_text())


@paper
@pytest.mark.parametrize("verdict", ["fits", "neutral", "overkill", "fundamentals"])
def test_the_fullest_pages_of_each_verdict_are_one_page_and_say_it_all(verdict):
    pages = [page for page in (fit.page(found) for found in drawn(2000, seed=3)) if page.verdict == verdict]
    for page in sorted(pages, key=size, reverse=True)[:2]:
        reader = printed(page)
        (sheet,) = reader.pages
        text = squeezed(sheet.extract_text())
        parts = [page.lead, *page.headline, page.sum, *(row.meaning for row in page.rows)]
        parts += [part for each in (*page.pitfalls, *page.ways) for part in (each.text,)]
        parts += [part.text for part in page.ranges]
        assert [part for part in parts if squeezed(part) not in text] == []
        assert "notaffiliatedwith" in text


@paper
def test_the_sheet_is_tagged_titled_dated_and_leads_back(caplog):
    caplog.set_level(logging.WARNING, logger="weasyprint")
    reader = printed(fit.page(answers()))
    assert [record.getMessage() for record in caplog.records] == []
    root = reader.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert root["/Lang"] == "en-gb"
    assert b"pdfuaid:part" in root["/Metadata"].get_data()
    assert reader.metadata.title == "Fit check: is COPC for us? 2026-09-30"
    kinds = {element.get("/S") for element in structure(reader)}
    assert {"/Document", "/H1", "/H2", "/Table", "/TH", "/TD", "/L", "/Link"} <= kinds
    every_font_is_inside(reader)
    text = reader.pages[0].extract_text()
    assert "30 September 2026" in text
    links = [note.get_object()["/A"]["/URI"] for note in reader.pages[0]["/Annots"]]
    assert links == [ADDRESS]


@paper
def test_equal_answers_are_equal_bytes():
    assert fit_sheet.render(fit.page(answers()), DAY, ADDRESS) == fit_sheet.render(
        fit.page(answers()), DAY, ADDRESS
    )


def test_without_pango_a_sentence_says_so(monkeypatch):
    monkeypatch.setattr(pdf, "available", lambda: (False, "PDF is switched off."))
    with pytest.raises(pdf.Unavailable, match="PDF is switched off"):
        fit_sheet.render(fit.page(answers()), DAY, ADDRESS)
