"""The shipped question set: how its texts are written, and that the database asks exactly what the files say."""

import re
from collections import Counter, defaultdict
from functools import cache
from io import StringIO

import pytest
import yaml
from django.conf import settings
from django.core.management import call_command

from standards import shipped
from standards.models import Domain, Item, Release, Requirement, Variant, Wording

FOLDER = settings.BASE_DIR / "fixtures" / "standards" / "copc-cx" / "8-0"
RELEASE = ["copc-cx", "8.0"]
VARIANTS = ("CSP", "OSP", "VMO")
ONE_LINE = ("scope", "level_0", "level_1", "level_2", "level_3", "why", "first_step")
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
UNWANTED = [
    *("etc", "and/or", "e.g", "i.e", "copc", "as appropriate", "where relevant", "robust", "leverage"),
    *("world-class", "stakeholder", "holistic", "ensure that", "—", "!", '"', "“", "”"),
]
# Forecasting, quality monitoring and coaching, and a vendor office's oversight of them.
FUNDAMENTAL = {"PR5", "PR6", "PE4", "VM10"}


@cache
def entries():
    return shipped.read(FOLDER)


@cache
def rows(model):
    return [entry for entry in entries() if entry.model is model]


def requirements():
    return [
        (f"{entry.fields['item'][2]}{entry.fields['letter']}", entry.fields) for entry in rows(Requirement)
    ]


def lines(text):
    return text.strip("\n").split("\n")


def texts(fields):
    """Every sentence, thing and question of a requirement."""
    yield fields["statement"]
    yield from (fields[name] for name in ONE_LINE)
    for name in LINES:
        yield from lines(fields[name])
    if fields["critical_reason"]:
        yield fields["critical_reason"]


def each(rule):
    """The findings of `rule(fields)` over all requirements, each with the code it is about."""
    return [f"{code}: {finding}" for code, fields in requirements() for finding in rule(fields)]


def contains(word, text):
    edge = r"(?<![a-z])" if word[0].isalpha() else ""
    end = r"(?![a-z])" if word[-1].isalpha() else ""
    return re.search(edge + re.escape(word) + end, text.lower())


# The files


def test_codes_and_versions_are_quoted_in_the_files():
    loose = re.compile(r"^ +(code|version|number): *[^\"'\s].*[0-9].*$|\[copc-cx, 8\.0", re.MULTILINE)
    found = {path.name: loose.search(path.read_text()) for path in FOLDER.glob("*.yaml")}
    assert {name: hit[0] for name, hit in found.items() if hit} == {}


def test_no_folder_name_has_a_dot():
    assert not [path for path in FOLDER.parents[1].rglob("*") if path.is_dir() and "." in path.name]


def test_keys_are_unique_slugs_that_name_the_thing():
    keys = Counter(fields["key"] for _, fields in requirements())
    assert [key for key, count in keys.items() if count > 1] == []
    assert [key for key in keys if not re.fullmatch(r"[a-z][a-z0-9-]{7,39}", key)] == []


def test_letters_and_positions_run_a_b_c_in_every_item():
    places = defaultdict(list)
    for entry in rows(Requirement):
        places[entry.fields["item"][2]].append((entry.fields["letter"], entry.fields["position"]))
    wrong = {
        item: found
        for item, found in places.items()
        if found != [(chr(97 + n), n + 1) for n in range(len(found))]
    }
    assert wrong == {}


def test_letters_run_without_a_gap_for_every_variant():
    """Requirements that only some variants are asked stand last in their item."""
    gaps = []
    for variant in VARIANTS:
        asked = defaultdict(list)
        for entry in rows(Requirement):
            if [*RELEASE, variant] in entry.fields["variants"]:
                asked[entry.fields["item"][2]].append(entry.fields["position"])
        gaps += [
            f"{item} for {variant}: {found}"
            for item, found in asked.items()
            if found != [*range(1, len(found) + 1)]
        ]
    assert gaps == []


def test_items_have_codes_of_their_domain_and_unique_positions():
    codes = [(entry.fields["code"], entry.fields["domain"][2]) for entry in rows(Item)]
    positions = Counter(entry.fields["position"] for entry in rows(Item))
    assert [code for code, domain in codes if not re.fullmatch(r"[A-Z]{2}\d{1,2}", code)] == []
    assert max(positions.values()) == 1


# The texts


def test_every_text_has_its_length():
    def rule(fields):
        for name, (least, most) in LENGTHS.items():
            if not least <= len(fields[name]) <= most:
                yield f"{name} has {len(fields[name])} characters, not {least} to {most}"

    assert each(rule) == []


def test_every_requirement_has_guidance_evidence_and_prompts():
    def rule(fields):
        for name, (least, most) in LINES.items():
            if not least <= len(lines(fields[name])) <= most:
                yield f"{name} has {len(lines(fields[name]))} lines, not {least} to {most}"

    assert each(rule) == []


def test_a_statement_is_a_claim_without_a_full_stop():
    assert each(lambda fields: [fields["statement"]] * fields["statement"].endswith((".", "?"))) == []


def test_a_sentence_is_one_line_with_its_full_stop():
    def rule(fields):
        for name in ONE_LINE:
            if "\n" in fields[name] or not fields[name].endswith("."):
                yield f"{name}: {fields[name]}"

    assert each(rule) == []


def test_guidance_is_one_sentence_a_line_of_8_to_35_words():
    def rule(fields):
        for line in lines(fields["guidance"]):
            if (
                not line.endswith((".", "?"))
                or re.search(r"[.?] [A-Z]", line)
                or not 8 <= len(line.split()) <= 35
            ):
                yield line

    assert each(rule) == []


def test_evidence_is_a_thing_without_a_full_stop():
    assert each(lambda fields: [line for line in lines(fields["evidence"]) if line.endswith(".")]) == []


def test_a_prompt_is_a_role_and_a_question():
    shape = re.compile(r"[A-Z][A-Za-z -]{2,32}: .*\?")
    assert each(lambda fields: [line for line in lines(fields["prompts"]) if not shape.fullmatch(line)]) == []


def test_no_text_uses_an_unwanted_word():
    def rule(fields):
        for text in texts(fields):
            yield from (f"{word!r} in {text}" for word in UNWANTED if contains(word, text))

    assert each(rule) == []


def test_no_text_is_longer_than_35_words():
    assert each(lambda fields: [text for text in texts(fields) if len(text.split()) > 35]) == []


def test_no_text_stands_in_two_places():
    places = defaultdict(list)
    for code, fields in requirements():
        for text in texts(fields):
            places[text.lower()].append(code)
    assert {text: codes for text, codes in places.items() if len(codes) > 1} == {}


def test_no_two_requirements_have_the_same_short_name():
    names = Counter(fields["short"].lower() for _, fields in requirements())
    assert [name for name, count in names.items() if count > 1] == []


# What is asked


def test_critical_has_a_reason_and_nothing_else_has_one():
    assert each(lambda f: [f["key"]] * (f["critical"] is not bool(f["critical_reason"]))) == []


def test_results_are_asked_in_the_results_domain_and_nowhere_else():
    asks_for_results = {entry.fields["code"]: entry.fields["results"] for entry in rows(Domain)}
    domains = {entry.fields["code"]: entry.fields["domain"][2] for entry in rows(Item)}
    wrong = [
        code
        for code, fields in requirements()
        if (fields["kind"] == "result") is not asks_for_results[domains[fields["item"][2]]]
    ]
    assert wrong == []


def test_only_forecasting_quality_and_coaching_are_fundamental():
    assert {
        entry.fields["item"][2] for entry in rows(Requirement) if entry.fields["fundamental"]
    } == FUNDAMENTAL


def test_every_requirement_is_asked_of_known_variants_for_some_channel():
    def rule(fields):
        codes = [variant[2] for variant in fields["variants"]]
        if not codes or not set(codes) <= set(VARIANTS) or len(codes) != len(set(codes)):
            yield f"asked of {codes}"
        if not (fields["human"] or fields["automated"]):
            yield "asked for no channel"

    assert each(rule) == []


def test_every_item_asks_at_least_two_things_of_each_variant_it_is_asked_of():
    """One alone would make an item's score all or nothing."""
    asked = Counter(
        (entry.fields["item"][2], variant[2])
        for entry in rows(Requirement)
        for variant in entry.fields["variants"]
    )
    assert {place: count for place, count in asked.items() if count < 2} == {}


def test_every_item_asks_something():
    assert {entry.key[2] for entry in rows(Item)} == {entry.fields["item"][2] for entry in rows(Requirement)}


def test_every_variant_is_asked_every_domain():
    domains = {e.fields["code"]: e.fields["domain"][2] for e in rows(Item)}
    asked = {(domains[e.fields["item"][2]], v[2]) for e in rows(Requirement) for v in e.fields["variants"]}
    assert asked == {(domain, variant) for domain in ("LP", "PR", "PE", "PF") for variant in VARIANTS}


# The database


def load():
    out = StringIO()
    call_command("loadstandards", stdout=out)
    return out.getvalue()


def everything():
    release = Release.objects.get(standard__key="copc-cx", version="8.0")
    return {
        "rows": [
            list(model.objects.order_by("pk").values())
            for model in (
                Release,
                Variant,
                *(entry for entry in shipped.TO_RELEASE),
                Requirement.variants.through,
            )
        ],
        "content": shipped.stored(release),
    }


@pytest.mark.django_db
def test_what_is_loaded_is_what_the_files_say_and_a_second_run_changes_nothing():
    load()
    first = everything()
    said = load()
    assert "nothing changed" in said
    assert everything() == first
    release = Release.objects.get(version="8.0")
    asked = {
        variant.code: Requirement.objects.filter(variants=variant).count()
        for variant in release.variants.all()
    }
    assert f"asked of {', '.join(f'{code} {count}' for code, count in asked.items())}" in said
    assert asked == {
        code: sum([*RELEASE, code] in entry.fields["variants"] for entry in rows(Requirement))
        for code in VARIANTS
    }
    assert f"{len(rows(Item))} items, {len(rows(Requirement))} requirements" in said
    for entry in entries():
        stored = first["content"][entry.label, entry.key]
        told = {
            name: [list(v) for v in value] if name == "variants" else value for name, value in stored.items()
        }
        for name, value in entry.fields.items():
            found = told[name]
            assert (
                sorted(found) if name == "variants" else list(found) if isinstance(value, list) else found
            ) == (sorted(value) if name == "variants" else value)


@pytest.mark.django_db
def test_edited_wording_survives_a_reload():
    load()
    requirement = Requirement.objects.get(key="forecast-horizons")
    Wording.objects.create(requirement=requirement, statement="In our words", weight=5)
    load()
    requirement = Requirement.objects.select_related("wording").get(key="forecast-horizons")
    assert requirement.words["statement"] == "In our words"
    assert requirement.weight_in_force == 5


def test_the_files_are_yaml_that_any_reader_reads():
    for path in FOLDER.glob("*.yaml"):
        assert isinstance(yaml.safe_load(path.read_text(encoding="utf-8")), list)
