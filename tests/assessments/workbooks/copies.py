"""Questionnaires filled in as a spreadsheet program would, and what became of the answers."""

from django.utils import timezone

from assessments.forms.workbooks import Ticks
from assessments.models import AnswerImport, Assessment
from assessments.workbooks import plan, questionnaire, reading
from assessments.workbooks.layout import HEADINGS, KEY, QUESTIONNAIRE, SHEETS
from tests.workbooks import Copy


def downloaded(assessment):
    assessment = Assessment.objects.with_names().get(pk=assessment.pk)
    return questionnaire.workbook(assessment, by=assessment.started_by, at=timezone.now())


class Questionnaire(Copy):
    table, names = QUESTIONNAIRE, SHEETS

    def row(self, key):
        return next(row for row in self.rows if row[self.column(KEY)] == key)

    def number(self, key):
        """The row's number as people count."""
        return self.rows.index(self.row(key)) + 1

    def column(self, name):
        return self.rows[0].index(str(HEADINGS[name]))

    def cells(self, key):
        return {name: self.row(key)[self.column(name)] for name in ("level", "reason", "reason_text", "note")}

    def write(self, key, /, **cells):
        for name, cell in cells.items():
            self.row(key)[self.column(name)] = cell
        return self


def filled(assessment, rows, content=None):
    """The bytes of the questionnaire with `rows`, key -> column -> cell, written into it."""
    copy = Questionnaire(content or downloaded(assessment))
    for key, cells in rows.items():
        copy.write(key, **cells)
    return copy.saved()


def said(assessment, rows, content=None):
    return reading.read(filled(assessment, rows, content), assessment)


def begun(assessment, by, rows, content=None):
    """A dry run."""
    found = said(assessment, rows, content)
    return AnswerImport.objects.begin(
        assessment=assessment, by=by, file_name="ours.xlsx", sha256="0" * 64, said=found.as_json()
    )


def ticks(done):
    """Everything ticked that the page would tick."""
    return Ticks({entry.answer.pk: entry.answer.version for entry in plan.plan(done).changing})


def applied(assessment, by, rows, content=None):
    done = begun(assessment, by, rows, content)
    plan.apply(done, ticks(done), by=by)
    return done


def answer(assessment, key):
    return assessment.answers.get(requirement__key=key)


def sheet(assessment):
    """Everything of every answer but its version."""
    names = [
        *("requirement", "choice", "reason", "reason_text", "note", "answered_by", "answered_at"),
        *("noted_by", "noted_at", "assignee", "flagged", "carried"),
    ]
    return sorted(assessment.answers.values_list(*names))
