"""PDFs that were asked for: each is made once, kept for a while, and served again while its document is the same."""

from datetime import timedelta
from secrets import token_hex

from django.conf import settings
from django.db import models, transaction
from django.db.models import F, Max, OuterRef, Q, Subquery, Window
from django.db.models.functions import RowNumber
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assessments.models.assessments import Assessment
from assessments.models.people import Organisation, ScopedQuerySet

BEAT = timedelta(seconds=2)  # whoever makes a PDF says so at least this often
GIVEN_UP = timedelta(seconds=25)  # without a beat; longer than a write waits for a busy database
MOST_ATTEMPTS = 3  # of a job whose worker is gone
MOST_OF_A_PERSON, MOST_OF_AN_ORGANISATION = 5, 20  # waiting or being made at once
KEPT = 10  # newest of an assessment that one person asked for
KEPT_FOR = timedelta(days=30)
SEEN_LATELY = timedelta(seconds=30)
FORGOTTEN = timedelta(days=1)


class TooMany(Exception):
    """So much is on its way that nothing more is taken on. The message is a sentence."""


class ReportJobQuerySet(ScopedQuerySet):
    to_site = "assessment__site"

    def for_user(self, user, **how):
        """Somebody who works in some sites only sees none that speaks of others."""
        return super().for_user(user, **how).filter(Q(limited=False) | Q(with_sites=False))

    def waiting(self):
        return self.filter(status=ReportJob.Status.WAITING)

    def working(self):
        return self.filter(status=ReportJob.Status.WORKING)

    def on_its_way(self):
        return self.filter(status__in=[ReportJob.Status.WAITING, ReportJob.Status.WORKING])

    def open_states(self):
        """Which of waiting and working there are."""
        return set(self.on_its_way().order_by().values_list("status", flat=True).distinct())

    def check_room(self, job):
        """Call it in the transaction that lets `job` wait. Raises TooMany where it is one too many.

        The row of the organisation is locked until then, so that many who ask at once get no more than one could.
        """
        organisation = Organisation.objects.select_for_update().get(pk=job.assessment.site.organisation_id)
        if self.on_its_way().filter(asked_by=job.asked_by_id).count() > MOST_OF_A_PERSON:
            raise TooMany(
                _("%(most)s reports that you asked for are not made yet. Ask again once one of them is.")
                % {"most": MOST_OF_A_PERSON}
            )
        if self.on_its_way().within(organisation).count() > MOST_OF_AN_ORGANISATION:
            raise TooMany(
                _("%(most)s reports of %(organisation)s are not made yet. Ask again once one of them is.")
                % {"most": MOST_OF_AN_ORGANISATION, "organisation": organisation}
            )

    def in_turn(self):
        """In the order in which they are made, those at work first. Organisations take turns, the one that was served longest
        ago first; the jobs of each keep the order in which they were asked for."""
        owner = self.path_to_organisation
        of_the_same = ReportJob.objects.filter(**{owner: OuterRef(owner)}).order_by().values(owner)
        return self.annotate(
            at_work=Q(status=ReportJob.Status.WORKING),
            turn=Window(RowNumber(), partition_by=[F(owner), F("at_work")], order_by="pk"),
            served_at=Subquery(of_the_same.annotate(last=Max("started_at")).values("last")),
        ).order_by("-at_work", "turn", F("served_at").asc(nulls_first=True), "pk")

    def claim_next(self):
        """The job whose turn it is, now ours alone; None where nothing waits."""
        while (pk := self.waiting().in_turn().values_list("pk", flat=True).first()) is not None:
            now, claim = timezone.now(), token_hex(8)
            mine = self.waiting().filter(pk=pk)
            # Whoever changes the row first has it: the others find it no longer waiting.
            if mine.update(
                status=ReportJob.Status.WORKING,
                claim=claim,
                started_at=now,
                beat_at=now,
                attempts=F("attempts") + 1,
            ):
                return self.select_related("source").get(pk=pk)
        return None

    def free_abandoned(self):
        """Jobs whose worker has gone silent wait again; those that outlived several workers have failed."""
        silent = self.working().filter(beat_at__lt=timezone.now() - GIVEN_UP)
        if not silent.exists():  # as nearly always; writing nothing would still lock the database
            return
        silent.filter(attempts__lt=MOST_ATTEMPTS).update(status=ReportJob.Status.WAITING, claim="")
        silent.update(
            status=ReportJob.Status.FAILED,
            claim="",
            finished_at=timezone.now(),
            sentence=_("Setting this report broke off several times. Tell whoever runs this server."),
        )

    def prune(self, assessment, by):
        """Forget what was finished more than a month ago, and the oldest beyond a few of this assessment that `by` asked for:
        whoever asks for many throws away nobody else's."""
        finished = self.filter(status__in=[ReportJob.Status.DONE, ReportJob.Status.FAILED])
        theirs = finished.filter(assessment=assessment, asked_by=by)
        newest = theirs.order_by("-finished_at", "-pk").values_list("pk", flat=True)[:KEPT]
        theirs.exclude(pk__in=list(newest)).delete()
        finished.filter(finished_at__lt=timezone.now() - KEPT_FOR).delete()


class ReportJob(models.Model):
    """`key` is taken of the assessment, the document, the options and the program that prints them: equal keys are equal
    files. A job can be thrown away at any time; asking again makes it anew."""

    class Status(models.TextChoices):
        WAITING = "waiting", gettext_lazy("Waiting")
        WORKING = "working", gettext_lazy("Being set")
        DONE = "done", gettext_lazy("Done")
        FAILED = "failed", gettext_lazy("Failed")

    assessment = models.ForeignKey(Assessment, models.CASCADE, related_name="report_jobs", editable=False)
    key = models.CharField(max_length=64, unique=True, editable=False)
    name = models.CharField(
        max_length=254, editable=False, help_text=gettext_lazy("Of the file, without its ending.")
    )
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", editable=False
    )
    with_sites = models.BooleanField(
        default=True, editable=False, help_text=gettext_lazy("It compares the site with others.")
    )
    status = models.CharField(max_length=7, choices=Status, default=Status.WAITING, editable=False)
    sentence = models.CharField(max_length=500, editable=False, help_text=gettext_lazy("Why it failed."))
    size = models.PositiveIntegerField(null=True, editable=False, help_text=gettext_lazy("Bytes."))
    attempts = models.PositiveSmallIntegerField(default=0, editable=False)
    claim = models.CharField(
        max_length=16, editable=False, help_text=gettext_lazy("Of who is at work on it.")
    )
    asked_at = models.DateTimeField(auto_now_add=True)
    started_at = models.DateTimeField(null=True, editable=False)
    beat_at = models.DateTimeField(null=True, editable=False)
    finished_at = models.DateTimeField(null=True, editable=False)
    objects = ReportJobQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(status__in=["waiting", "working", "done", "failed"]), name="report_job_status"
            ),
        ]
        indexes = [models.Index(fields=["status", "id"], name="report_job_queue")]

    def __str__(self):
        return self.name

    @property
    def is_open(self):
        """Is it still waiting or being made?"""
        return self.status in (self.Status.WAITING, self.Status.WORKING)

    def before(self):
        """How many PDFs are made before this one, the one at work included, unless others ask meanwhile."""
        turns = list(ReportJob.objects.on_its_way().in_turn().values_list("pk", flat=True))
        return turns.index(self.pk) if self.pk in turns else 0

    def held(self):
        """This job, as long as it has not been given to somebody else."""
        return ReportJob.objects.working().filter(pk=self.pk, claim=self.claim)

    def beat(self):
        """Say that somebody is still at work. At most once in `BEAT`, however often it is called."""
        now = timezone.now()
        if now - self.beat_at >= BEAT:
            self.beat_at = now
            self.held().update(beat_at=now)

    def release(self):
        """Give it back unmade, without counting the attempt."""
        self.held().update(status=self.Status.WAITING, claim="", attempts=F("attempts") - 1)

    def fail(self, sentence):
        self.held().update(
            status=self.Status.FAILED, claim="", sentence=sentence[:500], finished_at=timezone.now()
        )

    @transaction.atomic
    def try_again(self, by):
        """Let a failed job wait once more, as asked for by `by`; anything else stays as it is. Raises TooMany."""
        failed = ReportJob.objects.filter(pk=self.pk, status=self.Status.FAILED)
        again = {"status": self.Status.WAITING, "sentence": "", "attempts": 0, "finished_at": None}
        if failed.update(asked_by=by, **again):
            self.asked_by = by
            ReportJob.objects.check_room(self)

    def finish(self, pdf):
        """Keep `pdf`, unless the job has been given to somebody else meanwhile. In a transaction."""
        done = {"status": self.Status.DONE, "claim": "", "size": len(pdf), "finished_at": timezone.now()}
        if self.held().update(**done):
            ReportPrint.objects.create(job=self, pdf=pdf)
            self.source.delete()
            ReportJob.objects.prune(self.assessment_id, self.asked_by_id)


class ReportSource(models.Model):
    """What is to be printed, as `report.plain.as_text` wrote it; gone once it is."""

    job = models.OneToOneField(ReportJob, models.CASCADE, related_name="source", editable=False)
    document = models.TextField(editable=False)
    options = models.TextField(editable=False)

    def __str__(self):
        return f"Source of {self.job}"


class ReportPrint(models.Model):
    """The PDF; a row of its own, so that looking at a job never loads it."""

    job = models.OneToOneField(ReportJob, models.CASCADE, related_name="print", editable=False)
    pdf = models.BinaryField(editable=False)

    def __str__(self):
        return f"PDF of {self.job}"


class ReportWorkerQuerySet(models.QuerySet):
    def seen_lately(self):
        return self.filter(seen_at__gte=timezone.now() - SEEN_LATELY)

    def beat(self, name):
        """The worker `name` is there; those of yesterday are forgotten."""
        now = timezone.now()
        self.update_or_create(name=name, defaults={"seen_at": now})
        self.filter(seen_at__lt=now - FORGOTTEN).delete()


class ReportWorker(models.Model):
    """A process that makes PDFs beside the pages, and when it was last heard of."""

    name = models.CharField(max_length=100, unique=True, editable=False)
    seen_at = models.DateTimeField(editable=False)
    objects = ReportWorkerQuerySet.as_manager()

    def __str__(self):
        return self.name
