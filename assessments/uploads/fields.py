"""What a part of an office file does when it is opened: fields of Word and links of Excel that start another program (DDE)."""

import re

from assessments.uploads import Refused, _
from standards.workbook import cells

# Names of elements are never spelled otherwise, so a part without them need not be parsed.
SIGNS = re.compile(rb"instrText|fldSimple|ddeLink")
LONGEST = 200  # bytes; of a sign, and of the line that says in which letters a part is written
WIDE = (b"\xff\xfe", b"\xfe\xff")  # the marks of UTF-16
LETTERS = re.compile(rb"<\?xml[^>]{0,150}?encoding\s*=\s*[\"']([^\"']{0,40})")
# One byte is one letter in all of them, as far as names of elements go; some programs say UTF-16 of what is none.
KNOWN_LETTERS = {b"utf-8", b"utf-16", b"us-ascii", b"iso-8859-1", b"windows-1252"}
BEGINS, ENDS = "\0", "\1"  # signs that XML cannot hold
# A field begins with what it does, which a field inside could make up: then it might be anything.
STARTS_A_PROGRAM = re.compile(
    rf"(^|{BEGINS}|{ENDS})[\s\"']*DDE(AUTO)?\b|{BEGINS}[\s\"']*\w*{BEGINS}", re.IGNORECASE
)


def may_act(words):
    return SIGNS.search(words) is not None


def is_wide(words):
    """Is a part of which `words` are the beginning XML in UTF-16?"""
    return words.startswith(WIDE) and words.decode("utf-16", "replace").lstrip().startswith("<")


def check_letters(words):
    """Raises cells.Refused where a part of XML, of which `words` are the beginning, is written in letters that we and an office
    program might read differently."""
    if is_wide(words) or not words:
        return
    bare = words.removeprefix(b"\xef\xbb\xbf").lstrip()
    said = LETTERS.match(bare)
    if not bare.startswith(b"<") or bare[1:2] == b"\0" or (said and said[1].lower() not in KNOWN_LETTERS):
        raise cells.Refused("broken")


def check(xml):
    """Raises `Refused` where the part starts a program, cells.Refused where it is no XML."""
    # What fields say, in order, with marks where that begins and ends; the elements we are in.
    told, inside = [], []

    def start(name, attributes):
        inside.append(name)
        if name == "ddeLink":
            refuse()
        elif name == "fldSimple":
            told.extend((BEGINS, attribute(attributes, "instr"), ENDS))
        elif name == "fldChar":
            told.append(BEGINS if attribute(attributes, "fldCharType") == "begin" else ENDS)

    def text(words):
        if inside and inside[-1] in ("instrText", "delInstrText"):
            told.append(words)

    cells.parse(xml, start, lambda _name: inside.pop(), text)
    if STARTS_A_PROGRAM.search("".join(told)):
        refuse()


def attribute(attributes, name):
    return next((value for key, value in attributes.items() if key.rpartition(" ")[2] == name), "")


def refuse():
    raise Refused(
        _("This file starts another program when it is opened (DDE). Take that out, or print it to a PDF.")
    )
