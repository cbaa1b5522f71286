"""What an assessment says about the themes of another standard."""

import pytest
from django.urls import reverse

from assessments.models import moves
from standards.models import Item, Reference
from tests import factories

PUBLISHED = "ISO 18295-1:2017"


@pytest.fixture
def other_release(assessment):
    standard = factories.StandardFactory(
        key="other", name="Other self-check", leads_to_audit=False, position=5
    )
    release = factories.small_release(standard=standard, version="2017")
    for item, number in (("PR1", "4.3"), ("PR2", "4.4")):
        for owner in (assessment.release, release):
            row = Item.objects.get(domain__release=owner, code=item)
            Reference.objects.create(item=row, standard=PUBLISHED, number=number, title=f"Theme {number}")
    return release


def crosswalk(client, assessment):
    return client.get(reverse("assessment-crosswalk", args=[assessment.pk])).content.decode()


def answer(assessment, code, choice, by):
    for row in assessment.answers.filter(requirement__item__code=code):
        row.record_choice(choice, by=by, version=0)


def test_each_theme_is_scored_over_the_items_that_treat_it(sign_in, vera, bob, assessment, other_release):
    answer(assessment, "PR1", "3", bob)
    answer(assessment, "PR2", "2", bob)
    html = crosswalk(sign_in(vera), assessment)
    first, second = html.index("Theme 4.3"), html.index("Theme 4.4")
    assert "100%" in html[first:second]
    assert "66%" in html[second:]


def test_both_sides_stand_beside_each_other_where_the_site_has_both(
    sign_in, vera, bob, assessment, other_release, site
):
    there = factories.started(site, other_release, by=bob)
    answer(there, "PR1", "1", bob)
    client = sign_in(vera)
    html = crosswalk(client, assessment)
    assert f'<a href="{reverse("results", args=[there.pk])}">33%</a>' in html
    answer(assessment, "PR1", "3", bob)
    assert f'<a href="{reverse("results", args=[assessment.pk])}">100%</a>' in crosswalk(client, there)


def test_items_that_are_not_asked_here_are_left_out(sign_in, vera, assessment, other_release):
    assessment.answers.filter(requirement__item__code="PR2").delete()
    html = crosswalk(sign_in(vera), assessment)
    assert "Theme 4.3" in html
    assert "Theme 4.4" not in html


def test_a_release_that_is_tied_to_nothing_says_so_and_is_not_linked(sign_in, vera, bob, assessment):
    client = sign_in(vera)
    answer(assessment, "PR1", "3", bob)
    assert "No item of this release is tied to another standard." in crosswalk(client, assessment)
    results = client.get(reverse("results", args=[assessment.pk])).content.decode()
    assert reverse("assessment-crosswalk", args=[assessment.pk]) not in results


def test_the_results_lead_to_it(sign_in, vera, bob, assessment, other_release):
    answer(assessment, "PR1", "3", bob)
    results = sign_in(vera).get(reverse("results", args=[assessment.pk])).content.decode()
    assert reverse("assessment-crosswalk", args=[assessment.pk]) in results


def test_another_organisations_assessments_stay_out_of_it(sign_in, charlie, vera, assessment, other_release):
    theirs = factories.SiteFactory(organisation=charlie.memberships.get().organisation)
    hidden = factories.started(theirs, other_release, by=charlie)
    assert reverse("results", args=[hidden.pk]) not in crosswalk(sign_in(vera), assessment)


def test_an_assessment_that_is_continued_in_a_newer_release_has_no_column(
    sign_in, vera, alice, assessment, other_release, site
):
    there = factories.started(site, other_release, by=alice)
    newer = factories.small_release(standard=other_release.standard, version="2027", position=1)
    moved = moves.move(there, newer, by=alice)
    page = sign_in(vera).get(reverse("assessment-crosswalk", args=[assessment.pk]))
    assert list(page.context["opposite"]) == [moved]
