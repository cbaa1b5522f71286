"""Files that are evidence: what is known of each, and how much of the store an organisation fills."""

from contextlib import suppress
from functools import partial
from hashlib import sha256
from typing import NamedTuple

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Count, Q, Sum
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from assessments.models import evidence_store
from assessments.models.people import Organisation, ScopedQuerySet
from assessments.uploads.kinds import Kind


class Used(NamedTuple):
    """What an organisation keeps; `size` in bytes. Removed and replaced evidence counts, because it can be put back."""

    files: int
    size: int

    @property
    def nearly_full(self):
        return self.files > 0.9 * settings.EVIDENCE_FILES or self.size > 0.9 * settings.EVIDENCE_BYTES


class EvidenceFileQuerySet(ScopedQuerySet):
    to_organisation = "organisation"

    def used(self, organisation_id):
        rows = self.filter(organisation=organisation_id)
        return Used(**rows.aggregate(files=Count("pk"), size=Coalesce(Sum("size"), 0)))

    def keep(self, organisation_id, checked, *, by):
        """The row of `checked`, whose bytes are in the store already under the name it has there.

        Call it in a transaction. Raises ValidationError where the organisation has no room for it: the row of the organisation
        is locked until then, so that many who upload at once cannot fill it further together than one could.
        """
        Organisation.objects.select_for_update().get(pk=organisation_id)
        self.check_room(organisation_id, len(checked.content))
        return self.create(
            organisation_id=organisation_id,
            name=checked.name,
            stored=checked.stored,
            kind=checked.kind,
            size=len(checked.content),
            sha256=checked.sha256,
            uploaded_by=by,
        )

    def check_room(self, organisation_id, size, files=1):
        """Raises ValidationError where `files` more files of `size` bytes together would be too much."""
        used = self.used(organisation_id)
        if used.files + files > settings.EVIDENCE_FILES or used.size + size > settings.EVIDENCE_BYTES:
            # Says nothing of how much the sites keep that the reader does not work in.
            raise ValidationError(
                _(
                    "This organisation has no room for what you chose. Nothing was added. Ask an owner or a manager: they see "
                    "on the page of the evidence how much is kept."
                )
            )

    def delete_of(self, organisation):
        """Delete the rows of `organisation` for good, which no evidence may refer to any more; their bytes go once that is
        certain. What the store does not give up then is found by `manage.py checkevidence`."""
        rows = self.filter(organisation=organisation)
        for name in rows.values_list("stored", flat=True):
            transaction.on_commit(partial(_forget, name))
        return rows.delete()


class EvidenceFile(models.Model):
    """`name` is what people call it, `stored` its name in the store. Never changed: a newer file is a row of its own."""

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    name = models.CharField(max_length=120)
    stored = models.CharField(max_length=60, unique=True)
    kind = models.CharField(max_length=8, choices=Kind)
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    uploaded_at = models.DateTimeField(auto_now_add=True)
    objects = EvidenceFileQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(condition=Q(size__gt=0), name="evidence_file_is_not_empty"),
            models.CheckConstraint(condition=Q(kind__in=Kind.values), name="evidence_file_has_a_known_kind"),
        ]

    def __str__(self):
        return self.name

    @property
    def content_type(self):
        return Kind(self.kind).content_type

    @property
    def held(self):
        return Held(self.stored)

    def open(self):
        """Its bytes, to be read. Raises evidence_store.Missing and evidence_store.Unreachable."""
        return evidence_store.opened(self.stored)


class Held:
    """The bytes of a file in the store, as Django's stored files are read and deleted."""

    def __init__(self, name):
        self.name, self.file = name, None

    def open(self, mode="rb"):
        """Raises OSError where the store has no such file or does not answer."""
        try:
            self.file = evidence_store.opened(self.name)
        except (evidence_store.Missing, evidence_store.Unreachable) as reason:
            raise OSError(str(reason)) from reason

    def chunks(self, size):
        return self.file.chunks(size)

    def close(self):
        self.file.close()

    def delete(self, save=False):
        """Raises evidence_store.Unreachable; `save` is for whoever has a column to empty."""
        evidence_store.remove(self.name)


class Putting:
    """`with Putting(organisation_id, checked) as putting:` the bytes of all `checked` are in the store for the block, and stay
    there only if it ends well. `putting` are the same, each with the name it has in the store.

    The store may be slow, so it is asked before the transaction that makes the rows, and not within. Raises Unreachable.
    """

    def __init__(self, organisation_id, checked):
        self.files = [StoredFile(*each, evidence_store.new_name(organisation_id)) for each in checked]

    def __enter__(self):
        try:
            for file in self.files:
                evidence_store.put(file.stored, file.content)
        except BaseException:
            self.take_back()
            raise
        return self.files

    def __exit__(self, kind, *args):
        if kind is not None:
            self.take_back()

    def take_back(self):
        for file in self.files:
            file.take_back()


class StoredFile(NamedTuple):
    content: bytes
    kind: str
    name: str
    stored: str

    @property
    def sha256(self):
        return sha256(self.content).hexdigest()

    def take_back(self):
        """Its bytes, out of the store."""
        _forget(self.stored)


def _forget(name):
    with suppress(evidence_store.Unreachable):  # then it is left, and `checkevidence` names it
        evidence_store.remove(name)
