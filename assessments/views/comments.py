"""The thread of comments of an answer."""

from django.core.exceptions import PermissionDenied, ValidationError
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from assessments.access import COMMENT, SEE, can, fetch
from assessments.forms.reviews import CommentForm
from assessments.models import Answer, Comment, Notice
from assessments.models.notices import tell


@require_http_methods(["GET", "HEAD", "POST"])
def comments(request, pk):
    """What was said about an answer; with POST, one thing more."""
    ability = COMMENT if request.method == "POST" else SEE
    answer = fetch(Answer.objects.with_names(), request.user, ability, pk=pk)
    assessment = answer.assessment
    assessment.role = answer.role
    if request.method == "POST" and assessment.reading_only:
        raise PermissionDenied(assessment.reading_only)
    form = CommentForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            said = Comment.objects.add(answer, form.cleaned_data["text"], by=request.user)
        except ValidationError as refused:
            form.add_error("text", refused)
        else:
            tell(
                said.concerned(),
                Notice.Kind.COMMENT,
                assessment,
                by=request.user,
                answer=answer,
                text=said.text,
            )
            return redirect(f"{reverse('answer-comments', args=[pk])}#comment-{said.pk}")
    context = {
        "answer": answer,
        "assessment": assessment,
        "tab": "questionnaire",
        "form": form,
        "thread": answer.comments.select_related("by"),
        "findings": answer.findings.select_related("review__decided_by"),
        "may_comment": can(answer.role, COMMENT) and not assessment.reading_only,
    }
    with timezone.override(assessment.site.time_zone):
        return render(
            request, "assessments/answer_comments.html", context, status=422 if form.errors else 200
        )
