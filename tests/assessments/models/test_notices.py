from datetime import timedelta

import pytest
from django.utils import timezone

from assessments.models import Membership, Notice, User
from assessments.models.notices import take_back, tell

SOON = timedelta(0)


@pytest.fixture
def item(assessment):
    return assessment.release.domains.get(code="PR").items.get(code="PR1")


def waiting():
    return list(Notice.objects.unsent().order_by("pk").values_list("user__name", "kind", "text"))


def test_nobody_is_told_of_what_they_did_themselves(assessment, item, alice, bob):
    tell([alice, bob, None], Notice.Kind.ASSIGNED, assessment, by=alice, item=item)
    assert waiting() == [("Bob", "assigned", "")]


def test_only_active_members_who_want_to_hear_are_told(assessment, item, alice, bob, vera, charlie):
    User.objects.filter(pk=bob.pk).update(is_active=False)
    User.objects.filter(pk=vera.pk).update(digest=User.Digest.NEVER)
    tell([bob, vera, charlie], Notice.Kind.ASSIGNED, assessment, by=alice, item=item)
    assert waiting() == []


def test_what_waits_about_the_same_thing_is_replaced_and_nothing_else(assessment, item, alice, bob):
    first, second = assessment.answers.in_order()[:2]
    for text in ("One", "Two"):
        tell([bob], Notice.Kind.COMMENT, assessment, by=alice, answer=first, text=text)
    tell([bob], Notice.Kind.COMMENT, assessment, by=alice, answer=second, text="Three")
    tell([bob], Notice.Kind.REVIEW, assessment, by=alice, item=item)
    assert waiting() == [("Bob", "comment", "Two"), ("Bob", "comment", "Three"), ("Bob", "review", "")]
    take_back(Notice.Kind.REVIEW, assessment, item)
    assert len(waiting()) == 2


def test_a_claimed_notice_belongs_to_one_sender(assessment, item, alice, bob):
    tell([bob], Notice.Kind.REVIEW, assessment, by=alice, item=item)
    now = timezone.now()
    due = Notice.objects.due(now, SOON)
    assert [notice.kind for notice in due.claim(bob, now)] == ["review"]
    assert due.claim(bob, now + timedelta(seconds=1)) == []


def test_what_is_younger_waits_so_that_an_hour_of_work_is_one_mail(assessment, item, alice, bob):
    tell([bob], Notice.Kind.REVIEW, assessment, by=alice, item=item)
    now = timezone.now()
    assert not Notice.objects.due(now, timedelta(minutes=10))
    assert Notice.objects.due(now + timedelta(minutes=11), timedelta(minutes=10))


def test_who_wants_one_mail_a_day_gets_no_second_one(assessment, item, alice, bob):
    User.objects.filter(pk=bob.pk).update(digest=User.Digest.DAILY)
    now = timezone.now()
    tell([bob], Notice.Kind.REVIEW, assessment, by=alice, item=item)
    Notice.objects.update(claimed_at=now, sent_at=now)
    tell([bob], Notice.Kind.AGREED, assessment, by=alice, item=item)
    assert not Notice.objects.due(now + timedelta(hours=5), SOON)
    assert Notice.objects.due(now + timedelta(hours=24), SOON)


def test_members_of_another_organisation_never_see_them(assessment, item, alice, bob, charlie):
    tell([bob], Notice.Kind.REVIEW, assessment, by=alice, item=item)
    assert Membership.objects.filter(user=charlie).exists()
    assert not Notice.objects.for_user(charlie)
