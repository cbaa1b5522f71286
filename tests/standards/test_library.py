"""The library of metrics: how it is read, that it covers every result a standard asks for, and how it is written."""

import re
from collections import Counter
from dataclasses import FrozenInstanceError, asdict, fields

import pytest
import yaml
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from standards import library
from standards.library import LibraryMetric
from standards.models import Requirement
from tests.standards.texts import (
    FOLDERS,
    TWO_SENTENCES,
    UNWANTED,
    contains,
    entries,
    from_the_seed,
    lines,
    reading_ease,
    rows,
)

# They say how many metrics of a site are at target, improving or sustained, so no metric shows them.
SUMS_OF_METRICS = {"measures-at-target-share", "measures-improving-share", "measures-sustained-share"}
SENTENCES = ("measures", "formula", "target_hint", "pitfall")
PHRASES = ("process", "data_source", "numerator", "denominator")
# characters, from and to
LENGTHS = {
    "name": (4, 60),
    "measures": (35, 110),
    "process": (6, 30),
    "formula": (60, 140),
    "data_source": (30, 110),
    "target_hint": (80, 150),
    "pitfall": (70, 130),
}
# Flesch reading ease: of the four sentences of a metric together, and of the hardest among them.
EASE, HARDEST = 55, 20
NUMBERS = re.compile(
    r"\d|%|\bper ?cent\b|\b(two|three|four|five|six|seven|eight|nine|ten|\w+teen|(twen|thir|for|fif|six|seven|eigh|nine)ty|hundred|thousand|quarters? of)\b"
)
HOW = {"percent": "as a share of", "per-thousand": "for every thousand", "per-hundred": "for every hundred"}


def test_the_library_is_read_once_and_keeps_the_order_of_its_file():
    path = settings.BASE_DIR / "fixtures" / "metrics" / "library.yaml"
    written = yaml.safe_load(path.read_text(encoding="utf-8"))
    assert [asdict(metric) for metric in library.library()] == [
        {**row, "requirements": tuple(row["requirements"])} for row in written
    ]
    assert library.library() is library.library()


def test_a_metric_is_found_by_its_key():
    assert library.library_metric("abandon-rate").name == "Abandon rate"
    assert library.library_metric("no-such-metric") is None


def test_a_requirement_knows_the_metrics_that_show_it():
    shown = library.shown_by("speed-of-answer-result")
    assert [metric.key for metric in shown] == ["service-level", "average-speed-of-answer"]
    assert library.shown_by("measures-at-target-share") == ()


def test_nobody_can_change_a_metric_of_the_library():
    with pytest.raises(FrozenInstanceError):
        library.library()[0].name = "Another"


# ---- a broken file ----------------------------------------------------------------------------------------------


@pytest.fixture
def entry():
    """A sound entry, as a file says it."""
    return {
        "key": "on-time-share", "name": "On-time share", "measures": "How much is done in time.",
        "process": "Deferred work", "channel": "both", "kind": "service", "formula": "Done in time, of all due.",
        "numerator": "Done in time", "denominator": "Due", "unit": "percent", "direction": "higher", "every": 1,
        "sample": False, "data_source": "Case system", "target_hint": "Ask.", "pitfall": "Open items.",
        "requirements": ["on-time-result"],
    }  # fmt: skip


@pytest.fixture
def read(tmp_path):
    """What a file with these entries, or this text, is read as."""

    def read(content):
        path = tmp_path / "library.yaml"
        text = content if isinstance(content, str) else yaml.safe_dump(content, sort_keys=False)
        path.write_text(text, encoding="utf-8")
        return library.read(path)

    return read


def test_a_sound_entry_becomes_a_metric(read, entry):
    assert read([entry]) == (LibraryMetric(**{**entry, "requirements": ("on-time-result",)}),)


@pytest.mark.parametrize(
    ("field", "value", "wanted"),
    [
        ("key", "On time", "'key' has to be a slug, such as on-time-share, not 'On time'"),
        ("name", "n" * 61, "'name' has to be a text of one line and at most 60 characters"),
        ("measures", "", "'measures' has to be a text of one line"),
        ("formula", "One line.\nAnother.", "'formula' has to be a text of one line"),
        ("pitfall", 7, "'pitfall' has to be a text of one line, not 7"),
        ("channel", "phone", "'channel' has to be one of human, automated, both, not 'phone'"),
        ("kind", "speed", "'kind' has to be one of service, quality"),
        ("numerator", "n" * 61, "'numerator' has to be empty or a text of one line"),
        ("denominator", None, "'denominator' has to be empty or a text of one line"),
        ("denominator", "", "'numerator' and 'denominator' have to be both named or both empty"),
        ("unit", "%", "'unit' has to be one of percent"),
        ("unit", "count", "'numerator' has to be empty, because a count is entered as it is"),
        ("direction", "up", "'direction' has to be one of higher, lower, within, not 'up'"),
        ("every", 2, "'every' has to be one of 1, 3, 6, 12, not 2"),
        ("every", True, "'every' has to be one of 1, 3, 6, 12, not True"),
        ("sample", "no", "'sample' has to be one of True, False, not 'no'"),
        ("requirements", [], "'requirements' has to be a list of at least one requirement key"),
        ("requirements", "on-time-result", "'requirements' has to be a list"),
        ("threshold", 80, "there is no field 'threshold'"),
    ],
)
def test_a_broken_field_is_named_with_its_entry(field, value, wanted, read, entry):
    with pytest.raises(ImproperlyConfigured) as error:
        read([{**entry, "key": "sound", "name": "Sound"}, {**entry, field: value}])
    place = f"library.yaml, entry 2 ('{value if field == 'key' else 'on-time-share'}'): "
    assert str(error.value).startswith(place + wanted), error.value
    assert str(error.value).endswith(".")


@pytest.mark.parametrize("field", [field.name for field in fields(LibraryMetric)])
def test_a_missing_field_is_named(field, read, entry):
    del entry[field]
    with pytest.raises(ImproperlyConfigured, match=f"entry 1 .*: the field '{field}' is missing"):
        read([entry])


def test_a_share_needs_two_counts(read, entry):
    with pytest.raises(ImproperlyConfigured, match="'numerator' has to be named, because 'unit' is percent"):
        read([{**entry, "numerator": "", "denominator": ""}])


@pytest.mark.parametrize("field", ["key", "name"])
def test_two_metrics_with_the_same_key_or_name_are_refused(field, read, entry):
    other = {**entry, "key": "another", "name": "Another", field: entry[field]}
    with pytest.raises(ImproperlyConfigured, match=f"entry 2: '{field}' is .* as it is in entry 1 already"):
        read([entry, other])


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("- key: [", "cannot be read"),
        ("key: on-time-share", "has to hold a list of metrics"),
        ("- on-time-share", "entry 1 has to be a mapping of fields, not 'on-time-share'"),
    ],
)
def test_a_file_that_is_no_list_of_entries_gets_a_sentence(content, said, read):
    with pytest.raises(ImproperlyConfigured, match=said):
        read(content)


def test_a_file_that_is_not_there_gets_a_sentence(tmp_path):
    with pytest.raises(ImproperlyConfigured, match="cannot be read"):
        library.read(tmp_path / "library.yaml")


# ---- what it covers ---------------------------------------------------------------------------------------------


def results():
    """Requirement key -> the metrics that its releases name, in one piece, of every results requirement shipped."""
    found = {}
    for folder in FOLDERS:
        for entry in rows(folder, Requirement):
            if entry.fields.get("kind") == Requirement.RESULT:
                key = entry.fields["key"]
                found[key] = f"{found.get(key, '')}\n{entry.fields['metrics']}"
    return found


def findings(rule):
    """What `rule(metric)` finds in the library, each with the metric it is about."""
    return [f"{metric.key}: {finding}" for metric in library.library() for finding in rule(metric)]


def test_every_result_that_a_standard_asks_for_is_shown_by_a_metric():
    wanted = results().keys() - SUMS_OF_METRICS
    assert len(wanted) > 40, "found too few results requirements to say anything"
    assert [key for key in sorted(wanted) if not library.shown_by(key)] == []


def test_a_metric_shows_results_that_a_standard_asks_for():
    wanted = results().keys() - SUMS_OF_METRICS
    assert findings(lambda metric: [key for key in metric.requirements if key not in wanted]) == []


def test_a_metric_names_no_requirement_twice():
    assert findings(lambda m: [key for key, n in Counter(m.requirements).items() if n > 1]) == []


def test_a_metric_has_a_name_that_its_requirement_uses():
    """So that somebody who reads the requirement finds the metric. "by centre" may follow where the name stands alone."""
    named = results()

    def rule(metric):
        name = metric.name.lower().removesuffix(" by centre")
        texts = [named[key].lower() for key in metric.requirements]
        yield from ["no requirement of it has that name"] * (not any(name in text for text in texts))

    assert findings(rule) == []


def test_a_metric_runs_in_channels_of_its_requirements():
    channels = {"human": {}, "automated": {}}
    for folder in FOLDERS:
        for entry in entries(folder):
            for channel, found in channels.items():
                if entry.model is Requirement and entry.fields[channel]:
                    found[entry.fields["key"]] = True

    def rule(metric):
        for channel, asked in channels.items():
            if metric.channel in (channel, "both") and not any(key in asked for key in metric.requirements):
                yield f"no requirement of it is asked of {channel} channels"

    assert findings(rule) == []


def test_there_are_enough_metrics_to_pick_from_and_few_enough_to_read():
    assert 44 <= len(library.library()) <= 52


# ---- how it is written ------------------------------------------------------------------------------------------


def texts(metric):
    return [getattr(metric, name) for name in ("name", *SENTENCES, *PHRASES)]


def test_every_text_has_its_length():
    def rule(metric):
        for name, (least, most) in LENGTHS.items():
            if not least <= len(getattr(metric, name)) <= most:
                yield f"{name} has {len(getattr(metric, name))} characters, not {least} to {most}"

    assert findings(rule) == []


def test_a_sentence_of_a_metric_is_one_sentence_with_its_full_stop():
    def rule(metric):
        for text in (getattr(metric, name) for name in SENTENCES):
            if not re.fullmatch(r"[A-Z].*\.", text) or TWO_SENTENCES.search(text) or len(text.split()) > 30:
                yield text

    assert findings(rule) == []


def test_names_and_labels_begin_with_a_capital_and_have_no_full_stop():
    shape = re.compile(r"|[A-Z].*[^.]")
    assert (
        findings(
            lambda metric: [
                text
                for text in (metric.name, *(getattr(metric, name) for name in PHRASES))
                if not shape.fullmatch(text)
            ]
        )
        == []
    )


def test_what_a_metric_tells_is_said_as_what_its_reader_wants_to_know():
    assert findings(lambda m: [m.measures] * (not re.match("How |What |Which ", m.measures))) == []


def test_no_metric_uses_an_unwanted_word():
    def rule(metric):
        for text in texts(metric):
            yield from (f"{word!r} in {text}" for word in UNWANTED if contains(word, text))

    assert findings(rule) == []


def test_no_hint_at_a_target_names_a_number():
    assert findings(lambda metric: filter(NUMBERS.search, [metric.target_hint.lower()])) == []


@pytest.mark.parametrize(
    "hint", ["Aim at 80.", "Aim at ninety.", "Use three quarters of it.", "A few per cent."]
)
def test_a_number_in_a_hint_is_found(hint):
    assert NUMBERS.search(hint.lower())


def test_a_metric_reads_easily():
    def rule(metric):
        sentences = [getattr(metric, name) for name in SENTENCES]
        if reading_ease(sentences) < EASE:
            yield f"reading ease {reading_ease(sentences):.0f}"
        yield from (text for text in sentences if reading_ease([text]) < HARDEST)

    assert findings(rule) == []


def test_no_advice_stands_in_two_metrics():
    advice = Counter(
        getattr(metric, name).lower()
        for metric in library.library()
        for name in (*SENTENCES, "data_source")
        if name != "formula"
    )
    assert [text for text, count in advice.items() if count > 1] == []


def test_no_advice_repeats_a_line_of_a_requirement():
    """It stands beside the guidance of the requirement that it shows."""
    said = {
        line.lower()
        for folder in FOLDERS
        for entry in rows(folder, Requirement)
        for text in entry.fields.values()
        if isinstance(text, str)
        for line in lines(text)
    }
    assert (
        findings(lambda m: [text for text in texts(m) if text.endswith(".") and text.lower() in said]) == []
    )


def test_no_sentence_of_a_metric_comes_from_the_seed():
    assert findings(lambda metric: [hit for text in texts(metric) for hit in from_the_seed(text)]) == []


# ---- how it is worked out ---------------------------------------------------------------------------------------


def test_a_formula_says_how_the_two_counts_make_the_unit():
    def rule(metric):
        if metric.numerator and HOW.get(metric.unit, "divided by") not in metric.formula:
            yield f"{metric.unit}: {metric.formula}"

    assert findings(rule) == []


def test_a_metric_in_a_unit_of_time_counts_in_that_unit():
    def rule(metric):
        if metric.unit in ("seconds", "minutes", "hours", "days"):
            counted = metric.numerator or metric.formula
            if not counted.lower().startswith(metric.unit):
                yield f"{metric.unit}: {counted}"

    assert findings(rule) == []


def test_a_metric_with_a_mark_or_a_check_comes_from_a_sample():
    """Replies and checked units stand for more than was looked at; those who were all asked do not."""
    looked_at = re.compile(r"\b(replies|replied|answers|monitored|checked|rechecked|sampled)\b")

    def rule(metric):
        if bool(looked_at.search(metric.denominator.lower())) != metric.sample:
            yield f"sample is {metric.sample}, out of: {metric.denominator}"

    assert findings(rule) == []


# ---- what is said about it --------------------------------------------------------------------------------------


def test_the_document_about_metrics_explains_every_kind_unit_and_direction():
    said = (settings.BASE_DIR / "docs" / "metrics.md").read_text(encoding="utf-8")
    words = (*library.KINDS, *library.UNITS, *library.DIRECTIONS, *library.CHANNELS)
    assert [word for word in words if f"| {word} |" not in said] == []
    assert [field.name for field in fields(LibraryMetric) if f"`{field.name}`" not in said] == []
