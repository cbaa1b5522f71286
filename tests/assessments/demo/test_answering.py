from datetime import UTC, datetime, timedelta

from assessments.models import Answer, AnswerRevision
from tests.assessments.demo.command import DAY, demo, rolled_back


def test_some_people_changed_their_minds(bank):
    twice = AnswerRevision.objects.filter(answer__assessment=bank, field=Answer.CHOICE, version__gt=1)
    assert twice.count() >= 5


def test_answers_were_given_over_some_weeks_by_several_people_in_working_hours(bank):
    answered = bank.answers.exclude(answered_at=None)
    days = {answer.answered_at.date() for answer in answered}
    assert max(days) < DAY
    assert max(days) - min(days) >= timedelta(days=21)
    assert all(day.weekday() < 5 for day in days)
    assert {answer.answered_at.hour for answer in answered} <= set(range(8, 19))
    assert answered.values("answered_by").distinct().count() >= 5


# ---- seed and date


def test_the_same_seed_and_date_give_the_same_rows(empty):
    assert rolled_back("--sites=3") == rolled_back("--sites=3")


def test_another_seed_gives_other_answers_but_the_same_notes(empty):
    one, other = rolled_back(), rolled_back("--seed=9")
    answers = 5
    assert one[answers] != other[answers]
    assert [row[3] for row in one[answers]] == [row[3] for row in other[answers]]


def test_another_date_moves_everything(empty):
    later = DAY + timedelta(days=14)
    demo(as_of=later)
    latest = Answer.objects.exclude(answered_at=None).order_by("answered_at").last().answered_at
    assert datetime(2026, 3, 9, tzinfo=UTC) < latest < datetime(2026, 3, 16, tzinfo=UTC)
