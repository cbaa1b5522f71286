"""Deleting an organisation: into the bin, out of it again, and for good once nobody can put it back."""

import logging

from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.utils import timezone

from assessments.models import holdings
from assessments.models.activity import Activity, Verb
from assessments.models.people import Organisation

log = logging.getLogger("copcready.organisations")


@transaction.atomic
def put_in(organisation, *, by):
    """From now on nobody sees anything of it. False where it was in the bin already."""
    if not Organisation.objects.filter(pk=organisation.pk, binned_at=None).update(
        binned_at=timezone.now(), binned_by=by
    ):
        return False
    organisation.refresh_from_db()
    Activity.objects.record(organisation, Verb.ORGANISATION_BINNED, by=by)
    log.info(
        "organisation %s put in the bin by user %s",
        organisation.pk,
        by.pk,
        extra=_said(organisation, "binned"),
    )
    return True


@transaction.atomic
def take_out(organisation, *, by):
    """Everything is where it was. False where it is not in the bin, or for so long that it is being deleted."""
    restorable = Organisation.objects.restorable_by(by).filter(pk=organisation.pk).values("pk")
    # Asked of the row once more: who waited for somebody else's update finds it out of the bin.
    binned = Organisation.objects.filter(pk__in=restorable).exclude(binned_at=None)
    if not binned.update(binned_at=None, binned_by=None):
        return False
    Activity.objects.record(organisation, Verb.ORGANISATION_RESTORED, by=by)
    log.info(
        "organisation %s put back by user %s", organisation.pk, by.pk, extra=_said(organisation, "restored")
    )
    return True


def delete_for_good(organisation):
    """Nothing of it is left but a line in the log, which says no name. People keep their accounts.

    A step a kind of row, each in a transaction of its own, so that nobody else waits long; killed half-way, it is called
    again and goes on, because the organisation itself goes last. Raises ValueError for one that could still be put back.
    """
    if not Organisation.objects.past_restoring().filter(pk=organisation.pk).exists():
        raise ValueError(f"Organisation {organisation.pk} can still be put back.")
    for holding in reversed(holdings.HOLDINGS):
        _discard_files(holding, organisation)
        with transaction.atomic():
            if holding.model is Organisation:
                _forget_in_admin_log(organisation)
            _delete_rows(holding, organisation)
    log.info(
        "organisation %s deleted for good; put in the bin at %s by user %s",
        organisation.pk,
        organisation.binned_at.isoformat(),
        organisation.binned_by_id,
        extra=_said(organisation, "deleted"),
    )


def _discard_files(holding, organisation):
    """The bytes go before the row: as long as there is a row, it says which bytes are still to be deleted."""
    if holding.file:
        for row in holding.of(organisation).iterator():
            getattr(row, holding.file).delete(save=False)


def _delete_rows(holding, organisation):
    rows = holding.of(organisation)
    for field in holding.model._meta.concrete_fields:
        if field.related_model is holding.model:  # rows of one kind that keep each other
            rows.exclude(**{field.name: None}).update(**{field.name: None})
    rows.delete()


def _forget_in_admin_log(organisation):
    """Its lines name the organisation and its members."""
    of_organisations = ContentType.objects.get_for_model(Organisation)
    LogEntry.objects.filter(content_type=of_organisations, object_id=str(organisation.pk)).delete()


def _said(organisation, event):
    """The same for programs that read the log."""
    at = organisation.binned_at
    return {
        "event": f"organisation-{event}",
        "organisation": organisation.pk,
        "binned_at": at and at.isoformat(),
        "binned_by": organisation.binned_by_id,
    }
