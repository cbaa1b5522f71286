import pytest
from django.urls import reverse

from assessments.templatetags.levels import level_chip


@pytest.mark.parametrize(
    ("choice", "of_a_practice", "of_a_result"),
    [
        ("0", "level 0, nothing in place", "level 0, not measured"),
        ("1", "level 1, designed only", "level 1, below target"),
        ("2", "level 2, partly in use", "level 2, at target, not sustained"),
        ("3", "level 3, in place", "level 3, at target and sustained"),
        ("unknown", "not known", "not known"),
        ("na", "not applicable", "not applicable"),
        ("", "not answered", "not answered"),
    ],
)
def test_a_chip_says_in_words_what_the_choice_means_for_its_kind(choice, of_a_practice, of_a_result):
    for kind, words in (("practice", of_a_practice), ("result", of_a_result)):
        assert f'<span class="visually-hidden">{words}</span>' in level_chip(choice, kind)


@pytest.mark.parametrize(
    ("name", "args", "levels"), [("item", ["PF3"], 4), ("results", [], 2 * 4), ("gaps", [], 4)]
)
def test_pages_name_the_levels_of_results_in_their_own_words(
    sign_in, vera, assessment, bob, name, args, levels
):
    for answer in assessment.answers.filter(requirement__item__code="PF3"):
        answer.record_choice("2", by=bob, version=0)
    page = sign_in(vera).get(reverse(name, args=[assessment.pk, *args])).text
    assert page.count("level 2, at target, not sustained") == levels
    assert page.count("level 3, at target and sustained") == 4  # the targets


def test_a_saved_choice_comes_back_in_the_words_of_its_kind(sign_in, bob, assessment):
    answer = assessment.answers.get(requirement__key="pf3-thing-1")
    sent = {"choice": "1", "version": "0", "key": "k1"}
    reply = sign_in(bob).post(reverse("answer-choice", args=[answer.pk]), sent).text
    assert "level 1, below target" in reply
