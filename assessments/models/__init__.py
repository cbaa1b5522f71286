from assessments.models.assessments import Answer, AnswerRevision, Assessment, Conflict
from assessments.models.people import Membership, Organisation, Role, User
from assessments.models.sites import Channel, Site

__all__ = [
    "Answer",
    "AnswerRevision",
    "Assessment",
    "Channel",
    "Conflict",
    "Membership",
    "Organisation",
    "Role",
    "Site",
    "User",
]
