"""HTML on paper: the only file that knows WeasyPrint, and it loads it only when a PDF is wanted.

What is rendered is closed: nothing is fetched but the style sheet and fonts packaged with this application, and equal
documents give equal bytes.
"""

import base64
import gc
import logging
import re
import zlib
from contextlib import contextmanager
from datetime import UTC, datetime, time
from functools import cache, partial
from threading import Lock
from types import SimpleNamespace
from xml.etree import ElementTree

from django.conf import settings
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from assessments.report import spreadsheet
from assessments.report.options import DEFAULT, LETTER
from assessments.report.pages import context
from assessments.report.plain import as_text, printable

# A host that cannot exist: an address below it names a packaged file.
BASE = "https://packaged.invalid/static/"
FONT_STYLE = "css/report-fonts.css"
STYLE = "css/report.css"
LETTER_STYLE = "css/report-letter.css"  # on top of it, for the paper of North America
SHEET_STYLE = "css/report-sheet.css"  # on top of it, for what is a single page
LOGO = BASE + "logo.png"
FONTS = "vendor/fonts/pdf"
VARIANT = "pdf/ua-1"

# Two dozen of them in one paragraph end the process inside Pango. Right-to-left scripts are set right without.
TURNING = re.compile("[\u202a-\u202e\u2066-\u2069]")

# Streams at zlib's own level: the library's highest takes three times as long for two hundredths of the size.
DEFLATE = SimpleNamespace(compressobj=lambda level: zlib.compressobj(), compress=zlib.compress)

# Pango is not safe to enter twice from one process, and one report at a time bounds the memory of many.
_one_at_a_time = Lock()


@cache
def available():
    """(can a PDF be made here?, a sentence that says why not)."""
    try:
        import pydyf
        import weasyprint
    except (ImportError, OSError):
        return False, _(
            "PDF is switched off: WeasyPrint does not find the Pango library on this machine. "
            "Run ./start again as an administrator, or install Pango by hand, and restart."
        )
    # A system font that has to be rewritten, such as a colour emoji font, would carry the time of the rewriting.
    weasyprint.pdf.fonts.TTFont = partial(weasyprint.pdf.fonts.TTFont, recalcTimestamp=False)
    logging.getLogger("weasyprint").addFilter(_tells_no_text)
    pydyf.zlib = DEFLATE
    return True, ""


def _tells_no_text(record):
    """A sign that no font has is logged each time: a note in Hindi would be in the log sign by sign."""
    return not str(record.msg).startswith(".notdef glyph")


@contextmanager
def undisturbed():
    """Alone, and without the garbage collector, which walks the hundreds of thousands of boxes again and again."""
    with _one_at_a_time:
        running = gc.isenabled()
        gc.disable()
        try:
            yield
        finally:
            if running:
                gc.enable()


class Unavailable(Exception):
    """No PDF can be made on this machine; the message is the sentence to show."""


def packaged():
    """Address -> file of everything a report may fetch."""
    root = settings.BASE_DIR / "static"
    styles = [root / style for style in (FONT_STYLE, STYLE, LETTER_STYLE, SHEET_STYLE)]
    files = [*styles, *sorted((root / FONTS).glob("*.ttf"))]
    return {BASE + file.relative_to(root).as_posix(): file for file in files}


def _fetcher(logo=b""):
    """What opens the packaged files, and the bytes of a PNG `logo`, and nothing else."""
    from weasyprint import URLFetcher
    from weasyprint.urls import URLFetcherResponse

    class Packaged(URLFetcher):
        files = packaged()

        def fetch(self, url, headers=None):
            if logo and url == LOGO:
                return URLFetcherResponse(url, logo, {"Content-Type": "image/png"})
            if url not in self.files:
                raise ValueError(f"A report fetches nothing from outside: {url}")
            kind = "text/css" if url.endswith(".css") else "font/ttf"
            return URLFetcherResponse(url, self.files[url].read_bytes(), {"Content-Type": kind})

    return Packaged()


@cache
def _rules(style):
    """A style sheet without faces, read once: rules hold nothing of a document."""
    from weasyprint import CSS

    return CSS(url=BASE + style, url_fetcher=_fetcher())


def _parsed(text, fetcher):
    """`text` as WeasyPrint takes it. Our templates are XML as well as HTML, and what is well-formed is read in C: reading it
    as HTML takes a sixteenth of the whole. It comes to the same tree, as a test shows; text that is not well-formed, a stray
    ampersand in a translation, goes the slow way."""
    from cssselect2 import ElementWrapper
    from weasyprint import HTML

    class Parsed(HTML):
        def __init__(self, root):
            self.base_url, self.url_fetcher, self.media_type = BASE, fetcher, "print"
            self.wrapper_element = ElementWrapper.from_html_root(root, content_language=None)
            self.etree_element = root

        def _ua_stylesheets(self, forms=False):
            return []

    try:
        return Parsed(ElementTree.fromstring(text))  # noqa: S314 - our own output
    except ElementTree.ParseError:
        return HTML(string=text, base_url=BASE, url_fetcher=fetcher)


def html(document, options=DEFAULT):
    """The pages of `document` as one HTML text, everything typed by people escaped."""
    text = render_to_string("assessments/report/report.html", context(document, options) | {"logo": LOGO})
    return TURNING.sub("", printable(text))


def answers_json(document):
    """The whole document as JSON text in UTF-8: what a program reads."""
    return as_text(document).encode("utf-8", "backslashreplace")


def attachments(document):
    """(name, description, bytes) of the data that travels inside the file."""
    return [
        ("gaps.csv", _("Every gap with the arithmetic behind its rank"), spreadsheet.gaps_csv(document)),
        ("answers.json", _("Every answer with its level, note and reason"), answers_json(document)),
    ]


def render(document, options=DEFAULT):
    """The PDF of `document`, printed as `options` say. Raises `Unavailable` where none can be made."""
    require()
    styles = [STYLE, LETTER_STYLE] if options.paper == LETTER else [STYLE]
    attached = attachments(document) if options.carries_data else ()
    logo = base64.b64decode(options.logo)
    return write(html(document, options), styles, attached, document.as_of, logo)


def require():
    """Raises `Unavailable` with the reason where no PDF can be made, before any work is put into one."""
    possible, reason = available()
    if not possible:
        raise Unavailable(reason)


def write(text, styles, attached=(), day=None, logo=b""):
    """`text`, a page of HTML, as a PDF tagged for accessibility (PDF/UA-1), in the packaged `styles`.

    `attached` are (name, description, bytes) of files to carry inside, dated `day`; `logo` is the PNG at LOGO. Raises
    `Unavailable`.
    """
    require()
    from weasyprint import CSS, Attachment
    from weasyprint.text.fonts import FontConfiguration

    at = datetime.combine(day, time(), UTC) if attached else None
    files = [
        Attachment(string=content, name=name, description=description, created=at, modified=at)
        for name, description, content in attached
    ]
    fetcher = _fetcher(logo)
    with undisturbed():
        fonts = FontConfiguration()
        faces = CSS(url=BASE + FONT_STYLE, url_fetcher=fetcher, font_config=fonts)
        sheets = [faces, *map(_rules, styles)]
        return _parsed(text, fetcher).write_pdf(
            stylesheets=sheets,
            font_config=fonts,
            attachments=files,
            pdf_variant=VARIANT,
            presentational_hints=False,
            finisher=finish,
        )


def finish(rendered, made):
    """What is done to `made`, the `pydyf.PDF` of what WeasyPrint has `rendered`, before it is written."""
    from assessments.report import tagging

    tagging.finish(rendered.pages, made)
