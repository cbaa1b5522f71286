"""An organisation that holds something of every kind, and what the tables hold of it."""

from django.apps import apps
from django.db import connection
from django.utils import timezone

from assessments.models import (
    Activity,
    Comment,
    Finding,
    ItemCheck,
    Membership,
    Notice,
    Role,
    Target,
)
from assessments.models.activity import Verb
from tests import factories
from tests.access_rows import rows_of
from tests.assessments.workbooks import figures
from tests.conftest import member


def filled(name, release, newer):
    """(organisation, its owner) with rows of every kind, whose texts and people carry `name`."""
    organisation = factories.OrganisationFactory(name=f"{name} Ltd")
    owner, helper = (
        member(organisation, f"{name} {who}", role)
        for who, role in (("Owner", Role.OWNER), ("Helper", Role.CONTRIBUTOR))
    )
    site = factories.SiteFactory(organisation=organisation, name=f"{name} centre")
    assessment = factories.started(site, release, by=owner)
    rows = rows_of(assessment, owner, helper, newer)
    rows["binned"].delete()  # another organisation, which the table of addresses wants
    answer = rows["answer"]
    answer.record_note(f"=Note of {name}", by=helper, version=answer.version)
    item = answer.requirement.item
    limited = Membership.objects.get(user=helper)
    limited.limited = True
    limited.save()
    limited.sites.set([site])
    Comment.objects.create(answer=answer, text=f"Comment of {name}", by=helper)
    ItemCheck.objects.create(
        assessment=assessment,
        item=item,
        confirmed_by=helper,
        confirmed_at=timezone.now(),
        asked=1,
        versions=1,
    )
    Finding.objects.create(review=rows["review"], answer=answer, choice="1", answered="2")
    Notice.objects.create(
        user=owner, kind=Notice.Kind.COMMENT, assessment=assessment, answer=answer, at=timezone.now()
    )
    Target.objects.create(metric=rows["metric"], since="2026-01-01", low=80, rationale=name, set_by=owner)
    figures.enter(rows["timed"], "2026-08", owner, value=300, note=f"Reading of {name}")
    Activity.objects.record(organisation, Verb.SITE_ADDED, f"{name} centre", by=owner, site=site)
    return organisation, owner


def tables():
    """Table -> its rows, of every table that a deletion could touch, in an order of its own."""
    models = apps.get_models(include_auto_created=True)
    found = {}
    with connection.cursor() as cursor:
        for table in sorted({model._meta.db_table for model in models}):
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")  # noqa: S608 - our own tables
            found[table] = sorted(repr([_plain(cell) for cell in row]) for row in cursor.fetchall())
    return found


def _plain(cell):
    return bytes(cell) if isinstance(cell, memoryview) else cell
