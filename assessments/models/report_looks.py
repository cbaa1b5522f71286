"""How the reports of an organisation look unless somebody chooses otherwise."""

import base64

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from assessments.models.people import Organisation, ScopedQuerySet


class ReportLookQuerySet(ScopedQuerySet):
    to_organisation = "organisation"

    def of(self, organisation):
        """The look of `organisation`, stored or not."""
        return self.filter(organisation=organisation).first() or self.model(organisation=organisation)


class ReportLook(models.Model):
    """`logo` is a PNG that we encoded ourselves, or empty."""

    class Paper(models.TextChoices):
        A4 = "a4", _("A4")
        LETTER = "letter", _("Letter (North America)")

    organisation = models.OneToOneField(Organisation, models.CASCADE, related_name="report_look")
    paper = models.CharField(max_length=6, choices=Paper, default=Paper.A4)
    mark = models.CharField(
        max_length=60,
        blank=True,
        help_text=_("Stands on the cover. Empty: Confidential to the organisation."),
    )
    logo = models.BinaryField(default=bytes, blank=True)
    changed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    changed_at = models.DateTimeField(auto_now=True)
    objects = ReportLookQuerySet.as_manager()

    def __str__(self):
        return f"Look of the reports of {self.organisation}"

    @property
    def logo_text(self):
        """The logo in base64, as text."""
        return base64.b64encode(bytes(self.logo)).decode()
