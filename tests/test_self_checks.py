"""A self-check ends in a score: no page, table or report of one speaks of an auditor, an audit, a certificate or of what
blocks them."""

import json
import re
import zipfile
from html import unescape
from io import BytesIO

import pytest
from django.urls import reverse
from python_calamine import CalamineWorkbook

from assessments.models import Action, Assessment, Evidence, Review, moves
from assessments.report import document, pdf
from standards.models import Requirement, Scoring, Standard
from tests import factories, printing
from tests.access_table import MATRIX
from tests.assessments.workbooks import figures
from tests.assessments.workbooks.copies import begun

# Only an assessment that leads to an audit has a month for it, and the fit check asks about exactly that.
# The words of the report and of the workbook are read below.
ELSEWHERE = {"assessment-edit", "assessment-fit", "report", "report-xlsx", "report-docx", "answers-json"}
ELSEWHERE |= {"report-logo", "report-file", "workbook-file", "readings-template"}
ELSEWHERE |= {
    "milestone-report",
    "milestone-document",
    "evidence-file",
}  # files, and a report of it is read below
PAGES = [
    name
    for name, route in MATRIX.items()
    if name not in ELSEWHERE and route.get and (route.of or name == "home" or name.startswith("release"))
]


@pytest.fixture
def rows(site, alice, ship):
    """A self-check of two releases with every kind of answer, moved on once."""
    before = factories.started(site, ship(factories.small_release()), by=alice)
    for number, answer in enumerate(before.answers.in_order()):
        answer.record_choice(("0", "1", "unknown", "3")[number % 4], by=alice, version=0)
    newer = ship(factories.newer_release())
    Standard.objects.update(leads_to_audit=False, notice="An independent self-check.")
    Requirement.objects.update(metrics="Service level: answered in time")
    moved = moves.move(Assessment.objects.with_names().get(pk=before.pk), newer, by=alice)
    assessment = factories.started(
        factories.SiteFactory(organisation=site.organisation), before.release, alice
    )
    for number, answer in enumerate(assessment.answers.in_order()):
        answer.record_choice(("0", "1", "unknown", "3", "2")[number % 5], by=alice, version=0)
    answer = assessment.answers.first()
    followed = assessment.answers.in_item("PF3").select_related("requirement").first()
    metric = factories.MetricFactory(
        site=assessment.site, name="Handle time", unit="seconds", shows=[followed.requirement.key]
    )
    assessment.follow_metrics()
    milestone = factories.frozen(assessment, by=alice)
    assessment.answers.filter(choice="0").update(choice="1")
    return {
        "metric": metric,
        "followed": followed,
        "figures_dry_run": figures.begun(assessment.site, alice, "Metric,Feb 2025\nHandle time,300\n"),
        "organisation": site.organisation,
        "member": alice.memberships.get(organisation=site.organisation),
        "site": site,
        "assessed": assessment.site,
        "assessment": assessment,
        "moved": moved,
        "milestone": milestone,
        "answer": answer,
        "evidence": Evidence.objects.create(answer=answer, title="Pack", place="Drive"),
        "answered": answer,
        "action": Action.objects.add(assessment, [answer], by=alice, title="List the teams"),
        "complete": assessment,
        "printed": printing.job(assessment, "done"),
        "review": Review.objects.create(
            assessment=assessment, item=answer.requirement.item, submitted_by=alice
        ),
        "dry_run": begun(assessment, alice, {answer.requirement.key: {"note": "At home"}}),
    }


def words(html):
    """What a reader of the page is told: its text and what controls say, without addresses and class names."""
    html = re.sub(r"<script.*?</script>", "", html, flags=re.DOTALL)
    said = re.findall(r'(?:aria-label|title|alt|placeholder)="([^"]*)"', html)
    return unescape(" ".join([re.sub(r"<[^>]+>", " ", html), *said]))


def of_an_audit(text, words="audit|certif|blocker"):
    return [text[max(0, hit.start() - 60) : hit.end() + 30] for hit in re.finditer(words, text, re.I)]


def test_no_page_of_a_self_check_speaks_of_an_audit(sign_in, alice, rows):
    keys, client = {name: row.pk for name, row in rows.items()}, sign_in(alice)
    for name in PAGES:
        route = MATRIX[name]
        kwargs = {name: value.format(**keys) for name, value in route.kwargs.items()}
        of = "assessed" if name.startswith("reading-import") else route.of
        kwargs |= {"pk": keys[of]} if of else {}
        query = {"release": rows["assessment"].release_id} if name == "assessment-add" else {}
        response = client.get(reverse(name, kwargs=kwargs), query, follow=True)
        assert response.status_code in (200, 204), name
        assert of_an_audit(words(b"".join(response).decode())) == [], name


@pytest.mark.parametrize(
    ("name", "said"), [("workbook-file", "What shows it"), ("report-xlsx", "What to ask to see")]
)
def test_nor_does_its_workbook(sign_in, alice, rows, name, said):
    content = sign_in(alice).get(reverse(name, args=[rows["assessment"].pk])).content
    sheets = CalamineWorkbook.from_filelike(BytesIO(content))
    cells = [
        cell
        for name in sheets.sheet_names
        for row in sheets.get_sheet_by_name(name).to_python()
        for cell in row
    ]
    assert said in cells
    assert of_an_audit(" ".join(map(str, cells))) == []


def test_nor_does_its_word_document(sign_in, alice, rows):
    content = sign_in(alice).get(reverse("report-docx", args=[rows["assessment"].pk])).content
    with zipfile.ZipFile(BytesIO(content)) as archive:
        text = words(archive.read("word/document.xml").decode())
    assert "What shows it" in text
    assert of_an_audit(text) == []


def test_nor_does_its_report_or_what_is_attached_to_it(rows):
    found = Assessment.objects.with_names().get(pk=rows["assessment"].pk)
    found = document.build(found, as_of=found.site.today())
    assert of_an_audit(words(pdf.html(found))) == []
    attached = {name: content.decode() for name, _description, content in pdf.attachments(found)}
    assert of_an_audit(attached["gaps.csv"]) == []
    told = json.loads(attached["answers.json"])
    assert told.pop("audit_month") is None  # documents of all kinds have the same fields
    assert of_an_audit(json.dumps(told), "audit|certif") == []  # which fields there are is the same, too


@pytest.mark.parametrize("name", ["results", "gaps", "method"])
def test_what_would_block_an_audit_is_called_an_urgent_gap(sign_in, alice, rows, name):
    html = sign_in(alice).get(reverse(name, args=[rows["assessment"].pk])).content.decode()
    assert "urgent gap" in words(html).lower()


def test_its_report_calls_it_so_too(rows):
    found = Assessment.objects.with_names().get(pk=rows["assessment"].pk)
    html = words(pdf.html(document.build(found, as_of=found.site.today())))
    assert "Two urgent gaps" in html
    assert "Close the two urgent gaps" in html


def test_nor_does_what_helps_to_edit_a_requirement():
    helps = [str(field.help_text) for field in Requirement._meta.get_fields() if hasattr(field, "help_text")]
    helps.append(str(Scoring._meta.get_field("evidence_months").help_text))
    assert len("".join(helps)) > 500
    assert of_an_audit(" ".join(helps), "audit|certif") == []


def test_a_self_check_has_no_audit_month_to_change(sign_in, alice, rows):
    assert sign_in(alice).get(reverse("assessment-edit", args=[rows["assessment"].pk])).status_code == 404


def test_an_assessment_that_leads_to_an_audit_does_speak_of_it(sign_in, alice, rows):
    Standard.objects.update(leads_to_audit=True)
    html = sign_in(alice).get(reverse("results", args=[rows["assessment"].pk])).content.decode()
    assert of_an_audit(words(html))
