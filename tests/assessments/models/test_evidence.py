from datetime import date

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from assessments.models import Assessment, Evidence
from assessments.rules.consistency import Scope


@pytest.fixture
def answer(assessment):
    return assessment.answers.in_order().first()


def held(answer, first=None, last=None, **fields):
    period = {"covers_from": first and date(*first, 1), "covers_to": last and date(*last, 1)}
    return Evidence.objects.create(answer=answer, title="Pack", place="Drive", **period, **fields)


def test_evidence_counts_for_a_year_after_the_last_month_it_covers(answer):
    pack = held(answer, (2026, 1), (2026, 10))
    assert pack.fresh_until(12) == date(2027, 10, 1)
    assert pack.state(Scope(today=2027 * 12 + 9)) == "fresh"
    assert pack.state(Scope(today=2027 * 12 + 10)) == "too-old"
    assert pack.state(Scope(today=2027 * 12 + 9, audit=2027 * 12 + 10)) == "too-old-by-audit"


def test_a_december_is_followed_by_a_january(answer):
    assert held(answer, (2026, 12), (2026, 12)).fresh_until(1) == date(2027, 1, 1)


def test_without_a_period_it_grows_not_old(answer):
    policy = held(answer)
    assert (policy.period, policy.fresh_until(12)) == (None, None)
    assert policy.state(Scope(today=2040 * 12)) == ""


def test_a_period_that_ends_before_it_begins_is_not_stored(answer):
    with pytest.raises(IntegrityError), transaction.atomic():
        held(answer, (2026, 5), (2026, 4))


def test_removing_keeps_it_and_can_be_undone(answer, bob):
    pack = held(answer)
    pack.remove(by=bob)
    pack.remove(by=None)
    assert pack.removed_by == bob
    assert not answer.evidence.in_force()
    pack.put_back(by=bob)
    assert answer.evidence.in_force().get() == pack


def test_nothing_is_added_or_removed_where_nothing_can_be_answered(answer, bob):
    pack = held(answer)
    assert not pack.answer.assessment.reading_only, "as it was when somebody began"
    Assessment.objects.update(set_aside_at="2030-01-01T00:00Z")
    for change in (lambda: pack.remove(by=bob), lambda: pack.put_back(by=bob), lambda: pack.add(by=bob)):
        with pytest.raises(PermissionDenied):
            change()
