"""PDF files: what acts by itself when one is opened, and what cannot be looked through, is refused.

Nothing is parsed. A hostile file can give two readers two different trees, so names are looked for in all its bytes, and in all
objects that are packed into streams, whether or not anything refers to them.
"""

import re
import zlib
from bisect import bisect
from typing import NamedTuple

from assessments.uploads import Refused, _, texts

ENDS_WITHIN = 1024  # bytes; where readers look for the beginning and the end
MOST_INFLATED = 60 * 1024 * 1024  # bytes of all packed objects together, and of all files inside
MOST_STREAMS = 100_000
# A stream that stands in another may be the real one for some reader. Ours and those of print programs have none; each costs
# a look at all that is behind it.
MOST_NESTED = 50
OBJECT = re.compile(rb"(\d{1,10})\s{1,4}\d{1,5}\s{1,4}obj\b")
STREAM = re.compile(rb"\bstream\r?\n")
# A stream of objects begins with their numbers and places.
OBJECTS_PACKED = re.compile(rb"\s*\d{1,10}\s+\d{1,10}\s")
ESCAPE = re.compile(rb"#([0-9A-Fa-f]{2})")
ATTACHED = re.compile(rb"/EF\s*(?:<<(.{0,400}?)>>|(\d{1,10}\s+\d{1,5}\s+R))", re.DOTALL)
REFERENCE = re.compile(rb"(\d{1,10})\s+\d{1,5}\s+R")
MARKUP = re.compile(rb"<(!doctype|html|script|svg|iframe|body)", re.IGNORECASE)
PEEKED = 64  # bytes
# Names of the PDF format that make a reader do something. All are long enough never to turn up in packed bytes by chance.
ACTS = {
    b"/JavaScript": _("In this PDF is a script (JavaScript)."),
    b"/Launch": _("In this PDF is a command that starts a program."),
    b"/RichMedia": _("In this PDF is a film or a Flash animation."),
    b"/SubmitForm": _("In this PDF is a form that sends what is typed into it elsewhere."),
    b"/ImportData": _("In this PDF is a command that reads files of whoever opens it."),
    b"/GoToE": _("In this PDF is a jump into a file hidden in it."),
    b"/XFA": _("In this PDF is a form that runs scripts (XFA)."),
}
ACTING = re.compile(
    rb"(/JavaScript|/Launch|/RichMedia|/SubmitForm|/ImportData|/GoToE|/XFA(?=[\s\[]))(?![A-Za-z0-9])"
)
TOO_MUCH = _("This PDF unpacks to far more than it should. Print it to a new PDF.")
ENCRYPTED = re.compile(rb"/Encrypt(?=[\s<])")


class Stream(NamedTuple):
    """`number` is that of the object it belongs to; `start` and `end` are places in the file."""

    number: int
    start: int
    end: int


def check(content):
    """Raises `Refused` with a sentence that names what was found."""
    check_ends(content)
    bare = plain(content)
    check_names(bare)
    streams = streams_of(content)
    unpacked = packed_objects(content, streams)
    for text in unpacked:
        check_names(text)
    check_attached(content, streams, [bare, *unpacked])


def check_ends(content):
    end = content.rfind(b"%%EOF", -ENDS_WITHIN)
    if end < 0:
        raise Refused(_("This PDF is not complete: its end is missing. Download or save it anew."))
    if content[end + 5 :].strip(b"\0\t\n\f\r "):
        raise Refused(
            _("Behind the end of this PDF something else follows. Print it to a new PDF and send that.")
        )
    found = MARKUP.search(content, 0, ENDS_WITHIN)
    if found:
        raise Refused(
            _("This PDF is a page for a browser too: it has “%(found)s” near its beginning."),
            found=found[0].decode(),
        )


def plain(words):
    """Names may be written with numbers for letters: /Java#53cript is /JavaScript."""
    return ESCAPE.sub(lambda match: bytes([int(match[1], 16)]), words) if b"#" in words else words


def check_names(words):
    if ENCRYPTED.search(words):
        raise Refused(_("This PDF has a password, so nobody can look through it. Save it without one."))
    found = ACTING.search(words)
    if found:
        raise Refused(
            ACTS[found[1]], _("Print it to a new PDF, which leaves that out, and send the new one.")
        )


def streams_of(content):
    """Every stream of the file, in order, with those that stand in one. The marks are found in one pass, so that time grows with
    size only."""
    objects = [(match.start(), int(match[1])) for match in OBJECT.finditer(content)]
    if not objects:
        raise Refused(_("This PDF is damaged: there is nothing in it. Save it anew."))
    places = [place for place, _number in objects]
    found, end, nested = [], 0, 0
    for mark in STREAM.finditer(content):
        nested += mark.end() <= end
        if len(found) == MOST_STREAMS or nested > MOST_NESTED:
            raise Refused(_("This PDF has far more parts than a document needs. Print it to a new PDF."))
        if mark.end() > end:
            end = content.find(b"endstream", mark.end())
            end = len(content) if end < 0 else end
        before = bisect(places, mark.start()) - 1
        found.append(Stream(objects[before][1] if before >= 0 else 0, mark.end(), end))
    return found


def packed_objects(content, streams):
    """What the streams of objects hold, with names written plainly. A stream is known as one by what is in it; one that calls
    itself so and cannot be unpacked is refused."""
    called = [match.end() for match in re.finditer(rb"/ObjStm", plain_places(content))]
    starts = [stream.start for stream in streams]
    wanted = {bisect(starts, place) for place in called}
    found, left = [], MOST_INFLATED
    for number, stream in enumerate(streams):
        if number in wanted or OBJECTS_PACKED.match(peek(content, stream)):
            text = inflated(content, stream, left)
            left -= len(text)
            found.append(plain(text))
    return found


def plain_places(content):
    """`content` as `plain` makes it, with the length kept, so that places in one are places in the other."""
    return (
        ESCAPE.sub(lambda match: bytes([int(match[1], 16)]) + b"  ", content) if b"#" in content else content
    )


def peek(content, stream):
    """The first bytes of a stream, unpacked; what cannot be unpacked is no stream of objects that a reader could use."""
    try:
        return zlib.decompressobj().decompress(
            content[stream.start : min(stream.end, stream.start + 512)], PEEKED
        )
    except zlib.error:
        return b""


def inflated(content, stream, limit):
    """A stream unpacked. Raises `Refused` where it is not packed as nearly all are, or unpacks to more than `limit` bytes."""
    unpacker = zlib.decompressobj()
    try:
        text = unpacker.decompress(content[stream.start : stream.end], max(1, limit))
    except zlib.error:
        text = None
    if text is not None and unpacker.unconsumed_tail:
        raise Refused(TOO_MUCH)
    if text is None or not unpacker.eof:
        raise Refused(
            _(
                "A part of this PDF is damaged or packed in a way that cannot be looked through. Print it to a new PDF."
            )
        )
    return text


def check_attached(content, streams, words):
    """Files inside have to be plain text, as the data in our own reports are: nobody sees them before they are opened."""
    named = {
        int(number)
        for each in words
        for match in ATTACHED.finditer(each)
        for number in REFERENCE.findall(match[1] or match[2])
    }
    inside = [stream for stream in streams if stream.number in named]
    if named - {stream.number for stream in inside}:
        raise Refused(_("In this PDF is another file that cannot be looked through. Print it to a new PDF."))
    left = MOST_INFLATED
    for stream in inside:
        text = content[stream.start : stream.end].rstrip(b"\r\n")
        if not texts.is_plain(text):
            text = inflated(content, stream, left)
        left -= len(text)
        if left < 0:
            raise Refused(TOO_MUCH)
        if not texts.is_plain(text):
            raise Refused(
                _(
                    "In this PDF is another file that is no plain text. Print it to a new PDF, or send both files apart."
                )
            )
