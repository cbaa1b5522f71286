"""The data that benches run on, made anew for each run, and requests to it."""

from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone

from assessments.models import Assessment, Membership, Organisation, Role, Site, User
from standards.models import Release


class Scratch:
    """One organisation, its sites and a half-answered assessment for each, on the shipped release."""

    def __init__(self, sites, requirements):
        call_command("loadstandards", verbosity=0)
        self.user = User.objects.create_user("bench@example.com", name="Bench")
        organisation = Organisation.objects.create(name="Bench")
        Membership.objects.create(organisation=organisation, user=self.user, role=Role.OWNER)
        self.release = Release.objects.published().first()
        self.variant = self.release.variants.get(code="CSP")
        self.organisation, self.requirements = organisation, requirements
        self.assessments = [self.start(f"Site {number}") for number in range(sites)]
        self.client = Client()
        self.client.force_login(self.user, backend="allauth.account.auth_backends.AuthenticationBackend")

    def site(self, name):
        return Site.objects.create(
            organisation=self.organisation, name=name, country="GB", seats=100, channels=["phone", "chatbot"]
        )

    def start(self, name):
        assessment, _ = Assessment.objects.start(
            site=self.site(name),
            release=self.release,
            variant=self.variant,
            channels=["phone", "chatbot"],
            audit_month=None,
            by=self.user,
        )
        keep = list(assessment.answers.order_by("pk").values_list("pk", flat=True)[: self.requirements])
        assessment.answers.exclude(pk__in=keep).delete()
        now = timezone.now()
        saved = {"answered_by": self.user, "answered_at": now, "noted_by": self.user, "noted_at": now}
        for level, start in zip("0123", range(4), strict=True):
            assessment.answers.filter(pk__in=keep[start::8]).update(
                choice=level, note="Half of the teams do it. " * 4, **saved
            )
        assessment.rescore(by=self.user)
        return assessment


def post(client, address, data):
    response = client.post(address, data)
    if response.status_code != 200:
        raise CommandError(f"{address} answered {response.status_code}: nothing can be measured.")


def get(client, address):
    response = client.get(address)
    if response.status_code != 200:
        raise CommandError(f"{address} answered {response.status_code}: nothing can be measured.")
