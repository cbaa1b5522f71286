"""The roadmap page and its place on the results page, from stored actions and metrics."""

import re
from datetime import date, timedelta
from html import unescape

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.html import strip_tags

from assessments.models import Action, Assessment
from assessments.report import document, pdf
from tests import factories


def words(html):
    return re.sub(r"\s+", " ", unescape(strip_tags(html)))


def page(client, assessment, name="roadmap"):
    response = client.get(reverse(name, args=[assessment.pk]))
    assert response.status_code == 200
    return response.content.decode()


def act(assessment, *codes, months=4, **fields):
    """An action that closes requirements such as PR1b, from this month for some months."""
    start = assessment.site.today().replace(day=1)
    due = start + timedelta(days=31 * months)
    action = Action.objects.create(
        assessment=assessment, **{"title": "Close it", "start": start, "due": due} | fields
    )
    for code in codes:
        action.answers.add(
            assessment.answers.get(requirement__item__code=code[:-1], requirement__letter=code[-1])
        )
    return action


@pytest.fixture
def planned(assessment):
    """Two blockers with an action each, one of them a result, and an audit aimed at next year."""
    factories.answer(assessment, PR1="2033", PR2="3333", PF3="3033")
    act(assessment, "PR1b", title="Close the blocker", owner_name="H. Marsh")
    act(assessment, "PF3b", title="Begin to measure")
    today = assessment.site.today()
    assessment.audit_month = date(today.year + 1, today.month, 1)
    assessment.save()
    return assessment


def with_metric(assessment):
    metric = factories.MetricFactory(site=assessment.site, name="Service level")
    metric.targets.create(since=date(2020, 1, 1), low=80)
    return metric


def test_every_bar_is_drawn_and_said(sign_in, vera, planned):
    html = page(sign_in(vera), planned)
    assert html.count("<svg") >= 2
    said = words(html[html.index('id="rows-title"') :])
    assert "PR1b Close the blockerH. Marsh" in said
    assert "Readings until" in said


def test_the_calendar_counts_back_from_the_audit_month(sign_in, vera, planned):
    html = page(sign_in(vera), planned)
    assert "Counted backwards from" in html
    assert "Last month to start" in html


def test_without_an_audit_month_a_manager_is_led_to_set_one(sign_in, alice, vera, planned):
    Assessment.objects.update(audit_month=None)
    address = reverse("assessment-edit", args=[planned.pk])
    calendar = page(sign_in(alice), planned).split('id="calendar-title"')[1]
    assert address in calendar
    assert address not in page(sign_in(vera), planned).split('id="calendar-title"')[1]


def test_no_window_is_said_without_a_metric_and_one_is_with_a_target(sign_in, vera, planned):
    client = sign_in(vera)
    assert "The audit could begin in" not in words(page(client, planned))
    with_metric(planned)
    assert "The audit could begin in" in words(page(client, planned))


def test_without_actions_the_page_says_so_and_leads_to_the_gaps(sign_in, vera, assessment):
    html = page(sign_in(vera), assessment)
    assert "Nothing is planned yet" in html
    assert reverse("gaps", args=[assessment.pk]) in html.split('id="content"')[1]
    assert 'id="rows-title"' not in html


def test_what_people_type_is_escaped_in_drawing_and_table(sign_in, vera, assessment):
    act(assessment, "PR1b", title='<script>alert("x")</script>')
    assert "<script>alert" not in page(sign_in(vera), assessment)


def test_the_results_page_shows_it_in_short_once_something_is_planned(sign_in, vera, planned):
    client = sign_in(vera)
    assert (
        reverse("roadmap", args=[planned.pk])
        in page(client, planned, "results").split('id="roadmap-title"')[1]
    )
    Action.objects.all().delete()
    assert 'id="roadmap-title"' not in page(client, planned, "results")


def test_its_queries_do_not_grow_with_the_plan(sign_in, vera, planned):
    client = sign_in(vera)
    page(client, planned)
    counts = []
    for more in (0, 12):
        for number in range(more):
            act(planned, "PR1b", "PR2b", title=f"Step {number}")
        with CaptureQueriesContext(connection) as queries:
            page(client, planned)
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_the_report_has_the_roadmap_only_where_something_is_planned(planned):
    def printed():
        return pdf.html(
            document.build(Assessment.objects.with_names().get(pk=planned.pk), as_of=date(2026, 11, 20))
        )

    assert 'id="roadmap"' in printed()
    Action.objects.all().delete()
    assert 'id="roadmap"' not in printed()
