"""`manage.py bench save item grid start results report workbook cold hostile`: what our work costs, beside a floor measured in the same rounds.

Absolute times do not carry over from one machine to the next, so targets are query counts and ratios. Rounds of ours and
of the floors alternate, each figure is the median CPU time of its rounds, and the exit status is 1 where a target is missed.
"""

import json
import os

from django.core.management import BaseCommand, CommandError
from django.db import connection
from django.test.utils import override_settings

from assessments.management.benches import (
    answers,
    assessments,
    cold,
    hostile,
    latency,
    reports,
    workbooks,
)
from assessments.management.benches.measuring import measure
from assessments.management.benches.scratch import Scratch

BENCHES = {
    "save": answers.save,
    "item": answers.item,
    "grid": answers.grid,
    "start": assessments.start,
    "results": assessments.results,
    "report": reports.report,
    "workbook": workbooks.workbook_bench,
    "cold": cold.cold,
    "hostile": hostile.hostile,
}
BESIDE = {"report": latency.pages}  # what is measured on the clock, in processes of its own


def figures_of(bench, rounds):
    """What `measure` finds; what is measured in processes of its own comes as figures already."""
    return bench if isinstance(bench, dict) else measure(bench, rounds)


class Command(BaseCommand):
    help = "Measures queries and CPU time beside floors; exits with 1 where a target is missed."

    def add_arguments(self, parser):
        parser.add_argument("names", nargs="*", help=f"{' '.join(BENCHES)}, or all (default)")
        parser.add_argument("--sites", type=int, default=3, help="assessments in the scratch database")
        parser.add_argument(
            "--requirements", type=int, default=200, help="requirements asked of each, at most"
        )
        parser.add_argument("--rounds", type=int, help="rounds of each (default: enough for a stable median)")
        parser.add_argument("--json", action="store_true", help="print figures as JSON")

    def handle(self, *, names, sites, requirements, rounds, **options):
        chosen = list(BENCHES) if not names or names == ["all"] else names
        unknown = [name for name in chosen if name not in BENCHES]
        if unknown:
            raise CommandError(
                f"There is no bench called {unknown[0]}. Choose from: {', '.join(BENCHES)}, all."
            )
        load = os.getloadavg()[0]
        original = connection.settings_dict["NAME"]
        connection.creation.create_test_db(verbosity=0, autoclobber=True)
        try:
            with override_settings(
                ROOT_URLCONF="assessments.management.floors", ALLOWED_HOSTS=["testserver"]
            ):
                scratch = Scratch(max(sites, 1), requirements)
                figures = [figures_of(BENCHES[name](scratch), rounds) for name in chosen]
                figures += [BESIDE[name](scratch) for name in chosen if name in BESIDE]
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
            if "lines" in figure:
                self.show_lines(figure)
                continue
            limit = "" if figure["query_limit"] is None else f" (at most {figure['query_limit']})"
            note = f", {figure['note']}" if figure["note"] else ""
            self.stdout.write(
                f"\n{figure['name']}: {figure['queries']} queries{limit}, {figure['ms']:.2f} ms {figure['of']}{note}"
            )
            for floor in figure["floors"]:
                target = f" (at most {floor['limit']:g})" if floor["limit"] else ""
                self.stdout.write(f"  {floor['ratio']:.2f} x {floor['name']}, {floor['ms']:.2f} ms{target}")
            for missed in figure["missed"]:
                self.stdout.write(self.style.ERROR(f"  missed: {missed}"))

    def show_lines(self, figure):
        self.stdout.write(f"\n{figure['name']}: {figure['note']}")
        for line in figure["lines"]:
            self.stdout.write(f"  {line}")
        for missed in figure["missed"]:
            self.stdout.write(self.style.ERROR(f"  missed: {missed}"))
