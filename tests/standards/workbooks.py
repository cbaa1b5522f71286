"""Templates filled in as a spreadsheet program would."""

from django.utils import timezone

from standards import wordings
from standards.models import Requirement
from standards.workbook.layout import GUIDE, STATE, TEXTS, own_heading
from standards.workbook.template import template
from tests.workbooks import Copy


def template_of(release):
    return template(release, at=timezone.now())


class OwnWording(Copy):
    table, names = TEXTS, (GUIDE, TEXTS, STATE)

    def row(self, key):
        return next(row for row in self.rows if row[0] == key)

    def number(self, key):
        """The row's number as people count."""
        return self.rows.index(self.row(key)) + 1

    def column(self, name):
        return self.rows[0].index(own_heading(name))

    def write(self, key, name, cell):
        self.row(key)[self.column(name)] = cell
        return self


def filled(release, texts, content=None):
    """The bytes of the template of `release` with `texts`, key -> field -> cell, written into it."""
    copy = OwnWording(content or template_of(release))
    for key, fields in texts.items():
        for name, cell in fields.items():
            copy.write(key, name, cell)
    return copy.saved()


def own(key):
    requirement = Requirement.objects.select_related("wording").get(key=key)
    return {name: value for name, value in wordings.own_values(requirement).items() if value is not None}


def edit(key, **texts):
    """As the page of the requirement does."""
    requirement = Requirement.objects.select_related("wording").get(key=key)
    values = wordings.own_values(requirement) | texts
    wordings.store(requirement, values, written_against=requirement.fingerprint)
