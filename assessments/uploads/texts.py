"""Plain text and CSV. Which of the two is the one thing a name decides: both are only ever read."""

import re

from assessments.uploads import Refused, _

BYTE_ORDER_MARKS = (b"\xff\xfe", b"\xfe\xff")
# Tab, line feed, form feed and carriage return are text.
CONTROLS = re.compile("[\x00-\x08\x0b\x0e-\x1f\x7f]")
SNIFFED = 4096  # characters; a browser that guesses looks at 1,445 bytes
MARKUP = re.compile(
    r"<(!doctype|html|head|body|script|svg|iframe|img|object|embed|link|meta|style|\?xml|\?php|%)",
    re.IGNORECASE,
)
PROGRAMS = {
    *("js", "mjs", "ts", "vbs", "vbe", "wsf", "hta", "bat", "cmd", "ps1", "sh", "bash", "py", "pl", "rb", "php", "phtml"),
    *("jar", "lnk", "url", "reg", "scr", "com", "exe", "html", "htm", "xhtml", "svg", "xml", "desktop", "command"),
}  # fmt: skip


def kind_of(content, name):
    """The value of the `Kind`, CSV or TXT. Raises `Refused` for what is no text, and for text that is there to be run or shown by a browser."""
    text = decoded(content)
    if text.startswith("#!"):
        raise Refused(_("This is a script: it begins with “#!”. Evidence is read, not run."))
    found = MARKUP.search(text[:SNIFFED])
    if found:
        raise Refused(
            _(
                "This is a page or a drawing for a browser: it has “%(found)s” near its beginning. Print it to a PDF."
            ),
            found=found[0],
        )
    ending = name.rpartition(".")[2].lower() if "." in name else ""
    if ending in PROGRAMS:
        raise Refused(
            _(
                "A file that ends in .%(ending)s is a program or a page for a browser. Send a PDF or a .txt file of it."
            ),
            ending=ending,
        )
    return "csv" if ending == "csv" else "txt"


def decoded(content):
    """The text of the bytes: UTF-8, UTF-16 with its mark, or Windows Latin. Raises `Refused`."""
    encodings = ("utf-16",) if content.startswith(BYTE_ORDER_MARKS) else ("utf-8-sig", "cp1252")
    for encoding in encodings:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if not CONTROLS.search(text):
            return text
        break
    raise Refused(
        _(
            "This is none of the kinds of file that are kept, and no readable text either: PDF, PNG, JPEG, Word (.docx), "
            "Excel (.xlsx), CSV and plain text in UTF-8, UTF-16 or Latin letters."
        )
    )


def is_plain(content):
    try:
        decoded(content)
    except Refused:
        return False
    return True
