"""`manage.py bench save item start results report`: what our work costs, beside a floor measured in the same rounds.

Absolute times do not carry over from one machine to the next, so targets are query counts and ratios. Rounds of ours and
of the floors alternate, each figure is the median CPU time of its rounds, and the exit status is 1 where a target is missed.
"""

import ctypes
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date
from io import BytesIO
from itertools import count
from pathlib import Path
from statistics import median

from django.conf import settings
from django.core.management import BaseCommand, CommandError, call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext, override_settings
from django.urls import reverse

from assessments.models import Answer, Assessment, Membership, Organisation, Role, Site, User
from assessments.report import document
from standards.models import Release

TRANSACTION_WORDS = ("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE")


@dataclass
class Floor:
    """`limit`: ours may cost at most this many times the floor; None where it is only shown."""

    name: str
    run: callable
    limit: float | None = None


@dataclass
class Bench:
    name: str
    run: callable
    rounds: int
    queries: int | None = None
    floors: list[Floor] = field(default_factory=list)
    note: str = ""


def cpu(run):
    """Milliseconds of CPU, children included."""
    before = time.process_time() + sum(os.times()[2:4])
    run()
    return 1000 * (time.process_time() + sum(os.times()[2:4]) - before)


def statements(run):
    with CaptureQueriesContext(connection) as captured:
        run()
    return sum(not query["sql"].startswith(TRANSACTION_WORDS) for query in captured.captured_queries)


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
        for level, start in zip("0123", range(4), strict=True):
            assessment.answers.filter(pk__in=keep[start::8]).update(
                choice=level, note="Half of the teams do it. " * 4
            )
        assessment.rescore(by=self.user)
        return assessment


class Command(BaseCommand):
    help = "Measures queries and CPU time beside floors; exits with 1 where a target is missed."

    def add_arguments(self, parser):
        parser.add_argument("names", nargs="*", help="save item start results report, or all (default)")
        parser.add_argument("--sites", type=int, default=3, help="assessments in the scratch database")
        parser.add_argument(
            "--requirements", type=int, default=200, help="requirements asked of each, at most"
        )
        parser.add_argument("--rounds", type=int, help="rounds of each (default: enough for a stable median)")
        parser.add_argument("--json", action="store_true", help="print figures as JSON")

    def handle(self, *, names, sites, requirements, rounds, **options):
        benches = {"save": save, "item": item, "start": start, "results": results, "report": report}
        chosen = list(benches) if not names or names == ["all"] else names
        unknown = [name for name in chosen if name not in benches]
        if unknown:
            raise CommandError(
                f"There is no bench called {unknown[0]}. Choose from: {', '.join(benches)}, all."
            )
        load = os.getloadavg()[0]
        original = connection.settings_dict["NAME"]
        connection.creation.create_test_db(verbosity=0, autoclobber=True)
        try:
            with override_settings(
                ROOT_URLCONF="assessments.management.floors", ALLOWED_HOSTS=["testserver"]
            ):
                scratch = Scratch(max(sites, 1), requirements)
                figures = [measure(benches[name](scratch), rounds) for name in chosen]
        finally:
            connection.creation.destroy_test_db(original, verbosity=0)
        self.show(figures, load, options["json"])
        if any(figure["missed"] for figure in figures):
            raise SystemExit(1)

    def show(self, figures, load, as_json):
        if as_json:
            self.stdout.write(
                json.dumps({"database": connection.vendor, "load": load, "figures": figures}, indent=2)
            )
            return
        self.stdout.write(
            f"{connection.vendor}, {os.cpu_count()} cores, load {load:.1f} before the first round\n"
        )
        for figure in figures:
            limit = "" if figure["query_limit"] is None else f" (at most {figure['query_limit']})"
            note = f", {figure['note']}" if figure["note"] else ""
            self.stdout.write(
                f"\n{figure['name']}: {figure['queries']} queries{limit}, {figure['ms']:.2f} ms CPU{note}"
            )
            for floor in figure["floors"]:
                target = f" (at most {floor['limit']:g})" if floor["limit"] else ""
                self.stdout.write(f"  {floor['ratio']:.2f} x {floor['name']}, {floor['ms']:.2f} ms{target}")
            for missed in figure["missed"]:
                self.stdout.write(self.style.ERROR(f"  missed: {missed}"))


def measure(bench, rounds):
    """Interleaved rounds after one warm-up; ratios of medians."""
    queries = statements(bench.run)
    for floor in bench.floors:
        floor.run()
    ours, theirs = [], [[] for _ in bench.floors]
    for _ in range(rounds or bench.rounds):
        ours.append(cpu(bench.run))
        for figures, floor in zip(theirs, bench.floors, strict=True):
            figures.append(cpu(floor.run))
    ms = median(ours)
    floors = [
        {"name": floor.name, "ms": median(figures), "ratio": ms / median(figures), "limit": floor.limit}
        for floor, figures in zip(bench.floors, theirs, strict=True)
    ]
    missed = [f"{f['ratio']:.2f} x {f['name']}" for f in floors if f["limit"] and f["ratio"] > f["limit"]]
    if bench.queries is not None and queries > bench.queries:
        missed.append(f"{queries} queries")
    return {
        "name": bench.name,
        "queries": queries,
        "query_limit": bench.queries,
        "ms": ms,
        "note": bench.note,
        "floors": floors,
        "missed": missed,
    }


def save(scratch):
    """One choice saved: session, access, version, revision, figures, commit."""
    stranger, client = Client(), scratch.client
    answer = scratch.assessments[0].answers.order_by("pk").first()
    version = count(
        answer.version
    )  # both ways of saving count one version up, and so do we instead of asking

    def saving(name):
        def run():
            seen = next(version)
            post(client, reverse(name, args=[answer.pk]), {"choice": str((seen + 1) % 4), "version": seen})

        return run

    return Bench(
        "save",
        saving("answer-choice"),
        rounds=150,
        queries=9,
        floors=[
            Floor("a POST without database", lambda: post(stranger, reverse("health"), {}), 12),
            Floor("the same with get, ModelForm and objects", saving("floor-save"), 0.7),
        ],
    )


def post(client, address, data):
    response = client.post(address, data)
    if response.status_code != 200:
        raise CommandError(f"{address} answered {response.status_code}: nothing can be measured.")


def get(client, address):
    response = client.get(address)
    if response.status_code != 200:
        raise CommandError(f"{address} answered {response.status_code}: nothing can be measured.")


def item(scratch):
    """One item page; beside it its questions alone through a plain template loop."""
    assessment = scratch.assessments[0]
    code = assessment.answers.order_by("requirement__item__position").first().requirement.item.code
    return Bench(
        "item",
        lambda: get(scratch.client, reverse("item", args=[assessment.pk, code])),
        rounds=60,
        queries=12,
        floors=[
            Floor(
                "its questions alone in a plain template loop",
                lambda: get(scratch.client, reverse("floor-item", args=[assessment.pk, code])),
                2.5,
            )
        ],
    )


def start(scratch):
    """An assessment started; beside it the bare bulk insert of its answers."""
    sites = [scratch.site(f"New {number}") for number in range(100)]
    spare = iter(sites)
    asked = list(scratch.assessments[0].answers.values_list("requirement_id", flat=True))
    bare = [
        Assessment.objects.create(
            site=site, release=scratch.release, variant=scratch.variant, channels=["phone"]
        )
        for site in sites
    ]
    hosts = iter(bare)

    def ours():
        Assessment.objects.start(
            site=next(spare),
            release=scratch.release,
            variant=scratch.variant,
            channels=["phone", "chatbot"],
            audit_month=None,
            by=scratch.user,
        )

    def insert():
        host = next(hosts)
        Answer.objects.bulk_create([Answer(assessment=host, requirement_id=pk) for pk in asked])

    return Bench(
        "start",
        ours,
        rounds=20,
        queries=15,
        floors=[Floor("one bulk insert of as many answers", insert, 2.5)],
    )


def results(scratch):
    """The results page; beside it one query and the score alone."""
    assessment = Assessment.objects.with_names().get(pk=scratch.assessments[0].pk)
    return Bench(
        "results",
        lambda: get(scratch.client, reverse("results", args=[assessment.pk])),
        rounds=30,
        queries=15,
        floors=[Floor("one query and the score", assessment.scores)],
    )


def report(scratch):
    """The PDF of one assessment; beside it a plain table of as many pages, and Chromium, cold, printing the same HTML."""
    from assessments.report import pdf

    possible, reason = pdf.available()
    if not possible:
        raise CommandError(f"The report cannot be measured here: {reason}")
    assessment = Assessment.objects.with_names().get(pk=scratch.assessments[0].pk)
    value = document.build(assessment, date(2026, 1, 31), "Bench")
    made = pdf.render(value)
    pages = page_count(made)
    floors = [Floor("a plain table of as many pages, untagged", lambda: plain_pages(pages), 3)]
    chromium = find_chromium()
    if chromium:
        count_orphans()
        floors.append(
            Floor(
                "Chromium, cold, printing the same HTML", lambda: print_cold(chromium, pdf.html(value)), 1.2
            )
        )
    note = f"{pages} pages, {len(made) / 1000:.0f} kB"
    return Bench("report", lambda: pdf.render(value), rounds=3, queries=0, floors=floors, note=note)


def page_count(made):
    from pypdf import PdfReader  # one of the test pins

    return len(PdfReader(BytesIO(made)).pages)


def plain_pages(pages):
    """The least WeasyPrint asks for so much paper: a two-column table without styles, 30 rows a page."""
    from weasyprint import HTML

    row = "<tr><td>PR6a<td>Workload is forecast for the long and the short term"
    HTML(string=f"<style>table{{table-layout:fixed}}</style><table>{row * (30 * pages)}</table>").write_pdf()


def find_chromium():
    names = (os.environ.get("COPCREADY_CHROMIUM"), "chromium", "chromium-browser", "google-chrome")
    return next((found for name in names if name and (found := shutil.which(name))), None)


def count_orphans():
    """Take in processes that outlive their parent, as Chromium's helpers do: two thirds of its CPU time are theirs."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(36, 1)  # PR_SET_CHILD_SUBREAPER of <sys/prctl.h>


def wait_for_orphans():
    with suppress(ChildProcessError):
        while True:
            os.wait()


def print_cold(chromium, html):
    folder_of_styles = settings.BASE_DIR / "static" / "css"
    styles = [(folder_of_styles / name).as_uri() for name in ("report-fonts.css", "report.css")]
    links = "".join(f'<link rel="stylesheet" href="{style}">' for style in styles)
    with tempfile.TemporaryDirectory() as folder:
        page = Path(folder, "report.html")
        page.write_text(html.replace("</head>", f"{links}</head>", 1))
        subprocess.run(  # noqa: S603 - the browser found above, on a file of our own
            [
                chromium,
                "--headless",
                "--no-sandbox",
                "--disable-gpu",
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-sync",
                "--no-first-run",
                f"--user-data-dir={folder}/profile",
                f"--print-to-pdf={folder}/report.pdf",
                page.as_uri(),
            ],
            check=True,
            capture_output=True,
        )
        wait_for_orphans()  # os.times counts a child only once it was waited for
        return Path(folder, "report.pdf").stat().st_size
