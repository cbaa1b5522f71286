"""How much an organisation holds: told before it is exported, and before it is deleted."""

from django.db.models import Sum
from django.db.models.functions import Length
from django.utils.translation import gettext as _

from assessments import models
from assessments.models.holdings import EXPORTED, HOLDINGS, holding_of

A_ROW = 100  # bytes, packed; in the demo, JSON and CSV together take 75 to 130
PACKED = 5  # times smaller: a frozen document in the zip


def counts(organisation):
    """(words, how many) of what people know by name."""
    kinds = (
        (models.Membership, _("Memberships")),
        (models.Site, _("Sites")),
        (models.Assessment, _("Assessments")),
        (models.Answer, _("Answers, open ones included")),
        (models.Evidence, _("Entries of evidence")),
        (models.Comment, _("Comments")),
        (models.Review, _("Reviews")),
        (models.Metric, _("Metrics")),
        (models.Reading, _("Months of metrics")),
        (models.Action, _("Actions")),
        (models.Milestone, _("Milestones")),
    )
    return [(words, holding_of(model).of(organisation).count()) for model, words in kinds]


def expected(organisation):
    """Bytes that the export will have, roughly: what is packed is guessed."""
    rows = sum(holding.of(organisation).count() for holding in EXPORTED)
    documents = _added(models.Milestone, Length("document"), organisation)
    printed = _added(models.MilestoneReport, Length("pdf"), organisation)
    stored = sum(
        holding.of(organisation).aggregate(total=Sum(holding.size))["total"] or 0
        for holding in HOLDINGS
        if holding.size
    )
    return rows * A_ROW + documents // PACKED + printed + stored


def _added(model, size, organisation):
    return holding_of(model).of(organisation).order_by().aggregate(total=Sum(size))["total"] or 0
