"""The rows people look at most, as CSV for a spreadsheet. Text is kept from being taken for a formula."""

import csv
import io
from dataclasses import dataclass

from django.db.models import Model
from django.utils.translation import gettext as _

from assessments.exports.rows import CHUNK
from assessments.models import Action, Answer, Assessment, Channel, Metric, Reading, Role, Site
from assessments.models.holdings import holding_of
from assessments.report.spreadsheet import as_text


@dataclass(frozen=True)
class Table:
    """`columns` are pairs of a heading and a lookup, or of a heading, a lookup and what to make of its value."""

    name: str
    model: type[Model]
    columns: tuple

    def rows(self, reader, names):
        """Lists of cells; `names` says of the id of a person how they are called."""
        lookups = [lookup for _heading, lookup, *_made in self.columns]
        makers = [made[0] if made else _plain for _heading, _lookup, *made in self.columns]
        known = {PERSON: names.get, STATEMENT: reader.asked.statement}
        makers = [known.get(make, make) for make in makers]
        for row in holding_of(self.model).of(reader.organisation).values_list(*lookups).iterator(CHUNK):
            yield [make(value) for make, value in zip(makers, row, strict=True)]


# In the place of what to make of a value: it is the id of a person, or of a requirement.
PERSON, STATEMENT = object(), object()


def _plain(value):
    return "" if value is None else value


def _channels(values):
    return "; ".join(str(label) for label in Channel.labels_of(values))


def _label(choices):
    labels = dict(choices)
    return lambda value: str(labels.get(value, value))


def _when(moment):
    return moment.isoformat(timespec="seconds") if moment else ""


def tables():
    return (
        Table("sites", Site, _site_columns()),
        Table("assessments", Assessment, _assessment_columns()),
        Table("answers", Answer, _answer_columns()),
        Table("actions", Action, _action_columns()),
        Table("metrics", Metric, _metric_columns()),
        Table("readings", Reading, _reading_columns()),
    )


def _site_columns():
    return (
        (_("Number"), "pk"),
        (_("Name"), "name"),
        (_("Country"), "country"),
        (_("Seats"), "seats"),
        (_("Time zone"), "time_zone"),
        (_("Channels"), "channels", _channels),
        (_("Vendor"), "vendor"),
    )


def _assessment_columns():
    return (
        (_("Number"), "pk"),
        (_("Site"), "site__name"),
        (_("Standard"), "release__standard__name"),
        (_("Release"), "release__version"),
        (_("Variant"), "variant__code"),
        (_("Audit month"), "audit_month"),
        (_("Started"), "started_at", _when),
        (_("Last saved"), "saved_at", _when),
        (_("Score, percent"), "score"),
        (_("Ceiling, percent"), "ceiling"),
        (_("Asked"), "asked"),
        (_("Open"), "open"),
    )


def _answer_columns():
    return (
        (_("Site"), "assessment__site__name"),
        (_("Assessment"), "assessment_id"),
        (_("Item"), "requirement__item__code"),
        (_("Letter"), "requirement__letter"),
        (_("Key"), "requirement__key"),
        (_("What has to be shown"), "requirement", STATEMENT),
        (_("Choice"), "choice"),
        (_("Reason"), "reason", _label(Answer.Reason.choices)),
        (_("Reason in words"), "reason_text"),
        (_("Note"), "note"),
        (_("Answered by"), "answered_by", PERSON),
        (_("Answered"), "answered_at", _when),
    )


def _action_columns():
    return (
        (_("Site"), "assessment__site__name"),
        (_("Assessment"), "assessment_id"),
        (_("Action"), "title"),
        (_("Owner"), "owner", PERSON),
        (_("Owner without an account"), "owner_name"),
        (_("Status"), "status", _label(Action.Status.choices)),
        (_("Effort"), "effort", _label(Action.Effort.choices)),
        (_("Cost"), "cost", _label(Action.Cost.choices)),
        (_("Start"), "start"),
        (_("Due"), "due"),
        (_("Done when"), "done_when"),
        (_("Note"), "note"),
    )


def _metric_columns():
    return (
        (_("Number"), "pk"),
        (_("Site"), "site__name"),
        (_("Metric"), "name"),
        (_("What it measures"), "measures"),
        (_("Kind"), "kind", _label(Metric.Kind.choices)),
        (_("Unit"), "unit", _label(Metric.Unit.choices)),
        (_("First count"), "numerator"),
        (_("Second count"), "denominator"),
        (_("Better"), "direction", _label(Metric.Direction.choices)),
        (_("Every so many months"), "every"),
        (_("Owner"), "owner", PERSON),
        (_("Put away"), "archived_at", _when),
    )


def _reading_columns():
    return (
        (_("Site"), "metric__site__name"),
        (_("Metric"), "metric__name"),
        (_("Month"), "month"),
        (_("First count"), "numerator"),
        (_("Second count"), "denominator"),
        (_("Value"), "value"),
        (_("Note"), "note"),
        (_("Source"), "source"),
        (_("Entered by"), "by", PERSON),
        (_("Entered"), "at", _when),
    )


def table_lines(table, reader, names):
    """The table in pieces of text, its headings first."""
    yield from _lines([[column[0] for column in table.columns]])
    yield from _lines(table.rows(reader, names))


def people_lines(reader):
    """Everybody the export names; the e-mail addresses of members alone."""
    role = _label(Role.choices)
    rows = (
        [pk, name, email or "", role(reader.roles.get(pk)) if email else ""]
        for pk, name, email in reader.named()
    )
    yield from _lines([[_("Number"), _("Name"), _("E-mail address"), _("Role")]])
    yield from _lines(rows)


def _lines(rows):
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    for row in rows:
        writer.writerow([as_text(cell) for cell in row])
        yield out.getvalue()
        out.seek(0)
        out.truncate()
