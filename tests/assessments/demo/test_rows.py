from itertools import pairwise

from assessments.models import Answer, AnswerRevision, User


def test_the_stored_figures_are_those_of_the_answers(told):
    for assessment in told.values():
        overall = assessment.scores().overall
        assert (assessment.score, assessment.ceiling) == (overall.score, overall.ceiling)
        assert (assessment.asked, assessment.open) == (overall.asked, overall.open)


def test_each_assessment_asks_exactly_what_its_scope_asks(told):
    for assessment in told.values():
        asked = set(assessment.requirements_in_scope().values_list("pk", flat=True))
        assert set(assessment.answers.values_list("requirement", flat=True)) == asked
    outsourcer = told["outsourcer"]
    assert not outsourcer.answers.filter(requirement__human=False).exists()


def test_the_last_save_of_each_field_is_what_the_answer_holds(told):
    answers = Answer.objects.filter(assessment__in=told.values()).prefetch_related("revisions")
    for answer in answers:
        revisions = list(answer.revisions.all())
        assert [revision.version for revision in revisions] == list(range(1, answer.version + 1))
        assert all(earlier.at < later.at for earlier, later in pairwise(revisions))
        choices = [revision for revision in revisions if revision.field == Answer.CHOICE]
        if choices and choices[-1].key == AnswerRevision.FROM_METRICS:
            assert (answer.choice, answer.answered_at) == (choices[-1].values["choice"], None)
            continue
        notes = [revision for revision in revisions if revision.field == Answer.NOTE]
        assert (answer.answered_at, answer.noted_at) == tuple(
            found[-1].at if found else None for found in (choices, notes)
        )
        assert (answer.answered_by, answer.noted_by) == tuple(
            found[-1].by if found else None for found in (choices, notes)
        )
        now = {"choice": answer.choice, "reason": answer.reason, "reason_text": answer.reason_text}
        assert now == (choices[-1].values if choices else {"choice": "", "reason": "", "reason_text": ""})
        assert answer.note == (notes[-1].values["note"] if notes else "")


def test_every_account_has_a_confirmed_address(built):
    for user in User.objects.all():
        assert user.emailaddress_set.filter(email=user.email, verified=True, primary=True).exists()
