from assessments.models.answers import Answer, AnswerRevision, Conflict
from assessments.models.assessments import Assessment
from assessments.models.comments import Comment
from assessments.models.fit_checks import FitCheck
from assessments.models.people import Membership, Organisation, Role, User
from assessments.models.reviews import Finding, Review
from assessments.models.sites import Channel, Site

__all__ = [
    "Answer",
    "AnswerRevision",
    "Assessment",
    "Channel",
    "Comment",
    "Conflict",
    "Finding",
    "FitCheck",
    "Membership",
    "Organisation",
    "Review",
    "Role",
    "Site",
    "User",
]
