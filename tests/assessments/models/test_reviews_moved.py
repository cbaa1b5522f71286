"""Reviews that wait when their assessment is moved on."""

import pytest

from assessments.models import Assessment, Notice, Review, moves, reviews
from assessments.models.notices import tell
from assessments.models.progress import progress
from standards.models import Item, Requirement
from tests import factories


@pytest.fixture
def newer(assessment):
    return factories.newer_release()


@pytest.fixture
def complete(assessment, bob):
    for answer in assessment.answers.all():
        answer.record_choice("2", by=bob, version=0)
    return Assessment.objects.with_names().get(pk=assessment.pk)


@pytest.fixture
def sent(complete, bob, rita):
    item = complete.answers.in_item("PR1").first().requirement.item
    [review], _ = Review.objects.submit(complete, [item], by=bob, reviewer=rita)
    tell([rita], Notice.Kind.REVIEW, complete, by=bob, item=item)
    return review


def left_behind(assessment):
    found = Assessment.objects.with_names().select_related("previous__release").get(pk=assessment.pk)
    whole = progress(found)
    whole = whole.with_reviews(reviews.states(found, whole.versions))
    return [(item.code, review) for item, review in reviews.left_behind(found, whole)]


def test_a_move_ends_what_waits_and_an_undo_brings_it_back(sent, complete, newer, alice, rita):
    successor = moves.move(complete, newer, by=alice)
    sent.refresh_from_db()
    assert (sent.outcome, sent.decided_by, sent.decided_at is None) == ("moved", alice, False)
    assert not Review.objects.waiting_for(rita).exists()
    assert not Notice.objects.unsent().exists()
    moves.undo(successor)
    sent.refresh_from_db()
    assert (sent.outcome, sent.decided_by, sent.decided_at) == ("", None, None)
    assert list(Review.objects.waiting_for(rita)) == [sent]


def test_a_new_round_ends_it_too_and_what_was_decided_stays(sent, complete, alice, bob, rita):
    other = complete.answers.in_item("PR2").first().requirement.item
    [agreed], _ = Review.objects.submit(complete, [other], by=bob)
    agreed.decide(by=rita)
    successor = moves.next_round(complete, complete.in_release(complete.release), by=alice)
    outcomes = dict(complete.reviews.values_list("item__code", "outcome"))
    assert outcomes == {"PR1": "moved", "PR2": "agreed"}
    moves.undo(successor)
    assert dict(complete.reviews.values_list("item__code", "outcome")) == {"PR1": "", "PR2": "agreed"}


def test_it_is_named_in_the_successor_until_it_is_sent_there(sent, complete, newer, alice, bob):
    moved = newer.domains.get(code="PR").items.get(code="PR1")
    Item.objects.filter(pk=moved.pk).update(code="PR9")  # releases may number the same topic otherwise
    successor = moves.move(complete, newer, by=alice)
    assert left_behind(successor) == [("PR9", sent)]
    successor.answers.in_item("PR9").update(choice="2")
    Review.objects.submit(successor, [moved], by=bob)
    assert left_behind(successor) == left_behind(complete) == []


def test_of_an_item_that_is_no_longer_asked_nothing_is_named(sent, complete, newer, alice):
    Requirement.objects.filter(item__domain__release=newer, item__code="PR1").delete()
    assert left_behind(moves.move(complete, newer, by=alice)) == []
