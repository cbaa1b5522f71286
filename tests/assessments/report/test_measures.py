"""Metrics as part of the document: plain values, a title, a table of months, and every one of them on paper."""

import io
import json
from datetime import date

import pytest
from pypdf import PdfReader

from assessments.models import Assessment, Metric
from assessments.report import charts, document, measures, paper, pdf, register
from assessments.report.plain import as_json
from assessments.rules.results import Shares
from tests import factories
from tests.assessments.measured import NOON, aim, enter, measured

DAY = date(2026, 11, 20)
KEY = "pf3-thing-1"


@pytest.fixture(autouse=True)
def _clock(time_machine):
    time_machine.move_to(NOON, tick=False)


@pytest.fixture
def build(assessment):
    """`build()` is the document as it stands."""

    def now():
        return document.build(Assessment.objects.with_names().get(pk=assessment.pk), DAY, "Priya Raman")

    return now


def squeezed(text):
    return "".join(text.split())


# ---- the parts --------------------------------------------------------------------------------------------------


def test_without_metrics_there_is_no_section_no_title_and_no_table(build):
    found = build()
    assert (found.metrics, found.kinds, found.sustained_rule) == ((), (), "")
    assert (measures.title(()), measures.span(()), measures.month_table(())) == ("", None, None)
    assert "results" not in [section.key for section in paper.sections(found)]


def test_a_part_holds_what_is_printed_as_plain_values(site, build, mark):
    metric = measured(
        site, 70, 85, 85, 85, None, 81.26, name="Service level", owner=mark, shows=[KEY, "asked-elsewhere"]
    )
    metric.readings.filter(month=date(2026, 10, 1)).update(note="A flood")
    (part,) = build().metrics
    assert (part.id, part.name, part.kind, part.kind_name) == (
        metric.pk,
        "Service level",
        "service",
        "Service",
    )
    assert (part.owner, part.source, part.shows) == ("Mark", "", ("PF3a",))
    assert (part.value, part.printed.replace("\xa0", ""), part.period) == (81.26, "81.3%", "October 2026")
    assert (part.level, part.met, part.needed, part.decide) == (2, 4, 5, 6)
    assert part.missing == ("September 2026",)
    assert [(month.value, month.met) for month in part.months] == [
        (70, False),
        (85, True),
        (85, True),
        (85, True),
        (None, False),
        (81.26, True),
    ]
    assert (part.months[-1].note, part.months[-1].low, part.months[-1].high) == ("A flood", 80, None)


def test_a_metric_without_a_reading_has_a_part_all_the_same(site, build):
    factories.MetricFactory(site=site, name="Planned")
    (part,) = build().metrics
    assert (part.value, part.printed, part.level, part.target) == (None, "–", 0, "no target")
    assert [month.value for month in part.months] == [None]
    assert measures.small(part, charts.PAPER).startswith("<svg")


def test_each_month_carries_the_target_then_in_force(site, build):
    metric = measured(site, 85, 85)
    aim(metric, 90, since=date(2026, 10, 1))
    (part,) = build().metrics
    assert [(month.low, month.met) for month in part.months] == [(80, True), (90, False)]


def test_the_whole_of_it_is_json(site, build):
    measured(site, 85, None, 81.25, name="<Service>", every=3)
    factories.MetricFactory(site=site)
    said = as_json(build())
    assert json.loads(json.dumps(said, allow_nan=False)) == said
    assert said["metrics"][0]["months"][0]["value"] == 85


def test_the_drawing_is_the_one_of_the_register(site, build):
    metric = measured(site, 70, 85, 85, 90, 85, 81.25)
    (judged,) = Metric.objects.filter(pk=metric.pk).judged(site)
    (part,) = build().metrics
    assert measures.small(part, charts.SCREEN) == register.row(judged).chart


def test_kinds_stand_in_their_order_with_their_shares(site, build):
    measured(site, *[85] * 6, kind="service")
    measured(site, *[70] * 6, kind="service")
    measured(site, kind="experience")
    found = build()
    assert [(kind.name, kind.shares) for kind in found.kinds] == [
        ("Customer experience", Shares(all=1)),
        ("Service", Shares(all=2, measured=2, at_target=1, reached=1, sustained=1)),
    ]
    assert [part.kind for part in found.metrics] == ["experience", "service", "service"]


def test_a_self_check_tells_only_of_metrics_that_show_what_it_asks(site, assessment, build):
    measured(site, 85, name="Shown", shows=[KEY])
    measured(site, 85, name="Not shown")
    assert len(build().metrics) == 2
    assessment.release.standard.leads_to_audit = False
    assessment.release.standard.save()
    assert [part.name for part in build().metrics] == ["Shown"]


# ---- titles and the table ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("months", "title"),
    [
        ([[70] * 6], "The one metric is not at target"),
        ([[70] * 5 + [85]], "The one metric is at target, not sustained yet"),
        ([[85] * 6], "The one metric is sustained"),
        ([[70] * 6] * 2, "None of two metrics is sustained; none are at target"),
        ([[70] * 5 + [85]] * 3, "None of three metrics is sustained; three are at target"),
        ([[85] * 6, [70] * 6], "One of two metrics is sustained; one is at target"),
        ([[85] * 6] * 2 + [[70] * 6], "Two of three metrics are sustained; two are at target"),
    ],
)
def test_the_title_counts_what_is_sustained_and_at_target(site, build, months, title):
    for values in months:
        measured(site, *values)
    assert measures.title(build().metrics) == title


def test_the_table_lists_thirteen_months_of_monthly_metrics(site, build):
    measured(site, *range(70, 90), name="Monthly")
    quarterly = factories.MetricFactory(site=site, name="Quarterly", every=3)
    enter(quarterly, 85, last=date(2026, 9, 1))
    young = measured(site, 85, name="Young")
    names, rows = measures.month_table(build().metrics)
    assert (len(names), names[0], names[-1]) == (13, ("Oct", "2025"), ("Oct", "2026"))
    assert [metric.name for metric, _months in rows] == ["Monthly", "Young"]
    assert [month.value for month in rows[0][1]] == list(range(77, 90))
    assert rows[1][1][:12] == [None] * 12
    assert (rows[1][0].id, rows[1][1][12].value) == (young.pk, 85)


def test_what_is_measured_more_rarely_alone_has_no_table(site, build):
    enter(factories.MetricFactory(site=site, every=3), 85, last=date(2026, 9, 1))
    found = build().metrics
    assert (measures.month_table(found), measures.span(found)) == (None, None)


# ---- on paper ---------------------------------------------------------------------------------------------------


@pytest.mark.skipif(not pdf.available()[0], reason="WeasyPrint finds no Pango here")
def test_every_metric_is_on_paper_with_its_value_and_its_months(site, build):
    measured(site, *[85] * 5, 81.26, name="Calls <b>answered</b> & kept", shows=[KEY])
    measured(site, 71.4, name="Škofja Loka")
    factories.MetricFactory(site=site, name="Planned")
    found = build()
    reader = PdfReader(io.BytesIO(pdf.render(found)), strict=True)
    words = squeezed("".join(page.extract_text() for page in reader.pages))
    assert squeezed("One of three metrics is sustained") in words
    for part in found.metrics:
        assert squeezed(part.name) in words
        assert squeezed(part.printed) in words
        assert squeezed(part.headline) in words
    assert "81.3%" in words
    assert squeezed(found.sustained_rule) in words
