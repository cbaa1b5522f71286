"""The gap report on paper."""

import ctypes
import os
import shutil
import subprocess
import sys
import tempfile
from contextlib import suppress
from datetime import date
from io import BytesIO
from pathlib import Path

from django.conf import settings
from django.core.management import CommandError

from assessments.management.benches.measuring import Bench, Floor
from assessments.models import Assessment
from assessments.report import document


def report(scratch):
    """The PDF of one assessment; beside it a plain table of as many pages, and Chromium, cold, printing the same HTML."""
    from assessments.report import pdf

    possible, reason = pdf.available()
    if not possible:
        raise CommandError(f"The report cannot be measured here: {reason}")
    assessment = Assessment.objects.with_names().get(pk=scratch.assessments[0].pk)
    value = document.build(assessment, date(2026, 1, 31), "Bench", with_sites=True)
    made = pdf.render(value)
    pages = page_count(made)
    floors = [Floor("a plain table of as many pages, untagged", lambda: plain_pages(pages), 3)]
    chromium = find_chromium()
    if chromium:
        count_orphans()
        floors.append(
            Floor(
                "Chromium, cold, printing the same HTML", lambda: print_cold(chromium, pdf.html(value)), 1.2
            )
        )
    note = f"{pages} pages, {len(made) / 1000:.0f} kB"
    return Bench("report", lambda: pdf.render(value), rounds=3, queries=0, floors=floors, note=note)


def page_count(made):
    from pypdf import PdfReader  # one of the test pins

    return len(PdfReader(BytesIO(made)).pages)


def plain_pages(pages):
    """The least WeasyPrint asks for so much paper: a two-column table without styles, 30 rows a page."""
    from weasyprint import HTML

    row = "<tr><td>PR6a<td>Workload is forecast for the long and the short term"
    HTML(string=f"<style>table{{table-layout:fixed}}</style><table>{row * (30 * pages)}</table>").write_pdf()


def find_chromium():
    names = (os.environ.get("COPCREADY_CHROMIUM"), "chromium", "chromium-browser", "google-chrome")
    return next((found for name in names if name and (found := shutil.which(name))), None)


def count_orphans():
    """Take in processes that outlive their parent, as Chromium's helpers do: two thirds of its CPU time are theirs."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(36, 1)  # PR_SET_CHILD_SUBREAPER of <sys/prctl.h>


def wait_for_orphans():
    with suppress(ChildProcessError):
        while True:
            os.wait()


def print_cold(chromium, html):
    with tempfile.TemporaryDirectory() as folder:
        command, file = printing(chromium, html, Path(folder))
        subprocess.run(command, check=True, capture_output=True)  # noqa: S603 - the browser found above, on a file of our own
        wait_for_orphans()  # os.times counts a child only once it was waited for
        return file.stat().st_size


def printing(chromium, html, folder):
    """(command, file) with which `chromium`, never started before, prints `html` in the styles of the report."""
    folder_of_styles = settings.BASE_DIR / "static" / "css"
    styles = [(folder_of_styles / name).as_uri() for name in ("report-fonts.css", "report.css")]
    links = "".join(f'<link rel="stylesheet" href="{style}">' for style in styles)
    page, file = folder / "report.html", folder / "report.pdf"
    page.write_text(html.replace("</head>", f"{links}</head>", 1))
    command = [
        chromium,
        "--headless",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--no-first-run",
        f"--user-data-dir={folder}/profile",
        f"--print-to-pdf={file}",
        page.as_uri(),
    ]
    return command, file
