from urllib.parse import quote

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from assessments.models import Answer, Assessment
from tests import factories


@pytest.fixture
def answer(assessment):
    return assessment.answers.in_order().first()


def whose(assessment, code):
    return set(assessment.answers.in_item(code).values_list("assignee__name", flat=True))


def test_one_requirement_is_given_to_somebody_and_the_page_shows_it(sign_in, bob, alice, assessment, answer):
    client = sign_in(bob)
    response = client.post(reverse("answer-assign", args=[answer.pk]), {"person": alice.pk}, follow=True)
    assert "Alice answers 1 requirement more." in response.content.decode()
    assert response.redirect_chain[-1][0] == reverse("item", args=[assessment.pk, "PR1"]) + "#a"
    assert whose(assessment, "PR1") == {"Alice", None}
    assert "For Alice" in response.content.decode()


def test_the_whole_item_is_given_in_one_step_and_taken_back(sign_in, bob, assessment, answer):
    client = sign_in(bob)
    address = reverse("answer-assign", args=[answer.pk])
    client.post(address, {"person": bob.pk, "whole": "on"})
    assert whose(assessment, "PR1") == {"Bob"}
    response = client.post(address, {"person": "", "whole": "on"}, follow=True)
    assert "4 requirements are given to nobody in particular now." in response.content.decode()
    assert whose(assessment, "PR1") == {None}


@pytest.mark.parametrize("who", ["vera", "rita", "charlie"])
def test_work_goes_only_to_members_who_may_answer(request, sign_in, bob, assessment, answer, who):
    person = request.getfixturevalue(who)
    client = sign_in(bob)
    assert client.post(reverse("answer-assign", args=[answer.pk]), {"person": person.pk}).status_code == 422
    sent = {"shown-PR1": "", "PR1": person.pk}
    assert client.post(reverse("assignments", args=[assessment.pk]), sent).status_code == 422
    assert whose(assessment, "PR1") == {None}


def test_all_items_are_given_out_on_one_page_and_what_is_shared_stays_shared(sign_in, bob, alice, assessment):
    assessment.answers.filter(requirement__key="pr1-thing-1").assign_to(alice)
    client = sign_in(bob)
    address = reverse("assignments", args=[assessment.pk])
    page = client.get(address)
    assert f'<option value=".{alice.pk}" selected>Alice</option>' in page.content.decode()
    response = client.post(address, sent_from(page) | {"PR2": bob.pk}, follow=True)
    assert "1 item changed hands." in response.content.decode()
    assert whose(assessment, "PR1") == {"Alice", None}
    assert whose(assessment, "PR2") == {"Bob"}


def sent_from(page):
    """What a browser sends of the page of all items where nothing is touched."""
    form = page.context["form"]
    shown = {f"shown-{name}": field.initial for name, field in form.fields.items()}
    return {name: form[name].value() for name in form.fields} | shown


def test_an_older_page_takes_back_nothing_that_it_did_not_change(sign_in, alice, bob, assessment):
    client, address = sign_in(alice), reverse("assignments", args=[assessment.pk])
    sent = sent_from(client.get(address))
    assessment.answers.in_item("PR1").assign_to(bob)
    client.post(address, sent | {"PR2": alice.pk})
    assert whose(assessment, "PR1") == {"Bob"}
    assert whose(assessment, "PR2") == {"Alice"}


def test_an_item_that_two_people_give_to_others_stays_with_the_first_until_the_second_has_read_so(
    sign_in, alice, bob, assessment
):
    client, address = sign_in(alice), reverse("assignments", args=[assessment.pk])
    sent = sent_from(client.get(address)) | {"PR1": alice.pk, "PR2": alice.pk}
    assessment.answers.in_item("PR1").assign_to(bob)
    response = client.post(address, sent)
    assert response.status_code == 409
    assert "changed hands while this page was open: it is answered by Bob now." in response.content.decode()
    assert (whose(assessment, "PR1"), whose(assessment, "PR2")) == ({"Bob"}, {None})
    kept = sent_from(response)
    assert (kept["PR1"], kept["PR2"]) == (str(alice.pk), str(alice.pk))
    client.post(address, kept)
    assert (whose(assessment, "PR1"), whose(assessment, "PR2")) == ({"Alice"}, {"Alice"})


def test_two_people_who_give_an_item_to_the_same_person_agree(sign_in, alice, bob, assessment):
    client, address = sign_in(alice), reverse("assignments", args=[assessment.pk])
    sent = sent_from(client.get(address)) | {"PR1": bob.pk}
    assessment.answers.in_item("PR1").assign_to(bob)
    response = client.post(address, sent, follow=True)
    assert "Nothing was changed." in response.content.decode()
    assert whose(assessment, "PR1") == {"Bob"}


def test_what_several_share_and_others_share_by_now_stays_theirs(sign_in, alice, bob, mark, assessment):
    part = assessment.answers.filter(requirement__key="pr1-thing-1")
    part.assign_to(alice)
    client, address = sign_in(alice), reverse("assignments", args=[assessment.pk])
    sent = sent_from(client.get(address))
    part.assign_to(mark)
    assert client.post(address, sent | {"PR2": bob.pk}).status_code == 302
    assert whose(assessment, "PR1") == {"Mark", None}
    assert client.post(address, sent | {"PR1": bob.pk}).status_code == 409
    assert whose(assessment, "PR1") == {"Mark", None}


def test_nothing_is_given_out_where_nothing_can_be_answered(sign_in, bob, assessment, answer):
    Assessment.objects.filter(pk=assessment.pk).update(continued_at="2030-01-01T00:00Z")
    client = sign_in(bob)
    for address in (reverse("answer-assign", args=[answer.pk]), reverse("assignments", args=[assessment.pk])):
        assert client.get(address).status_code == 403
        assert client.post(address, {"person": bob.pk, "PR1": bob.pk}).status_code == 403
    assert client.post(reverse("answer-flag", args=[answer.pk]), {"flag": "on"}).status_code == 403
    assert whose(assessment, "PR1") == {None}


@pytest.mark.parametrize("page", ["answer-assign", "assignments"])
def test_nothing_is_given_out_in_an_assessment_that_is_continued_at_the_same_moment(
    sign_in, bob, assessment, answer, page, monkeypatch
):
    def look_only(found):
        Assessment.objects.update(continued_at="2030-01-01T00:00Z")

    monkeypatch.setattr("assessments.views.assignments._still_open", look_only)
    pk = answer.pk if page == "answer-assign" else assessment.pk
    sent = {"person": bob.pk, "shown-PR1": "", "PR1": bob.pk}
    assert sign_in(bob).post(reverse(page, args=[pk]), sent).status_code == 403
    assert whose(assessment, "PR1") == {None}


def test_nothing_is_flagged_in_an_assessment_that_is_continued_by_now(answer):
    assert not answer.assessment.reading_only, "as it was when somebody began"
    Assessment.objects.update(continued_at="2030-01-01T00:00Z")
    with pytest.raises(PermissionDenied):
        answer.flag(True)
    assert not Answer.objects.get(pk=answer.pk).flagged


@pytest.mark.parametrize("items", [3, 12])
def test_the_page_of_assignments_takes_five_queries_whatever_the_size(sign_in, alice, bob, site, items):
    assessment = factories.started(site, factories.small_release(items, 2), by=alice)
    assessment.answers.all().assign_to(bob)
    client = sign_in(bob)
    client.get(reverse("assignments", args=[assessment.pk]))
    with CaptureQueriesContext(connection) as captured:
        client.get(reverse("assignments", args=[assessment.pk]))
    assert len(captured) == 5


# ---- flags, filters and finding


def test_a_flag_is_set_and_taken_away_by_its_button(sign_in, bob, answer):
    client = sign_in(bob)
    text = client.post(reverse("answer-flag", args=[answer.pk]), {"flag": "on"}).content.decode()
    assert 'value="off"' in text
    assert 'aria-pressed="true"' in text
    assert Answer.objects.get(pk=answer.pk).flagged
    client.post(reverse("answer-flag", args=[answer.pk]), {"flag": "off"})
    assert not Answer.objects.get(pk=answer.pk).flagged


def test_without_javascript_the_flag_goes_with_the_page_and_saves_what_was_typed(
    sign_in, bob, assessment, answer
):
    page = {f"flag-{answer.pk}": "on", f"note-{answer.pk}": "Since May.", f"note-version-{answer.pk}": "0"}
    response = sign_in(bob).post(reverse("item", args=[assessment.pk, "PR1"]), page, follow=True)
    assert "2 changes are saved." in response.content.decode()
    stored = Answer.objects.get(pk=answer.pk)
    assert (stored.flagged, stored.note) == (True, "Since May.")


@pytest.fixture
def varied(assessment, alice, bob):
    """PR1: a not known and flagged, b a gap, c Bob's, d open."""
    first, second, third, _ = assessment.answers.in_item("PR1").in_order()
    first.record_choice("unknown", by=alice, version=0)
    first.flag(True)
    second.record_choice("1", by=alice, version=0)
    assessment.answers.filter(pk=third.pk).assign_to(bob)
    return assessment


@pytest.mark.parametrize(
    ("show", "letters"),
    [("unknown", "a"), ("flagged", "a"), ("gaps", "b"), ("mine", "c"), ("open", "cd")],
)
def test_a_filter_shows_the_requirements_it_is_about_as_links(sign_in, bob, varied, show, letters):
    text = sign_in(bob).get(reverse("assessment", args=[varied.pk]), {"show": show}).content.decode()
    place = reverse("item", args=[varied.pk, "PR1"])
    found = [letter for letter in "abcd" if f'<li><a href="{place}#{letter}">' in text]
    assert found == list(letters)


def test_a_requirement_is_found_by_its_text_within_a_filter_too(sign_in, bob, varied):
    client, address = sign_in(bob), reverse("assessment", args=[varied.pk])
    place = reverse("item", args=[varied.pk, "PR1"])
    text = client.get(address, {"q": "THING pr1-thing-2"}).content.decode()
    assert f'{place}#b">' in text
    assert f'{place}#a">' not in text
    text = client.get(address, {"q": "pr1-thing-2", "show": "unknown"}).content.decode()
    assert "No requirement shown here speaks of “pr1-thing-2”." in text


@pytest.mark.parametrize("words", ["\x00\ud800", "<script>", "a" * 5000, "%", "' OR 1=1"])
def test_odd_words_find_nothing_and_break_nothing(sign_in, bob, assessment, words):
    address = reverse("assessment", args=[assessment.pk])
    response = sign_in(bob).get(f"{address}?q={quote(words.encode('utf-8', 'surrogatepass'))}")
    assert response.status_code == 200
    assert "<script>" not in response.content.decode().split("speaks of")[-1]
