"""Word documents and Excel workbooks: a zip whose parts say what they are, without macros, programs and calls for files from
elsewhere."""

import io
import re
import zipfile
import zlib

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assessments.uploads import Kind, Refused
from standards.workbook import cells

OLD_OFFICE = cells.OLD_EXCEL
MOST_ENTRIES = 3000  # a workbook with a picture on each of many sheets
MOST_UNPACKED = 150 * 1024 * 1024  # bytes; measured entry by entry, never held at once
MOST_OF_A_PART = 20 * 1024 * 1024  # bytes of one part that is read for what it says
CHUNK = 256 * 1024
MAIN = {
    b"wordprocessingml.document.main+xml": Kind.DOCX,
    b"spreadsheetml.sheet.main+xml": Kind.XLSX,
}
MACROS = re.compile(r"vbaproject|vbadata|macrosheets/|\.bas$", re.IGNORECASE)
OBJECTS = re.compile(
    r"(oleobject|activex|\.(exe|dll|js|vbs|bat|cmd|ps1|scr|hta|lnk|jar|com|html?|svgz)$)", re.IGNORECASE
)
EMBEDDED_OFFICE = re.compile(r"/embeddings/.*\.(xlsx|docx)$", re.IGNORECASE)
RELATION = re.compile(rb"<(?:\w+:)?Relationship\s[^>]*>")
ATTRIBUTE = re.compile(rb"""(\w+)\s*=\s*["']([^"']*)["']""")
HARMLESS = (
    b"/hyperlink",
    b"/externalLinkPath",
    b"/xlPathMissing",
)  # wait for a click, or for a question of Excel's
TEMPLATE_ON_DISK = re.compile(rb"file:///[A-Za-z]:|[A-Za-z]:", re.IGNORECASE)
COMMANDS = re.compile(rb"<(?:\w+:)?ddeLink|instrText[^>]{0,200}>\s*\"?DDE", re.IGNORECASE)
SENTENCES = {
    "bomb": gettext_lazy(
        "This file unpacks to far more than a document should. Save it anew, with smaller pictures."
    ),
    "password": gettext_lazy("This file has a password, so nobody can look through it. Save it without one."),
    "broken": gettext_lazy("This file is damaged or not complete. Open it, save it anew and send that."),
}


def old_kind(content):
    """A sentence about a file in the wrapping of old Office programs, which is also that of files with a password."""
    if "EncryptedPackage".encode("utf-16-le") in content:
        return SENTENCES["password"]
    return _(
        "This is a document of the old kind (.doc, .xls, .ppt, .msg). Save it as .docx or .xlsx, or print it to a PDF."
    )


def kind_of(content, *, inside=False):
    """DOCX or XLSX. Raises `Refused` with a sentence. `inside` is said of a file that is part of another."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            entries = archive.infolist()
            cells.check_entries(entries, MOST_ENTRIES, MOST_UNPACKED)
            kind = main_kind(archive, [entry.filename for entry in entries])
            check_whole(content, archive, entries)
            check_parts(archive, entries, inside)
    except cells.Refused as refusal:
        raise Refused(SENTENCES[refusal.args[0]]) from None
    # NotImplementedError and RuntimeError: ways of packing and of locking that Python's zipfile does not know.
    except (zipfile.BadZipFile, EOFError, OSError, ValueError, NotImplementedError, RuntimeError, zlib.error):
        raise Refused(SENTENCES["broken"]) from None
    return kind


def main_kind(archive, names):
    if "[Content_Types].xml" not in names:
        raise Refused(
            _("This is a packed file (ZIP), no document. Send what is in it, each as a file of its own.")
        )
    types = part(archive, "[Content_Types].xml")
    if b"macroEnabled" in types:
        raise Refused(
            _("This file may hold macros (.docm, .xlsm). Save it as .docx or .xlsx, which leaves them out.")
        )
    kinds = {kind for sign, kind in MAIN.items() if sign in types}
    # In a workbook, a document is at most a part that stands inside, which has a name of its own.
    if len(kinds) != 1:
        raise Refused(_("This is neither a Word document nor an Excel workbook. Save it as .docx or .xlsx, or print it to a PDF."))  # fmt: skip
    (kind,) = kinds
    if ("word/document.xml" if kind == Kind.DOCX else "xl/workbook.xml") not in names:
        raise Refused(SENTENCES["broken"])
    return kind


def check_whole(content, archive, entries):
    """Unpacks to what it says, and nothing stands before or behind the zip."""
    first = min((entry.header_offset for entry in entries), default=0)
    behind = content[content.rindex(b"PK\x05\x06") + 22 :]
    if first or len(behind) != len(archive.comment):
        raise Refused(
            _("Before or behind this document something else stands. Open it, save it anew and send that.")
        )
    for entry in entries:
        # Reads no further than the size that was added up, and checks its sum.
        with archive.open(entry) as file:
            while file.read(CHUNK):
                pass


def check_parts(archive, entries, inside):
    for entry in entries:
        name = entry.filename
        if MACROS.search(name):
            raise Refused(
                _("In this file are macros (%(part)s). Save it without them.") % {"part": shown(name)}
            )
        if OBJECTS.search(name):
            raise Refused(
                _(
                    "In this file is another one that could run (%(part)s). Take it out, or print the document to a PDF."
                )
                % {"part": shown(name)}
            )
        if EMBEDDED_OFFICE.search(name):
            check_embedded(archive, entry, inside)
        elif "/embeddings/" in name.lower() and not name.endswith("/"):
            raise Refused(
                _("In this file is another one (%(part)s) that cannot be looked through. Take it out, or print the document to a PDF.")
                % {"part": shown(name)}
            )  # fmt: skip
        if name.lower().endswith(".rels"):
            check_relations(part(archive, name))
        if name == "word/document.xml" or name.lower().startswith("xl/externallinks/"):
            check_commands(part(archive, name))


def check_embedded(archive, entry, inside):
    """The table behind a chart is a workbook in the document, and in it is no third."""
    if inside or entry.file_size > MOST_OF_A_PART:
        raise Refused(SENTENCES["bomb"])
    kind_of(archive.read(entry), inside=True)


def check_relations(xml):
    for tag in RELATION.findall(xml):
        told = {name.lower(): value for name, value in ATTRIBUTE.findall(tag)}
        if told.get(b"targetmode", b"").lower() != b"external":
            continue
        kind, target = told.get(b"type", b""), told.get(b"target", b"")
        template_here = kind.endswith(b"/attachedTemplate") and TEMPLATE_ON_DISK.match(target)
        if not kind.endswith(HARMLESS) and not template_here:
            raise Refused(
                _("This file fetches something from elsewhere when it is opened (%(what)s). Take that out, or print it to a PDF.")
                % {"what": shown(kind.rpartition(b"/")[2].decode("utf-8", "replace"))}
            )  # fmt: skip


def check_commands(xml):
    if COMMANDS.search(xml):
        raise Refused(
            _(
                "This file starts another program when it is opened (DDE). Take that out, or print it to a PDF."
            )
        )


def part(archive, name):
    """The bytes of one part that is read, in letters of one byte. Raises cells.Refused where it is too large for that."""
    if archive.getinfo(name).file_size > MOST_OF_A_PART:
        raise cells.Refused("bomb")
    xml = archive.read(name)
    return xml.decode("utf-16").encode() if xml.startswith((b"\xff\xfe", b"\xfe\xff")) else xml


def shown(name):
    return name[-60:]
