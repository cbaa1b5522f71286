import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from assessments.models import Assessment, Comment


@pytest.fixture
def answer(assessment):
    return assessment.answers.in_order().first()


def test_a_thread_keeps_who_said_what_in_order(answer, bob, rita):
    Comment.objects.add(answer, "Which report?", by=rita)
    Comment.objects.add(answer, "The one\r\nof May.", by=bob)
    thread = Comment.objects.in_threads()[answer.pk]
    assert [(comment.by, comment.text) for comment in thread] == [
        (rita, "Which report?"),
        (bob, "The one\nof May."),
    ]


def test_a_double_click_says_it_once_and_the_same_words_later_count(answer, bob, rita):
    first = Comment.objects.add(answer, "Done.", by=bob)
    assert Comment.objects.add(answer, "Done.", by=bob) == first
    Comment.objects.add(answer, "Sure?", by=rita)
    assert Comment.objects.add(answer, "Done.", by=bob) != first


@pytest.mark.parametrize(
    ("text", "sentence"), [(" \x00\n", "Write something"), ("x" * 4001, "this one has 4001")]
)
def test_nothing_and_too_much_are_refused_with_a_sentence(answer, bob, text, sentence):
    with pytest.raises(ValidationError, match=sentence):
        Comment.objects.add(answer, text, by=bob)
    assert not Comment.objects.exists()


def test_nothing_is_said_where_nothing_can_be_answered_by_now(answer, bob):
    assert not answer.assessment.reading_only, "as it was when somebody began"
    Assessment.objects.update(continued_at="2030-01-01T00:00Z")
    with pytest.raises(PermissionDenied):
        Comment.objects.add(answer, "Which report?", by=bob)
    assert not Comment.objects.exists()


def test_it_concerns_who_answered_whose_work_it_is_and_who_spoke_but_not_who_speaks(
    answer, alice, bob, rita, vera
):
    answer.record_choice("2", by=bob, version=0)
    answer.assignee = alice
    Comment.objects.add(answer, "Which report?", by=rita)
    comment = Comment.objects.add(answer, "The one of May.", by=bob)
    assert set(comment.concerned()) == {alice, rita}
