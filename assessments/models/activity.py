"""What was done in an organisation: by whom, when, and from where. Rows are added and never changed.

Changes of answers and readings are not written here a second time: their revisions have who, when and from where too.
"""

from django.conf import settings
from django.db import models
from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from assessments.models.kept import Kept, KeptQuerySet
from assessments.models.origin import NO_REQUEST, Origin, Way, origin
from assessments.models.people import Organisation
from assessments.models.sites import Site

__all__ = ["NO_REQUEST", "Activity", "Origin", "Verb", "Way", "origin"]


class Verb(TextChoices):
    """What can be done. The words follow the name of whoever did it, and what it was done to follows them.

    What stands before the first dash of a value is its kind, by which the page narrows the list.
    """

    ORGANISATION_CREATED = "organisation-created", _("created the organisation")
    INVITED = "invitation-made", _("invited")
    INVITATION_REVOKED = "invitation-revoked", _("took back the invitation of")
    JOINED = "member-joined", _("joined as")
    ROLE_CHANGED = "member-role", _("changed the role of")
    MEMBER_REMOVED = "member-removed", _("removed from the organisation")
    LEFT = "member-left", _("left the organisation")
    HANDED_OVER = "member-handed-over", _("handed the organisation over to")
    SITE_ADDED = "site-added", _("added the site")
    SITE_EDITED = "site-edited", _("changed the site")
    SECOND_FACTOR_REQUIRED = "signin-factor-required", _("required a second factor at sign-in for")
    SECOND_FACTOR_OPTIONAL = "signin-factor-optional", _("let a password be enough at sign-in for")
    LINK_MADE = "link-made", _("made a link to the milestone")
    LINK_REVOKED = "link-revoked", _("took back the link to the milestone")
    LINK_OPENED = "link-opened", _("opened, by a link, the milestone")
    TOKEN_MADE = "token-made", _("made the token")
    TOKEN_REVOKED = "token-revoked", _("took back the token")
    TOKEN_USED = "token-used", _("asked for the first time that day, by a token, to")
    ORGANISATION_EXPORTED = "export-organisation", _("took an export of everything")
    ORGANISATION_BINNED = (
        "organisation-binned",
        _("deleted the organisation, which can be put back for 30 days"),
    )
    ORGANISATION_RESTORED = "organisation-restored", _("put the organisation back")
    ACCOUNT_DELETED = "member-account-deleted", _("deleted their account")
    EVIDENCE_ADDED = "evidence-added", _("added the evidence")
    EVIDENCE_REMOVED = "evidence-removed", _("removed the evidence")
    EVIDENCE_PUT_BACK = "evidence-put-back", _("put back the evidence")
    EVIDENCE_REPLACED = "evidence-replaced", _("replaced by newer evidence")
    EVIDENCE_TAKEN_BACK = "evidence-taken-back", _("took back the newer evidence")
    EVIDENCE_DOWNLOADED = "evidence-downloaded", _("downloaded the evidence")
    LOOK_CHANGED = "look-changed", _("changed how reports look")
    RULES_CHANGED = "site-rules", _("changed when a metric counts as sustained at")
    ASSESSMENT_STARTED = "assessment-started", _("started the assessment")
    ASSESSMENT_EDITED = "assessment-edited", _("changed the target audit month of")
    ASSESSMENT_MOVED = "assessment-moved", _("moved to another release:")
    ASSESSMENT_MOVE_UNDONE = "assessment-undone", _("undid the move to")
    ASSESSMENT_GROWN = "assessment-grown", _("extended to the whole questionnaire:")
    REVIEW_SENT = "review-sent", _("sent for review:")
    REVIEW_WITHDRAWN = "review-withdrawn", _("took back from review:")
    REVIEW_AGREED = "review-agreed", _("agreed in the review of")
    REVIEW_CHANGES = "review-changes", _("asked for changes in the review of")
    MILESTONE_FROZEN = "milestone-frozen", _("froze the milestone")
    MILESTONE_PRINTED = "milestone-printed", _("made the PDF of the milestone")
    FILE_DOWNLOADED = "file-downloaded", _("downloaded the file")
    ANSWERS_IMPORTED = "import-answers", _("applied the workbook of answers")
    ANSWERS_IMPORT_UNDONE = "import-answers-undone", _("undid the workbook of answers")
    READINGS_IMPORTED = "import-readings", _("applied the file of readings")
    READINGS_IMPORT_UNDONE = "import-readings-undone", _("undid the file of readings")
    METRIC_ADDED = "metric-added", _("added the metric")
    METRIC_EDITED = "metric-edited", _("changed the metric")
    METRIC_TARGET = "metric-target", _("set a target of the metric")
    METRIC_ARCHIVED = "metric-archived", _("archived the metric")
    METRIC_RESTORED = "metric-restored", _("took into use again the metric")
    ACTION_DELETED = "action-deleted", _("deleted the action")
    SIGNED_IN = "signin-in", _("signed in")
    SIGN_IN_FAILED = "signin-failed", _("could not be signed in: somebody tried with a wrong password")
    SIGNED_OUT = "signin-out", _("signed out")
    PASSWORD_CHANGED = "signin-password", _("changed their password")
    PASSWORD_RESET = "signin-reset", _("set a new password by a link sent to them")
    FACTOR_ADDED = "signin-factor-added", _("set up a second factor at sign-in:")
    FACTOR_REMOVED = "signin-factor-removed", _("removed a second factor at sign-in:")
    STAFF_LISTED = "staff-listed", _("of the instance's staff listed")
    STAFF_LOOKED = "staff-looked", _("of the instance's staff looked at")
    STAFF_CHANGED = "staff-changed", _("of the instance's staff changed")
    STAFF_FACTOR_REMOVED = "staff-factor-removed", _("of the instance's staff took away a second factor of")
    STAFF_CONNECTION_ENDED = (
        "staff-connection-ended",
        _("of the instance's staff ended the single sign-on of"),
    )
    STAFF_MEMBER_ADDED = "staff-member-added", _("of the instance's staff added the member")
    STAFF_MEMBER_CHANGED = "staff-member-changed", _("of the instance's staff changed the membership of")
    STAFF_MEMBER_REMOVED = "staff-member-removed", _("of the instance's staff removed the member")


class ActivityQuerySet(KeptQuerySet):
    to_organisation = "organisation"

    def record(self, organisation, verb, what="", *, by=None, site=None, who=None):
        """Note that `by` did `verb` to `what`, its name in plain words: never an answer, a note, or anything secret.

        `who` is the name to keep where it is not that of `by`: a tool with its token, the reader for whom a link was made.
        From where is taken of the request that is being answered. Call it inside the transaction that does the thing.
        """
        row = self._row(getattr(organisation, "pk", organisation), verb, what, by, site, who)
        row.save(force_insert=True)
        return row

    def about(self, assessment, verb, what="", *, by):
        """The same of an assessment: what is not named `what` stands before its release."""
        site = assessment.site
        named = ", ".join(filter(None, (str(what), str(assessment.release))))
        return self.record(site.organisation_id, verb, named, by=by, site=site)

    def record_in(self, organisations, verb, what="", *, by=None, who=None):
        """The same in each of `organisations`, ids, with one query."""
        return self.bulk_create(self._row(pk, verb, what, by, None, who) for pk in organisations)

    def record_for_person(self, person, verb, what=""):
        """What concerns somebody's account is noted in every organisation they belong to."""
        return self.record_in(
            person.memberships.order_by().values_list("organisation", flat=True), verb, what, by=person
        )

    def _row(self, organisation_id, verb, what, by, site, who):
        from_where = origin.get()
        return self.model(
            organisation_id=organisation_id,
            site=site,
            by=by,
            who=str(by or "") if who is None else who,
            verb=verb,
            what=str(what)[: Activity.WHAT_LIMIT],
            address=from_where.address,
            way=from_where.way,
        )


class Activity(Kept):
    KEPT_BECAUSE = _(
        "What was done stays in the activity as it was noted. Nothing in it is changed or deleted."
    )
    WHAT_LIMIT = 200

    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="activities")
    site = models.ForeignKey(Site, models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(auto_now_add=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    who = models.CharField(
        max_length=254, blank=True, help_text=_("The name at that time, or that of the token.")
    )
    verb = models.CharField(max_length=40)
    what = models.CharField(max_length=WHAT_LIMIT, blank=True)
    address = models.GenericIPAddressField(null=True)
    way = models.CharField(max_length=8)
    objects = ActivityQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "activities"
        ordering = ["-at", "-pk"]
        indexes = [models.Index(fields=["organisation", "-at", "-id"], name="activity_newest_first")]

    def __str__(self):
        return f"{self.who} {self.verb} {self.what}"
