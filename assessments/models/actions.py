"""The steps a site takes to close its gaps: who does what by when, and how one knows that it is done."""

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import models, transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from assessments.models.answers import Answer
from assessments.models.assessments import Assessment
from assessments.models.milestones import MOMENT
from assessments.models.people import ScopedQuerySet


class ActionConflict(Exception):
    """Somebody else changed the action since the page was loaded. Carries it as it is stored now."""

    def __init__(self, stored):
        self.stored = stored
        super().__init__("This action was changed by somebody else meanwhile.")


class ActionQuerySet(ScopedQuerySet):
    to_site = "assessment__site"

    def ahead(self):
        """What is still to be done: neither done nor dropped."""
        return self.exclude(status__in=Action.OVER)

    def in_use(self):
        """Those of assessments that can still be answered."""
        return self.filter(assessment__set_aside_at=None, assessment__continued_at=None)

    def with_names(self):
        """What a page about one action prints, in one query."""
        return self.select_related(
            "owner",
            "changed_by",
            "assessment__site__organisation",
            "assessment__release__standard",
            "assessment__variant",
        )

    @transaction.atomic
    def plan(self, answer, *, by, **values):
        """An action that closes the gap of `answer`, and True; the one that does already, and False, so that a second
        click makes no twin. Raises PermissionDenied where the assessment is for reading only."""
        _take_turns(answer.assessment_id)
        there = self.filter(answers=answer).exclude(status=Action.Status.DROPPED)
        if found := there.order_by("pk").first():
            return found, False
        return self.add(answer.assessment, [answer], by=by, **values), True

    @transaction.atomic
    def add(self, assessment, answers, *, by, **values):
        """A new action of `assessment` that closes the gaps of `answers`. Raises PermissionDenied like `plan`.

        Where the same person made the same one within a minute, it is that one: a double click makes no second.
        """
        _take_turns(assessment.pk)
        just_now = self.filter(
            assessment=assessment, created_by=by, created_at__gt=timezone.now() - MOMENT, version=0
        )
        for twin in just_now.filter(**values).order_by("pk"):
            if set(twin.answers.all()) == set(answers):
                return twin
        made = self.model(assessment=assessment, created_by=by, changed_by=by)
        made._set(values)
        made.save(force_insert=True)
        made.answers.set(answers)
        return made

    @transaction.atomic
    def change_all(self, assessment, versions, values, *, by):
        """Give the actions `versions` (id -> the version seen) of `assessment` the same `values`; how many differ now.

        All or nothing: raises `ActionConflict` where one was changed or removed since, PermissionDenied like `plan`.
        """
        _take_turns(assessment.pk)
        rows = list(self.filter(pk__in=versions, assessment=assessment).with_names().order_by("pk"))
        if len(rows) < len(versions):
            raise ActionConflict(None)
        return sum(row._change(values, None, by, versions[row.pk]) for row in rows)


def _take_turns(assessment_id):
    """Lock the assessment until the transaction ends. Raises PermissionDenied where it is for reading only."""
    stored = Assessment.objects.select_for_update().get(pk=assessment_id)
    if stored.reading_only:
        raise PermissionDenied(stored.reading_only)


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
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", editable=False
    )
    changed_at = models.DateTimeField(default=timezone.now, editable=False)
    left_behind = models.JSONField(
        default=list,
        editable=False,
        help_text=_("Ids of the gaps it closed in an assessment that was moved on and are not asked here."),
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

    @transaction.atomic
    def change(self, values, *, by, version, answers=None):
        """Store `values` (field -> value) and, unless None, the `answers` whose gaps it closes; True where anything differs.

        `version` is the one the sender saw. Raises PermissionDenied where the assessment is for reading only, DoesNotExist
        where it was deleted, and `ActionConflict` where somebody changed it since; a repeat of a change that is stored already is
        none.
        """
        _take_turns(self.assessment_id)
        stored = Action.objects.with_names().get(pk=self.pk)
        return stored._change(values, answers, by, version)

    def _change(self, values, answers, by, version):
        differs = any(getattr(self, name) != value for name, value in values.items())
        differs = differs or (answers is not None and set(answers) != set(self.answers.all()))
        if not differs:
            return False
        if self.version != version:
            raise ActionConflict(self)
        self._set(values)
        self.version += 1
        self.changed_by, self.changed_at = by, timezone.now()
        self.save()
        if answers is not None:
            self.answers.set(answers)
        return True

    @transaction.atomic
    def move(self, status, *, seen, by):
        """Give it another status, whatever else was changed meanwhile; True where it differs.

        `seen` is the status that the sender saw. Raises like `change`.
        """
        _take_turns(self.assessment_id)
        stored = Action.objects.with_names().get(pk=self.pk)
        if stored.status not in (seen, status):
            raise ActionConflict(stored)
        return stored._change({"status": status}, None, by, stored.version)

    @transaction.atomic
    def remove(self):
        """Delete it, as one that was made by mistake. Raises PermissionDenied like `change`."""
        _take_turns(self.assessment_id)
        self.delete()

    def _set(self, values):
        """Take `values` over; what is over by them is so since today at the site."""
        was_over = self.status
        for name, value in values.items():
            setattr(self, name, value)
        if not self.is_over:
            self.over_since = None
        elif self.status != was_over or self.over_since is None:
            self.over_since = self.assessment.site.today()


def hand_over(actions, giver, taker):
    """Move `actions` of the assessment `giver` to `taker`, and what they close to its answers to the same requirements.

    What `taker` does not ask is remembered and comes back on the way back.
    """
    there = dict(taker.answers.values_list("requirement__key", "pk"))
    ids = set(there.values())
    for action in actions.filter(assessment=giver).prefetch_related("answers__requirement"):
        closes = {answer.requirement.key: answer.pk for answer in action.answers.all()}
        here = {there[key] for key in closes if key in there} | ids.intersection(action.left_behind)
        gone = [pk for key, pk in closes.items() if key not in there]
        action.left_behind = gone + [pk for pk in action.left_behind if pk not in ids]
        action.assessment = taker
        action.save(update_fields=["assessment", "left_behind"])
        action.answers.set(here)
