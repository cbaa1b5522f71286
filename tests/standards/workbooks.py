"""Templates filled in as a spreadsheet program would, and files that are no workbook of ours."""

import io
import zipfile

import xlsxwriter
from django.utils import timezone

from standards import wordings
from standards.models import Requirement
from standards.workbook.cells import read
from standards.workbook.layout import GUIDE, STATE, TEXTS, own_heading
from standards.workbook.template import template

SHEETS = (GUIDE, TEXTS, STATE)


def template_of(release):
    return template(release, at=timezone.now())


class Copy:
    """The cells of a workbook, to be changed and saved again. A cell `("formula", "=1+1")` is written as one."""

    def __init__(self, content):
        self.sheets, _ = read(content, SHEETS)

    @property
    def texts(self):
        return self.sheets[TEXTS]

    def row(self, key):
        return next(row for row in self.texts if row[0] == key)

    def number(self, key):
        """The row's number as people count."""
        return self.texts.index(self.row(key)) + 1

    def column(self, name):
        return self.texts[0].index(own_heading(name))

    def write(self, key, name, cell):
        self.row(key)[self.column(name)] = cell
        return self

    def saved(self):
        file = io.BytesIO()
        with xlsxwriter.Workbook(
            file,
            {"strings_to_formulas": False, "strings_to_urls": False, "default_date_format": "d mmm yyyy"},
        ) as book:
            for name, rows in self.sheets.items():
                sheet = book.add_worksheet(name)
                for number, row in enumerate(rows):
                    for column, cell in enumerate(row):
                        put(sheet, number, column, cell)
        return file.getvalue()


def put(sheet, row, column, cell):
    if isinstance(cell, tuple):
        sheet.write_formula(row, column, cell[1], None, cell[2] if len(cell) > 2 else 2)
    elif cell not in ("", None):
        sheet.write(row, column, cell)


def filled(release, texts, content=None):
    """The bytes of the template of `release` with `texts`, key -> field -> cell, written into it."""
    copy = Copy(content or template_of(release))
    for key, fields in texts.items():
        for name, cell in fields.items():
            copy.write(key, name, cell)
    return copy.saved()


def repacked(content, **parts):
    """The zip with parts replaced, or removed where the new content is None. `xl__workbook_xml` names xl/workbook.xml."""
    new = {name.replace("__", "/").replace("_xml", ".xml"): part for name, part in parts.items()}
    file = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as old,
        zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive,
    ):
        for name in old.namelist():
            part = new.pop(name, old.read(name))
            if part is not None:
                archive.writestr(name, part)
        for name, part in new.items():
            archive.writestr(name, part)
    return file.getvalue()


def own(key):
    requirement = Requirement.objects.select_related("wording").get(key=key)
    return {name: value for name, value in wordings.own_values(requirement).items() if value is not None}


def edit(key, **texts):
    """As the page of the requirement does."""
    requirement = Requirement.objects.select_related("wording").get(key=key)
    values = wordings.own_values(requirement) | texts
    wordings.store(requirement, values, written_against=requirement.fingerprint)
