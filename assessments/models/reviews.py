"""Somebody else looks at the answers of an item and agrees, or says what they see instead."""

from dataclasses import dataclass

from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import models, transaction
from django.db.models import OuterRef, Q, Subquery, Sum
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assessments.models.answers import Answer
from assessments.models.assessments import Assessment
from assessments.models.comments import Comment
from assessments.models.people import ScopedQuerySet
from assessments.rules import scoring
from standards.models import Item
from standards.text import clean_text

TO_REVIEW, CHANGES_ASKED, AGREED = "to-review", "changes-asked", "agreed"


def _short(text, limit):
    """`text` cleaned. Raises ValidationError if it is longer than `limit` characters."""
    text = clean_text(text)
    if len(text) > limit:
        raise ValidationError(
            _("At most %(limit)d characters fit here; these are %(count)d.")
            % {"limit": limit, "count": len(text)}
        )
    return text


def _lock(assessment_id):
    """The assessment, until the end of the transaction. Raises PermissionDenied where it is for reading only."""
    stored = Assessment.objects.select_for_update().get(pk=assessment_id)
    if stored.reading_only:
        raise PermissionDenied(stored.reading_only)
    return stored


class ReviewQuerySet(ScopedQuerySet):
    to_site = "assessment__site"

    def undecided(self):
        return self.filter(outcome="")

    def counting(self):
        """Without those that ended undecided."""
        return self.exclude(outcome__in=(Review.Outcome.WITHDRAWN, Review.Outcome.MOVED))

    def with_names(self):
        return self.select_related(
            "assessment__site__organisation",
            "assessment__release__standard",
            "assessment__variant",
            "item__domain",
            "submitted_by",
            "reviewer",
            "decided_by",
        )

    def in_use(self):
        """Those of assessments in which something can still be done."""
        return self.filter(assessment__continued_at=None, assessment__set_aside_at=None)

    def waiting_for(self, user):
        """What `user` could decide: sent by others to them, or to anybody. Their role is not looked at."""
        mine = Q(reviewer=user) | Q(reviewer=None)
        return self.undecided().in_use().filter(mine).exclude(submitted_by=user).order_by("due", "pk")

    def came_back_to(self, user):
        """What `user` sent, where changes are asked and nothing was sent again since."""
        newest = Review.objects.filter(assessment=OuterRef("assessment"), item=OuterRef("item"))
        newest = newest.counting().order_by("-pk").values("pk")[:1]
        asked = self.in_use().filter(outcome=Review.Outcome.CHANGES, submitted_by=user, pk=Subquery(newest))
        return asked.order_by("-decided_at", "-pk")

    def move_on(self, *, by):
        """End those that are undecided: their assessment is continued in another. Call it with the assessment locked."""
        fields = {"outcome": Review.Outcome.MOVED, "decided_by": by, "decided_at": timezone.now()}
        self.undecided().update(**fields)

    def take_up(self):
        """The way back from `move_on`."""
        fields = {"outcome": "", "decided_by": None, "decided_at": None}
        self.filter(outcome=Review.Outcome.MOVED).update(**fields)

    @transaction.atomic
    def submit(self, assessment, items, *, by, reviewer=None, due=None, message=""):
        """Send `items` for review; the reviews made, and the items refused because something in them is open.

        An item that waits for its review already is left as it is: sending twice does no harm. Raises PermissionDenied
        where the assessment is for reading only, and ValidationError for a message that is too long.
        """
        message = _short(message, Review.MESSAGE_LIMIT)
        _lock(assessment.pk)
        waiting = set(self.undecided().filter(assessment=assessment).values_list("item", flat=True))
        given = {}
        for item, choice, version in assessment.answers.values_list("requirement__item", "choice", "version"):
            given.setdefault(item, []).append((choice, version))
        made, refused = [], []
        for item in items:
            rows = given.get(item.pk, [])
            if not rows or any(choice == scoring.OPEN for choice, _version in rows):
                refused.append(item)
            elif item.pk not in waiting:
                sent = Review(assessment=assessment, item=item, submitted_by=by, reviewer=reviewer, due=due)
                sent.message, sent.versions = message, sum(version for _choice, version in rows)
                sent.save(force_insert=True)
                waiting.add(item.pk)
                made.append(sent)
        return made, refused


class Review(models.Model):
    """One submission of one item. Whatever is decided stays, beside what was answered."""

    class Outcome(models.TextChoices):
        AGREED = "agreed", gettext_lazy("Agreed")
        CHANGES = "changes", gettext_lazy("Changes asked")
        WITHDRAWN = "withdrawn", gettext_lazy("Withdrawn")
        MOVED = "moved", gettext_lazy("Moved on undecided")

    MESSAGE_LIMIT = 1000  # characters

    assessment = models.ForeignKey(Assessment, models.CASCADE, related_name="reviews")
    item = models.ForeignKey(Item, models.PROTECT, related_name="+")
    submitted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    submitted_at = models.DateTimeField(auto_now_add=True)
    reviewer = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        help_text=gettext_lazy("Who is asked; nobody in particular means anybody who may review."),
    )
    due = models.DateField(null=True, blank=True)
    message = models.CharField(max_length=MESSAGE_LIMIT, blank=True)
    versions = models.PositiveIntegerField(
        default=0,
        help_text=gettext_lazy(
            "The versions of the item's answers added up: as sent, and once decided, as the reviewer saw them. "
            "A different sum means that something was edited since."
        ),
    )
    outcome = models.CharField(max_length=12, blank=True, choices=Outcome)
    verdict = models.CharField(max_length=MESSAGE_LIMIT, blank=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    objects = ReviewQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["assessment", "item"], condition=Q(outcome=""), name="review_one_undecided_an_item"
            ),
            models.CheckConstraint(
                condition=Q(outcome__in=("", "agreed", "changes", "withdrawn", "moved")),
                name="review_outcome_is_known",
            ),
        ]

    def __str__(self):
        return f"{self.item.code} of {self.assessment_id}: {self.outcome or 'undecided'}"

    @property
    def answers(self):
        return Answer.objects.filter(assessment=self.assessment_id, requirement__item=self.item_id)

    def versions_now(self):
        return self.answers.aggregate(sum=Sum("version"))["sum"] or 0

    def changed_since(self):
        """The ids of the answers that were saved after it was sent."""
        return set(self.answers.filter(revisions__at__gt=self.submitted_at).values_list("pk", flat=True))

    @transaction.atomic
    def decide(self, *, by, findings=None, message="", seen=None):
        """Agree, or ask for changes where `findings`, answer -> (choice, comment), holds anything.

        `seen` is the sum of the versions that the reviewer looked at; None means those as they stand. Raises
        ValidationError with a sentence where it cannot be decided so, and PermissionDenied for reading only.
        """
        message = _short(message, self.MESSAGE_LIMIT)
        self._lock_undecided()
        if by.pk == self.submitted_by_id:
            raise ValidationError(_("You sent this yourself, so somebody else has to review it."))
        now = self.versions_now()
        if seen is not None and seen != now:
            raise ValidationError(
                _("An answer was changed since you opened this page. Look at it once more and finish again.")
            )
        found = self._checked(findings or {})
        self.versions, self.verdict = now, message
        self._close(self.Outcome.CHANGES if found else self.Outcome.AGREED, by)
        Finding.objects.bulk_create(found)

    @transaction.atomic
    def withdraw(self, *, by):
        """Take it back undecided; raises like `decide`."""
        self._lock_undecided()
        self._close(self.Outcome.WITHDRAWN, by)

    def _lock_undecided(self):
        _lock(self.assessment_id)
        self.refresh_from_db(fields=["outcome", "decided_by", "decided_at"])
        if self.outcome:
            who = self.decided_by or _("somebody who has left")
            raise ValidationError(
                _("This was decided already, by %(who)s: %(outcome)s. Nothing was changed.")
                % {"who": who, "outcome": self.get_outcome_display()}
            )

    def _checked(self, findings):
        """The findings as rows to store, with what each answer says now. Raises ValidationError."""
        stored = {answer.pk: answer for answer in self.answers.select_related("requirement")}
        rows = []
        for answer, (choice, comment) in findings.items():
            answer = stored.get(answer.pk)
            if answer is None or choice not in scoring.CHOICES or choice == scoring.OPEN:
                raise ValidationError(_("Choose the level that you see."))
            comment = _short(comment, Comment.LIMIT)
            if not comment:
                raise ValidationError(
                    _("Requirement %(letter)s: say why you see another level.")
                    % {"letter": answer.requirement.letter}
                )
            rows.append(
                Finding(review=self, answer=answer, choice=choice, comment=comment, answered=answer.choice)
            )
        return rows

    def _close(self, outcome, by):
        self.outcome, self.decided_by, self.decided_at = outcome, by, timezone.now()
        self.save(update_fields=["outcome", "decided_by", "decided_at", "versions", "verdict"])


class FindingQuerySet(ScopedQuerySet):
    to_site = "review__assessment__site"


class Finding(models.Model):
    """The level a reviewer sees where it was answered otherwise. Both are kept."""

    review = models.ForeignKey(Review, models.CASCADE, related_name="findings")
    answer = models.ForeignKey(Answer, models.CASCADE, related_name="findings")
    choice = models.CharField(max_length=8)
    answered = models.CharField(max_length=8, help_text=gettext_lazy("What the answer said then."))
    comment = models.TextField()
    objects = FindingQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["review", "answer"], name="finding_once_an_answer"),
            models.CheckConstraint(
                condition=Q(choice__in=[choice for choice in scoring.CHOICES if choice != scoring.OPEN]),
                name="finding_choice_is_known",
            ),
        ]

    def __str__(self):
        return f"{self.answer_id}: {self.choice} instead of {self.answered}"


@dataclass(frozen=True, slots=True)
class ReviewState:
    """Where an item stands: "to-review", "changes-asked", "agreed", or "" where an agreement no longer holds."""

    status: str
    review: Review

    @property
    def waits(self):
        return self.status == TO_REVIEW


def states(assessment, versions=None):
    """Item id -> `ReviewState` of its latest review that was not withdrawn, in one query.

    `versions`, item id -> the sum of the versions of its answers, costs another one where it is not given.
    """
    if versions is None:
        rows = assessment.answers.order_by().values_list("requirement__item").annotate(Sum("version"))
        versions = dict(rows)
    return _states(Review.objects.filter(assessment=assessment), versions)


def _states(reviews, versions):
    latest = {review.item_id: review for review in _with_names(reviews).select_related("item")}
    return {item: ReviewState(_status(review, versions.get(item)), review) for item, review in latest.items()}


def _with_names(reviews):
    """Those that count, the oldest first."""
    return reviews.counting().select_related("submitted_by", "reviewer", "decided_by").order_by("pk")


def _status(review, versions):
    if review.outcome == Review.Outcome.AGREED:
        return AGREED if review.versions == versions else ""
    return CHANGES_ASKED if review.outcome == Review.Outcome.CHANGES else TO_REVIEW


@dataclass(frozen=True, slots=True)
class Around:
    """What reviewers said of one item: the `ReviewState` of its latest review or None, answer id -> finding of the review
    that was decided last, and answer id -> thread of comments."""

    state: ReviewState | None
    findings: dict
    threads: dict


def around(assessment, item, answers):
    """The `Around` of an item with its `answers`."""
    held = list(_with_names(Review.objects.filter(assessment=assessment, item=item)))
    decided = [review for review in held if review.outcome]
    findings = {}
    if decided:
        for finding in Finding.objects.filter(review=decided[-1]):
            finding.review = decided[-1]
            findings[finding.answer_id] = finding
    versions = sum(answer.version for answer in answers)
    return Around(
        state=ReviewState(_status(held[-1], versions), held[-1]) if held else None,
        findings=findings,
        threads=Comment.objects.filter(answer__in=answers).in_threads(),
    )


def seen_instead(assessment):
    """Answer id -> the level a reviewer saw instead, in the review of its item that was decided last."""
    decided = Review.objects.filter(
        assessment=assessment, outcome__in=(Review.Outcome.AGREED, Review.Outcome.CHANGES)
    )
    latest = {}
    columns = ("item", "pk", "findings__answer", "findings__choice")
    for item, review, answer, choice in decided.order_by("pk").values_list(*columns):
        if item not in latest or latest[item][0] != review:
            latest[item] = review, {}
        latest[item][1][answer] = choice
    return {answer: choice for _review, seen in latest.values() for answer, choice in seen.items()}


def left_behind(assessment, progress):
    """(item of `progress`, review) of what waited for its review when `assessment` took over and was not sent here since.

    `assessment` was fetched with its `previous__release`. An item is found again by the requirements both releases ask;
    where they share none, nothing of it is left to be reviewed.
    """
    if assessment.previous is None or assessment.reading_only:
        return []
    moved = Review.objects.filter(assessment=assessment.previous, outcome=Review.Outcome.MOVED)
    moved = list(moved.select_related("submitted_by", "reviewer").order_by("pk"))
    if not moved:
        return []
    asked_before = {}
    for requirement in assessment.previous.catalogue().values():
        asked_before.setdefault(requirement.item_id, set()).add(requirement.key)
    found = ((_same_item(asked_before[review.item_id], progress), review) for review in moved)
    return [(item, review) for item, review in found if item and item.review is None]


def _same_item(keys, progress):
    """The item of `progress` that asks the most of `keys`, or None."""
    shared = {item.pk: sum(place.requirement.key in keys for place in item.places) for item in progress.items}
    item = max(progress.items, key=lambda item: shared[item.pk], default=None)
    return item if item and shared[item.pk] else None
