"""The steps a site takes to close its gaps: who does what by when, and how one knows that it is done."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from assessments.models.answers import Answer
from assessments.models.assessments import Assessment
from assessments.models.people import ScopedQuerySet


class ActionQuerySet(ScopedQuerySet):
    to_memberships = "assessment__site__organisation__memberships"

    def ahead(self):
        """What is still to be done: neither done nor dropped."""
        return self.exclude(status__in=Action.OVER)


class Action(models.Model):
    """A step that closes one or more gaps. Its owner is a member, or a name outside the system."""

    class Effort(models.TextChoices):
        SMALL = "S", _("Small: under 5 person-days")
        MEDIUM = "M", _("Medium: 5 to 20 person-days")
        LARGE = "L", _("Large: more than 20 person-days")

    class Cost(models.TextChoices):
        """Bands of outlay besides the work, in the money the site counts in."""

        NONE = "none", _("Nothing besides the work")
        UNDER_5 = "under-5", _("Up to 5,000")
        UNDER_25 = "under-25", _("5,000 to 25,000")
        UNDER_100 = "under-100", _("25,000 to 100,000")
        OVER_100 = "over-100", _("Over 100,000")

    class Status(models.TextChoices):
        TO_DO = "to-do", _("To do")
        DOING = "doing", _("In progress")
        WAITING = "waiting", _("Waiting for proof")
        DONE = "done", _("Done")
        DROPPED = "dropped", _("Dropped")

    OVER = (Status.DONE, Status.DROPPED)

    assessment = models.ForeignKey(Assessment, models.CASCADE, related_name="actions")
    answers = models.ManyToManyField(Answer, related_name="actions", help_text=_("The gaps it closes."))
    title = models.CharField(max_length=160)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="actions_owned"
    )
    owner_name = models.CharField(
        max_length=80,
        blank=True,
        help_text=_("An owner who has no account here. Empty where a member owns it."),
    )
    effort = models.CharField(max_length=1, choices=Effort, default=Effort.MEDIUM)
    cost = models.CharField(
        max_length=9, choices=Cost, blank=True, help_text=_("Empty where nobody knows yet.")
    )
    start = models.DateField(null=True, blank=True)
    due = models.DateField(null=True, blank=True)
    status = models.CharField(max_length=8, choices=Status, default=Status.TO_DO)
    done_when = models.TextField(blank=True, help_text=_("What one will be able to see once it is done."))
    note = models.TextField(blank=True)
    version = models.PositiveIntegerField(default=0, editable=False, help_text=_("Counts every change."))
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", editable=False
    )
    created_at = models.DateTimeField(auto_now_add=True)
    over_since = models.DateField(
        null=True, editable=False, help_text=_("The day at the site on which it was done or dropped.")
    )
    objects = ActionQuerySet.as_manager()

    class Meta:
        ordering = [F("due").asc(nulls_last=True), "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(owner=None) | Q(owner_name=""), name="action_one_owner"),
            models.CheckConstraint(
                condition=Q(start=None) | Q(due=None) | Q(start__lte=F("due")),
                name="action_starts_before_due",
            ),
        ]

    def __str__(self):
        return self.title

    @property
    def who(self):
        """Who owns it, in words; empty where nobody does yet."""
        return str(self.owner or self.owner_name)

    @property
    def is_over(self):
        return self.status in self.OVER

    def is_overdue(self, day):
        """Should it have been done before `day`?"""
        return self.due is not None and self.due < day and not self.is_over
