"""What a file is called: words for people, never a place in a file system."""

import mimetypes
import re
import unicodedata

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assessments.uploads.kinds import Kind
from standards.text import clean_text

LIMIT = 120  # characters, the ending among them
NOT_IN_NAMES = re.compile(r'[\x00-\x1f\x7f/\\:*?"<>|]+')
RESERVED = re.compile(r"(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(\.|$)", re.IGNORECASE)  # devices of Windows
ENDINGS = {Kind.JPEG: ("jpg", "jpeg")}
CONTENTS = {
    Kind.PDF: gettext_lazy("a PDF"),
    Kind.PNG: gettext_lazy("a PNG picture"),
    Kind.JPEG: gettext_lazy("a JPEG picture"),
    Kind.DOCX: gettext_lazy("a Word document"),
    Kind.XLSX: gettext_lazy("an Excel workbook"),
    Kind.CSV: gettext_lazy("a CSV table"),
    Kind.TXT: gettext_lazy("plain text"),
}
MORE_ENDINGS = {
    "docm",
    "xlsm",
    "dotm",
    "vbs",
    "hta",
    "lnk",
    "ps1",
    "scr",
    "cmd",
    "jar",
    "svgz",
    "url",
    "phtml",
}


def cleaned(name, kind):
    """`name` without folders, controls and marks that turn the reading direction, with the ending of its kind."""
    last = re.split(r"[/\\]", name)[-1]
    shown = "".join(
        sign for sign in clean_text(last) if unicodedata.category(sign) not in ("Cf", "Co", "Zl", "Zp")
    )
    stem, ending = with_right_ending(" ".join(NOT_IN_NAMES.sub(" ", shown).split()).strip(". "), kind)
    stem = stem[: LIMIT - len(ending) - 1].strip(". ") or _("file")
    return f"_{stem}.{ending}" if RESERVED.match(stem) else f"{stem}.{ending}"


def another_ending(sent, kept, kind):
    """A sentence where the ending that a file was `sent` with is not the one it is `kept` with, "" where it is."""
    if sent.rpartition(".")[2].lower() == kept.rpartition(".")[2]:
        return ""
    words = {"sent": sent, "kept": kept, "contents": CONTENTS[kind]}
    return _("%(sent)s is kept as %(kept)s: what is in it is %(contents)s.") % words


def with_right_ending(name, kind):
    """(what stands before, the ending): other endings of files are taken off, so that nothing looks like a program."""
    right = ENDINGS.get(kind, (kind.value,))
    while True:
        stem, dot, ending = name.rpartition(".")
        if not dot or not stem:
            return name, right[0]
        if ending.lower() in right:
            return without_strangers(stem), ending.lower()
        if not is_ending(ending):
            return name, right[0]
        name = stem


def without_strangers(stem):
    """`stem` without endings that a system might act on where it hides the last one: offer.exe.pdf becomes offer.pdf."""
    while True:
        before, dot, ending = stem.rpartition(".")
        if not dot or not before or not is_ending(ending):
            return stem
        stem = before


def is_ending(word):
    return word.lower() in MORE_ENDINGS or mimetypes.guess_type(f"x.{word}") != (None, None)
