"""What somebody should hear of, kept until one e-mail tells all of it."""

from datetime import timedelta

from django.conf import settings
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from assessments.models.answers import Answer
from assessments.models.assessments import Assessment
from assessments.models.people import ScopedQuerySet, User
from standards.models import Item

A_DAY = timedelta(hours=23)  # a little less, so that a daily run that starts a minute early skips nobody


class NoticeQuerySet(ScopedQuerySet):
    to_site = "assessment__site"

    def unsent(self):
        return self.filter(claimed_at=None)

    def due(self, at, older_than):
        """Those nobody has sent and that are at least `older_than` old at the moment `at`, for people who want them then."""
        lately = self.filter(sent_at__gt=at - A_DAY).values("user")
        daily = models.Q(user__digest=User.Digest.DAILY)
        return self.unsent().filter(at__lte=at - older_than).exclude(daily & models.Q(user__in=lately))

    @transaction.atomic
    def claim(self, user, at):
        """What is due for `user`, marked as taken in one step: two senders at once never have the same notice.

        A notice is sent at most once. A crash between claim and mail loses an e-mail, and what it told still stands on
        the home page; a repeat after every hiccup would teach people to ignore the next.
        """
        ids = list(self.select_for_update(of=("self",)).filter(user=user).values_list("pk", flat=True))
        Notice.objects.filter(pk__in=ids, claimed_at=None).update(claimed_at=at)
        taken = Notice.objects.filter(pk__in=ids, claimed_at=at)
        return list(taken.with_names().order_by("assessment", "item__position", "answer", "pk"))

    def with_names(self):
        return self.select_related(
            "by",
            "user",
            "item",
            "answer__requirement__item",
            "assessment__site__organisation",
            "assessment__release__standard",
        )


class Notice(models.Model):
    """One thing for one person. `item` or `answer` says where."""

    class Kind(models.TextChoices):
        ASSIGNED = "assigned", _("is yours to answer")
        REVIEW = "review", _("waits for your review")
        CHANGES = "changes", _("came back: changes are asked")
        AGREED = "agreed", _("is agreed")
        COMMENT = "comment", _("has a new comment")

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="notices")
    kind = models.CharField(max_length=10, choices=Kind)
    assessment = models.ForeignKey(Assessment, models.CASCADE, related_name="+")
    item = models.ForeignKey(Item, models.CASCADE, null=True, related_name="+")
    answer = models.ForeignKey(Answer, models.CASCADE, null=True, related_name="+")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    text = models.TextField(blank=True)
    at = models.DateTimeField()
    claimed_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)
    objects = NoticeQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["claimed_at", "at"], name="notice_waiting")]

    def __str__(self):
        return f"{self.kind} for {self.user}"

    @property
    def place(self):
        """The item or the requirement it is about, as people call it."""
        if self.answer:
            return f"{self.answer.requirement.code} {self.answer.requirement.short}"
        return str(self.item)


def tell(people, kind, assessment, *, by, item=None, answer=None, text=""):
    """Put a notice by for each of `people` who works at the site, never for `by` themselves.

    What waits already about the same thing is replaced: ten edits in a row are one line of one e-mail.
    """
    wanted = {person.pk for person in people if person} - {by.pk}
    members = User.objects.at_site(assessment.site).filter(pk__in=wanted)
    told = list(members.exclude(digest=User.Digest.NEVER))
    about = {"kind": kind, "assessment": assessment, "item": item, "answer": answer}
    Notice.objects.unsent().filter(user__in=told, **about).delete()
    now = timezone.now()
    Notice.objects.bulk_create(Notice(user=person, by=by, text=text, at=now, **about) for person in told)


def take_back(kind, assessment, item):
    """Nobody needs to hear of it any more."""
    Notice.objects.unsent().filter(kind=kind, assessment=assessment, item=item).delete()
