"""Writes the table of counts into the documentation, from what is in the database."""

from pathlib import Path

from django.conf import settings
from django.core.management import CommandError
from django.core.management.base import BaseCommand

from standards import counts, reading

TARGET = settings.BASE_DIR / "docs" / "standards.md"
INTRODUCTION = """\
# The standards that are shipped

What each release asks, counted in the database by `manage.py countstandards`: do not edit this by hand. The same tables
stand on the page `/standards/` of every instance. A practice is a way of working, a result is a figure; the quick scan
is the part that small centres start with. One requirement may be asked of several variants.
"""


class Command(BaseCommand):
    help = "Counts what the shipped releases ask, by variant, domain and kind, and writes it to docs/standards.md."

    def add_arguments(self, parser):
        parser.add_argument(
            "--output", type=Path, default=TARGET, help="where to write; default: docs/standards.md"
        )

    def handle(self, *, output, **options):
        text = document()
        if not text:
            raise CommandError(
                "No standard is loaded, so there is nothing to count. Run loadstandards first."
            )
        try:
            output.write_text(text, encoding="utf-8")
        except OSError as error:
            raise CommandError(f"{output} cannot be written: {error.strerror}.") from error
        self.stdout.write(f"Written: {output}")


def document():
    """The whole page as Markdown, or nothing where no shipped release is loaded."""
    releases = reading.shipped_releases()
    tables = counts.count(releases)
    sections, standard = [], None
    for release in releases:
        if release.standard != standard:
            standard = release.standard
            sections.append(f"\n## {standard.name}\n")
        sections.append(
            f"\n### {release.version}\n\n{tables[release.pk].sentence}\n\n{_table(tables[release.pk])}"
        )
    return INTRODUCTION + "".join(sections) if sections else ""


def _table(table):
    several = len(table.variants) > 1
    codes = [variant.code for variant in table.variants] if several else []
    lines = [
        _line("Domain", "Kind", *codes, "In all"),
        _line(":--", ":--", *["--:"] * len(codes), "--:"),
    ]
    for row in (*table.rows, *table.sums):
        numbers = row.by_variant if several else []
        lines.append(_line(row.name, row.kind, *numbers, row.any_variant))
    return "".join(lines)


def _line(*cells):
    return f"| {' | '.join(map(str, cells))} |\n"
