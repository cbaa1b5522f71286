"""HTML on paper: the only file that knows WeasyPrint, and it loads it only when a PDF is wanted.

What is rendered is closed: nothing is fetched but the style sheet and fonts packaged with this application, and equal
documents give equal bytes.
"""

import gc
import json
from contextlib import contextmanager
from datetime import UTC, datetime, time
from functools import cache, partial
from threading import Lock

from django.conf import settings
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from assessments.report import spreadsheet
from assessments.report.document import as_json
from assessments.report.pages import context

BASE = (
    "https://packaged.invalid/static/"  # a host that cannot exist: an address below it names a packaged file
)
STYLE = "css/report.css"
SHEET_STYLE = "css/report-sheet.css"  # on top of it, for what is a single page
FONTS = "vendor/fonts/pdf"
VARIANT = "pdf/ua-1"

# Pango is not safe to enter twice from one process, and one report at a time bounds the memory of many.
_one_at_a_time = Lock()


@cache
def available():
    """(can a PDF be made here?, a sentence that says why not)."""
    try:
        import weasyprint
    except (ImportError, OSError):
        return False, _(
            "PDF is switched off: WeasyPrint does not find the Pango library on this machine. "
            "Run ./start again as an administrator, or install Pango by hand, and restart."
        )
    # A system font that has to be rewritten, such as a colour emoji font, would carry the time of the rewriting.
    weasyprint.pdf.fonts.TTFont = partial(weasyprint.pdf.fonts.TTFont, recalcTimestamp=False)
    return True, ""


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
    files = [root / STYLE, root / SHEET_STYLE, *sorted((root / FONTS).glob("*.ttf"))]
    return {BASE + file.relative_to(root).as_posix(): file for file in files}


def _fetcher():
    from weasyprint import URLFetcher
    from weasyprint.urls import URLFetcherResponse

    class Packaged(URLFetcher):
        files = packaged()

        def fetch(self, url, headers=None):
            if url not in self.files:
                raise ValueError(f"A report fetches nothing from outside: {url}")
            kind = "text/css" if url.endswith(".css") else "font/ttf"
            return URLFetcherResponse(url, self.files[url].read_bytes(), {"Content-Type": kind})

    return Packaged()


def html(document):
    """The pages of `document` as one HTML text, everything typed by people escaped."""
    text = render_to_string("assessments/report/report.html", context(document))
    return text.encode("utf-8", "replace").decode("utf-8")  # half a surrogate pair cannot be set


def answers_json(document):
    """The whole document as JSON text in UTF-8: what a program reads."""
    text = json.dumps(as_json(document), ensure_ascii=False, indent=1)
    return text.encode("utf-8", "backslashreplace")


def attachments(document):
    """(name, description, bytes) of the data that travels inside the file."""
    return [
        ("gaps.csv", _("Every gap with the arithmetic behind its rank"), spreadsheet.gaps_csv(document)),
        ("answers.json", _("Every answer with its level, note and reason"), answers_json(document)),
    ]


def render(document):
    """The PDF of `document`. Raises `Unavailable` where none can be made."""
    require()
    return write(html(document), [STYLE], attachments(document), document.as_of)


def require():
    """Raises `Unavailable` with the reason where no PDF can be made, before any work is put into one."""
    possible, reason = available()
    if not possible:
        raise Unavailable(reason)


def write(text, styles, attached=(), day=None):
    """`text`, a page of HTML, as a PDF tagged for accessibility (PDF/UA-1), in the packaged `styles`.

    `attached` are (name, description, bytes) of files to carry inside, dated `day`. Raises `Unavailable`.
    """
    require()
    from weasyprint import CSS, HTML, Attachment
    from weasyprint.text.fonts import FontConfiguration

    at = datetime.combine(day, time(), UTC) if attached else None
    files = [
        Attachment(string=content, name=name, description=description, created=at, modified=at)
        for name, description, content in attached
    ]
    fetcher = _fetcher()
    with undisturbed():
        fonts = FontConfiguration()
        sheets = [CSS(url=BASE + style, url_fetcher=fetcher, font_config=fonts) for style in styles]
        pages = HTML(string=text, base_url=BASE, url_fetcher=fetcher)
        return pages.write_pdf(
            stylesheets=sheets,
            font_config=fonts,
            attachments=files,
            pdf_variant=VARIANT,
            presentational_hints=False,
        )
