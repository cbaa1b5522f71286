"""The report to read in the browser, and where to take it along."""

import pytest
from django.urls import reverse

from assessments.report import pdf
from tests import factories

SHAPES = ["report", "report-xlsx", "report-docx", "gaps-csv", "answers-json"]


@pytest.fixture
def page(assessment):
    return reverse("report-page", args=[assessment.pk])


def test_every_shape_can_be_taken_from_the_page(sign_in, vera, assessment, page, monkeypatch):
    monkeypatch.setattr(pdf, "available", lambda: (True, ""))
    text = sign_in(vera).get(page).content.decode()
    assert all(f'href="{reverse(name, args=[assessment.pk])}"' in text for name in SHAPES)


def test_without_pango_the_page_says_so_instead_of_the_link(sign_in, vera, assessment, page, monkeypatch):
    monkeypatch.setattr(pdf, "available", lambda: (False, "PDF is switched off: no Pango here."))
    text = sign_in(vera).get(page).content.decode()
    assert "PDF is switched off: no Pango here." in text
    assert f'href="{reverse("report", args=[assessment.pk])}"' not in text


def test_nobody_else_learns_that_it_exists(sign_in, charlie, client, page):
    assert client.get(page).status_code == 302
    assert sign_in(charlie).get(page).status_code == 404
    assert sign_in(charlie).post(page).status_code == 405


def test_each_page_of_the_assessment_leads_to_it(sign_in, vera, assessment, page):
    text = sign_in(vera).get(reverse("results", args=[assessment.pk])).content.decode()
    assert f'href="{page}"' in text


def test_its_queries_do_not_grow_with_the_requirements(sign_in, alice, site, django_assert_max_num_queries):
    assessment = factories.started(site, factories.small_release(items=9, requirements=8), by=alice)
    client, address = sign_in(alice), reverse("report-page", args=[assessment.pk])
    client.get(address)
    with django_assert_max_num_queries(11):
        client.get(address)
