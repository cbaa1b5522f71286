"""What people say to each other about an answer."""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from assessments.models.answers import Answer
from assessments.models.people import ScopedQuerySet, User
from standards.text import clean_text


class CommentQuerySet(ScopedQuerySet):
    to_site = "answer__assessment__site"

    @transaction.atomic
    def add(self, answer, text, *, by):
        """Say `text` about `answer`. The same words twice in a row by the same person are one comment: a double click.

        Raises ValidationError where there is nothing to say, or too much, and PermissionDenied where the assessment is for
        reading only.
        """
        text = clean_text(text)
        if not text:
            raise ValidationError(_("Write something first."))
        if len(text) > Comment.LIMIT:
            raise ValidationError(
                _("A comment has at most %(limit)d characters; this one has %(count)d.")
                % {"limit": Comment.LIMIT, "count": len(text)}
            )
        Answer.objects.locked(answer.pk)
        latest = self.filter(answer=answer).order_by("-pk").first()
        if latest and (latest.by_id, latest.text) == (by.pk, text):
            return latest
        return self.create(answer=answer, text=text, by=by)

    def in_threads(self):
        """Answer id -> its comments, the oldest first, with who said each."""
        threads = {}
        for comment in self.select_related("by").order_by("pk"):
            threads.setdefault(comment.answer_id, []).append(comment)
        return threads


class Comment(models.Model):
    """One thing somebody said in the thread of an answer. Only ever added."""

    LIMIT = 4000  # characters

    answer = models.ForeignKey(Answer, models.CASCADE, related_name="comments")
    text = models.TextField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(auto_now_add=True)
    objects = CommentQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]

    def __str__(self):
        return f"{self.by or '-'} on {self.answer_id}: {self.text[:40]}"

    def concerned(self):
        """Whom it may interest: who answered, whose work the answer is, and who spoke in the thread before."""
        spoke = Comment.objects.filter(answer=self.answer_id).values("by")
        people = Q(pk__in=[self.answer.answered_by_id, self.answer.assignee_id]) | Q(pk__in=spoke)
        return User.objects.filter(people, is_active=True).exclude(pk=self.by_id).order_by("pk")
