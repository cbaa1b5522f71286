"""The plan of an assessment: list, board, filters, adding an action, and changing several at once."""

import re
from datetime import timedelta
from html import unescape

import pytest
from django.urls import reverse
from django.utils import timezone

from assessments.models import Action, Assessment
from standards.models import Requirement
from tests import factories
from tests.factories import answer

STATUS = Action.Status


@pytest.fixture
def uneven(assessment):
    answer(assessment, PR1="0123", PR2="11?3", PF3="1.2-")
    return assessment


@pytest.fixture
def gaps(uneven):
    return list(uneven.answers.in_item("PR1").in_order())


def plan(assessment, answers, by, title="List the teams", **values):
    return Action.objects.add(assessment, answers, by=by, title=title, **values)


def words(response):
    """What a reader sees, with a space where one thing ends and the next begins."""
    text = unescape(re.sub(r"<[^>]+>", " ", response.content.decode()))
    return re.sub(r" (?=[,.])", "", re.sub(r"\s+", " ", text))


def look(client, assessment, query=""):
    response = client.get(reverse("plan", args=[assessment.pk]) + query)
    assert response.status_code == 200
    return words(response)


def titles(client, assessment, query):
    html = client.get(reverse("plan", args=[assessment.pk]) + query).content.decode()
    return re.findall(r'<h3><a href="/actions/\d+/">([^<]*)', html)


def today(assessment):
    return assessment.site.today()


# ---- the page


def test_the_list_says_what_who_when_and_which_gaps(sign_in, vera, alice, uneven, gaps):
    due = today(uneven) - timedelta(days=2)
    plan(uneven, gaps[:2], alice, owner=alice, due=due)
    plan(uneven, gaps[2:3], alice, "Ask the agents", owner_name="Zoe, Finance")
    found = look(sign_in(vera), uneven)
    assert "Two actions close 3 of 7 gaps; one is overdue, one blocker has none yet." in found
    assert re.search(r"List the teams Alice, due [\w ]+ 2 days overdue", found)
    assert "PR1a pr1-thing-1" in found
    assert "PR1b pr1-thing-2, blocker" in found
    assert "Ask the agents Zoe, Finance, no day yet" in found
    assert "Change the ticked ones together" not in found
    assert "Add an action" not in found


def test_an_empty_plan_says_where_to_begin(sign_in, vera, uneven):
    assert "press “Plan it” beside the ones to close" in look(sign_in(vera), uneven)


def test_without_a_gap_the_empty_plan_leads_to_the_questionnaire(sign_in, bob, assessment):
    found = look(sign_in(bob), assessment)
    assert "a gap is an answer below its target" in found
    assert "Add an action" not in found


def test_the_board_has_a_column_for_each_status(sign_in, vera, alice, uneven, gaps):
    plan(uneven, gaps[:1], alice, status=STATUS.DOING)
    found = look(sign_in(vera), uneven, "?view=board")
    assert "To do 0 None In progress 1 List the teams" in found


def test_what_is_done_says_that_its_gap_is_still_open_until_it_is_answered_again(
    sign_in, vera, alice, uneven, gaps
):
    plan(uneven, gaps[1:2], alice, status=STATUS.DONE)
    client = sign_in(vera)
    assert "Done, gap PR1b still open at level 1." in look(client, uneven)
    answer(uneven, PR1="0323")
    found = look(client, uneven)
    assert "still open" not in found
    assert "PR1b pr1-thing-2, closed" in found


@pytest.mark.parametrize(
    ("query", "kept"),
    [
        ("", ["Late", "Ours", "Theirs", "Gone"]),
        ("?owner=Alice", ["Ours"]),
        ("?owner=-", ["Late", "Gone"]),
        ("?owner=Zoe", ["Theirs"]),
        ("?domain=PF", ["Theirs"]),
        ("?status=dropped", ["Gone"]),
        ("?late=yes", ["Late"]),
        ("?late=yes&owner=-", ["Late"]),
        ("?view=board&status=dropped", ["Gone"]),
        ("?owner=%00&domain=XX&status='&late=no", ["Late", "Ours", "Theirs", "Gone"]),
    ],
)
def test_filters_keep_what_they_name(sign_in, vera, alice, uneven, gaps, query, kept):
    plan(uneven, gaps[:1], alice, "Late", due=today(uneven) - timedelta(days=1))
    plan(uneven, gaps[:1], alice, "Ours", owner=alice, due=today(uneven))
    plan(uneven, uneven.answers.in_item("PF3")[:1], alice, "Theirs", owner_name="Zoe")
    plan(uneven, gaps[:1], alice, "Gone", status=STATUS.DROPPED)
    assert titles(sign_in(vera), uneven, query) == kept


def test_a_filter_keeps_the_board_and_the_board_keeps_the_filter(sign_in, vera, alice, uneven, gaps):
    plan(uneven, gaps[:1], alice)
    html = sign_in(vera).get(reverse("plan", args=[uneven.pk]) + "?view=board&status=to-do").content.decode()
    assert '<a href="?view=board&amp;status=to-do&amp;domain=PR">' in html
    assert '<a href="?status=to-do">List</a>' in html


@pytest.mark.parametrize("count", [1, 12])
def test_the_number_of_queries_does_not_grow(sign_in, alice, uneven, gaps, count, django_assert_num_queries):
    for number in range(count):
        plan(uneven, gaps[:3], alice, f"Step {number}", owner=alice)
    client = sign_in(alice)
    look(client, uneven)  # the texts and figures of the release are kept in memory from then on
    # session, user, assessment; answers, evidence, metrics, actions and what they close, sites, fit check, milestones; members
    with django_assert_num_queries(11):
        look(client, uneven)


def test_a_plan_for_reading_only_offers_nothing_to_change(sign_in, alice, uneven, gaps):
    plan(uneven, gaps[:1], alice)
    Assessment.objects.filter(pk=uneven.pk).update(continued_at=timezone.now())
    html = sign_in(alice).get(reverse("plan", args=[uneven.pk])).content.decode()
    assert "Change the ticked ones together" not in html
    assert "/move/" not in html
    assert "Continued in a newer assessment" in words(sign_in(alice).get(reverse("plan", args=[uneven.pk])))


# ---- one click from a gap


def plan_it(client, gap):
    return client.post(reverse("plan-add", args=[gap.assessment_id]), {"gap": gap.pk})


def test_one_click_makes_an_action_in_the_words_of_the_requirement(sign_in, bob, gaps, restart):
    Requirement.objects.update(effort="L")
    restart()
    response = plan_it(sign_in(bob), gaps[0])
    action = Action.objects.get()
    assert response.url == reverse("action", args=[action.pk])
    assert (action.title, action.done_when, action.effort, action.created_by) == (
        "List the teams",
        "Every team does it and can show it.",
        "L",
        bob,
    )
    assert list(action.answers.all()) == gaps[:1]


def test_a_long_first_step_gives_way_to_the_short_name(sign_in, bob, gaps, restart):
    Requirement.objects.update(first_step="List " + "x" * 160)
    restart()
    plan_it(sign_in(bob), gaps[0])
    assert Action.objects.get().title == "pr1-thing-1"


def test_a_second_click_opens_the_same_action(sign_in, bob, gaps):
    client = sign_in(bob)
    assert plan_it(client, gaps[0]).url == plan_it(client, gaps[0]).url
    assert Action.objects.count() == 1


def test_an_answer_at_its_target_is_no_gap_to_plan_for(sign_in, bob, gaps):
    response = plan_it(sign_in(bob), gaps[3])
    assert response.url == reverse("gaps", args=[gaps[3].assessment_id])
    assert not Action.objects.exists()


@pytest.mark.parametrize("gap", ["0", "x", "٣", "9" * 30, "-1"])
def test_a_gap_of_another_assessment_or_of_none_is_not_found(sign_in, alice, uneven, gap):
    assert sign_in(alice).post(reverse("plan-add", args=[uneven.pk]), {"gap": gap}).status_code == 404
    elsewhere = factories.started(factories.SiteFactory(), uneven.release)
    theirs = {"gap": elsewhere.answers.first().pk}
    assert sign_in(alice).post(reverse("plan-add", args=[uneven.pk]), theirs).status_code == 404


def test_the_gaps_page_offers_the_click_or_names_what_is_planned(sign_in, bob, vera, alice, uneven, gaps):
    due = today(uneven) - timedelta(days=1)
    action = plan(uneven, gaps[:1], alice, owner=alice, due=due)
    plan(uneven, gaps[2:3], alice, "Ask", status=STATUS.DONE)
    for name in ("gaps", "results"):
        response = sign_in(bob).get(reverse(name, args=[uneven.pk]))
        found, html = words(response), response.content.decode()
        assert re.search(r"Planned: List the teams, Alice, due [\w ]+ overdue", found)
        assert "Planned: Ask, nobody yet, done, gap still open" in found
        assert f'name="gap" value="{gaps[1].pk}"' in html
        assert f'name="gap" value="{action.answers.get().pk}"' not in html
        assert 'name="gap"' not in sign_in(vera).get(reverse(name, args=[uneven.pk])).content.decode()


# ---- a new one by hand


FORM = {"title": "Ask the agents", "effort": "S", "status": "to-do"}


def test_an_action_by_hand_has_what_was_typed(sign_in, bob, alice, uneven, gaps):
    due = today(uneven) + timedelta(days=30)
    sent = FORM | {"owner": alice.pk, "due": due.isoformat(), "cost": "under-5", "answers": [gaps[0].pk, gaps[2].pk]}  # fmt: skip
    response = sign_in(bob).post(reverse("plan-add", args=[uneven.pk]), sent)
    action = Action.objects.get()
    assert response.url == reverse("plan", args=[uneven.pk]) + f"#action-{action.pk}"
    assert (action.owner, action.due, action.cost, action.answers.count()) == (alice, due, "under-5", 2)


def test_a_form_sent_twice_makes_one_action(sign_in, bob, alice, uneven, gaps):
    address, client = reverse("plan-add", args=[uneven.pk]), sign_in(bob)
    sent = FORM | {"answers": [gaps[0].pk, gaps[2].pk]}
    first, again = (client.post(address, sent) for _ in range(2))
    assert first.url == again.url
    assert Action.objects.count() == 1
    for different in ({"answers": [gaps[0].pk]}, {"owner": alice.pk}, {"note": "By phone"}):
        client.post(address, sent | different)
    sign_in(alice).post(address, sent)
    assert Action.objects.count() == 5
    Action.objects.earliest("pk").move("doing", seen="to-do", by=bob)
    sign_in(bob).post(address, sent)
    assert Action.objects.count() == 6, "what was changed since is not the one that was made"


def test_the_form_begins_with_the_gap_it_was_opened_for(sign_in, bob, uneven, gaps):
    html = sign_in(bob).get(reverse("plan-add", args=[uneven.pk]) + f"?gap={gaps[1].pk}").content.decode()
    assert 'value="List the teams"' in html
    assert re.search(rf'value="{gaps[1].pk}" id="gap-\d+" checked', html)
    assert html.count(" checked") == 1


@pytest.mark.parametrize(
    ("sent", "sentence"),
    [
        ({"title": "\x00 "}, "This field is required."),
        ({"title": "x" * 161}, "at most 160 characters"),
        ({"answers": []}, "Tick at least one gap that it closes."),
        ({"answers": ["0"]}, "is not one of the available choices"),
        ({"answers": ["x' OR 1"]}, "is not a valid value"),
        ({"owner": "999999"}, "That choice is not one of the available choices."),
        ({"owner": "{alice}", "owner_name": "Zoe"}, "Choose a member or write a name, not both."),
        ({"due": "31.12.2026x"}, "This is not a day. Write it as 2027-10-31."),
        ({"due": "0001-01-01"}, "Choose a day within ten years of today."),
        ({"start": "9999-12-31"}, "Choose a day within ten years of today."),
        ({"start": "{later}", "due": "{today}"}, "It would be due before it starts, on"),
        ({"status": "finished"}, "finished is not one of the available choices"),
        ({"done_when": "x" * 2001}, "at most 2000 characters"),
    ],
)
def test_what_cannot_be_saved_gets_a_sentence_and_stays_typed(
    sign_in, bob, alice, uneven, gaps, sent, sentence
):
    later = today(uneven) + timedelta(days=3)
    filled = {"alice": alice.pk, "later": later, "today": today(uneven)}
    sent = {
        name: value if isinstance(value, list) else value.format(**filled) for name, value in sent.items()
    }
    data = FORM | {"answers": [gaps[0].pk], "note": "Kept & shown"} | sent
    response = sign_in(bob).post(reverse("plan-add", args=[uneven.pk]), data)
    assert response.status_code == 422
    assert sentence in words(response)
    assert "Kept &amp; shown" in response.content.decode()
    assert not Action.objects.exists()


def test_a_member_of_another_organisation_cannot_own_it(sign_in, bob, charlie, uneven, gaps):
    sent = FORM | {"owner": charlie.pk, "answers": [gaps[0].pk]}
    response = sign_in(bob).post(reverse("plan-add", args=[uneven.pk]), sent)
    assert response.status_code == 422
    assert "Charlie" not in words(response)


# ---- several at once


@pytest.fixture
def two(uneven, gaps, alice):
    return [
        plan(uneven, gaps[:1], alice, title, owner=alice) for title in ("List the teams", "Ask the agents")
    ]


def change(client, assessment, actions, **sent):
    data = {"action": [action.pk for action in actions]} | sent
    return client.post(reverse("plan-change", args=[assessment.pk]), data)


def test_a_change_to_several_is_shown_before_it_is_made(sign_in, mark, bob, uneven, two):
    client, due = sign_in(mark), today(uneven) + timedelta(days=9)
    shown = change(client, uneven, two, owner=bob.pk, due=due.isoformat())
    assert "Change 2 actions? All of it is changed, or nothing." in words(shown)
    assert words(shown).count("Owner: Alice → Bob") == 2
    assert not Action.objects.exclude(version=0).exists()
    sent = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', shown.content.decode()))
    assert sent["owner"] == str(bob.pk)
    made = change(client, uneven, two, owner=bob.pk, due=due.isoformat(), seen=sent["seen"], confirm="1")
    assert made.url == reverse("plan", args=[uneven.pk])
    assert set(Action.objects.values_list("owner", "due", "version")) == {(bob.pk, due, 1)}


def test_nobody_is_a_choice_of_its_own_and_takes_an_outsider_away(sign_in, mark, uneven, gaps, alice):
    outside = plan(uneven, gaps[:1], alice, owner_name="Zoe")
    sent = {"owner": "nobody", "seen": f"{outside.pk}:0", "confirm": "1"}
    change(sign_in(mark), uneven, [outside], **sent)
    outside.refresh_from_db()
    assert (outside.owner, outside.owner_name, outside.version) == (None, "", 1)


def test_one_changed_meanwhile_stops_all_and_shows_the_change_anew(sign_in, mark, bob, uneven, two):
    seen = ".".join(f"{action.pk}:0" for action in two)
    two[0].change({"title": "List every team"}, by=bob, version=0)
    response = change(sign_in(mark), uneven, two, status="doing", seen=seen, confirm="1")
    assert response.status_code == 409
    assert "Somebody changed one of these meanwhile." in words(response)
    assert "List every team" in words(response)
    assert f"{two[0].pk}:1" in response.content.decode()
    assert set(Action.objects.values_list("status", flat=True)) == {"to-do"}


@pytest.mark.parametrize(
    ("sent", "sentence"),
    [
        ({"status": "doing", "action": []}, "Tick at least one action."),
        ({}, "Choose what to change: the owner, the status or a day."),
        ({"due": "soon"}, "This is not a day."),
        ({"start": "2030-01-01"}, "“List the teams” would be due before it starts."),
        ({"owner": "77777"}, "77777 is not one of the available choices"),
        ({"status": "doing", "action": ["0"]}, "is not one of the available choices"),
        ({"status": "doing", "action": ["²", "x"]}, "is not a valid value"),
        ({"status": "doing", "action": ["9" * 40]}, "is not one of the available choices"),
    ],
)
def test_a_change_that_cannot_be_made_gets_a_sentence(sign_in, mark, uneven, two, sent, sentence):
    Action.objects.update(due="2029-12-31")
    response = change(sign_in(mark), uneven, two, **(sent | {"confirm": "1"}))
    assert response.status_code == 422
    assert sentence in words(response)
    assert not Action.objects.exclude(version=0).exists()


def test_an_action_of_another_assessment_is_not_changed(sign_in, mark, acme, alice, uneven, two):
    other = factories.started(factories.SiteFactory(organisation=acme), uneven.release, alice)
    answer(other, PR1="0000")
    theirs = plan(other, other.answers.in_item("PR1")[:1], alice)
    sent = {"status": "doing", "seen": f"{theirs.pk}:0", "confirm": "1"}
    assert change(sign_in(mark), uneven, [theirs], **sent).status_code == 422
    theirs.refresh_from_db()
    assert theirs.status == "to-do"
