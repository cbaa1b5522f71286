"""What if, against what really happens: the document as it would be is the one after recording those levels."""

import random
from datetime import date

import pytest

from assessments.models import Action, Answer, Assessment, Site
from assessments.report import document, what_if
from assessments.rules import verdict as stages
from standards.models import Requirement
from tests import factories
from tests.assessments.measured import NOON, aim, enter, measured
from tests.factories import answer

DAY = date(2026, 11, 20)


@pytest.fixture(autouse=True)
def _november(time_machine):
    time_machine.move_to(NOON, tick=False)


def read(assessment):
    fetched = Assessment.objects.with_names().get(pk=assessment.pk)
    return fetched, document.build(fetched, as_of=DAY)


def closing(assessment, *codes):
    fetched, found = read(assessment)
    selection = what_if.select(found, codes, ())
    return what_if.outcome(fetched, found, what_if.closed_by(found, selection))


def told(found):
    """All that a document says of levels: figures, verdict in code and words, gaps with their arithmetic, answers."""
    return (
        (found.figure, found.fundamentals, found.results, found.reached, found.sustained),
        (found.verdict, found.headline, found.lead),
        [(domain.figure, [item.figure for item in domain.items]) for domain in found.domains],
        [(part.gap, part.answer.code) for part in found.gaps],
        [(part.code, part.choice, part.level, part.blocker, part.shown) for part in found.answers],
    )


def records_targets(assessment, codes, by):
    for row in assessment.answers.select_related("requirement__item"):
        if row.requirement.code in codes:
            row.record_choice(str(row.requirement.target_in_force), by=by, version=row.version)


@pytest.mark.parametrize("seed", range(6))
def test_what_if_is_what_the_document_says_after_recording_those_levels(assessment, alice, seed, restart):
    chance = random.Random(seed)
    for requirement in Requirement.objects.all():
        requirement.target = chance.choice((2, 3))
        requirement.save()
    restart()
    answer(assessment, **{code: chance.choices("00112233?-.", k=4) for code in ("PR1", "PR2", "PF3")})
    _, found = read(assessment)
    codes = [part.answer.code for part in found.gaps if chance.random() < 0.6]
    assert codes
    supposed = closing(assessment, *codes).after
    records_targets(assessment, codes, alice)
    assert told(supposed) == told(read(assessment)[1])
    assert told(supposed) != told(found)


def test_ticking_nothing_is_today(assessment):
    answer(assessment, PR1="0123", PR2="11?3", PF3="1.2-")
    outcome = closing(assessment)
    assert outcome.after == outcome.before


@pytest.fixture
def followed(assessment, site):
    """Two results behind one metric that misses its target, one of them behind a sustained one too, and one overruled."""
    answer(assessment, PR1="3333", PR2="2222", PF3="1111")
    measured(site, *[70] * 6, name="Service level", shows=["pf3-thing-1", "pf3-thing-2"])
    measured(site, *[85] * 6, name="Quality", shows=["pf3-thing-2"])
    measured(site, *[70] * 6, name="Handle time", shows=["pf3-thing-3"])
    Assessment.objects.follow_metrics(site)
    return assessment


def test_with_metrics_what_if_is_what_the_document_says_once_they_are_sustained(followed, site):
    outcome = closing(followed, "PF3a")
    assert [part.code for part in outcome.lifted] == ["PF3b"]
    assert (outcome.before.sustained, outcome.after.sustained) == (1, 2)
    enter(site.metrics.get(name="Service level"), *[85] * 6)
    Assessment.objects.follow_metrics(site)
    assert told(outcome.after) == told(read(followed)[1])


def test_an_overruled_level_is_raised_without_its_metric(followed, alice):
    row = Answer.objects.get(assessment=followed, requirement__key="pf3-thing-3")
    row.overrule("2", "The report counts twice.", by=alice, version=row.version)
    outcome = closing(followed, "PF3c")
    row.overrule("3", "The report counts twice.", by=alice, version=row.version)
    assert told(outcome.after) == told(read(followed)[1])


def test_a_metric_that_shows_nothing_asked_here_counts_for_nothing(followed, site):
    before = told(closing(followed, "PF3a").after)
    measured(site, *[85] * 6, name="Training days", shows=["some-other-key"])
    assert told(closing(followed, "PF3a").after) == before


def test_the_months_of_a_site_with_another_rule_make_no_difference_to_what_would_be(followed, site):
    Site.objects.update(months_needed=2, months_window=3)
    outcome = closing(followed, "PF3a", "PF3c")
    for name in ("Service level", "Handle time"):
        metric = site.metrics.get(name=name)
        aim(metric, 80)
        enter(metric, *[85] * 6)
    Assessment.objects.follow_metrics(Site.objects.get(pk=site.pk))
    assert told(outcome.after) == told(read(followed)[1])


# ---- what is ticked ---------------------------------------------------------------------------------------------


def plan(assessment, title, *codes, **fields):
    action = Action.objects.create(assessment=assessment, title=title, **fields)
    rows = [
        row for row in assessment.answers.select_related("requirement__item") if row.requirement.code in codes
    ]
    action.answers.set(rows)
    return action


def test_an_action_ticks_the_gaps_it_closes(assessment):
    answer(assessment, PR1="0123", PR2="1111")
    action = plan(assessment, "Publish the forecast", "PR1a", "PR2b", "PR1d")
    _, found = read(assessment)
    selection = what_if.select(found, ["PR2a"], [str(action.pk)])
    assert {part.answer.code for part in what_if.closed_by(found, selection)} == {"PR1a", "PR2a", "PR2b"}


def test_done_and_dropped_actions_and_those_without_a_gap_are_not_offered(assessment):
    answer(assessment, PR1="0123")
    ahead = plan(assessment, "Ahead", "PR1a", status="waiting")
    for status in ("done", "dropped"):
        plan(assessment, status, "PR1a", status=status)
    plan(assessment, "Closed already", "PR1d")
    assert [part.id for part in what_if.open_actions(read(assessment)[1])] == [ahead.pk]


def test_what_names_no_gap_is_left_out_and_said_once(assessment):
    answer(assessment, PR1="0123")
    selection = what_if.select(read(assessment)[1], ["PR1d", "PR1a", "zz", "zz"], ["9", "\x00"])
    assert selection.codes == {"PR1a"}
    assert selection.ignored == ("PR1d", "zz", "9", "\x00")


# ---- down the ranking -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", range(4))
def test_the_shortest_run_is_the_first_that_leads_to_a_later_stage(assessment, seed):
    chance = random.Random(seed)
    answer(assessment, **{code: chance.choices("0112", k=4) for code in ("PR1", "PR2", "PF3")})
    fetched, found = read(assessment)
    stage, gaps = what_if.shortest_run(fetched, found)
    reached = [
        what_if.outcome(fetched, found, found.gaps[:count]).after.verdict.stage
        for count in range(len(found.gaps) + 1)
    ]
    first = next(place for place, at in enumerate(reached) if at != found.verdict.stage)
    assert (stage, gaps) == (reached[first], found.gaps[:first])
    assert stages.STAGES.index(stage) > stages.STAGES.index(found.verdict.stage)


@pytest.mark.parametrize("levels", ["3333", "0...", "0???"])
def test_there_is_no_run_where_it_is_too_early_or_gaps_alone_cannot_lead_there(assessment, levels):
    answer(assessment, PR1=levels, PR2=levels, PF3=levels)
    assert what_if.shortest_run(*read(assessment)) is None


def test_a_run_costs_no_query_and_few_scorings(site, alice, django_assert_num_queries):
    assessment = factories.started(site, factories.small_release(items=10, requirements=8), by=alice)
    assessment.answers.update(choice="1")
    fetched, found = read(assessment)
    with django_assert_num_queries(0):
        assert what_if.shortest_run(fetched, found)
