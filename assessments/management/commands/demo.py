"""`manage.py demo`: organisations to try copcready with, and the sign-ins to see them."""

import argparse
import random
from datetime import date

from django.conf import settings
from django.core.management import CommandError
from django.core.management.base import BaseCommand
from django.db import transaction
from django.utils import timezone

from assessments.demo import (
    acting,
    answering,
    chain,
    freezing,
    measuring,
    reviewing,
    rows,
    signins,
    stories,
)
from assessments.models import Assessment, Role, User
from standards.models import Release

STANDARD, VERSION = "copc-cx", "8.0"
SEED = 8
MOST_SITES = 10_000
DEMO_DOMAIN = ".example"  # reserved by RFC 2606: no person's real address ends in it
EDITOR = stories.Person(name="Sofia Brennan", email="editor@copcready.example", role="")
EDITOR_MAY = ["edits the standards in the admin site, /admin/; sees no organisation"]
MAY = {
    Role.OWNER: "may do everything",
    Role.MANAGER: "answers, starts assessments, changes sites",
    Role.CONTRIBUTOR: "answers",
    Role.REVIEWER: "reviews answers",
    Role.VIEWER: "reads only",
}


def day(text):
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is not a date. Write it as 2026-03-31.") from None


def number_of_sites(text):
    if not text.isascii() or not text.isdigit() or int(text) > MOST_SITES:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number of sites from 0 to {MOST_SITES}.")
    return int(text)


class Command(BaseCommand):
    help = (
        "Builds a bank's centre, an outsourcer's two sites, a vendor office and a ferry company's booking line with answers, "
        "notes and sign-ins: COPC 8.0 and 7.0, a quick scan and an ISO 18295-1 self-check. Passwords are "
        "random, shown once on a terminal and kept in demo-sign-in.txt in the data directory. Only for a machine of one's "
        "own: refused where people have accounts or COPCREADY_HTTPS is on, unless forced."
    )

    def add_arguments(self, parser):
        parser.add_argument("--if-empty", action="store_true", help="do nothing if anybody has an account")
        parser.add_argument(
            "--force", action="store_true", help="build it beside real accounts or behind HTTPS"
        )
        parser.add_argument(
            "--seed", type=int, default=SEED, help="another number, other answers without a note"
        )
        parser.add_argument(
            "--as-of", type=day, metavar="DATE", help="the day before which it all happened: today"
        )
        parser.add_argument(
            "--sites",
            type=number_of_sites,
            default=0,
            metavar="N",
            help="N sites of a chain too, to try scale on",
        )

    def handle(self, *, if_empty, force, seed, as_of, sites, **options):
        as_of = as_of or timezone.localdate()
        obstacle = self.obstacle(if_empty, force, as_of)
        if obstacle and if_empty:
            self.stdout.write(f"No demo was made: {obstacle}")
            return
        if obstacle:
            raise CommandError(f"Nothing was changed: {obstacle}")
        here = User.objects.filter(email__endswith=signins.SIGN_IN_DOMAIN).exists()
        if here and not sites:
            raise CommandError(f"Nothing was changed: the demo is here already. Its sign-ins: {self.path}")
        if not here:
            self.build(seed, as_of)
        if sites:
            self.add_chain(self.release(STANDARD, VERSION), sites, seed, as_of)

    @property
    def path(self):
        return settings.DATA_DIR / "demo-sign-in.txt"

    def obstacle(self, if_empty, force, as_of):
        """Why there should be no demo here, or nothing."""
        if as_of > timezone.localdate():
            raise CommandError(
                f"Nothing was changed: {as_of} has not come yet, so nobody can have answered by then."
            )
        if if_empty and User.objects.exists():
            return "somebody has an account already."
        if force:
            return ""
        if settings.HTTPS:
            return "COPCREADY_HTTPS is on, so other people can reach this server. --force builds the demo all the same."
        if User.objects.exclude(email__iendswith=DEMO_DOMAIN).exists():
            return "real people have accounts here. --force builds the demo beside them."
        return ""

    def release(self, standard, version):
        try:
            return Release.objects.get_by_natural_key(standard, version)
        except Release.DoesNotExist:
            raise CommandError(
                f"{standard} {version} is not loaded yet. Run: manage.py loadstandards"
            ) from None

    @transaction.atomic
    def build(self, seed, as_of):
        told = [stories.read(name, as_of) for name in stories.NAMES]
        releases = [self.release(story.standard, story.release) for story in told]
        people = {person.email: person for story in told for person in story.people.values()}
        passwords = {
            email: signins.new_password() for email in people if email.endswith(signins.SIGN_IN_DOMAIN)
        }
        users = {
            email: rows.add_user(person, as_of, passwords.get(email)) for email, person in people.items()
        }
        sites, made = {}, []
        for story, release in zip(told, releases, strict=True):
            if story.organisation not in sites:
                sites[story.organisation] = self.found(story, as_of, users)
            site = sites[story.organisation][story.site.name]
            made.append(summary(self.tell(story, release, site, seed, as_of, users)))
            self.stdout.write(made[-1])
        editor_password = signins.new_password()
        rows.add_user(EDITOR, as_of, editor_password, is_staff=True, is_superuser=True)
        text = signins.as_text(
            [(email, password, may(users[email])) for email, password in passwords.items()]
            + [(EDITOR.email, editor_password, EDITOR_MAY)],
            made,
        )
        signins.write(text, self.path)
        if self.stdout.isatty():  # in a pipe or a file they would outlive their use
            self.stdout.write(f"\n{text}")
        self.stdout.write(f"The sign-ins are kept in {self.path}")

    def found(self, story, as_of, users):
        """The organisation of a story with its members; the sites by their names."""
        members = [(users[person.email], person.role) for person in story.people.values()]
        organisation = rows.add_organisation(story.organisation, members, as_of)
        sites = {site.name: site for site in rows.add_sites(organisation, story.sites, as_of)}
        for person in story.people.values():
            if person.only:
                rows.limit(organisation, users[person.email], [sites[name] for name in person.only])
        return sites

    def tell(self, story, release, site, seed, as_of, users):
        """The assessment of one story, with its answers."""
        users = {key: users[person.email] for key, person in story.people.items()}
        assessment = Assessment(
            site=site,
            release=release,
            variant=release.variants.get(code=story.variant),
            channels=site.channels,
            quick=story.quick,
            audit_month=story.audit_in_months and stories.month_after(as_of, story.audit_in_months),
            started_by=next(iter(users.values())),
        )
        asked = rows.asked(assessment)
        rng = random.Random(f"{seed}/{story.organisation}")  # noqa: S311 - invented answers, no secrets
        saves = answering.saves(story, [(one.item, one.key) for one in asked], as_of, rng)
        saves = {one.pk: saves[one.key] for one in asked if one.key in saves}
        for kept in story.milestones:
            if kept.behind is not None:
                saves = answering.with_earlier_round(saves, story, kept, as_of, random.Random(seed))  # noqa: S311 - as above
        started_at = min(save.at for found in saves.values() for save in found)
        rows.store([rows.Sheet(assessment, [one.pk for one in asked], saves, started_at)], users)
        measuring.add(story.metrics, site, users, as_of, rng)
        freezing.add(story.milestones, assessment, users, as_of)
        rows.beside(assessment, story, users)
        reviewing.add(story, assessment, users, as_of)
        measuring.follow(assessment, as_of)
        acting.add(story.actions, assessment, users, as_of)
        return assessment

    def add_chain(self, release, sites, seed, as_of):
        added = chain.build(release, sites, seed, as_of, self.stdout.write)
        if added:
            self.stdout.write(
                f"{chain.read().organisation}: {added} sites added, each with a started assessment."
            )
        else:
            self.stdout.write(f"Nothing was changed: the chain has {sites} sites or more already.")


def summary(assessment):
    quick = ", quick scan" if assessment.quick else ""
    return (
        f"{assessment.site.organisation}: {assessment.site}, {assessment.variant.code} of {assessment.release}{quick}, "
        f"{assessment.asked} requirements, {assessment.asked - assessment.open} answered, score {assessment.percent} %"
    )


def may(user):
    """What the account may do and where, a line for each organisation."""
    memberships = user.memberships.select_related("organisation").order_by("organisation__name")
    return [
        f"{membership.role} of {membership.organisation}{where(membership)} ({MAY[membership.role]})"
        for membership in memberships
    ]


def where(membership):
    """ ", in Covilhã only", or nothing where it is good for every site."""
    names = ", ".join(str(site) for site in membership.sites.order_by("name"))
    return f", in {names} only" if membership.limited else ""
