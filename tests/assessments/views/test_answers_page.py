"""The whole page of an item saved at once, as it is where there is no JavaScript."""

import pytest

from assessments.models import Answer
from standards.models import Standard
from tests.assessments.forms.test_answers import page


def again(answer):
    return Answer.objects.get(pk=answer.pk)


@pytest.fixture
def asked(assessment):
    return list(assessment.answers.filter(requirement__item__code="PR1").in_order())


def test_one_button_saves_everything_that_was_changed(sign_in, bob, item, asked):
    one, two, three, four = asked
    four.record_choice("3", by=bob, version=0)
    sent = page(asked) | {
        f"choice-{one.pk}": "2",
        f"note-{one.pk}": "Since May.",
        f"choice-{two.pk}": "na",
        f"reason-{two.pk}": "not-offered",
        f"choice-{three.pk}": "unknown",
    }
    response = sign_in(bob).post(item, sent, follow=True)
    assert response.redirect_chain == [(item, 302)]
    assert "4 changes are saved." in response.content.decode()
    assert [again(answer).choice for answer in asked] == ["2", "na", "unknown", "3"]
    assert (again(one).note, again(two).reason) == ("Since May.", "not-offered")
    assert again(four).version == 1


def test_a_question_says_why_it_is_critical_or_fundamental(sign_in, bob, item):
    text = sign_in(bob).get(item).content.decode()
    assert text.count("Nothing else can be trusted without it.") == 1
    assert text.count("Fundamental: All the rest is built on it.") == 1


def test_saving_an_untouched_page_says_that_nothing_was_changed(sign_in, bob, item, asked):
    response = sign_in(bob).post(item, page(asked), follow=True)
    assert "Nothing was changed" in response.content.decode()


def test_a_page_with_a_conflict_comes_back_with_both_texts_and_the_rest_saved(
    sign_in, alice, bob, item, asked
):
    sent = page(asked) | {f"note-{asked[0].pk}": "Mine.", f"choice-{asked[1].pk}": "2"}
    again(asked[0]).record_note("Theirs.", by=alice, version=0)
    response = sign_in(bob).post(item, sent)
    text = response.content.decode()
    assert response.status_code == 409
    assert "\nMine.</textarea>" in text
    assert "Theirs." in text
    assert f'name="mine-note-{asked[0].pk}" value="1"' in text
    assert "1 change is saved." in text
    assert again(asked[1]).choice == "2"


def test_a_page_with_something_refused_comes_back_with_what_was_typed(sign_in, bob, item, asked):
    sent = page(asked) | {f"choice-{asked[0].pk}": "na", f"reason_text-{asked[0].pk}": "No cards"}
    sent |= {f"note-{asked[1].pk}": "x" * 20_001}
    response = sign_in(bob).post(item, sent)
    text = response.content.decode()
    assert response.status_code == 422
    assert f'name="choice-{asked[0].pk}" value="na" checked' in text
    assert 'value="No cards"' in text
    assert "Choose why this does not apply." in text
    assert "x" * 20_001 in text
    assert text.count('aria-invalid="true"') == 2


def test_a_page_comes_back_as_it_was_typed_while_the_database_is_busy(sign_in, bob, item, asked, busy):
    busy(3)
    response = sign_in(bob).post(item, page(asked) | {f"note-{asked[0].pk}": "Mine."})
    assert (response.status_code, response["Retry-After"]) == (503, "5")
    assert "\nMine.</textarea>" in response.content.decode()


def test_answers_of_another_item_or_assessment_in_the_same_form_are_left_alone(
    sign_in, bob, item, assessment, asked
):
    other = assessment.answers.exclude(requirement__item__code="PR1").first()
    sign_in(bob).post(item, page([*asked, other]) | {f"choice-{other.pk}": "3"})
    assert again(other).choice == ""


def test_a_letter_in_place_of_a_page_is_no_error(sign_in, bob, item, asked):
    odd = {f"choice-{asked[0].pk}": "<", f"choice-version-{asked[0].pk}": "x", f"note-{asked[0].pk}": "n"}
    response = sign_in(bob).post(item, odd)
    assert response.status_code == 422
    assert again(asked[0]).version == 0


def test_a_self_check_speaks_of_no_auditor_and_no_blocker(sign_in, bob, item, assessment):
    Standard.objects.update(leads_to_audit=False)
    text = sign_in(bob).get(item).content.decode()
    assert "What to ask to see" in text
    assert "auditor" not in text
    assert "a blocker at level" not in text
