"""The zip itself, made while it is sent: whatever its size, little of it is in memory at a time."""

import json
import tomllib
from contextlib import contextmanager
from hashlib import sha256
from pathlib import PurePosixPath
from tempfile import TemporaryFile
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

from django.conf import settings
from django.db import connection
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.text import slugify

from assessments.exports import tables
from assessments.exports.rows import Reader
from assessments.models import Milestone, MilestoneReport, ReportLook
from assessments.models.holdings import EXPORTED, HOLDINGS, holding_of

FORMAT, VERSION = "copcready-organisation", 1
PIECE = 64 * 1024  # bytes
MADE = (1980, 1, 1, 0, 0, 0)  # of every file in it, so that the same content is the same file
MANY = {".json", ".csv", ".txt"}  # what deflating makes smaller; PDFs and pictures are packed already


def stream(organisation, *, by):
    """Bytes of the zip, piece by piece.

    Rows are read as they stood at one moment, before the first piece is given away: a slow reader keeps nobody waiting. Stored
    files never change, so that they are read one after the other as they are sent.
    """
    reader = Reader(organisation)
    with TemporaryFile() as file, ZipFile(pipe := Pipe(file), "w") as archive:
        book = Book(archive)
        with one_moment():
            _write_rows(book, organisation, reader)
            stored = _stored_files(organisation)
        yield from pipe.taken()
        for path, stored_file in stored:
            for _written in book.copy(path, stored_file):
                yield from pipe.taken()
        book.add("README.txt", [_read_me(organisation)])
        book.add("manifest.json", [json.dumps(_manifest(organisation, by, reader, book), indent=1) + "\n"])
        archive.close()
        yield from pipe.taken()


class Pipe:
    """What a ZipFile writes to: `file`, a temporary one, holds what nobody has taken yet."""

    def __init__(self, file):
        self.file = file

    def write(self, data):
        return self.file.write(data)

    def flush(self):
        """Nothing waits anywhere: ZipFile asks for it."""

    def taken(self):
        self.file.seek(0)
        while piece := self.file.read(PIECE):
            yield piece
        self.file.seek(0)
        self.file.truncate()


class Book:
    """Writes files into the archive and keeps of each its size and SHA-256."""

    def __init__(self, archive):
        self.archive = archive
        self.files = []
        self.missing = []

    def add(self, path, pieces):
        """A file of `pieces`, texts or bytes."""
        for _written in self.write(path, pieces):
            pass

    def write(self, path, pieces):
        """The same, giving the caller a turn after each piece."""
        info = ZipInfo(path, MADE)
        info.compress_type = ZIP_DEFLATED if PurePosixPath(path).suffix in MANY else ZIP_STORED
        info.external_attr = 0o600 << 16
        digest, size = sha256(), 0
        with self.archive.open(info, "w", force_zip64=True) as entry:
            for piece in pieces:
                data = piece.encode("utf-8", "replace") if isinstance(piece, str) else piece
                digest.update(data)
                size += entry.write(data)
                yield size
        self.files.append({"path": path, "bytes": size, "sha256": digest.hexdigest()})

    def copy(self, path, file):
        """A stored file, opened only now; one that is gone from the store is named in the manifest instead."""
        try:
            file.open("rb")
        except OSError:
            self.missing.append(path)
            return
        try:
            yield from self.write(path, file.chunks(PIECE))
        finally:
            file.close()


@contextmanager
def one_moment():
    """All queries inside see the database as it is now, while others go on saving.

    Not `atomic`: on SQLite that would lock everybody else out. Inside a transaction there is one moment already.
    """
    if connection.in_atomic_block:
        yield
        return
    postgresql = connection.vendor == "postgresql"
    with connection.cursor() as cursor:
        cursor.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY" if postgresql else "BEGIN DEFERRED")
        try:
            yield
        finally:
            cursor.execute("ROLLBACK")


def _write_rows(book, organisation, reader):
    for holding in EXPORTED:
        book.add(f"data/{holding.name}.json", reader.lines(holding))
    book.add("data/people.json", reader.people_lines())
    names = {pk: name or email or "" for pk, name, email in reader.named()}
    for table in tables.tables():
        book.add(f"csv/{table.name}.csv", _marked(tables.table_lines(table, reader, names)))
    book.add("csv/people.csv", _marked(tables.people_lines(reader)))
    for milestone in _one_by_one(Milestone, organisation):
        book.add(f"milestones/{milestone.pk}.json", [milestone.document])
    for report in _one_by_one(MilestoneReport, organisation):
        book.add(f"reports/{report.milestone_id}.pdf", [bytes(report.pdf)])
    for look in _one_by_one(ReportLook, organisation):
        if look.logo:
            book.add("files/logo.png", [bytes(look.logo)])


def _marked(lines):
    """With the mark of UTF-8 in front, without which Excel reads Č as two letters."""
    yield "\ufeff"
    yield from lines


def _one_by_one(model, organisation):
    """Rows with a large column, never two of them in memory."""
    rows = holding_of(model).of(organisation)
    for pk in list(rows.values_list("pk", flat=True)):
        yield rows.get(pk=pk)


def _stored_files(organisation):
    """(path in the zip, stored file) of everything that was uploaded."""
    found = []
    for holding in HOLDINGS:
        if holding.file:
            for row in holding.of(organisation).iterator():
                given = PurePosixPath(str(getattr(row, holding.named)).replace("\\", "/"))
                ending = slugify(given.suffix)
                name = slugify(given.stem)[:80] or "file"
                found.append((f"files/{row.pk}-{name}.{ending}".rstrip("."), getattr(row, holding.file)))
    return found


def _read_me(organisation):
    return render_to_string("assessments/export_readme.txt", {"organisation": organisation})


def _manifest(organisation, by, reader, book):
    return {
        "format": FORMAT,
        "version": VERSION,
        "organisation": {"id": organisation.pk, "name": organisation.name},
        "made_at": timezone.now().isoformat(timespec="seconds"),
        "made_by": {"id": by.pk, "name": by.name},
        "copcready": _our_version(),
        "counts": reader.counts,
        "files": book.files,
        "missing": book.missing,
    }


def _our_version():
    return tomllib.loads((settings.BASE_DIR / "pyproject.toml").read_text(encoding="utf-8"))["project"][
        "version"
    ]
