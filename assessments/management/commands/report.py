"""`manage.py report 7 --out gap.pdf`: the gap report of an assessment without a browser."""

from datetime import date
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from assessments.models import Assessment
from assessments.report import document, pdf, spreadsheet, web
from assessments.report.word import word
from assessments.workbooks.report import workbook
from standards.text import whole_number


class Command(BaseCommand):
    help = "Writes the gap report of one assessment, as PDF, workbook, Word document or page, and its data as JSON or CSV."

    def add_arguments(self, parser):
        parser.add_argument("assessment", help="Its number: the last part of its address, /assessments/7/.")
        parser.add_argument("--out", metavar="FILE", help="where the PDF goes")
        parser.add_argument("--json", metavar="FILE", help="where the answers go, as JSON")
        parser.add_argument("--xlsx", metavar="FILE", help="where the workbook goes")
        parser.add_argument("--docx", metavar="FILE", help="where the Word document goes")
        parser.add_argument("--html", metavar="FILE", help="where the page goes, with its styles inside")
        parser.add_argument("--csv", metavar="FILE", help="where the ranked gaps go, as CSV")
        parser.add_argument(
            "--as-of", metavar="DATE", help="the date on the report; today at the site if left out"
        )
        parser.add_argument("--prepared-by", metavar="NAME", default="", help="the name on its cover")

    def handle(self, *args, **options):
        wanted = {
            kind: options[kind] for kind in ("json", "csv", "xlsx", "docx", "html", "out") if options[kind]
        }
        if not wanted:
            raise CommandError(
                "Say where to write: --out FILE for the PDF, --xlsx FILE, --docx FILE, --html FILE, --csv FILE, --json FILE."
            )
        assessment = self.assessment(options["assessment"])
        as_of = self.day(options["as_of"]) if options["as_of"] else assessment.site.today()
        found = document.build(assessment, as_of=as_of, prepared_by=options["prepared_by"], with_sites=True)
        make = {
            "json": pdf.answers_json,
            "csv": spreadsheet.gaps_csv,
            "xlsx": workbook,
            "docx": word,
            "html": web.alone,
            "out": self.pdf,
        }
        for kind, name in wanted.items():
            self.write(name, make[kind](found))

    def assessment(self, number):
        found = Assessment.objects.with_names().filter(pk=whole_number(number)).first()
        if found is None:
            raise CommandError(
                f"There is no assessment {number!r}. Its number is the last part of its address, /assessments/7/."
            )
        return found

    def day(self, text):
        try:
            return date.fromisoformat(text)
        except ValueError:
            raise CommandError(f"{text!r} is not a date. Write it as 2026-03-31.") from None

    def pdf(self, found):
        try:
            return pdf.render(found)
        except pdf.Unavailable as reason:
            raise CommandError(str(reason)) from None

    def write(self, name, content):
        try:
            Path(name).write_bytes(content)
        except OSError as error:
            raise CommandError(f"{name} cannot be written: {error.strerror}.") from None
        self.stdout.write(f"{name}: {len(content):,} bytes")
