"""Rows that are added and read, and no more. Triggers in the database hold the same against everything else."""

from django.db import models

from assessments.models.people import ScopedQuerySet


class Frozen(Exception):
    """Somebody tried to change or delete what is kept for ever. The message is a sentence."""


class KeptQuerySet(ScopedQuerySet):
    def update(self, **fields):
        self.model.refuse()

    def delete(self):
        self.model.refuse()

    update.alters_data = delete.alters_data = True
    delete.queryset_only = True


class Kept(models.Model):
    """A row that is stored once. KEPT_BECAUSE is the sentence for whoever tries to change or delete one."""

    KEPT_BECAUSE = ""

    class Meta:
        abstract = True

    def save(self, *args, **kwargs):
        if not self._state.adding:
            self.refuse()
        super().save(*args, **kwargs)

    def delete(self, *args, **kwargs):
        self.refuse()

    @classmethod
    def refuse(cls):
        raise Frozen(cls.KEPT_BECAUSE)
