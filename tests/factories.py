"""Rows for tests, one factory a model; the standard is a small one, not the shipped release."""

import factory
from django.db.models import QuerySet

from assessments import models
from assessments.models.evidence_files import Putting
from assessments.report import freezing
from assessments.uploads.checked import looked_through
from standards import models as standards


class StandardFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = standards.Standard
        django_get_or_create = ("key",)

    key = "small"
    name = "Small Standard"
    notice = "An independent self-assessment."


class ReleaseFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = standards.Release
        django_get_or_create = ("standard", "version")

    standard = factory.SubFactory(StandardFactory)
    version = "1.0"
    status = standards.Release.PUBLISHED


class VariantFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = standards.Variant
        django_get_or_create = ("release", "code")

    release = factory.SubFactory(ReleaseFactory)
    code = "CSP"
    name = "In-house contact centre"
    description = "Serves its own organisation's customers."
    position = 1


class DomainFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = standards.Domain
        django_get_or_create = ("release", "code")

    release = factory.SubFactory(ReleaseFactory)
    code = "PR"
    title = "Processes"
    purpose = "Run the work."
    position = 2


class ItemFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = standards.Item
        django_get_or_create = ("domain", "code")

    domain = factory.SubFactory(DomainFactory)
    code = "PR1"
    title = "Forecasting"
    purpose = "Know what is coming."
    points = 10
    position = 1


class RequirementFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = standards.Requirement
        django_get_or_create = ("item", "key")
        skip_postgeneration_save = True

    item = factory.SubFactory(ItemFactory)
    key = factory.Sequence("requirement-{}".format)
    letter = factory.LazyAttribute(lambda r: chr(97 + r.position - 1))
    position = factory.LazyAttribute(lambda r: r.item.requirements.count() + 1)
    statement = factory.LazyAttribute(lambda r: f"The thing {r.key} is done")
    short = factory.LazyAttribute(lambda r: r.key)
    scope = "For every channel, every month."
    level_0 = "Nobody does it."
    level_1 = "A method is written down."
    level_2 = "Some teams do it."
    level_3 = "Every team does it and can show it."
    why = "Without it customers wait."
    first_step = "List the teams."
    guidance = "Good is plain.\nHalf-way is one team."
    evidence = "The list\nThe record of last month"
    prompts = "Team leader: When did you last do it?"

    @factory.post_generation
    def variants(self, create, extracted, **kwargs):
        if create:
            self.variants.set(extracted or [VariantFactory(release=self.item.domain.release)])


class UserFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = models.User
        skip_postgeneration_save = True

    name = factory.Sequence("Person {}".format)
    email = factory.LazyAttribute(lambda u: f"{u.name.lower().replace(' ', '.')}@example.com")

    @factory.post_generation
    def confirmed(self, create, extracted, **kwargs):
        if create and extracted is not False:
            self.confirm_address()


class OrganisationFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = models.Organisation

    name = factory.Sequence("Organisation {}".format)


class SiteFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = models.Site

    organisation = factory.SubFactory(OrganisationFactory)
    name = factory.Sequence("Site {}".format)
    country = "GB"
    seats = 120
    time_zone = "Europe/London"
    channels = ["phone", "email", "chatbot"]


class MetricFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = models.Metric

    site = factory.SubFactory(SiteFactory)
    name = factory.Sequence("Metric {}".format)
    kind = "service"


def small_release(items=3, requirements=4, **fields):
    """Two domains, `items` items with `requirements` requirements each; the second of each is critical.

    `fields` are those of the release, for a second one.
    """
    release = ReleaseFactory(**{"position": 10, **fields})
    practice = DomainFactory(release=release)
    results = DomainFactory(release=release, code="PF", title="Performance results", position=4, results=True)
    for number in range(1, items + 1):
        domain = results if number == items else practice
        item = ItemFactory(
            domain=domain,
            code=f"{domain.code}{number}",
            title=f"Topic {number}",
            position=number,
            points=10 * number,
        )
        for place in range(1, requirements + 1):
            RequirementFactory(
                item=item,
                position=place,
                quick=place == 2,
                key=f"{item.code.lower()}-thing-{place}",
                critical=place == 2,
                critical_reason="Nothing else can be trusted without it." if place == 2 else "",
                fundamental=place == 3,
                fundamental_reason="All the rest is built on it." if place == 3 else "",
                kind="result" if domain == results else "practice",
            )
    return release


def newer_release():
    """The small standard's release 2.0: of PR1, one requirement is replaced and one about AI governance is added; of PR2,
    one is dropped."""
    release = small_release(version="2.0", position=5)
    item = release.domains.get(code="PR").items.get(code="PR1")
    item.requirements.filter(key="pr1-thing-4").update(
        key="pr1-more", replaces="pr1-thing-4", statement="The thing pr1-more is done"
    )
    RequirementFactory(item=item, position=5, key="pr1-ai", ai_governance=True)
    standards.Requirement.objects.of(release).filter(key="pr2-thing-4").delete()
    return release


def started(site, release=None, by=None, channels=None):
    """An assessment of `site` with every answer open."""
    release = release or small_release()
    assessment, _ = models.Assessment.objects.start(
        site=site,
        release=release,
        variant=release.variants.first(),
        channels=site.channels if channels is None else channels,
        audit_month=None,
        by=by,
    )
    return assessment


SIGNS = {"?": "unknown", "-": "na", ".": ""}


def answer(assessment, **items):
    """`answer(assessment, PR1="03?-")`: a level, not known, not applicable or open for each requirement of an item."""
    for code, signs in items.items():
        rows = assessment.answers.filter(requirement__item__code=code).order_by("requirement__position")
        for row, sign in zip(rows, signs, strict=True):
            row.choice = SIGNS.get(sign, sign)
            row.reason = "not-offered" if row.choice == "na" else ""
            row.save()
    assessment.rescore()


def filed(answer, name="Pack.txt", content=b"Minutes of the review", *, by, **fields):
    """A file as evidence for `answer`, checked and stored as one that was uploaded."""
    organisation = answer.assessment.site.organisation_id
    with Putting(organisation, [looked_through(content, name)]) as (stored,):
        evidence = models.Evidence(answer=answer, title=stored.name, **fields)
        evidence.add(by=by, file=stored)
    return evidence


def frozen(assessment, name="Baseline", *, by=None, as_of=None):
    """A milestone of `assessment` as it stands, without its PDF."""
    fresh = models.Assessment.objects.with_names().get(pk=assessment.pk)
    milestone, _new = freezing.freeze(fresh, name=name, by=by, as_of=as_of or fresh.site.today())
    return models.Milestone.objects.get(pk=milestone.pk)


def shared(milestone, recipient="The board", *, by=None, days=30, files=True):
    """(link, the text of its token)"""
    return models.ShareLink.objects.issue(milestone, recipient=recipient, days=days, files=files, by=by)


def forget_milestones():
    """Remove what the models never do, so that a test can begin with nothing."""
    for model in (models.MilestoneReport, models.Milestone):
        QuerySet.delete(model.objects.all())
