"""The milestones of the demo: frozen from the answers as they stood on the day, the way there leaving no trace."""

from datetime import date

from assessments.models import AnswerRevision, Milestone
from assessments.report import freezing, standings


def way(assessment):
    return list(Milestone.objects.filter(assessment=assessment).order_by("taken_on"))


def test_every_story_has_a_milestone_and_each_is_intact(told):
    for name, assessment in told.items():
        taken = way(assessment)
        assert taken, name
        assert all(each.intact for each in taken)
        assert all(each.taken_on >= assessment.started_at.date() for each in taken)


def test_the_outsourcer_came_from_lower_levels_half_a_year_ago(outsourcer):
    baseline, later = map(standings.standing_of, way(outsourcer))
    assert baseline.score + 5 < later.score < outsourcer.score
    assert way(outsourcer)[0].taken_on == date(2025, 9, 3)


def test_what_was_frozen_is_what_revisions_say_of_that_day(bank):
    first = way(bank)[0]
    for answer in freezing.revive(first).answers:
        saves = AnswerRevision.objects.filter(answer=answer.id, field="choice", at__lte=first.taken_at)
        saves = saves.exclude(key=AnswerRevision.FROM_METRICS).order_by("version")
        if answer.shown is None:
            assert answer.choice == (saves.last().values["choice"] if saves else "")


def test_the_answers_of_today_are_those_of_their_last_revision(bank):
    for answer in bank.answers.prefetch_related("revisions"):
        choices = [revision for revision in answer.revisions.all() if revision.field == "choice"]
        assert answer.choice == (max(choices, key=lambda r: r.version).values["choice"] if choices else "")
