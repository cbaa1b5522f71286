"""From metrics to levels: what follows by itself, what a person says otherwise, and when a level is anybody's again."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError

from assessments.models import Answer, AnswerRevision, Assessment, Metric, moves
from tests import factories
from tests.assessments.measured import NOON, aim, at, enter, measured
from tests.assessments.workbooks import copies

KEY = "pf3-thing-1"
REFUSED = "This level follows from the metrics. To say otherwise, overrule it and give the reason."


@pytest.fixture(autouse=True)
def clock(time_machine):
    """`clock(date(2026, 12, 1))` moves to noon of that day; it is 20 November 2026 until then."""
    time_machine.move_to(NOON, tick=False)
    return lambda day: time_machine.move_to(at(day), tick=False)


@pytest.fixture
def metric(site, assessment):
    """Sustained: six months at target."""
    return measured(site, *[85] * 6, shows=[KEY])


@pytest.fixture
def answer(metric, assessment):
    return found(assessment)


def found(assessment, key=KEY):
    return assessment.answers.select_related("assessment").get(requirement__key=key)


def stored(assessment):
    return Assessment.objects.with_names().get(pk=assessment.pk)


def archive(metric):
    metric.archived_at = NOON
    metric.save()
    Assessment.objects.follow_metrics(metric.site)


# ---- following --------------------------------------------------------------------------------------------------


def test_the_level_is_what_the_metric_shows_and_nobody_answered_it(answer):
    assert (answer.shown, answer.choice, answer.answered_by, answer.answered_at) == (3, "3", None, None)
    assert answer.follows_metrics


def test_each_change_is_a_revision_that_names_nobody(answer, metric):
    enter(metric, *[70] * 6)
    first, second = answer.revisions.all()
    assert (first.by, first.key, first.field) == (None, AnswerRevision.FROM_METRICS, "choice")
    assert (first.values["choice"], second.values["choice"], second.version) == ("3", "1", 2)


def test_what_a_person_answered_before_gives_way_and_stays_in_the_history(site, assessment, bob):
    answer = found(assessment)
    answer.record_choice("na", by=bob, version=0, reason="other", reason_text="Not ours")
    measured(site, *[85] * 6, shows=[KEY])
    answer = found(assessment)
    assert (answer.choice, answer.reason, answer.reason_text, answer.answered_by) == ("3", "", "", None)
    assert [(revision.by, revision.values["choice"]) for revision in answer.revisions.all()] == [
        (bob, "na"),
        (None, "3"),
    ]


def test_what_a_person_answered_alike_stays_theirs(site, assessment, bob):
    found(assessment).record_choice("3", by=bob, version=0)
    measured(site, *[85] * 6, shows=[KEY])
    answer = found(assessment)
    assert (answer.shown, answer.answered_by, answer.version) == (3, bob, 1)


def test_a_practice_never_follows_whatever_a_metric_says_it_shows(site, assessment):
    measured(site, *[85] * 6, shows=["pr1-thing-1"])
    answer = found(assessment, "pr1-thing-1")
    assert (answer.shown, answer.choice) == (None, "")


def test_a_note_is_still_anybody_s_to_write(answer, bob):
    answer.record_note("Since May", by=bob, version=answer.version)
    assert (found(answer.assessment).note, found(answer.assessment).choice) == ("Since May", "3")


def test_following_again_when_nothing_changed_writes_nothing(answer, assessment):
    assessment.follow_metrics()
    assert (found(assessment).version, answer.revisions.count()) == (1, 1)


def test_a_choice_is_refused_with_a_sentence(answer, bob):
    with pytest.raises(ValidationError) as caught:
        answer.record_choice("2", by=bob, version=answer.version)
    assert caught.value.messages == [REFUSED]
    assert found(answer.assessment).choice == "3"


def test_what_says_nothing_else_than_the_metrics_is_not_refused(answer, bob):
    answer.record_choice("3", by=bob, version=answer.version)
    assert found(answer.assessment).version == 1


# ---- overruling -------------------------------------------------------------------------------------------------


def test_an_overruled_level_keeps_its_choice_whatever_the_metrics_do(answer, metric, alice):
    answer.overrule("1", "Counted wrongly", by=alice, version=answer.version)
    enter(metric, *[70, 70, 70, 60, 60, 60])
    answer = found(answer.assessment)
    assert (answer.choice, answer.overruled_because, answer.answered_by) == ("1", "Counted wrongly", alice)
    assert answer.shown == 1, "what they show is kept up to date beside it"
    assert not answer.follows_metrics


def test_why_it_was_overruled_stands_in_the_history(answer, alice):
    answer.overrule("1", "Counted wrongly", by=alice, version=answer.version)
    revision = answer.revisions.last()
    assert (revision.by, revision.values["overruled_because"]) == (alice, "Counted wrongly")


def test_the_score_follows_an_overruling_and_its_end(answer, alice):
    before = stored(answer.assessment).score
    answer.overrule("0", "Counted wrongly", by=alice, version=answer.version)
    assert stored(answer.assessment).score < before
    answer.follow_again(by=alice, version=answer.version)
    assert stored(answer.assessment).score == before


def test_taken_back_the_level_is_what_the_metrics_show_by_now(answer, metric, alice):
    answer.overrule("0", "Counted wrongly", by=alice, version=answer.version)
    enter(metric, *[70] * 6)
    answer = found(answer.assessment)
    answer.follow_again(by=alice, version=answer.version)
    answer = found(answer.assessment)
    assert (answer.choice, answer.overruled_because, answer.follows_metrics) == ("1", "", True)


# ---- nobody's any more ------------------------------------------------------------------------------------------


def test_unlinked_the_answer_keeps_its_level_and_is_free(answer, metric, assessment, bob):
    metric.shows = []
    metric.save()
    Assessment.objects.follow_metrics(metric.site)
    answer = found(assessment)
    assert (answer.shown, answer.choice, answer.version) == (None, "3", 1)
    answer.record_choice("2", by=bob, version=1)
    assert found(assessment).choice == "2"


def test_archiving_the_metric_frees_an_overruled_answer_too(answer, metric, assessment, alice):
    answer.overrule("1", "Counted wrongly", by=alice, version=answer.version)
    archive(metric)
    answer = found(assessment)
    assert (answer.shown, answer.choice, answer.overruled_because) == (None, "1", "")


def test_while_another_metric_shows_it_that_one_decides(answer, metric, site, assessment):
    measured(site, *[70] * 6, shows=[KEY])
    assert found(assessment).choice == "1"
    archive(metric)
    assert (found(assessment).shown, found(assessment).choice) == (1, "1")


# ---- other assessments ------------------------------------------------------------------------------------------


def test_a_new_assessment_begins_with_the_levels_of_the_metrics(site, alice):
    release = factories.small_release()
    measured(site, *[85] * 6, shows=[KEY])
    assessment = factories.started(site, release, by=alice)
    assert (found(assessment).shown, found(assessment).choice, assessment.open) == (3, "3", 11)
    assert stored(assessment).score == assessment.score > 0


def test_what_grows_from_a_quick_scan_takes_its_levels(site, alice):
    release = factories.small_release()
    measured(site, *[85] * 6, shows=[KEY, "pf3-thing-2"])
    assessment, _new = Assessment.objects.start(
        site=site,
        release=release,
        variant=release.variants.get(),
        channels=site.channels,
        audit_month=None,
        by=alice,
        quick=True,
    )
    assert found(assessment, "pf3-thing-2").choice == "3"
    assessment.grow()
    assert found(assessment).choice == "3"


def test_a_continued_assessment_keeps_its_levels_and_its_successor_follows(answer, metric, alice):
    old = stored(answer.assessment)
    new = moves.move(old, factories.newer_release(), by=alice)
    enter(metric, *[70] * 6)
    assert (found(old).choice, found(new).choice) == ("3", "1")
    assert stored(old).up_to_date().answers.get(requirement__key=KEY).choice == "3"


def test_a_level_that_follows_needs_no_confirming_after_a_move(site, assessment, bob, alice):
    found(assessment).record_choice("3", by=bob, version=0)
    measured(site, *[85] * 6, shows=[KEY])
    new = moves.move(assessment, factories.newer_release(), by=alice)
    answer = found(new)
    assert (answer.choice, answer.shown, answer.carried) == ("3", 3, False)
    moves.undo(new)
    moves.move(stored(assessment), new.release, by=alice)
    assert not found(new).carried


def test_an_overruling_comes_along_to_the_next_round_and_waits_to_be_confirmed(
    answer, assessment, alice, bob
):
    answer.overrule("1", "Counted wrongly", by=alice, version=answer.version)
    new = moves.next_round(assessment, stored(assessment).in_release(assessment.release), by=alice)
    answer = found(new)
    assert (answer.choice, answer.overruled_because, answer.shown, answer.carried) == (
        "1",
        "Counted wrongly",
        3,
        True,
    )
    answer.overrule("1", "Counted wrongly", by=bob, version=answer.version)
    assert (found(new).carried, found(new).answered_by) == (False, bob)


# ---- a month that passes ----------------------------------------------------------------------------------------


def test_a_month_without_a_figure_changes_the_level_when_a_page_is_opened(assessment, metric, clock):
    enter(metric, 85, 85, 85, 70, 85, 85)
    clock(date(2026, 12, 10))
    assert found(stored(assessment).up_to_date()).choice == "3"
    clock(date(2026, 12, 11))
    assert found(stored(assessment)).choice == "3", "nobody has looked yet"
    opened = stored(assessment).up_to_date()
    assert found(opened).choice == "1"
    assert (opened.judged_month, stored(assessment).score) == (
        date(2026, 11, 1),
        opened.scores().overall.score,
    )


def test_until_the_next_month_is_due_a_page_writes_nothing(
    assessment, metric, clock, django_assert_num_queries
):
    stored(assessment).up_to_date()
    opened = stored(assessment)
    clock(date(2026, 12, 9))
    with django_assert_num_queries(0):
        opened.up_to_date()


# ---- every way in -----------------------------------------------------------------------------------------------


def test_a_workbook_s_row_for_it_is_refused_with_a_sentence(answer, assessment, bob):
    done = copies.applied(assessment, bob, {KEY: {"level": "1", "note": "Since May"}})
    answer = found(assessment)
    assert (answer.choice, answer.note) == ("3", "Since May")
    assert done.applied_at


def test_the_dry_run_says_why_a_row_is_refused(answer, assessment, bob):
    plan = copies.plan.plan(copies.begun(assessment, bob, {KEY: {"level": "1"}}))
    assert [finding.sentence for finding in plan.refused] == [
        "Its level follows from the metrics. To say otherwise, overrule it on its page and give the reason."
    ]
    assert copies.plan.plan(copies.begun(assessment, bob, {KEY: {"level": "3"}})).refused == []


def test_undoing_a_workbook_leaves_what_follows_from_metrics_by_now(site, assessment, bob):
    done = copies.applied(assessment, bob, {KEY: {"level": "3"}, "pf3-thing-2": {"level": "2"}})
    measured(site, *[85] * 6, shows=[KEY])
    done.undo(by=bob)
    assert (found(assessment).choice, found(assessment, "pf3-thing-2").choice) == ("3", "")


def test_an_overruling_is_not_brought_back_over_metrics_but_once_they_are_gone(
    answer, metric, assessment, alice
):
    answer.overrule("1", "Counted wrongly", by=alice, version=answer.version)
    overruling = answer.revisions.last()
    answer.follow_again(by=alice, version=answer.version)
    with pytest.raises(ValidationError, match="follows from the metrics"):
        answer.restore(overruling, by=alice)
    archive(metric)
    found(assessment).restore(overruling, by=alice)
    answer = found(assessment)
    assert (answer.choice, answer.overruled_because) == ("1", "")


def test_no_answer_of_another_site_follows(metric, acme, charlie):
    other = factories.started(factories.SiteFactory(organisation=acme), by=charlie)
    aim(metric, 90)
    Assessment.objects.follow_metrics(metric.site)
    assert not Answer.objects.filter(assessment=other).exclude(shown=None).exists()
    assert Metric.objects.levels_shown(other.site) == {}
