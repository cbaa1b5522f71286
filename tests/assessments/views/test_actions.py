"""One action: its page, two who edit it, its status, what is left when it is done, and deleting it."""

import re
from html import unescape

import pytest
from django.urls import reverse
from django.utils import timezone

from assessments.forms.actions import ActionForm, MoveForm
from assessments.models import Action, Assessment, Membership, Metric
from tests import factories
from tests.factories import answer

STATUS = Action.Status


@pytest.fixture
def gaps(assessment):
    answer(assessment, PR1="0123")
    return list(assessment.answers.in_item("PR1").in_order())


@pytest.fixture
def action(assessment, gaps, alice):
    values = {"title": "List the teams", "owner": alice, "note": "Since May"}
    return Action.objects.add(assessment, gaps[:2], by=alice, **values)


def words(response):
    """What a reader sees, with a space where one thing ends and the next begins."""
    text = unescape(re.sub(r"<[^>]+>", " ", response.content.decode()))
    return re.sub(r" (?=[,.])", "", re.sub(r"\s+", " ", text))


def sent(action, gaps, **fields):
    values = {
        "title": "List the teams",
        "owner": action.owner_id or "",
        "effort": "M",
        "status": "to-do",
        "note": "Since May",
        "answers": [gap.pk for gap in gaps[:2]],
        "version": action.version,
    }
    return values | fields


def address(name, action):
    return reverse(name, args=[action.pk])


@pytest.mark.parametrize(("page", "status"), [("action", 422), ("action-move", 200)])
def test_an_action_that_is_deleted_at_the_same_moment_is_told_as_gone(
    sign_in, bob, action, gaps, monkeypatch, page, status
):
    form = {"action": ActionForm, "action-move": MoveForm}[page]
    check = form.is_valid

    def deleted(self):
        Action.objects.filter(pk=action.pk).delete()
        return check(self)

    data = sent(action, gaps, note="Typed at length", status="doing", seen="to-do")
    client = sign_in(bob)
    monkeypatch.setattr(form, "is_valid", deleted)
    response = client.post(address(page, action), data, follow=True)
    assert response.status_code == status
    assert "Somebody deleted" in words(response)
    assert ("Typed at length" in words(response)) == (page == "action")
    assert not Action.objects.exists()


def test_a_contributor_changes_it_and_a_viewer_reads_it(sign_in, bob, vera, action, gaps):
    response = sign_in(bob).post(
        address("action", action), sent(action, gaps, title="List every team", owner="")
    )
    assert response.url == reverse("plan", args=[action.assessment_id]) + f"#action-{action.pk}"
    action.refresh_from_db()
    assert (action.title, action.owner, action.changed_by) == ("List every team", None, bob)
    found = words(sign_in(vera).get(address("action", action)))
    assert "Owner Nobody yet Status To do" in found
    assert "PR1b pr1-thing-2" in found
    assert "Save" not in found


def test_two_editors_see_both_and_nothing_is_lost(sign_in, bob, alice, action, gaps):
    loaded = sent(action, gaps, title="Mine", note="My words")
    action.change({"title": "Theirs"}, answers=gaps[:1], by=alice, version=0)
    client = sign_in(bob)
    response = client.post(address("action", action), loaded)
    assert response.status_code == 409
    found = words(response)
    assert "Alice changed this action too" in found
    assert "What is done? Mine Theirs" in found
    assert "Note My words Since May" in found
    assert "Gaps it closes PR1a, PR1b PR1a" in found
    assert 'value="Mine"' in response.content.decode()
    assert "My words</textarea>" in response.content.decode()
    assert Action.objects.get().title == "Theirs"
    version = re.search(r'name="version" value="(\d+)"', response.content.decode())[1]
    assert client.post(address("action", action), loaded | {"version": version}).status_code == 302
    stored = Action.objects.get()
    assert (stored.title, stored.note, stored.answers.count()) == ("Mine", "My words", 2)


def test_a_repeated_save_is_no_conflict(sign_in, bob, action, gaps):
    client, data = sign_in(bob), sent(action, gaps, title="Mine")
    assert [client.post(address("action", action), data).status_code for _ in range(2)] == [302, 302]
    assert Action.objects.get().version == 1


@pytest.mark.parametrize("version", ["", "x", "-1", "9" * 20])
def test_a_version_nobody_gave_overwrites_nothing(sign_in, bob, alice, action, gaps, version):
    action.change({"title": "Theirs"}, by=alice, version=0)
    data = sent(action, gaps, title="Mine", version=version)
    assert sign_in(bob).post(address("action", action), data).status_code in (409, 422)
    assert Action.objects.get().title == "Theirs"


def test_an_owner_who_has_left_stays_until_somebody_else_is_chosen(sign_in, bob, alice, action, gaps):
    Membership.objects.filter(user=alice).delete()
    client = sign_in(bob)
    assert client.post(address("action", action), sent(action, gaps, title="Same owner")).status_code == 302
    assert Action.objects.get().owner == alice
    client.post(address("action", action), sent(action, gaps, title="Same owner", owner=bob.pk, version=1))
    assert Action.objects.get().owner == bob
    again = client.post(address("action", action), sent(action, gaps, owner=alice.pk, version=2))
    assert again.status_code == 422


def test_a_gap_that_is_closed_by_now_stays_ticked(sign_in, bob, assessment, action):
    answer(assessment, PR1="3123")
    response = sign_in(bob).get(address("action", action))
    assert response.content.decode().count(" checked") == 2
    assert "PR1a pr1-thing-1, closed" in words(response)


# ---- its status


def move(client, action, status, seen="to-do", back=""):
    return client.post(address("action-move", action), {"status": status, "seen": seen, "back": back})


def test_a_status_from_the_board_leads_back_to_the_board(sign_in, bob, action):
    response = move(sign_in(bob), action, "doing", back="?view=board&owner=Alice")
    place = reverse("plan", args=[action.assessment_id])
    assert response.url == f"{place}?view=board&owner=Alice#action-{action.pk}"
    assert Action.objects.get().status == STATUS.DOING


@pytest.mark.parametrize(
    "back", ["//evil.example/", "?next=//evil.example", "?view=a\r\nX: y", "?" + "a=1&" * 400]
)
def test_the_way_back_leads_nowhere_else(sign_in, bob, action, back):
    response = move(sign_in(bob), action, "doing", back=back)
    assert response.url.startswith(reverse("plan", args=[action.assessment_id]))
    assert "evil" not in response.url
    assert "\n" not in response.url


def test_done_leads_to_the_gaps_it_should_have_closed_and_only_once(sign_in, bob, action):
    client = sign_in(bob)
    assert move(client, action, "done").url == address("action-done", action)
    assert move(client, action, "done", seen="done").url.startswith(
        reverse("plan", args=[action.assessment_id])
    )


def test_a_status_that_somebody_else_set_meanwhile_stays(sign_in, bob, alice, action):
    action.move(STATUS.DROPPED, seen=STATUS.TO_DO, by=alice)
    response = sign_in(bob).post(
        address("action-move", action), {"status": "doing", "seen": "to-do"}, follow=True
    )
    assert "Alice set “List the teams” to “Dropped” meanwhile. It was left so." in words(response)
    assert Action.objects.get().status == STATUS.DROPPED


@pytest.mark.parametrize("data", [{}, {"status": "finished", "seen": "to-do"}, {"status": "done"}])
def test_a_status_nobody_knows_changes_nothing(sign_in, bob, action, data):
    response = sign_in(bob).post(address("action-move", action), data, follow=True)
    assert "Choose a status. Nothing was changed." in words(response)
    assert Action.objects.get().version == 0


# ---- done


def test_the_done_page_leads_to_the_question_of_each_open_gap(sign_in, bob, assessment, action):
    response = sign_in(bob).get(address("action-done", action))
    assert "2 gaps are still open" in words(response)
    item = reverse("item", args=[assessment.pk, "PR1"])
    assert re.findall(rf'href="{item}#(\w)"', response.content.decode()) == ["a", "b"]
    answer(assessment, PR1="3323")
    assert "Every gap it closes is closed" in words(sign_in(bob).get(address("action-done", action)))


def test_of_a_gap_fed_by_metrics_it_says_that_they_decide(sign_in, bob, assessment, alice):
    metric = factories.MetricFactory(site=assessment.site)
    fed = assessment.answers.in_item("PF3").in_order()[0]
    Metric.objects.filter(pk=metric.pk).update(shows=[fed.requirement.key])
    assessment.follow_metrics()
    action = Action.objects.add(assessment, [fed], by=alice, title="Measure it")
    response = sign_in(bob).get(address("action-done", action))
    assert "Its metrics decide: the level changes when their months do." in words(response)
    assert reverse("answer-overrule", args=[fed.pk]) in response.content.decode()
    assert "Answer again" not in words(response).replace("Answer again what", "")


# ---- deleting, and what is for reading only


def test_deleting_asks_once(sign_in, mark, action):
    client = sign_in(mark)
    assert "Was it made by mistake?" in words(client.get(address("action-delete", action)))
    assert Action.objects.exists()
    assert client.post(address("action-delete", action)).url == reverse("plan", args=[action.assessment_id])
    assert not Action.objects.exists()


def test_nothing_changes_where_the_assessment_is_for_reading_only(sign_in, alice, action, gaps):
    Assessment.objects.filter(pk=action.assessment_id).update(continued_at=timezone.now())
    client = sign_in(alice)
    for name, data in (
        ("action", sent(action, gaps, title="Mine")),
        ("action-move", {"status": "done", "seen": "to-do"}),
        ("action-delete", {}),
    ):
        assert client.post(address(name, action), data).status_code == 403
    place = action.assessment_id
    for name in ("plan-add", "plan-change"):
        data = {
            "action": action.pk,
            "status": "done",
            "seen": f"{action.pk}:0",
            "confirm": "1",
            "gap": gaps[2].pk,
        }
        assert client.post(reverse(name, args=[place]), data).status_code == 403
    assert client.get(address("action-delete", action)).status_code == 403
    assert "Save" not in words(client.get(address("action", action)))
    assert Action.objects.get().version == 0
