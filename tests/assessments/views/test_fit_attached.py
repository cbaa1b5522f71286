"""The fit check kept with an assessment: attached, replaced and removed by those who manage it, seen by its members."""

import re
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from django.urls import reverse

from assessments.models import FitCheck, moves
from assessments.views import fit as views
from tests import factories
from tests.assessments.rules.centres import answers
from tests.assessments.views.test_fit import address, chosen, posted, text

NEUTRAL = answers()
MISSING = answers(fundamentals=["coaching"])


def attach(client, assessment, found=NEUTRAL):
    return client.post(reverse("assessment-fit", args=[assessment.pk]), posted(found))


def test_a_visitor_signs_in_first_and_comes_back_with_all_answers(client, db):
    response = client.get(address("fit-attach"))
    assert response.status_code == 302
    back = urlsplit(parse_qs(urlsplit(response["Location"]).query)["next"][0])
    assert f"{back.path}?{back.query}" == address("fit-attach")


@pytest.mark.parametrize("who", ["alice", "mark"])
def test_those_who_manage_an_assessment_attach_it(sign_in, request, assessment, who):
    person = request.getfixturevalue(who)
    client = sign_in(person)
    page = text(client.get(address("fit-attach")))
    assert f'formaction="{reverse("assessment-fit", args=[assessment.pk])}"' in page
    hidden = re.findall(r'<input type="hidden" name="(\w+)" value="([\w-]+)">', page)
    assert [pair for pair in hidden if pair[0] != "csrfmiddlewaretoken"] == list(NEUTRAL.pairs())
    response = attach(client, assessment)
    assert response.url == reverse("assessment-fit", args=[assessment.pk])
    kept = FitCheck.objects.get()
    assert (kept.assessment, kept.attached_by, kept.answers) == (assessment, person, NEUTRAL.as_dict())
    assert f"attached by {person.name}" in text(client.get(response.url))


@pytest.mark.parametrize("who", ["bob", "vera"])
def test_the_others_of_the_organisation_see_it_but_change_nothing(sign_in, request, assessment, who):
    FitCheck.objects.create(assessment=assessment, answers=MISSING.as_dict())
    client = sign_in(request.getfixturevalue(who))
    assert "You manage no assessment yet" in text(client.get(address("fit-attach")))
    assert attach(client, assessment).status_code == 403
    assert client.post(reverse("assessment-fit-remove", args=[assessment.pk])).status_code == 403
    page = text(client.get(reverse("assessment-fit", args=[assessment.pk])))
    assert "Fix the fundamentals first." in page
    assert "Remove from this assessment" not in page
    assert FitCheck.objects.get().answers == MISSING.as_dict()


def test_for_strangers_it_does_not_exist(sign_in, charlie, assessment):
    FitCheck.objects.create(assessment=assessment, answers=MISSING.as_dict())
    client = sign_in(charlie)
    assert client.get(reverse("assessment-fit", args=[assessment.pk])).status_code == 404
    assert attach(client, assessment).status_code == 404
    assert client.post(reverse("assessment-fit-remove", args=[assessment.pk])).status_code == 404
    assert "Leeds" not in text(client.get(address("fit-attach")))
    assert FitCheck.objects.get().answers == MISSING.as_dict()


def test_another_one_takes_its_place_after_saying_so_and_the_first_can_be_had_back(
    sign_in, alice, assessment
):
    client = sign_in(alice)
    attach(client, assessment, MISSING)
    page = text(client.get(address("fit-attach")))
    assert "Replaces “Fix fundamentals first” of " in page
    assert ">Replace<" in page
    page = text(client.get(attach(client, assessment).url))
    assert "It took the place of an earlier one." in page
    assert address("fit-result", MISSING) in page
    assert FitCheck.objects.get().answers == NEUTRAL.as_dict()


def test_attaching_the_same_again_replaces_nothing(sign_in, alice, assessment):
    client = sign_in(alice)
    attach(client, assessment)
    client.get(reverse("assessment-fit", args=[assessment.pk]))
    page = text(client.get(attach(client, assessment).url))
    assert "took the place" not in page
    assert FitCheck.objects.count() == 1


def test_half_the_answers_are_not_attached(sign_in, alice, assessment):
    url = reverse("assessment-fit", args=[assessment.pk])
    response = sign_in(alice).post(url, {"seats": "50-149"})
    assert response.status_code == 422
    assert not FitCheck.objects.exists()


def test_the_task_list_names_the_verdict_and_leads_to_it(sign_in, alice, vera, assessment):
    task_list = reverse("assessment", args=[assessment.pk])
    assert "Fit check:" not in text(sign_in(alice).get(task_list))
    attach(sign_in(alice), assessment, MISSING)
    page = text(sign_in(vera).get(task_list))
    link = reverse("assessment-fit", args=[assessment.pk])
    assert f'Fit check: <a href="{link}">Fix fundamentals first</a>' in page


def test_removing_it_leaves_the_way_back(sign_in, alice, assessment):
    client = sign_in(alice)
    attach(client, assessment, MISSING)
    response = client.post(reverse("assessment-fit-remove", args=[assessment.pk]), follow=True)
    page = text(response)
    assert response.redirect_chain[-1][0] == reverse("assessment", args=[assessment.pk])
    assert "The fit check is removed." in page
    assert address("fit-result", MISSING) in page
    assert not FitCheck.objects.exists()
    again = client.post(reverse("assessment-fit-remove", args=[assessment.pk]), follow=True)
    assert again.status_code == 200


def test_where_none_is_attached_a_sentence_says_so(sign_in, vera, assessment):
    response = sign_in(vera).get(reverse("assessment-fit", args=[assessment.pk]), follow=True)
    assert "No fit check is attached to this assessment." in text(response)


def test_a_check_whose_questions_have_changed_is_asked_again(sign_in, vera, assessment):
    stored = MISSING.as_dict()
    del stored["horizon"]
    FitCheck.objects.create(assessment=assessment, answers=stored | {"gone": "x"})
    client = sign_in(vera)
    assert ">questions have changed</a>" in text(client.get(reverse("assessment", args=[assessment.pk])))
    response = client.get(reverse("assessment-fit", args=[assessment.pk]), follow=True)
    page = text(response)
    assert response.status_code == 422
    assert "One question still needs an answer." in page
    assert ("fundamentals", "coaching") in chosen(page)


@pytest.mark.parametrize("since", ["set_aside_at", "continued_at"])
def test_only_assessments_somebody_works_on_are_offered(sign_in, alice, assessment, since):
    type(assessment).objects.filter(pk=assessment.pk).update(**{since: "2026-01-01T00:00Z"})
    assert "You manage no assessment yet" in text(sign_in(alice).get(address("fit-attach")))


def test_a_check_goes_with_a_move_where_it_is_seen_replaced_and_removed(sign_in, alice, vera, assessment):
    attach(sign_in(alice), assessment, MISSING)
    when = FitCheck.objects.get().attached_at
    successor = moves.move(assessment, factories.newer_release(), by=alice)
    link = reverse("assessment-fit", args=[successor.pk])
    assert link in text(sign_in(vera).get(reverse("assessment", args=[successor.pk])))
    assert "Fix the fundamentals first." in text(sign_in(vera).get(link))
    assert "Fit check:" not in text(sign_in(vera).get(reverse("assessment", args=[assessment.pk])))
    assert FitCheck.objects.get().attached_at == when
    attach(sign_in(alice), successor)
    moves.undo(successor)
    assert FitCheck.objects.get().assessment == assessment
    sign_in(alice).post(reverse("assessment-fit-remove", args=[assessment.pk]))
    successor = moves.move(assessment, successor.release, by=alice)
    assert not FitCheck.objects.exists()


def test_nothing_is_attached_to_an_assessment_that_was_moved_on_in_another_tab(sign_in, alice, assessment):
    successor = moves.move(assessment, factories.newer_release(), by=alice)
    FitCheck.objects.create(assessment=assessment, answers=MISSING.as_dict())
    client = sign_in(alice)
    response = client.post(reverse("assessment-fit", args=[assessment.pk]), posted(NEUTRAL), follow=True)
    page = text(response)
    assert "This assessment is continued in a newer one, so nothing can be changed here." in page
    assert f'formaction="{reverse("assessment-fit", args=[successor.pk])}"' in page
    question, choice = next(iter(NEUTRAL.pairs()))
    assert f'<input type="hidden" name="{question}" value="{choice}">' in page
    page = text(client.post(reverse("assessment-fit-remove", args=[assessment.pk]), follow=True))
    assert "nothing can be changed here" in page
    page = text(client.get(reverse("assessment-fit", args=[assessment.pk])))
    assert "Remove from this assessment" not in page
    assert FitCheck.objects.get().answers == MISSING.as_dict()


@pytest.mark.parametrize("number", [2, 6])
def test_the_list_to_choose_from_asks_the_database_the_same_whatever_its_length(
    sign_in, alice, acme, number, django_assert_num_queries
):
    release = factories.small_release()
    for _ in range(number):
        assessment = factories.started(factories.SiteFactory(organisation=acme), release, by=alice)
        FitCheck.objects.create(assessment=assessment, answers=MISSING.as_dict())
    client = sign_in(alice)
    with django_assert_num_queries(4):  # session, user, how many, the page of them
        assert text(client.get(address("fit-attach"))).count("formaction=") == number


def test_more_assessments_than_a_page_holds_are_turned_over(sign_in, alice, acme, monkeypatch):
    monkeypatch.setattr(views, "ASSESSMENTS_A_PAGE", 2)
    release = factories.small_release()
    for _ in range(3):
        factories.started(factories.SiteFactory(organisation=acme), release, by=alice)
    page = text(sign_in(alice).get(address("fit-attach") + "&page=2"))
    assert page.count("formaction=") == 1
    (back,) = re.findall(r'href="\?([^"]+)">Previous', page)
    assert urlencode(list(NEUTRAL.pairs())) in back
