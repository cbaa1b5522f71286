"""Word documents and Excel workbooks: a zip whose parts say what they are, without macros, programs and calls for files from
elsewhere."""

import io
import re
import zipfile
import zlib

from assessments.uploads import Refused, _, fields
from standards.workbook import cells

OLD_OFFICE = cells.OLD_EXCEL
MOST_ENTRIES = 3000  # a workbook with a picture on each of many sheets
MOST_UNPACKED = 150 * 1024 * 1024  # bytes, with what is inside of workbooks inside; never held at once
MOST_OF_A_PART = 20 * 1024 * 1024  # bytes of one part that is read for what it says
MOST_OF_RELATIONS = 1024 * 1024  # bytes; ten thousand pictures or links
CHUNK = 256 * 1024
MAIN = {
    "wordprocessingml.document.main+xml": "docx",
    "spreadsheetml.sheet.main+xml": "xlsx",
}
MACROS = re.compile(r"vbaproject|vbadata|macrosheets/|\.bas$", re.IGNORECASE)
OBJECTS = re.compile(
    r"(oleobject|activex|\.(exe|dll|js|vbs|bat|cmd|ps1|scr|hta|lnk|jar|com|html?|svgz)$)", re.IGNORECASE
)
EMBEDDED_OFFICE = re.compile(r"/embeddings/.*\.(xlsx|docx)$", re.IGNORECASE)
# How the kinds of relation end that wait for a click, or for a question of Excel's.
HARMLESS = ("/hyperlink", "/externallinkpath", "/xlpathmissing")
# Those that make of a part something that runs, whatever the part is called.
RUNNING = (
    "/oleobject",
    "/control",
    "/activexcontrolbinary",
    "/vbaproject",
    "/xlmacrosheet",
    "/xlintlmacrosheet",
    "/afchunk",
)
TEMPLATE_ON_DISK = re.compile("file:///[A-Za-z]:|[A-Za-z]:", re.IGNORECASE)
RUNS = _(
    "In this file is another one that could run (%(part)s). Take it out, or print the document to a PDF."
)
SENTENCES = {
    "bomb": _("This file unpacks to far more than a document should. Save it anew, with smaller pictures."),
    "password": _("This file has a password, so nobody can look through it. Save it without one."),
    "broken": _("This file is damaged or not complete. Open it, save it anew and send that."),
}


def old_kind(content):
    """A sentence about a file in the wrapping of old Office programs, which is also that of files with a password."""
    if "EncryptedPackage".encode("utf-16-le") in content:
        return SENTENCES["password"]
    return _(
        "This is a document of the old kind (.doc, .xls, .ppt, .msg). Save it as .docx or .xlsx, or print it to a PDF."
    )


def kind_of(content):
    """The value of the `Kind`, DOCX or XLSX. Raises `Refused`."""
    try:
        return looked_at(content, MOST_UNPACKED)[0]
    except cells.Refused as refusal:
        raise Refused(SENTENCES[refusal.args[0]]) from None
    # NotImplementedError and RuntimeError: ways of packing and of locking that Python's zipfile does not know.
    except (zipfile.BadZipFile, EOFError, OSError, ValueError, NotImplementedError, RuntimeError, zlib.error):
        raise Refused(SENTENCES["broken"]) from None


def looked_at(content, most, *, inside=False):
    """(the kind, bytes unpacked, at most `most`). `inside` is said of a file that is part of another. Raises what `kind_of`
    catches."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        entries = archive.infolist()
        cells.check_entries(entries, MOST_ENTRIES, most)
        kind = main_kind(archive, [entry.filename for entry in entries])
        check_nothing_around(content, archive, entries)
        unpacked = sum(entry.file_size for entry in entries)
        for entry in entries:
            check_name(entry.filename)
            check_part(archive, entry)
            if EMBEDDED_OFFICE.search(entry.filename):
                unpacked += embedded(archive, entry, most - unpacked, inside)
    return kind, unpacked


def main_kind(archive, names):
    if "[Content_Types].xml" not in names:
        raise Refused(
            _("This is a packed file (ZIP), no document. Send what is in it, each as a file of its own.")
        )
    types = []
    cells.parse(
        part(archive, "[Content_Types].xml"), lambda _name, told: types.append(told.get("ContentType", ""))
    )
    if any("macroenabled" in each.lower() for each in types):
        raise Refused(
            _("This file may hold macros (.docm, .xlsm). Save it as .docx or .xlsx, which leaves them out.")
        )
    kinds = {kind for sign, kind in MAIN.items() if any(sign in each for each in types)}
    # In a workbook, a document is at most a part that stands inside, which has a name of its own.
    if len(kinds) != 1:
        raise Refused(_("This is neither a Word document nor an Excel workbook. Save it as .docx or .xlsx, or print it to a PDF."))  # fmt: skip
    (kind,) = kinds
    if ("word/document.xml" if kind == "docx" else "xl/workbook.xml") not in names:
        raise Refused(SENTENCES["broken"])
    return kind


def check_nothing_around(content, archive, entries):
    """Nothing stands before or behind the zip."""
    first = min((entry.header_offset for entry in entries), default=0)
    behind = content[content.rindex(b"PK\x05\x06") + 22 :]
    if first or len(behind) != len(archive.comment):
        raise Refused(
            _("Before or behind this document something else stands. Open it, save it anew and send that.")
        )


def check_name(name):
    if MACROS.search(name):
        raise Refused(_("In this file are macros (%(part)s). Save it without them."), part=shown(name))
    if OBJECTS.search(name):
        raise Refused(RUNS, part=shown(name))
    if "/embeddings/" in name.lower() and not EMBEDDED_OFFICE.search(name) and not name.endswith("/"):
        raise Refused(
            _("In this file is another one (%(part)s) that cannot be looked through. Take it out, or print the document to a PDF."),
            part=shown(name),
        )  # fmt: skip


def check_part(archive, entry):
    """It unpacks to what it says, and what it says does nothing by itself."""
    begins, signs, behind = None, False, b""
    # Reads no further than the size that was added up, and checks its sum.
    with archive.open(entry) as file:
        while chunk := file.read(CHUNK):
            begins = chunk[: fields.LONGEST] if begins is None else begins
            signs = signs or fields.may_act(behind + chunk)
            behind = chunk[-fields.LONGEST :]
    name = entry.filename.lower()
    if name.endswith((".xml", ".rels")):
        fields.check_letters(begins or b"")
    if name.endswith(".rels"):
        check_relations(part(archive, entry.filename, MOST_OF_RELATIONS))
    if signs or fields.is_wide(begins or b""):
        fields.check(part(archive, entry.filename))


def embedded(archive, entry, most, inside):
    """The bytes that a workbook in a document unpacks to: the table behind a chart is one, and in it is no third."""
    if inside or entry.file_size > MOST_OF_A_PART:
        raise cells.Refused("bomb")
    return looked_at(archive.read(entry), most, inside=True)[1]


def check_relations(xml):
    def relation(name, told):
        if name == "Relationship":
            kind = told.get("Type", "").lower()
            target = f"/{told.get('Target', '')}"
            if kind.endswith(RUNNING) or (kind.endswith("/package") and not EMBEDDED_OFFICE.search(target)):
                raise Refused(RUNS, part=shown(target))
            if told.get("TargetMode", "").lower() == "external":
                check_external(kind, told)

    cells.parse(xml, relation)


def check_external(kind, told):
    template_here = kind.endswith("/attachedtemplate") and TEMPLATE_ON_DISK.match(told.get("Target", ""))
    if not kind.endswith(HARMLESS) and not template_here:
        raise Refused(
            _("This file fetches something from elsewhere when it is opened (%(what)s). Take that out, or print it to a PDF."),
            what=shown(told.get("Type", "").rpartition("/")[2]),
        )  # fmt: skip


def part(archive, name, most=MOST_OF_A_PART):
    """The bytes of one part that is read. Raises cells.Refused where it is too large for that."""
    if archive.getinfo(name).file_size > most:
        raise cells.Refused("bomb")
    return archive.read(name)


def shown(name):
    return name[-60:]
