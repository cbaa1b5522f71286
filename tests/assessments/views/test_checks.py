import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from assessments.models import Assessment, ItemCheck
from tests import factories


@pytest.fixture
def answered(assessment, bob):
    for answer in assessment.answers.in_item("PR1"):
        answer.record_choice("3", by=bob, version=0)
    return assessment


def check(assessment, code="PR1"):
    return reverse("item-check", args=[assessment.pk, code])


def seen_by(client, assessment):
    """What the page sends whose answers `client` looks at now."""
    return {"seen": client.get(check(assessment)).context["seen"]}


def test_open_requirements_and_contradictions_are_named_with_a_link_to_the_field(sign_in, bob, assessment):
    first, _second = assessment.answers.in_order()[:2]
    first.record_choice("3", by=bob, version=0)
    text = sign_in(bob).get(check(assessment)).content.decode()
    assert "3 requirements are still open" in text
    assert f'href="{reverse("item", args=[assessment.pk, "PR1"])}#b"' in text
    assert f'href="{reverse("evidence", args=[first.pk])}">PR1a' in text
    assert "In place everywhere, with nothing to show for it" in text
    assert "Confirm these answers" not in text


def test_confirming_marks_the_item_and_leads_on_and_a_later_edit_opens_it_again(sign_in, bob, answered):
    client = sign_in(bob)
    assert "4 answers to look at again" in client.get(check(answered)).content.decode()
    response = client.post(check(answered), seen_by(client, answered), follow=True)
    assert "PR1 Topic 1 is confirmed as it stands." in response.content.decode()
    assert response.redirect_chain[-1][0] == reverse("item", args=[answered.pk, "PR2"])
    tasks = reverse("assessment", args=[answered.pk])
    assert "Confirmed" in client.get(tasks).content.decode()
    assert "Confirmed by Bob" in client.get(check(answered)).content.decode()
    answered.answers.in_order().first().record_note("Wiki.", by=bob, version=1)
    assert "Confirmed" not in client.get(tasks).content.decode()


def test_an_answer_saved_after_the_page_was_shown_is_not_confirmed_unseen(sign_in, bob, alice, answered):
    client = sign_in(bob)
    sent = seen_by(client, answered)
    _first, second, *_rest = answered.answers.in_item("PR1").in_order()
    second.record_choice("0", by=alice, version=1)
    response = client.post(check(answered), sent)
    assert response.status_code == 409
    text = response.content.decode()
    assert "Nothing is confirmed yet" in text
    assert [answer.requirement.letter for answer in response.context["newer"]] == ["b"]
    assert text.count("Saved while your page was open.") == 1
    assert [line.answer.choice for line in response.context["lines"]] == ["3", "0", "3", "3"]
    assert not ItemCheck.objects.exists()
    assert client.post(check(answered), {"seen": response.context["seen"]}).status_code == 302
    assert ItemCheck.objects.get().confirmed_by == bob


@pytest.mark.parametrize("seen", ["", "1", "1:2.x:y", "9" * 5000])
def test_who_does_not_say_what_they_saw_confirms_nothing(sign_in, bob, answered, seen):
    assert sign_in(bob).post(check(answered), {"seen": seen}).status_code == 409
    assert not ItemCheck.objects.exists()


def test_with_something_open_nothing_is_confirmed(sign_in, bob, assessment):
    client = sign_in(bob)
    response = client.post(check(assessment), seen_by(client, assessment), follow=True)
    assert "Something is still open here" in response.content.decode()
    assert not ItemCheck.objects.exists()


@pytest.mark.parametrize("code", ["PR9", "%00", "pr1"])
def test_an_item_that_is_not_asked_is_not_found(sign_in, bob, assessment, code):
    address = check(assessment).replace("PR1", code)
    assert sign_in(bob).get(address).status_code == 404
    assert sign_in(bob).get(address.replace("check/", "")).status_code == 404


def test_the_list_of_the_assessment_goes_item_by_item(sign_in, vera, answered):
    text = sign_in(vera).get(reverse("contradictions", args=[answered.pk])).content.decode()
    assert "4 answers to look at again" in text
    assert check(answered) in text


def test_nothing_that_contradicts_itself_is_said_so(sign_in, vera, assessment):
    text = sign_in(vera).get(reverse("contradictions", args=[assessment.pk])).content.decode()
    assert "Nothing contradicts itself" in text


@pytest.mark.parametrize("items", [3, 9])
def test_the_pages_take_a_fixed_number_of_queries(sign_in, alice, bob, site, items):
    assessment = factories.started(site, factories.small_release(items, 3), by=alice)
    for answer in assessment.answers.all():
        answer.record_choice("3", by=bob, version=0)
    assert Assessment.objects.count() == 1
    client = sign_in(bob)
    for address, queries in ((check(assessment), 6), (reverse("contradictions", args=[assessment.pk]), 5)):
        client.get(address)
        with CaptureQueriesContext(connection) as captured:
            client.get(address)
        assert len(captured) == queries, address
