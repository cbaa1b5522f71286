"""An .xlsx file as plain cells, read in a process of its own with a limit on memory and time.

A workbook of a kilobyte can be made to unpack to gigabytes, and a reader that meets one takes the whole server along.
So the server only calls `cells_of`; this file, run as a program, does the rest. It knows no Django and says in one word
why it refused a file.
"""

import io
import json
import subprocess
import sys
import zipfile
import zlib
from contextlib import suppress
from datetime import date, time, timedelta
from pathlib import PurePosixPath
from xml.parsers import expat

UNPACKED_LIMIT = 40 * 1024 * 1024  # bytes; the template of 240 requirements has about two million
ENTRY_LIMIT = 200  # files inside the zip; Excel writes about twelve
ROW_LIMIT, COLUMN_LIMIT = 2000, 200
TEXT_LIMIT = 8_000_000  # characters in all cells together
MEMORY_LIMIT = 768 * 1024 * 1024  # bytes
CPU_SECONDS, SECONDS = 15, 25
OLD_EXCEL = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # also the wrapping of an .xlsx with a password
PARTS = (
    "[Content_Types].xml",
    "_rels/.rels",
    "xl/workbook.xml",
    "xl/_rels/workbook.xml.rels",
    "xl/sharedStrings.xml",
    "xl/styles.xml",
)
STRANGERS = {"xl/workbook.bin": "xlsb", "content.xml": "ods", "word/document.xml": "word", "mimetype": "ods"}


class Refused(Exception):
    """The file is not read. `args[0]` is one word that says why."""


def cells_of(data, sheets):
    """Sheet name -> rows of cells, for those of `sheets` that the file has, and the names of all its sheets.

    A cell is a text, a number, or `{"is": "formula" | "error" | "date" | "logical"}`. Raises `Refused`.
    """
    try:
        done = subprocess.run(  # noqa: S603 - this very file, with the names of our own sheets
            [sys.executable, "-I", __file__, *sheets], input=data, capture_output=True, timeout=SECONDS
        )
        answer = json.loads(done.stdout)
    except (subprocess.TimeoutExpired, ValueError):
        raise Refused("broken") from None  # it ran out of memory or time, or the reader gave up
    if "refused" in answer:
        raise Refused(answer["refused"])
    return answer["cells"], answer["names"]


def read(data, sheets):
    """What `cells_of` returns, without the limits of a process."""
    parts = unpacked(data)
    paths = sheet_paths(parts)
    wanted = {name: paths[name] for name in sheets if paths.get(name) in parts}
    odd = {name: odd_cells(parts[path]) for name, path in wanted.items()}
    book = workbook({name: parts[name] for name in (*PARTS, *wanted.values()) if name in parts})
    cells = {name: rows(book, name, odd[name]) for name in wanted}
    if (
        sum(len(cell) for found in cells.values() for row in found for cell in row if isinstance(cell, str))
        > TEXT_LIMIT
    ):
        raise Refused("much")
    return cells, list(paths)


# ---- the zip --------------------------------------------------------------------------------------------------------


def unpacked(data):
    """Name -> bytes of every part we may need, none of them larger than it says."""
    if data.startswith(OLD_EXCEL):
        raise Refused("password" if "EncryptedPackage".encode("utf-16-le") in data else "xls")
    if not data.startswith(b"PK"):
        raise Refused("other")
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = archive.infolist()
            check(entries)
            return {entry.filename: archive.read(entry) for entry in entries if is_needed(entry.filename)}
    # NotImplementedError: a way of packing that Python's zipfile does not know.
    except (zipfile.BadZipFile, EOFError, OSError, ValueError, NotImplementedError, zlib.error):
        raise Refused("broken") from None


def check(entries):
    names = [entry.filename for entry in entries]
    if len(names) > ENTRY_LIMIT or sum(entry.file_size for entry in entries) > UNPACKED_LIMIT:
        raise Refused("bomb")
    if any(entry.flag_bits & 1 for entry in entries):
        raise Refused("password")
    if len(set(names)) < len(names):
        raise Refused("broken")
    if "xl/workbook.xml" not in names:
        raise Refused(next((word for name, word in STRANGERS.items() if name in names), "other"))
    if any(entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED) for entry in entries):
        raise Refused("broken")


def is_needed(name):
    return name in PARTS or (name.startswith("xl/") and "sheets/" in name and name.endswith(".xml"))


# ---- the XML that calamine keeps to itself --------------------------------------------------------------------------


def parse(xml, start, end=None, text=None):
    """Runs the handlers over a part. One that declares a document type could grow without end, and none has to."""
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.StartElementHandler = lambda name, attributes: start(name.rpartition(" ")[2], attributes)
    parser.EndElementHandler = end and (lambda name: end(name.rpartition(" ")[2]))
    parser.CharacterDataHandler = text

    def refuse(*args):
        raise Refused("broken")

    parser.StartDoctypeDeclHandler = refuse
    try:
        parser.Parse(xml, True)
    except (expat.ExpatError, LookupError):  # LookupError: an encoding nobody knows
        raise Refused("broken") from None


def sheet_paths(parts):
    """Sheet name -> its part, in the order of the tabs."""
    targets, sheets = {}, {}

    def relation(name, attributes):
        if name == "Relationship":
            targets[attributes.get("Id")] = attributes.get("Target", "")

    def sheet(name, attributes):
        if name == "sheet":
            relation_id = next((value for key, value in attributes.items() if key.endswith(" id")), None)
            sheets[attributes.get("name", "")] = relation_id

    parse(parts.get("xl/_rels/workbook.xml.rels", b"<none/>"), relation)
    parse(parts["xl/workbook.xml"], sheet)
    return {name: str(PurePosixPath("/xl", targets.get(known, "")))[1:] for name, known in sheets.items()}


def odd_cells(xml):
    """(row, column), counted from 0, of cells with a formula or an error, which calamine would show as a plain value.

    Raises `Refused` where a value stands so far out that holding all cells up to it would fill the memory.
    """
    found, here, where = {}, [0, -1], {}

    def start(name, attributes):
        if name == "row":
            here[:] = [int(attributes.get("r", here[0] + 1)) - 1, -1]
        elif name == "c":
            here[1] = column_number(attributes["r"]) if "r" in attributes else here[1] + 1
            where["error"] = attributes.get("t") == "e"
        elif name in ("v", "is", "f"):
            if here[0] >= ROW_LIMIT or here[1] >= COLUMN_LIMIT:
                raise Refused("large")
            if name == "f" or where.get("error"):
                found.setdefault(tuple(here), "formula" if name == "f" else "error")

    try:
        parse(xml, start)
    except ValueError:
        raise Refused("broken") from None
    return found


def column_number(reference):
    """'C7' -> 2."""
    number = 0
    for letter in reference.upper().rstrip("0123456789"):
        number = number * 26 + ord(letter) - 64
    return number - 1


# ---- calamine ------------------------------------------------------------------------------------------------------


def workbook(parts):
    """calamine's workbook of a copy that holds nothing but `parts`, so that it meets only what was measured."""
    from python_calamine import CalamineError, CalamineWorkbook

    copy = io.BytesIO()
    with zipfile.ZipFile(copy, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    copy.seek(0)
    try:
        return CalamineWorkbook.from_filelike(copy)
    except CalamineError:
        raise Refused("broken") from None


def rows(book, name, odd):
    from python_calamine import CalamineError

    try:
        found = book.get_sheet_by_name(name).to_python(skip_empty_area=False)
    except CalamineError:
        raise Refused("broken") from None
    cells = [[plain(value) for value in row] for row in found]
    for (row, column), what in odd.items():
        while len(cells) <= row:
            cells.append([])
        cells[row].extend([""] * (column + 1 - len(cells[row])))
        cells[row][column] = {"is": what}
    return cells


def plain(value):
    if isinstance(value, bool):
        return {"is": "logical"}
    if isinstance(value, date | time | timedelta):
        return {"is": "date"}
    return value


def main(sheets):
    import resource

    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    with suppress(ValueError, OSError):  # macOS knows the limit and refuses to set it
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY_LIMIT, MEMORY_LIMIT))
    try:
        cells, names = read(sys.stdin.buffer.read(), sheets)
        answer = {"cells": cells, "names": names}
    except Refused as refusal:
        answer = {"refused": refusal.args[0]}
    sys.stdout.write(json.dumps(answer))


if __name__ == "__main__":
    main(sys.argv[1:])
