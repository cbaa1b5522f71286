"""Files of monthly figures for the metrics of a site, and what became of them."""

from datetime import date

from assessments.forms.reading_imports import Choice
from assessments.models import Reading, ReadingImport
from assessments.models.readings import Entry, record
from assessments.workbooks import readings_plan as plans


def begun(site, by, text):
    """A dry run of a CSV file."""
    said = plans.said(text.encode(), plans.followed(site))
    return ReadingImport.objects.begin(site=site, by=by, file_name="figures.csv", sha256="0" * 64, said=said)


def everything(done):
    """What a page sends back on which nothing is left out."""
    return Choice(seen=frozenset(plans.plan(done).seen.split()))


def applied(site, by, text):
    done = begun(site, by, text)
    plans.apply(done, everything(done), by=by)
    return done


def enter(metric, month, by, **values):
    """Save one reading by hand; `month` is '2026-10'."""
    entry = Entry(metric, date.fromisoformat(f"{month}-01"), values)
    return record(metric.site, [entry], by=by)


def register(site):
    """(metric, '2026-10') -> numerator, denominator, value and note of every reading with a figure or a note."""
    rows = Reading.objects.filter(metric__site=site).select_related("metric").order_by("metric", "month")
    found = {
        (row.metric.name, f"{row.month:%Y-%m}"): (row.numerator, row.denominator, row.value, row.note)
        for row in rows
    }
    return {place: held for place, held in found.items() if held != (None, None, None, "")}
