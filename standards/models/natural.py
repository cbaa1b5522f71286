"""Rows that fixtures name by what they are."""

from django.db import models


class NaturalKeys(models.Manager):
    """Finds a row by `natural_key_fields` of its model; `release__standard__key` and the like are followed."""

    def get_by_natural_key(self, *values):
        return self.get(**dict(zip(self.model.natural_key_fields, values, strict=True)))


class ByNaturalKey(models.Model):
    """A row that fixtures name by what it is, never by a number."""

    natural_key_fields = ()
    objects = NaturalKeys()

    class Meta:
        abstract = True

    def natural_key(self):
        value = []
        for path in self.natural_key_fields:
            found = self
            for name in path.split("__"):
                found = getattr(found, name)
            value.append(found)
        return tuple(value)
