from datetime import date

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from assessments.models import Assessment, Evidence, ItemCheck, moves
from assessments.models.checks import contradictions_of
from assessments.rules import consistency


@pytest.fixture
def item(assessment):
    return assessment.release.domains.get(code="PR").items.get(code="PR1")


@pytest.fixture
def answered(assessment, bob):
    for answer in assessment.answers.in_item("PR1"):
        answer.record_choice("2", by=bob, version=0)
    return assessment


def versions(assessment):
    return list(assessment.answers.in_item("PR1").values_list("version", flat=True))


def test_an_item_with_something_open_is_not_confirmed(assessment, item, bob):
    with pytest.raises(ValidationError):
        ItemCheck.objects.confirm(assessment, item, by=bob)


def test_a_confirmed_item_holds_until_anything_of_it_is_edited(answered, item, bob, alice):
    check = ItemCheck.objects.confirm(answered, item, by=bob)
    assert check.holds(versions(answered))
    answered.answers.in_item("PR1").first().record_note("Since May.", by=alice, version=1)
    assert not check.holds(versions(answered))
    again = ItemCheck.objects.confirm(answered, item, by=alice)
    assert (again.pk, again.confirmed_by) == (check.pk, alice)
    assert again.holds(versions(answered))


def test_an_item_that_is_asked_more_later_is_open_again(answered, item, bob):
    check = ItemCheck.objects.confirm(answered, item, by=bob)
    assert not check.holds([*versions(answered), 0])


def test_nothing_is_confirmed_where_nothing_can_be_answered(answered, item, bob):
    Assessment.objects.update(continued_at="2030-01-01T00:00Z")
    with pytest.raises(PermissionDenied):
        ItemCheck.objects.confirm(answered, item, by=bob)


# ---- what the rules are told


def found(assessment):
    assessment = Assessment.objects.with_names().select_related("previous").get(pk=assessment.pk)
    return [
        (each.kind, each.key.requirement.key) for each in contradictions_of(assessment, assessment.sheet())
    ]


def test_the_rules_are_told_evidence_notes_and_the_audit_month(assessment, bob, time_machine):
    time_machine.move_to("2026-02-01 12:00", tick=True)
    first, second, third = assessment.answers.in_order()[:3]
    for answer in (first, second, third):
        answer.record_choice("3", by=bob, version=0)
    second.record_note("Wiki.", by=bob, version=1)
    Evidence.objects.create(
        answer=third, title="Pack", place="Drive", covers_from=date(2025, 1, 1), covers_to=date(2025, 6, 1)
    )
    assert found(assessment) == [(consistency.NOTHING_TO_SHOW, "pr1-thing-1")]
    Assessment.objects.update(audit_month=date(2026, 8, 1))
    assert found(assessment)[1:] == [(consistency.TOO_OLD_BY_AUDIT, "pr1-thing-3")]
    Evidence.objects.get().remove(by=bob)
    assert found(assessment)[1:] == [(consistency.NOTHING_TO_SHOW, "pr1-thing-3")]


def test_a_result_claims_sustained_and_its_evidence_says_how_long(assessment, bob, time_machine):
    time_machine.move_to("2026-04-01 12:00", tick=True)
    answer = assessment.answers.in_item("PF3").first()
    answer.record_choice("3", by=bob, version=0)
    assert found(assessment) == [(consistency.NOT_SUSTAINED, "pf3-thing-1")]
    Evidence.objects.create(
        answer=answer, title="Dashboard", place="BI", covers_from=date(2026, 1, 1), covers_to=date(2026, 3, 1)
    )
    assert found(assessment) == []


def test_last_time_counts_within_the_same_release_alone(assessment, bob):
    answer = assessment.answers.in_order().first()
    answer.record_choice("0", by=bob, version=0)
    before = Assessment.objects.with_names().get(pk=assessment.pk)
    successor = moves.next_round(
        before,
        Assessment(
            site=before.site, release=before.release, variant=before.variant, channels=before.channels
        ),
        by=bob,
    )
    successor.answers.in_order().first().record_choice("3", by=bob, version=1)
    assert (consistency.SUDDEN, "pr1-thing-1") in found(successor)
