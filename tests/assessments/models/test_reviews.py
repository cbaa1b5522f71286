from datetime import date

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction

from assessments.models import Assessment, Comment, Finding, Review, reviews
from tests import factories


@pytest.fixture
def item(assessment):
    return assessment.answers.in_item("PR1").in_order().first().requirement.item


@pytest.fixture
def answered(assessment, bob, item):
    """PR1, every requirement at level 2."""
    for answer in assessment.answers.in_item("PR1"):
        answer.record_choice("2", by=bob, version=0)
    return list(assessment.answers.in_item("PR1").in_order())


@pytest.fixture
def sent(assessment, answered, item, bob):
    [review], refused = Review.objects.submit(assessment, [item], by=bob)
    assert refused == []
    return review


def status(assessment, item):
    state = reviews.states(assessment).get(item.pk)
    return state and state.status


# ---- sending


def test_an_item_with_something_open_is_refused_and_the_complete_one_is_sent(assessment, answered, item, bob):
    other = assessment.answers.in_item("PR2").in_order().first().requirement.item
    made, refused = Review.objects.submit(
        assessment, [item, other], by=bob, due=date(2030, 1, 1), message=" Look at b.\x00 "
    )
    assert [(review.item, review.message, review.versions) for review in made] == [(item, "Look at b.", 4)]
    assert refused == [other]
    assert status(assessment, item) == "to-review"


def test_sending_twice_leaves_one_review(assessment, sent, item, bob):
    assert Review.objects.submit(assessment, [item, item], by=bob) == ([], [])
    assert Review.objects.count() == 1
    with pytest.raises(IntegrityError), transaction.atomic():
        Review.objects.create(assessment=assessment, item=item)


def test_an_item_of_another_release_is_refused(assessment, bob):
    other = factories.small_release(version="9.0").domains.first().items.first()
    assert Review.objects.submit(assessment, [other], by=bob) == ([], [other])


def test_a_message_that_is_too_long_sends_nothing(assessment, answered, item, bob):
    with pytest.raises(ValidationError, match="these are 1001"):
        Review.objects.submit(assessment, [item], by=bob, message="x" * 1001)
    assert not Review.objects.exists()


def test_where_nothing_can_be_answered_nothing_is_sent_decided_or_withdrawn(
    assessment, sent, item, bob, rita
):
    Assessment.objects.update(continued_at="2030-01-01T00:00Z")
    with pytest.raises(PermissionDenied):
        Review.objects.submit(assessment, [item], by=bob)
    with pytest.raises(PermissionDenied):
        sent.decide(by=rita)
    with pytest.raises(PermissionDenied):
        sent.withdraw(by=bob)


# ---- deciding


def test_without_a_finding_it_is_agreed_until_an_answer_is_edited(
    assessment, sent, answered, item, rita, bob
):
    sent.decide(by=rita, message="Good.")
    assert (sent.outcome, sent.decided_by, sent.verdict) == ("agreed", rita, "Good.")
    assert status(assessment, item) == "agreed"
    answered[0].record_note("One more thing.", by=bob, version=1)
    assert status(assessment, item) == ""


def test_a_finding_asks_for_changes_and_both_levels_stay_whatever_is_answered_later(
    assessment, sent, answered, item, rita, bob
):
    sent.decide(by=rita, findings={answered[1]: ("1", "August is missing.")})
    assert status(assessment, item) == "changes-asked"
    answered[1].record_choice("1", by=bob, version=1)
    finding = Finding.objects.get()
    assert (finding.answered, finding.choice, finding.comment) == ("2", "1", "August is missing.")
    assert status(assessment, item) == "changes-asked"
    Review.objects.submit(assessment, [item], by=bob)
    assert status(assessment, item) == "to-review"


@pytest.mark.parametrize(
    ("choice", "comment", "sentence"),
    [
        ("1", " \x00", "Requirement b: say why"),
        ("", "Why", "Choose the level"),
        ("9", "Why", "Choose the level"),
        ("1", "x" * 4001, "these are 4001"),
    ],
)
def test_a_finding_needs_a_level_and_a_reason(sent, answered, rita, choice, comment, sentence):
    with pytest.raises(ValidationError, match=sentence):
        sent.decide(by=rita, findings={answered[1]: (choice, comment)})
    sent.refresh_from_db()
    assert sent.outcome == ""
    assert not Finding.objects.exists()


def test_nobody_decides_what_they_sent_themselves(assessment, answered, item, alice):
    [review], _ = Review.objects.submit(assessment, [item], by=alice)
    with pytest.raises(ValidationError, match="sent this yourself"):
        review.decide(by=alice)


def test_of_two_decisions_at_once_the_first_stands_and_the_second_is_told(sent, answered, rita, mark):
    other_tab = Review.objects.get(pk=sent.pk)
    sent.decide(by=rita)
    with pytest.raises(ValidationError, match="decided already, by Rita: Agreed"):
        other_tab.decide(by=mark, findings={answered[0]: ("0", "No.")})
    with pytest.raises(ValidationError, match="decided already"):
        other_tab.withdraw(by=mark)
    assert not Finding.objects.exists()
    assert Review.objects.get().outcome == "agreed"


def test_an_answer_changed_while_the_reviewer_reads_has_to_be_looked_at_first(sent, answered, rita, bob):
    seen = sent.versions_now()
    answered[2].record_choice("3", by=bob, version=1)
    assert sent.changed_since() == {answered[2].pk}
    with pytest.raises(ValidationError, match="changed since you opened"):
        sent.decide(by=rita, seen=seen)
    sent.decide(by=rita, seen=sent.versions_now())
    assert status(sent.assessment, sent.item) == "agreed"


def test_what_is_withdrawn_leaves_no_status_and_can_be_sent_again(assessment, sent, item, bob):
    sent.withdraw(by=bob)
    assert status(assessment, item) is None
    [again], _ = Review.objects.submit(assessment, [item], by=bob)
    assert again.pk != sent.pk


# ---- lists


def test_what_waits_for_somebody_is_what_others_sent_to_them_or_to_anybody(
    assessment, sent, item, bob, rita, mark
):
    assert list(Review.objects.waiting_for(rita)) == [sent]
    assert list(Review.objects.waiting_for(bob)) == []
    Review.objects.update(reviewer=mark)
    assert list(Review.objects.waiting_for(rita)) == []
    assert list(Review.objects.waiting_for(mark)) == [sent]


def test_what_came_back_leaves_the_list_when_it_is_sent_again(assessment, sent, answered, item, bob, rita):
    sent.decide(by=rita, findings={answered[0]: ("1", "No record.")})
    assert list(Review.objects.came_back_to(bob)) == [sent]
    [again], _ = Review.objects.submit(assessment, [item], by=bob)
    assert list(Review.objects.came_back_to(bob)) == []
    again.withdraw(by=bob)
    assert list(Review.objects.came_back_to(bob)) == [sent]


def test_rows_belong_to_the_organisation_of_the_assessment(sent, answered, alice, rita, charlie):
    Comment.objects.add(answered[0], "Why?", by=rita)
    sent.decide(by=rita, findings={answered[0]: ("1", "No record.")})
    for model in (Review, Finding, Comment):
        assert model.objects.for_user(alice).get().role == "owner"
        assert not model.objects.for_user(charlie).exists()


def test_states_and_surroundings_take_as_many_queries_as_promised(
    assessment, sent, answered, item, rita, django_assert_num_queries
):
    sent.decide(by=rita, findings={answered[0]: ("1", "No record.")})
    Comment.objects.add(answered[0], "Which one?", by=rita)
    with django_assert_num_queries(1):
        state = reviews.states(assessment, {item.pk: 4})[item.pk]
        assert (state.status, str(state.review.decided_by)) == ("changes-asked", "Rita")
    with django_assert_num_queries(3):
        around = reviews.around(assessment, item, answered)
        assert around.findings[answered[0].pk].review.decided_by == rita
        assert around.state.status == "changes-asked"
        assert [comment.text for comment in around.threads[answered[0].pk]] == ["Which one?"]


def test_findings_are_gone_from_the_item_page_once_a_later_review_agrees(
    assessment, sent, answered, item, bob, rita
):
    sent.decide(by=rita, findings={answered[0]: ("1", "No record.")})
    [again], _ = Review.objects.submit(assessment, [item], by=bob)
    assert reviews.around(assessment, item, answered).findings
    again.decide(by=rita)
    assert reviews.around(assessment, item, answered).findings == {}
    assert Finding.objects.count() == 1
