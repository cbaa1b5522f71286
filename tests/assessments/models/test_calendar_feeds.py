"""The address of somebody's calendar: made, renewed, taken back, and how often it may be asked."""

import pytest
from django.db import IntegrityError, transaction

from assessments.models import CalendarFeed
from assessments.models.tokens import MOST_A_MINUTE


def issue(user, covers="mine"):
    return CalendarFeed.objects.issue(user=user, covers=covers)


def test_a_feed_is_opened_by_its_token_and_only_a_hash_is_kept(bob):
    feed, text = issue(bob)
    assert CalendarFeed.objects.opened_by(text) == feed
    assert CalendarFeed.objects.opened_by(text + "x") is None
    assert CalendarFeed.objects.opened_by(feed.sha256) is None
    assert text not in str(vars(feed))


def test_a_new_one_closes_the_one_before_and_those_of_others_stay(bob, alice):
    _first, before = issue(bob)
    _other, hers = issue(alice)
    _second, after = issue(bob)
    assert CalendarFeed.objects.opened_by(before) is None
    assert CalendarFeed.objects.opened_by(after).user == bob
    assert CalendarFeed.objects.opened_by(hers).user == alice


def test_one_that_was_taken_back_or_whose_person_may_not_sign_in_opens_nothing(bob, alice):
    feed, text = issue(bob)
    feed.revoke()
    assert CalendarFeed.objects.opened_by(text) is None
    _feed, hers = issue(alice)
    alice.is_active = False
    alice.save()
    assert CalendarFeed.objects.opened_by(hers) is None


def test_nobody_has_two_in_force(bob):
    issue(bob)
    with pytest.raises(IntegrityError), transaction.atomic():
        CalendarFeed.objects.create(user=bob, sha256="0" * 64)


def test_asking_too_often_has_to_wait_and_a_use_is_noted_once_an_hour(bob, time_machine):
    time_machine.move_to("2026-05-01 10:00 +0000", tick=False)
    feed, _text = issue(bob)
    assert {feed.use() for _ in range(MOST_A_MINUTE)} == {0}
    noted = feed.last_used_at
    assert feed.use() == 60
    time_machine.move_to("2026-05-01 10:59 +0000", tick=False)
    assert feed.use() == 0
    assert feed.last_used_at == noted
    time_machine.move_to("2026-05-01 11:00 +0000", tick=False)
    feed.use()
    assert feed.last_used_at > noted
