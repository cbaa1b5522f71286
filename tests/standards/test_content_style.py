"""How the shipped texts are written, release by release. Text that a release takes over is checked where it stands."""

import re
from collections import Counter, defaultdict

from standards.models import Requirement
from tests.standards.texts import (
    FOLDERS,
    ONE_LINE,
    REASONS,
    TWO_SENTENCES,
    UNWANTED,
    code_of,
    contains,
    entries,
    every_release,
    findings,
    from_the_seed,
    lines,
    own,
    reading_ease,
    rows,
    sentences,
    texts,
    written,
)

# characters, from and to
LENGTHS = {
    "statement": (25, 80),
    "short": (4, 26),
    "scope": (20, 130),
    "level_0": (25, 125),
    "level_1": (25, 125),
    "level_2": (25, 125),
    "level_3": (25, 125),
    "why": (40, 160),
    "first_step": (40, 160),
}
# How many lines of its own a text has; one sentence, thing or question a line.
LINES = {"guidance": (3, 4), "evidence": (2, 4), "prompts": (2, 3)}
YES_OR_NO = re.compile(
    r"[^:]*: (Do|Does|Did|Is|Are|Was|Were|Has|Have|Had|Can|Could|Will|Would|May|Should|Must)\b"
)
# Flesch reading ease: of a requirement as a whole, and of the hardest sentence in it.
EASE, HARDEST = 55, 0


# ---- shape -------------------------------------------------------------------------------------------------------


@every_release
def test_every_text_has_its_length(folder):
    def rule(fields):
        for name, (least, most) in LENGTHS.items():
            if not least <= len(fields.get(name, "")) <= most:
                yield f"{name} has {len(fields.get(name, ''))} characters, not {least} to {most}"

    assert findings(folder, rule) == []


@every_release
def test_every_requirement_has_guidance_evidence_and_prompts(folder):
    def rule(fields):
        for name, (least, most) in LINES.items():
            if not least <= len(lines(fields.get(name, ""))) <= most:
                yield f"{name} has {len(lines(fields.get(name, '')))} lines, not {least} to {most}"

    assert findings(folder, rule) == []


@every_release
def test_a_statement_is_a_claim_without_a_full_stop(folder):
    assert findings(folder, lambda f: [f["statement"]] * f["statement"].endswith((".", "?"))) == []


@every_release
def test_a_sentence_is_one_line_with_its_full_stop(folder):
    def rule(fields):
        for name in (*ONE_LINE, *(name for name in REASONS if fields.get(name))):
            if "\n" in fields[name] or not fields[name].endswith("."):
                yield f"{name}: {fields[name]}"

    assert findings(folder, rule) == []


@every_release
def test_a_line_is_one_sentence(folder):
    assert findings(folder, lambda fields: filter(TWO_SENTENCES.search, texts(fields))) == []


@every_release
def test_guidance_is_sentences_of_8_to_35_words(folder):
    def rule(fields):
        for line in lines(fields["guidance"]):
            if not line.endswith((".", "?")) or not 8 <= len(line.split()) <= 35:
                yield line

    assert findings(folder, rule) == []


@every_release
def test_evidence_is_a_thing_without_a_full_stop(folder):
    assert (
        findings(folder, lambda f: [line for line in lines(f["evidence"]) if line.endswith((".", "?"))]) == []
    )


@every_release
def test_a_prompt_is_a_role_and_a_question(folder):
    shape = re.compile(r"[A-Z][A-Za-z -]{2,32}: .*\?")
    assert (
        findings(folder, lambda f: [line for line in lines(f["prompts"]) if not shape.fullmatch(line)]) == []
    )


@every_release
def test_no_text_asks_two_questions(folder):
    assert findings(folder, lambda fields: [text for text in texts(fields) if text.count("?") > 1]) == []


@every_release
def test_no_prompt_can_be_answered_with_yes(folder):
    assert findings(folder, lambda fields: filter(YES_OR_NO.match, lines(fields["prompts"]))) == []


@every_release
def test_a_results_requirement_says_which_metrics_show_it(folder):
    shape = re.compile(r"[A-Z][^:]{3,60}: \S.{15,}")

    def rule(fields):
        metrics = lines(fields.get("metrics", ""))
        if fields.get("kind") != Requirement.RESULT:
            yield from ["it is no result, but has metrics"] * bool(metrics)
        elif not 1 <= len(metrics) <= 3:
            yield f"{len(metrics)} metrics, not 1 to 3"
        yield from (line for line in metrics if not shape.fullmatch(line))

    assert findings(folder, rule) == []


# ---- words -------------------------------------------------------------------------------------------------------


@every_release
def test_no_text_uses_an_unwanted_word(folder):
    def rule(fields):
        for text in (*texts(fields), fields["short"], *lines(fields.get("metrics", ""))):
            yield from (f"{word!r} in {text}" for word in UNWANTED if contains(word, text))

    assert findings(folder, rule) == []


@every_release
def test_no_text_is_longer_than_35_words(folder):
    assert findings(folder, lambda fields: [text for text in texts(fields) if len(text.split()) > 35]) == []


@every_release
def test_a_requirement_reads_easily(folder):
    found = {code: round(reading_ease(sentences(fields))) for code, fields in written(folder)}
    assert {code: ease for code, ease in found.items() if ease < EASE} == {}


@every_release
def test_no_single_sentence_is_hard_to_read(folder):
    assert findings(folder, lambda f: [text for text in sentences(f) if reading_ease([text]) < HARDEST]) == []


def test_reading_ease_tells_plain_from_official_english():
    plain = "Each manager can name the goals of the plan they answer for."
    official = "Utilisation of applicable documentation is evaluated periodically by the responsible organisational unit."
    assert reading_ease([plain]) > 75
    assert reading_ease([official]) < HARDEST


# ---- nothing twice, nothing from elsewhere -----------------------------------------------------------------------


def test_no_text_stands_in_two_places():
    """Over all releases of all standards: a release that says the same takes it over with `like`."""
    places = defaultdict(list)
    for folder in FOLDERS:
        for entry in rows(folder, Requirement):
            for text in texts(own(entry)):
                places[text.lower()].append(f"{' '.join(entry.key[:2])} {code_of(entry)}")
    assert {text: codes for text, codes in places.items() if len(codes) > 1} == {}


@every_release
def test_no_two_requirements_have_the_same_short_name(folder):
    names = Counter(entry.fields["short"].lower() for entry in rows(folder, Requirement))
    assert [name for name, count in names.items() if count > 1] == []


@every_release
def test_no_sentence_comes_from_the_seed(folder):
    found = [
        f"{entry}: {sentence}"
        for entry in entries(folder)
        for text in own(entry).values()
        if isinstance(text, str)
        for sentence in from_the_seed(text)
    ]
    assert found == []
