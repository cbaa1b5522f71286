"""Everything that can belong to an organisation: what its export holds, and what goes when it is deleted for good.

A new model with a way to an organisation gets a line here; a test looks for those that have none.
"""

from dataclasses import dataclass

from django.db.models import Model, QuerySet

from assessments import models


@dataclass(frozen=True)
class Holding:
    """The rows of one model. `path` leads from a row to its organisation.

    `hidden` are the fields that no export holds. With `because`, the reason, no row is exported at all; everything is
    deleted in any case. Each row of a `large` one may have megabytes. `file` is the field of a stored file, `named` the
    one with the name it was given, and `size` the one with its bytes.
    """

    model: type[Model]
    path: str
    hidden: tuple[str, ...] = ()
    because: str = ""
    large: bool = False
    file: str = ""
    named: str = ""
    size: str = ""

    @property
    def name(self):
        """Of its file in an export."""
        return str(self.model._meta.verbose_name_plural).replace(" ", "-")

    def of(self, organisation):
        """The rows of `organisation`, in the order in which they were made: all of them, whoever asks.

        Not through the manager of the model: some refuse to delete what is kept for as long as the organisation is.
        """
        return QuerySet(self.model).filter(**{self.path: organisation.pk}).order_by("pk")


MADE_AGAIN = "A report that was asked for is made again from the answers at any time."
SAID_ELSEWHERE = "It reminds somebody of what stands in the answers, reviews and comments."

# What others point to comes first. Deleting goes from the end to the beginning.
HOLDINGS = (
    Holding(models.Organisation, "pk"),
    Holding(models.Site, "organisation"),
    Holding(models.Membership, "organisation"),
    Holding(models.Invitation, "organisation", hidden=("sha256", "email")),
    Holding(models.ReportLook, "organisation", hidden=("logo",)),  # a file of its own
    Holding(models.Activity, "organisation"),
    Holding(models.ApiToken, "site__organisation", hidden=("sha256", "begins")),
    Holding(models.Assessment, "site__organisation"),
    Holding(models.FitCheck, "assessment__site__organisation"),
    Holding(models.Answer, "assessment__site__organisation"),
    Holding(models.AnswerRevision, "answer__assessment__site__organisation"),
    Holding(models.EvidenceFile, "organisation", hidden=("stored",), file="held", named="name", size="size"),
    Holding(models.Evidence, "answer__assessment__site__organisation"),
    Holding(models.Comment, "answer__assessment__site__organisation"),
    Holding(models.ItemCheck, "assessment__site__organisation"),
    Holding(models.Review, "assessment__site__organisation"),
    Holding(models.Finding, "review__assessment__site__organisation"),
    Holding(models.AnswerImport, "assessment__site__organisation", large=True),
    Holding(models.Metric, "site__organisation"),
    Holding(models.Target, "metric__site__organisation"),
    Holding(models.Reading, "metric__site__organisation"),
    Holding(models.ReadingRevision, "reading__metric__site__organisation"),
    Holding(models.ReadingImport, "site__organisation", large=True),
    Holding(models.Action, "assessment__site__organisation"),
    Holding(models.Milestone, "assessment__site__organisation", hidden=("document",)),  # a file of its own
    Holding(models.MilestoneReport, "milestone__assessment__site__organisation", hidden=("pdf",)),  # likewise
    Holding(models.ShareLink, "milestone__assessment__site__organisation", hidden=("sha256",)),
    Holding(models.Notice, "assessment__site__organisation", because=SAID_ELSEWHERE),
    Holding(models.ReportJob, "assessment__site__organisation", because=MADE_AGAIN),
    Holding(models.ReportSource, "job__assessment__site__organisation", because=MADE_AGAIN),
    Holding(models.ReportPrint, "job__assessment__site__organisation", because=MADE_AGAIN),
)
EXPORTED = tuple(holding for holding in HOLDINGS if not holding.because)


def holding_of(model):
    (found,) = (holding for holding in HOLDINGS if holding.model is model)
    return found
