"""The reviews and comments of a story: made as people make them, then dated as the story says."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from assessments.demo.answering import working_day
from assessments.models import Comment, Review
from standards.models import Item


def add(story, assessment, users, as_of):
    """`users` maps the names of the story to accounts."""
    items = {item.code: item for item in Item.objects.filter(domain__release=assessment.release_id)}
    zone = ZoneInfo(story.site.time_zone)
    answers = {answer.requirement.key: answer for answer in assessment.answers.select_related("requirement")}

    def moment(days_ago, hour, minute):
        return datetime.combine(working_day(as_of, days_ago), time(hour, minute), tzinfo=zone)

    for number, look in enumerate(story.reviews):
        review = _sent(look, assessment, items[look.item], users, as_of)
        dates = {"submitted_at": moment(look.days_ago, 16, 20 + number)}
        if look.decided_by:
            findings = {
                answers[key]: (seen["choice"], seen["comment"]) for key, seen in look.findings.items()
            }
            review.decide(by=users[look.decided_by], findings=findings, message=look.verdict)
            dates["decided_at"] = moment(look.decided_days_ago, 11, 10 + number)
        Review.objects.filter(pk=review.pk).update(**dates)
    for number, remark in enumerate(story.comments):
        comment = Comment.objects.add(answers[remark.key], remark.text, by=users[remark.by])
        Comment.objects.filter(pk=comment.pk).update(at=moment(remark.days_ago, 14, 5 + 7 * number))


def _sent(look, assessment, item, users, as_of):
    made, _refused = Review.objects.submit(
        assessment,
        [item],
        by=users[look.by],
        reviewer=users.get(look.to),
        due=None if look.due_in is None else as_of + timedelta(days=look.due_in),
        message=look.message,
    )
    [review] = made  # a story sends what it has answered
    return review
