"""The grid of a whole domain: what it shows to whom, and saving it at once where there is no JavaScript."""

import re

import pytest
from django.db.models import Count
from django.urls import reverse
from django.utils.html import escape

from assessments.models import Answer, Assessment, Review, moves
from tests import factories
from tests.assessments.forms.test_answers import page
from tests.assessments.views.test_answers import HOSTILE, again, statements


@pytest.fixture
def grid(assessment):
    return reverse("grid", args=[assessment.pk, "PR"])


@pytest.fixture
def asked(assessment):
    """The eight requirements of Processes; the four of Performance results are not among them."""
    return list(assessment.answers.filter(requirement__item__domain__code="PR").in_order())


def row(text, code):
    return re.search(rf'<tr class="req" id="{code}".*?</tr>', text, re.DOTALL)[0]


# ---- the page


def test_every_requirement_of_the_domain_is_a_row_under_the_title_of_its_item(
    sign_in, bob, grid, assessment, asked
):
    text = sign_in(bob).get(grid).content.decode()
    assert re.findall(r'<tr class="req" id="(\w+)" data-answer="(\d+)"', text) == [
        (answer.requirement.code, str(answer.pk)) for answer in asked
    ]
    assert text.index("Topic 1") < text.index('id="PR1d"') < text.index("Topic 2") < text.index('id="PR2a"')
    assert reverse("item", args=[assessment.pk, "PR2"]) in text
    assert "0 of 8 answered" in text
    for words in (
        asked[0].requirement.statement,
        "For every channel",
        "0 Nothing in place",
        "Not answered yet",
    ):
        assert words in row(text, "PR1a")
    assert "Critical" in row(text, "PR1b")
    assert "Critical" not in row(text, "PR1a")


def test_results_are_asked_in_words_of_their_own(sign_in, bob, assessment):
    text = sign_in(bob).get(reverse("grid", args=[assessment.pk, "PF"])).content.decode()
    assert "2 At target, not sustained" in text
    assert "Partly in use" not in text


def test_every_control_is_named_after_its_requirement(sign_in, bob, grid, asked):
    text, pk = sign_in(bob).get(grid).content.decode(), asked[0].pk
    for name in ("answer", "note"):
        assert f'aria-labelledby="grid-{name} code-{pk} statement-{pk}"' in text
    for place in (f"code-{pk}", f"statement-{pk}", "grid-answer", "grid-note", f"state-{pk}"):
        assert text.count(f'id="{place}"') == 1
    assert 'aria-label="PR1a: why it does not apply"' in text


def test_what_is_stored_is_chosen_with_who_and_when(sign_in, bob, alice, grid, asked, time_machine):
    time_machine.move_to("2030-07-01 13:02Z", tick=False)
    asked[0].record_choice("na", by=alice, version=0, reason="other", reason_text='No "cards"')
    asked[0].record_note("A <b>note</b>.\nOf two lines.", by=bob, version=1)
    asked[1].record_choice("2", by=alice, version=0)
    text = sign_in(bob).get(grid).content.decode()
    first, second, third = (row(text, code) for code in ("PR1a", "PR1b", "PR1c"))
    for words in ('value="na" selected>', 'value="other" selected>', 'value="No &quot;cards&quot;"',
                  "\nA &lt;b&gt;note&lt;/b&gt;.\nOf two lines.</textarea>", "Saved 14:02<"):  # fmt: skip
        assert words in first
    assert 'value="2" selected>' in second
    assert "Saved 14:02 by Alice" in second
    assert 'value="" disabled selected>' in third
    assert third.count("selected") == 1


@pytest.mark.parametrize(("kind", "text", "stored"), HOSTILE)
def test_odd_text_is_shown_as_text(sign_in, bob, grid, asked, kind, text, stored):
    asked[0].record_note(stored, by=bob, version=0)
    asked[1].record_choice("na", by=bob, version=0, reason="other", reason_text=stored[:500])
    shown = sign_in(bob).get(grid).content.decode()
    assert f"\n{escape(stored)}</textarea>" in shown
    assert f'value="{escape(stored[:500])}"' in shown


def test_a_wording_that_looks_like_a_place_to_fill_stays_text(sign_in, bob, grid, asked):
    requirement = asked[0].requirement
    requirement.statement = "{{ here.note }} {% now 'Y' %} <i>"
    requirement.save()
    requirement.item.domain.release.note_edit()
    asked[0].record_note("Mine.", by=bob, version=0)
    text = sign_in(bob).get(grid).content.decode()
    assert "{{ here.note }} {% now &#x27;Y&#x27; %} &lt;i&gt;" in row(text, "PR1a")


def test_two_answers_of_one_requirement_never_share_what_is_chosen(sign_in, bob, grid, site, alice):
    """The drawn parts of a row are kept in memory: nothing of one answer may stay in them."""
    other = factories.started(site, by=alice, channels=["phone"])
    other.answers.in_order().first().record_choice("3", by=alice, version=0)
    client = sign_in(bob)
    assert 'value="3" selected>' in client.get(reverse("grid", args=[other.pk, "PR"])).content.decode()
    assert 'value="3" selected>' not in client.get(grid).content.decode()


def test_new_wording_shows_at_once(sign_in, bob, grid, asked):
    client = sign_in(bob)
    client.get(grid)
    requirement = asked[0].requirement
    requirement.statement = "Something else is asked"
    requirement.save()
    requirement.item.domain.release.note_edit()
    assert "Something else is asked" in client.get(grid).content.decode()


def test_the_other_domains_are_a_click_away(sign_in, bob, grid, assessment):
    nav = re.search(
        r'<nav class="grid-domains".*?</nav>', sign_in(bob).get(grid).content.decode(), re.DOTALL
    )[0]
    assert re.findall(r'href="([^"]+)"( aria-current)?', nav) == [
        (grid, " aria-current"),
        (reverse("grid", args=[assessment.pk, "PF"]), ""),
    ]


def test_the_way_on_leads_to_the_first_open_row_here_then_elsewhere_then_to_the_results(
    sign_in, bob, grid, assessment, asked
):
    client, there = sign_in(bob), reverse("grid", args=[assessment.pk, "PF"])
    asked[0].record_choice("1", by=bob, version=0)
    assert 'href="#PR1b">' in client.get(grid).content.decode()
    assessment.answers.filter(pk__in=[answer.pk for answer in asked]).update(choice="1")
    assert f'href="{there}#PF3a">' in client.get(grid).content.decode()
    assessment.answers.update(choice="1")
    assert "See the results" in client.get(grid).content.decode()
    assessment.answers.filter(pk=asked[4].pk).update(choice="")
    assert f'href="{grid}#PR2a">' in client.get(there).content.decode()


@pytest.mark.parametrize("code", ["PX", "pr", "PR1", "%00", "x" * 300])
def test_a_domain_that_is_not_asked_is_not_found(sign_in, bob, assessment, code):
    assert sign_in(bob).get(f"/assessments/{assessment.pk}/grid/{code}/").status_code == 404


@pytest.mark.parametrize(("items", "requirements"), [(2, 1), (3, 8), (12, 4)])
def test_the_page_takes_six_queries_whatever_the_size(sign_in, bob, site, alice, items, requirements):
    assessment = factories.started(site, factories.small_release(items, requirements), by=alice)
    for answer in assessment.answers.in_order()[: requirements + 1]:
        answer.record_choice("2", by=alice, version=0)
        answer.record_note("Since May.", by=bob, version=1)
    client, grid = sign_in(bob), reverse("grid", args=[assessment.pk, "PR"])
    client.get(grid)  # the first to read a release fetches its texts
    assert statements(lambda: client.get(grid)) == 6


def test_carried_over_answers_can_be_confirmed_from_their_rows(sign_in, bob, alice, assessment, ship):
    first = assessment.answers.in_order()[0]
    first.record_choice("2", by=alice, version=0)
    moved = moves.move(assessment, ship(factories.newer_release()), by=alice)
    carried = moved.answers.get(carried=True)
    client, grid = sign_in(bob), reverse("grid", args=[moved.pk, "PR"])
    text = client.get(grid).content.decode()
    assert f'name="confirm-{carried.pk}" value="1">Confirm<span class="visually-hidden"> PR1a</span>' in text
    assert "Confirm 1 carried-over answer" in text
    client.post(grid, page(moved.answers.filter(requirement__item__domain__code="PR")) | {"confirm-all": "1"})
    assert again(carried).answered_by == bob


# ---- what is told in full on the page of the item


def test_a_flag_leads_to_the_page_of_the_item(sign_in, bob, grid, assessment, asked):
    asked[1].flag(True)
    text = sign_in(bob).get(grid).content.decode()
    address = reverse("item", args=[assessment.pk, "PR1"]) + "#b"
    assert re.search(rf'<a href="{address}">.*?Flagged.*? PR1b', row(text, "PR1b"))
    assert "grid-marks" not in row(text, "PR1a")


@pytest.fixture
def reviewed(assessment, asked, bob, rita):
    """PR1 as Bob answered it, and PR1c as Rita sees it instead."""
    for answer in asked[:4]:
        answer.record_choice("3", by=bob, version=0)
    [review], _ = Review.objects.submit(assessment, [asked[0].requirement.item], by=bob)
    review.decide(by=rita, findings={asked[2]: ("1", "One team only.")})
    return review


def test_what_the_reviewer_saw_instead_leads_to_the_page_of_the_item(sign_in, vera, grid, reviewed):
    text = sign_in(vera).get(grid).content.decode()
    found = row(text, "PR1c")
    assert "The reviewer sees" in found
    assert 'data-choice="1"' in found[: found.index("grid-read")]
    assert "The reviewer sees" not in row(text, "PR1b")


def test_a_later_agreement_takes_it_away_and_a_withdrawal_does_not(
    sign_in, bob, rita, grid, assessment, reviewed
):
    client = sign_in(bob)
    [again], _ = Review.objects.submit(assessment, [reviewed.item], by=bob)
    again.withdraw(by=bob)
    assert "The reviewer sees" in client.get(grid).content.decode()
    [again], _ = Review.objects.submit(assessment, [reviewed.item], by=bob)
    again.decide(by=rita)
    assert "The reviewer sees" not in client.get(grid).content.decode()


def test_the_level_of_last_time_stands_in_its_row_for_one_query_more(sign_in, bob, alice, assessment, ship):
    assessment.answers.in_order()[0].record_choice("1", by=alice, version=0)
    moved = moves.move(assessment, ship(factories.newer_release()), by=alice)
    client, grid = sign_in(bob), reverse("grid", args=[moved.pk, "PR"])
    text = client.get(grid).content.decode()
    assert re.search('Last time <span class="level" data-choice="1">', row(text, "PR1a"))
    assert "Last time" not in row(text, "PR1b")
    assert statements(lambda: client.get(grid)) == 7


# ---- who may only look


def test_a_viewer_reads_the_words_without_a_single_control(sign_in, vera, alice, grid, asked):
    asked[0].record_choice("na", by=alice, version=0, reason="other", reason_text="No <cards>")
    asked[1].record_choice("2", by=alice, version=0)
    asked[1].record_note("Two\nlines", by=alice, version=1)
    text = sign_in(vera).get(grid).content.decode()
    assert "Not applicable. Another reason: No &lt;cards&gt;" in row(text, "PR1a")
    assert "Partly in use" in row(text, "PR1b")
    assert "Two\nlines</td>" in row(text, "PR1b")
    assert "Not answered" in row(text, "PR1c")
    assert not re.search(r"<select|<textarea|grid\.js|save\.js|Fill down|Save this page", text)
    assert "You are a viewer" in text


def test_an_assessment_that_was_moved_on_is_for_reading(sign_in, bob, grid, assessment, asked):
    Assessment.objects.filter(pk=assessment.pk).update(continued_at="2026-01-01T00:00Z")
    client = sign_in(bob)
    text = client.get(grid).content.decode()
    assert "continued in a newer one" in text
    assert "<select" not in text
    assert client.post(grid, page(asked) | {f"choice-{asked[0].pk}": "2"}).status_code == 403
    assert again(asked[0]).choice == ""


@pytest.mark.parametrize(("who", "words"), [("bob", "Fill in as a grid"), ("vera", "Read as a grid")])
def test_the_task_list_leads_to_the_grid_of_each_domain(sign_in, request, assessment, grid, who, words):
    text = sign_in(request.getfixturevalue(who)).get(assessment.get_absolute_url()).content.decode()
    assert f'href="{grid}">{words}<span class="visually-hidden">: Processes' in text
    assert text.count(words) == 2


# ---- one button saves it all


def test_one_button_saves_everything_that_was_changed(sign_in, bob, grid, asked):
    sent = page(asked) | {
        f"choice-{asked[0].pk}": "2",
        f"note-{asked[0].pk}": "Since May.",
        f"choice-{asked[5].pk}": "na",
        f"reason-{asked[5].pk}": "not-offered",
        f"choice-{asked[7].pk}": "unknown",
    }
    response = sign_in(bob).post(grid, sent, follow=True)
    assert response.redirect_chain == [(grid, 302)]
    assert "4 changes are saved." in response.content.decode()
    assert [again(answer).choice for answer in asked] == ["2", "", "", "", "", "na", "", "unknown"]
    assert (again(asked[0]).note, again(asked[5]).reason) == ("Since May.", "not-offered")


def test_a_conflict_and_a_refusal_come_back_in_their_rows_and_the_rest_is_saved(
    sign_in, alice, bob, grid, asked
):
    sent = page(asked) | {
        f"note-{asked[0].pk}": "Mine.",
        f"choice-{asked[1].pk}": "3",
        f"choice-{asked[2].pk}": "na",
        f"reason_text-{asked[2].pk}": "No cards",
        f"choice-{asked[6].pk}": "2",
    }
    again(asked[0]).record_note("Theirs.", by=alice, version=0)
    again(asked[1]).record_choice("1", by=alice, version=0)
    response = sign_in(bob).post(grid, sent)
    text = response.content.decode()
    assert response.status_code == 409
    assert "\nMine.</textarea>" in row(text, "PR1a")
    assert f'name="mine-note-{asked[0].pk}" value="1"' in row(text, "PR1a")
    assert 'value="3" selected>' in row(text, "PR1b")
    assert f'name="theirs-choice-{asked[1].pk}"' in row(text, "PR1b")
    assert 'value="na" selected>' in row(text, "PR1c")
    assert 'aria-invalid="true"' in row(text, "PR1c")
    assert "Choose why this does not apply." in row(text, "PR1c")
    assert re.findall(r'<li><a href="#(\w+)">', text) == ["PR1a", "PR1b", "PR1c"]
    assert "1 change is saved." in text
    assert again(asked[6]).choice == "2"


def test_the_page_comes_back_as_it_was_typed_while_the_database_is_busy(sign_in, bob, grid, asked, busy):
    busy(3)
    response = sign_in(bob).post(grid, page(asked) | {f"note-{asked[7].pk}": "Mine."})
    assert (response.status_code, response["Retry-After"]) == (503, "5")
    assert "\nMine.</textarea>" in row(response.content.decode(), "PR2d")


@pytest.mark.parametrize("odd", ["<", "4", "\x00", '" selected'])
def test_a_choice_that_is_none_comes_back_as_not_answered_with_its_sentence(sign_in, bob, grid, asked, odd):
    response = sign_in(bob).post(grid, page(asked) | {f"choice-{asked[0].pk}": odd})
    assert response.status_code == 422
    shown = row(response.content.decode(), "PR1a")
    assert 'value="" disabled selected>' in shown
    assert "Choose one of the six answers." in shown


def test_answers_of_another_domain_in_the_same_form_are_left_alone(sign_in, bob, grid, assessment, asked):
    other = assessment.answers.exclude(requirement__item__domain__code="PR").first()
    sign_in(bob).post(grid, page([*asked, other]) | {f"choice-{other.pk}": "3"})
    assert again(other).choice == ""


def test_the_largest_shipped_domain_can_be_sent_at_once(shipped, db, settings):
    from standards.models import Requirement

    asked = Requirement.objects.values("item__domain").annotate(rows=Count("pk"))
    largest = max(domain["rows"] for domain in asked)
    fields_of_a_row, others = 6, 3  # choice, reason, its text, note, two versions; token, key, the button
    assert largest > 80
    assert largest * fields_of_a_row + others <= settings.DATA_UPLOAD_MAX_NUMBER_FIELDS


# ---- each change by itself


def counted(text, words):
    """As of when, in seconds, the count in a reply was true."""
    return float(re.search(rf'<span id="item-answered" data-as-of="([\d.]+)">{words}</span>', text)[1])


def test_a_save_from_the_grid_names_the_requirement_in_full_and_counts_the_domain(sign_in, bob, asked):
    client = sign_in(bob)
    choice, note = (reverse(f"answer-{field}", args=[asked[4].pk]) + "?grid" for field in ("choice", "note"))
    text = client.post(choice, {"choice": "2", "version": "0"}).content.decode()
    assert "Requirement PR2a saved" in text
    first = counted(text, "1 of 8 answered")
    text = client.post(choice, {"choice": "3", "version": "1"}).content.decode()
    # So that a page can tell which of two replies is the later.
    assert counted(text, "1 of 8 answered") > first
    text = client.post(note, {"note": "Since May.", "version": "2"}).content.decode()
    assert "Note of requirement PR2a saved" in text


def test_an_answer_taken_back_counts_as_open_again(sign_in, bob, asked):
    asked[0].record_choice("2", by=bob, version=0)
    address = reverse("answer-choice", args=[asked[0].pk]) + "?grid"
    response = sign_in(bob).post(address, {"choice": "", "version": "1"})
    text = response.content.decode()
    assert response.status_code == 200
    assert "0 of 8 answered" in text
    assert "Not answered yet" in text
    assert 'data-choice="open"' in text
    assert Answer.objects.get(pk=asked[0].pk).choice == ""


def test_a_save_from_the_grid_costs_no_query_more(sign_in, bob, asked):
    client = sign_in(bob)
    address = reverse("answer-choice", args=[asked[0].pk])
    client.post(address + "?grid", {"choice": "1", "version": "0"})
    plain = statements(lambda: client.post(address, {"choice": "2", "version": "1"}))
    assert statements(lambda: client.post(address + "?grid", {"choice": "3", "version": "2"})) == plain
