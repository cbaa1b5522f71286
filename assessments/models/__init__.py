from assessments.models.actions import Action, ActionConflict
from assessments.models.activity import Activity, Verb
from assessments.models.answers import Answer, AnswerRevision, Conflict
from assessments.models.assessments import Assessment
from assessments.models.calendar_feeds import CalendarFeed
from assessments.models.checks import ItemCheck
from assessments.models.comments import Comment
from assessments.models.evidence import Evidence
from assessments.models.evidence_files import EvidenceFile
from assessments.models.fit_checks import FitCheck
from assessments.models.invitations import Invitation
from assessments.models.metrics import Metric, Target
from assessments.models.milestones import Milestone, MilestoneReport
from assessments.models.notices import Notice
from assessments.models.people import Membership, Organisation, Role, User
from assessments.models.reading_imports import ReadingImport
from assessments.models.readings import Reading, ReadingRevision
from assessments.models.report_jobs import ReportJob, ReportPrint, ReportSource, ReportWorker
from assessments.models.report_looks import ReportLook
from assessments.models.reviews import Finding, Review
from assessments.models.share_links import ShareLink
from assessments.models.sites import Channel, Site
from assessments.models.tokens import ApiToken
from assessments.models.workbook_imports import AnswerImport

__all__ = [
    "Action",
    "ActionConflict",
    "Activity",
    "Answer",
    "AnswerImport",
    "AnswerRevision",
    "ApiToken",
    "Assessment",
    "CalendarFeed",
    "Channel",
    "Comment",
    "Conflict",
    "Evidence",
    "EvidenceFile",
    "Finding",
    "FitCheck",
    "Invitation",
    "ItemCheck",
    "Membership",
    "Metric",
    "Milestone",
    "MilestoneReport",
    "Notice",
    "Organisation",
    "Reading",
    "ReadingImport",
    "ReadingRevision",
    "ReportJob",
    "ReportLook",
    "ReportPrint",
    "ReportSource",
    "ReportWorker",
    "Review",
    "Role",
    "ShareLink",
    "Site",
    "Target",
    "User",
    "Verb",
]
