"""The shipped question sets: how their files are built, what is asked of whom, and that the database holds exactly that."""

import re
from collections import Counter, defaultdict
from io import StringIO

import pytest
import yaml
from django.core.management import call_command

from standards import shipped
from standards.models import Domain, Item, Release, Requirement, Variant, Wording
from tests.standards.texts import FOLDERS, asked_of, code_of, entries, every_release, own, rows, variants

COPC = {folder.name: folder for folder in FOLDERS if folder.parent.name == "copc-cx"}
NEWEST = COPC["8-0"]
# Forecasting, quality monitoring and coaching, and a vendor office's oversight of them.
FUNDAMENTAL = {"PR5", "PR6", "PE4", "VM10"}


# ---- the files ---------------------------------------------------------------------------------------------------


@every_release
def test_codes_and_versions_are_quoted_in_the_files(folder):
    loose = re.compile(r"^ +(code|version|number): *[^\"'\s].*[0-9].*$|\[[a-z0-9-]+, [0-9]", re.MULTILINE)
    found = {path.name: loose.search(path.read_text(encoding="utf-8")) for path in folder.glob("*.yaml")}
    assert {name: hit[0] for name, hit in found.items() if hit} == {}


def test_no_folder_name_has_a_dot():
    assert [folder for folder in FOLDERS if "." in folder.name or "." in folder.parent.name] == []


@every_release
def test_the_files_are_yaml_that_any_reader_reads(folder):
    for path in folder.glob("*.yaml"):
        assert isinstance(yaml.safe_load(path.read_text(encoding="utf-8")), list)


@every_release
def test_keys_are_unique_slugs_that_name_the_thing(folder):
    keys = Counter(entry.fields["key"] for entry in rows(folder, Requirement))
    assert [key for key, count in keys.items() if count > 1] == []
    assert [key for key in keys if not re.fullmatch(r"[a-z][a-z0-9-]{7,39}", key)] == []


@every_release
def test_letters_and_positions_run_a_b_c_in_every_item(folder):
    places = defaultdict(list)
    for entry in rows(folder, Requirement):
        places[entry.fields["item"][2]].append((entry.fields["letter"], entry.fields["position"]))
    wrong = {
        item: found
        for item, found in places.items()
        if found != [(chr(97 + n), n + 1) for n in range(len(found))]
    }
    assert wrong == {}


@every_release
def test_letters_run_without_a_gap_for_every_variant(folder):
    """Requirements that only some variants are asked stand last in their item."""
    gaps = []
    for variant in variants(folder):
        asked = defaultdict(list)
        for entry in rows(folder, Requirement):
            if variant in asked_of(entry.fields):
                asked[entry.fields["item"][2]].append(entry.fields["position"])
        gaps += [
            f"{item} for {variant}: {found}"
            for item, found in asked.items()
            if found != [*range(1, len(found) + 1)]
        ]
    assert gaps == []


@every_release
def test_items_have_unique_codes_and_positions(folder):
    for name in ("code", "position"):
        counts = Counter(entry.fields[name] for entry in rows(folder, Item))
        assert [value for value, count in counts.items() if count > 1] == []


def test_items_have_codes_of_two_letters_and_a_number():
    codes = [entry.fields["code"] for entry in rows(NEWEST, Item)]
    assert [code for code in codes if not re.fullmatch(r"[A-Z]{2}\d{1,2}", code)] == []


# ---- what is asked -----------------------------------------------------------------------------------------------


@every_release
def test_critical_has_a_reason_and_nothing_else_has_one(folder):
    wrong = [
        code_of(entry)
        for entry in rows(folder, Requirement)
        if entry.fields.get("critical", False) is not bool(entry.fields.get("critical_reason"))
    ]
    assert wrong == []


@every_release
def test_fundamental_has_a_reason_in_one_sentence_and_nothing_else_has_one(folder):
    def wrong(fields):
        reason = fields.get("fundamental_reason", "")
        if fields.get("fundamental", False) is not bool(reason):
            yield f"fundamental is {fields.get('fundamental', False)}, its reason {reason!r}"
        if reason and not (re.fullmatch(r"[A-Z][^.?!:]+\.", reason) and 40 <= len(reason) <= 160):
            yield f"no single sentence of 40 to 160 characters: {reason}"

    assert [
        f"{code_of(entry)}: {finding}"
        for entry in rows(folder, Requirement)
        for finding in wrong(entry.fields)
    ] == []


def test_no_two_requirements_are_fundamental_for_the_same_reason():
    """What a release takes over from another with `like` is the same requirement."""
    reasons = Counter(
        own(entry)["fundamental_reason"].lower()
        for folder in FOLDERS
        for entry in rows(folder, Requirement)
        if "fundamental_reason" in own(entry)
    )
    assert reasons
    assert [reason for reason, count in reasons.items() if count > 1] == []


@every_release
def test_results_are_asked_in_the_results_domain_and_nowhere_else(folder):
    asks_for_results = {
        entry.fields["code"]: entry.fields.get("results", False) for entry in rows(folder, Domain)
    }
    domains = {entry.fields["code"]: entry.fields["domain"][2] for entry in rows(folder, Item)}
    wrong = [
        code_of(entry)
        for entry in rows(folder, Requirement)
        if (entry.fields.get("kind") == Requirement.RESULT)
        is not asks_for_results[domains[entry.fields["item"][2]]]
    ]
    assert wrong == []


def test_only_forecasting_quality_and_coaching_are_fundamental():
    found = {
        entry.fields["item"][2] for entry in rows(NEWEST, Requirement) if entry.fields.get("fundamental")
    }
    assert found == FUNDAMENTAL


@every_release
def test_every_requirement_is_asked_of_known_variants_for_some_channel(folder):
    def wrong(fields):
        codes = asked_of(fields)
        if not codes or not set(codes) <= set(variants(folder)) or len(codes) != len(set(codes)):
            yield f"asked of {codes}"
        if not (fields.get("human", True) or fields.get("automated", True)):
            yield "asked for no channel"

    assert [
        f"{code_of(entry)}: {finding}"
        for entry in rows(folder, Requirement)
        for finding in wrong(entry.fields)
    ] == []


@every_release
def test_every_item_asks_something(folder):
    asked = {entry.fields["item"][2] for entry in rows(folder, Requirement)}
    assert {entry.fields["code"] for entry in rows(folder, Item)} == asked


def test_every_item_asks_at_least_two_things_of_each_variant_it_is_asked_of():
    """One alone would make an item's score all or nothing."""
    asked = Counter(
        (entry.fields["item"][2], variant)
        for entry in rows(NEWEST, Requirement)
        for variant in asked_of(entry.fields)
    )
    assert {place: count for place, count in asked.items() if count < 2} == {}


def test_every_variant_is_asked_every_domain():
    domains = {entry.fields["code"]: entry.fields["domain"][2] for entry in rows(NEWEST, Item)}
    asked = {
        (domains[entry.fields["item"][2]], variant)
        for entry in rows(NEWEST, Requirement)
        for variant in asked_of(entry.fields)
    }
    assert asked == {
        (domain, variant) for domain in ("LP", "PR", "PE", "PF") for variant in ("CSP", "OSP", "VMO")
    }


@pytest.mark.parametrize("version", COPC)
def test_the_quick_scan_asks_about_thirty_things_of_every_variant(version):
    """A release offers it to all its variants or to none; 8.0 offers it."""
    quick = [entry for entry in rows(COPC[version], Requirement) if entry.fields.get("quick")]
    counts = {
        code: sum(code in asked_of(entry.fields) for entry in quick) for code in variants(COPC[version])
    }
    if quick or version == NEWEST.name:
        assert {code: count for code, count in counts.items() if not 25 <= count <= 40} == {}


def test_only_release_8_0_has_requirements_on_ai_governance():
    found = {
        folder
        for folder in FOLDERS
        for entry in rows(folder, Requirement)
        if entry.fields.get("ai_governance")
    }
    assert found == {NEWEST}


# ---- the database ------------------------------------------------------------------------------------------------


def load():
    out = StringIO()
    call_command("loadstandards", stdout=out)
    return out.getvalue()


def release_of(folder):
    return Release.objects.get_by_natural_key(*shipped.release_entry(entries(folder)).key)


def everything():
    models = (Release, Variant, *shipped.TO_RELEASE, Requirement.variants.through)
    return [list(model.objects.order_by("pk").values()) for model in models]


@pytest.mark.django_db
def test_a_second_run_changes_nothing():
    load()
    first = everything()
    assert load().count("nothing changed") == len(FOLDERS)
    assert everything() == first


@pytest.mark.django_db
def test_what_is_loaded_is_what_the_files_say():
    said = load()
    for folder in FOLDERS:
        release, requirements = release_of(folder), rows(folder, Requirement)
        asked = {
            code: sum(code in asked_of(entry.fields) for entry in requirements) for code in variants(folder)
        }
        name = f"{release.standard.key} {release.version}"
        assert f"{name}: {len(rows(folder, Item))} items, {len(requirements)} requirements, loaded\n" in said
        assert f"asked of {', '.join(f'{code} {count}' for code, count in asked.items())}\n" in said
        stored = shipped.stored(release)
        assert len(stored) == len(entries(folder))
        for entry in entries(folder):
            found = stored[entry.label, entry.key]
            assert {name: plain(found[name]) for name in entry.fields} == {
                name: plain(value) for name, value in entry.fields.items()
            }


def plain(value):
    """A key as a list, and the keys of many rows in one order, whether they come from a file or from the database."""
    if isinstance(value, list | tuple):
        whole = [plain(part) for part in value]
        return sorted(whole) if any(isinstance(part, list) for part in whole) else whole
    return value


@pytest.mark.django_db
def test_edited_wording_survives_a_reload():
    load()
    forecast = Requirement.objects.of(release_of(NEWEST)).filter(key="forecast-horizons")
    Wording.objects.create(requirement=forecast.get(), statement="In our words", weight=5)
    load()
    requirement = forecast.select_related("wording").get()
    assert requirement.words["statement"] == "In our words"
    assert requirement.weight_in_force == 5
