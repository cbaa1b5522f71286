"""What the files of every shipped release say, as the tests of their content read it."""

import hashlib
import re
from functools import cache
from pathlib import Path

import pytest
import yaml
from django.conf import settings

from standards import shipped
from standards.models import Requirement, Variant

FOLDERS = shipped.folders([settings.BASE_DIR / "fixtures"])
ONE_LINE = ("scope", "level_0", "level_1", "level_2", "level_3", "why", "first_step")
LINES = ("guidance", "evidence", "prompts")
REASONS = ("critical_reason", "fundamental_reason")
TEXTS = {"statement", "short", "metrics", *REASONS, *ONE_LINE, *LINES}

SEED = set(Path(__file__).with_name("seed_sentences.txt").read_text(encoding="utf-8").split("\n"))
UNWANTED = [
    *("etc", "and/or", "e.g", "i.e", "copc", "as appropriate", "where relevant", "robust", "leverage"),
    *("world-class", "stakeholder", "holistic", "ensure that", "—", "!", '"', "“", "”"),
]
TWO_SENTENCES = re.compile(r"[.?!] +[A-Z]")

every_release = pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: "/".join(folder.parts[-2:]))


@cache
def entries(folder):
    return shipped.read(folder)


@cache
def rows(folder, model):
    return [entry for entry in entries(folder) if entry.model is model]


@cache
def _written(path):
    return yaml.load(path.read_text(encoding="utf-8"), yaml.CSafeLoader)


def own(entry):
    """The fields that stand in the file itself; the rest comes from the entry named by `like`."""
    return _written(entry.path)[entry.number - 1]["fields"]


def code_of(entry):
    return f"{entry.fields['item'][2]}{entry.fields['letter']}"


def written(folder):
    """(code, fields) of the requirements that have text of their own here. Inherited text is read where it stands."""
    return [(code_of(entry), entry.fields) for entry in rows(folder, Requirement) if TEXTS & set(own(entry))]


def findings(folder, rule):
    """What `rule(fields)` finds in the requirements written here, each with the code it is about."""
    return [f"{code}: {finding}" for code, fields in written(folder) for finding in rule(fields)]


def variants(folder):
    return [entry.fields["code"] for entry in rows(folder, Variant)]


def asked_of(fields):
    return [variant[2] for variant in fields["variants"]]


def lines(text):
    return text.strip("\n").split("\n") if text else []


def sentences(fields):
    """Every text of a requirement that is a whole sentence."""
    found = [fields.get(name, "") for name in (*ONE_LINE, *REASONS)]
    return [text for text in (*found, *lines(fields.get("guidance", ""))) if text]


def texts(fields):
    """Every sentence, thing and question of a requirement."""
    parts = [fields["statement"]] if "statement" in fields else []
    parts += sentences(fields)
    return parts + [line for name in ("evidence", "prompts") for line in lines(fields.get(name, ""))]


# ---- words -------------------------------------------------------------------------------------------------------


def contains(word, text):
    edge = r"(?<![a-z])" if word[0].isalpha() else ""
    end = r"(?![a-z])" if word[-1].isalpha() else ""
    return re.search(edge + re.escape(word) + end, text.lower())


def from_the_seed(text):
    """The sentences of `text` that the seed has word for word."""
    for part in re.split(r"[.?!:;\n—]+", text.lower()):
        words = " ".join(re.findall("[a-z0-9]+", part))
        if hashlib.sha256(words.encode()).hexdigest() in SEED:
            yield words


# ---- reading ease ------------------------------------------------------------------------------------------------


def syllables(word):
    """Near enough: groups of vowels, less those that are not heard at the end of a word."""
    word = re.sub("[^a-z]", "", word.lower())
    count = len(re.findall("[aeiouy]+", word))
    if re.search("[^l]e$|[^td]ed$|[^sxzhcg]es$", word):
        count -= 1
    return max(count, 1)


def reading_ease(sentences):
    """Flesch's formula: about 60 is plain English, below 30 is read by people who have to."""
    words = [word for sentence in sentences for word in re.findall(r"[A-Za-z']+|\d+", sentence)]
    return 206.835 - 1.015 * len(words) / len(sentences) - 84.6 * sum(map(syllables, words)) / len(words)
