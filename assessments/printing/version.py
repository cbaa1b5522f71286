"""Which program prints: a PDF kept from an older one is never taken for what this one would make."""

from functools import cache
from hashlib import sha256
from importlib.metadata import version

from django.conf import settings

# Everything of ours that decides about a page, and the library that sets it.
PLACES = (
    ("assessments/report", "*.py"),
    ("assessments/rules", "*.py"),
    ("assessments/templatetags", "*.py"),
    ("templates/assessments/report", "*.html"),
    ("templates/assessments/report", "*.svg"),
    ("static/css", "report*.css"),
    ("static/vendor/fonts/pdf", "*.ttf"),
)


def files():
    return [file for folder, name in PLACES for file in sorted((settings.BASE_DIR / folder).rglob(name))]


@cache
def of_printer():
    """A hash that changes with the templates, styles, fonts, code and library behind a PDF. Read once a process."""
    digest = sha256(version("weasyprint").encode())
    for file in files():
        digest.update(file.relative_to(settings.BASE_DIR).as_posix().encode() + b"\0")
        digest.update(sha256(file.read_bytes()).digest())
    return digest.hexdigest()
