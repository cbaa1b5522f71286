"""The export of an organisation: everything it holds, nothing of others, the same bytes for the same content."""

import csv
import io
import json
import re
import tracemalloc
import zipfile
from hashlib import sha256
from io import BytesIO

import pytest
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.core.files.base import ContentFile
from django.db import connection
from jsonschema import Draft202012Validator

from assessments.exports import archive, size
from assessments.models import (
    Activity,
    ApiToken,
    Comment,
    Milestone,
    MilestoneReport,
    ReportLook,
    Site,
    User,
    leaving,
)
from assessments.models.activity import Verb
from assessments.models.holdings import EXPORTED, HOLDINGS, Holding
from tests import factories
from tests.conftest import member
from tests.holdings import filled
from tests.threads import at_once

DOCS = settings.BASE_DIR / "docs" / "export.md"


@pytest.fixture
def releases(db):
    return factories.small_release(), factories.newer_release()


@pytest.fixture
def zebra(releases):
    return filled("Zebra", *releases)


@pytest.fixture
def otter(releases):
    return filled("Otter", *releases)


def exported(organisation, by):
    """Path -> bytes of every file of the export."""
    with zipfile.ZipFile(BytesIO(b"".join(archive.stream(organisation, by=by)))) as found:
        assert found.testzip() is None
        assert len(set(found.namelist())) == len(found.namelist())
        return {name: found.read(name) for name in found.namelist()}


def rows(files, kind):
    return json.loads(files[f"data/{kind}.json"])["rows"]


def schemas():
    """The two that docs/export.md prints: of the manifest and of a file in data/."""
    return [
        json.loads(block) for block in re.findall(r"```json\n(.*?)```", DOCS.read_text("utf-8"), re.DOTALL)
    ]


# ---- what is in it ----------------------------------------------------------------------------------------------


def test_every_row_of_every_kind_is_there_with_every_field_that_is_not_hidden(zebra):
    organisation, owner = zebra
    files = exported(organisation, owner)
    for holding in EXPORTED:
        told = rows(files, holding.name)
        assert [row["id"] for row in told] == list(holding.of(organisation).values_list("pk", flat=True))
        fields = {field.name for field in holding.model._meta.concrete_fields} - set(holding.hidden)
        lists = {field.name for field in holding.model._meta.many_to_many}
        assert told, holding.name
        assert set(told[0]) == fields | lists, holding.name
    assert {name for name in files if name.startswith("data/")} == {
        *(f"data/{holding.name}.json" for holding in EXPORTED),
        "data/people.json",
    }


def test_the_manifest_names_every_other_file_with_its_size_and_hash(zebra):
    files = exported(*zebra)
    manifest = json.loads(files.pop("manifest.json"))
    assert {told["path"]: (told["bytes"], told["sha256"]) for told in manifest["files"]} == {
        name: (len(content), sha256(content).hexdigest()) for name, content in files.items()
    }
    for kind, count in manifest["counts"].items():
        assert len(rows(files, kind)) == count
    assert manifest["made_by"] == {"id": zebra[1].pk, "name": "Zebra Owner"}
    assert manifest["copcready"] == "0.1.0"
    assert manifest["missing"] == []


def test_milestones_come_as_they_were_frozen_and_so_do_their_pdfs(zebra):
    organisation, owner = zebra
    files = exported(organisation, owner)
    milestones = Milestone.objects.filter(assessment__site__organisation=organisation)
    assert milestones
    for milestone in milestones:
        assert sha256(files[f"milestones/{milestone.pk}.json"]).hexdigest() == milestone.sha256
    for report in MilestoneReport.objects.filter(milestone__in=milestones):
        assert sha256(files[f"reports/{report.milestone_id}.pdf"]).hexdigest() == report.sha256
    assert files["files/logo.png"] == bytes(ReportLook.objects.get(organisation=organisation).logo)


def test_it_can_be_read_without_our_database(zebra):
    organisation, owner = zebra
    files = exported(organisation, owner)
    told = next(row for row in rows(files, "answers") if row["note"])
    assert told["requirement"] == {
        "standard": "small",
        "release": "1.0",
        "requirement": "pr1-thing-1",
        "code": "PR1a",
        "statement": "The thing pr1-thing-1 is done",
    }
    assert told["note"] == "=Note of Zebra"
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?\+00:00", told["noted_at"])
    (named,) = (person for person in rows(files, "people") if person["id"] == told["noted_by"])
    assert named == {
        "id": told["noted_by"],
        "name": "Zebra Helper",
        "email": "zebra.helper@example.com",
        "role": "contributor",
    }
    (limited,) = (row for row in rows(files, "memberships") if row["limited"])
    assert limited["sites"] == [site["id"] for site in rows(files, "sites") if site["name"] == "Zebra centre"]
    assert all(action["answers"] for action in rows(files, "actions"))


def test_the_files_keep_to_the_schemas_that_the_documentation_prints(zebra):
    of_manifest, of_rows = schemas()
    files = exported(*zebra)
    for schema, names in (
        (of_manifest, ["manifest.json"]),
        (of_rows, [n for n in files if n.startswith("data/")]),
    ):
        Draft202012Validator.check_schema(schema)
        for name in names:
            faults = Draft202012Validator(schema).iter_errors(json.loads(files[name]))
            assert [fault.message for fault in faults] == [], name


def test_the_schemas_would_find_a_wrong_file():
    of_manifest, of_rows = map(Draft202012Validator, schemas())
    assert not of_rows.is_valid({"kind": "sites", "rows": [{"name": "Leeds"}]})
    assert not of_rows.is_valid({"rows": []})
    assert not of_manifest.is_valid({"format": "copcready-organisation", "version": 2})


def test_the_documentation_names_every_file_of_rows():
    text = DOCS.read_text("utf-8")
    assert [holding.name for holding in EXPORTED if f"`{holding.name}`" not in text] == []


def test_the_tables_hold_every_row_and_nothing_in_them_is_taken_for_a_formula(zebra):
    organisation, owner = zebra
    files = exported(organisation, owner)
    tables = {
        name: list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))
        for name, content in files.items()
        if name.startswith("csv/")
    }
    assert sorted(tables) == [
        f"csv/{name}.csv"
        for name in ("actions", "answers", "assessments", "metrics", "people", "readings", "sites")
    ]
    for name, (headings, *lines) in tables.items():
        assert {len(line) for line in lines} == {len(headings)}, name
        kind = name.removeprefix("csv/").removesuffix(".csv")
        assert len(lines) == len(rows(files, kind)), name
    cells = [cell for lines in tables.values() for line in lines for cell in line]
    assert "'=Note of Zebra" in cells
    assert "Zebra Helper" in cells
    assert not [cell for cell in cells if re.match("[=+\\-@\t\r]", cell)]


def test_an_organisation_that_holds_nothing_yet_has_an_export_too(db):
    organisation = factories.OrganisationFactory(name="New")
    files = exported(organisation, factories.UserFactory(name="Somebody"))
    assert rows(files, "sites") == []
    assert rows(files, "people") == []
    assert b"New" in files["README.txt"]


# ---- what is never in it ----------------------------------------------------------------------------------------


def test_no_text_of_another_organisation_is_in_it(zebra, otter):
    for name, other, (organisation, owner) in (("Zebra", "Otter", zebra), ("Otter", "Zebra", otter)):
        files = exported(organisation, owner)
        assert len([path for path, content in files.items() if name.encode() in content]) > 15
        assert [path for path, content in files.items() if other.lower().encode() in content.lower()] == []


def test_nor_is_any_secret(zebra):
    organisation, owner = zebra
    owner.set_password("a long enough password")
    owner.save()
    Authenticator.objects.create(user=owner, type="totp", data={"secret": "JBSWY3DP"})
    token, text = ApiToken.objects.issue(site=organisation.sites.first(), name="Nightly 2", days=30, by=owner)
    everything = b"".join(exported(organisation, owner).values())
    assert b"Nightly 2" in everything
    for secret in (owner.password, "JBSWY3DP", token.sha256, token.begins, text):
        assert secret.encode() not in everything


def test_who_is_no_member_any_more_is_named_without_the_address(zebra):
    organisation, owner = zebra
    gone, nameless, closed = (member(organisation, name, "viewer") for name in ("Gone", "Nameless", "Closed"))
    User.objects.filter(pk=nameless.pk).update(name="")
    answer = Comment.objects.first().answer
    for person in (gone, nameless, closed):
        Comment.objects.create(answer=answer, text="Said", by=User.objects.get(pk=person.pk))
        Activity.objects.record(organisation, Verb.SITE_EDITED, by=User.objects.get(pk=person.pk))
    Activity.objects.record(organisation, Verb.SITE_EDITED, "asked new@example.com and " + owner.email)
    leaving.delete_account(closed)
    for person in (gone, nameless):
        person.memberships.all().delete()
    files = exported(organisation, owner)
    people = {person["id"]: person for person in rows(files, "people")}
    assert [people[who.pk]["name"] for who in (gone, nameless, closed)] == ["Gone", "", "Former member"]
    assert {people[who.pk]["email"] for who in (gone, nameless, closed)} == {None}
    text = b"".join(files.values())
    for address in (gone.email, nameless.email, closed.email, "new@example.com", f"former-{closed.pk}"):
        assert address.encode() not in text, address
    assert f"asked (no member) and {owner.email}".encode() in text


# ---- always the same, however large -----------------------------------------------------------------------------


def test_the_same_content_gives_the_same_files_but_for_when_it_was_made(zebra):
    first, second = exported(*zebra), exported(*zebra)
    for files in (first, second):
        manifest = json.loads(files["manifest.json"])
        files["manifest.json"] = manifest | {"made_at": ""}
    assert list(first) == list(second)
    assert first == second


class Upload:
    """A stored file of some size, made as it is read. It counts how many are open."""

    open_now = most = 0

    def __init__(self, size, there=True):
        self.size, self.there = size, there

    def open(self, mode):
        if not self.there:
            raise FileNotFoundError
        Upload.open_now += 1
        Upload.most = max(Upload.most, Upload.open_now)

    def close(self):
        Upload.open_now -= 1

    def chunks(self, piece):
        for start in range(0, self.size, piece):
            yield b"x" * min(piece, self.size - start)


@pytest.fixture
def uploads(monkeypatch):
    """`uploads(name, size)`: each site holds such a stored file, in a registry that knows of it."""

    def hold(name, file):
        holding = Holding(Site, "organisation", file="stored", named="given", size="seats")
        monkeypatch.setattr(Site, "stored", property(lambda site: file), raising=False)
        monkeypatch.setattr(Site, "given", name, raising=False)
        for module in (archive, size):
            monkeypatch.setattr(module, "HOLDINGS", (*HOLDINGS, holding))

    return hold


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("Pack May.pdf", "pack-may.pdf"),
        ("../../etc/passwd", "passwd"),
        ("..\\..\\a/b\\win.XLSX", "win.xlsx"),
        ("\u202egpj.exe", "gpj.exe"),
        ("...", "file"),
    ],
)
def test_files_are_in_it_under_names_that_no_program_trips_over(site, alice, acme, uploads, given, kept):
    uploads(given, ContentFile(b"what was uploaded"))
    files = exported(acme, alice)
    assert files[f"files/{site.pk}-{kept}"] == b"what was uploaded"
    assert all(re.fullmatch(r"[A-Za-z0-9/._-]+", name) and ".." not in name for name in files)


def test_a_file_that_the_store_has_lost_is_named_and_stops_nothing(site, alice, acme, uploads):
    uploads("lost.pdf", Upload(10, there=False))
    manifest = json.loads(exported(acme, alice)["manifest.json"])
    assert manifest["missing"] == [f"files/{site.pk}-lost.pdf"]


def test_memory_stays_small_with_20_000_rows_and_2_000_files(assessment, acme, alice, uploads):
    answer = assessment.answers.first()
    Comment.objects.bulk_create(
        (Comment(answer=answer, text=f"{number:0200}", by=alice) for number in range(20_000)), batch_size=1000
    )
    factories.models.Site.objects.bulk_create(
        factories.SiteFactory.build(organisation=acme, name=f"Site {number}") for number in range(2_000)
    )
    uploads("video.pdf", Upload(100_000))
    sent, pieces = 0, archive.stream(acme, by=alice)
    tracemalloc.start()
    try:
        for piece in pieces:
            sent += len(piece)
        _now, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert sent > 200_000_000
    assert peak < 9_000_000, f"{peak:,} bytes"
    assert (Upload.open_now, Upload.most) == (0, 1)


def test_a_reader_who_goes_away_half_way_leaves_nothing_open(site, alice, acme, uploads):
    uploads("video.pdf", Upload(1_000_000))
    pieces = archive.stream(acme, by=alice)
    for _ in range(4):
        next(pieces)
    pieces.close()
    assert Upload.open_now == 0


@pytest.mark.skipif(
    connection.vendor == "sqlite", reason="SQLite's tests run in memory, where threads share one lock"
)
@pytest.mark.django_db(transaction=True)
def test_rows_are_read_as_they_stood_at_one_moment_while_others_go_on_saving(assessment, alice):
    answer = assessment.answers.first()
    with archive.one_moment():
        assert Comment.objects.count() == 0
        at_once(lambda: Comment.objects.create(answer=answer, text="Meanwhile", by=alice))
        assert Comment.objects.count() == 0
    assert Comment.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_no_transaction_is_left_open(assessment, acme, alice):
    with archive.one_moment():
        assert Comment.objects.count() == 0
    Comment.objects.create(answer=assessment.answers.first(), text="Later", by=alice)
    assert connection.get_autocommit()
    assert len(rows(exported(acme, alice), "comments")) == 1


def test_the_size_told_beforehand_is_near_the_true_one(zebra):
    organisation, owner = zebra
    true = len(b"".join(archive.stream(organisation, by=owner)))
    assert true / 3 < size.expected(organisation) < true * 3


def test_the_counts_told_beforehand_are_those_of_the_manifest(zebra):
    organisation, owner = zebra
    counted = dict(size.counts(organisation))
    told = json.loads(exported(organisation, owner)["manifest.json"])["counts"]
    for words, kind in (("Sites", "sites"), ("Metrics", "metrics"), ("Milestones", "milestones")):
        assert counted[words] == told[kind] > 0
