"""Files of monthly figures for the metrics of a site, and what became of them."""

import re
from datetime import date

from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from assessments.forms.reading_imports import Choice
from assessments.models import Reading, ReadingImport
from assessments.models.readings import Entry, record
from assessments.workbooks import readings_plan as plans

TWO = b"Metric,Sep 2026,Oct 2026\nHandle time,310,300\n"


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


# ---- on the pages -----------------------------------------------------------------------------------------------


def upload(client, site, content, name="figures.csv", **options):
    address = reverse("readings-import", args=[site.pk])
    return client.post(address, {"workbook": SimpleUploadedFile(name, content)}, **options)


def dry_run(client, site, content=TWO, name="figures.csv"):
    """The page that an upload leads to."""
    return upload(client, site, content, name, follow=True)


def address(name, done):
    return reverse(name, args=[done.site_id, done.pk])


def sent(page):
    """What the browser sends of a dry run: the hidden field, and the boxes that are ticked."""
    boxes = re.findall(r'name="leave" value="([^"]+)" checked', page.text)
    return {"seen": re.search(r'name="seen" value="([^"]*)"', page.text)[1], "leave": boxes}


def go(client, page, **changed):
    done = page.context["done"]
    return client.post(address("reading-import-apply", done), sent(page) | changed, follow=True)
