"""What if: who sees it, that the address holds everything, and that odd addresses are answered in a sentence."""

import re
from datetime import date
from html import unescape
from urllib.parse import urlencode

import pytest
from django.urls import reverse
from django.utils.html import strip_tags

from assessments.models import Action, Assessment
from assessments.report import document, what_if
from assessments.report import what_if_words as told
from tests import factories
from tests.factories import answer

UNEVEN = {"PR1": "2122", "PR2": "2122", "PF3": "2122"}


@pytest.fixture
def uneven(assessment):
    answer(assessment, **UNEVEN)
    return assessment


def page(client, assessment, *query, **headers):
    address = reverse("what-if", args=[assessment.pk])
    response = client.get(f"{address}?{urlencode(query)}", **headers)
    assert response.status_code == 200
    return response.content.decode()


def words(html):
    return re.sub(r"\s+", " ", unescape(strip_tags(html)))


def ticked(html):
    return re.findall(r'name="(?:gap|action)" value="(\w+)" id="[\w-]+" checked', html)


def presets(html):
    """Name -> (address, is it what is ticked)"""
    nav = html[html.index('class="what-if-presets"') :]
    links = re.findall(
        r'<a href="(\?[^"]*)"( aria-current="true")?>([^<]*)</a></li>', nav[: nav.index("</nav>")]
    )
    return {unescape(name): (unescape(query), bool(current)) for query, current, name in links}


def plan(assessment, title, *codes, **fields):
    action = Action.objects.create(assessment=assessment, title=title, **fields)
    rows = [
        row for row in assessment.answers.select_related("requirement__item") if row.requirement.code in codes
    ]
    action.answers.set(rows)
    return action


def test_a_viewer_sees_what_would_be_and_a_stranger_finds_nothing(sign_in, vera, charlie, uneven):
    html = page(sign_in(vera), uneven, ("gap", "PR1b"))
    assert "lifts the score from 58% to 61%" in words(html)
    assert sign_in(charlie).get(reverse("what-if", args=[uneven.pk])).status_code == 404


def test_it_only_reads(sign_in, alice, uneven):
    client, before = sign_in(alice), list(uneven.answers.values())
    assert client.post(reverse("what-if", args=[uneven.pk])).status_code == 405
    page(client, uneven, ("gap", "PR1b"), ("gap", "PF3a"))
    assert list(uneven.answers.values()) == before


def test_the_address_ticks_and_the_panel_says_what_the_outcome_says(sign_in, vera, uneven):
    html = page(sign_in(vera), uneven, ("gap", "PR2b"), ("gap", "PR1a"))
    assert sorted(ticked(html)) == ["PR1a", "PR2b"]
    fetched = Assessment.objects.with_names().get(pk=uneven.pk)
    found = document.build(fetched, as_of=date(2026, 11, 20))
    closed = [part for part in found.gaps if part.answer.code in ("PR2b", "PR1a")]
    outcome = what_if.outcome(fetched, found, closed)
    text = words(html)
    assert told.summary(outcome) in text
    assert told.still_missing(outcome) in text
    for row in told.rows(outcome):
        assert f"{row.name} {row.today} {row.then} {row.needed}" in text
    for pair in zip(outcome.before.domains, outcome.after.domains, strict=True):
        assert told.domain_change(*pair) in text


def test_every_gap_can_be_ticked_and_nothing_else(sign_in, vera, assessment):
    answer(assessment, PR1="0?-3", PR2="3333")
    html = page(sign_in(vera), assessment)
    assert re.findall(r'name="gap" value="(\w+)"', html) == ["PR1a"]


def test_an_action_counts_its_gaps_and_says_so_beside_them(sign_in, vera, uneven):
    action = plan(uneven, "Publish the forecast", "PR1a", "PR1b")
    html = page(sign_in(vera), uneven, ("action", action.pk), ("gap", "PR1b"))
    assert sorted(ticked(html)) == sorted([str(action.pk), "PR1b"])
    assert 'data-counted="PR1b PR1a"' in html
    shown = re.findall(r'data-code="(\w+)"( hidden)?>', html)
    assert shown == [("PR1b", " hidden"), ("PR1a", "")]  # the one that is ticked itself says nothing more
    assert "Closing these two gaps" in html


def test_an_action_that_is_done_is_not_offered(sign_in, vera, uneven):
    plan(uneven, "Publish the forecast", "PR1a", status="done")
    assert "Publish the forecast" not in page(sign_in(vera), uneven)


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ([("gap", "PR9z")], "“PR9z” names no gap and no open action of today, and was left out."),
        ([("action", "999999999999999999999")], "“999999999999999999999” names no gap"),
        ([("action", "-1"), ("gap", "\x00")], "name no gap and no open action"),
        ([("gap", "<b>")], "“<b>” names no gap"),
        ([("gap", "x" * 3000)], "…” names no gap"),
        ([("gap", "")], "“” names no gap"),
    ],
)
def test_what_the_address_names_in_vain_is_said_and_left_out(sign_in, vera, uneven, query, said):
    html = page(sign_in(vera), uneven, *query)
    assert said in unescape(html)
    assert "<b>" not in html
    assert "Nothing is ticked, so this is today" in html


def test_other_words_of_the_address_are_ignored(sign_in, vera, uneven):
    html = page(sign_in(vera), uneven, ("page", "2"), ("gap", "PR1b"))
    assert ticked(html) == ["PR1b"]
    assert "what-if-ignored" not in html


def test_the_presets_tick_what_they_name(sign_in, vera, uneven):
    early = plan(uneven, "Early", "PR1a", due=date(2027, 5, 1))
    late = plan(uneven, "Late", "PR2a", due=date(2027, 10, 2))
    Assessment.objects.update(audit_month=date(2027, 10, 1))
    client = sign_in(vera)
    offered = presets(page(client, uneven))
    assert list(offered) == [
        "All blockers, 3",
        "The first eight, 8",
        "Down the ranking to “Implementing”, 3",
        "All actions of the plan, 2",
        "Actions due before October 2027, 1",
        "Nothing",
    ]
    for name, codes in {
        "All blockers, 3": ["PR1b", "PR2b", "PF3b"],
        "All actions of the plan, 2": [str(early.pk), str(late.pk)],
        "Actions due before October 2027, 1": [str(early.pk)],
        "Nothing": [],
    }.items():
        address = reverse("what-if", args=[uneven.pk]) + offered[name][0]
        html = client.get(address).content.decode()
        assert sorted(ticked(html)) == sorted(codes)
        assert presets(html)[name][1]


def test_everything_small_is_what_is_of_small_effort(sign_in, vera, uneven, restart):
    first = uneven.answers.in_order().first().requirement
    first.effort = "S"
    first.save()
    restart()
    query, _ = presets(page(sign_in(vera), uneven))["Everything small, 1"]
    assert query == "?gap=PR1a"


def test_without_gaps_the_page_says_what_to_do(sign_in, vera, assessment):
    client = sign_in(vera)
    assert "Nothing is answered yet, so there is nothing to close." in page(
        client, assessment, ("gap", "PR1a")
    )
    answer(assessment, PR1="3333", PR2="3333", PF3="3333")
    assert "so there is nothing to close" in page(client, assessment)


@pytest.mark.parametrize("levels", ["0...", "2-?1", "1111"])
def test_every_gap_closed_is_answered_whatever_the_answers(sign_in, vera, assessment, levels):
    answer(assessment, PR1=levels, PR2="----", PF3=levels)
    client = sign_in(vera)
    every = re.findall(r'name="gap" value="(\w+)"', page(client, assessment))
    text = words(page(client, assessment, *[("gap", code) for code in every]))
    assert "Closing th" in text
    assert "None" not in text


def test_one_kept_for_reading_can_still_be_asked_what_if(sign_in, vera, uneven):
    Assessment.objects.update(continued_at="2030-01-01T00:00Z")
    text = words(page(sign_in(vera), uneven, ("gap", "PR1b")))
    assert "Continued in a newer assessment" in text
    assert "Closing this one gap" in text


@pytest.mark.parametrize(("items", "requirements", "actions"), [(3, 4, 1), (12, 9, 9)])
def test_the_number_of_queries_does_not_grow(
    sign_in, vera, acme, alice, django_assert_num_queries, items, requirements, actions
):
    release = factories.small_release(items=items, requirements=requirements)
    assessment = factories.started(factories.SiteFactory(organisation=acme), release, by=alice)
    assessment.answers.update(choice="1")
    assessment.rescore()
    made = [plan(assessment, f"Step {number}", "PR1a", "PR1b") for number in range(actions)]
    query = [("gap", "PR1a"), *(("action", action.pk) for action in made)]
    client = sign_in(vera)
    page(client, assessment, *query)  # the release is in memory, as it is from a process's second request on
    # Session, user, assessment; answers, evidence, metrics, actions and their gaps, sites, fit check, milestones.
    with django_assert_num_queries(10):
        page(client, assessment, *query)


def test_gaps_and_results_lead_there(sign_in, vera, uneven):
    client, link = sign_in(vera), f'href="{reverse("what-if", args=[uneven.pk])}"'
    for name in ("gaps", "results"):
        assert link in client.get(reverse(name, args=[uneven.pk])).content.decode()
