"""The loader on a standard of three requirements, written into a folder of the test's own."""

from io import StringIO

import pytest
import yaml
from django.contrib.admin.models import ADDITION, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.core.management import CommandError, call_command

from assessments.models import Assessment
from standards.drafts import copy_release
from standards.models import Item, Reference, Release, Requirement, Scoring, Standard, Variant, Wording
from tests import factories

RELEASE = ["mini", "1.0"]


def item(code="A1", **fields):
    given = {
        "domain": [*RELEASE, "A"],
        "code": code,
        "title": f"Topic {code}",
        "purpose": "Why.",
        "points": 10,
    }
    return {"model": "standards.item", "fields": given | {"position": 1} | fields}


def requirement(key, letter, **fields):
    texts = {name: f"The {name} of {key}" for name in (*Requirement.WORDS, "short")}
    given = {"item": [*RELEASE, "A1"], "key": key, "letter": letter, "position": ord(letter) - 96, **texts}
    return {
        "model": "standards.requirement",
        "fields": given | {"variants": [[*RELEASE, "CSP"]]} | fields,
    }


def domain(code):
    fields = {"release": RELEASE, "code": code, "title": "All", "purpose": "All of it.", "position": 1}
    return {"model": "standards.domain", "fields": fields}


class Folder:
    """The shipped files of the little standard; `write` replaces one of them."""

    def __init__(self, path):
        self.path = path / "standards" / "mini" / "1-0"
        self.path.mkdir(parents=True)
        self.write("00-release.yaml", self.frame())
        self.write("10-items.yaml", [item(), *(requirement(f"key-{letter}", letter) for letter in "abc")])

    def frame(self):
        named = {"release": RELEASE, "code": "CSP", "name": "In-house", "description": "Own.", "position": 1}
        return [
            {"model": "standards.standard", "fields": {"key": "mini", "name": "Mini", "notice": "Ours."}},
            {
                "model": "standards.release",
                "fields": {"standard": ["mini"], "version": "1.0", "status": "published"},
            },
            {"model": "standards.variant", "fields": named},
            domain("A"),
        ]

    def write(self, name, entries):
        text = entries if isinstance(entries, str) else yaml.safe_dump(entries)
        (self.path / name).write_text(text, encoding="utf-8")


@pytest.fixture
def folder(tmp_path, settings):
    settings.FIXTURE_DIRS = [tmp_path]
    return Folder(tmp_path)


def load():
    out = StringIO()
    call_command("loadstandards", stdout=out)
    return out.getvalue().splitlines()


def release():
    return Release.objects.get(standard__key="mini", version="1.0")


def letters():
    return dict(Requirement.objects.values_list("key", "letter"))


@pytest.fixture
def loaded(db, folder):
    load()
    return folder


def answer_one(key):
    site = factories.SiteFactory()
    assessment, _ = Assessment.objects.start(
        site=site,
        release=release(),
        variant=Variant.objects.get(),
        channels=site.channels,
        audit_month=None,
        by=None,
    )
    return assessment.answers.get(requirement__key=key)


@pytest.mark.django_db
def test_the_first_run_says_what_it_loaded(folder):
    assert load() == ["mini 1.0: 1 items, 3 requirements, loaded", "  asked of CSP 3"]


def test_a_second_run_changes_nothing_and_says_so(loaded):
    before = list(Requirement.objects.order_by("pk").values()), release().revision
    assert load()[0] == "mini 1.0: 1 items, 3 requirements, nothing changed"
    assert (list(Requirement.objects.order_by("pk").values()), release().revision) == before


def test_it_is_silent_when_asked_to_be(loaded):
    out = StringIO()
    call_command("loadstandards", stdout=out, verbosity=0)
    assert out.getvalue() == ""


def test_a_changed_text_is_loaded_and_counts_up_the_revision(loaded):
    Release.objects.update(revision=7)
    loaded.write("10-items.yaml", [item(), *(requirement(f"key-{x}", x, scope=f"New {x}.") for x in "abc")])
    assert load()[0].endswith("3 changed")
    assert release().revision == 8
    assert Requirement.objects.get(key="key-a").scope == "New a."


def test_a_run_without_changes_keeps_the_revision(loaded):
    Release.objects.update(revision=7)
    load()
    assert release().revision == 7


def test_two_requirements_can_change_places(loaded):
    swapped = [requirement("key-a", "b"), requirement("key-b", "a"), requirement("key-c", "c")]
    loaded.write("10-items.yaml", [item(), *swapped])
    load()
    assert letters() == {"key-a": "b", "key-b": "a", "key-c": "c"}


def test_own_wording_and_scoring_survive(loaded):
    wording = Wording.objects.create(requirement=Requirement.objects.get(key="key-a"), statement="Ours")
    Scoring.objects.filter(release=release()).update(practice_target=66)
    loaded.write("10-items.yaml", [item(), *(requirement(f"key-{x}", x, scope="New.") for x in "abc")])
    load()
    wording.refresh_from_db()
    assert wording.statement == "Ours"
    assert release().scoring.practice_target == 66


def test_a_release_gets_its_scoring(loaded):
    assert release().scoring.practice_target == 80


def test_a_requirement_that_nobody_needs_any_more_is_removed(loaded):
    loaded.write("10-items.yaml", [item(), requirement("key-a", "a"), requirement("key-c", "b")])
    said = load()
    assert said[0].endswith("1 changed, 1 removed")
    assert said[2] == "  requirement key-b, no longer shipped: removed"
    assert letters() == {"key-a": "a", "key-c": "b"}


def test_an_answered_requirement_that_left_is_kept_but_asked_no_more(loaded):
    answer = answer_one("key-b")
    loaded.write("10-items.yaml", [item(), requirement("key-a", "a"), requirement("key-c", "b")])
    said = load()
    answer.requirement.refresh_from_db()
    assert "kept for the answers or own wording it has" in said[2]
    assert not answer.requirement.variants.exists()
    assert letters() == {"key-a": "a", "key-c": "b", "key-b": "c"}
    assert load()[0] == "mini 1.0: 1 items, 3 requirements, nothing changed"


def test_a_requirement_with_own_wording_is_kept(loaded):
    Wording.objects.create(requirement=Requirement.objects.get(key="key-b"), statement="Ours")
    loaded.write("10-items.yaml", [item(), requirement("key-a", "a")])
    load()
    assert set(letters()) == {"key-a", "key-b"}


def test_items_and_references_that_left_are_removed(loaded):
    reference = {"item": [*RELEASE, "A2"], "standard": "Elder 1.0", "number": "1.1", "title": "Direction"}
    more = [item("A2", position=2), {"model": "standards.reference", "fields": reference}]
    loaded.write("20-more.yaml", more)
    assert load()[0].endswith("2 added")
    loaded.write("20-more.yaml", [])
    assert load()[0].endswith("2 removed")
    assert not Reference.objects.exists()
    assert not Item.objects.filter(code="A2").exists()


def test_a_published_release_is_not_reopened_by_a_file_that_still_says_draft(loaded):
    frame = loaded.frame()
    frame[1]["fields"]["status"] = "draft"
    loaded.write("00-release.yaml", frame)
    load()
    assert release().status == Release.PUBLISHED


def test_a_draft_made_in_the_admin_is_left_alone(loaded):
    draft = copy_release(release(), version="2.0")
    Requirement.objects.of(draft).update(statement="Mine")
    load()
    assert set(Requirement.objects.of(draft).values_list("statement", flat=True)) == {"Mine"}


def test_a_release_made_in_the_admin_is_left_alone_even_if_its_number_is_shipped_later(loaded, admin_user):
    LogEntry.objects.create(
        user=admin_user,
        content_type=ContentType.objects.get_for_model(Release),
        object_id=release().pk,
        action_flag=ADDITION,
    )
    loaded.write("10-items.yaml", [item(), requirement("key-a", "a")])
    assert "left alone" in load()[0]
    assert len(letters()) == 3


BROKEN = {
    "an unknown item": (
        [requirement("key-x", "x", item=[*RELEASE, "A9"])],
        "requirement 'key-x') cannot be loaded",
    ),
    "an unknown field": ([requirement("key-x", "x", colour="red")], "there is no field 'colour'"),
    "a code without quotes": ([item(code=1.1)], "'code' is 1.1; codes and versions need quotes"),
    "a text too long": (
        [requirement("key-x", "x", scope="x" * 201)],
        "'scope': Ensure this value has at most 200",
    ),
    "an unknown choice": (
        [requirement("key-x", "x", kind="wish")],
        "'kind': Value 'wish' is not a valid choice",
    ),
    "a text for a switch": ([requirement("key-x", "x", critical="yes")], "'critical' is 'yes'"),
    "a key that is none": ([requirement("key-x", "x", variants=["CSP"])], "'variants' is ['CSP']"),
    "a twin": ([requirement("key-a", "x")], "it is there already, as 1-0/10-items.yaml, entry 2"),
    "a code of another domain": (
        [domain("B"), item("A1", domain=[*RELEASE, "B"])],
        "entry 2 (standards.item 'A1') is broken: it is there already, as 1-0/10-items.yaml, entry 1",
    ),
    "a key of another item": (
        [item("A2", position=2), requirement("key-a", "a", item=[*RELEASE, "A2"])],
        "entry 2 (standards.requirement 'key-a') is broken: it is there already, as 1-0/10-items.yaml, entry 2",
    ),
    "a letter taken": ([requirement("key-x", "a")], "requirement 'key-x') cannot be loaded"),
    "another release's row": ([item(domain=["mini", "3.0", "A"])], "it belongs to mini 3.0"),
    "a model of the tenants": ([{"model": "standards.wording", "fields": {}}], "and nothing else"),
    "an entry of another shape": (["hello"], "entry 1 is broken"),
    "critical without a reason": ([requirement("key-x", "x", critical=True)], "'key-x') cannot be loaded"),
    "fundamental without a reason": (
        [requirement("key-x", "x", fundamental=True)],
        "'key-x') cannot be loaded",
    ),
    "no list": ({"a": 1}, "is not a list of entries"),
    "no YAML": ("- a: [", "is not readable as YAML"),
}


@pytest.mark.parametrize(("entries", "sentence"), BROKEN.values(), ids=BROKEN)
def test_a_broken_file_is_named_with_its_entry_and_nothing_is_loaded(loaded, entries, sentence):
    Standard.objects.update(name="Before")
    loaded.write("20-broken.yaml", entries)
    with pytest.raises(CommandError) as error:
        load()
    assert "20-broken.yaml" in str(error.value)
    assert sentence in str(error.value)
    assert str(error.value).endswith("Nothing was loaded.")
    assert Standard.objects.get().name == "Before"
    assert len(letters()) == 3


def test_a_missing_field_is_named(loaded):
    entry = requirement("key-x", "x")
    del entry["fields"]["why"]
    loaded.write("20-broken.yaml", [entry])
    with pytest.raises(CommandError, match="'why' is missing"):
        load()


@pytest.mark.django_db
def test_no_folder_is_a_sentence(tmp_path, settings):
    settings.FIXTURE_DIRS = [tmp_path]
    with pytest.raises(CommandError, match="No standard is shipped"):
        load()


@pytest.mark.django_db
def test_a_folder_without_a_release_is_a_sentence(folder):
    folder.write("00-release.yaml", [])
    with pytest.raises(CommandError, match="0 releases"):
        load()
